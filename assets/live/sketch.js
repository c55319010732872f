/**
 * The points of a drawing while a person works on them: set, moved, taken away, and every act taken back.
 *
 * @typedef {import("./drawing.js").Point} Point
 */
import { onGrid, read, write } from "./drawing.js";

const MOST_UNDONE = 100;
/** So near, in units of the plane, a stroke paints the point that is there. */
const TOUCH = 0.05;

export class Sketch {
  /** @type {Point[]} */
  points = [];
  /** As it was before each act. @type {string[]} */
  #past = [];

  /** @param {number} most  points */
  constructor(most) {
    this.most = most;
  }

  get text() {
    return write(this.points);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get full() {
    return this.points.length >= this.most;
  }

  /** Begin with another drawing. @param {string} text */
  open(text) {
    this.points = read(text);
    this.#past = [];
  }

  /** An act begins: what follows is taken back as one. */
  begin() {
    const { text } = this;
    if (text === this.#past.at(-1)) return;
    this.#past.push(text);
    if (this.#past.length > MOST_UNDONE) this.#past.shift();
  }

  undo() {
    const { text } = this;
    let before = this.#past.pop();
    if (before === text) before = this.#past.pop(); // an act that came to nothing
    if (before !== undefined) this.points = read(before);
  }

  clear() {
    this.begin();
    this.points = [];
  }

  /**
   * Paint a place: a point that lies there takes the class, or else one is set.
   *
   * @returns {boolean} whether there was room
   */
  add(x, y, label) {
    const there = this.nearest(x, y, TOUCH);
    if (there) {
      there.label = label;
      return true;
    }
    if (this.full) return false;
    this.points.push({ x: onGrid(x), y: onGrid(y), label });
    return true;
  }

  /** @returns {Point | undefined} the point nearest to a place, within `reach` */
  nearest(x, y, reach) {
    const distance = (point) => Math.hypot(point.x - x, point.y - y);
    const near = this.points.filter((point) => distance(point) <= reach);
    return near.sort((one, other) => distance(one) - distance(other))[0];
  }

  /** Take away all points around a place. */
  erase(x, y, reach) {
    this.points = this.points.filter((point) => Math.hypot(point.x - x, point.y - y) > reach);
  }

  /** @param {Point} point  one of them */
  move(point, x, y) {
    point.x = onGrid(x);
    point.y = onGrid(y);
  }
}
