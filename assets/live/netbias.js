/**
 * The biases of a dense net in its drawing: a small square at the foot of each neuron, coloured by sign and strength.
 *
 * @typedef {import("./netplan.js").Plan} Plan
 * @typedef {import("./netplan.js").Node} Node
 */
import { NEGATIVE, POSITIVE } from "./colours.js";

const SMALLEST = 5;
const LARGEST = 9;
const SHARE = 0.24;
/** Around a square, in CSS pixels, where a pointer means it all the same. */
const REACH = 3;

/** Return where the square of a neuron lies. @param {Plan} plan @param {Node} node */
export function biasPlace({ size }, { x, y }) {
  const side = Math.round(Math.max(SMALLEST, Math.min(LARGEST, size * SHARE)));
  return { x: x - side - 1, y: y + size - side, side };
}

/** Return the neuron whose bias is at a point, or undefined. @param {Plan} plan @returns {Node | undefined} */
export function biasAt(plan, x, y) {
  return plan.layers.slice(1).flat().find((node) => {
    const place = biasPlace(plan, node);
    const inside = (value, low) => value >= low - REACH && value <= low + place.side + REACH;
    return inside(x, place.x) && inside(y, place.y);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plan} plan
 * @param {number} layer  of neurons, 1 for those behind the inputs
 * @param {ArrayLike<number>} values  of the layer
 * @param {import("./theme.js").Theme} theme
 */
export function drawBiases(context, plan, layer, values, theme) {
  const largest = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  for (const node of plan.layers[layer] ?? []) {
    const { x, y, side } = biasPlace(plan, node);
    const value = values[node.index];
    context.fillStyle = theme.paper;
    context.fillRect(x, y, side, side);
    context.globalAlpha = Math.min(1, Math.abs(value) / largest) || 0;
    context.fillStyle = value > 0 ? POSITIVE : NEGATIVE;
    context.fillRect(x, y, side, side);
    context.globalAlpha = 1;
    context.strokeStyle = theme.muted;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
  }
}
