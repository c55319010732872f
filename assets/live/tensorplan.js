/**
 * Where the cells of a tensor lie, and the names of its rows and columns.
 *
 * @typedef {object} TensorPlan
 * @property {number} wide  CSS pixels of a cell
 * @property {number} high
 * @property {number} left  of the first cell; names of rows lie before it
 * @property {number} top
 * @property {number} length  of the whole, which may be more than there is room
 * @property {number} room  for the names of columns, below the cells
 * @property {boolean} upright  whether these are turned, to be read from below
 * @property {number} each  of so many columns one has its name written
 * @property {number} eachRow  of so many rows
 */
const LARGEST = 32;
/** Of few steps, which are to fill their place, but for a handful. */
const WIDEST = 160;
/** Of a line of names. */
export const LINE = 13;
const APART = 4;
/** Before and behind a name that is turned. */
export const APART_UPRIGHT = 6;
/** CSS pixels: longer names are cut there, and told in full under the pointer. */
const LONGEST_NAME = 60;
const NAMES_SHARE = 0.4;
/** What a letter takes, an emoji say: narrower names than this are never turned. */
const LETTER = 18;
/** Columns that are numbers may be so narrow: of those names some are left out, as on any axis. */
const NARROWEST = 3;
const ROW_SHARE = 0.3;
/** Of rows that are too many for all their names, one in so many is named. */
const EVENLY = [1, 2, 5, 10, 20, 50, 100];

/**
 * @param {{rows: number, columns: number}} grid
 * @param {number} width
 * @param {number} height
 * @returns {TensorPlan} of cells without names, all in sight
 */
export function planCells({ rows, columns }, width, height) {
  const wide = Math.min(LARGEST, width / columns);
  const high = Math.min(LARGEST, height / rows);
  const [left, top] = [(width - wide * columns) / 2, (height - high * rows) / 2];
  return { wide, high, left, top, length: width, room: 0, upright: false, each: 1, eachRow: 1 };
}

/**
 * @param {{rows: string[], columns: string[]}} names  of all rows and columns that are drawn
 * @param {number} width
 * @param {number} height
 * @param {(words: string) => number} measure
 * @returns {TensorPlan} of cells with names
 */
export function planNamed({ rows, columns }, width, height, measure) {
  const left = Math.min(width * ROW_SHARE, widest(rows, measure)) + APART;
  const natural = (width - left) / columns.length;
  const name = Math.min(LONGEST_NAME, widest(columns, measure));
  const lies = name + APART <= natural || name <= LETTER;
  const areNumbers = name > LETTER && columns.every((column) => Number.isFinite(Number(column.replace("−", "-"))));
  const least = lies ? name + APART : areNumbers ? NARROWEST : LINE;
  const wide = Math.max(least, Math.min(natural, Math.max(WIDEST, least)));
  const room = lies ? LINE + APART : Math.min(name + APART_UPRIGHT, height * NAMES_SHARE);
  const high = Math.max(1, Math.min(LARGEST, (height - room) / rows.length));
  return {
    wide, high, left, room, upright: !lies,
    top: Math.max(0, (height - room - high * rows.length) / 2),
    length: left + wide * columns.length,
    each: lies ? 1 : Math.ceil(LINE / wide),
    eachRow: EVENLY.find((each) => each * high >= LINE) ?? rows.length,
  };
}

function widest(names, measure) {
  return names.reduce((most, name) => Math.max(most, measure(name)), 0);
}
