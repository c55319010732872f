/**
 * What the browser remembers of one run: its opening, its scalars, the steps that were recorded, some of their frames,
 * and which step is wanted.
 *
 * @typedef {import("./message.js").Message} Message
 *
 * @typedef {object} Change  of a live setting, or of a number of the net by its name
 * @property {number} step
 * @property {string} name
 * @property {string} value
 */
import { nearestAtOrBefore, Series } from "./series.js";

const CACHE_BYTES = 48 * 2 ** 20;

export class Recording {
  /** @param {Message} opening */
  constructor(opening) {
    this.opening = opening;
    /** @type {string} */
    this.run = opening.header.run;
    this.series = new Series(opening.header.scalars ?? []);
    /** @type {number[]} steps of all frames that can be looked at, ascending */
    this.steps = [];
    /** @type {Message | null} the newest frame */
    this.newest = null;
    /** @type {Change[]} what was changed while the run went on, oldest first */
    this.changes = [];
    /** @type {number | null} the step that a person wants to see, recorded or not; null while following the run */
    this.chosen = null;
    /** @type {Map<number, Message>} frames at hand, the least recently used first */
    this.frames = new Map();
    this.bytes = 0;
  }

  get lastStep() {
    return this.newest ? this.newest.header.step : -1;
  }

  /** @returns {number | null} the recorded step that is looked at, at or before the wanted one; null where there is none */
  get step() {
    const last = this.steps.length - 1;
    return this.steps[this.chosen === null ? last : nearestAtOrBefore(this.steps, this.chosen)] ?? null;
  }

  /** @returns {Message | null} the frame to be shown, or null while it is not at hand */
  get shown() {
    return this.chosen === null ? this.newest : this.#take(this.step);
  }

  /**
   * Take a frame in: a new one of the run, or one that was asked for.
   *
   * @param {Message} frame
   */
  addFrame(frame) {
    const step = frame.header.step;
    const scalars = frame.arrays.get("scalars");
    if (scalars) this.series.merge([step], scalars.values);
    if (!this.newest || step >= this.lastStep) this.newest = frame;
    const before = nearestAtOrBefore(this.steps, step);
    if (before < 0 || this.steps[before] !== step) this.steps.splice(before + 1, 0, step);
    this.#keep(step, frame);
  }

  /**
   * Take in which frames can be asked for; newer ones that came by themselves stay.
   *
   * @param {Int32Array} steps
   */
  setSteps(steps) {
    const last = steps.length ? steps[steps.length - 1] : -1;
    this.steps = [...steps, ...this.steps.filter((step) => step > last)];
  }

  /**
   * The frame of a step is gone, for older frames are thinned: the one before it takes its place.
   *
   * @param {number} gone
   */
  forgetStep(gone) {
    this.steps = this.steps.filter((step) => step !== gone);
  }

  /**
   * The frames of some steps are others than before: those at hand are not theirs any more.
   *
   * @param {ArrayLike<number>} steps
   */
  drop(steps) {
    for (const step of Array.from(steps)) {
      this.bytes -= this.frames.get(step)?.bytes ?? 0;
      this.frames.delete(step);
    }
  }

  #take(step) {
    const frame = this.frames.get(step);
    if (!frame) return null;
    this.frames.delete(step);
    this.frames.set(step, frame);
    return frame;
  }

  #keep(step, frame) {
    this.bytes += frame.bytes - (this.frames.get(step)?.bytes ?? 0);
    this.frames.delete(step);
    this.frames.set(step, frame);
    for (const [oldest, { bytes }] of this.frames) {
      if (this.bytes <= CACHE_BYTES || oldest === step) break;
      this.frames.delete(oldest);
      this.bytes -= bytes;
    }
  }
}
