/**
 * From scalars over all steps to the attributes of a trace: curves and stacks.
 *
 * @typedef {import("./series.js").Series} Series
 * @typedef {import("./plots.js").Bind} Bind
 */
import { evenly, pick, smooth, thin } from "./curves.js";
import { spread } from "./spread.js";

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

/**
 * Return the attributes of a trace that shows a quantile of one scalar over all runs; none before all have begun.
 *
 * @param {Bind} bind
 * @param {(import("./recording.js").Recording | null)[]} all
 * @returns {Record<string, Float64Array>}
 */
export function spreadUpdate(bind, all) {
  const curves = all.flatMap((recording) => {
    const values = recording?.series.column(bind.array);
    return recording && values?.length ? [{ steps: recording.series.steps, values }] : [];
  });
  if (curves.length < all.length) return {};
  const { x, y } = spread(curves, bind.share);
  return { x, [bind.attribute]: pick(y, null, bind.scale) };
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

/**
 * Return the number behind a point of a figure that was clicked, or null where there is none to tell about: what the
 * first binding of its trace has there.
 *
 * @param {Bind[]} bindings
 * @param {number} trace
 * @param {{x: number, y: any, pointNumber: number | number[]}} point  as Plotly tells of a click
 * @returns {import("./explanation.js").Cell | null}
 */
export function cellOf(bindings, trace, { x, y, pointNumber }) {
  const bind = bindings.find((one) => one.trace === trace && one.mode !== "opening" && one.mode !== "words");
  if (bind?.mode === "spread") return null; // it is of several runs
  if (bind?.mode === "series") return { array: `scalars.${bind.array}`, index: [], step: x, run: bind.run };
  if (bind?.mode === "stack") return { array: `scalars.${bind.array}.${y}`, index: [], step: x };
  return bind ? { array: bind.array, index: [pointNumber].flat() } : null;
}

/**
 * Return the cell of a surface at a place, whatever is drawn above it; null where a figure has no surface.
 *
 * @param {Bind[]} bindings
 * @param {Record<string, any>[]} traces
 * @param {number} x
 * @param {number} y
 * @returns {import("./explanation.js").Cell | null}
 */
export function cellBelow(bindings, traces, x, y) {
  const surface = bindings.find(({ mode, attribute }) => mode === "frame" && attribute === "z");
  if (!surface) return null;
  const { x: columns, y: rows } = traces[surface.trace];
  return { array: surface.array, index: [nearest(rows, y), nearest(columns, x)] };
}

/** @param {ArrayLike<number>} values @param {number} wanted @returns {number} the index of the nearest */
function nearest(values, wanted) {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) {
    if (Math.abs(values[index] - wanted) < Math.abs(values[best] - wanted)) best = index;
  }
  return best;
}
