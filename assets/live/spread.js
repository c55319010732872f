/**
 * Median and quartiles of one scalar over several runs.
 *
 * Runs are measured at steps of their own: between two of them a curve is a straight line, as it is drawn.
 *
 * @typedef {{steps: ArrayLike<number>, values: ArrayLike<number>}} Curve  steps ascending
 */
import { evenly } from "./curves.js";
import { nearestAtOrBefore } from "./series.js";

const COLUMNS = 240;

/**
 * Return the quantile `share` of all curves, at steps of the first that all of them have reached.
 *
 * @param {Curve[]} curves
 * @param {number} share  0.5 for the median
 * @returns {{x: Float64Array, y: Float64Array}}
 */
export function spread(curves, share) {
  const steps = sharedSteps(curves);
  return { x: steps, y: steps.map((step) => quantile(curves.map((curve) => at(curve, step)), share)) };
}

/** @param {Curve[]} curves */
function sharedSteps(curves) {
  const ends = curves.map(({ steps }) => (steps.length ? steps[steps.length - 1] : -1));
  const { steps } = curves[0];
  const count = nearestAtOrBefore(steps, Math.min(...ends)) + 1;
  return Float64Array.from(evenly(count, COLUMNS), (index) => steps[index]);
}

/** @param {Curve} curve @param {number} step  no further than the curve goes */
function at({ steps, values }, step) {
  const before = Math.max(0, nearestAtOrBefore(steps, step));
  if (steps[before] >= step) return values[before];
  const share = (step - steps[before]) / (steps[before + 1] - steps[before]);
  return values[before] + (values[before + 1] - values[before]) * share;
}

/**
 * Return a quantile, between two values where it falls there; NaN where one of them is no number.
 *
 * @param {number[]} values
 * @param {number} share
 */
export function quantile(values, share) {
  if (!values.length || values.some(Number.isNaN)) return NaN;
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const rest = place - low;
  return rest ? sorted[low] + (sorted[low + 1] - sorted[low]) * rest : sorted[low];
}
