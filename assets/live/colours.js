/**
 * Colours of numbers. They can be told apart with any kind of colour vision: blue for below zero, orange for above,
 * both the stronger the further and nothing but the page's own paper at zero, so that a picture means the same in the
 * light and the dark theme; cividis for sizes.
 */

/** The two colours of engine/figures/style.py, DIVERGING. */
const BELOW = "0, 114, 178";
const ABOVE = "230, 159, 0";
const SEQUENTIAL = ["#00224e", "#1d3a6d", "#434f6b", "#646770", "#838079", "#a39a76", "#c7b76b", "#eed756", "#fee838"];

export const NEGATIVE = "#2f8fce";
export const POSITIVE = "#e8871e";
/** A cell that is no number is none of a scale's colours. */
export const BROKEN = "#d55e00";

/**
 * @typedef {object} ColourTable
 * @property {Uint32Array} pixels  as ImageData keeps them
 * @property {string[]} names  the same for `fillStyle`
 */

/** @type {[number, string][]} of Plotly's kind */
export const divergingStops = [
  [0, `rgb(${BELOW})`],
  [0.5, `rgba(${BELOW}, 0)`],
  [0.5, `rgba(${ABOVE}, 0)`],
  [1, `rgb(${ABOVE})`],
];
/** 256 colours from the most negative over zero (in the middle, transparent) to the most positive. */
export const diverging = tableOf(divergingStops, 256);
/** 256 colours from nothing to the largest. */
export const sequential = tableOf(evenStops(SEQUENTIAL), 256);

/**
 * Return a colour scale as a table. Two stops at one place make a sharp edge.
 *
 * @param {[number, string][]} stops  as Plotly's: places from 0 to 1, ascending, each with a CSS colour
 * @param {number} size
 * @returns {ColourTable}
 */
export function tableOf(stops, size) {
  const pixels = new Uint32Array(size);
  const bytes = new Uint8ClampedArray(pixels.buffer);
  const names = [];
  const channels = stops.map(([, colour]) => channelsOf(colour));
  for (let index = 0; index < size; index += 1) {
    const place = (index + 0.5) / size;
    const after = Math.max(1, stops.findIndex(([end]) => end >= place));
    const [start, end] = [stops[after - 1][0], stops[after][0]];
    const share = end > start ? Math.max(0, (place - start) / (end - start)) : 1;
    const [red, green, blue, alpha] = channels[after - 1].map((low, channel) => low + (channels[after][channel] - low) * share);
    bytes.set([red, green, blue, alpha * 255], index * 4);
    names.push(`rgba(${bytes.slice(index * 4, index * 4 + 3).join()}, ${alpha})`);
  }
  return { pixels, names };
}

/** @param {string[]} colours @returns {[number, string][]} */
function evenStops(colours) {
  return colours.map((colour, index) => [index / (colours.length - 1), colour]);
}

/** Return red, green, blue (0 to 255) and alpha (0 to 1); a canvas brings every CSS colour into one of two forms. */
function channelsOf(colour) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.fillStyle = colour;
  const form = String(context.fillStyle);
  if (form.startsWith("#")) return [...[1, 3, 5].map((at) => parseInt(form.slice(at, at + 2), 16)), 1];
  return (form.match(/[\d.]+/g) ?? ["0", "0", "0", "0"]).map(Number);
}

/**
 * Return the place of a value in a table of 256 colours.
 *
 * @param {number} value
 * @param {number} low  of the first colour
 * @param {number} high  of the last colour
 */
export function indexOf(value, low, high) {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.max(0, Math.min(255, Math.round(share * 255)));
}
