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
 * @property {"frame" | "opening" | "words" | "series" | "stack" | "spread"} mode
 * @property {"linear" | "log10"} scale
 * @property {"numbers" | "classes"} difference
 * @property {number} run
 * @property {number} share
 *
 * @typedef {object} Look  how a person has set a panel
 * @property {boolean} [log]
 * @property {number} [smooth]  weight
 * @property {number[]} [hidden]  traces
 * @property {number} [of]  the place of the array that is chosen, among those of which one can be
 * @property {"layer" | "net"} [scale]
 */
import { cellBelow, cellOf, curveUpdate, spreadUpdate, stackUpdate } from "./bindings.js";
import { diverging, divergingStops } from "./colours.js";
import { changedClasses, largest, subtract } from "./difference.js";
import { make } from "./dom.js";
import { makeKey } from "./key.js";
import { makeLegend, namedTraces } from "./legend.js";
import { whole } from "./numbers.js";
import { loadPlotly, themed, themedRims } from "./plotly.js";
import { ofStep, PRINT } from "./picture.js";
import { PlotLabels } from "./plotlabels.js";
import { plotNumbers } from "./plotnumbers.js";
import { plotPicture } from "./plotpicture.js";
import { addTools } from "./plottools.js";
import { Since } from "./since.js";
import { isSurface, Surface } from "./surface.js";
import { plotTable } from "./tabular.js";
import { Update, values } from "./update.js";

const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };
const FAINT = 0.22;
/** @type {import("./key.js").Key} */
const CHANGE_KEY = { colours: [], names: [], bar: true };
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
    /** @type {Map<number, number>} trace of a line of one step -> trace of the same line at the pinned step */
    this.pinnedLines = new Map();
    this.#addTwins();
    /** @type {Map<number, PlotLabels>} trace whose words are written where they have room; they are its custom data */
    this.labels = new Map();
    for (const { mode, attribute, trace } of panel.bindings) {
      if (mode === "words" && attribute === "customdata") this.labels.set(trace, new PlotLabels());
    }
    this.place = make("div", { class: "ls-plot", role: "img", "aria-label": panel.alt || panel.title });
    /** @type {Map<number, Surface>} trace -> the canvas that shows it */
    this.surfaces = new Map();
    for (const { mode, attribute, trace, scale } of panel.bindings) {
      const fits = mode === "frame" && attribute === "z" && scale === "linear" && isSurface(this.traces[trace]);
      if (fits) this.surfaces.set(trace, new Surface(trace, this.traces[trace]));
    }
    this.place.classList.toggle("ls-surfaced", this.surfaces.size > 0);
    this.cursor = make("div", { class: "ls-cursor", hidden: true });
    this.pin = make("div", { class: "ls-pinned", hidden: true });
    this.hidden = new Set();
    const named = namedTraces(panel.figure);
    this.legend = named.length ? makeLegend(this.traces, named, (trace, shown) => this.#toggle(trace, shown)) : null;
    this.named = named;
    if (this.legend) card.legend.append(this.legend);
    this.key = panel.key ? makeKey(panel.key) : null;
    this.since = new Since();
    card.legend.append(...(this.key ? [this.key] : []), this.since.element);
    card.body.append(...[...this.surfaces.values()].map(({ element }) => element), this.place, this.cursor, this.pin);
    this.controls = addTools(card, panel, this.log, {
      smooth: (weight) => {
        this.weight = weight;
        this.stale();
      },
      log: (log) => {
        this.log = log;
        this.restyle(this.theme);
      },
    });
    this.resizing = new ResizeObserver(() => this.#resize());
    this.plotly = null;
    this.opening = null;
    card.body.toggleAttribute("data-opening", true);
    loadPlotly()
      .then(
        (plotly) => this.#begin(plotly),
        (error) => card.body.append(make("p", { class: "ls-note", role: "alert" }, error.message)),
      )
      .finally(() => card.body.toggleAttribute("data-opening", false));
  }

  /** @param {Scene} scene */
  paint(scene) {
    if (!this.plotly) return false;
    const update = new Update(this.traces.length);
    if (scene.recording.opening !== this.opening) {
      this.opening = scene.recording.opening;
      this.#bindTensors(update, "opening", this.opening, this.opening);
      for (const { mode, trace, attribute, array } of this.panel.bindings) {
        if (mode === "words") update.set(trace, attribute, String(this.opening.header.words?.[array] ?? "").split("\n"));
      }
    }
    this.#showKey(scene.pinned !== null);
    this.#bindTensors(update, "frame", scene.frame, scene.pinned);
    this.#showPinnedLines(update, scene.pinned !== null);
    for (const bind of this.panel.bindings) {
      if (bind.mode === "series") this.#bindCurve(update, bind, scene);
      if (bind.mode === "spread") update.setAll(bind.trace, spreadUpdate(bind, scene.all));
      if (bind.mode === "stack") update.setAll(bind.trace, stackUpdate(bind, scene.recording.series));
    }
    this.#writeWords(update);
    if (update.any) this.plotly.restyle(this.place, update.attributes, update.indices);
    // A surface that had no axes to stand on has them now.
    for (const bind of this.panel.bindings) {
      const tensor = update.has(bind) ? scene.frame.arrays.get(bind.array) : null;
      if (tensor) this.#paintSurface(bind, tensor, scene.pinned);
    }
    this.mark(scene);
    return true;
  }

  /** Put the cursor at the step shown, while a person looks back. @param {Scene} scene */
  mark({ following, frame, pinned }) {
    this.#put(this.cursor, following ? null : frame);
    this.#put(this.pin, pinned);
  }

  /** Put a line over the plot at the step of a frame, or hide it. */
  #put(line, frame) {
    const axis = this.overSteps && frame ? this.place._fullLayout?.xaxis : null;
    line.hidden = !axis;
    if (!axis) return;
    // A div over the plot moves for nothing; a shape in the layout would draw the whole plot again.
    const { t, h } = this.place._fullLayout._size;
    const left = axis._offset + Math.max(0, Math.min(axis._length, axis.l2p(frame.header.step)));
    Object.assign(line.style, { left: `${left}px`, top: `${t}px`, height: `${h}px` });
  }

  #showKey(changed) {
    if (this.key) this.key.hidden = changed && this.surfaces.size > 0;
    if (!changed) this.since.hide();
  }

  /** Write words beside their points where they have room. @param {Update} update */
  #writeWords(update) {
    const { xaxis, yaxis } = this.place._fullLayout;
    for (const [trace, labels] of this.labels) {
      const drawn = this.place.data[trace];
      const [words, x, y] = ["customdata", "x", "y"].map((name) => update.attributes[name]?.[trace] ?? drawn[name] ?? []);
      const spots = Array.from(words, (word, index) => ({ word, x: xaxis.l2p(x[index]), y: yaxis.l2p(y[index]) }));
      const font = `${drawn.textfont?.size ?? 12}px ${this.theme.font}`;
      update.setAll(trace, labels.place(spots, { width: xaxis._length, height: yaxis._length, font }));
    }
  }

  /** Paint a surface, or how it has changed since the pinned step; false where Plotly has to draw first. */
  #paintSurface({ trace, array, difference }, tensor, pinned) {
    const surface = this.surfaces.get(trace);
    if (!pinned || !surface) return surface?.paint(this.place, tensor) ?? false;
    const step = pinned.header.step;
    if (difference === "classes") {
      this.since.say(`coloured: another class than at step ${whole(step)}`);
      return surface.paint(this.place, changedClasses(tensor, pinned.arrays.get(array)) ?? tensor);
    }
    const change = subtract(tensor, pinned.arrays.get(array));
    if (!change) return surface.paint(this.place, tensor);
    const limit = largest(change.values);
    this.since.show(step, limit);
    return surface.paint(this.place, change, { low: -(limit || 1), high: limit || 1, colours: diverging });
  }

  #showPinnedLines(update, seen) {
    for (const twin of this.pinnedLines.values()) {
      if (seen !== this.place.data[twin].visible) update.set(twin, "visible", seen);
    }
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
    const changes = this.#changesPictured(scene.pinned);
    const traces = this.place.data.map((trace, index) => ({ ...trace, ...changes.get(index) }));
    const key = changes.size ? CHANGE_KEY : scene.pinned && this.surfaces.size ? null : panel.key;
    return plotPicture(this.plotly, traces, this.#layout(PRINT), { title, rims: this.rims, key });
  }

  /** What Plotly has to know to draw changes as the page paints them: colours by trace. */
  #changesPictured(pinned) {
    const changed = this.panel.bindings.filter((bind) => pinned && this.surfaces.has(bind.trace) && bind.difference === "numbers");
    return new Map(changed.map(({ trace }) => {
      const limit = largest(this.place.data[trace].z.flatMap((row) => [...row])) || 1;
      return [trace, { zmin: -limit, zmax: limit, colorscale: divergingStops }];
    }));
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

  /**
   * Each curve gets a strong twin that is smoothed; the raw one becomes faint while the twin is seen. Each line of one
   * step gets a dashed one, for that of the pinned step.
   */
  #addTwins() {
    for (const { mode, trace } of this.panel.bindings) {
      const isLine = mode === "frame" && this.traces[trace].mode === "lines";
      if (mode === "series" && this.panel.smoothing) this.#addTwin(this.smoothed, trace, "smoothed", {});
      if (isLine) this.#addTwin(this.pinnedLines, trace, "pinned step", { line: { ...this.traces[trace].line, dash: "dash" } });
    }
  }

  #addTwin(twins, trace, what, look) {
    if (twins.has(trace)) return;
    twins.set(trace, this.traces.length);
    const name = `${this.traces[trace].name} (${what})`;
    this.traces.push({ ...structuredClone(this.traces[trace]), ...look, name, showlegend: false, visible: false });
  }

  #bindTensors(update, mode, message, pinned) {
    for (const bind of this.panel.bindings) {
      const tensor = bind.mode === mode ? message.arrays.get(bind.array) : null;
      if (!tensor || (mode === "frame" && this.#paintSurface(bind, tensor, pinned))) continue;
      update.set(bind.trace, bind.attribute, values(bind, tensor));
      const twin = this.pinnedLines.get(bind.trace);
      const then = twin === undefined ? null : pinned?.arrays.get(bind.array);
      if (then) update.set(twin, bind.attribute, values(bind, then));
    }
  }

  #bindCurve(update, bind, { all }) {
    const series = all[bind.run]?.series;
    if (!series) return;
    update.setAll(bind.trace, curveUpdate(bind, series, 0));
    const twin = this.smoothed.get(bind.trace);
    if (twin === undefined) return;
    this.#setFaint(update, bind.trace, twin);
    if (this.weight) update.setAll(twin, curveUpdate(bind, series, this.weight));
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
}
