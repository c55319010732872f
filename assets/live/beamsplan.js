/**
 * Where the branches of a beam search lie: a column for each symbol, in it the likeliest beginning on top.
 *
 * @typedef {{x: number, y: number, wide: number, high: number}} Box  its left and top, and how large it is
 *
 * @typedef {object} BeamsPlan
 * @property {number} pitch  CSS pixels from one column to the next
 * @property {number} length  of the whole, which may be more than there is room
 * @property {number} left  nothing covers the picture there
 * @property {(branch: {row: number, column: number}) => Box} boxOf
 * @property {(x: number, y: number) => {row: number, column: number, on: "total" | "cost"} | null} spotAt
 */
/** For the line that leads to a box. */
const WAY = 36;
const INSIDE = 12;
const APART = 12;
const LONGEST_NAME = 72;
const TALLEST = 40;
const EDGE = 4;

/**
 * @param {{columns: unknown[][], rows: number}} tree
 * @param {{names: string[], numbers: string[]}} written  in the boxes
 * @param {number} width
 * @param {number} height
 * @param {(words: string) => number} measure
 * @returns {BeamsPlan}
 */
export function planBeams({ columns, rows }, { names, numbers }, width, height, measure) {
  const widest = (all) => all.reduce((most, words) => Math.max(most, measure(words)), 0);
  const wide = Math.ceil(Math.min(LONGEST_NAME, widest(names)) + APART + widest(numbers) + INSIDE);
  const band = Math.max(1, Math.min(TALLEST, (height - 2 * EDGE) / rows));
  const pitch = WAY + wide;
  const boxOf = ({ row, column }) => ({
    x: WAY + column * pitch,
    y: EDGE + (row + 0.12) * band,
    wide,
    high: band * 0.76,
  });
  return {
    pitch, boxOf, length: columns.length * pitch + EDGE, left: 0,
    spotAt: (x, y) => {
      const [row, column] = [Math.floor((y - EDGE) / band), Math.floor(x / pitch)];
      if (row < 0 || column < 0 || row >= (columns[column]?.length ?? 0)) return null;
      return { row, column, on: x < column * pitch + WAY ? "cost" : "total" };
    },
  };
}
