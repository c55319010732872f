/** What is said where a few words lie so far out that the map does not begin with all of them: a button that shows them. */
import { make, setText } from "./dom.js";

export class Outside {
  #all = false;
  #count = 0;

  /** @param {(all: boolean) => void} look  at all words, or at nearly all */
  constructor(look) {
    this.element = make("button", { type: "button", class: "ls-map-outside", hidden: true, "data-testid": "ls-map-outside" });
    this.element.addEventListener("click", () => look(!this.#all));
  }

  /** @param {number} count  of words outside of the view that the map begins with */
  tell(count) {
    this.#count = count;
    this.#paint();
  }

  /** @param {boolean} all  whether they were asked for */
  know(all) {
    this.#all = all;
    this.#paint();
  }

  #paint() {
    const words = this.#count === 1 ? "1 word lies" : `${this.#count.toLocaleString("en")} words lie`;
    setText(this.element, `${words} far out. ${this.#all ? "Show the others larger" : "Show all"}`);
    this.element.hidden = !this.#count;
  }
}
