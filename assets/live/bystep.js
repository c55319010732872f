/** Scalars over steps as rows of a table: of one run, or of several that were measured at steps of their own. */
import { spreadUpdate } from "./bindings.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {ArrayLike<number>} steps  ascending
 * @property {ArrayLike<number>} values
 */

/**
 * Return a row for each step at which one of the columns has a number, the step first; NaN where another has none.
 *
 * @param {Column[]} columns
 * @param {ArrayLike<number>} [steps]  what rows there are where there are no columns
 * @returns {number[][]}
 */
export function byStep(columns, steps = []) {
  const ways = [...new Set(columns.map((column) => column.steps))];
  if (ways.length < 2) return Array.from(ways[0] ?? steps, (step, row) => [step, ...columns.map(({ values }) => values[row])]);
  const places = new Map(ways.map((way) => [way, new Map(Array.from(way, (step, row) => [step, row]))]));
  const all = [...new Set(ways.flatMap((way) => [...way]))].sort((one, other) => one - other);
  const at = ({ steps: way, values }, step) => values[places.get(way)?.get(step) ?? -1] ?? NaN;
  return all.map((step) => [step, ...columns.map((column) => at(column, step))]);
}

/**
 * Return the column of a quantile over several runs; none while it cannot be told.
 *
 * @param {import("./plots.js").Bind} bind
 * @param {import("./painter.js").Scene} scene
 * @returns {Column[]}
 */
export function quantileColumn(bind, { all }) {
  const { x, [bind.attribute]: values } = spreadUpdate({ ...bind, scale: "linear" }, all);
  return x ? [{ name: `${bind.array} quantile ${bind.share}`, steps: x, values }] : [];
}
