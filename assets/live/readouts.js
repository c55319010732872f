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
import { progress, short, signed, whole } from "./numbers.js";

const MEASURED = ["loss", "val_loss", "score", "val_score"];
const SCALARS = ["epoch", ...MEASURED];
/** The speed is that of so many seconds, and is not told before there are so many. */
const SPEED_OVER = 1.5;
const SPEED_FROM = 0.5;

/** The name of a score that the run has not told yet: of the height of a name. */
const UNKNOWN = "\u00a0";

export class Readouts {
  /** @param {string} suffix  of the names by which tests find the fields */
  constructor(suffix) {
    const named = (label, name) => field(label, `ls-readout-${name}${suffix}`);
    this.fields = {
      step: named("Step", "step"),
      epoch: named("Epoch", "epoch"),
      speed: named("Steps/s", "speed"),
      pace: named(UNKNOWN, "pace"),
      left: named("Time left", "left"),
      loss: named("Loss", "loss"),
      val_loss: named("Val. loss", "val-loss"),
      score: named(UNKNOWN, "score"),
      val_score: named(UNKNOWN, "val-score"),
    };
    this.element = make("dl", { class: "ls-readouts" }, ...Object.values(this.fields).map(({ element }) => element));
    this.nameUnit("");
  }

  /**
   * A run that goes over words, or pairs of them, tells how many a second, and the time left: in the place of a
   * validation, which it has none of.
   *
   * @param {string} unit  "words"; empty where it tells neither
   */
  nameUnit(unit) {
    setText(this.fields.pace.label, `${capital(unit)}/s`);
    for (const name of ["pace", "left"]) this.fields[name].element.hidden = !unit;
    for (const name of ["val_loss", "val_score"]) this.fields[name].element.hidden = Boolean(unit);
  }

  /** @param {{pace?: string, left?: string}} words  empty where one looks at another time */
  showPace({ pace, left }) {
    setText(this.fields.pace.value, pace || "–");
    setText(this.fields.left.value, left || "–");
  }

  /**
   * @param {Values} values
   * @param {Values | null} [before]  at the pinned step: how the values have changed since then is shown beside them
   */
  show(values, before = null) {
    setText(this.fields.step.value, whole(values.step));
    setText(this.fields.epoch.value, progress(values.epoch));
    for (const name of MEASURED) setText(this.fields[name].value, short(values[name]));
    this.element.toggleAttribute("data-pinned", before !== null);
    if (!before) return;
    setText(this.fields.step.change, signed(values.step - before.step, whole));
    setText(this.fields.epoch.change, signed(values.epoch - before.epoch, progress));
    for (const name of MEASURED) setText(this.fields[name].change, signed(values[name] - before[name]));
  }

  /** @param {number} perSecond  NaN where it is not known, or where one looks at another time */
  showSpeed(perSecond) {
    setText(this.fields.speed.value, perSecond < 10 ? short(perSecond, 2) : whole(perSecond));
  }

  /** @param {string} epoch  what a pass over all is called: "epoch", of GloVe "pass" */
  nameEpoch(epoch) {
    setText(this.fields.epoch.label, capital(epoch));
  }

  /** @param {string} score  its name: "accuracy" */
  nameScore(score) {
    const known = score !== UNKNOWN;
    setText(this.fields.score.label, capital(score));
    setText(this.fields.val_score.label, known ? `Val. ${score}` : score);
  }
}

/** The numbers of all runs that are shown, a row for each; where there are several, with what tells them apart. */
export class Rows {
  constructor() {
    this.element = make("div");
    /** @type {{words: string, name: HTMLElement, readouts: Readouts}[]} */
    this.rows = [];
    this.score = UNKNOWN;
  }

  /** @param {{words?: string, scalars?: boolean}[]} runs */
  update(runs) {
    const shown = runs.filter(({ scalars }) => !scalars).map(({ words = "" }) => words);
    if (this.rows.length && shown.join("\n") === this.rows.map(({ words }) => words).join("\n")) return;
    this.rows = shown.map((words, place) => rowOf("AB"[place], words, shown.length < 2));
    this.element.replaceChildren(...this.rows.flatMap(({ name, readouts }) => [name, readouts.element]));
    this.nameScore(this.score);
  }

  /** @param {string} score */
  nameScore(score) {
    this.score = score;
    for (const { readouts } of this.rows) readouts.nameScore(score);
  }

  /** @param {import("./painter.js").Scene} scene @param {number[]} speeds  steps per second of each run */
  show(scene, speeds) {
    [scene, scene.other].forEach((one, place) => {
      const readouts = this.rows[place]?.readouts;
      if (!one || !readouts) return;
      const { recording, pinned } = one;
      readouts.show(valuesOf(one), pinned && valuesOf({ recording, frame: pinned }));
      readouts.showSpeed(one.following ? speeds[place] : NaN);
      readouts.nameEpoch(epochName(recording));
      readouts.nameUnit(String(recording.opening.header.words?.unit ?? ""));
      readouts.showPace((one.following && one.frame.header.words) || {});
    });
  }
}

/** What a run calls a pass over all that it learns from. @param {import("./recording.js").Recording} [recording] */
export function epochName(recording) {
  return String(recording?.opening?.header.words?.epoch || "epoch");
}

function rowOf(run, words, alone) {
  const swatch = make("span", { class: "ls-swatch", "data-dash": run === "A" ? "solid" : "dash" });
  const name = make("p", { class: "ls-run", "data-testid": `ls-run-${run}`, hidden: alone }, make("b", {}, run), swatch, words);
  return { words, name, readouts: new Readouts(run === "A" ? "" : `-${run}`) };
}

/**
 * @param {{recording: import("./recording.js").Recording, frame: import("./message.js").Message}} scene
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
  const change = make("dd", { class: "ls-change", "data-testid": `${testid}-change`, title: "Change since the pinned step" });
  return { label, value, change, element: make("div", { class: "ls-readout" }, label, value, change) };
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
