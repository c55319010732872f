/** The tree of a beam search is drawn: a box for each branch, and a line to it, the thicker the likelier its symbol was. */
import { DROPPED, ENDED } from "./beamsdata.js";
import { NEGATIVE, POSITIVE } from "./colours.js";
import { fitted } from "./fitted.js";
import { nameOf } from "./steps.js";

const SIZE = 11;
const THICKEST = 6;
const ROUND = 4;

/** @param {import("./theme.js").Theme} theme */
export function fontOf(theme) {
  return `${SIZE}px ${theme.font}`;
}

/** What stands in a box behind its symbol. @param {import("./beamsdata.js").Branch} branch */
export function numberOf({ total }) {
  return (Number.isFinite(total) ? total.toFixed(2) : "–").replace("-", "−");
}

/**
 * Draw what lies within so many pixels from the left.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./beamsdata.js").Tree} tree
 * @param {import("./beamsplan.js").BeamsPlan} plan
 * @param {{offset: number, width: number}} part  `offset`: pixels out of sight at the left
 * @param {import("./theme.js").Theme} theme
 */
export function drawBeams(context, tree, plan, { offset, width }, theme) {
  const from = Math.max(0, Math.floor(offset / plan.pitch) - 1);
  const seen = tree.columns.slice(from, Math.ceil((offset + width) / plan.pitch) + 1).flat();
  context.save();
  context.translate(-offset, 0);
  context.font = fontOf(theme);
  context.textBaseline = "middle";
  context.direction = "ltr";
  // What was found lies above all that crosses it.
  const inOrder = [...seen].sort((one, other) => rankOf(one) - rankOf(other));
  for (const branch of inOrder) drawWay(context, branch, plan, theme);
  for (const branch of inOrder) drawBox(context, branch, plan, theme);
  context.restore();
}

function rankOf({ fate, isFound }) {
  return isFound ? 2 : fate === DROPPED ? 0 : 1;
}

function colourOf({ fate, isFound }, theme) {
  if (isFound) return POSITIVE;
  return fate === DROPPED ? theme.muted : NEGATIVE;
}

function drawWay(context, branch, plan, theme) {
  const { x, y, high } = plan.boxOf(branch);
  const from = branch.parent && plan.boxOf(branch.parent);
  const start = from ? { x: from.x + from.wide, y: from.y + from.high / 2 } : { x: 0, y: y + high / 2 };
  const end = { x, y: y + high / 2 };
  const middle = (start.x + end.x) / 2;
  context.beginPath();
  context.moveTo(start.x, start.y);
  context.bezierCurveTo(middle, start.y, middle, end.y, end.x, end.y);
  context.strokeStyle = colourOf(branch, theme);
  context.lineWidth = 1 + (THICKEST - 1) * (Number.isFinite(branch.cost) ? Math.exp(branch.cost) : 0);
  context.setLineDash(branch.fate === DROPPED ? [3, 3] : []);
  context.stroke();
  context.setLineDash([]);
}

function drawBox(context, branch, plan, theme) {
  const { x, y, wide, high } = plan.boxOf(branch);
  const isDropped = branch.fate === DROPPED;
  box(context, x, y, wide, high);
  context.fillStyle = theme.paper;
  context.fill();
  context.strokeStyle = colourOf(branch, theme);
  context.lineWidth = branch.isFound ? 2.5 : 1.25;
  context.setLineDash(isDropped ? [3, 3] : []);
  context.stroke();
  context.setLineDash([]);
  if (branch.fate === ENDED) {
    box(context, x + 3, y + 3, wide - 6, high - 6); // it is over: its box is closed twice
    context.lineWidth = 1;
    context.stroke();
  }
  const number = numberOf(branch);
  const taken = context.measureText(number).width;
  const middle = y + high / 2;
  context.fillStyle = isDropped ? theme.muted : theme.ink;
  context.textAlign = "left";
  context.fillText(fitted(nameOf(branch.name), wide - taken - 18, (words) => context.measureText(words).width), x + 6, middle);
  context.textAlign = "right";
  context.fillStyle = theme.muted;
  context.fillText(number, x + wide - 6, middle);
}

function box(context, x, y, wide, high) {
  context.beginPath();
  context.roundRect(x, y, Math.max(1, wide), Math.max(1, high), Math.min(ROUND, high / 2));
}
