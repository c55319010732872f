/**
 * Room on the screen: boxes that do not overlap, found fast over a grid of cells.
 *
 * @typedef {object} Box  in CSS pixels, or in any unit that all boxes have in common
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 */
export class Boxes {
  /** @type {Map<number, Box[]>} */
  #cells = new Map();

  /** @param {number} wide  of a cell: about as much as a box has @param {number} high */
  constructor(wide, high) {
    this.wide = wide;
    this.high = high;
  }

  /** Take the room of a box if all of it is free; tell whether it was. @param {Box} box */
  take(box) {
    const cells = this.#cellsOf(box);
    for (const cell of cells) {
      for (const other of this.#cells.get(cell) ?? []) if (overlap(box, other)) return false;
    }
    for (const cell of cells) {
      const list = this.#cells.get(cell);
      if (list) list.push(box);
      else this.#cells.set(cell, [box]);
    }
    return true;
  }

  #cellsOf({ left, top, width, height }) {
    const cells = [];
    for (let row = Math.floor(top / this.high), last = Math.floor((top + height) / this.high); row <= last; row += 1) {
      for (let column = Math.floor(left / this.wide), end = Math.floor((left + width) / this.wide); column <= end; column += 1) {
        cells.push(row * 0x200000 + column);
      }
    }
    return cells;
  }
}

/** @param {Box} one @param {Box} other */
export function overlap(one, other) {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}

/** How wide words are, by their letters: to measure 100,000 words one by one takes too long. */
export class Widths {
  /** @type {Map<string, number>} */
  #letters = new Map();
  #font = "";
  #context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

  /** @param {string} text @param {string} font  as a canvas takes it */
  of(text, font) {
    if (font !== this.#font) {
      this.#letters.clear();
      this.#font = this.#context.font = font;
    }
    // Letters that join with others, and all beyond the older alphabets, are measured as a whole.
    if (!/^[\u0020-\u02af\u0370-\u03ff\u0400-\u04ff]*$/.test(text)) return this.#measured(text);
    let width = 0;
    for (const letter of text) width += this.#measured(letter);
    return width;
  }

  #measured(text) {
    const known = this.#letters.get(text);
    if (known !== undefined) return known;
    const { width } = this.#context.measureText(text);
    this.#letters.set(text, width);
    return width;
  }
}
