/**
 * Asks the nets on the screen about what a person has brought, a picture drawn by hand say: the newest of it, and again
 * for every step that comes on the screen or is compared with. Few questions to a net are on their way at a time, for a
 * stroke has hundreds of points and only the last of them counts.
 *
 * @typedef {import("./track.js").Track} Track
 *
 * @typedef {object} Brought
 * @property {string} what  is asked; see engine/asking.py
 * @property {string} values  in base64
 * @property {number} at  when it was brought, of performance.now()
 *
 * @typedef {"frame" | "pinned"} Place  of a step on the screen: the one shown, or the one that it is compared with
 *
 * @typedef {object} Question  that is on its way
 * @property {number} at  when it was asked
 * @property {number} step  that it is about
 * @property {number} brought  when that was brought which it asks about
 *
 * @typedef {object} Course  what was asked of one net as it is in one place
 * @property {Map<number, Question>} open  questions without an answer, by their ids
 * @property {number} count  of the thing brought that was asked about last
 * @property {number} step  that was asked about last
 * @property {number} told  when the last answer came
 * @property {number} took  how long that was under way
 */

/** While nothing new is brought a net that is followed as it learns is asked at most so often, in ms. */
const AGAIN_EVERY = 100;
/** ... and the slower its answers are, because many ask, the less often: so many times as long as one takes. */
const REST = 5;
/** An answer that has not come by then does not come, in ms. */
const LOST_AFTER = 4000;
/** So many questions to a net are on their way: while the browser paints one answer the server has the next. */
const MOST_OPEN = 2;
const PLACES = /** @type {Place[]} */ (["frame", "pinned"]);

export class Asking {
  /** @type {Brought | null} */
  #brought = null;
  #count = 0;
  #ids = 0;
  #timer = 0;
  /** @type {Map<Track, Record<Place, Course>>} */
  #courses = new Map();

  /**
   * @param {() => Track[]} tracks  those whose frames are shown
   * @param {() => void} changed  there is another answer to be painted
   */
  constructor(tracks, changed) {
    this.tracks = tracks;
    this.changed = changed;
  }

  /** Ask about this from now on, or about nothing. @param {Brought | null} brought */
  bring(brought) {
    this.#brought = brought;
    this.#count += 1;
    if (!brought) this.#forget();
    this.follow();
  }

  /** Ask about the same once more: a setting was changed, and with it perhaps the answer, while the step stays. */
  renew() {
    if (!this.#brought) return;
    this.#count += 1;
    this.follow();
  }

  /** Another step is on the screen, perhaps, or there is something new to ask about. */
  follow() {
    clearTimeout(this.#timer);
    if (!this.#brought) return;
    const waits = this.tracks().flatMap((track) => PLACES.map((place) => this.#ask(track, place)));
    const soonest = Math.min(...waits);
    if (soonest < Infinity) this.#timer = window.setTimeout(() => this.follow(), soonest);
  }

  /** @param {import("./message.js").Message} answer @param {Track} track  whose net has answered */
  receive(answer, track) {
    const courses = this.#courses.get(track);
    const place = courses && PLACES.find((one) => courses[one].open.has(answer.header.id));
    if (!place) return; // given up, or of what was left
    const { open } = courses[place];
    const { brought, at } = /** @type {Question} */ (open.get(answer.header.id));
    answer.header.brought = brought;
    for (const id of [...open.keys()]) if (id <= answer.header.id) open.delete(id); // the server leaves out what is out of date
    const now = performance.now();
    Object.assign(courses[place], { told: now, took: now - at });
    track.answers[place] = answer;
    this.changed();
    this.follow();
  }

  close() {
    clearTimeout(this.#timer);
  }

  /** @param {Track} track @param {Place} place @returns {number} in how many ms to come back; Infinity: not by itself */
  #ask(track, place) {
    const step = track[place]?.header.step;
    if (step === undefined) {
      track.answers[place] = null;
      return Infinity;
    }
    const now = performance.now();
    const course = this.#courseOf(track, place);
    const isNew = course.count !== this.#count;
    if (course.open.size >= (isNew ? MOST_OPEN : 1)) return this.#lost(course, now);
    const answer = track.answers[place];
    if (!isNew && answer && (answer.header.error ? course.step : answer.header.step) === step) return Infinity;
    const isFollowed = track.state === "running" && track.recording?.chosen === null;
    const wait = isNew || !isFollowed ? 0 : course.told + Math.max(AGAIN_EVERY, REST * course.took) - now;
    if (wait > 0) return wait;
    const id = (this.#ids += 1);
    const { what, values, at } = /** @type {Brought} */ (this.#brought);
    if (!track.ask(step, place === "frame", { what, settings: {}, values, id })) return AGAIN_EVERY;
    course.open.set(id, { at: now, step, brought: at });
    Object.assign(course, { count: this.#count, step });
    return LOST_AFTER;
  }

  /** Give up what is not answered. @param {Course} course @returns {number} in how many ms to come back */
  #lost({ open }, now) {
    const ages = [...open].map(([id, { at }]) => {
      if (now - at >= LOST_AFTER) open.delete(id);
      return now - at;
    });
    return Math.max(0, LOST_AFTER - Math.max(...ages));
  }

  #courseOf(track, place) {
    const fresh = () => ({ open: new Map(), count: -1, step: -1, told: 0, took: 0 });
    const courses = this.#courses.get(track) ?? { frame: fresh(), pinned: fresh() };
    this.#courses.set(track, courses);
    return courses[place];
  }

  #forget() {
    this.#courses.clear();
    for (const track of this.tracks()) track.answers = { frame: null, pinned: null };
    this.changed();
  }
}
