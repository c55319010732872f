/**
 * The grid of panels: a card with its view for each; panels that did not change keep theirs.
 *
 * @typedef {(settings: Record<string, string>) => void} Choose  changes live settings of the run
 * @typedef {(brought: import("./asking.js").Brought | null) => void} Bring  has the nets asked about what a person brings
 */
import { BeamsView } from "./beams.js";
import { Card } from "./card.js";
import { ChoiceView } from "./choice.js";
import { DataTable } from "./datatable.js";
import { make } from "./dom.js";
import { EaselView } from "./easel.js";
import { NetworkView } from "./network.js";
import { PairView } from "./pair.js";
import { PlotView } from "./plots.js";
import { ReadingView } from "./reading.js";
import { TableView } from "./table.js";
import { takeMenu } from "./take.js";
import { TensorView } from "./tensor.js";
import { TilesView } from "./tiles.js";
import { TypingView } from "./typing.js";
import { UnrolledView } from "./unrolled.js";
import { WordsView } from "./words.js";

const VIEWS = {
  plot: PlotView, network: NetworkView, tensor: TensorView, tiles: TilesView, table: TableView, words: WordsView, pair: PairView,
  reading: ReadingView, choice: ChoiceView, unrolled: UnrolledView, beams: BeamsView,
};
/** Views of what a person brings for the nets to look at. */
const BRINGING = { draw: EaselView, type: TypingView };
/** Kinds behind which there is no table and nothing to be taken: what they show is shown elsewhere too. */
const WITHOUT_TABLE = ["table", "words", "choice", ...Object.keys(BRINGING)];

export class Grid {
  /**
   * @param {import("./painter.js").Painter} painter
   * @param {import("./theme.js").Theme} theme
   * @param {import("./explanation.js").Pick} pick  called when a person asks about a number
   * @param {Bring} bring
   * @param {Choose} choose
   */
  constructor(painter, theme, pick, bring, choose) {
    this.painter = painter;
    this.theme = theme;
    this.pick = pick;
    this.bring = bring;
    this.choose = choose;
    /** The name of the lab, in the names of files. */
    this.lab = "run";
    this.element = make("div", { class: "ls-grid" });
    /** @type {{id: string, text: string, card: Card, view: import("./painter.js").View, table: DataTable | null}[]} */
    this.slots = [];
  }

  /**
   * Show these panels in their order; those that are equal to what is there keep their card, wherever it was.
   *
   * @param {import("./card.js").Panel[]} panels
   * @param {Record<string, import("./plots.js").Look>} looks  how a new card of that id begins
   */
  update(panels, looks = {}) {
    const old = new Map(this.slots.map((slot) => [slot.text, slot]));
    this.slots = panels.map((panel) => {
      const text = JSON.stringify(panel);
      const kept = old.get(text);
      old.delete(text);
      return kept ?? this.#build(panel, text, looks[panel.id]);
    });
    for (const { card, table } of old.values()) {
      this.painter.remove(card.element);
      if (table) this.painter.remove(table.element);
      card.element.remove();
    }
    this.#order();
  }

  /** Only what is not in its place is moved: a card that moves loses the focus and how far it was scrolled. */
  #order() {
    this.slots.forEach(({ card: { element } }, place) => {
      const there = this.element.children[place];
      if (there !== element) this.element.insertBefore(element, there);
    });
  }

  /** @param {boolean} waiting  whether no frame has come yet */
  set waiting(waiting) {
    for (const { card } of this.slots) card.waiting = waiting;
  }

  /** How panels are set where that is not as they begin: `loss.log.smooth90.hide0*score.smooth50`; pages/ui/links.py reads it. */
  get look() {
    const set = this.slots.flatMap(({ id, view }) => (view.look?.length ? [[id, ...view.look].join(".")] : []));
    return set.join("*");
  }

  /** @param {import("./theme.js").Theme} theme */
  restyle(theme) {
    this.theme = theme;
    for (const { view } of this.slots) view.restyle(theme);
  }

  #build(panel, text, look) {
    const card = new Card(panel);
    card.waiting = true;
    this.element.append(card.element);
    const stale = () => this.painter.markStale(card.element);
    const Bringing = BRINGING[panel.kind];
    const view = Bringing ? new Bringing(panel, card, this.theme, this.bring) : build(panel, card, this.theme, stale, this.pick, this.choose);
    if (look) view.wear?.(look);
    if (!Bringing) card.tools.append(takeMenu(panel, view, () => this.painter.scene(), () => this.lab));
    this.painter.add(card.element, view);
    return { id: panel.id, text, card, view, table: this.#tableOf(panel, card, view) };
  }

  /** Behind every drawing is a table; what is written in words and numbers is one already. */
  #tableOf(panel, card, view) {
    if (WITHOUT_TABLE.includes(panel.panel?.kind ?? panel.kind)) return null;
    const table = new DataTable(panel, card, (scene) => view.table(scene), () => this.painter.markStale(table.element));
    this.painter.add(table.element, table);
    return table;
  }
}

/** Return the view of a panel, on its card. @returns {import("./painter.js").View} */
function build(panel, card, theme, stale, pick, choose) {
  return new VIEWS[panel.kind](panel, card, theme, stale, pick, build, choose);
}
