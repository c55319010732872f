/**
 * A panel that draws a dense net: a small map per neuron, the weights as edges between them.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./netplan.js").Edge} Edge
 * @typedef {import("./netplan.js").Node} Node
 */
import { NEGATIVE, POSITIVE } from "./colours.js";
import { changeOfMaps, subtract } from "./difference.js";
import { clearCanvas, make } from "./dom.js";
import { curvesOf, edgeAt, LANE_NAME, middleOfEdge, nodeAt, planNet } from "./netplan.js";
import { NeuronMaps } from "./neuronmaps.js";
import { exact, signed } from "./numbers.js";
import { drawn, ofStep, PRINT } from "./picture.js";
import { Since } from "./since.js";
import { CELL_COLUMNS, cellsOf } from "./tensorcells.js";
import { Tooltip } from "./tooltip.js";

const STRENGTHS = 8;
const WEIGHTS_TOLD = 8;
/** Of a letter, in CSS pixels: how much of an input's name there is room for. */
const LETTER = 6.2;
const CAPTION_GAP = 6;
/** What the layers are called, in ever fewer letters; they are counted as in the form, and the inputs are none. */
const WHOLE = { first: "inputs", other: "layer ", last: "output layer" };
const CAPTIONS = [WHOLE, { ...WHOLE, last: "output" }, { first: "in", other: "", last: "out" }];

const KEYS = "The keys up and down walk over the neurons and tell each one's numbers, Enter tells how it answers; Escape ends it.";

export class NetworkView {
  /**
   * @param {import("./card.js").Panel & {tensors: string[], inputs: string[], wide: string}} panel
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} theme
   * @param {() => void} stale
   * @param {import("./explanation.js").Pick} pick
   */
  constructor(panel, card, theme, stale, pick) {
    this.panel = panel;
    this.theme = theme;
    this.stale = stale;
    this.pick = pick;
    this.pictured = /** @type {const} */ ("png");
    this.maps = new NeuronMaps();
    /** @type {Scene | null} */
    this.scene = null;
    this.plan = planNet([], 0, 0);
    /** @type {{node?: Node, edge?: Edge | null}} */
    this.under = {};
    this.canvas = make("canvas", { tabindex: 0, role: "application", "aria-label": `${panel.alt} ${KEYS}` });
    this.scroller = make("div", { class: "ls-scroller" }, this.canvas);
    card.body.append(this.scroller);
    this.since = new Since();
    card.tools.append(this.since.element);
    this.tooltip = new Tooltip(card.body);
    this.resizing = new ResizeObserver(stale);
    this.resizing.observe(this.scroller);
    this.#listen();
  }

  /** @param {Scene} scene */
  paint(scene) {
    const units = scene.recording.opening.arrays.get("network.units")?.values;
    if (!units || !this.scroller.clientWidth) return;
    this.scene = scene;
    const { clientWidth: width, clientHeight: height } = this.scroller;
    this.plan = planNet(Array.from(units), width, height, scene.frame.arrays.has(this.panel.wide));
    this.#updateMaps(scene);
    const context = clearCanvas(this.canvas, this.plan.width, this.plan.height);
    this.#drawNet(context);
    this.#drawUnder(context);
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} every weight and bias, by the tensors' own names */
  numbers({ frame }) {
    const names = [...this.panel.tensors.flatMap((name) => [name, biasOf(name)]), this.panel.wide];
    const rows = names.flatMap((name) => cellsOf(bare(name), frame.arrays.get(name)));
    return { columns: CELL_COLUMNS, rows };
  }

  /** @param {Scene} scene */
  picture(scene) {
    const { theme } = this;
    return drawn(ofStep(this.panel.title, scene), this.plan.width, this.plan.height, (context) => {
      this.theme = PRINT;
      this.scene = scene;
      this.#updateMaps(scene);
      this.#drawNet(context);
      this.theme = theme;
    });
  }

  /** The weights, layer by layer, and the biases. @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return { ...this.numbers(scene), grouped: true, across: "column" };
  }

  /** @param {import("./theme.js").Theme} theme */
  restyle(theme) {
    this.theme = theme;
    this.stale();
  }

  close() {
    this.resizing.disconnect();
  }

  #drawNet(context) {
    this.plan.layers.forEach((_, layer) => this.#drawEdges(context, this.#weights(this.#tensorOf(layer)), layer));
    for (const node of this.plan.layers.flat()) this.#drawNode(context, node);
    this.#drawWords(context);
  }

  /** The name of a layer of weights, the wide part after all others. */
  #tensorOf(layer) {
    return layer === this.plan.layers.length - 1 ? this.panel.wide : this.panel.tensors[layer];
  }

  /** The weights of a layer, or how they have changed where a step is pinned. */
  #weights(name) {
    const { frame, pinned } = /** @type {Scene} */ (this.scene);
    const weights = frame.arrays.get(name);
    return pinned ? subtract(weights, pinned.arrays.get(name)) : weights;
  }

  #updateMaps({ frame, pinned }) {
    const changed = pinned && changeOfMaps(frame, pinned);
    if (pinned) this.since.show(pinned.header.step, NaN);
    else this.since.hide();
    if (changed) {
      this.maps.updateChange(changed.change, changed.limits);
      return;
    }
    const [maps, low, high] = ["maps", "low", "high"].map((field) => frame.arrays.get(`neurons.${field}`));
    if (maps && low && high) this.maps.update(maps, low.values, high.values);
  }

  /** Edges of one layer by sign and strength, so that a thousand of them are sixteen strokes. */
  #drawEdges(context, weights, layer) {
    if (!weights) return;
    const [outputs, inputs] = weights.shape;
    const largest = weights.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const paths = Array.from({ length: 2 * STRENGTHS }, () => new Path2D());
    for (let row = 0; row < outputs; row += 1) {
      for (let column = 0; column < inputs; column += 1) {
        const weight = weights.values[row * inputs + column];
        if (!weight) continue;
        const strength = Math.min(STRENGTHS - 1, Math.floor((Math.abs(weight) / largest) * STRENGTHS));
        this.#curve(paths[strength * 2 + (weight > 0 ? 1 : 0)], { layer, row, column });
      }
    }
    paths.forEach((path, index) => {
      const share = ((index >> 1) + 1) / STRENGTHS;
      context.globalAlpha = 0.1 + 0.75 * share;
      context.lineWidth = 0.4 + 3.2 * share;
      context.strokeStyle = index % 2 ? POSITIVE : NEGATIVE;
      context.stroke(path);
    });
    context.globalAlpha = 1;
  }

  #curve(path, edge) {
    for (const { x0, y0, x1, y1 } of curvesOf(this.plan, edge)) {
      const middle = (x0 + x1) / 2;
      path.moveTo(x0, y0);
      path.bezierCurveTo(middle, y0, middle, y1, x1, y1);
    }
  }

  #drawNode(context, node) {
    const { size } = this.plan;
    context.fillStyle = this.theme.paper;
    context.fillRect(node.x, node.y, size, size);
    context.save();
    context.beginPath();
    context.roundRect(node.x, node.y, size, size, 3);
    context.clip();
    this.maps.draw(context, node.unit, node.x, node.y, size);
    context.restore();
    context.strokeStyle = this.theme.muted;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(node.x + 0.5, node.y + 0.5, size - 1, size - 1, 3);
    context.stroke();
  }

  #drawWords(context) {
    const { layers, size, label, lanes, width, height } = this.plan;
    context.font = `11px ${this.theme.font}`;
    context.fillStyle = this.theme.muted;
    context.textAlign = "center";
    const above = Math.min(...layers.flat().map(({ y }) => y)) - 10;
    for (const { words, x } of this.#captions(context)) context.fillText(words, x, above);
    if (lanes) context.fillText("wide part", width / 2, height - LANE_NAME + 14);
    context.textAlign = "right";
    context.textBaseline = "middle";
    const longest = Math.floor((label - 8) / LETTER);
    for (const node of layers[0] ?? []) {
      context.fillText(clip(this.panel.inputs[node.index] ?? "", longest), node.x - 8, node.y + size / 2);
    }
    context.textBaseline = "alphabetic";
  }

  /** The captions above the layers: the longest that do not run into each other, within the drawing. */
  #captions(context) {
    const { layers, size, width } = this.plan;
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

  #drawUnder(context) {
    const { node, edge } = this.under;
    context.strokeStyle = this.theme.ink;
    context.lineWidth = 2;
    if (edge) {
      const path = new Path2D();
      this.#curve(path, edge);
      context.stroke(path);
    }
    if (node) context.strokeRect(node.x - 2, node.y - 2, this.plan.size + 4, this.plan.size + 4);
    this.#tell();
  }

  #listen() {
    const point = ({ offsetX, offsetY }) => {
      const node = nodeAt(this.plan, offsetX, offsetY);
      this.#lookAt({ node, edge: node ? null : edgeAt(this.plan, offsetX, offsetY) });
    };
    this.canvas.addEventListener("pointermove", point);
    this.canvas.addEventListener("pointerdown", point);
    this.canvas.addEventListener("click", ({ offsetX, offsetY }) => this.#ask(offsetX, offsetY));
    this.canvas.addEventListener("pointerleave", () => this.#lookAt({}));
    this.canvas.addEventListener("blur", () => this.#lookAt({}));
    this.canvas.addEventListener("keydown", (event) => {
      const move = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (event.key === "Escape") this.#lookAt({});
      if (event.key === "Enter" && this.under.node) this.#ask(...this.#middleOf(this.under.node));
      if (!move) return;
      event.preventDefault();
      const nodes = this.plan.layers.flat();
      const place = this.under.node ? this.under.node.unit + move : 0;
      const node = nodes[(place + nodes.length) % nodes.length];
      this.#lookAt({ node });
      if (node) this.tooltip.say(this.#nodeLines(node));
    });
  }

  /** Ask how the number at a place came about: of a neuron the cell of its map, of an edge the weight. */
  #ask(x, y) {
    const { node, edge } = this.under;
    if (node) {
      const { width, height } = this.maps;
      const column = Math.min(width - 1, Math.max(0, Math.floor(((x - node.x) / this.plan.size) * width)));
      const above = Math.min(height - 1, Math.max(0, Math.floor(((y - node.y) / this.plan.size) * height)));
      this.pick({ array: "neurons.maps", index: [node.unit, height - 1 - above, column] }); // the first row is the lowest
    } else if (edge) {
      this.pick({ array: this.#tensorOf(edge.layer), index: [edge.row, edge.column] });
    }
  }

  #middleOf({ x, y }) {
    return [x + this.plan.size / 2, y + this.plan.size / 2];
  }

  #lookAt(under) {
    this.under = under;
    this.stale();
  }

  /** Say in the tooltip what is under the pointer: the tensor's own name, the indices and the exact number. */
  #tell() {
    const { node, edge } = this.under;
    if (node) {
      this.#show(this.#nodeLines(node), node.x + this.plan.size, node.y);
    } else if (edge) {
      const { x, y } = middleOfEdge(this.plan, edge);
      this.#show([this.#weightLine(edge)], x, y);
    } else {
      this.tooltip.hide();
    }
  }

  #show(lines, x, y) {
    this.tooltip.show(lines, x - this.scroller.scrollLeft, y - this.scroller.scrollTop);
  }

  #weightLine({ layer, row, column }) {
    const name = this.#tensorOf(layer);
    const tensor = this.scene?.frame.arrays.get(name);
    const value = tensor ? tensor.values[row * tensor.shape[1] + column] : NaN;
    const changes = this.scene?.pinned && this.#weights(name);
    const change = changes ? ` (${signed(changes.values[row * changes.shape[1] + column], exact)})` : "";
    return `${bare(name)}[${row}, ${column}] = ${exact(value)}${change}`;
  }

  #nodeLines(node) {
    const arrays = this.scene?.frame.arrays;
    const low = arrays?.get("neurons.low")?.values[node.unit] ?? NaN;
    const high = arrays?.get("neurons.high")?.values[node.unit] ?? NaN;
    const range = `from ${exact(low)} to ${exact(high)} over the map`;
    if (node.layer === 0) return [this.panel.inputs[node.index] ?? `input ${node.index}`, range];
    const layer = node.layer - 1;
    const bias = biasOf(this.panel.tensors[layer]);
    const offset = arrays?.get(bias)?.values[node.index];
    const isOutput = node.layer === this.plan.layers.length - 1;
    const weights = this.plan.layers[layer].slice(0, WEIGHTS_TOLD);
    const straight = isOutput && this.plan.lanes ? this.plan.layers[0] : [];
    return [
      `${caption(WHOLE, node.layer, this.plan.layers.length)}, unit ${node.index}`,
      range,
      ...(offset === undefined ? [] : [`${bare(bias)}[${node.index}] = ${exact(offset)}`]),
      ...weights.map(({ index }) => this.#weightLine({ layer, row: node.index, column: index })),
      ...straight.map(({ index }) => this.#weightLine({ layer: node.layer, row: node.index, column: index })),
    ];
  }
}

/** The name that the tensor has in the net: without the name of the reading that carries it. */
function bare(name) {
  return name.replace(/^weights\./, "");
}

function biasOf(name) {
  return name.replace(/weight$/, "bias");
}

function caption({ first, other, last }, layer, layers) {
  if (layer === 0) return first;
  return layer === layers - 1 ? last : `${other}${layer}`;
}

function clip(word, longest) {
  return word.length > longest ? `${word.slice(0, longest - 1)}…` : word;
}
