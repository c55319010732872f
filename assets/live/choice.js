/**
 * What there was to choose from: a row for each symbol, with a bar for how likely the net finds it, and one for how
 * likely it was when one was chosen. Why it was this one stands above.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./card.js").Panel & {told: string, drawn: string, fate: string, chosen: string, fates: string[],
 *     symbols: string, about: string}} ChoicePanel  see engine/figures/panel.py
 */
import { make, setText } from "./dom.js";
import { Nothing } from "./nothing.js";
import { linesOf, nameOf } from "./steps.js";
import { wordsOf } from "./words.js";

const HEADS = ["Symbol", "The net's own", "When one was chosen", ""];
const CHOSEN = "taken";

export class ChoiceView {
  /** @type {{row: HTMLElement, name: HTMLElement, bars: HTMLElement[], shares: HTMLElement[], fate: HTMLElement}[]} */
  rows = [];

  /**
   * @param {ChoicePanel} panel
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} _theme
   * @param {() => void} _stale
   * @param {import("./explanation.js").Pick} pick
   */
  constructor(panel, card, _theme, _stale, pick) {
    this.panel = panel;
    this.pick = pick;
    this.about = make("p", { class: "ls-reading-about" });
    const head = make("tr", {}, ...HEADS.map((name) => make("th", { scope: "col" }, name)));
    this.body = make("tbody");
    const caption = make("caption", { class: "ls-hidden" }, panel.alt || panel.title);
    this.table_ = make("table", { class: "ls-choices" }, caption, make("thead", {}, head), this.body);
    const scroller = make("div", { class: "ls-choices-scroller", tabindex: 0, role: "region", "aria-label": panel.title }, this.table_);
    this.nothing = new Nothing();
    this.field = make("div", { class: "ls-field" }, scroller, this.nothing.element);
    card.body.append(make("div", { class: "ls-tensor ls-reading" }, this.about, this.field));
  }

  /** @param {Scene} scene */
  paint(scene) {
    const { names, told, drawn, fate, chosen } = this.#read(scene);
    setText(this.about, wordsOf(this.panel.about, scene));
    this.table_.hidden = !names.length;
    this.nothing.show(names.length > 0, scene);
    while (this.rows.length > names.length) this.rows.pop()?.row.remove();
    while (this.rows.length < names.length) this.#add();
    const largest = Math.max(1e-9, ...told, ...drawn);
    names.forEach((name, place) => {
      const { row, name: cell, bars, shares, fate: end } = this.rows[place];
      setText(cell, nameOf(name));
      [told[place], drawn[place]].forEach((share, at) => {
        bars[at].style.width = `${(100 * share) / largest}%`;
        setText(shares[at], percent(share));
      });
      const isChosen = chosen[place] === 1;
      row.dataset.chosen = String(isChosen);
      row.dataset.cut = String(fate[place] > 0);
      setText(end, isChosen ? CHOSEN : fate[place] > 0 ? this.panel.fates[fate[place]] ?? "" : "");
    });
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} */
  numbers(scene) {
    const { names, told, drawn, fate, chosen } = this.#read(scene);
    const rows = names.map((name, at) => [name, told[at], drawn[at], this.panel.fates[fate[at]] ?? "", chosen[at]]);
    return { columns: ["symbol", "told", "drawn", "fate", "taken"], rows };
  }

  restyle() {}

  close() {}

  /** @param {Scene} scene */
  #read(scene) {
    const names = linesOf(this.panel.symbols, scene);
    const values = (name) => Array.from(scene.frame.arrays.get(name)?.values ?? []).slice(0, names.length);
    const [told, drawn, fate, chosen] = ["told", "drawn", "fate", "chosen"].map((field) => values(this.panel[field]));
    return { names: names.slice(0, told.length), told, drawn, fate, chosen };
  }

  #add() {
    const place = this.rows.length;
    const name = make("th", { scope: "row" });
    const bars = [make("span", { class: "ls-choice-bar" }), make("span", { class: "ls-choice-bar" })];
    const shares = [make("span"), make("span")];
    const fields = [this.panel.told, this.panel.drawn];
    const cells = bars.map((bar, at) => {
      const button = make("button", { type: "button", class: "ls-choice-cell" }, make("span", { class: "ls-choice-track" }, bar), shares[at]);
      button.addEventListener("click", ({ detail }) => this.pick({ array: fields[at], index: [place], byKey: detail === 0 }));
      return make("td", {}, button);
    });
    const fate = make("td");
    const row = make("tr", {}, name, ...cells, fate);
    this.body.append(row);
    this.rows.push({ row, name, bars, shares, fate });
  }
}

/** @param {number} share */
function percent(share) {
  if (!Number.isFinite(share)) return "–";
  if (share === 0) return "0 %";
  return share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(1)} %`;
}
