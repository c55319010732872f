/** The key to a picture of what has changed: since which step, and what its colours mean. */
import { diverging } from "./colours.js";
import { make, setText } from "./dom.js";
import { short, whole } from "./numbers.js";

export class Since {
  constructor() {
    this.step = make("span");
    this.low = make("span");
    this.high = make("span");
    this.bar = make("span", { class: "ls-bar" });
    const shades = diverging.names.filter((_, index) => index % 32 === 0 || index === 255);
    this.bar.style.backgroundImage = `linear-gradient(to right, ${shades.join(", ")})`;
    this.element = make("div", { class: "ls-key ls-since", hidden: true }, this.step, this.low, this.bar, this.high);
  }

  /** Nothing is compared any more. */
  hide() {
    this.element.hidden = true;
  }

  /**
   * @param {number} step  the pinned one
   * @param {number} limit  the change that is worth the strongest colour; NaN where each part has a limit of its own
   */
  show(step, limit) {
    this.#show(`change since step ${whole(step)}`, true);
    setText(this.low, Number.isNaN(limit) ? "less" : short(-limit, 3));
    setText(this.high, Number.isNaN(limit) ? "more" : `+${short(limit, 3)}`);
  }

  /** Say in words what is to be seen. @param {string} words */
  say(words) {
    this.#show(words, false);
  }

  #show(words, barred) {
    this.element.hidden = false;
    setText(this.step, words);
    for (const part of [this.low, this.bar, this.high]) part.hidden = !barred;
  }
}
