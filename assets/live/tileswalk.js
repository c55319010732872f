/**
 * The keys of a panel of tiles: up and down walk over the tiles as over the neurons of a net, and leave left and right
 * to time; within a tile all four walk over its cells.
 *
 * @typedef {object} Under
 * @property {number} [tile]
 * @property {number} [row]  of a cell of the tile
 * @property {number} [column]
 *
 * @typedef {object} Walked
 * @property {() => import("./tilesdata.js").Tiles | null} tiles
 * @property {() => import("./tilesplan.js").Plan | null} plan
 * @property {() => Under} under
 * @property {(under: Under) => void} lookAt
 * @property {(tile: number) => void} choose  the tile that is entered
 * @property {(tile: number, row: number, column: number) => void} ask
 */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class TilesWalk {
  static KEYS =
    "The keys up and down walk over the tiles, with Shift by a whole line of them. Enter leads into one: there all " +
    "arrows walk over its cells and Enter tells how a number came about. Escape leads out.";

  /** Whether the arrows walk over the cells of a tile; a pointer on a cell does not make them. */
  #isInside = false;

  /** @param {HTMLElement} canvas @param {Walked} walked */
  constructor(canvas, walked) {
    this.walked = walked;
    canvas.addEventListener("keydown", (event) => this.#press(event));
    for (const leave of ["blur", "pointermove", "pointerdown"]) canvas.addEventListener(leave, () => (this.#isInside = false));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const tiles = this.walked.tiles();
    if (!tiles?.count || event.altKey || event.ctrlKey || event.metaKey) return;
    const isInside = this.#isInside && this.walked.under().row !== undefined;
    const arrow = ARROWS[event.key];
    if (event.key === "Enter") this.#enter(tiles, isInside);
    else if (event.key === "Escape") this.#leave(isInside);
    else if (arrow && isInside) this.#step(tiles, arrow);
    else if (arrow?.[0]) this.#move(tiles, arrow[0] * (event.shiftKey ? (this.walked.plan()?.perLine ?? 1) : 1));
    else return;
    if (event.key !== "Escape") event.preventDefault(); // it closes what lies over the panels, too
  }

  #enter(tiles, isInside) {
    const { tile, row = 0, column = 0 } = this.walked.under();
    if (tile === undefined) return;
    if (isInside || tiles.width * tiles.height === 1) return this.walked.ask(tile, row, column);
    this.#isInside = true;
    this.walked.choose(tile);
    this.walked.lookAt({ tile, row, column });
  }

  #leave(isInside) {
    this.#isInside = false;
    this.walked.lookAt(isInside ? { tile: this.walked.under().tile } : {});
  }

  #step({ width, height }, [down, across]) {
    const { tile, row = 0, column = 0 } = this.walked.under();
    const within = (place, size) => Math.max(0, Math.min(size - 1, place));
    this.walked.lookAt({ tile, row: within(row + down, height), column: within(column + across, width) });
  }

  /** From the last tile to the first, by single steps; by lines only as far as there are some. */
  #move({ count }, by) {
    const { tile } = this.walked.under();
    const next = (tile ?? (by > 0 ? -by : 0)) + by;
    const isOver = next < 0 || next >= count;
    if (Math.abs(by) > 1 && isOver) return;
    this.walked.lookAt({ tile: (next + count) % count });
  }
}
