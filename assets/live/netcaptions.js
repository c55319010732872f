/**
 * The words in the drawing of a dense net: what its layers are called, and the names of its inputs.
 *
 * @typedef {import("./netplan.js").Plan} Plan
 */
import { LANE_NAME } from "./netplan.js";

/** Of a letter, in CSS pixels: how much of an input's name there is room for. */
const LETTER = 6.2;
const CAPTION_GAP = 6;
/** What the layers are called, in ever fewer letters; they are counted as in the form, and the inputs are none. */
const WHOLE = { first: "inputs", other: "layer ", last: "output layer" };
const CAPTIONS = [WHOLE, { ...WHOLE, last: "output" }, { first: "in", other: "", last: "out" }];

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plan} plan
 * @param {string[]} inputs
 * @param {import("./theme.js").Theme} theme
 */
export function drawWords(context, plan, inputs, theme) {
  const { layers, size, label, lanes, width, height } = plan;
  context.font = `11px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  const above = Math.min(...layers.flat().map(({ y }) => y)) - 10;
  for (const { words, x } of placedCaptions(context, plan)) context.fillText(words, x, above);
  if (lanes) context.fillText("wide part", width / 2, height - LANE_NAME + 14);
  context.textAlign = "right";
  context.textBaseline = "middle";
  const longest = Math.floor((label - 8) / LETTER);
  for (const node of layers[0] ?? []) {
    context.fillText(clip(inputs[node.index] ?? "", longest), node.x - 8, node.y + size / 2);
  }
  context.textBaseline = "alphabetic";
}

/** What a layer is called where there is room. @param {number} layer  0 for the inputs @param {number} layers */
export function layerName(layer, layers) {
  return caption(WHOLE, layer, layers);
}

/** The captions above the layers: the longest that do not run into each other, within the drawing. */
function placedCaptions(context, { layers, size, width }) {
  const named = layers.flatMap((nodes, layer) => (nodes.length ? [{ layer, middle: nodes[0].x + size / 2 }] : []));
  const placed = (captions) =>
    named.map(({ layer, middle }) => {
      const words = caption(captions, layer, layers.length);
      const half = context.measureText(words).width / 2;
      const x = Math.max(half, Math.min(width - half, middle));
      return { words, x, left: x - half, right: x + half };
    });
  const apart = (places) => places.every(({ left }, index) => index === 0 || left >= places[index - 1].right + CAPTION_GAP);
  const [whole, shorter, shortest] = CAPTIONS;
  return [whole, shorter].map(placed).find(apart) ?? placed(shortest);
}

function caption({ first, other, last }, layer, layers) {
  if (layer === 0) return first;
  return layer === layers - 1 ? last : `${other}${layer}`;
}

function clip(word, longest) {
  return word.length > longest ? `${word.slice(0, longest - 1)}…` : word;
}
