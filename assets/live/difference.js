/**
 * What has changed between two steps: the shown one minus the pinned one, number by number.
 *
 * @typedef {import("./message.js").Tensor} Tensor
 * @typedef {import("./message.js").Message} Message
 */

/** A map has 256 levels, so that of two maps which are equal some cells differ by one. */
export const UNSEEN = 2 / 255;
/** The share of a class's colours that stands for the surest, see Task.surface. */
const SURE = 0.999;

/**
 * Return `shown` minus `pinned`; null where one of them is missing, or they are not of one shape.
 *
 * @param {Tensor | undefined} shown
 * @param {Tensor | undefined} pinned
 * @returns {Tensor | null}
 */
export function subtract(shown, pinned) {
  if (!shown || !pinned || shown.shape.join() !== pinned.shape.join()) return null;
  const values = new /** @type {any} */ (shown.values).constructor(shown.values.length);
  for (let index = 0; index < values.length; index += 1) values[index] = shown.values[index] - pinned.values[index];
  return { shape: shown.shape, values };
}

/**
 * Return where another class wins: the shown one, as sure as can be, and NaN where it is the same as at the pinned step.
 *
 * @param {Tensor | undefined} shown  the whole part of each number is its class, see Task.surface
 * @param {Tensor | undefined} pinned
 * @returns {Tensor | null}
 */
export function changedClasses(shown, pinned) {
  if (!shown || !pinned || shown.shape.join() !== pinned.shape.join()) return null;
  const [now, then] = [shown.values, pinned.values].map((values) => Float32Array.from(values, Math.floor));
  return { shape: shown.shape, values: now.map((winner, index) => (winner === then[index] ? NaN : winner + SURE)) };
}

/**
 * Return the largest absolute value that is a number; 0 where there is none.
 *
 * @param {ArrayLike<number>} values
 * @param {number} [from]
 * @param {number} [to]
 */
export function largest(values, from = 0, to = values.length) {
  let most = 0;
  for (let index = from; index < to; index += 1) {
    const size = Math.abs(values[index]);
    if (size > most && size < Infinity) most = size;
  }
  return most;
}

/**
 * Return how much the map of every neuron has changed, and for each the change that is worth its strongest colour.
 *
 * @param {Message} shown
 * @param {Message} pinned
 * @returns {{change: Tensor, limits: Float64Array} | null}
 */
export function changeOfMaps(shown, pinned) {
  const [now, then] = [activations(shown), activations(pinned)];
  const change = now && then && subtract(now, then);
  if (!change) return null;
  const size = change.values.length / change.shape[0];
  const limits = Float64Array.from({ length: change.shape[0] }, (_, unit) => {
    const range = Math.max(span(shown, unit), span(pinned, unit));
    return Math.max(largest(change.values, unit * size, (unit + 1) * size), range * UNSEEN) || 1;
  });
  return { change, limits };
}

/**
 * Return maps as the numbers that they stand for: a level of 0 for `low`, one of 255 for `high`.
 *
 * @param {Tensor} maps  (units, ...) of levels
 * @param {ArrayLike<number>} low  (units,)
 * @param {ArrayLike<number>} high  (units,)
 * @returns {Tensor}
 */
export function dequantised({ shape, values }, low, high) {
  const size = values.length / (shape[0] || 1);
  const numbers = new Float32Array(values.length);
  for (let unit = 0, place = 0; unit < shape[0]; unit += 1) {
    const step = (high[unit] - low[unit]) / 255;
    for (const end = place + size; place < end; place += 1) numbers[place] = low[unit] + values[place] * step;
  }
  return { shape, values: numbers };
}

/** Return the maps of all neurons as what the neurons put out. */
function activations({ arrays }) {
  const [maps, low, high] = ["maps", "low", "high"].map((field) => arrays.get(`neurons.${field}`));
  return maps && low && high && dequantised(maps, low.values, high.values);
}

function span({ arrays }, unit) {
  const range = arrays.get("neurons.high").values[unit] - arrays.get("neurons.low").values[unit];
  return Number.isFinite(range) ? range : 0;
}
