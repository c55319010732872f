/**
 * A panel that is a Plotly figure: arrays of the stream go into the attributes of its traces, as its bindings say.
 *
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./theme.js").Theme} Theme
 *
 * @typedef {object} Bind  see engine/figures/panel.py
 * @property {number} trace
 * @property {string} attribute
 * @property {string} array
 * @property {"frame" | "opening" | "series" | "stack"} mode
 * @property {"linear" | "log10"} scale
 *
 * @typedef {object} Look  how a person has set a plot
 * @property {boolean} [log]
 * @property {number} [smooth]  weight
 * @property {number[]} [hidden]  traces
 */
import { cellBelow, cellOf, curveUpdate, stackUpdate } from "./bindings.js";
import { make } from "./dom.js";
import { makeKey } from "./key.js";
import { makeLegend, namedTraces } from "./legend.js";
import { rows } from "./message.js";
import { loadPlotly, themed, themedRims } from "./plotly.js";
import { ofStep, PRINT } from "./picture.js";
import { plotNumbers } from "./plotnumbers.js";
import { plotPicture } from "./plotpicture.js";
import { isSurface, Surface } from "./surface.js";
import { plotTable } from "./tabular.js";

const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };
const FAINT = 0.22;
/** Of a logarithmic axis: Plotly would write 2, 3, 4 to 9 in small between the powers of ten. */
const LOG_TICKS = 3;

export class PlotView {
  /**
   * @param {import("./card.js").Panel & {figure: any, bindings: Bind[], smoothing: boolean, log: boolean, key: import("./key.js").Key | null}} panel
   * @param {Card} card
   * @param {Theme} theme
   * @param {() => void} stale  to be called when the picture no longer shows what it should
   * @param {import("./explanation.js").Pick} pick
   */
  constructor(panel, card, theme, stale, pick) {
    this.panel = panel;
    this.theme = theme;
    this.stale = stale;
    this.pick = pick;
    this.pictured = /** @type {const} */ ("svg");
    /** Curves over all steps cost more than a frame and change less: the painter draws them less often. */
    this.slow = !panel.bindings.some(({ mode }) => mode === "frame");
    this.overSteps = panel.bindings.some(({ mode }) => mode === "series" || mode === "stack");
    this.log = panel.figure.layout?.yaxis?.type === "log";
    this.beginsLog = this.log;
    this.weight = 0;
    // Plotly writes into what it is given; the panel belongs to the page.
    this.traces = structuredClone(panel.figure.data);
    this.rims = themedRims(this.traces);
    /** @type {Map<number, number>} trace of a raw curve -> trace of the same curve smoothed */
    this.smoothed = new Map();
    if (panel.smoothing) this.#addSmoothedTraces();
    this.place = make("div", { class: "ls-plot", role: "img", "aria-label": panel.alt || panel.title });
    /** @type {Map<number, Surface>} trace -> the canvas that shows it */
    this.surfaces = new Map();
    for (const { mode, attribute, trace, scale } of panel.bindings) {
      const fits = mode === "frame" && attribute === "z" && scale === "linear" && isSurface(this.traces[trace]);
      if (fits) this.surfaces.set(trace, new Surface(trace, this.traces[trace]));
    }
    this.place.classList.toggle("ls-surfaced", this.surfaces.size > 0);
    this.cursor = make("div", { class: "ls-cursor", hidden: true });
    this.hidden = new Set();
    const named = namedTraces(panel.figure);
    this.legend = named.length ? makeLegend(this.traces, named, (trace, shown) => this.#toggle(trace, shown)) : null;
    this.named = named;
    if (this.legend) card.legend.append(this.legend);
    if (panel.key) card.legend.append(makeKey(panel.key));
    card.body.append(...[...this.surfaces.values()].map(({ element }) => element), this.place, this.cursor);
    this.#addTools(card);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.plotly = null;
    this.opening = null;
    loadPlotly().then(
      (plotly) => this.#begin(plotly),
      (error) => card.body.append(make("p", { class: "ls-note", role: "alert" }, error.message)),
    );
  }

  /** @param {Scene} scene */
  paint(scene) {
    if (!this.plotly) return false;
    const update = new Update(this.traces.length);
    if (scene.recording.opening !== this.opening) {
      this.opening = scene.recording.opening;
      this.#bindTensors(update, "opening", this.opening);
    }
    this.#bindTensors(update, "frame", scene.frame);
    for (const bind of this.panel.bindings) {
      if (bind.mode === "series") this.#bindCurve(update, bind, scene);
      if (bind.mode === "stack") update.setAll(bind.trace, stackUpdate(bind, scene.recording.series));
    }
    if (update.any) this.plotly.restyle(this.place, update.attributes, update.indices);
    // A surface that had no axes to stand on has them now.
    for (const bind of this.panel.bindings) {
      const tensor = update.has(bind) ? scene.frame.arrays.get(bind.array) : null;
      if (tensor) this.surfaces.get(bind.trace)?.paint(this.place, tensor);
    }
    this.mark(scene);
    return true;
  }

  /** Put the cursor at the step shown, while a person looks back. @param {Scene} scene */
  mark({ recording, frame }) {
    const axis = this.overSteps && !recording.following ? this.place._fullLayout?.xaxis : null;
    this.cursor.hidden = !axis;
    if (!axis) return;
    // A div over the plot moves for nothing; a shape in the layout would draw the whole plot again.
    const { t, h } = this.place._fullLayout._size;
    const left = axis._offset + Math.max(0, Math.min(axis._length, axis.l2p(frame.header.step)));
    Object.assign(this.cursor.style, { left: `${left}px`, top: `${t}px`, height: `${h}px` });
  }

  /** @returns {string[]} */
  get look() {
    const hidden = [...this.hidden].sort((one, other) => one - other).map((trace) => `hide${trace}`);
    const log = this.log === this.beginsLog ? [] : [this.log ? "log" : "linear"];
    return [...log, ...(this.weight ? [`smooth${Math.round(100 * this.weight)}`] : []), ...hidden];
  }

  /** Be set as a link says, by the controls that a person would use. @param {Look} look */
  wear({ log, smooth, hidden = [] }) {
    const { box, slider } = this.controls;
    if (log !== undefined && box && box.checked !== log) box.click();
    if (smooth !== undefined && slider) {
      slider.value = String(smooth);
      slider.dispatchEvent(new Event("input"));
    }
    for (const trace of hidden) /** @type {HTMLElement} */ (this.legend?.children[this.named.indexOf(trace)])?.click();
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} */
  numbers(scene) {
    return plotNumbers(this.panel, scene, { hidden: this.hidden, weight: this.weight });
  }

  /** The plot as it is seen, with the legend and the key that stand above it on the page. @param {Scene} scene */
  async picture(scene) {
    if (!this.plotly) throw new Error("Plotly has not come yet.");
    this.paint(scene);
    const { panel } = this;
    const title = this.overSteps ? panel.title : ofStep(panel.title, scene);
    return plotPicture(this.plotly, this.place.data, this.#layout(PRINT), { title, rims: this.rims, key: panel.key });
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return plotTable(this.panel, scene);
  }

  /** @param {Theme} theme */
  restyle(theme) {
    this.theme = theme;
    if (!this.plotly) return;
    const colours = { "marker.line.color": this.rims.map(({ colour }) => theme[colour]) };
    const drawn = this.rims.length
      ? this.plotly.update(this.place, colours, this.#layout(), this.rims.map(({ trace }) => trace))
      : this.plotly.relayout(this.place, this.#layout());
    drawn.then(() => this.stale()); // axes may have moved, and a surface goes with them
  }

  close() {
    this.resizing.disconnect();
    this.plotly?.purge(this.place);
    this.plotly = null;
  }

  async #begin(plotly) {
    if (!this.place.isConnected) return;
    const { theme } = this;
    for (const { trace, colour } of this.rims) this.traces[trace].marker.line.color = theme[colour];
    await plotly.newPlot(this.place, this.traces, this.#layout(), CONFIG);
    this.plotly = plotly;
    this.place.on("plotly_click", ({ points, event }) => this.#ask(points[0], event));
    if (theme !== this.theme) this.restyle(this.theme);
    this.resizing.observe(this.place);
    this.stale();
  }

  #layout(theme = this.theme) {
    const layout = themed(structuredClone(this.panel.figure.layout ?? {}), theme);
    layout.showlegend = false;
    if (this.panel.log) layout.yaxis.type = this.log ? "log" : "linear";
    if (layout.yaxis.type === "log") layout.yaxis.nticks = LOG_TICKS;
    return { ...layout, width: this.place.clientWidth || 320, height: this.place.clientHeight || this.panel.height };
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.place;
    const { width: oldWidth, height: oldHeight } = this.place._fullLayout ?? {};
    if (!this.plotly || !width || !height || (width === oldWidth && height === oldHeight)) return;
    this.plotly.relayout(this.place, { width, height }).then(() => this.stale());
  }

  /** Each curve gets a strong twin that is smoothed; the raw one becomes faint while the twin is seen. */
  #addSmoothedTraces() {
    for (const { mode, trace } of this.panel.bindings) {
      if (mode !== "series" || this.smoothed.has(trace)) continue;
      this.smoothed.set(trace, this.traces.length);
      const { name } = this.traces[trace];
      this.traces.push({ ...structuredClone(this.traces[trace]), name: `${name} (smoothed)`, showlegend: false, visible: false });
    }
  }

  #bindTensors(update, mode, message) {
    for (const bind of this.panel.bindings) {
      const tensor = bind.mode === mode ? message.arrays.get(bind.array) : null;
      if (!tensor || (mode === "frame" && this.surfaces.get(bind.trace)?.paint(this.place, tensor))) continue;
      const values = bind.scale === "log10" ? tensor.values.map((value) => Math.log10(Math.abs(value))) : tensor.values;
      update.set(bind.trace, bind.attribute, rows({ shape: tensor.shape, values }));
    }
  }

  #bindCurve(update, bind, { recording }) {
    update.setAll(bind.trace, curveUpdate(bind, recording.series, 0));
    const twin = this.smoothed.get(bind.trace);
    if (twin === undefined) return;
    this.#setFaint(update, bind.trace, twin);
    if (this.weight) update.setAll(twin, curveUpdate(bind, recording.series, this.weight));
  }

  #setFaint(update, raw, twin) {
    const strength = this.panel.figure.data[raw].opacity ?? 1;
    const opacity = this.weight ? strength * FAINT : strength;
    const seen = this.weight > 0 && !this.hidden.has(raw);
    if (opacity !== (this.place.data[raw].opacity ?? 1)) update.set(raw, "opacity", opacity);
    if (seen !== this.place.data[twin].visible) update.set(twin, "visible", seen);
  }

  /** Ask how the number that was clicked came about: the cell there, or the point that is nearest. */
  #ask(point, { clientX, clientY }) {
    const { left, top } = this.place.getBoundingClientRect();
    const { xaxis, yaxis } = this.place._fullLayout;
    const [x, y] = [xaxis.p2l(clientX - left - xaxis._offset), yaxis.p2l(clientY - top - yaxis._offset)];
    const raw = [...this.smoothed].find(([, twin]) => twin === point.curveNumber)?.[0] ?? point.curveNumber;
    const { bindings } = this.panel;
    const cell = cellBelow(bindings, this.place.data, x, y) ?? cellOf(bindings, raw, point);
    if (cell) this.pick(cell);
  }

  #toggle(trace, shown) {
    if (shown) this.hidden.delete(trace);
    else this.hidden.add(trace);
    this.traces[trace].visible = shown; // for a plot that is not begun yet
    this.plotly?.restyle(this.place, { visible: shown }, [trace]);
    this.stale();
  }

  /** @param {Card} card */
  #addTools(card) {
    const { id, title, smoothing, log } = this.panel;
    /** @type {{slider?: HTMLInputElement, box?: HTMLInputElement}} */
    this.controls = {};
    if (smoothing) {
      const slider = make("input", {
        type: "range", min: 0, max: 0.99, step: 0.01, value: 0,
        "aria-label": `Smoothing of ${title}`, "data-testid": `smoothing-${id}`,
      });
      this.controls.slider = slider;
      slider.addEventListener("input", () => {
        this.weight = Number(slider.value);
        this.stale();
      });
      card.tools.append(make("label", { class: "ls-tool", title: "Exponentially weighted mean" }, "smooth", slider));
    }
    if (log) {
      const box = make("input", { type: "checkbox", checked: this.log, "data-testid": `log-${id}` });
      this.controls.box = box;
      box.addEventListener("change", () => {
        this.log = box.checked;
        this.restyle(this.theme);
      });
      card.tools.append(make("label", { class: "ls-tool", title: "Logarithmic axis" }, "log", box));
    }
  }
}

/** All changes of one painting, gathered so that Plotly draws once. */
class Update {
  /** @param {number} count  of traces */
  constructor(count) {
    this.indices = Array.from({ length: count }, (_, index) => index);
    /** @type {Record<string, any[]>} attribute -> a value for each trace; Plotly leaves undefined ones as they are */
    this.attributes = {};
  }

  get any() {
    return Object.keys(this.attributes).length > 0;
  }

  has({ trace, attribute }) {
    return this.attributes[attribute]?.[trace] !== undefined;
  }

  set(trace, attribute, value) {
    this.attributes[attribute] ??= this.indices.map(() => undefined);
    this.attributes[attribute][trace] = value;
  }

  setAll(trace, values) {
    for (const [attribute, value] of Object.entries(values)) this.set(trace, attribute, value);
  }
}
