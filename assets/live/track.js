/**
 * One run as the panel follows it: its stream, what was recorded of it, its state, and what of it is on the screen.
 *
 * @typedef {import("./message.js").Message} Message
 *
 * @typedef {object} Right  which run, and what this person may do with it
 * @property {string} run
 * @property {string} token  what the server lets this person do with the run, signed
 * @property {boolean} control  whether it is theirs: then they control it, unless control has been given away
 * @property {string} [words]  what tells the run from others that are shown
 * @property {boolean} [scalars]  whether nothing but its scalars is wanted, and no frames
 *
 * @typedef {object} Turn  where the run stands in the line of those that wait to train
 * @property {number} place  0 where it does not wait
 * @property {number} waiting  how many wait
 *
 * @typedef {object} Listener
 * @property {() => void} changed  there is something new to be painted
 * @property {(track: Track, isReset: boolean) => void} began  the memory of the run begins anew
 * @property {(track: Track) => void} state  state, connection or who controls it have changed
 * @property {(message: string, track: Track) => void} refused
 * @property {(header: Record<string, any>, track: Track) => void} explained
 * @property {(answer: Message, track: Track) => void} answered  the net has answered what was asked of it
 * @property {(track: Track) => void} touched  a person has changed something, a setting or a number of the net
 */
import { Answered } from "./answered.js";
import { Speed } from "./readouts.js";
import { Recording } from "./recording.js";
import { Stream } from "./stream.js";

/** So long the answer of one step stands in the panels of another that is looked back at, in ms: most are here by then. */
const LATE_AFTER = 400;
const FORGOTTEN = "The server does not know this run any more";

export class Track {
  /** @type {Recording | null} */
  recording = null;
  /** @type {Message | null} the frame on the screen; it stays until another is at hand */
  frame = null;
  /** @type {Message | null} the frame of the step that is compared with */
  pinned = null;
  /** What the net says of that which a person has brought, in place of what was recorded of the frame shown and of the
   *  one pinned. @type {Record<"frame" | "pinned", Message | null>} */
  answers = { frame: null, pinned: null };
  #frames = new Answered();
  #pins = new Answered();
  /** Since when the answer on the screen is of another step, of performance.now(); 0 where it is not. */
  #lateSince = 0;
  #late = 0;
  state = "opening";
  /** Whether the run has told its state yet. */
  told = false;
  message = "";
  /** @type {Turn} */
  turn = { place: 0, waiting: 0 };
  /** @type {import("./control.js").View | null} who controls it, once that is told */
  control = null;
  rate = NaN;
  /** @type {import("./stream.js").Connection} */
  connection = "connecting";
  speed = new Speed();
  /** Steps whose frame comes once more, for the net was changed there. @type {Set<number>} */
  #again = new Set();

  /** @param {Right} right @param {Listener} listener */
  constructor(right, listener) {
    this.right = right;
    this.listener = listener;
    const address = new URL(`../../runs/${encodeURIComponent(right.run)}`, import.meta.url);
    if (right.scalars) address.searchParams.set("only", "scalars");
    this.stream = new Stream(address, right.token, {
      receive: (message) => this.#receive(message),
      connection: (connection) => this.#connected(connection),
    });
  }

  /** Whether it shows what `right` asks for, so that it need not be opened anew. @param {Right} right */
  shows({ run, control, scalars }) {
    return run === this.right.run && control === this.right.control && Boolean(scalars) === Boolean(this.right.scalars);
  }

  /** @param {string} token */
  set token(token) {
    this.stream.show(token);
  }

  /** Whether this browser controls the run: as the server has told, or else as the page said. */
  get controls() {
    return this.control?.mine ?? this.right.control;
  }

  /**
   * Return what is to be seen of the run, or null where there is nothing yet; asks for the frame where it is not at hand.
   *
   * @param {number | null} chosen  the step to look at, null to follow the run
   * @returns {{recording: Recording, frame: Message, pinned: Message | null, following: boolean} | null}
   */
  look(chosen) {
    const { recording } = this;
    if (!recording) return null;
    recording.chosen = chosen;
    const { shown, step } = recording;
    if (!shown && chosen !== null && step !== null) this.stream.request(step);
    this.frame = shown ?? this.frame;
    const answer = this.answers.frame;
    const frame = this.#isLate(chosen) ? this.#frames.of(this.frame, null, answer) : this.#frames.of(this.frame, answer);
    const pinned = answer ? this.#pins.of(this.pinned, this.answers.pinned, answer) : this.pinned;
    return frame && recording.series.length ? { recording, frame, pinned, following: chosen === null } : null;
  }

  /**
   * Ask the net of a step that is on the screen.
   *
   * @param {number} step
   * @param {boolean} follows  whether it is the one shown, which may be the newest of a run that goes on
   * @param {{what: string, settings: object, values: string, id: number}} question
   * @returns {boolean} whether it could be sent
   */
  ask(step, follows, question) {
    const { recording } = this;
    const isNewest = step === recording?.lastStep || (follows && recording?.chosen === null);
    return this.stream.ask(isNewest ? -1 : step, question);
  }

  /** Ask how a number came about that is on the screen. @param {number} step @param {import("./explanation.js").Cell} cell */
  explain(step, cell) {
    return this.stream.explain(step, cell, Boolean(this.answers.frame?.arrays.has(cell.array)));
  }

  /** Compare with the step on the screen from now on, or with none. @param {boolean} pinned */
  pin(pinned) {
    this.pinned = pinned ? this.frame : null;
  }

  close() {
    clearTimeout(this.#late);
    this.stream.close();
  }

  /**
   * Tell whether the net's answer is that of another step than the one looked back at, and has been for so long that one
   * would take it for an answer of this one. Of a net that is followed as it learns the last answer is always a little old.
   *
   * @param {number | null} chosen
   */
  #isLate(chosen) {
    const step = this.answers.frame?.header.step;
    if (chosen === null || step === undefined || step === this.frame?.header.step) this.#lateSince = 0;
    else this.#lateSince ||= performance.now();
    clearTimeout(this.#late);
    if (!this.#lateSince) return false;
    const wait = this.#lateSince + LATE_AFTER - performance.now();
    if (wait > 0) this.#late = window.setTimeout(() => this.listener.changed(), wait);
    return wait <= 0;
  }

  #receive(message) {
    const { kind, header, arrays } = message;
    const steps = /** @type {Int32Array} */ (arrays.get("steps")?.values ?? new Int32Array());
    const { recording } = this;
    if (kind === "opening") this.#begin(message, false);
    else if (kind === "state") this.#setState(header);
    else if (kind === "turn") this.#setTurn(header);
    else if (kind === "control") this.#setControl(/** @type {any} */ (header));
    else if (kind === "refused") this.listener.refused(String(header.message), this);
    else if (kind === "explained") this.listener.explained(header, this);
    else if (kind === "answer") this.listener.answered(message, this);
    else if (!recording) return;
    else if (kind === "reset") this.#reset(recording);
    else if (kind === "frame") this.#takeFrame(recording, message);
    else if (kind === "changed") this.#change(recording, header);
    else if (kind === "again") this.#forget(recording, steps);
    else if (kind === "recorded") recording.setSteps(steps);
    else if (kind === "series") recording.series.merge(steps, arrays.get("scalars")?.values ?? []);
    this.listener.changed();
  }

  /** Begin a new memory; the server tells all of it again. What is on the screen stays until then. */
  #begin(opening, isReset) {
    this.answers = { frame: null, pinned: null };
    this.recording = new Recording(opening);
    this.#again.clear();
    this.speed.forget();
    this.listener.began(this, isReset);
  }

  #reset(recording) {
    this.pin(false);
    this.#begin(recording.opening, true);
  }

  #change(recording, { step, name, value }) {
    recording.changes.push({ step, name, value });
    this.listener.touched(this);
  }

  /** @param {Recording} recording @param {Int32Array} steps  whose frames are others than before */
  #forget(recording, steps) {
    recording.drop(steps);
    this.#again = new Set(steps);
    this.listener.touched(this);
  }

  #takeFrame(recording, frame) {
    const { step, at } = frame.header;
    const isNew = step > recording.lastStep;
    recording.addFrame(frame);
    if (this.#again.delete(step) && !this.stream.awaits(step)) return;
    if (isNew) {
      this.speed.add(step, at);
      return;
    }
    const asked = this.stream.answered();
    if (asked !== null && asked > step) recording.forgetStep(asked);
  }

  #setTurn({ place = 0, waiting = 0 }) {
    this.turn = { place, waiting };
    this.listener.state(this);
  }

  #setControl(view) {
    this.control = view;
    this.listener.state(this);
  }

  #setState({ state, message = "", trouble = "", learning_rate: rate = NaN }) {
    this.state = state;
    this.told = true;
    this.message = [message, trouble].filter(Boolean).join(" ");
    this.rate = rate;
    if (state !== "running") this.speed.forget();
    this.listener.state(this);
  }

  /**
   * Where the server has lost the run (it was started anew, or nobody watched for long), another is not asked for by
   * itself: whoever has many pages open does not want a run in each.
   */
  #connected(connection) {
    this.connection = connection;
    const way = this.right.control ? "Again opens a new one of the same settings" : "reload the page to go on";
    if (connection !== "open") this.turn = { place: 0, waiting: 0 }; // it is told anew, if it waits still
    if (connection === "unknown") this.#setState({ state: "interrupted", message: `${FORGOTTEN}: ${way}.` });
    else this.listener.state(this);
  }
}
