/**
 * The keys of a picture of cells in rows: one of them leads in, there all arrows walk from cell to cell. Outside of it
 * left and right are meant for time, as elsewhere on the page.
 *
 * @typedef {{row: number, column: number}} Cell  counted from the top left
 *
 * @typedef {object} Walked
 * @property {() => {rows: number, columns: number} | null} size
 * @property {() => Cell | null} at  the cell that is looked at
 * @property {(cell: Cell | null) => void} lookAt
 * @property {(cell: Cell, isOther: boolean) => void} ask  `isOther`: with Shift
 */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
/** Cells that an arrow with Shift passes. */
const FAR = 10;

export class CellWalk {
  static KEYS =
    "The keys up and down lead to its cells: there all arrows walk from cell to cell, with Shift by ten, and Enter tells " +
    "how a number came about. Escape leads out.";

  /** Whether the arrows walk over the cells; a pointer on a cell does not make them. */
  #isInside = false;

  /** @param {HTMLCanvasElement} canvas @param {Walked} walked */
  constructor(canvas, walked) {
    this.walked = walked;
    canvas.addEventListener("keydown", (event) => this.#press(event));
    for (const leave of ["blur", "pointermove", "pointerdown"]) canvas.addEventListener(leave, () => (this.#isInside = false));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { walked } = this;
    const size = walked.size();
    if (!size?.rows || !size.columns || event.altKey || event.ctrlKey || event.metaKey) return;
    const cell = this.#isInside ? walked.at() : null;
    const arrow = ARROWS[event.key];
    if (event.key === "Escape") return this.#leave();
    if (cell && event.key === "Enter") walked.ask(cell, event.shiftKey);
    else if (cell && arrow) this.#step(cell, size, arrow, event.shiftKey ? FAR : 1);
    else if (event.key === "Enter" || arrow?.[0]) this.#enter(size);
    else return;
    event.preventDefault();
  }

  /** Where one has looked before, where that is still there. @param {{rows: number, columns: number}} size */
  #enter({ rows, columns }) {
    const { row = 0, column = 0 } = this.walked.at() ?? {};
    this.#isInside = true;
    this.walked.lookAt({ row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) });
  }

  /** Not prevented: the key closes what lies over the panels, too. */
  #leave() {
    this.#isInside = false;
    this.walked.lookAt(null);
  }

  #step({ row, column }, { rows, columns }, [down, across], far) {
    const within = (place, size) => Math.max(0, Math.min(size - 1, place));
    this.walked.lookAt({ row: within(row + down * far, rows), column: within(column + across * far, columns) });
  }
}
