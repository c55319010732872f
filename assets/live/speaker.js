/** One line that tells in a sentence what is happening, for those who listen instead of looking. */
import { make, setText } from "./dom.js";
import { ordinal, progress, whole } from "./numbers.js";
import { STATES } from "./states.js";

/** In ms: how long one has to rest at a step, or in a state, before it is told; and how often a run tells how far it is. */
const SETTLED = 600;
const EVERY = 15000;

export class Speaker {
  #next = "";
  #going = false;
  #at = -Infinity;
  #timer = 0;

  /** @param {string} [id]  for tests */
  constructor(id = "ls-aria") {
    this.element = make("p", { class: "ls-hidden", role: "status", "aria-live": "polite", "data-testid": id });
  }

  /**
   * Say a sentence once things have settled; of several the newest.
   *
   * @param {string} sentence
   * @param {boolean} going  whether it changes by itself, as in training: then it is said now and then only
   */
  say(sentence, going) {
    if (sentence === this.#next && going === this.#going) return;
    const goesOn = going && this.#going;
    this.#next = sentence;
    this.#going = going;
    if (goesOn && this.#timer) return;
    clearTimeout(this.#timer);
    const wait = goesOn ? Math.max(SETTLED, this.#at + EVERY - performance.now()) : SETTLED;
    this.#timer = window.setTimeout(() => this.#speak(), wait);
  }

  close() {
    clearTimeout(this.#timer);
  }

  #speak() {
    this.#timer = 0;
    this.#at = performance.now();
    setText(this.element, this.#next);
  }
}

/**
 * Return the sentence for a step: "Training. Step 1,200, epoch 128. Loss 0.12, validation loss 0.15, accuracy 93 percent."
 *
 * @param {string} state
 * @param {import("./readouts.js").Values | null} values
 * @param {string} score  the name of the score
 * @param {boolean} following
 * @param {import("./track.js").Turn} [turn]
 * @param {string} [epoch]  what an epoch is called
 */
export function sentence(state, values, score, following, turn = { place: 0, waiting: 0 }, epoch = "epoch") {
  const waits = state === "running" && turn.place > 0;
  const parts = [waits ? `Waits for its turn to train: ${ordinal(turn.place)} of ${turn.waiting}.` : `${STATES[state]?.word ?? state}.`];
  if (values) {
    parts.push(`${following ? "Step" : "Looking back at step"} ${whole(values.step)}, ${epoch} ${progress(values.epoch)}.`);
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
