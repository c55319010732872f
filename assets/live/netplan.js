/**
 * Where the neurons and the weights of a dense net lie in its drawing.
 *
 * @typedef {object} Node
 * @property {number} unit  counted through the whole net, the inputs first
 * @property {number} layer  0 for the inputs
 * @property {number} index  within its layer
 * @property {number} x  left edge
 * @property {number} y  top edge
 *
 * @typedef {object} Edge
 * @property {number} layer  of weights, 0 for those behind the inputs
 * @property {number} row  the unit that it leads to
 * @property {number} column  the unit that it comes from
 *
 * @typedef {object} Plan
 * @property {number} width
 * @property {number} height
 * @property {number} label  width of the column of the inputs' names
 * @property {number} size  side of a neuron's map
 * @property {Node[][]} layers
 */

const CAPTION = 22;
const SMALLEST = 14;
const LARGEST = 46;
/** The column of the inputs' names, and a narrower one where a phone has to have room for eight layers. */
const LABEL = 64;
const NARROW_LABEL = 46;
const NARROW = 420;
const SHORTEST_EDGE = 16;
/** Right of the last layer. */
const MARGIN = 12;

/**
 * @param {number[]} units  how many in each layer, the inputs first
 * @param {number} width  CSS pixels that are there; the plan takes more where it must
 * @param {number} height
 * @returns {Plan}
 */
export function planNet(units, width, height) {
  const label = width < NARROW ? NARROW_LABEL : LABEL;
  const most = Math.max(...units, 1);
  const pitch = (height - CAPTION) / most;
  const room = Math.min(pitch * 0.78, ((width - label) / units.length) * 0.55);
  const size = Math.round(Math.max(SMALLEST, Math.min(LARGEST, room || SMALLEST)));
  const gaps = Math.max(1, units.length - 1);
  const step = Math.max(size + SHORTEST_EDGE, (width - label - size - MARGIN) / gaps);
  const between = Math.max(size + 3, Math.min(pitch, size * 1.5));
  let unit = 0;
  const layers = units.map((count, layer) => {
    const top = CAPTION + (Math.max(height - CAPTION, most * between) - count * between + (between - size)) / 2;
    return Array.from({ length: count }, (_, index) => ({
      unit: unit++,
      layer,
      index,
      x: label + layer * step,
      y: top + index * between,
    }));
  });
  return {
    width: Math.max(width, label + gaps * step + size + MARGIN),
    height: Math.max(height, CAPTION + most * between),
    label,
    size,
    layers,
  };
}

/**
 * Return the ends of an edge: from the right of one neuron to the left of the other.
 *
 * @param {Plan} plan
 * @param {Edge} edge
 */
export function endsOf({ layers, size }, { layer, row, column }) {
  const from = layers[layer][column];
  const to = layers[layer + 1][row];
  return { x0: from.x + size, y0: from.y + size / 2, x1: to.x, y1: to.y + size / 2 };
}

/**
 * Return the neuron at a point, or undefined.
 *
 * @param {Plan} plan
 */
export function nodeAt({ layers, size }, x, y) {
  return layers.flat().find((node) => x >= node.x - 2 && x <= node.x + size + 2 && y >= node.y - 2 && y <= node.y + size + 2);
}

/**
 * Return the edge that passes closest to a point, or null where none is within `reach`.
 *
 * @param {Plan} plan
 * @returns {Edge | null}
 */
export function edgeAt(plan, x, y, reach = 6) {
  const layer = plan.layers.findIndex(
    (nodes, index) => nodes.length && plan.layers[index + 1]?.length && x >= nodes[0].x + plan.size && x <= plan.layers[index + 1][0].x,
  );
  if (layer < 0) return null;
  let best = null;
  let closest = reach;
  plan.layers[layer].forEach((_, column) => {
    plan.layers[layer + 1].forEach((_, row) => {
      const edge = { layer, row, column };
      const distance = Math.abs(heightAt(endsOf(plan, edge), x) - y);
      if (distance < closest) [closest, best] = [distance, edge];
    });
  });
  return best;
}

/** Return the y of an edge's curve at x: with both handles halfway, x along the curve is a cubic in t that rises. */
function heightAt({ x0, y0, x1, y1 }, x) {
  let low = 0;
  let high = 1;
  for (let round = 0; round < 12; round += 1) {
    const t = (low + high) / 2;
    const share = 1.5 * t * (1 - t) + t ** 3; // (3(1-t)^2 t + 3(1-t) t^2) / 2 + t^3
    if (x0 + (x1 - x0) * share < x) low = t;
    else high = t;
  }
  const t = (low + high) / 2;
  return y0 + (y1 - y0) * t * t * (3 - 2 * t);
}
