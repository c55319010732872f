/**
 * A panel that is a table of numbers: arrays set side by side, each cell shaded by its number.
 *
 * @typedef {import("./message.js").Tensor} Tensor
 */
import { make, setText } from "./dom.js";
import { short, whole } from "./numbers.js";

export class TableView {
  /**
   * @param {import("./card.js").Panel & {arrays: string[], rows: string[], columns: string[], corner: string}} panel
   * @param {import("./card.js").Card} card
   */
  constructor(panel, card) {
    this.always = true;
    this.panel = panel;
    this.caption = make("caption", { class: "ls-hidden" }, panel.alt || panel.title);
    this.head = make("thead");
    this.rows = make("tbody");
    card.body.append(
      make("div", { class: "ls-scroller" }, make("table", { class: "ls-table" }, this.caption, this.head, this.rows)),
    );
    this.shape = "";
    /** @type {HTMLElement[][]} */
    this.cells = [];
  }

  /** @param {import("./painter.js").Scene} scene */
  paint({ frame }) {
    const blocks = this.panel.arrays.flatMap((name) => block(name, frame.arrays.get(name)));
    const shape = blocks.map(({ rows, columns }) => `${rows}x${columns}`).join();
    if (shape !== this.shape) this.#build(blocks);
    this.shape = shape;
    let first = 0;
    for (const part of blocks) {
      this.#fill(part, first);
      first += part.columns;
    }
  }

  /** @param {import("./painter.js").Scene} scene @returns {import("./tabular.js").Numbers} */
  numbers({ frame }) {
    const blocks = this.panel.arrays.flatMap((name) => block(name, frame.arrays.get(name)));
    const count = Math.max(0, ...blocks.map((part) => part.rows));
    const cells = (row) => blocks.flatMap(({ values, columns }) => Array.from(values.subarray(row * columns, (row + 1) * columns)));
    const rows = Array.from({ length: count }, (_, row) => [this.panel.rows[row] ?? String(row), ...cells(row)]);
    const width = blocks.reduce((sum, { columns }) => sum + columns, 0);
    const columns = Array.from({ length: width }, (_, column) => this.panel.columns[column] ?? String(column));
    return { columns: [this.panel.corner, ...columns], rows };
  }

  restyle() {}

  close() {}

  #build(blocks) {
    const starts = new Set();
    let columns = 0;
    for (const part of blocks) {
      starts.add(columns);
      columns += part.columns;
    }
    const rows = Math.max(0, ...blocks.map((part) => part.rows));
    const style = (column) => ({ class: starts.has(column) && column ? "ls-start" : null });
    const names = Array.from({ length: columns }, (_, column) =>
      make("th", { scope: "col", ...style(column) }, this.panel.columns[column] ?? String(column)),
    );
    this.head.replaceChildren(make("tr", {}, make("td", { class: "ls-corner" }, this.panel.corner), ...names));
    this.cells = Array.from({ length: rows }, () => Array.from({ length: columns }, (_, column) => make("td", style(column))));
    this.rows.replaceChildren(
      ...this.cells.map((cells, row) =>
        make("tr", {}, make("th", { scope: "row" }, this.panel.rows[row] ?? String(row)), ...cells),
      ),
    );
  }

  #fill({ rows, columns, values, counts, confusion }, first) {
    for (let row = 0; row < rows; row += 1) {
      let total = 0;
      for (let column = 0; column < columns; column += 1) total += Math.abs(values[row * columns + column]);
      for (let column = 0; column < columns; column += 1) {
        const value = values[row * columns + column];
        const cell = this.cells[row][first + column];
        setText(cell, counts ? whole(value) : short(value, 3));
        const share = counts ? value / (total || 1) : Math.abs(value);
        cell.style.setProperty("--ls-heat", `${Math.round(100 * Math.min(1, share || 0))}%`);
        cell.dataset.wrong = String(confusion && row !== column);
      }
    }
  }
}

/**
 * @param {string} name
 * @param {Tensor | undefined} tensor
 */
function block(name, tensor) {
  if (!tensor) return [];
  const [rows, columns = 1] = tensor.shape;
  const counts = tensor.values instanceof Int32Array;
  return [{ rows, columns, values: tensor.values, counts, confusion: counts && rows === columns && name.startsWith("confusion.") }];
}
