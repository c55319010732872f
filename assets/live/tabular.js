/**
 * The table behind a plot: its numbers, under the names that a reader knows, read from the same arrays by the same bindings.
 *
 * @typedef {object} Table  what a view shows, to be read in its place: without thinning and with all digits
 * @property {string[]} columns
 * @property {(string | number)[][]} rows  a value for each column
 * @property {boolean} [grouped]  whether the first column tells apart several tables
 * @property {string} [across]  the column whose values are the headings of a grid, where a group fills one; its cells are
 *     the last column
 * @property {string[]} [names]  what the whole part of a cell stands for, where that is a class
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./plots.js").Bind} Bind
 */
import { byStep, quantileColumn } from "./bystep.js";

/**
 * Return the numbers of a plot: a row for each step where it shows scalars over steps, one for each word where it
 * places words, else one for each place that it draws.
 *
 * @param {{figure: {data: Record<string, any>[], layout?: Record<string, any>}, bindings: Bind[], key?: import("./key.js").Key | null}} panel
 * @param {Scene} scene
 * @returns {Table}
 */
export function plotTable(panel, scene) {
  const overSteps = panel.bindings.some(({ mode }) => ["series", "stack", "spread"].includes(mode));
  return overSteps ? overSeries(panel, scene) : ofPlaces(panel, scene);
}

function overSeries({ figure, bindings }, scene) {
  const { tickvals = [], ticktext = [] } = figure.layout?.yaxis ?? {};
  /** @type {import("./bystep.js").Column[]} */
  const columns = [];
  const stepsOf = scene.all.map((recording) => recording?.series.steps);
  for (const bind of bindings) {
    const { mode, array, trace, run } = bind;
    const series = scene.all[run ?? 0]?.series;
    const steps = stepsOf[run ?? 0];
    if (mode === "series") {
      const values = series?.column(array);
      if (values) columns.push({ name: figure.data[trace].name ?? array, steps, values });
    } else if (mode === "spread") {
      const called = bind.share === 0.5 ? [] : [{ name: `${array}, ${bind.share < 0.5 ? "lower" : "upper"} quartile` }];
      for (const column of quantileColumn(bind, scene)) columns.push({ ...column, name: figure.data[trace].name ?? array, ...called[0] });
    } else if (mode === "stack" && series) {
      for (const name of series.names.filter((scalar) => scalar.startsWith(`${array}.`))) {
        const row = name.slice(array.length + 1);
        columns.push({ name: ticktext[tickvals.indexOf(row)] ?? row, steps, values: series.column(name) });
      }
    }
  }
  return { columns: ["step", ...columns.map(({ name }) => name)], rows: byStep(columns, stepsOf[0]) };
}

function ofPlaces({ figure, bindings, key }, scene) {
  const title = (axis) => figure.layout?.[axis]?.title?.text || axis.charAt(0);
  for (const { trace, mode } of bindings) {
    const words = mode === "words" && wordsOf(bindings, trace, scene);
    if (!words) continue;
    const [x, y] = ["x", "y"].map((attribute) => arrayOf(bindings, trace, attribute, scene)?.values ?? []);
    return { columns: ["word", title("xaxis"), title("yaxis")], rows: words.map((word, index) => [word, x[index], y[index]]) };
  }
  const surface = figure.data.find(({ type }) => type === "heatmap");
  // The colours of several classes lie one behind the other, each on a stretch of 1.
  const names = key && !key.bar && surface?.zmax === key.names.length ? key.names : undefined;
  const rows = figure.data.flatMap((trace, index) => {
    const read = (attribute) => arrayOf(bindings, index, attribute, scene);
    const [x, y, z] = [read("x")?.values ?? [], read("y")?.values ?? [], read("z")];
    const name = trace.name ?? "net";
    return z ? gridOf(name, x, y, z) : pointsOf(name, x, y, read("marker.color")?.values);
  });
  const last = surface ? ["value"] : [];
  return { columns: ["what", title("xaxis"), title("yaxis"), ...last], rows, grouped: true, across: title("xaxis"), names };
}

/** From the top down, as it is drawn. */
function gridOf(name, x, y, { values }) {
  const upwards = Array.from(y, (_, row) => row);
  return upwards
    .reverse()
    .flatMap((row) => Array.from(x, (place, column) => [name, place, y[row], values[row * x.length + column]]));
}

function pointsOf(name, x, y, labels) {
  return Array.from(x, (place, index) => [name, place, y[index], ...(labels ? [labels[index]] : [])]);
}

/**
 * Return the words that stand beside the points of a trace, a word for each; nothing where it has none.
 *
 * @param {Bind[]} bindings @param {number} trace @param {Scene} scene
 */
export function wordsOf(bindings, trace, { recording }) {
  const bind = bindings.find((one) => one.trace === trace && one.mode === "words");
  return bind && String(recording.opening.header.words?.[bind.array] ?? "").split("\n");
}

/** @param {Bind[]} bindings @param {number} trace @param {string} attribute @param {Scene} scene */
function arrayOf(bindings, trace, attribute, { recording, frame }) {
  const bind = bindings.find((one) => one.trace === trace && one.attribute === attribute);
  const message = bind?.mode === "opening" ? recording.opening : frame;
  return bind && message.arrays.get(bind.array);
}
