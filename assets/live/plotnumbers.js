/**
 * The numbers of a Plotly figure as a table: what its bindings lead to, before any scale.
 *
 * @typedef {import("./csv.js").Numbers} Numbers
 * @typedef {import("./key.js").Key} Key
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./plots.js").Bind} Bind
 * @typedef {{hidden: Set<number>, weight: number}} Shown  which traces are not seen, and how curves are smoothed
 */
import { byStep, quantileColumn } from "./bystep.js";
import { smooth } from "./curves.js";
import { rows as rowsOf } from "./message.js";
import { wordsOf } from "./tabular.js";

/**
 * Return a row for each step that is known, where the figure shows curves over steps, under the scalars' own names; or
 * else a row for each cell and point of the step shown: `x`, `y`, its `value`, and `of` what it is one: its word, where it has one;
 * the value is then what the key calls its colour.
 *
 * @param {{figure: {data: Record<string, any>[]}, bindings: Bind[], key?: Key | null}} panel
 * @param {Scene} scene
 * @param {Shown} shown
 * @returns {Numbers}
 */
export function plotNumbers(panel, scene, shown) {
  const over = panel.bindings.filter(({ mode }) => ["series", "stack", "spread"].includes(mode));
  return over.length ? overSteps(over, scene, shown) : ofOneStep(panel, scene, shown);
}

/** @param {Bind[]} binds @param {Scene} scene @param {Shown} shown @returns {Numbers} */
function overSteps(binds, scene, { hidden, weight }) {
  /** @type {Map<string, import("./bystep.js").Column>} */
  const columns = new Map();
  const add = (column) => columns.set(column.name, column);
  const steps = scene.all.map((recording) => recording?.series.steps);
  const both = binds.some(({ run }) => run);
  for (const bind of binds.filter(({ trace }) => !hidden.has(trace))) {
    const { mode, array, run } = bind;
    if (mode === "spread") quantileColumn(bind, scene).forEach(add);
    const series = mode === "spread" ? null : scene.all[run ?? 0]?.series;
    if (!series) continue;
    const names = mode === "series" ? [array] : series.names.filter((name) => name.startsWith(`${array}.`));
    for (const name of names) {
      const values = series.column(name);
      if (!values) continue;
      const whose = both ? `${name} ${"AB"[run ?? 0]}` : name;
      add({ name: whose, steps: steps[run ?? 0], values });
      if (weight && mode === "series") add({ name: `${whose} smoothed ${weight}`, steps: steps[run ?? 0], values: smooth(values, weight) });
    }
  }
  return { columns: ["step", ...columns.keys()], rows: byStep([...columns.values()], steps[0]) };
}

/** @param {{figure: {data: Record<string, any>[]}, bindings: Bind[], key?: Key | null}} panel @returns {Numbers} */
function ofOneStep({ figure, bindings, key }, scene, { hidden }) {
  const parts = figure.data.flatMap((trace, index) => {
    if (hidden.has(index)) return [];
    const binds = bindings.filter((bind) => bind.trace === index && bind.mode !== "words");
    /** @type {Record<string, any>} what fills each attribute; what nothing is bound to is as the figure has it */
    const bound = { x: trace.x, y: trace.y, ...Object.fromEntries(binds.map((bind) => [bind.attribute, valuesOf(bind, scene)])) };
    const name = binds.find(({ mode }) => mode === "frame")?.array ?? trace.name ?? `trace ${index}`;
    if (bound.z) return cells(bound, name);
    const words = wordsOf(bindings, index, scene);
    return words && key ? points(kindsNamed(bound, trace.marker, key), words) : points(bound, words ?? name);
  });
  const valued = parts.some(([, , value]) => value !== "");
  const kept = valued ? parts : parts.map(([x, y, , name]) => [x, y, name]);
  return { columns: valued ? ["x", "y", "value", "of"] : ["x", "y", "of"], rows: kept };
}

function valuesOf({ array, mode }, { frame, recording }) {
  const tensor = (mode === "frame" ? frame : recording.opening).arrays.get(array);
  return tensor ? rowsOf(tensor) : undefined;
}

/** @returns {(number | string)[][]} */
function cells({ x, y, z }, name) {
  return z.flatMap((row, up) => Array.from(row, (value, across) => [x?.[across] ?? across, y?.[up] ?? up, value, name]));
}

/**
 * Return what fills the attributes of points with their kinds by name: the number of a kind is the place of its colour on the scale.
 *
 * @param {Record<string, any>} bound @param {{colorscale?: [number, string][]}} marker @param {Key} key
 */
function kindsNamed(bound, { colorscale }, { colours, names }) {
  const kinds = bound["marker.color"];
  if (!kinds || !colorscale) return bound;
  const nameOf = (kind) => names[colours.indexOf(colorscale[kind]?.[1])] ?? kind;
  return { ...bound, "marker.color": Array.from(kinds, nameOf) };
}

/** @returns {(number | string)[][]} */
function points({ x = [], y = [], "marker.color": value }, names) {
  const named = (index) => (typeof names === "string" ? names : names[index]);
  return Array.from(x, (at, index) => [at, y[index], value?.[index] ?? "", named(index)]);
}
