/**
 * One array of a frame as tiles: small pictures of one size, each of the numbers of one channel, one unit or one image.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./message.js").Message} Message
 * @typedef {import("./message.js").Tensor} Tensor
 *
 * @typedef {import("./card.js").Panel & {arrays: string[], names: string[], signed: boolean, low: string, high: string,
 *     pictures: boolean, captions: string, single: boolean, empty: string, cropped: boolean, why: string[],
 *     axes: string[], sets: string[],
 *     along: Record<string, string>[], chosen: string}} TilesPanel  see engine/figures/panel.py
 *
 * @typedef {object} Tiles
 * @property {string} array  by its full name
 * @property {number[]} shape  of the array
 * @property {number} groups  units whose tiles belong together; each a group of its own where nothing parts them
 * @property {number} across  tiles of a group
 * @property {number} count  of all tiles
 * @property {number} height  cells of a tile
 * @property {number} width
 * @property {number} depth  numbers of a cell: 3 where it is a colour
 * @property {import("./message.js").Numbers} values
 * @property {boolean} pictures  whether the numbers are brightnesses, from 0 to 255
 * @property {boolean} single  whether there is always one picture
 * @property {boolean} changed  whether they say how much has changed
 * @property {boolean} signed  whether 0 is the middle of their scale
 * @property {ArrayLike<number> | null} least  of each tile, where it was sent in levels: a change that is no more than noise
 * @property {string[]} captions
 * @property {string[]} axes  what the axes of the array are called, the last of them those within a tile
 * @property {number} chosen  the tile at which the lab looks, −1 where it is none of these
 */
import { dequantised, subtract, UNSEEN } from "./difference.js";

/**
 * Return an array of the step shown as tiles, or how it has changed where a step is pinned; null where it is not there
 * or of no shape that has tiles. Pictures of two steps are of different things: they are shown as they are.
 *
 * @param {TilesPanel} panel
 * @param {string} array
 * @param {Scene} scene
 * @returns {Tiles | null}
 */
export function readTiles(panel, array, { frame, pinned }) {
  const isChange = pinned !== null && !panel.pictures;
  const now = numbersOf(panel, array, frame);
  const whole = isChange ? subtract(now, numbersOf(panel, array, pinned)) : now;
  const tensor = whole && panel.cropped ? withoutEnd(whole) : whole;
  const form = tensor && formOf(tensor.shape, panel.pictures);
  if (!tensor || !form) return null;
  return {
    array, shape: tensor.shape, values: tensor.values, ...form,
    pictures: panel.pictures, single: panel.single, changed: isChange, signed: panel.signed || isChange,
    least: isChange && panel.low ? leastOf(panel, array, [frame, pinned]) : null,
    captions: panel.captions ? String(frame.header.words?.[panel.captions] ?? "").split("\n") : [],
    axes: panel.axes.length ? panel.axes : usualAxes(tensor.shape, panel.pictures),
    chosen: panel.chosen ? tileOf(frame.header.words?.[panel.chosen], array, form) : -1,
  };
}

/** The name that an array has in the net: without the name of the reading that carries it. @param {string} array */
export function bare(array) {
  return array.slice(array.indexOf(".") + 1);
}

/** The place of a cell among all values. @param {Tiles} tiles @param {number} tile @param {number} row @param {number} column */
export function placeOf({ height, width, depth }, tile, row, column) {
  return ((tile * height + row) * width + column) * depth;
}

/**
 * The indices of a cell in its array; of a colour the first number stands for all.
 *
 * @param {Tiles} tiles @param {number} tile @param {number} row @param {number} column
 */
export function indexOfCell({ shape, across, pictures }, tile, row, column) {
  if (shape.length === 1) return [tile];
  if (pictures) return [tile, row, column, 0];
  return shape.length === 3 ? [tile, row, column] : [Math.floor(tile / across), tile % across, row, column];
}

/** Say which tile it is, `unit 3, channel 0`, or which cell of it. @param {Tiles} tiles @param {number[]} index */
export function placeWords({ axes }, index) {
  return axes.slice(0, index.length).map((axis, place) => `${axis} ${index[place]}`).join(", ");
}

/** The indices of a tile. @param {Tiles} tiles @param {number} tile */
export function indexOfTile(tiles, tile) {
  const { length } = tiles.axes;
  return indexOfCell(tiles, tile, 0, 0).slice(0, length === 1 ? 1 : length - 2);
}

/**
 * Return the smallest and the largest number of some tiles, of those that are numbers.
 *
 * @param {Tiles} tiles @param {number} [from] @param {number} [to]
 * @returns {[number, number]}  NaN where there is none
 */
export function rangeOf({ values, count }, from = 0, to = count) {
  const size = count ? values.length / count : 0;
  let low = Infinity;
  let high = -Infinity;
  for (let place = from * size; place < to * size; place += 1) {
    const value = values[place];
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low > high ? [NaN, NaN] : [low, high];
}

/**
 * The settings by which a lab is brought to look at a tile; none where it has none.
 *
 * @param {TilesPanel} panel @param {Tiles} tiles @param {number} tile
 * @returns {Record<string, string>}
 */
export function settingsOf({ sets, along, arrays }, tiles, tile) {
  const index = indexOfTile(tiles, tile);
  const own = sets.map((name, axis) => [name, String(index[axis])]);
  return { ...along[arrays.indexOf(tiles.array)], ...Object.fromEntries(own) };
}

function usualAxes(shape, isPictures) {
  if (isPictures) return ["picture", "row", "column"];
  return { 1: ["unit"], 3: ["channel", "row", "column"] }[shape.length] ?? ["unit", "channel", "row", "column"];
}

/** The tile of which words say `decoder.attention 1 0`: an array, and the tile's indices. */
function tileOf(words, array, { groups, across }) {
  const [name, unit, channel] = String(words ?? "").split(" ");
  const isHere = name === bare(array) && Number(unit) < groups && Number(channel) < across;
  return isHere ? Number(unit) * across + Number(channel) : -1;
}

/** @returns {Tensor | undefined} an array in the units of what it shows @param {TilesPanel} panel @param {string} array @param {Message} message */
function numbersOf(panel, array, { arrays }) {
  const tensor = arrays.get(array);
  if (!panel.low) return tensor;
  const [low, high] = companions(panel, array).map((name) => arrays.get(name));
  return tensor && low && high && dequantised(tensor, low.values, high.values);
}

/**
 * Return numbers without the last rows and columns in which no tile has one: no more than that was read. What is no
 * number everywhere stays, to be seen.
 *
 * @param {Tensor} tensor
 */
function withoutEnd(tensor) {
  const { shape, values } = tensor;
  const [high, wide] = shape.slice(-2);
  let [rows, columns] = [0, 0];
  for (let place = 0; place < values.length; place += 1) {
    if (Number.isNaN(values[place])) continue;
    rows = Math.max(rows, (Math.floor(place / wide) % high) + 1);
    columns = Math.max(columns, (place % wide) + 1);
  }
  if (!rows || (rows === high && columns === wide)) return tensor;
  const count = values.length / (high * wide);
  const placeOfOld = (place) => (Math.floor(place / columns / rows) * high + (Math.floor(place / columns) % rows)) * wide + (place % columns);
  const kept = Float32Array.from({ length: count * rows * columns }, (_, place) => values[placeOfOld(place)]);
  return { ...tensor, shape: [...shape.slice(0, -2), rows, columns], values: kept };
}

/** The full names of the arrays that tell the lowest and the highest number of each tile. */
function companions({ low, high }, array) {
  return [low, high].map((reading) => `${reading}.${bare(array)}`);
}

function leastOf(panel, array, messages) {
  const [[low, high], [lowThen, highThen]] = messages.map(({ arrays }) => companions(panel, array).map((name) => arrays.get(name).values));
  return Float64Array.from(low, (_, tile) => Math.max(high[tile] - low[tile], highThen[tile] - lowThen[tile]) * UNSEEN || 0);
}

function formOf(shape, pictures) {
  const [first, second = 1, third = 1, fourth = 1] = shape;
  if (pictures) {
    const isOne = shape.length === 4 && (fourth === 1 || fourth === 3);
    return isOne ? { groups: first, across: 1, count: first, height: second, width: third, depth: fourth } : null;
  }
  if (shape.length === 4) return { groups: first, across: second, count: first * second, height: third, width: fourth, depth: 1 };
  const isFlat = shape.length === 1;
  return isFlat || shape.length === 3 ? { groups: first, across: 1, count: first, height: second, width: third, depth: 1 } : null;
}
