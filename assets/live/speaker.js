/** One line that tells in a sentence what is happening, for those who listen instead of looking. */
import { make, setText } from "./dom.js";
import { progress, whole } from "./numbers.js";
import { STATES } from "./states.js";

const QUIET = 3000;

export class Speaker {
  #said = "";
  #at = -Infinity;
  #timer = 0;
  #next = "";

  constructor() {
    this.element = make("p", { class: "ls-hidden", role: "status", "aria-live": "polite", "data-testid": "ls-aria" });
  }

  /**
   * Say a sentence: at once where `urgent`, else as soon as the last one is three seconds old; the newest wins.
   *
   * @param {string} sentence
   * @param {boolean} urgent
   */
  say(sentence, urgent) {
    this.#next = sentence;
    if (urgent) this.#speak();
    else this.#timer ||= window.setTimeout(() => this.#speak(), Math.max(0, this.#at + QUIET - performance.now()));
  }

  close() {
    clearTimeout(this.#timer);
  }

  #speak() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#next === this.#said) return;
    this.#said = this.#next;
    this.#at = performance.now();
    setText(this.element, this.#said);
  }
}

/**
 * Return the sentence for a step: "Training. Step 1,200, epoch 128. Loss 0.12, validation loss 0.15, accuracy 93 percent."
 *
 * @param {string} state
 * @param {import("./readouts.js").Values | null} values
 * @param {string} score  the name of the score
 * @param {boolean} following
 */
export function sentence(state, values, score, following) {
  const parts = [`${STATES[state]?.word ?? state}.`];
  if (values) {
    parts.push(`${following ? "Step" : "Looking back at step"} ${whole(values.step)}, epoch ${progress(values.epoch)}.`);
    const told = [
      ["Loss", spoken(values.loss)],
      ["validation loss", spoken(values.val_loss)],
      [score, score === "accuracy" ? percent(values.val_score) : spoken(values.val_score)],
    ].filter(([, value]) => value !== "");
    if (told.length) parts.push(`${told.map(([name, value]) => `${name} ${value}`).join(", ")}.`);
  }
  return parts.join(" ");
}

function spoken(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(value >= 100 ? 3 : 2))) : "";
}

function percent(value) {
  return Number.isFinite(value) ? `${Math.round(value * 100)} percent` : "";
}
