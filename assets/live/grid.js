/** The grid of panels: a card with its view for each; panels that did not change keep theirs. */
import { Card } from "./card.js";
import { make } from "./dom.js";
import { NetworkView } from "./network.js";
import { PlotView } from "./plots.js";
import { TableView } from "./table.js";
import { TensorView } from "./tensor.js";
import { WordsView } from "./words.js";

const VIEWS = { plot: PlotView, network: NetworkView, tensor: TensorView, table: TableView, words: WordsView };

export class Grid {
  /**
   * @param {import("./painter.js").Painter} painter
   * @param {import("./theme.js").Theme} theme
   */
  constructor(painter, theme) {
    this.painter = painter;
    this.theme = theme;
    this.element = make("div", { class: "ls-grid" });
    /** @type {{text: string, card: Card, view: import("./painter.js").View}[]} */
    this.slots = [];
  }

  /** Show these panels; those that are equal to what is there keep their card. @param {import("./card.js").Panel[]} panels */
  update(panels) {
    const slots = panels.map((panel, place) => {
      const text = JSON.stringify(panel);
      const old = this.slots[place];
      return old?.text === text ? old : this.#build(panel, text, place);
    });
    for (const old of this.slots) {
      if (slots.includes(old)) continue;
      this.painter.remove(old.card.element);
      old.card.element.remove();
    }
    this.slots = slots;
  }

  /** @param {boolean} waiting  whether no frame has come yet */
  set waiting(waiting) {
    for (const { card } of this.slots) card.waiting = waiting;
  }

  /** @param {import("./theme.js").Theme} theme */
  restyle(theme) {
    this.theme = theme;
    for (const { view } of this.slots) view.restyle(theme);
  }

  #build(panel, text, place) {
    const card = new Card(panel);
    card.waiting = true;
    const next = this.element.children[place] ?? null;
    this.element.insertBefore(card.element, next);
    const view = new VIEWS[panel.kind](panel, card, this.theme, () => this.painter.markStale(card.element));
    this.painter.add(card.element, view);
    return { text, card, view };
  }
}
