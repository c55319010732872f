/**
 * All runs that the panel shows, steered and scrubbed as one: the run of the page, and those that it is compared with.
 *
 * @typedef {import("./track.js").Right} Right
 * @typedef {import("./recording.js").Recording} Recording
 * @typedef {import("./painter.js").Scene} Scene
 */
import { fits, together } from "./control.js";
import { nearestAtOrBefore } from "./series.js";
import { STATES } from "./states.js";
import { Track } from "./track.js";

/** In what order states count: what one of the runs does is what all of them do. */
const FIRST = ["opening", "running", "paused", "ready"];

export class Tracks {
  /** @type {Track[]} the run of the page first */
  list = [];
  /** @type {number | null} the step that a person chose to look at; null while following the runs */
  chosen = null;
  /** @type {Scene | null} */
  #scene = null;

  /** @param {import("./track.js").Listener} listener */
  constructor(listener) {
    this.listener = listener;
  }

  /**
   * Show these runs from now on; one that was shown before goes on.
   *
   * @param {Right[]} rights
   * @returns {boolean} whether the first is another than before
   */
  update(rights) {
    const old = this.list;
    const isNew = old[0]?.right.run !== rights[0].run;
    if (isNew) this.chosen = null;
    this.list = rights.map((right) => old.find((track) => track.shows(right)) ?? new Track(right, this.listener));
    // Of several runs, either all are compared with a step of theirs or none.
    if (old.length !== this.list.length || this.list.some((track) => !old.includes(track))) this.pin(false);
    this.list.forEach((track, place) => (track.token = rights[place].token));
    for (const track of old) if (!this.list.includes(track)) track.close();
    return isNew;
  }

  /** Those of which one sees more than curves. */
  get #whole() {
    return this.list.filter(({ right }) => !right.scalars);
  }

  /** @returns {Track | undefined} the run of the page */
  get first() {
    return this.list[0];
  }

  /** What tells a run from the other that is seen whole; empty where there is no other. @param {number} place */
  nameOf(place) {
    return this.#whole.length > 1 ? `${"AB"[place]} (${this.list[place]?.right.words})` : "";
  }

  /** What one of the runs says, with its name where there are two. @param {Track} track @param {string} message */
  said(track, message) {
    return this.#whole.length > 1 ? `${"AB"[this.list.indexOf(track)]}: ${message}` : message;
  }

  get state() {
    const states = this.list.map(({ state }) => state);
    return FIRST.find((state) => states.includes(state)) ?? states[0] ?? "opening";
  }

  /** What there is to say of the state, of every run that has something to say. */
  get message() {
    const named = this.#whole.length > 1;
    const told = this.list.map(({ message, state, right }, place) => {
      if (right.scalars) return STATES[state]?.alarm ? `${right.words}: ${message}` : "";
      return message && named ? `${"AB"[place]}: ${message}` : message;
    });
    return told.filter(Boolean).join(" ");
  }

  /** Where the first of the runs in the line stands, if all that train wait for their turn. @returns {import("./track.js").Turn} */
  get turn() {
    const turns = this.list.filter(({ state }) => state === "running").map(({ turn }) => turn);
    const [first = { place: 0, waiting: 0 }] = turns.sort((a, b) => a.place - b.place);
    return first;
  }

  /** Whether one of the runs has ended, however it did. */
  get anyOver() {
    return this.list.some(({ state, told }) => told && !STATES[state]?.live);
  }

  get connection() {
    const found = this.list.map(({ connection }) => connection);
    return ["reconnecting", "connecting", "open"].find((one) => found.includes(one)) ?? "unknown";
  }

  get following() {
    return this.chosen === null;
  }

  /** Steps of all frames that can be looked at, in whichever run, ascending. @returns {number[]} */
  get steps() {
    const [one, other] = this.#whole.map(({ recording }) => recording?.steps ?? []);
    return other?.length ? merged(one, other) : (one ?? []);
  }

  /** Return the index in `steps`, those of all runs, of what is being looked at; -1 before the first frame. */
  positionIn(steps) {
    return this.chosen === null ? steps.length - 1 : nearestAtOrBefore(steps, this.chosen);
  }

  /** The recorded step that is looked at, at or before the chosen one; null while following. */
  get chosenStep() {
    const { steps } = this;
    return this.chosen === null ? null : (steps[this.positionIn(steps)] ?? this.chosen);
  }

  /** The step that is compared with, or null. */
  get pinnedStep() {
    return this.first?.pinned?.header.step ?? null;
  }

  get lastStep() {
    return Math.max(-1, ...this.#whole.map(({ recording }) => recording?.lastStep ?? -1));
  }

  /** Look at the recorded step number `position` from now on. @param {number} position */
  choose(position) {
    const { steps } = this;
    if (steps.length) this.chosen = steps[Math.max(0, Math.min(steps.length - 1, position))];
  }

  /** Look so many positions further, or back. @param {number} positions */
  move(positions) {
    this.choose(this.positionIn(this.steps) + positions);
  }

  follow() {
    this.chosen = null;
  }

  /** Compare every run with its step on the screen from now on, or with none. @param {boolean} pinned */
  pin(pinned) {
    for (const track of this.list) track.pin(pinned);
  }

  /**
   * Ask of all runs for what each of them can do.
   *
   * @param {string} command
   * @param {string} [value]
   * @returns {boolean} whether it could be sent to all who can
   */
  command(command, value) {
    const sent = this.list.filter((track) => can(track, command)).map(({ stream }) => stream.command(command, value));
    return sent.every(Boolean);
  }

  /** Who controls the runs; null until that is known of all. */
  get control() {
    return together(this.list.map(({ control }) => control));
  }

  /** Whether this browser controls all runs. */
  get controls() {
    return this.list.every((track) => track.controls);
  }

  /**
   * Ask for control of all runs, give it, and so on.
   *
   * @param {import("./control.js").Action} action
   * @param {string} [to]
   * @returns {boolean} whether it could be sent
   */
  requestControl(action, to) {
    const meant = this.list.filter(({ control }) => control && fits(control, action, to));
    return meant.map(({ stream }) => stream.control(action, to)).every(Boolean);
  }

  /** The runs whose frames are shown. @returns {Track[]} */
  get whole() {
    return this.#whole;
  }

  /** The step on the screen, of each run. @returns {number[]} */
  get shownSteps() {
    return this.list.map(({ frame }) => frame?.header.step ?? -1);
  }

  /** Ask one of the runs how a number came about. @param {number} step @param {import("./explanation.js").Cell} cell */
  explain(step, cell) {
    return this.list[cell.run ?? 0]?.explain(step, cell) ?? false;
  }

  /**
   * Return what is to be seen now, or null where there is nothing yet; the same object while it is the same.
   *
   * @returns {Scene | null}
   */
  look() {
    const [first, other] = this.#whole.map((track) => track.look(this.chosen));
    if (!first) return null;
    const all = this.list.map(({ recording }) => recording);
    const scene = { ...first, other: other ? { ...other, other: null, all: [other.recording] } : null, all };
    if (!this.#scene || !isSame(scene, this.#scene)) this.#scene = scene;
    return this.#scene;
  }

  close() {
    for (const track of this.list) track.close();
  }
}

/** Tell whether a run can do as it is asked, so that it makes no sense to ask those that cannot. */
function can({ state, connection }, command) {
  const live = Boolean(STATES[state]?.live);
  if (command === "pause") return state === "running";
  const goesOn = live || (Boolean(STATES[state]?.resumable) && connection !== "unknown");
  return ["resume", "step", "epoch"].includes(command) ? goesOn && state !== "running" : live;
}

/** @param {Scene} scene @param {Scene} old @returns {boolean} */
function isSame(scene, old) {
  const [other, before] = [scene.other, old.other];
  const equal = ["recording", "frame", "pinned", "following"].every((name) => scene[name] === old[name]);
  const others = other && before ? isSame(other, before) : other === before;
  return equal && others && scene.all.length === old.all.length && scene.all.every((one, place) => one === old.all[place]);
}

/** @param {number[]} one @param {number[]} other  both ascending @returns {number[]} */
function merged(one, other) {
  return [...new Set([...one, ...other])].sort((a, b) => a - b);
}
