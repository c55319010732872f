/** The words that are chosen by lasso, box, key or table: a list of them, and what can be done with them. */
import { make, setText } from "./dom.js";
import { whole } from "./numbers.js";

const SHOWN = 120;
/** More rows than that are not told to the page: a message has a largest size. */
const MOST_TOLD = 20_000;

export class Chosen {
  /** @type {Set<number>} */
  points = new Set();
  /** @type {Record<string, string>} */
  #actions = {};

  /**
   * @param {() => void} changed
   * @param {(index: number) => void} go  to one of the words
   * @param {(action: string) => void} act  what the page offers to do with them
   */
  constructor(changed, go, act) {
    this.changed = changed;
    this.go = go;
    this.act = act;
    this.count = make("h3", { class: "ls-map-count", "data-testid": "ls-map-count" });
    this.list = make("ul", { class: "ls-map-words", "aria-label": "Chosen words", "data-testid": "ls-map-chosen-words" });
    this.more = make("p", { class: "ls-map-more" });
    this.actions = make("div", { class: "ls-map-actions" });
    const clear = make("button", { type: "button", class: "ls-map-x", "aria-label": "Choose none", "data-testid": "ls-map-clear" }, "×");
    clear.addEventListener("click", () => this.set([]));
    this.element = make("section", { class: "ls-map-card", "aria-label": "Chosen words", hidden: true, "data-testid": "ls-map-chosen" }, clear, this.count, this.actions, this.list, this.more);
  }

  /** @param {Iterable<number>} points */
  set(points) {
    this.points = new Set(points);
    this.changed();
  }

  /** @param {Iterable<number>} points */
  add(points) {
    for (const point of points) this.points.add(point);
    this.changed();
  }

  /** @param {number} point */
  toggle(point) {
    if (!this.points.delete(point)) this.points.add(point);
    this.changed();
  }

  /** @param {Record<string, string>} actions  names of what the page offers, each with its words */
  offer(actions) {
    if (JSON.stringify(actions) === JSON.stringify(this.#actions)) return;
    this.#actions = actions;
    this.actions.replaceChildren(
      ...Object.entries(actions).map(([name, words]) => {
        const button = make("button", { type: "button", class: "ls-button", "data-testid": `ls-map-act-${name}` }, words);
        button.addEventListener("click", () => this.act(name));
        return button;
      }),
    );
  }

  /** @param {string[]} words  of the map */
  show(words) {
    const { size } = this.points;
    this.element.hidden = !size;
    setText(this.count, `${whole(size)} ${size === 1 ? "word" : "words"} chosen`);
    const shown = [...this.points].slice(0, SHOWN);
    this.list.replaceChildren(
      ...shown.map((point) => {
        const button = make("button", { type: "button", class: "ls-map-chip" }, words[point]);
        button.addEventListener("click", () => this.go(point));
        return make("li", {}, button);
      }),
    );
    setText(this.more, size > SHOWN ? `and ${whole(size - SHOWN)} more; the table and the files have all.` : "");
  }

  /** The points are others now. @param {(index: number) => number} to  where each went, -1 for nowhere */
  carry(to) {
    this.points = new Set([...this.points].map(to).filter((index) => index >= 0));
  }

  /** What the page is told. @param {Int32Array | null} rows  of the points in the space */
  told(rows) {
    const points = [...this.points].slice(0, MOST_TOLD);
    return { count: this.points.size, rows: rows ? points.map((point) => rows[point]) : points };
  }

  /** Which points step back: all that are not chosen, while any are. @param {number} count @returns {Uint8Array | null} */
  faded(count) {
    if (!this.points.size) return null;
    const faded = new Uint8Array(count).fill(1);
    for (const point of this.points) faded[point] = 0;
    return faded;
  }
}
