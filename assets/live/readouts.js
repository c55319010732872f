/**
 * The numbers of the step shown, in places of fixed width so that nothing jumps.
 *
 * @typedef {object} Values
 * @property {number} step
 * @property {number} epoch
 * @property {number} loss
 * @property {number} val_loss
 * @property {number} score
 * @property {number} val_score
 */
import { make, setText } from "./dom.js";
import { progress, short, whole } from "./numbers.js";

const SCALARS = ["epoch", "loss", "val_loss", "score", "val_score"];
/** The speed is that of so many seconds, and is not told before there are so many. */
const SPEED_OVER = 1.5;
const SPEED_FROM = 0.5;

/** The name of a score that the run has not told yet: of the height of a name. */
const UNKNOWN = "\u00a0";

export class Readouts {
  constructor() {
    this.fields = {
      step: field("Step", "ls-readout-step"),
      epoch: field("Epoch", "ls-readout-epoch"),
      speed: field("Steps/s", "ls-readout-speed"),
      loss: field("Loss", "ls-readout-loss"),
      val_loss: field("Val. loss", "ls-readout-val-loss"),
      score: field(UNKNOWN, "ls-readout-score"),
      val_score: field(UNKNOWN, "ls-readout-val-score"),
    };
    this.element = make("dl", { class: "ls-readouts" }, ...Object.values(this.fields).map(({ element }) => element));
  }

  /** @param {Values} values */
  show(values) {
    setText(this.fields.step.value, whole(values.step));
    setText(this.fields.epoch.value, progress(values.epoch));
    for (const name of ["loss", "val_loss", "score", "val_score"]) setText(this.fields[name].value, short(values[name]));
  }

  /** @param {number} perSecond  NaN where it is not known, or where one looks at another time */
  showSpeed(perSecond) {
    setText(this.fields.speed.value, perSecond < 10 ? short(perSecond, 2) : whole(perSecond));
  }

  /** @param {string} score  its name: "accuracy" */
  nameScore(score) {
    setText(this.fields.score.label, capital(score));
    setText(this.fields.val_score.label, `Val. ${score}`);
  }
}

/**
 * @param {import("./painter.js").Scene} scene
 * @returns {Values}
 */
export function valuesOf({ recording, frame }) {
  const step = frame.header.step;
  const entries = SCALARS.map((name) => [name, recording.series.at(name, step)]);
  return /** @type {any} */ ({ step, ...Object.fromEntries(entries) });
}

/**
 * How many steps a second a run takes, by the worker's own clock: frames come in bursts, and those that waited while the
 * page was busy come all at once.
 */
export class Speed {
  /** @type {{step: number, at: number}[]} */
  #seen = [];

  /** @param {number} step @param {number} at  seconds of the worker's clock */
  add(step, at) {
    const last = this.#seen[this.#seen.length - 1];
    if (last && (step <= last.step || at < last.at)) this.forget();
    this.#seen.push({ step, at });
    while (this.#seen.length > 2 && at - this.#seen[0].at > SPEED_OVER) this.#seen.shift();
  }

  forget() {
    this.#seen = [];
  }

  /** NaN until there is enough to tell it from. */
  get perSecond() {
    const [first, last] = [this.#seen[0], this.#seen[this.#seen.length - 1]];
    const seconds = last ? last.at - first.at : 0;
    return seconds >= SPEED_FROM ? (last.step - first.step) / seconds : NaN;
  }
}

function field(name, testid) {
  const label = make("dt", {}, name);
  const value = make("dd", { "data-testid": testid }, "–");
  return { label, value, element: make("div", { class: "ls-readout" }, label, value) };
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
