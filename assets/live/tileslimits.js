/**
 * Which numbers get the first and the last colour: those of each tile, of one layer, or of all layers of the choice.
 *
 * @typedef {import("./tilesdata.js").Tiles} Tiles
 * @typedef {"tile" | "layer" | "net"} Scale
 */
import { rangeOf } from "./tilesdata.js";

/** @type {[Scale, string][]} */
export const SCALES = [["tile", "Each tile"], ["layer", "This layer"], ["net", "Whole net"]];

/**
 * @param {Scale} scale
 * @param {Tiles} tiles
 * @param {() => Tiles[]} all  the tiles of every array of the choice
 * @returns {(tile: number) => [number, number]}
 */
export function limitsOf(scale, tiles, all) {
  if (scale === "tile") return (tile) => fitted(rangeOf(tiles, tile, tile + 1), tiles.signed, tiles.least?.[tile]);
  const shown = scale === "net" ? all() : [tiles];
  const ranges = shown.map((one) => rangeOf(one)).filter(([low]) => !Number.isNaN(low));
  const least = Math.max(0, ...shown.flatMap((one) => Array.from(one.least ?? [])));
  const limits = fitted(ranges.length ? joined(ranges) : [NaN, NaN], tiles.signed, least);
  return () => limits;
}

function joined(ranges) {
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

/** A change that the levels in which numbers are sent could have made is not worth the strongest colour. */
function fitted([low, high], isSigned, least = 0) {
  if (!isSigned || Number.isNaN(low)) return [low, high];
  const largest = Math.max(Math.abs(low), Math.abs(high), least);
  return [-largest, largest];
}
