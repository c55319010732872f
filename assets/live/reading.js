/**
 * A text to be read, each symbol on the colour of its number: how large a unit was there, how much of a surprise it was.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./card.js").Panel & {array: string, symbols: string, about: string, unit: string, signed: boolean}} ReadingPanel
 */
import { CellWalk } from "./cellwalk.js";
import { diverging, indexOf } from "./colours.js";
import { hasReadOther } from "./tensorcells.js";
import { subtract } from "./difference.js";
import { make, setText } from "./dom.js";
import { Nothing } from "./nothing.js";
import { short, signed, whole } from "./numbers.js";
import { linesOf, quoted } from "./steps.js";
import { Tooltip } from "./tooltip.js";
import { wordsOf } from "./words.js";

const BLANK = /␣/g;
const LINE_END = "⏎";
/** The strongest colour is this share of the scale's own: letters are to be read on it. */
const STRONGEST = 0.55;
const OTHER = "The two steps have different texts here: the colours are those of the step shown.";

export class ReadingView {
  /** @type {string[]} */
  lines = [];
  /** @type {ArrayLike<number>} */
  values = [];
  /** @type {number | null} the symbol that is meant */
  under = null;

  /**
   * @param {ReadingPanel} panel
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} _theme
   * @param {() => void} stale
   * @param {import("./explanation.js").Pick} pick
   */
  constructor(panel, card, _theme, stale, pick) {
    this.panel = panel;
    this.stale = stale;
    this.pick = pick;
    this.about = make("p", { class: "ls-reading-about" });
    this.text = make("div", { class: "ls-reading-text", tabindex: 0, role: "application", "aria-label": `${panel.alt || panel.title} ${CellWalk.KEYS}`, dir: "auto" });
    this.nothing = new Nothing();
    this.field = make("div", { class: "ls-field" }, this.text, this.nothing.element);
    this.low = make("span");
    this.high = make("span");
    this.shape = make("span", { class: "ls-shape" });
    const bar = make("span", { class: "ls-bar" });
    const shades = diverging.names.slice(panel.signed ? 0 : 128).filter((_, index) => index % 16 === 0);
    bar.style.backgroundImage = `linear-gradient(to right, ${shades.join(", ")})`;
    bar.style.opacity = String(STRONGEST);
    const scale = make("div", { class: "ls-scale" }, this.low, bar, this.high, this.shape);
    card.body.append(make("div", { class: "ls-tensor ls-reading" }, this.about, this.field, scale));
    this.tooltip = new Tooltip(this.field);
    this.#listen();
  }

  /** @param {Scene} scene */
  paint(scene) {
    const { pinned } = scene;
    this.lines = linesOf(this.panel.symbols, scene);
    const tensor = scene.frame.arrays.get(this.panel.array);
    const read = { columns: this.panel.symbols };
    const change = hasReadOther(read, scene) ? null : subtract(tensor, pinned?.arrays.get(this.panel.array));
    this.changed = change !== null;
    this.values = (change ?? tensor)?.values ?? [];
    setText(this.about, wordsOf(this.panel.about, scene));
    this.nothing.show(this.lines.length > 0, scene);
    const isSigned = this.panel.signed || this.changed;
    const limit = this.#limit();
    this.#write(limit);
    const some = this.lines.length > 0;
    setText(this.low, some ? short(isSigned ? -limit : 0, 3) : "–");
    setText(this.high, some ? short(limit, 3) : "–");
    const since = change && pinned ? `change since step ${whole(pinned.header.step)}` : "";
    setText(this.shape, since || (pinned && hasReadOther(read, scene) ? OTHER : this.panel.unit));
    if (this.under !== null && this.under >= this.lines.length) this.under = null;
    this.#tell();
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} */
  numbers(scene) {
    const values = scene.frame.arrays.get(this.panel.array)?.values ?? [];
    const rows = linesOf(this.panel.symbols, scene).map((line, place) => [place, line, values[place] ?? NaN]);
    return { columns: ["place", "symbol", this.panel.unit || "value"], rows };
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return this.numbers(scene);
  }

  restyle() {}

  close() {}

  /** The largest number there is, which has the strongest colour. */
  #limit() {
    let limit = 0;
    for (let place = 0; place < this.lines.length; place += 1) {
      const size = Math.abs(this.values[place]);
      if (size > limit && Number.isFinite(size)) limit = size;
    }
    return limit || 1;
  }

  #write(limit) {
    const { text, lines, values } = this;
    while (text.childElementCount > lines.length) text.lastElementChild?.remove();
    while (text.childElementCount < lines.length) text.append(make("span"));
    lines.forEach((line, place) => {
      const symbol = /** @type {HTMLElement} */ (text.children[place]);
      setText(symbol, line === LINE_END ? `${LINE_END}\n` : line.replace(BLANK, " "));
      const value = values[place];
      const colour = Number.isFinite(value) ? diverging.names[indexOf(value * STRONGEST, -limit, limit)] : "";
      if (symbol.dataset.colour !== colour) {
        symbol.dataset.colour = colour;
        symbol.style.backgroundColor = colour;
      }
      symbol.toggleAttribute("data-under", place === this.under);
    });
  }

  #listen() {
    const { text } = this;
    const point = ({ target }) => this.#lookAt(this.#placeOf(target));
    text.addEventListener("pointermove", point);
    text.addEventListener("pointerdown", point);
    for (const leave of ["pointerleave", "blur"]) text.addEventListener(leave, () => this.#lookAt(null));
    text.addEventListener("click", ({ target }) => {
      const place = this.#placeOf(target);
      if (place !== null) this.#ask(place, false);
    });
    this.walk = new CellWalk(/** @type {any} */ (text), {
      size: () => (this.lines.length ? { rows: 1, columns: this.lines.length } : null),
      at: () => (this.under === null ? null : { row: 0, column: this.under }),
      lookAt: (cell) => {
        this.#lookAt(cell?.column ?? null);
        if (cell) this.tooltip.say([this.#words(cell.column)]);
      },
      ask: ({ column }) => this.#ask(column, true),
    });
  }

  #placeOf(target) {
    const place = [...this.text.children].indexOf(target);
    return place < 0 ? null : place;
  }

  #lookAt(place) {
    if (place === this.under) return;
    this.under = place;
    this.stale();
  }

  #words(place) {
    const value = this.values[place];
    const unit = this.panel.unit && ` ${this.panel.unit}`;
    if (!Number.isFinite(value)) return `${quoted(this.lines[place])}: nothing was read before it`;
    return `${quoted(this.lines[place])}: ${this.changed ? signed(value, (size) => short(size, 3)) : short(value, 3)}${unit}`;
  }

  #tell() {
    const symbol = this.under === null ? null : /** @type {HTMLElement | undefined} */ (this.text.children[this.under]);
    if (this.under === null || !symbol) return this.tooltip.hide();
    this.tooltip.show([this.#words(this.under)], symbol.offsetLeft, symbol.offsetTop - this.text.scrollTop + symbol.offsetHeight);
  }

  #ask(place, byKey) {
    this.pick({ array: this.panel.array, index: [place], byKey });
  }
}
