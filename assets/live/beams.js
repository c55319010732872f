/**
 * A panel of a beam search: the tree of all beginnings that it looked at, which of them it kept, and what it found.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./beamsdata.js").BeamsPanel} BeamsPanel
 * @typedef {import("./beamsdata.js").Tree} Tree
 * @typedef {import("./beamsplan.js").BeamsPlan} BeamsPlan
 */
import { branchLines, numbersOf, readBeams, sizeWords, tableOf } from "./beamsdata.js";
import { drawBeams, fontOf, numberOf } from "./beamsdraw.js";
import { planBeams } from "./beamsplan.js";
import { CellWalk } from "./cellwalk.js";
import { make, setText } from "./dom.js";
import { drawMark } from "./mark.js";
import { Nothing } from "./nothing.js";
import { drawn, ofStep, PRINT, WIDEST_PICTURE } from "./picture.js";
import { nameOf } from "./steps.js";
import { Strip } from "./strip.js";
import { Tooltip } from "./tooltip.js";
import { wordsOf } from "./words.js";

const KEYS = `${CellWalk.KEYS} Shift and Enter tell what its last symbol cost.`;
const NO_SEARCH = "Nothing was searched: this is seen where the strategy is beam search.";
const FOUND = "found";

export class BeamsView {
  /** @type {Tree | null} */
  tree = null;
  /** @type {BeamsPlan | null} */
  plan = null;
  /** The branch that is meant. @type {{row: number, column: number} | null} */
  under = null;

  /**
   * @param {BeamsPanel} panel
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
    const tree = (this.tree = readBeams(this.panel, scene));
    setText(this.about, wordsOf(this.panel.about, scene));
    this.nothing.show(tree !== null, scene, NO_SEARCH);
    const { width, height } = this.strip;
    if (!width || !height) return;
    const plan = (this.plan = tree && this.#planOf(tree, width, height));
    if (this.under && !this.#branchAt(this.under)) this.under = null;
    const context = this.strip.clear(plan?.length ?? 0);
    if (tree && plan) {
      drawBeams(context, tree, plan, { offset: this.strip.left, width }, this.theme);
      this.#drawUnder(context, plan);
    }
    setText(this.shape, tree ? this.strip.withMore(sizeWords(tree)) : "");
    this.#tell();
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} */
  numbers(scene) {
    return numbersOf(readBeams(this.panel, scene), this.panel);
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return tableOf(readBeams(this.panel, scene), this.panel);
  }

  /** The whole tree. @param {Scene} scene */
  picture(scene) {
    const tree = readBeams(this.panel, scene);
    const { width: place, height } = this.strip;
    const plan = tree && this.#planOf(tree, place, height);
    const length = Math.max(place, plan?.length ?? 0);
    const width = Math.min(WIDEST_PICTURE, length);
    return drawn(ofStep(this.panel.title, { ...scene, pinned: null }), width, height, (context) => {
      if (!tree || !plan) return;
      context.scale(width / length, width / length);
      drawBeams(context, tree, plan, { offset: 0, width: length }, PRINT);
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
    this.about = make("p", { class: "ls-reading-about" });
    this.strip = new Strip(`${panel.alt || panel.title} ${KEYS}`, this.stale);
    this.nothing = new Nothing();
    this.field = make("div", { class: "ls-field" }, this.strip.scroller, this.nothing.element);
    const key = [...panel.fates.entries()].map(([fate, name]) => [String(fate), name]).concat([[FOUND, FOUND]]);
    const signs = key.map(([fate, name]) => make("span", { class: "ls-scale-part" }, make("span", { class: "ls-fate", "data-fate": fate }), name));
    this.shape = make("span", { class: "ls-shape" });
    const scale = make("div", { class: "ls-scale ls-scales" }, ...signs, this.shape);
    card.body.append(make("div", { class: "ls-tensor" }, this.about, this.field, scale));
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
    this.walk = new CellWalk(canvas, {
      size: () => this.tree && { rows: this.tree.rows, columns: this.tree.columns.length },
      at: () => this.under,
      lookAt: (cell) => this.#walkTo(cell),
      ask: (cell, isOther) => this.#ask(cell, isOther ? "cost" : "total", true),
    });
  }

  /** @param {Tree} tree */
  #planOf(tree, width, height) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.strip.canvas.getContext("2d"));
    context.font = fontOf(this.theme);
    const written = { names: tree.branches.map(({ name }) => nameOf(name)), numbers: tree.branches.map(numberOf) };
    return planBeams(tree, written, width, height, (words) => context.measureText(words).width);
  }

  #branchAt({ row, column }) {
    return this.tree?.columns[column]?.[row] ?? null;
  }

  #drawUnder(context, plan) {
    if (!this.under) return;
    const { x, y, wide, high } = plan.boxOf(this.under);
    drawMark(context, this.theme, x - 2 - this.strip.left, y - 2, wide + 4, high + 4);
  }

  #lookAt(spot) {
    this.under = spot;
    this.stale();
  }

  /** Look where the keys lead, and tell those who listen; a column may be shorter than that beside it. */
  #walkTo(cell) {
    const { tree, plan } = this;
    const last = (tree?.columns[cell?.column]?.length ?? 0) - 1;
    const there = cell && { ...cell, row: Math.min(cell.row, last) };
    this.#lookAt(there);
    const branch = there && this.#branchAt(there);
    if (!branch || !plan) return;
    this.strip.show(there.column * plan.pitch, (there.column + 1) * plan.pitch, plan.left);
    this.tooltip.say(branchLines(branch, this.panel));
  }

  #tell() {
    const branch = this.under && this.#branchAt(this.under);
    if (!branch || !this.plan) return this.tooltip.hide();
    const { x, y, wide, high } = this.plan.boxOf(branch);
    this.tooltip.show(branchLines(branch, this.panel), x + wide - this.strip.left, y + high / 2);
  }

  #ask(cell, on, byKey = false) {
    const branch = this.#branchAt(cell);
    if (branch) this.pick({ array: `${this.panel.array}.${on}`, index: [branch.index], byKey });
  }

  #spotAt(event) {
    const { x, y } = this.strip.placeOf(event);
    return this.plan?.spotAt(x, y) ?? null;
  }
}
