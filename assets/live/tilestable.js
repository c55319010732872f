/**
 * Tiles as rows: all their numbers for a file, and what of them can be read in their place.
 *
 * @typedef {import("./tilesdata.js").Tiles} Tiles
 * @typedef {import("./tilesdata.js").TilesPanel} TilesPanel
 */
import { bare, indexOfTile, placeOf, placeWords, rangeOf } from "./tilesdata.js";

/** Of numbers that are all written out in the table: a page with more of them is slow, and nobody reads them. */
const MOST_CELLS = 1500;
const COLOURS = ["red", "green", "blue"];

/**
 * Return a row for each cell: the array, the indices, the number; of pictures the caption, and a number for each colour.
 *
 * @param {Tiles | null} tiles
 * @param {TilesPanel} panel
 * @returns {import("./csv.js").Numbers}
 */
export function numbersOfTiles(tiles, panel) {
  if (!tiles) return { columns: ["array", "value"], rows: [] };
  const { depth, pictures, values } = tiles;
  const caption = panel.captions ? ["caption"] : [];
  const last = pictures ? (depth === 3 ? COLOURS : ["brightness"]) : ["value"];
  const { axes } = tiles;
  const isCell = axes.length === 1;
  const rows = cellsOf(tiles, (tile, row, column) => {
    const place = placeOf(tiles, tile, row, column);
    const words = panel.captions ? [tiles.captions[tile] ?? ""] : [];
    const within = isCell ? [] : [row, column];
    return [bare(tiles.array), ...indexOfTile(tiles, tile), ...words, ...within, ...values.subarray(place, place + depth)];
  });
  const outer = isCell ? 1 : axes.length - 2;
  return { columns: ["array", ...axes.slice(0, outer), ...caption, ...axes.slice(outer), ...last], rows };
}

/**
 * Return all numbers, a table for each tile, where they are few; else what there is to be said of each tile.
 *
 * @param {Tiles | null} tiles
 * @param {TilesPanel} panel
 * @param {string} name  what the array is called
 * @returns {import("./tabular.js").Table}
 */
export function tableOfTiles(tiles, panel, name) {
  if (!tiles?.count) return { columns: ["array", "what"], rows: panel.empty ? [[name, panel.empty]] : [], grouped: true };
  const { pictures, count, width, height } = tiles;
  if (!pictures && width * height > 1 && tiles.values.length <= MOST_CELLS) return everyCell(tiles, name);
  const { axes } = tiles;
  const last = pictures ? ["brightness"] : width * height > 1 ? ["lowest", "mean", "highest"] : ["value"];
  const caption = panel.captions ? ["caption"] : [];
  const rows = Array.from({ length: count }, (_, tile) => {
    const [low, high] = rangeOf(tiles, tile, tile + 1);
    const told = { brightness: [meanOf(tiles, tile)], value: [tiles.values[tile]], lowest: [low, meanOf(tiles, tile), high] }[last[0]] ?? [];
    // The table numbers its rows itself.
    return [name, ...(axes.length === 4 ? indexOfTile(tiles, tile) : []), ...(panel.captions ? [tiles.captions[tile] ?? ""] : []), ...told];
  });
  return { columns: ["array", ...(axes.length === 4 ? axes.slice(0, 2) : []), ...caption, ...last], rows, grouped: true };
}

function everyCell(tiles, name) {
  const rows = cellsOf(tiles, (tile, row, column) => {
    const group = `${name}, ${placeWords(tiles, indexOfTile(tiles, tile))}`;
    return [group, row, column, tiles.values[placeOf(tiles, tile, row, column)]];
  });
  const [row, column] = tiles.axes.slice(-2);
  return { columns: ["tile", row, column, "value"], rows, grouped: true, across: column };
}

/** @template Row @param {Tiles} tiles @param {(tile: number, row: number, column: number) => Row} rowOf @returns {Row[]} */
function cellsOf({ count, width, height }, rowOf) {
  const size = width * height;
  return Array.from({ length: count * size }, (_, cell) => rowOf(Math.floor(cell / size), Math.floor((cell % size) / width), cell % width));
}

function meanOf({ values, count }, tile) {
  const size = values.length / count;
  return values.subarray(tile * size, (tile + 1) * size).reduce((sum, value) => sum + value, 0) / size;
}
