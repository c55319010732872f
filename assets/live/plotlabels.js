/**
 * Which words of a plot are written beside their points, and on which side: no word over another, the first the most
 * important. Points move from frame to frame, so a word stays on its side for as long as it has room there.
 *
 * @typedef {{word: string, x: number, y: number}} Spot  a word, and its point in pixels of the plot
 * @typedef {{text: string[], textposition: string[]}} Written  as Plotly takes them; an empty text where there is no room
 */
import { Boxes, Widths } from "./pointmapboxes.js";

/** As Plotly writes words of 12 pixels: how high, and how far from a point above it, below it and beside it. */
const HEIGHT = 16;
const [ABOVE, BELOW, BESIDE] = [4, 2, 5];
/** Free room between two words. */
const AROUND = 2;
const SIDES = ["top center", "bottom center", "middle right", "middle left", "top right", "top left", "bottom right", "bottom left"];

export class PlotLabels {
  /** @param {{of: (text: string, font: string) => number}} [widths] */
  constructor(widths = new Widths()) {
    this.widths = widths;
    /** @type {string[]} the side of each word, the last on which it was written */
    this.sides = [];
  }

  /** @param {Spot[]} spots @param {{width: number, height: number, font: string}} plot @returns {Written} */
  place(spots, { width, height, font }) {
    const boxes = new Boxes(64, HEIGHT);
    const inside = ({ left, top, width: wide }) => left >= 0 && top >= 0 && left + wide <= width && top + HEIGHT <= height;
    const sides = spots.map(({ word, x, y }, index) => {
      const wide = this.widths.of(word, font) + 2 * AROUND;
      const before = this.sides[index];
      const tried = before ? [before, ...SIDES.filter((side) => side !== before)] : SIDES;
      return tried.find((side) => {
        const box = boxOf(side, x, y, wide);
        return inside(box) && boxes.take(box);
      });
    });
    this.sides = sides.map((side, index) => side ?? this.sides[index] ?? SIDES[0]);
    return { text: spots.map(({ word }, index) => (sides[index] ? word : "")), textposition: [...this.sides] };
  }
}

function boxOf(side, x, y, width) {
  const [up, across] = side.split(" ");
  const top = { top: y - ABOVE - HEIGHT, middle: y - HEIGHT / 2, bottom: y + BELOW }[up];
  const left = { left: x - BESIDE + AROUND - width, center: x - width / 2, right: x + BESIDE - AROUND }[across];
  return { left, top, width, height: HEIGHT };
}
