/**
 * Which words are written beside their points: as many as have room, the most important first, none over another.
 *
 * In a plane each word has a level of zoom from which on it is written. It depends on nothing that moves while one pans,
 * so no word comes or goes then; and whoever zooms in keeps the words they saw. While points move, as in a space that one
 * turns, words that were written stay as long as they have room.
 *
 * @typedef {import("./pointmapboxes.js").Box} Box
 * @typedef {import("./pointmapcamera.js").Camera} Camera
 * @typedef {import("./pointmapcamera.js").Projected} Projected
 *
 * @typedef {Box & {index: number, text: string}} Label
 */
import { Boxes, Widths } from "./pointmapboxes.js";

/** Levels in which the zoom doubles. */
const PER_DOUBLING = 3;
const LOWEST = -8;
/** On the level where the whole map is seen so many words are thought of; where one sees a quarter of it, four times as many. */
const CANDIDATES = 4000;
/** So much time is spent on levels in one frame, in ms, looked at after so many words. */
const SLICE = 6;
const AT_ONCE = 500;
const HEIGHT = 15;
/** Free room around a word, so that words do not run together. */
const AROUND = { x: 7, y: 4 };
const LONGEST = 28;
/** While points move. */
const MOST = 140;
const UNKNOWN = 127;

export class Labels {
  #widths = new Widths();
  /** Of each point: the level from which on its word is written. */
  #levels = new Int8Array(0);
  #done = LOWEST - 1;
  /** @type {Generator<void> | null} the work on the level after that */
  #settling = null;
  /** Of each word, once it was asked for. */
  #wide = new Float32Array(0);
  /** @type {number[]} the points whose words were written last while all moved */
  #kept = [];
  /** @type {string[]} */
  #words = [];
  #ranks = new Uint32Array(0);
  #font = "";

  /** Forget all, for points or words are others. @param {string[]} words @param {Uint32Array} ranks  the most important first */
  begin(words, ranks) {
    if (this.#words !== words) {
      this.#kept = [];
      this.#levels = new Int8Array(words.length);
      this.#wide = new Float32Array(words.length);
    }
    this.#words = words;
    this.#ranks = ranks;
    this.#levels.fill(UNKNOWN);
    this.#done = LOWEST - 1;
    this.#settling = null;
  }

  /** @param {string} font */
  wear(font) {
    if (font === this.#font) return;
    this.#font = font;
    this.#wide.fill(0);
    this.begin(this.#words, this.#ranks);
  }

  /** The box of a word beside its point. @param {number} index @param {number} x  of the point @param {number} y @param {number} gap @returns {Label} */
  label(index, x, y, gap) {
    const text = cut(this.#words[index]);
    const width = (this.#wide[index] ||= this.#widths.of(text, this.#font));
    return { index, text, left: x + gap, top: y - HEIGHT / 2, width, height: HEIGHT };
  }

  /**
   * Return the words to be written, and whether more are to be worked out in a later frame.
   *
   * @param {Camera} camera
   * @param {Float32Array} positions
   * @param {Projected} seen
   * @param {number} radius  of the points
   * @param {boolean} still  whether all points rest where they are
   * @param {Label[][]} first  words that are written in any case, which others make room for: each with the places it may have
   * @param {Box[]} taken  other room that is not free
   * @returns {{labels: Label[], more: boolean}}
   */
  place(camera, positions, seen, radius, still, first, taken) {
    const level = Math.floor(Math.log2(camera.stance.zoom) * PER_DOUBLING);
    const flat = still && camera.dimensions === 2;
    const more = flat && this.#reach(level, camera, positions);
    const boxes = new Boxes(64, HEIGHT + 2);
    const labels = first.flatMap((sides) => sides.find((label) => boxes.take(label)) ?? []);
    for (const box of taken) boxes.take(box);
    const candidates = flat ? this.#ranks : this.#whileMoving();
    const shown = Math.min(level, this.#done);
    const given = new Set(first.map(([{ index }]) => index));
    const { width, height } = camera;
    /** @type {[Label, number][]} */
    const atEdge = [];
    for (const index of candidates) {
      if (flat && this.#levels[index] > shown) continue;
      const [x, y, near] = [seen.x[index], seen.y[index], seen.near[index]];
      if (!(x > -160 && x < width && y > -HEIGHT && y < height + HEIGHT) || near <= 0 || given.has(index)) continue;
      const label = this.label(index, x, y, radius * near + 3);
      if (flat && x < width && label.left + label.width > width) {
        atEdge.push([label, x]);
        continue;
      }
      if (!flat && (label.left < 0 || label.left + label.width > width)) continue;
      if (!boxes.take(flat ? label : padded(label))) continue;
      labels.push(label);
      if (!flat && labels.length >= MOST) break;
    }
    // At the right edge a word stands on the other side of its point, if there is room, or else is cut off. After all
    // others, or those would come and go while one pans.
    for (const [label, x] of atEdge) {
      const turned = { ...label, left: 2 * x - label.left - label.width };
      if (boxes.take(turned)) labels.push(turned);
      else if (boxes.take(label)) labels.push(label);
    }
    if (!flat) this.#kept = labels.map(({ index }) => index);
    return { labels, more };
  }

  /** Those that were written come first, so that words do not flicker while all turns. */
  *#whileMoving() {
    const kept = new Set(this.#kept);
    yield* this.#kept;
    for (const index of this.#ranks) if (!kept.has(index)) yield index;
  }

  /** Work out the levels up to one, for a while; tell whether there is more to do. */
  #reach(level, camera, positions) {
    const until = performance.now() + SLICE;
    while (this.#done < level && performance.now() < until) {
      this.#settling ??= this.#settle(this.#done + 1, camera.scale / camera.stance.zoom, positions);
      if (!this.#settling.next().done) continue;
      this.#done += 1;
      this.#settling = null;
    }
    return this.#done < level;
  }

  /** Give room to words on one level: those of lower levels have theirs already. */
  *#settle(level, fit, positions) {
    const zoom = 2 ** (level / PER_DOUBLING);
    const boxes = new Boxes(110, HEIGHT + 2 * AROUND.y);
    const take = (index) => {
      const [x, y] = [positions[2 * index] * fit * zoom, -positions[2 * index + 1] * fit * zoom];
      return boxes.take(padded(this.label(index, x, y, 8)));
    };
    const thought = this.#ranks.subarray(0, Math.max(1, zoom * zoom) * CANDIDATES);
    for (const index of thought) if (this.#levels[index] < level) take(index);
    for (let place = 0; place < thought.length; place += 1) {
      const index = thought[place];
      if (this.#levels[index] === UNKNOWN && take(index)) this.#levels[index] = level;
      if (place % AT_ONCE === 0) yield;
    }
  }
}

/** @param {Label} label @returns {Label} */
function padded({ left, top, width, height, ...rest }) {
  return { ...rest, left: left - AROUND.x, top: top - AROUND.y, width: width + 2 * AROUND.x, height: height + 2 * AROUND.y };
}

/** A word of a file may be as long as a page. @param {string} word */
export function cut(word) {
  return word.length > LONGEST ? `${word.slice(0, LONGEST - 1)}…` : word;
}
