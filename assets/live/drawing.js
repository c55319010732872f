/**
 * Drawn points as a short text, and back: the counterpart of `engine/data/drawing.py`, which says how it is written.
 *
 * @typedef {object} Point
 * @property {number} x
 * @property {number} y
 * @property {number} label  its class
 */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const PER_UNIT = 100;
export const SIDE = 1.5;
const HALF = SIDE * PER_UNIT;
const WIDTH = 2 * HALF + 1;

/** @param {string} text  one that was written so @returns {Point[]} */
export function read(text) {
  return text.split(".").flatMap((group, label) =>
    (group.match(/.{3}/g) ?? []).map((letters) => {
      const place = [...letters].reduce((sum, letter) => sum * 64 + ALPHABET.indexOf(letter), 0);
      return { x: ((place % WIDTH) - HALF) / PER_UNIT, y: (Math.floor(place / WIDTH) - HALF) / PER_UNIT, label };
    }),
  );
}

/** @param {Point[]} points */
export function write(points) {
  const groups = Array.from({ length: Math.max(0, ...points.map(({ label }) => label)) + 1 }, () => "");
  for (const { x, y, label } of points) {
    const place = Math.round(y * PER_UNIT + HALF) * WIDTH + Math.round(x * PER_UNIT + HALF);
    groups[label] += ALPHABET[place >> 12] + ALPHABET[(place >> 6) & 63] + ALPHABET[place & 63];
  }
  return groups.join(".");
}

/** Within the plane, on its grid. @param {number} value */
export function onGrid(value) {
  return Math.max(-HALF, Math.min(HALF, Math.round(value * PER_UNIT))) / PER_UNIT;
}
