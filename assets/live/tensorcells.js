/**
 * The cells of a tensor: in rows and columns, in words, and as rows of a table.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./message.js").Tensor} Tensor
 *
 * @typedef {import("./card.js").Panel & {array: string, tensors: string[], signed: boolean | string[], names: string[],
 *     rows: string[] | string, columns: string, texts: string, axes: [string, string] | null, why: string[]}} TensorPanel  see engine/figures/panel.py
 *
 * @typedef {object} Cells  what is drawn of a tensor
 * @property {string} array  by its full name
 * @property {string} name  what it is called
 * @property {Tensor} tensor
 * @property {number} rows
 * @property {number} columns  of the tensor, or of them those of the steps that were read
 * @property {number} stride  numbers of a row of the tensor
 * @property {string[] | null} lines  what was read at each step; null of a tensor that is not over steps
 * @property {string[]} named  the names of the rows, where they have some
 * @property {string[]} texts  what is written in the cells, row by row; empty where nothing is
 * @property {number} low  the lowest of the numbers that are drawn, NaN where there is none
 * @property {number} high
 * @property {boolean} changed  whether they say how much has changed
 */
import { subtract } from "./difference.js";
import { exact, signed, whole } from "./numbers.js";
import { linesOf, nameOf, quoted } from "./steps.js";

/**
 * Return how many rows and columns the picture of a tensor has: a vector is one row, further dimensions lie beside
 * each other.
 *
 * @param {Tensor} tensor
 */
export function gridOf({ shape, values }) {
  const rows = shape.length < 2 ? 1 : shape[0];
  return { rows, columns: rows ? values.length / rows : 0 };
}

/**
 * Return a tensor of the step shown, or how it has changed where a step is pinned; null where it is not there, or
 * nothing was read.
 *
 * @param {TensorPanel} panel
 * @param {number} choice  which of the panel's
 * @param {Scene} scene
 * @returns {Cells | null}
 */
export function readCells(panel, choice, scene) {
  const tensorName = panel.tensors[choice];
  const array = `${panel.array}.${tensorName}`;
  const { frame, pinned } = scene;
  const tensor = pinned ? subtract(frame.arrays.get(array), pinned.arrays.get(array)) : frame.arrays.get(array);
  if (!tensor || hasReadOther(panel, scene)) return null;
  const { rows: most, columns: stride } = gridOf(tensor);
  const named = typeof panel.rows === "string" ? linesOf(panel.rows, scene) : panel.rows;
  const rows = typeof panel.rows === "string" ? Math.min(most, named.length) : most;
  const lines = panel.columns ? linesOf(panel.columns, scene) : null;
  const columns = lines ? Math.min(stride, lines.length) : stride;
  if (!columns || !rows) return null;
  const name = panel.names[choice] ?? tensorName;
  const texts = panel.texts ? linesOf(panel.texts, scene) : [];
  return { array, name, tensor, rows, columns, stride, lines, named, texts, changed: pinned !== null, ...endsOf(tensor, rows, columns, stride) };
}

/**
 * Tell whether the two steps that are compared have read sequences that differ, or written some: then their numbers are
 * of different things.
 *
 * @param {{columns: string, rows?: string[] | string}} panel
 * @param {Scene} scene
 */
export function hasReadOther({ columns, rows }, scene) {
  const { pinned } = scene;
  if (!pinned) return false;
  const differ = (key) => linesOf(key, scene).join("\n") !== linesOf(key, { ...scene, frame: pinned }).join("\n");
  return (columns !== "" && differ(columns)) || (typeof rows === "string" && differ(rows));
}

function endsOf({ values }, rows, columns, stride) {
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < rows; row += 1) {
    for (let place = row * stride; place < row * stride + columns; place += 1) {
      if (values[place] < low) low = values[place];
      if (values[place] > high) high = values[place];
    }
  }
  return low > high ? { low: NaN, high: NaN } : { low, high };
}

/** @param {Cells} cells @param {number} row @param {number} column @returns {number} */
export function valueOf({ tensor, stride }, row, column) {
  return tensor.values[row * stride + column];
}

/** What is written in a cell; nothing where no cell has a text. @param {Cells} cells @param {number} row @param {number} column */
export function textOf({ texts, columns }, row, column) {
  return texts[row * columns + column] ?? "";
}

/** The index of a cell in its tensor. @param {Cells} cells @param {number} row @param {number} column */
export function indexOfCell({ tensor: { shape }, stride }, row, column) {
  let place = row * stride + column;
  const index = shape.map(() => 0);
  for (let axis = index.length - 1; axis >= 0; axis -= 1) {
    index[axis] = place % shape[axis];
    place = Math.floor(place / shape[axis]);
  }
  return index;
}

/** Whether numbers of both signs are shown. @param {TensorPanel} panel @param {number} choice  which of its tensors */
export function isSigned({ signed, tensors }, choice) {
  return typeof signed === "boolean" ? signed : signed.includes(tensors[Math.max(0, choice)]);
}

/** What a row and a column are called. @param {TensorPanel} panel */
function axesOf({ axes, rows }) {
  return axes ?? [rows.length ? "row" : "unit", "step"];
}

/**
 * How large it is: of a tensor over steps as much of it as was read.
 *
 * @param {Cells} cells
 * @param {TensorPanel} panel
 */
export function sizeWords({ tensor, rows, columns, lines }, { axes }) {
  if (!lines) return tensor.shape.join(" × ");
  const many = columns < lines.length ? `the first ${whole(columns)} of ${whole(lines.length)}` : whole(columns);
  const steps = axes ? many : `${many} steps`;
  return tensor.shape.length < 2 ? steps : `${whole(rows)} × ${steps}`;
}

/**
 * What is told of a cell: `layers.0.weight[2, 1] = 0.5`, or `input gate, unit 3 at step 5, «e»: 0.731`, the axes being
 * `unit` and `step`.
 *
 * @param {Cells} cells
 * @param {TensorPanel} panel
 * @param {number} row
 * @param {number} column
 */
export function cellWords(cells, panel, row, column) {
  const value = valueOf(cells, row, column);
  const told = cells.changed ? `changed by ${signed(value, exact)}` : exact(value);
  if (!cells.lines) return `${cells.name}[${indexOfCell(cells, row, column).join(", ")}] ${cells.changed ? told : `= ${told}`}`;
  const name = typeof panel.rows === "string" ? quoted(cells.named[row]) : cells.named[row] ?? `${axesOf({ ...panel, rows: [] })[0]} ${row}`;
  const of = cells.tensor.shape.length < 2 ? "" : `, ${name}`;
  const text = textOf(cells, row, column);
  return `${cells.name}${of} at ${axesOf(panel)[1]} ${column}, ${quoted(cells.lines[column])}: ${text ? `${quoted(text)} ` : ""}${told}`;
}

/**
 * @param {string} name
 * @param {Tensor | undefined} tensor
 * @returns {(number | string)[][]} name, row, column and number of each cell; none of a tensor that is not there
 */
export function cellsOf(name, tensor) {
  if (!tensor) return [];
  const { columns } = gridOf(tensor);
  return Array.from(tensor.values, (value, index) => [name, Math.floor(index / columns), index % columns, value]);
}

export const CELL_COLUMNS = ["tensor", "row", "column", "value"];

/**
 * Return a row for each cell for a file: with the names of rows, where they have some, and what was read.
 *
 * @param {Cells | null} cells
 * @param {TensorPanel} panel
 * @returns {import("./csv.js").Numbers}
 */
export function numbersOf(cells, panel) {
  if (!panel.columns) return { columns: CELL_COLUMNS, rows: cellsOf(cells?.name ?? "", cells?.tensor) };
  const named = panel.rows.length ? ["name"] : [];
  const rows = overSteps(cells, (row, column, line, value) => {
    const name = panel.rows.length ? [cells?.named[row] ?? ""] : [];
    const text = cells && panel.texts ? [textOf(cells, row, column)] : [];
    return [cells?.name ?? "", row, ...name, column, line, ...text, value];
  });
  return { columns: ["tensor", "row", ...named, panel.axes ? "column" : "step", panel.axes ? axesOf(panel)[1] : "read", ...(panel.texts ? ["text"] : []), "value"], rows };
}

/**
 * Return the same to be read in the picture's place.
 *
 * @param {Cells | null} cells
 * @param {TensorPanel} panel
 * @returns {import("./tabular.js").Table}
 */
export function tableOf(cells, panel) {
  if (!panel.columns) return { ...numbersOf(cells, panel), grouped: true, across: "column" };
  // What was written may say one thing twice: its place tells both apart.
  const nameOfRow = (row) => (typeof panel.rows === "string" ? `${row} ${shortName(cells?.named[row] ?? "")}` : cells?.named[row] ?? row);
  const said = (row, column, value) => (cells && panel.texts ? `${shortName(textOf(cells, row, column))} ${exact(value)}` : value);
  const rows = overSteps(cells, (row, column, line, value) => [cells?.name ?? "", nameOfRow(row), `${column} ${shortName(line)}`.trim(), said(row, column, value)]);
  const [row, column] = axesOf(panel);
  return { columns: ["tensor", row, column, "value"], rows, grouped: true, across: column };
}

function shortName(line) {
  return line && quoted(nameOf(line)).slice(1, -1);
}

function overSteps(cells, rowOf) {
  if (!cells) return [];
  const { rows, columns, lines } = cells;
  return Array.from({ length: rows * columns }, (_, cell) => {
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    return rowOf(row, column, lines[column], valueOf(cells, row, column));
  });
}
