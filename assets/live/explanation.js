/**
 * The box that tells how one number came about: clicked in any panel, asked of the server, shown over the page.
 *
 * It stays with its number: while one scrubs, or the run goes on, it is asked again for the step shown.
 *
 * @typedef {object} Cell  one number of a frame
 * @property {string} array  by its full name: `boundary.value`, or `scalars.loss` for a point of a curve
 * @property {number[]} index
 * @property {number} [run]  whose number it is where two runs are shown: 1 for the second
 * @property {boolean} [byKey]  whether it was asked about by key, so that the keys go on in the box
 * @property {number} [step]  where the number belongs to one step alone, as a point of a curve does
 *
 * @typedef {(cell: Cell) => void} Pick
 */
import { make, setText } from "./dom.js";
import { SetField } from "./setfield.js";

/** While the run goes on, in ms: an answer takes a process of the server some milliseconds. */
const ASKED_EVERY = 600;
const ASKING = "Asking…";
/** Pixels that the box keeps from the edge of the window. */
const MARGIN = 16;

export class ExplanationBox {
  /** @type {Cell | null} */
  cell = null;
  /** Of the last question. */
  #step = -1;
  #at = 0;
  #timer = 0;
  /** From the left of the window, where something was pressed last. */
  #pressed = 0;
  /** Where the keys came from, to go back to. @type {HTMLElement | null} */
  #opener = null;

  /**
   * @param {(step: number, cell: Cell) => boolean} ask  sends a question; false where there is no connection
   * @param {import("./setfield.js").Put} put  puts another number in the place of one of the net's
   * @param {(run: number) => string} nameOf  what a run is called where there are two; empty where there is one
   */
  constructor(ask, put, nameOf) {
    this.ask = ask;
    this.field = new SetField(put);
    this.nameOf = nameOf;
    this.what = make("h3", { class: "ls-explained-what", "aria-live": "polite" });
    this.value = make("p", { class: "ls-explained-value" });
    this.lines = make("div", { class: "ls-explained-lines", tabindex: 0, role: "group", "aria-label": "The formula with its numbers" });
    this.tensor = make("p", { class: "ls-explained-tensor" });
    this.code = make("pre", { tabindex: 0, "aria-label": "The PyTorch lines that make this number" });
    const close = make("button", { type: "button", class: "ls-explained-close", "aria-label": "Close" }, "×");
    this.element = make(
      "section",
      { class: "ls-explained", hidden: true, "aria-label": "How a number came about", "data-testid": "ls-explained" },
      close,
      this.what,
      this.value,
      this.field.element,
      this.lines,
      this.tensor,
      this.code,
    );
    close.addEventListener("click", () => this.close());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  /** Take note of where something is pressed: the box will not lie over it. @param {number} x  from the window's left */
  press(x) {
    this.#pressed = x;
  }

  /** Tell about a number from now on. @param {Cell} cell @param {number[]} shown  the step on the screen, of each run */
  pick(cell, shown) {
    this.cell = cell;
    this.#step = -1;
    this.#at = -Infinity;
    this.element.hidden = false;
    this.#opener = cell.byKey ? /** @type {HTMLElement} */ (document.activeElement) : null;
    const centre = this.#opener ? middle(this.#opener) : this.#pressed;
    const left = Math.max(MARGIN, this.element.parentElement?.getBoundingClientRect().left ?? 0); // a side bar is above all
    this.element.style.setProperty("--ls-left", `${Math.round(left)}px`);
    this.element.classList.toggle("ls-aside", centre > (left + window.innerWidth) / 2);
    setText(this.what, ASKING);
    this.field.show("", "");
    this.follow(shown);
  }

  /** Another step is on the screen, perhaps. @param {number[]} shown  of each run */
  follow(shown) {
    if (!this.cell) return;
    if (this.cell.run && !this.nameOf(this.cell.run)) return this.close(); // it is shown no longer
    const step = this.cell.step ?? shown[this.cell.run ?? 0] ?? -1;
    const now = performance.now();
    clearTimeout(this.#timer);
    if (step === this.#step) return;
    const wait = this.#at + ASKED_EVERY - now;
    if (wait > 0) {
      this.#timer = window.setTimeout(() => this.follow(shown), wait); // nothing else may be painted until then
      return;
    }
    if (!this.ask(step, this.cell)) return;
    this.#step = step;
    this.#at = now;
  }

  /**
   * Take an answer in, if it is to what is asked now.
   *
   * @param {Record<string, any>} told  see engine/runs/frames.py
   * @param {number} run  which of those that are shown has answered
   */
  receive(told, run) {
    if (!this.cell || run !== (this.cell.run ?? 0) || told.array !== this.cell.array || String(told.index) !== String(this.cell.index)) return;
    const { what = "", value = "", step = 0, lines = [], tensor = "", code = [], settable = false, error = "" } = told;
    const name = this.nameOf(run);
    const whose = name && `${name}: `;
    setText(this.what, error ? `${whose}${error}` : `${whose}${capital(what)}, at step ${Number(step).toLocaleString("en")}`);
    setText(this.value, error ? "" : shortened(value));
    this.value.title = value;
    this.field.show(settable ? tensor : "", value);
    if (this.cell.byKey && settable) {
      this.cell = { ...this.cell, byKey: false };
      this.field.input.focus();
      this.field.input.select();
    }
    this.#list(lines);
    setText(this.tensor, tensor ? `in the net: ${tensor}` : "");
    setText(this.code, code.join("\n"));
    this.value.hidden = Boolean(error);
    this.lines.hidden = !lines.length;
    this.tensor.hidden = !tensor;
    this.code.hidden = !code.length;
  }

  /** The run begins again, or another is shown: what was told is of the past. */
  forget() {
    this.#step = -1;
  }

  close() {
    clearTimeout(this.#timer);
    if (this.element.contains(document.activeElement)) this.#opener?.focus();
    this.cell = null;
    this.element.hidden = true;
  }

  #list(lines) {
    while (this.lines.childElementCount > lines.length) this.lines.lastElementChild?.remove();
    while (this.lines.childElementCount < lines.length) this.lines.append(make("p"));
    lines.forEach((line, index) => setText(this.lines.children[index], line));
  }
}

function capital(words) {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Seven figures of a float, for Python writes out all that a 32-bit number does not have. */
function shortened(value) {
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(7))).replace("-", "−") : value;
}

/** Return how far from the window's left the middle of an element lies. @param {HTMLElement} element */
function middle(element) {
  const { left, right } = element.getBoundingClientRect();
  return (left + right) / 2;
}
