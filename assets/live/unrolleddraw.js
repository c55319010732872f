/** An unrolled net is drawn: boxes in the colour of their states, arrows as strong as the gradients. */
import { BROKEN, diverging, indexOf, NEGATIVE, POSITIVE, sequential, tableOf } from "./colours.js";
import { fitted } from "./fitted.js";
import { nameOf } from "./steps.js";
import { placeOf } from "./unrolleddata.js";

/** From a small gradient to a large one: their arrows are seen on light and on dark paper. */
const strengths = tableOf([[0, "#87919c"], [1, POSITIVE]], 256);
const changes = tableOf([[0, NEGATIVE], [0.5, "#87919c"], [1, POSITIVE]], 256);
const THINNEST = 1;
const THICKEST = 7;
const HEAD = 5;
const SIZE = 11;

/** Return the colours of states and of gradients. @param {boolean} changed */
export function coloursOf(changed) {
  return changed ? { state: diverging, gradient: changes } : { state: sequential, gradient: strengths };
}

/** @param {import("./theme.js").Theme} theme */
export function fontOf(theme) {
  return `${SIZE}px ${theme.font}`;
}

/**
 * Draw what lies within so many pixels from the left.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./unrolleddata.js").Unrolled} net
 * @param {import("./unrolledplan.js").UnrolledPlan} plan
 * @param {string[]} layers
 * @param {{offset: number, width: number}} part  `offset`: pixels out of sight at the left
 * @param {import("./theme.js").Theme} theme
 */
export function drawUnrolled(context, net, plan, layers, { offset, width }, theme) {
  const from = Math.max(0, Math.floor(offset / plan.pitch) - 1);
  const to = Math.min(net.columns, Math.ceil((offset + width - plan.left) / plan.pitch) + 1);
  context.save();
  context.beginPath();
  context.rect(plan.left, 0, width - plan.left, 1e5);
  context.clip();
  context.translate(-offset, 0);
  for (let column = from; column < to; column += 1) {
    drawWays(context, net, plan, column, theme);
    for (let row = 0; row < net.rows; row += 1) drawState(context, net, plan, row, column, theme);
    writeStep(context, net, plan, column, theme);
  }
  // Above all else: the widest of them touch their boxes.
  for (let column = from; column < to; column += 1) {
    for (let row = 0; row < net.rows; row += 1) drawGradient(context, net, plan, row, column, theme);
  }
  context.restore();
  wear(context, theme, "right");
  for (let row = 0; row < net.rows; row += 1) {
    const name = fitted(nameOf(layers[row] ?? String(row)), plan.left - 6, (words) => context.measureText(words).width);
    context.fillText(name, plan.left - 6, plan.boxOf(row, 0).y);
  }
}

/** The ways from what is read through all cells of a step to what is told, if something is. */
function drawWays(context, { told }, plan, column, theme) {
  const middle = plan.left + (column + 0.5) * plan.pitch;
  context.strokeStyle = context.fillStyle = theme.muted;
  context.lineWidth = 1;
  let below = [{ x: middle, y: plan.read - 9 }];
  for (const level of plan.levels) {
    const boxes = level.map((row) => plan.boxOf(row, column));
    const bottoms = boxes.map(({ x, y, high }) => ({ x, y: y + high / 2 }));
    join(context, below, bottoms, middle);
    below = boxes.map(({ x, y, high }) => ({ x, y: y - high / 2 }));
  }
  if (told[column]) join(context, below, [{ x: middle, y: plan.told + 9 }], middle);
}

/** Lines from some places below to some above, by the middle of the step where they are not straight. */
function join(context, below, above, middle) {
  const [start, end] = [Math.min(...below.map(({ y }) => y)), Math.max(...above.map(({ y }) => y))];
  const turn = Math.round((start + end) / 2) + 0.5;
  context.beginPath();
  for (const { x, y } of below) bend(context, [x, y], [x, turn], [middle, turn]);
  for (const { x, y } of above) bend(context, [middle, turn], [x, turn], [x, y]);
  context.stroke();
  for (const { x, y } of above) drawHead(context, x, y, 0, -1, HEAD);
}

function bend(context, first, ...rest) {
  context.moveTo(...first);
  for (const point of rest) context.lineTo(...point);
}

function drawState(context, net, plan, row, column, theme) {
  const { x, y, wide, high } = plan.boxOf(row, column);
  const value = net.state.drawn[placeOf(net, row, column)];
  context.beginPath();
  context.roundRect(x - wide / 2, y - high / 2, wide, high, 4);
  context.fillStyle = theme.paper;
  context.fill();
  context.fillStyle = Number.isNaN(value) ? BROKEN : coloursOf(net.changed).state.names[indexOf(value, ...net.state.ends)];
  context.fill();
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.stroke();
}

/** The arrow by which a state goes to the next step, if there is one. */
function drawGradient(context, net, plan, row, column, theme) {
  const onward = plan.onward(row);
  if (column + onward < 0 || column + onward >= net.columns) return;
  const [from, to] = [plan.boxOf(row, column), plan.boxOf(row, column + onward)];
  const value = net.gradient.drawn[placeOf(net, row, column)];
  const look = lookOf(value, net);
  const [start, end] = [from.x + (onward * from.wide) / 2, to.x - (onward * to.wide) / 2];
  const head = Math.min(HEAD + look.wide, Math.abs(end - start));
  context.save();
  context.strokeStyle = context.fillStyle = look.colour ?? theme.muted;
  context.globalAlpha = look.colour ? 1 : 0.45;
  context.lineWidth = look.wide;
  if (!look.colour) context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(start, from.y);
  context.lineTo(end - onward * head * 0.8, from.y);
  context.stroke();
  drawHead(context, end, from.y, onward, 0, head);
  context.restore();
}

/** @returns {{wide: number, colour: string | null}} of an arrow; none in particular where there is no gradient */
function lookOf(value, { gradient: { ends }, changed }) {
  if (Number.isNaN(value)) return { wide: THINNEST, colour: null };
  const place = indexOf(value, ...ends);
  const share = changed ? Math.abs(place / 127.5 - 1) : place / 255;
  return { wide: THINNEST + share * (THICKEST - THINNEST), colour: coloursOf(changed).gradient.names[place] };
}

function drawHead(context, x, y, right, down, size) {
  const half = size * 0.6;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - right * size - down * half, y - down * size - right * half);
  context.lineTo(x - right * size + down * half, y - down * size + right * half);
  context.fill();
}

function writeStep(context, { lines, told }, plan, column, theme) {
  wear(context, theme, "center");
  const middle = plan.left + (column + 0.5) * plan.pitch;
  const write = (words, y) => context.fillText(fitted(nameOf(words), plan.pitch - 4, (part) => context.measureText(part).width), middle, y);
  write(lines[column], plan.read);
  context.fillStyle = theme.ink;
  if (told[column]) write(told[column], plan.told);
}

function wear(context, theme, align) {
  context.font = fontOf(theme);
  context.fillStyle = theme.muted;
  context.textAlign = align;
  context.textBaseline = "middle";
  // Each name is written by itself: which way its letters run is no matter to where it lies.
  context.direction = "ltr";
}
