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
 * @property {number} layer  of weights, 0 for those behind the inputs; one more than those of the layers for a weight
 *   that leads from an input straight to an output
 * @property {number} row  the unit that it leads to
 * @property {number} column  the unit that it comes from
 *
 * @typedef {object} Lanes  where weights that lead from inputs straight to outputs pass below all neurons, each in its own
 * @property {number} top
 * @property {number} step  from one lane to the next
 *
 * @typedef {object} Plan
 * @property {number} width
 * @property {number} height
 * @property {number} label  width of the column of the inputs' names
 * @property {number} size  side of a neuron's map
 * @property {Node[][]} layers
 * @property {Lanes | null} lanes
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
/** Lanes lie this far apart, but all of them within a height; above them is a gap, below them their name. */
const LANE = 8;
const LANES = 40;
const LANE_GAP = 14;
export const LANE_NAME = 18;

/**
 * @param {number[]} units  how many in each layer, the inputs first
 * @param {number} width  CSS pixels that are there; the plan takes more where it must
 * @param {number} height
 * @param {boolean} [wide]  whether there are weights from the inputs straight to the outputs
 * @returns {Plan}
 */
export function planNet(units, width, height, wide = false) {
  const lane = wide ? laneStep(units[0] * units[units.length - 1]) : 0;
  const below = wide ? LANE_GAP + (units[0] * units[units.length - 1] - 1) * lane + LANE_NAME : 0;
  const plan = planLayers(units, width, height - below);
  return { ...plan, height: plan.height + below, lanes: wide ? { top: plan.height + LANE_GAP, step: lane } : null };
}

function laneStep(count) {
  return Math.min(LANE, LANES / Math.max(1, count - 1));
}

/** @returns {Omit<Plan, "lanes">} */
function planLayers(units, width, height) {
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
  const isStraight = layer === layers.length - 1;
  const from = layers[isStraight ? 0 : layer][column];
  const to = layers[isStraight ? layer : layer + 1][row];
  return { x0: from.x + size, y0: from.y + size / 2, x1: to.x, y1: to.y + size / 2 };
}

/**
 * Return the curves that an edge is drawn as, from left to right: one, or three where it passes below the neurons.
 *
 * @param {Plan} plan
 * @param {Edge} edge
 */
export function curvesOf(plan, edge) {
  const { layers, size, lanes } = plan;
  const ends = endsOf(plan, edge);
  if (edge.layer !== layers.length - 1 || !lanes) return [ends];
  const lane = lanes.top + (edge.column * layers[edge.layer].length + edge.row) * lanes.step;
  const [from, to] = [layers[1][0].x, layers[edge.layer - 1][0].x + size];
  return [
    { ...ends, x1: from, y1: lane },
    { x0: from, y0: lane, x1: to, y1: lane },
    { ...ends, x0: to, y0: lane },
  ];
}

/** Return the point of an edge at which something is said of it. @param {Plan} plan @param {Edge} edge */
export function middleOfEdge(plan, edge) {
  const curves = curvesOf(plan, edge);
  const { x0, y0, x1, y1 } = curves[curves.length >> 1];
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
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
  let best = null;
  let closest = reach;
  for (const edge of edgesAt(plan, x)) {
    const curve = curvesOf(plan, edge).find(({ x0, x1 }) => x >= x0 && x <= x1);
    const distance = curve ? Math.abs(heightAt(curve, x) - y) : Infinity;
    if (distance < closest) [closest, best] = [distance, edge];
  }
  return best;
}

/** Return all edges that may pass at an x: those of one gap between layers, and those below all of them. */
function edgesAt({ layers, size, lanes }, x) {
  const gap = layers.findIndex(
    (nodes, index) => nodes.length && layers[index + 1]?.length && x >= nodes[0].x + size && x <= layers[index + 1][0].x,
  );
  const between = (layer, from, to) => from.flatMap((_, column) => to.map((_, row) => ({ layer, row, column })));
  return [
    ...(gap < 0 ? [] : between(gap, layers[gap], layers[gap + 1])),
    ...(lanes ? between(layers.length - 1, layers[0], layers[layers.length - 1]) : []),
  ];
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
