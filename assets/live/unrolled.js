/**
 * A panel of a recurrent net unrolled over the steps of a sequence: what it reads, its cells, what it tells, and how
 * strong the gradient is that comes back through time.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./unrolleddata.js").Unrolled} Unrolled
 * @typedef {import("./unrolleddata.js").UnrolledPanel} UnrolledPanel
 * @typedef {import("./unrolledplan.js").UnrolledPlan} UnrolledPlan
 */
import { CellWalk } from "./cellwalk.js";
import { make, setText } from "./dom.js";
import { drawMark } from "./mark.js";
import { Nothing } from "./nothing.js";
import { short, whole } from "./numbers.js";
import { drawn, drawScale, ofStep, PRINT, SCALE_ROOM, WIDEST_PICTURE } from "./picture.js";
import { nameOf, OTHER } from "./steps.js";
import { Strip } from "./strip.js";
import { hasReadOther } from "./tensorcells.js";
import { Tooltip } from "./tooltip.js";
import { cellLines, endsOf, numbersOf, readUnrolled, sizeWords, tableOf } from "./unrolleddata.js";
import { coloursOf, drawUnrolled, fontOf } from "./unrolleddraw.js";
import { planUnrolled } from "./unrolledplan.js";

const KINDS = /** @type {const} */ (["state", "gradient"]);
const WORDS = { state: "state", gradient: "gradient |dL/dh|" };
const KEYS = `${CellWalk.KEYS} Shift and Enter tell how its gradient did.`;
/** CSS pixels from one scale of a picture to the next. */
const SCALE_APART = 320;

export class UnrolledView {
  /** @type {Unrolled | null} */
  net = null;
  /** @type {UnrolledPlan | null} */
  plan = null;
  /** The cell that is meant. @type {{row: number, column: number} | null} */
  under = null;
  /** What was read when the end was last brought into sight. */
  #ended = "";

  /**
   * @param {UnrolledPanel} panel
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
    this.#build(card);
    this.#listen();
  }

  /** @param {Scene} scene */
  paint(scene) {
    const net = (this.net = readUnrolled(this.panel, scene));
    this.nothing.show(net !== null, scene, hasReadOther(this.panel, scene) ? OTHER : "");
    const { width, height } = this.strip;
    if (!width || !height) return;
    const plan = (this.plan = net && this.#planOf(net, width, height));
    if (this.under && (!net || this.under.row >= net.rows || this.under.column >= net.columns)) this.under = null;
    const context = this.strip.clear(plan?.length ?? 0);
    if (net && plan) this.#showAnswer(net, plan);
    if (net && plan) {
      drawUnrolled(context, net, plan, this.panel.layers, { offset: this.strip.left, width }, this.theme);
      this.#drawUnder(context, plan);
    }
    this.#writeScales(net, scene);
    this.#tell();
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} changes are not taken */
  numbers(scene) {
    return numbersOf(readUnrolled(this.panel, { ...scene, pinned: null }), this.panel);
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return tableOf(readUnrolled(this.panel, { ...scene, pinned: null }), this.panel);
  }

  /** All steps, with both scales below. @param {Scene} scene */
  picture(scene) {
    const net = readUnrolled(this.panel, scene);
    const { width: place, height } = this.strip;
    const plan = net && this.#planOf(net, place, height);
    const length = Math.max(place, plan?.length ?? 0);
    const width = Math.min(WIDEST_PICTURE, length);
    return drawn(ofStep(this.panel.title, scene), width, height + SCALE_ROOM, (context) => {
      if (!net || !plan) return;
      context.save();
      context.scale(width / length, width / length);
      drawUnrolled(context, net, plan, this.panel.layers, { offset: 0, width: length }, PRINT);
      context.restore();
      context.textAlign = "left";
      context.textBaseline = "alphabetic";
      for (const kind of KINDS) {
        const [low, high] = endsOf(net)[kind].map((end) => short(end, 3));
        drawScale(context, coloursOf(net.changed)[kind].names, [`${WORDS[kind]} ${low}`, high], height + SCALE_ROOM);
        context.translate(Math.min(SCALE_APART, width / 2), 0);
      }
    });
  }

  /** @param {import("./theme.js").Theme} theme */
  restyle(theme) {
    this.theme = theme;
    this.stale();
  }

  close() {
    this.strip.close();
  }

  #build(card) {
    const { panel } = this;
    this.strip = new Strip(`${panel.alt || panel.title} ${KEYS}`, this.stale);
    this.nothing = new Nothing();
    this.field = make("div", { class: "ls-field" }, this.strip.scroller, this.nothing.element);
    this.scales = KINDS.map((kind) => {
      const [low, high] = [make("span"), make("span")];
      const bar = make("span", { class: "ls-bar" });
      const element = make("span", { class: "ls-scale-part", "data-testid": `${kind}-${panel.id}` }, make("span", {}, WORDS[kind]), low, bar, high);
      return { kind, low, high, bar, element };
    });
    this.shape = make("span", { class: "ls-shape" });
    const scale = make("div", { class: "ls-scale ls-scales" }, ...this.scales.map(({ element }) => element), this.shape);
    card.body.append(make("div", { class: "ls-tensor" }, this.field, scale));
    this.tooltip = new Tooltip(this.field);
  }

  #listen() {
    const { canvas } = this.strip;
    const point = (event) => this.#lookAt(this.#spotAt(event));
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    for (const leave of ["pointerleave", "blur"]) canvas.addEventListener(leave, () => this.#lookAt(null));
    canvas.addEventListener("click", (event) => {
      const spot = this.#spotAt(event);
      if (spot) this.#ask(spot, spot.on);
    });
    // The first cell is the lowest one.
    const turned = (cell) => cell && { ...cell, row: (this.net?.rows ?? 0) - 1 - cell.row };
    this.walk = new CellWalk(canvas, {
      size: () => this.net,
      at: () => turned(this.under),
      lookAt: (cell) => this.#walkTo(turned(cell)),
      ask: (cell, isOther) => this.#ask(/** @type {any} */ (turned(cell)), isOther ? "gradient" : "state", true),
    });
  }

  /**
   * Where there is one answer, at the end, a sequence that is too long for its place is shown from there.
   *
   * @param {Unrolled} net @param {UnrolledPlan} plan
   */
  #showAnswer({ lines, told }, { length }) {
    const read = lines.join("\n");
    if (read === this.#ended) return;
    this.#ended = read;
    if (length > this.strip.width && told.findIndex(Boolean) === told.length - 1) this.strip.showEnd();
  }

  /** @param {Unrolled} net */
  #planOf(net, width, height) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.strip.canvas.getContext("2d"));
    context.font = fontOf(this.theme);
    const layers = Array.from({ length: net.rows }, (_, row) => nameOf(this.panel.layers[row] ?? String(row)));
    const steps = [...net.lines.slice(0, net.columns), ...net.told.slice(0, net.columns)].map(nameOf);
    return planUnrolled({ layers, rows: net.rows, steps }, net.columns, width, height, (words) => context.measureText(words).width);
  }

  #drawUnder(context, plan) {
    if (!this.under) return;
    const { x, y, wide, high } = plan.boxOf(this.under.row, this.under.column);
    drawMark(context, this.theme, x - wide / 2 - 2 - this.strip.left, y - high / 2 - 2, wide + 4, high + 4);
  }

  #writeScales(net, { pinned }) {
    const ends = net ? endsOf(net) : { state: [NaN, NaN], gradient: [NaN, NaN] };
    const colours = coloursOf(net?.changed ?? false);
    for (const { kind, low, high, bar } of this.scales) {
      const power = net?.changed && kind === "gradient" ? "× 10^" : "";
      [low, high].forEach((element, place) => setText(element, power + short(ends[kind][place], 3)));
      const shades = colours[kind].names.filter((_, index) => index % 32 === 0 || index === 255);
      const image = `linear-gradient(to right, ${shades.join(", ")})`;
      if (bar.dataset.shades !== image) bar.style.backgroundImage = bar.dataset.shades = image;
    }
    setText(this.shape, pinned ? `change since step ${whole(pinned.header.step)}` : net ? this.strip.withMore(sizeWords(net)) : "");
  }

  #lookAt(spot) {
    this.under = spot;
    this.stale();
  }

  /** Look where the keys lead, and tell those who listen. */
  #walkTo(cell) {
    const { net, plan } = this;
    this.#lookAt(cell);
    if (!cell || !net || !plan) return;
    const from = plan.left + cell.column * plan.pitch;
    this.strip.show(from, from + plan.pitch, plan.left);
    this.tooltip.say(cellLines(net, this.panel, cell.row, cell.column));
  }

  #tell() {
    const { net, plan, under } = this;
    if (!net || !plan || !under) return this.tooltip.hide();
    const { x, y } = plan.boxOf(under.row, under.column);
    this.tooltip.show(cellLines(net, this.panel, under.row, under.column), x - this.strip.left, y);
  }

  #ask({ row, column }, kind, byKey = false) {
    if (this.net) this.pick({ array: this.panel[kind], index: [row, column], byKey });
  }

  #spotAt(event) {
    const { x, y } = this.strip.placeOf(event);
    return this.plan && event.offsetX >= this.plan.left ? this.plan.spotAt(x, y) : null;
  }
}
