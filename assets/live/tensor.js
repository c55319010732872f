/**
 * A panel that shows one tensor of a choice, a cell per number, with a colour scale of its own; of a tensor over the
 * steps of a sequence as many columns as steps were read, below each of them what.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./tensorcells.js").Cells} Cells
 * @typedef {import("./tensorcells.js").TensorPanel} TensorPanel
 * @typedef {import("./tensorplan.js").TensorPlan} TensorPlan
 */
import { CellWalk } from "./cellwalk.js";
import { BROKEN, diverging, indexOf, sequential } from "./colours.js";
import { make, setText } from "./dom.js";
import { markCell } from "./mark.js";
import { Nothing, whyNothing } from "./nothing.js";
import { short, whole } from "./numbers.js";
import { drawn, drawScale, ofStep, PRINT, SCALE_ROOM, WIDEST_PICTURE } from "./picture.js";
import { nameOf, OTHER } from "./steps.js";
import { Strip } from "./strip.js";
import { cellWords, hasReadOther, indexOfCell, isSigned, numbersOf, readCells, sizeWords, tableOf, textOf, valueOf } from "./tensorcells.js";
import { fontOf, writeCell, writeColumns, writeRows } from "./tensornames.js";
import { planCells, planNamed } from "./tensorplan.js";
import { Tooltip } from "./tooltip.js";

const GAP_FROM = 6;

export class TensorView {
  /** @type {Cells | null} */
  cells = null;
  /** @type {TensorPlan | null} */
  plan = null;
  /** The cell that is meant. @type {import("./cellwalk.js").Cell | null} */
  under = null;

  /**
   * @param {TensorPanel} panel
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
    /** Whether numbers of both signs are shown, on a scale around zero. */
    this.signed = isSigned(panel, 0);
    this.#build(card);
    this.#showScale();
    this.#listen();
  }

  /** @returns {string[]} */
  get look() {
    return this.choice.selectedIndex > 0 ? [`of${this.choice.selectedIndex}`] : [];
  }

  /** Be set as a link says. @param {import("./plots.js").Look} look */
  wear({ of }) {
    const option = of === undefined ? null : this.choice.options[of];
    if (!option) return;
    this.choice.value = option.value;
    this.stale();
  }

  /** @param {Scene} scene */
  paint(scene) {
    const { pinned } = scene;
    const { width, height } = this.strip;
    const both = isSigned(this.panel, this.choice.selectedIndex) || pinned !== null;
    if (both !== this.signed) {
      this.signed = both;
      this.#showScale();
    }
    const cells = (this.cells = this.#read(scene));
    this.nothing.show(cells !== null, scene, hasReadOther(this.panel, scene) ? OTHER : whyNothing(this.panel.why, scene));
    if (!width || !height) return;
    const plan = (this.plan = cells && this.#planOf(cells, width, height));
    if (this.under && (!cells || this.under.row >= cells.rows || this.under.column >= cells.columns)) this.under = null;
    const context = this.strip.clear(plan?.length ?? 0);
    if (cells && plan) {
      this.#draw(context, cells, plan, { offset: this.strip.left, width });
      this.#drawUnder(context, plan);
    }
    const [low, high] = this.#range(cells);
    setText(this.low, short(low, 3));
    setText(this.high, short(high, 3));
    setText(this.shape, pinned ? `change since step ${whole(pinned.header.step)}` : cells ? this.strip.withMore(sizeWords(cells, this.panel)) : "");
    this.#tell();
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} changes are not taken */
  numbers(scene) {
    return numbersOf(this.#read({ ...scene, pinned: null }), this.panel);
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return tableOf(this.#read({ ...scene, pinned: null }), this.panel);
  }

  /** All cells with their scale below. @param {Scene} scene */
  picture(scene) {
    const cells = this.#read(scene);
    const { width: place, height } = this.strip;
    const plan = cells && this.#planOf(cells, place, height);
    const length = Math.max(place, plan?.length ?? 0);
    const width = Math.min(WIDEST_PICTURE, length);
    const name = this.choice.selectedOptions[0]?.textContent ?? "";
    const title = this.panel.tensors.length > 1 ? `${this.panel.title}, ${name}` : this.panel.title;
    return drawn(ofStep(title, scene), width, height + SCALE_ROOM, (context) => {
      if (!cells || !plan) return;
      context.save();
      context.scale(width / length, width / length);
      const { theme } = this;
      this.theme = PRINT;
      this.#draw(context, cells, plan, { offset: 0, width: length });
      this.theme = theme;
      context.restore();
      const ends = this.#range(cells).map((end) => short(end, 3));
      drawScale(context, this.colours.names, ends, height + SCALE_ROOM);
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

  get colours() {
    return this.signed ? diverging : sequential;
  }

  #build(card) {
    const { panel } = this;
    this.choice = make("select", { class: "ls-choice", "aria-label": `Tensor of ${panel.title}`, "data-testid": `tensor-${panel.id}`, hidden: panel.tensors.length < 2 });
    panel.tensors.forEach((name, place) => this.choice.append(make("option", { value: name }, panel.names[place] ?? name)));
    this.strip = new Strip(`${panel.alt || panel.title} ${CellWalk.KEYS}`, this.stale);
    this.nothing = new Nothing();
    this.field = make("div", { class: "ls-field" }, this.strip.scroller, this.nothing.element);
    this.low = make("span");
    this.high = make("span");
    this.shape = make("span", { class: "ls-shape" });
    this.bar = make("span", { class: "ls-bar" });
    card.tools.append(this.choice);
    card.body.append(make("div", { class: "ls-tensor" }, this.field, make("div", { class: "ls-scale" }, this.low, this.bar, this.high, this.shape)));
    this.tooltip = new Tooltip(this.field);
  }

  #listen() {
    const { canvas } = this.strip;
    this.choice.addEventListener("change", this.stale);
    const point = (event) => this.#lookAt(this.#cellAt(event));
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    for (const leave of ["pointerleave", "blur"]) canvas.addEventListener(leave, () => this.#lookAt(null));
    canvas.addEventListener("click", (event) => {
      const cell = this.#cellAt(event);
      if (cell) this.#ask(cell);
    });
    this.walk = new CellWalk(canvas, {
      size: () => this.cells,
      at: () => this.under,
      lookAt: (cell) => this.#walkTo(cell),
      ask: (cell) => this.#ask(cell, true),
    });
  }

  #showScale() {
    const shades = this.colours.names.filter((_, index) => index % 32 === 0 || index === 255);
    this.bar.style.backgroundImage = `linear-gradient(to right, ${shades.join(", ")})`;
  }

  #read(scene) {
    return readCells(this.panel, this.choice.selectedIndex, scene);
  }

  /** @param {Cells | null} cells @returns {[number, number]} what the ends of the scale stand for */
  #range(cells) {
    const { low, high } = cells ?? { low: NaN, high: NaN };
    if (!this.signed) return [Number.isNaN(low) ? low : Math.min(0, low), high];
    const largest = Math.max(Math.abs(low), Math.abs(high));
    return [-largest, largest];
  }

  /** @param {Cells} cells */
  #planOf(cells, width, height) {
    if (!cells.lines) return planCells(cells, width, height);
    const context = /** @type {CanvasRenderingContext2D} */ (this.strip.canvas.getContext("2d"));
    context.font = fontOf(this.theme);
    return planNamed(this.#names(cells), width, height, (words) => context.measureText(words).width);
  }

  /** @param {Cells} cells @returns {{rows: string[], columns: string[]}} as they are written beside the cells */
  #names({ lines, named, rows, columns, tensor }) {
    const isVector = tensor.shape.length < 2;
    return {
      rows: Array.from({ length: rows }, (_, row) => (isVector ? "" : nameOf(named[row] ?? String(row)))),
      columns: (lines ?? []).slice(0, columns).map(nameOf),
    };
  }

  /** Draw the columns that lie within so many pixels from the left. @param {Cells} cells @param {TensorPlan} plan */
  #draw(context, cells, plan, { offset, width }) {
    const { wide, high: tall, left, top } = plan;
    const [low, high] = this.#range(cells);
    const gap = Math.min(wide, tall) >= GAP_FROM ? 1 : 0;
    const covered = cells.lines ? left : 0;
    const from = Math.max(0, Math.floor((offset + covered - left) / wide));
    const to = Math.min(cells.columns, Math.ceil((offset + width - left) / wide));
    context.save();
    context.beginPath();
    context.rect(covered, 0, width - covered, 1e5);
    context.clip();
    for (let row = 0; row < cells.rows; row += 1) {
      for (let column = from; column < to; column += 1) {
        const value = valueOf(cells, row, column);
        context.fillStyle = Number.isNaN(value) ? BROKEN : this.colours.names[indexOf(value, low, high)];
        // Without a gap, cells overlap by a hair: else the background shines through between them.
        context.fillRect(left + column * wide - offset, top + row * tall, wide - gap || 1, tall - gap || 1);
        const text = textOf(cells, row, column);
        if (text) writeCell(context, text, { x: left + column * wide - offset, y: top + row * tall, wide, tall }, this.#inkOn(value, low, high), this.theme);
      }
    }
    const names = cells.lines && this.#names(cells);
    const below = top + cells.rows * tall;
    context.restore();
    if (names) writeColumns(context, names.columns, plan, { top: below, offset, from, to }, this.theme);
    if (names) writeRows(context, names.rows, plan, this.theme);
  }

  /** The ink that can be read on the colour of a number. */
  #inkOn(value, low, high) {
    if (this.signed) return this.theme.ink;
    return indexOf(value, low, high) > 128 ? "#000000" : "#ffffff";
  }

  /** @param {TensorPlan} plan */
  #drawUnder(context, { wide, high, left, top }) {
    if (!this.under) return;
    markCell(context, this.theme, left + this.under.column * wide - this.strip.left, top + this.under.row * high, wide, high);
  }

  #lookAt(cell) {
    this.under = cell;
    this.stale();
  }

  /** Look where the keys lead, and tell those who listen. */
  #walkTo(cell) {
    const { cells, plan } = this;
    this.#lookAt(cell);
    if (!cell || !cells || !plan) return;
    const from = plan.left + cell.column * plan.wide;
    this.strip.show(from, from + plan.wide, plan.left);
    this.tooltip.say([cellWords(cells, this.panel, cell.row, cell.column)]);
  }

  #tell() {
    const { cells, plan, under } = this;
    if (!cells || !plan || !under) return this.tooltip.hide();
    const x = plan.left + (under.column + 0.5) * plan.wide - this.strip.left;
    this.tooltip.show([cellWords(cells, this.panel, under.row, under.column)], x, plan.top + (under.row + 0.5) * plan.high);
  }

  #ask({ row, column }, byKey = false) {
    if (this.cells) this.pick({ array: this.cells.array, index: indexOfCell(this.cells, row, column), byKey });
  }

  /** @returns {import("./cellwalk.js").Cell | null} the cell under the pointer */
  #cellAt(event) {
    const { cells, plan } = this;
    const { x, y } = this.strip.placeOf(event);
    if (!cells || !plan || (cells.lines && event.offsetX < plan.left)) return null;
    const [row, column] = [Math.floor((y - plan.top) / plan.high), Math.floor((x - plan.left) / plan.wide)];
    return row < 0 || column < 0 || row >= cells.rows || column >= cells.columns ? null : { row, column };
  }
}
