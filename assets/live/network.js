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
import { biasAt, biasPlace, drawBiases } from "./netbias.js";
import { drawWords, layerName } from "./netcaptions.js";
import { curvesOf, edgeAt, middleOfEdge, nodeAt, planNet } from "./netplan.js";
import { NeuronMaps } from "./neuronmaps.js";
import { exact, signed } from "./numbers.js";
import { drawn, ofStep, PRINT } from "./picture.js";
import { Since } from "./since.js";
import { CELL_COLUMNS, cellsOf } from "./tensorcells.js";
import { Tooltip } from "./tooltip.js";

const STRENGTHS = 8;
const WEIGHTS_TOLD = 8;
const KEYS =
  "The keys up and down walk over the neurons and tell each one's numbers, W over the weights that lead to it. " +
  "Enter tells how a neuron answers or about its weight, B about its bias: there they can be set. Escape ends it.";

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
    /** With `bias` the bias of the neuron, and with an edge the weight, is what is meant. @type {{node?: Node, edge?: Edge | null, bias?: boolean}} */
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
    this.panel.tensors.forEach((name, layer) => {
      const biases = this.#weights(biasOf(name));
      if (biases) drawBiases(context, this.plan, layer + 1, biases.values, this.theme);
    });
    drawWords(context, this.plan, this.panel.inputs, this.theme);
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

  #drawUnder(context) {
    const { node, edge, bias } = this.under;
    context.strokeStyle = this.theme.ink;
    context.lineWidth = 2;
    if (node && bias) {
      const { x, y, side } = biasPlace(this.plan, node);
      context.strokeRect(x - 1, y - 1, side + 2, side + 2);
      return this.#tell();
    }
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
      const foot = biasAt(this.plan, offsetX, offsetY);
      if (foot) return this.#lookAt({ node: foot, bias: true });
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
      const { node: at } = this.under;
      if (event.key === "Enter" && at) this.#ask(...this.#middleOf(at), true);
      if (/^[bw]$/i.test(event.key) && at?.layer && !event.ctrlKey && !event.metaKey && !event.altKey) this.#reach(event, at);
      if (!move) return;
      event.preventDefault();
      const nodes = this.plan.layers.flat();
      const place = this.under.node ? this.under.node.unit + move : 0;
      const node = nodes[(place + nodes.length) % nodes.length];
      this.#lookAt({ node });
      if (node) this.tooltip.say(this.#nodeLines(node));
    });
  }

  /** Ask about the bias of a neuron, or go on to the next weight that leads to it. */
  #reach({ key, shiftKey }, node) {
    if (/b/i.test(key)) {
      this.#lookAt({ node, bias: true });
      this.#ask(0, 0, true);
      return;
    }
    const edges = this.#edgesTo(node);
    const last = edges.findIndex(({ layer, column }) => layer === this.under.edge?.layer && column === this.under.edge.column);
    const next = shiftKey ? Math.max(last, 0) - 1 + edges.length : last + 1;
    const edge = edges[next % edges.length];
    this.#lookAt({ node, edge });
    this.tooltip.say([this.#weightLine(edge)]);
  }

  /** All edges that lead to a neuron, also those straight from the inputs. @param {Node} node @returns {Edge[]} */
  #edgesTo({ layer, index: row }) {
    const { layers, lanes } = this.plan;
    const edges = layers[layer - 1].map(({ index }) => ({ layer: layer - 1, row, column: index }));
    const straight = lanes && layer === layers.length - 1 ? layers[0] : [];
    return [...edges, ...straight.map(({ index }) => ({ layer, row, column: index }))];
  }

  /** Ask how the number at a place came about: of a neuron the cell of its map, of an edge the weight. */
  #ask(x, y, byKey = false) {
    const { node, edge, bias } = this.under;
    if (node && bias) {
      this.pick({ array: biasOf(this.panel.tensors[node.layer - 1]), index: [node.index], byKey });
    } else if (edge) {
      this.pick({ array: this.#tensorOf(edge.layer), index: [edge.row, edge.column], byKey });
    } else if (node) {
      const { width, height } = this.maps;
      const column = Math.min(width - 1, Math.max(0, Math.floor(((x - node.x) / this.plan.size) * width)));
      const above = Math.min(height - 1, Math.max(0, Math.floor(((y - node.y) / this.plan.size) * height)));
      this.pick({ array: "neurons.maps", index: [node.unit, height - 1 - above, column] }); // the first row is the lowest
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
    const { node, edge, bias } = this.under;
    if (edge) {
      const { x, y } = middleOfEdge(this.plan, edge);
      this.#show([this.#weightLine(edge)], x, y);
    } else if (node && bias) {
      this.#show([this.#biasLine(node)], node.x, node.y + this.plan.size);
    } else if (node) {
      this.#show(this.#nodeLines(node), node.x + this.plan.size, node.y);
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

  #biasLine({ layer, index }) {
    const name = biasOf(this.panel.tensors[layer - 1]);
    const value = this.scene?.frame.arrays.get(name)?.values[index] ?? NaN;
    const changes = this.scene?.pinned && this.#weights(name);
    return `${bare(name)}[${index}] = ${exact(value)}${changes ? ` (${signed(changes.values[index], exact)})` : ""}`;
  }

  #nodeLines(node) {
    const arrays = this.scene?.frame.arrays;
    const low = arrays?.get("neurons.low")?.values[node.unit] ?? NaN;
    const high = arrays?.get("neurons.high")?.values[node.unit] ?? NaN;
    const range = `from ${exact(low)} to ${exact(high)} over the map`;
    if (node.layer === 0) return [this.panel.inputs[node.index] ?? `input ${node.index}`, range];
    const layer = node.layer - 1;
    const hasBias = arrays?.has(biasOf(this.panel.tensors[layer]));
    const isOutput = node.layer === this.plan.layers.length - 1;
    const weights = this.plan.layers[layer].slice(0, WEIGHTS_TOLD);
    const straight = isOutput && this.plan.lanes ? this.plan.layers[0] : [];
    return [
      `${layerName(node.layer, this.plan.layers.length)}, unit ${node.index}`,
      range,
      ...(hasBias ? [this.#biasLine(node)] : []),
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
