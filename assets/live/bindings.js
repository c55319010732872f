/**
 * From scalars over all steps to the attributes of a trace: curves and stacks.
 *
 * @typedef {import("./series.js").Series} Series
 * @typedef {import("./plots.js").Bind} Bind
 */
import { evenly, pick, smooth, thin } from "./curves.js";

const CURVE_POINTS = 600;
const STACK_COLUMNS = 240;

/**
 * Return the attributes of a trace that shows one scalar over the steps; none where the run has no such scalar.
 *
 * @param {Bind} bind
 * @param {Series} series
 * @param {number} weight  of the smoothing, 0 for none
 * @returns {Record<string, Float64Array | string>}
 */
export function curveUpdate(bind, series, weight) {
  const measured = series.column(bind.array);
  if (!measured) return {};
  const values = weight ? smooth(measured, weight) : measured;
  const kept = thin(values, CURVE_POINTS);
  // A line through one point is nothing to be seen.
  const mode = isLone(values) ? "lines+markers" : "lines";
  return { x: pick(series.steps, kept), [bind.attribute]: pick(values, kept, bind.scale), mode };
}

/** @param {Float64Array} values */
function isLone(values) {
  let points = 0;
  for (let index = 0; index < values.length && points < 2; index += 1) points += Number(Number.isFinite(values[index]));
  return points === 1;
}

/**
 * Return the attributes of a heatmap whose rows are the scalars `array.*` and whose columns are steps.
 *
 * @param {Bind} bind
 * @param {Series} series
 * @returns {Record<string, any>}
 */
export function stackUpdate(bind, series) {
  const prefix = `${bind.array}.`;
  const names = series.names.filter((name) => name.startsWith(prefix));
  const kept = evenly(series.length, STACK_COLUMNS);
  return {
    x: pick(series.steps, kept),
    y: names.map((name) => name.slice(prefix.length)),
    [bind.attribute]: names.map((name) => pick(/** @type {Float64Array} */ (series.column(name)), kept, bind.scale)),
  };
}
