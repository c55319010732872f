/**
 * A panel that is a table of numbers: arrays set side by side, each cell shaded by its number.
 *
 * @typedef {import("./message.js").Tensor} Tensor
 */
import { subtract } from "./difference.js";
import { make, setText } from "./dom.js";
import { short, signed, whole } from "./numbers.js";
import { ofStep } from "./picture.js";
import { Since } from "./since.js";
import { drawnTable } from "./tablepicture.js";

export class TableView {
  /**
   * @param {import("./card.js").Panel & {arrays: string[], rows: string[], columns: string[], corner: string}} panel
   * @param {import("./card.js").Card} card
   */
  constructor(panel, card) {
    this.always = true;
    this.pictured = /** @type {const} */ ("png");
    this.panel = panel;
    this.caption = make("caption", { class: "ls-hidden" }, panel.alt || panel.title);
    this.head = make("thead");
    this.rows = make("tbody");
    this.since = new Since();
    card.tools.append(this.since.element);
    card.body.append(
      // What scrolls is to be reached by Tab, so that the arrows can move it.
      make("div", { class: "ls-scroller", tabindex: "0", role: "region", "aria-label": panel.title }, make("table", { class: "ls-table" }, this.caption, this.head, this.rows)),
    );
    this.shape = "";
    /** @type {HTMLElement[][]} */
    this.cells = [];
  }

  /** @param {import("./painter.js").Scene} scene */
  paint({ frame, pinned }) {
    const blocks = this.panel.arrays.flatMap((name) => block(name, frame.arrays.get(name), pinned?.arrays.get(name)));
    if (pinned) this.since.say(`change since step ${whole(pinned.header.step)}`);
    else this.since.hide();
    const shape = blocks.map(({ rows, columns }) => `${rows}x${columns}`).join();
    if (shape !== this.shape) this.#build(blocks);
    this.shape = shape;
    let first = 0;
    for (const part of blocks) {
      this.#fill(part, first);
      first += part.columns;
    }
  }

  /** @param {import("./painter.js").Scene} scene @returns {import("./csv.js").Numbers} */
  numbers({ frame }) {
    const blocks = this.panel.arrays.flatMap((name) => block(name, frame.arrays.get(name)));
    const count = Math.max(0, ...blocks.map(({ rows }) => rows));
    const places = Array.from({ length: blocks.reduce((sum, { columns }) => sum + columns, 0) }, (_, column) => column);
    const rows = Array.from({ length: count }, (_, row) => [
      this.panel.rows[row] ?? String(row),
      ...blocks.flatMap(({ rows, columns, values }) =>
        Array.from({ length: columns }, (_, column) => (row < rows ? values[row * columns + column] : "")),
      ),
    ]);
    return { columns: [this.panel.corner, ...places.map((column) => this.panel.columns[column] ?? String(column))], rows };
  }

  /** The table as it stands on the page. @param {import("./painter.js").Scene} scene */
  picture(scene) {
    this.paint(scene);
    const { columns, rows } = this.numbers(scene);
    const table = [columns, ...rows.map(([name], row) => [name, ...this.cells[row].map(({ textContent }) => textContent ?? "")])];
    return drawnTable(ofStep(this.panel.title, scene), table.map((row) => row.map(String)), (row, column) => {
      const { style, dataset } = this.cells[row][column];
      return { share: parseFloat(style.getPropertyValue("--ls-heat")) / 100 || 0, wrong: dataset.wrong === "true" };
    });
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

  #fill({ rows, columns, values, counts, confusion, change }, first) {
    for (let row = 0; row < rows; row += 1) {
      let total = 0;
      for (let column = 0; column < columns; column += 1) total += Math.abs(values[row * columns + column]);
      for (let column = 0; column < columns; column += 1) {
        const value = values[row * columns + column];
        const cell = this.cells[row][first + column];
        const write = counts ? whole : (number) => short(number, 3);
        const changed = change ? change.values[row * columns + column] : value;
        setText(cell, change ? signed(changed, write) : write(value));
        const share = Math.abs(counts ? changed / (total || 1) : changed);
        cell.style.setProperty("--ls-heat", `${Math.round(100 * Math.min(1, share || 0))}%`);
        // Where changes are shown, orange is more and blue is less, as in all pictures of changes.
        cell.dataset.wrong = String(change ? changed > 0 : confusion && row !== column);
      }
    }
  }
}

/**
 * @param {string} name
 * @param {Tensor | undefined} tensor
 * @param {Tensor | undefined} pinned  the same of the step that it is compared with, if any
 */
function block(name, tensor, pinned) {
  if (!tensor) return [];
  const [rows, columns = 1] = tensor.shape;
  const counts = tensor.values instanceof Int32Array;
  const change = subtract(tensor, pinned);
  return [{ rows, columns, values: tensor.values, change, counts, confusion: counts && rows === columns && name.startsWith("confusion.") }];
}
