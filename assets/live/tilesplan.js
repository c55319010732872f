/**
 * Where tiles lie: in lines that wrap, those of one unit beside each other below its number, all on one whole zoom.
 *
 * @typedef {import("./tilesdata.js").Tiles} Tiles
 *
 * @typedef {object} Box
 * @property {number} x
 * @property {number} y
 * @property {number} wide
 * @property {number} high
 *
 * @typedef {object} Plan
 * @property {number} zoom  CSS pixels of a cell
 * @property {number} height  CSS pixels of all
 * @property {number} perLine  tiles of a line
 * @property {number} lines  of the tiles of a unit
 * @property {boolean} numbered  whether there is room for the number of its unit before each group
 * @property {(tile: number) => Box} boxOf
 * @property {(x: number, y: number) => {tile: number, row: number, column: number} | null} cellAt
 * @property {(top: number, bottom: number) => [number, number]} between  the first tile that can be seen, and the one
 *     after the last
 */

/** A tile is not larger than this, nor is a cell, in CSS pixels. */
const LARGEST_TILE = 192;
const LARGEST_CELL = 32;
/** A tile is not smaller than this: a kernel of 5 × 5 has 6 pixels a cell. */
const SMALLEST_TILE = 30;
const MOST_NEEDED = 6;
/** A cell of a map has two pixels, but where one map would fill the card. */
const SMALLEST_CELL = 2;
const LARGEST_OF_TWO = 160;
/** A unit alone is one cell, which is to be seen and hit. */
const SMALLEST_UNIT = 10;
/** Pictures are about so wide however many there are: they do not jump when one comes or goes. */
const PICTURE = 96;
const PICTURE_GAP = 12;
/** Two lines of a caption. */
const CAPTION = 34;
const DIGIT = 7;
/** Around all, so that the mark around a tile at the edge is not cut off. */
const PAD = 3;
const NUMBER_GAP = 6;

/**
 * @param {Tiles} tiles
 * @param {number} width  CSS pixels of the place
 * @param {number} height
 * @returns {Plan}
 */
export function planTiles(tiles, width, height) {
  return padded(planWithin(tiles, width - 2 * PAD, height - 2 * PAD));
}

/** @param {Plan} plan @returns {Plan} */
function padded(plan) {
  return {
    ...plan,
    height: plan.height + 2 * PAD,
    boxOf: (tile) => {
      const box = plan.boxOf(tile);
      return { ...box, x: box.x + PAD, y: box.y + PAD };
    },
    cellAt: (x, y) => plan.cellAt(x - PAD, y - PAD),
    between: (top, bottom) => plan.between(top - PAD, bottom - PAD),
  };
}

function planWithin(tiles, width, height) {
  const side = Math.max(tiles.width, tiles.height, 1);
  const fits = (zoom) => zoom * tiles.width <= width;
  if (tiles.single) return planAt(tiles, Math.max(1, Math.floor((height - CAPTION) / side)), width, 0, fits);
  if (tiles.pictures) return planAt(tiles, Math.max(1, Math.round(PICTURE / side)), width, 0, fits);
  const cell = SMALLEST_CELL * side <= LARGEST_OF_TWO ? SMALLEST_CELL : 1;
  const usual = tiles.shape.length === 1 ? SMALLEST_UNIT : clamped(Math.ceil(SMALLEST_TILE / side), cell, MOST_NEEDED);
  const inOneLine = (zoom) => planAt(tiles, zoom, width, height, fits).lines === 1;
  // A line for each unit makes rows and columns of them all: for that its cells may be as small as can be.
  const smallest = usual === SMALLEST_CELL && !inOneLine(usual) && inOneLine(1) ? 1 : usual;
  let zoom = Math.max(smallest, Math.min(LARGEST_CELL, Math.floor(LARGEST_TILE / side)));
  while (zoom > smallest && !(fits(zoom) && planAt(tiles, zoom, width, height, fits).height <= height)) zoom -= 1;
  return planAt(tiles, zoom, width, height, fits);
}

function clamped(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

/** @returns {Plan} */
function planAt(tiles, wanted, width, height, fits) {
  const { groups, across, count } = tiles;
  // Where not even one fits, it is made smaller: nothing scrolls sideways.
  const zoom = fits(wanted) ? wanted : Math.floor(width / tiles.width) || width / tiles.width;
  const [wide, high] = [tiles.width * zoom, tiles.height * zoom];
  const gap = tiles.pictures ? PICTURE_GAP : gapOf(tiles, Math.max(wide, high));
  const numbered = across > 1;
  const apart = numbered ? { x: 20, y: 10 } : { x: gap, y: gap };
  const gutter = numbered ? String(groups - 1).length * DIGIT + NUMBER_GAP : 0;
  const step = { x: wide + gap, y: high + gap + (tiles.captions.length ? CAPTION : 0) };

  const room = Math.max(1, Math.floor((width - gutter + gap) / step.x));
  const inGroup = evenly(across, room);
  const linesOfGroup = Math.ceil(across / inGroup) || 1;
  const group = { x: gutter + inGroup * step.x - gap + apart.x, y: linesOfGroup * step.y - gap + apart.y };
  const fit = Math.max(1, Math.floor((width + apart.x) / group.x));
  // Pictures come and go: each line is filled before the next.
  const perLine = tiles.pictures ? fit : evenly(groups, fit);
  const lines = Math.ceil(groups / perLine);

  const all = { x: Math.min(perLine, groups) * group.x - apart.x, y: Math.max(0, lines * group.y - apart.y) };
  const left = tiles.pictures ? 0 : Math.max(0, Math.floor((width - all.x) / 2));
  const top = tiles.pictures ? 0 : Math.max(0, Math.floor((height - all.y) / 2));
  const boxOf = (tile) => {
    const [unit, channel] = [Math.floor(tile / across), tile % across];
    return {
      x: left + (unit % perLine) * group.x + gutter + (channel % inGroup) * step.x,
      y: top + Math.floor(unit / perLine) * group.y + Math.floor(channel / inGroup) * step.y,
      wide, high,
    };
  };
  const cellAt = (x, y) => {
    const [line, place] = [Math.floor((y - top) / group.y), Math.floor((x - left) / group.x)];
    const inX = Math.floor((x - left - place * group.x - gutter) / step.x);
    const channel = Math.floor((y - top - line * group.y) / step.y) * inGroup + inX;
    const tile = (line * perLine + place) * across + channel;
    if (Math.min(line, place, inX, channel) < 0 || place >= perLine || inX >= inGroup || channel >= across || tile >= count) return null;
    const box = boxOf(tile);
    const [row, column] = [Math.floor((y - box.y) / zoom), Math.floor((x - box.x) / zoom)];
    return row < tiles.height && column < tiles.width ? { tile, row, column } : null;
  };
  const seen = (from, to) => {
    const first = Math.max(0, Math.floor((from - top) / group.y));
    const last = Math.max(first, Math.ceil((to - top) / group.y));
    return /** @type {[number, number]} */ ([first, last].map((line) => Math.min(count, line * perLine * across)));
  };
  return { zoom, height: all.y, perLine: numbered ? across : perLine, lines: linesOfGroup, numbered, boxOf, cellAt, between: seen };
}

/** The wider the larger the tile: many of its cells have the colour of the page, and its end is to be seen. */
function gapOf({ width, height }, side) {
  return width * height > 1 ? clamped(Math.round(side / 8), 4, 8) : 2;
}

/** How many stand in each line where at most `room` may, so that the lines are about as long as each other. */
function evenly(count, room) {
  return Math.max(1, Math.ceil(count / Math.ceil(count / room || 1)));
}
