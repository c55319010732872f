/**
 * A net unrolled over the steps of a sequence: its numbers, what they are drawn as, and what is told of them.
 *
 * @typedef {import("./painter.js").Scene} Scene
 *
 * @typedef {import("./card.js").Panel & {state: string, gradient: string, columns: string, told: string,
 *     layers: string[]}} UnrolledPanel  see engine/figures/panel.py
 *
 * @typedef {object} Kind  numbers of one kind, of all cells
 * @property {ArrayLike<number>} values  of the step shown
 * @property {ArrayLike<number> | null} then  of the step that it is compared with
 * @property {Float64Array} drawn  what colours and widths follow: NaN where they follow nothing
 * @property {[number, number]} ends  of the scale on which that lies
 *
 * @typedef {object} Unrolled
 * @property {number} rows  cells, the first reads what is put in
 * @property {number} columns  steps that are drawn
 * @property {number} stride  numbers of a row
 * @property {string[]} lines  what was read at each step
 * @property {string[]} told  what is told at each step; empty where nothing is asked
 * @property {Kind} state
 * @property {Kind} gradient
 * @property {boolean} changed  whether it is drawn how they have changed
 */
import { exact, whole } from "./numbers.js";
import { linesOf, nameOf, quoted } from "./steps.js";
import { hasReadOther } from "./tensorcells.js";

/** Powers of ten that the scale of gradients has at least: two that are nearly equal are to look so. */
const LEAST_DECADES = 3;
/** The least change of a gradient, in powers of ten, that has the strongest colour. */
const LEAST_CHANGE = 0.1;

/**
 * @param {UnrolledPanel} panel
 * @param {Scene} scene
 * @returns {Unrolled | null} null where there is nothing to be shown
 */
export function readUnrolled(panel, scene) {
  const { frame, pinned } = scene;
  const [state, gradient] = [panel.state, panel.gradient].map((name) => frame.arrays.get(name));
  const [stateThen, gradientThen] = [panel.state, panel.gradient].map((name) => pinned?.arrays.get(name));
  if (!state || !gradient || hasReadOther(panel, scene) || (pinned && !(stateThen && gradientThen))) return null;
  const [rows, stride] = state.shape;
  const lines = linesOf(panel.columns, scene);
  const columns = Math.min(stride, lines.length);
  if (!columns) return null;
  const told = linesOf(panel.told, scene);
  const places = Array.from({ length: rows * columns }, (_, cell) => Math.floor(cell / columns) * stride + (cell % columns));
  return {
    rows, columns, stride, lines, told: lines.map((_, step) => told[step] ?? ""), changed: pinned !== null,
    state: statesOf(state.values, stateThen?.values ?? null, places),
    gradient: gradientsOf(gradient.values, gradientThen?.values ?? null, places),
  };
}

function statesOf(values, then, places) {
  const drawn = Float64Array.from(values, (value, place) => (then ? value - then[place] : value));
  const [, most] = rangeOf(drawn, places, Math.abs);
  return { values, then, drawn, ends: /** @type {[number, number]} */ ([then ? -most : 0, most]) };
}

/** By powers of ten: over many steps a gradient shrinks or grows by a factor at each. */
function gradientsOf(values, then, places) {
  const power = (value) => (value > 0 ? Math.log10(value) : NaN);
  const drawn = Float64Array.from(values, (value, place) => power(value) - (then ? power(then[place]) : 0));
  if (then) {
    const most = Math.max(LEAST_CHANGE, rangeOf(drawn, places, Math.abs)[1]);
    return { values, then, drawn, ends: /** @type {[number, number]} */ ([-most, most]) };
  }
  const [low, high] = rangeOf(drawn, places, (value) => value);
  return { values, then, drawn, ends: /** @type {[number, number]} */ ([Math.min(low, high - LEAST_DECADES), high]) };
}

/** @returns {[number, number]} the least and the most of finite numbers; NaN where there are none */
function rangeOf(values, places, sizeOf) {
  const sizes = places.map((place) => sizeOf(values[place])).filter(Number.isFinite);
  return sizes.length ? [Math.min(...sizes), Math.max(...sizes)] : [NaN, NaN];
}

/** Where the numbers of a cell are. @param {Unrolled} net @param {number} row @param {number} column */
export function placeOf({ stride }, row, column) {
  return row * stride + column;
}

/** What stands at the ends of a scale: of gradients the numbers whose powers of ten it shows. @param {Unrolled} net */
export function endsOf({ state, gradient, changed }) {
  const powers = changed ? gradient.ends : gradient.ends.map((end) => 10 ** end);
  return { state: state.ends, gradient: powers };
}

/**
 * What is told of a cell: where it is, both its numbers, and what the net tells there.
 *
 * @param {Unrolled} net
 * @param {UnrolledPanel} panel
 * @param {number} row
 * @param {number} column
 * @returns {string[]}
 */
export function cellLines(net, panel, row, column) {
  const place = placeOf(net, row, column);
  const told = ({ values, then }) => `${exact(values[place])}${then ? `, was ${exact(then[place])}` : ""}`;
  const lines = [
    `${panel.layers[row] ?? `cell ${row}`} at step ${column}, ${quoted(net.lines[column])}`,
    `state, root mean square: ${told(net.state)}`,
    `gradient |dL/dh|: ${told(net.gradient)}`,
  ];
  return net.told[column] ? [...lines, `the net tells ${quoted(net.told[column])}`] : lines;
}

/** How large it is. @param {Unrolled} net */
export function sizeWords({ rows, columns, lines }) {
  const cells = `${whole(rows)} ${rows === 1 ? "cell" : "cells"}`;
  if (columns < lines.length) return `${cells}, the first ${whole(columns)} of ${whole(lines.length)} steps`;
  return `${cells}, ${whole(columns)} ${columns === 1 ? "step" : "steps"}`;
}

/** @param {Unrolled | null} net @param {UnrolledPanel} panel @returns {import("./csv.js").Numbers} */
export function numbersOf(net, panel) {
  return {
    columns: ["cell", "step", "read", "state", "gradient", "told"],
    rows: cellsOf(net, panel, (name, column, { lines, told }, state, gradient) => [name, column, lines[column], state, gradient, told[column]]),
  };
}

/** The same to be read: a table for each cell, which numbers its rows itself. @param {Unrolled | null} net @param {UnrolledPanel} panel */
export function tableOf(net, panel) {
  const short = (line) => line && quoted(line).slice(1, -1);
  const rows = cellsOf(net, panel, (name, column, { lines, told }, state, gradient) => [
    name, short(lines[column]), state, gradient, told[column] && short(nameOf(told[column])),
  ]);
  return { columns: ["cell", "read", "state", "gradient", "told"], rows, grouped: true };
}

function cellsOf(net, { layers }, rowOf) {
  if (!net) return [];
  const { rows, columns, state, gradient } = net;
  return Array.from({ length: rows * columns }, (_, cell) => {
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    const place = placeOf(net, row, column);
    return rowOf(layers[row] ?? `cell ${row}`, column, net, state.values[place], gradient.values[place]);
  });
}
