/**
 * Where the parts of an unrolled net lie: a column for each step, in it from below what is read, a box for each cell,
 * and what is told. Two cells that read the same from both ends stand beside each other, and share what leads in and out.
 *
 * @typedef {{x: number, y: number, wide: number, high: number}} Box  its middle, and how large it is
 *
 * @typedef {object} UnrolledPlan
 * @property {number} pitch  CSS pixels from one step to the next
 * @property {number} left  of the first step; the names of cells lie before it
 * @property {number} length  of the whole, which may be more than there is room
 * @property {number} read  the middle of the line of what is read
 * @property {number} told  the middle of the line of what is told
 * @property {number[][]} levels  the cells that read the same, from the input up
 * @property {(row: number, column: number) => Box} boxOf
 * @property {(row: number) => number} onward  how many steps its state goes: 1, or -1 of a cell that reads from the end
 * @property {(x: number, y: number) => Spot | null} spotAt
 *
 * @typedef {{row: number, column: number, on: "state" | "gradient"}} Spot  a box, or the arrow that leads out of it
 */
const NARROWEST = 26;
const WIDEST = 120;
const LONGEST_NAME = 72;
const NAME_SHARE = 0.24;
const APART = 8;
/** For a line of words, and for the arrow between it and the boxes. */
const LINE = 16;
const ARROW = 16;
/** Of the step's column, for one cell and for each of two. */
const BOX = { one: 0.5, two: 0.36, aside: 0.21 };
const LARGEST_BOX = { wide: 44, high: 32 };

/**
 * @param {{layers: string[], rows: number, steps: string[]}} net  `steps`: all words that are written below and above
 * @param {number} columns  steps
 * @param {number} width
 * @param {number} height
 * @param {(words: string) => number} measure
 * @returns {UnrolledPlan}
 */
export function planUnrolled({ layers, rows, steps }, columns, width, height, measure) {
  const widest = (names) => names.reduce((most, name) => Math.max(most, measure(name)), 0);
  const left = Math.min(width * NAME_SHARE, widest(layers)) + APART;
  const name = Math.min(LONGEST_NAME, widest(steps)) + APART;
  const pitch = Math.max(NARROWEST, name, Math.min(WIDEST, (width - left) / columns));
  const levels = levelsOf(layers, rows);
  const room = LINE + ARROW;
  const band = Math.max(1, (height - 2 * room) / rows);
  const isBack = (row) => isFromEnd(layers[row]);
  const asideOf = (row) => {
    const { length } = levels.find((level) => level.includes(row)) ?? [];
    return length === 2 ? (isBack(row) ? BOX.aside : -BOX.aside) : 0;
  };
  const boxOf = (row, column) => {
    const aside = asideOf(row);
    return {
      x: left + (column + 0.5 + aside) * pitch,
      y: height - room - (row + 0.5) * band,
      wide: Math.min(LARGEST_BOX.wide, pitch * (aside ? BOX.two : BOX.one)),
      high: Math.min(LARGEST_BOX.high, band * 0.55),
    };
  };
  const onward = (row) => (isBack(row) ? -1 : 1);
  return {
    pitch, left, levels, boxOf, onward, length: left + pitch * columns, read: height - LINE / 2, told: LINE / 2,
    spotAt: (x, y) => {
      const [row, column] = [Math.floor((height - room - y) / band), Math.floor((x - left) / pitch)];
      if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
      return spotIn(boxOf(row, column), x, row, column, onward(row), columns);
    },
  };
}

/** Tell whether a cell reads from the end. @param {string | undefined} layer */
export function isFromEnd(layer) {
  return Boolean(layer?.endsWith(".back"));
}

/** Which cells read the same: each alone, but for one that reads from the end, with the one before it. */
function levelsOf(layers, rows) {
  /** @type {number[][]} */
  const levels = [];
  for (let row = 0; row < rows; row += 1) {
    const last = levels[levels.length - 1];
    if (isFromEnd(layers[row]) && last?.length === 1 && !isFromEnd(layers[last[0]])) last.push(row);
    else levels.push([row]);
  }
  return levels;
}

/** Beside a box lies the arrow out of it, or that out of its neighbour. @returns {Spot} */
function spotIn({ x: middle, wide }, x, row, column, onward, columns) {
  if (Math.abs(x - middle) <= wide / 2) return { row, column, on: "state" };
  const side = Math.sign(x - middle);
  const from = side === onward ? column : column + side;
  const isThere = from >= 0 && from < columns && from + onward >= 0 && from + onward < columns;
  return isThere ? { row, column: from, on: "gradient" } : { row, column, on: "state" };
}
