/**
 * The search for a word of the map: suggestions while one types, by pointer or by key.
 *
 * Built as the combobox of the ARIA practices: the focus stays in the field, the suggestion is named by the field.
 */
import { make, setText } from "./dom.js";
import { whole } from "./numbers.js";

const MOST = 8;
let made = 0;

export class Search {
  /** @type {string[]} in the order of importance */
  #words = [];
  /** @type {string[]} the same in small letters, made when one first searches */
  #small = [];
  /** @type {Uint32Array} */
  #ranks = new Uint32Array(0);
  /** @type {number[]} the points that are suggested */
  #found = [];
  #at = -1;

  /** @param {(index: number) => void} choose @param {() => void} leave  called on Escape in an empty field */
  constructor(choose, leave) {
    this.choose = choose;
    this.leave = leave;
    const id = `ls-map-found-${(made += 1)}`;
    this.list = make("ul", { class: "ls-map-found", role: "listbox", id, "aria-label": "Words of the map", hidden: true, "data-testid": "ls-map-found" });
    this.input = make("input", {
      type: "search", class: "ls-map-search", role: "combobox", placeholder: "Find a word", "aria-label": "Find a word on the map", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, enterkeyhint: "search", "data-testid": "ls-map-search",
    });
    this.said = make("p", { class: "ls-map-found ls-map-none", role: "status", hidden: true, "data-testid": "ls-map-none" });
    this.element = make("div", { class: "ls-map-finder" }, this.input, this.list, this.said);
    this.input.addEventListener("input", () => this.#suggest());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    this.input.addEventListener("focus", () => this.input.value && this.#suggest());
    // Before the field loses the focus, and the list is closed.
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = /** @type {Element} */ (event.target).closest("li");
      if (option) this.#take(this.#found[[...this.list.children].indexOf(option)]);
    });
  }

  /** @param {string[]} words @param {Uint32Array} ranks */
  begin(words, ranks) {
    if (words !== this.#words) this.#small = [];
    this.#words = words;
    this.#ranks = ranks;
    this.#close();
  }

  #suggest() {
    const wanted = this.input.value.trim();
    if (!wanted) return this.#close();
    if (this.#small.length !== this.#words.length) this.#small = this.#words.map((word) => word.toLowerCase());
    this.#found = foundIn(this.#words, this.#small, this.#ranks, wanted);
    this.#at = this.#found.length ? 0 : -1;
    this.list.replaceChildren(...this.#found.map((index, place) => this.#option(index, place)));
    this.list.hidden = !this.#found.length;
    this.said.hidden = this.#found.length > 0;
    setText(this.said, this.#found.length ? "" : `None of the ${whole(this.#words.length)} words of this map has that in it.`);
    this.#mark();
  }

  #option(index, place) {
    return make("li", { role: "option", id: `${this.list.id}-${place}` }, this.#words[index]);
  }

  #key(event) {
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && this.#found.length) {
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (key === "Enter" && this.#at >= 0) this.#take(this.#found[this.#at]);
    else if (key === "Enter") this.#suggest();
    else if (key === "Escape") {
      if (!this.input.value) this.leave();
      this.input.value = "";
      this.#close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #mark() {
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === this.#at)));
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    if (this.#at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #take(index) {
    this.input.value = this.#words[index];
    this.#close();
    this.choose(index);
  }

  #close() {
    this.#found = [];
    this.#at = -1;
    this.list.hidden = this.said.hidden = true;
    this.list.replaceChildren();
    this.#mark();
  }
}

/** The word itself first, then words that begin so, then those that have it in them; each by importance. */
export function foundIn(words, small, ranks, wanted) {
  const sought = wanted.toLowerCase();
  const exact = [];
  const begin = [];
  const inside = [];
  for (const index of ranks) {
    const place = small[index].indexOf(sought);
    if (place < 0) continue;
    if (small[index] === sought) exact.push(index);
    else if (place === 0 && begin.length < MOST) begin.push(index);
    else if (inside.length < MOST) inside.push(index);
  }
  exact.sort((one, other) => Number(words[other] === wanted) - Number(words[one] === wanted));
  return [...exact, ...begin, ...inside].slice(0, MOST);
}
