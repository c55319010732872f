/** The names beside the cells of a tensor: of its rows before them, of its columns below them. */
import { fitted } from "./fitted.js";
import { nameOf } from "./steps.js";
import { APART_UPRIGHT, LINE } from "./tensorplan.js";

const SIZE = 11;

/** @param {import("./theme.js").Theme} theme */
export function fontOf(theme) {
  return `${SIZE}px ${theme.font}`;
}

/**
 * Write the names of the columns from one to another.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} names  of all columns
 * @param {import("./tensorplan.js").TensorPlan} plan
 * @param {{top: number, offset: number, from: number, to: number}} part  `top` of the names; `offset`: pixels out of
 *     sight at the left
 * @param {import("./theme.js").Theme} theme
 */
export function writeColumns(context, names, { wide, left, room, upright, each }, { top, offset, from, to }, theme) {
  wear(context, theme);
  const measure = (words) => context.measureText(words).width;
  context.textAlign = upright ? "right" : "center";
  for (let column = Math.ceil(from / each) * each; column < to; column += each) {
    const middle = left + (column + 0.5) * wide - offset;
    const name = fitted(names[column], upright ? room - APART_UPRIGHT : Math.max(wide, 1), measure);
    context.save();
    context.translate(middle, upright ? top + 4 : top + LINE / 2 + 3);
    if (upright) context.rotate(-Math.PI / 2);
    context.fillText(name, 0, 0);
    context.restore();
  }
}

/**
 * Write the names of the rows.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} names
 * @param {import("./tensorplan.js").TensorPlan} plan
 * @param {import("./theme.js").Theme} theme
 */
export function writeRows(context, names, { high, left, top, eachRow }, theme) {
  wear(context, theme);
  context.textAlign = "right";
  for (let row = 0; row < names.length; row += eachRow) {
    const name = fitted(names[row], left - 4, (words) => context.measureText(words).width);
    context.fillText(name, left - 4, Math.max(LINE / 2, top + (row + 0.5) * high));
  }
}

/**
 * Write what stands in a cell, as much of it as there is room for.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {{x: number, y: number, wide: number, tall: number}} cell
 * @param {string} ink
 * @param {import("./theme.js").Theme} theme
 */
export function writeCell(context, text, { x, y, wide, tall }, ink, theme) {
  context.save();
  wear(context, theme);
  context.fillStyle = ink;
  context.textAlign = "center";
  context.fillText(fitted(nameOf(text), wide - 2, (words) => context.measureText(words).width), x + wide / 2, y + tall / 2);
  context.restore();
}

function wear(context, theme) {
  context.font = fontOf(theme);
  context.fillStyle = theme.muted;
  context.textBaseline = "middle";
  // Each name is written by itself: which way its letters run is no matter to where it lies.
  context.direction = "ltr";
}
