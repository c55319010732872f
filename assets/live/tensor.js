/**
 * A panel that shows one tensor of a choice, a cell per number, with a colour scale of its own.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./message.js").Tensor} Tensor
 */
import { BROKEN, diverging, indexOf, sequential } from "./colours.js";
import { clearCanvas, make, setText } from "./dom.js";
import { subtract } from "./difference.js";
import { exact, short, signed, whole } from "./numbers.js";
import { drawn, drawScale, ofStep, SCALE_ROOM } from "./picture.js";
import { CELL_COLUMNS, cellsOf, gridOf } from "./tensorcells.js";
import { Tooltip } from "./tooltip.js";

const LARGEST_CELL = 32;
const GAP_FROM = 6;

export class TensorView {
  /**
   * @param {import("./card.js").Panel & {array: string, tensors: string[], signed: boolean}} panel
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} theme
   * @param {() => void} stale
   * @param {import("./explanation.js").Pick} pick
   */
  constructor(panel, card, theme, stale, pick) {
    this.panel = panel;
    this.stale = stale;
    this.pictured = /** @type {const} */ ("png");
    /** Whether numbers of both signs are shown, on a scale around zero. */
    this.signed = panel.signed;
    /** @type {import("./message.js").Message | null} */
    this.pinned = null;
    /** @type {Tensor | undefined} */
    this.tensor = undefined;
    this.cell = { wide: 1, high: 1, left: 0, top: 0 };
    this.choice = make("select", { class: "ls-choice", "aria-label": `Tensor of ${panel.title}`, "data-testid": `tensor-${panel.id}` });
    for (const name of panel.tensors) this.choice.append(make("option", { value: name }, name));
    this.choice.addEventListener("change", stale);
    this.canvas = make("canvas", { role: "img", "aria-label": panel.alt || panel.title });
    this.field = make("div", { class: "ls-field" }, this.canvas);
    this.low = make("span");
    this.high = make("span");
    this.shape = make("span", { class: "ls-shape" });
    this.bar = make("span", { class: "ls-bar" });
    this.#showScale();
    card.tools.append(this.choice);
    card.body.append(make("div", { class: "ls-tensor" }, this.field, make("div", { class: "ls-scale" }, this.low, this.bar, this.high, this.shape)));
    this.tooltip = new Tooltip(this.field);
    this.resizing = new ResizeObserver(stale);
    this.resizing.observe(this.field);
    this.canvas.addEventListener("pointermove", (event) => this.#tell(event));
    this.canvas.addEventListener("pointerdown", (event) => this.#tell(event));
    this.canvas.addEventListener("click", (event) => {
      const cell = this.#cellAt(event);
      if (cell) pick({ array: `${panel.array}.${this.choice.value}`, index: cell.index });
    });
    this.canvas.addEventListener("pointerleave", () => this.tooltip.hide());
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
    const { clientWidth: width, clientHeight: height } = this.field;
    this.pinned = pinned;
    this.tensor = this.#tensorOf(scene);
    const isSigned = this.panel.signed || pinned !== null;
    if (isSigned !== this.signed) {
      this.signed = isSigned;
      this.#showScale();
    }
    if (!this.tensor || !width || !height) return;
    const { values } = this.tensor;
    const [low, high] = this.#range(values);
    this.cell = this.#cells(this.tensor, width, height);
    const context = clearCanvas(this.canvas, width, height);
    this.#draw(context, this.tensor, this.cell, low, high);
    setText(this.low, short(low, 3));
    setText(this.high, short(high, 3));
    const size = this.tensor.shape.join(" × ");
    setText(this.shape, pinned ? `change since step ${whole(pinned.header.step)}` : size);
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} */
  numbers({ frame }) {
    const name = this.choice.value;
    return { columns: CELL_COLUMNS, rows: cellsOf(name, frame.arrays.get(`${this.panel.array}.${name}`)) };
  }

  /** The cells with their scale below. @param {Scene} scene */
  picture(scene) {
    const name = this.choice.value;
    const tensor = this.#tensorOf(scene);
    const { clientWidth: width, clientHeight: height } = this.field;
    return drawn(ofStep(`${this.panel.title}, ${name}`, scene), width, height + SCALE_ROOM, (context) => {
      if (!tensor) return;
      const [low, high] = this.#range(tensor.values);
      this.#draw(context, tensor, this.#cells(tensor, width, height), low, high);
      drawScale(context, this.colours.names, [short(low, 3), short(high, 3)], height + SCALE_ROOM);
    });
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return { ...this.numbers(scene), grouped: true, across: "column" };
  }

  restyle() {
    this.stale();
  }

  close() {
    this.resizing.disconnect();
  }

  get colours() {
    return this.signed ? diverging : sequential;
  }

  #showScale() {
    const shades = this.colours.names.filter((_, index) => index % 32 === 0 || index === 255);
    this.bar.style.backgroundImage = `linear-gradient(to right, ${shades.join(", ")})`;
  }

  /** The tensor chosen, or how it has changed where a step is pinned. @param {Scene} scene */
  #tensorOf({ frame, pinned }) {
    const name = `${this.panel.array}.${this.choice.value}`;
    const tensor = frame.arrays.get(name);
    return pinned ? (subtract(tensor, pinned.arrays.get(name)) ?? undefined) : tensor;
  }

  #range(values) {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) return [NaN, NaN];
    const largest = Math.max(Math.abs(low), Math.abs(high));
    return this.signed ? [-largest, largest] : [0, high];
  }

  /** @param {Tensor} tensor @param {number} width @param {number} height */
  #cells(tensor, width, height) {
    const { rows, columns } = gridOf(tensor);
    const wide = Math.min(LARGEST_CELL, width / columns);
    const high = Math.min(LARGEST_CELL, height / rows);
    return { wide, high, left: (width - wide * columns) / 2, top: (height - high * rows) / 2 };
  }

  #draw(context, tensor, { wide, high: tall, left, top }, low, high) {
    const { values } = tensor;
    const { columns } = gridOf(tensor);
    const gap = Math.min(wide, tall) >= GAP_FROM ? 1 : 0;
    for (let index = 0; index < values.length; index += 1) {
      const row = Math.floor(index / columns);
      const value = values[index];
      context.fillStyle = Number.isNaN(value) ? BROKEN : this.colours.names[indexOf(value, low, high)];
      // Without a gap, cells overlap by a hair: else the background shines through between them.
      context.fillRect(left + (index - row * columns) * wide, top + row * tall, wide - gap || 1, tall - gap || 1);
    }
  }

  #tell(event) {
    const cell = this.#cellAt(event);
    if (!cell) return this.tooltip.hide();
    const told = this.pinned ? `changed by ${signed(cell.value, exact)}` : `= ${exact(cell.value)}`;
    this.tooltip.show([`${this.choice.value}[${cell.index.join(", ")}] ${told}`], event.offsetX, event.offsetY);
  }

  /** @returns {{index: number[], value: number} | null} the number under the pointer */
  #cellAt({ offsetX, offsetY }) {
    if (!this.tensor) return null;
    const { rows, columns } = gridOf(this.tensor);
    const column = Math.floor((offsetX - this.cell.left) / this.cell.wide);
    const row = Math.floor((offsetY - this.cell.top) / this.cell.high);
    if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
    let place = row * columns + column;
    const value = this.tensor.values[place];
    const index = this.tensor.shape.map(() => 0);
    for (let axis = index.length - 1; axis >= 0; axis -= 1) {
      index[axis] = place % this.tensor.shape[axis];
      place = Math.floor(place / this.tensor.shape[axis]);
    }
    return { index, value };
  }
}
