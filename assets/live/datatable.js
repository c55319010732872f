/**
 * The table behind a drawing: the numbers of the step shown, in the drawing's place for as long as its tool is pressed.
 *
 * @typedef {import("./tabular.js").Table} Table
 * @typedef {import("./painter.js").Scene} Scene
 *
 * @typedef {object} Block  one table of those that are shown
 * @property {string} caption
 * @property {string[]} columns
 * @property {(string | number)[][]} rows  the first cell of each is its heading
 * @property {number} [current]  the row of the step shown
 */
import { evenly } from "./curves.js";
import { make, setText } from "./dom.js";
import { short, whole } from "./numbers.js";
import { nearestAtOrBefore } from "./series.js";

/** Of steps, of other rows, and of each side of a grid: more is read in the files that one takes away. */
const MOST_STEPS = 50;
const MOST_ROWS = 400;
const MOST_SIDE = 25;
/** While a run goes on, numbers are written anew this often, in ms. */
const EVERY = 400;

export class DataTable {
  /**
   * @param {import("./card.js").Panel} panel
   * @param {import("./card.js").Card} card
   * @param {(scene: Scene) => Table} numbers
   * @param {() => void} stale  to be called when the table should be painted again
   */
  constructor(panel, card, numbers, stale) {
    this.panel = panel;
    this.body = card.body;
    this.numbers = numbers;
    this.stale = stale;
    this.element = make("div", {
      class: "ls-data", role: "region", tabindex: 0, "aria-label": `${panel.title}, as a table`, hidden: true,
      "data-testid": `data-${panel.id}`,
    });
    this.button = make("button", {
      type: "button", class: "ls-tool ls-toggle", "aria-pressed": "false", "data-testid": `table-${panel.id}`,
      "aria-label": `Table of ${panel.title}`, title: "The numbers behind this drawing",
    }, "Table");
    this.button.addEventListener("click", () => this.toggle());
    card.tools.addEventListener("change", () => this.#now()); // another tensor was chosen
    card.tools.append(this.button);
    card.body.append(this.element);
    this.shape = "";
    /** @type {HTMLElement[][][]} block, row, cell */
    this.cells = [];
    this.at = -Infinity;
    this.timer = 0;
    /** The step that was last brought into sight. */
    this.sought = -1;
  }

  toggle() {
    const open = this.element.hidden;
    this.element.hidden = !open;
    this.button.setAttribute("aria-pressed", String(open));
    this.body.toggleAttribute("data-table", open);
    this.#now();
  }

  /** @param {Scene} scene */
  paint(scene) {
    if (this.element.hidden) return;
    const wait = this.at + (scene.recording.following ? EVERY : 0) - performance.now();
    clearTimeout(this.timer);
    if (wait > 0) {
      this.timer = window.setTimeout(this.stale, wait);
      return;
    }
    this.at = performance.now();
    const { step } = scene.frame.header;
    const blocks = blocksOf(this.numbers(scene), this.panel.title, step);
    this.#show(blocks);
    const [{ current } = { current: undefined }] = blocks;
    // Who follows a run scrolls as they like.
    if (current === undefined || scene.recording.following || step === this.sought) return;
    this.sought = step;
    this.#bringIntoSight(this.cells[0][1 + current][0]);
  }

  restyle() {}

  close() {
    clearTimeout(this.timer);
  }

  #now() {
    this.at = -Infinity;
    this.stale();
  }

  /** @param {Block[]} blocks */
  #show(blocks) {
    const shape = JSON.stringify(blocks.map(({ columns, rows }) => [columns, rows.length]));
    if (shape !== this.shape) this.#build(blocks);
    this.shape = shape;
    blocks.forEach(({ caption, rows, current }, place) => {
      const [first, ...cells] = this.cells[place];
      setText(first[0], caption);
      rows.forEach((row, index) => {
        row.forEach((value, column) => setText(cells[index][column], written(value)));
        cells[index][0].parentElement?.setAttribute("aria-current", String(index === current));
      });
    });
  }

  /** The caption comes first among the cells of a table. */
  #build(blocks) {
    this.cells = [];
    const tables = blocks.map(({ columns, rows }) => {
      const caption = make("caption");
      const head = columns.map((name) => make("th", { scope: "col" }, name));
      const cells = rows.map((row) => row.map((_, column) => (column ? make("td") : make("th", { scope: "row" }))));
      this.cells.push([[caption], ...cells]);
      const lines = cells.map((line) => make("tr", {}, ...line));
      return make("table", {}, caption, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...lines));
    });
    this.element.replaceChildren(...tables);
  }

  /** Scroll the table alone, never the page. */
  #bringIntoSight(heading) {
    const { element } = this;
    const head = element.querySelector("thead")?.offsetHeight ?? 0;
    const top = heading.offsetTop - head;
    const bottom = heading.offsetTop + heading.offsetHeight;
    const isSeen = top >= element.scrollTop && bottom <= element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTop = (top + bottom - element.clientHeight) / 2;
  }
}

/**
 * Return the tables to be shown.
 *
 * @param {Table} numbers
 * @param {string} title
 * @param {number} step  the one shown
 * @returns {Block[]}
 */
export function blocksOf({ columns, rows, grouped, across, names }, title, step) {
  const at = `${title}, step ${whole(step)}`;
  if (columns[0] === "step") return [overSteps(columns, rows, at, step)];
  if (!grouped) return [listed(columns, rows, at)];
  const groups = new Map();
  for (const [group, ...rest] of rows) {
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(rest);
  }
  return [...groups].map(([group, values]) => {
    const caption = `${at}: ${group}`;
    const grid = across === undefined ? null : gridded(columns.slice(1), values, across, caption, names);
    return grid ?? listed(columns.slice(1, 1 + values[0].length), values, caption);
  });
}

/** Newest first, thinned evenly, with the step shown among them. */
function overSteps(columns, rows, caption, step) {
  const shown = nearestAtOrBefore(rows.map(([at]) => at), step);
  const kept = new Set(evenly(rows.length, MOST_STEPS));
  if (shown >= 0) kept.add(shown);
  const places = [...kept].sort((one, other) => other - one);
  const thinned = places.length < rows.length ? `${caption}; ${places.length} of ${whole(rows.length)} rows` : caption;
  const current = shown < 0 ? undefined : places.indexOf(shown);
  return { caption: thinned, columns, rows: places.map((place) => rows[place]), current };
}

function listed(columns, rows, caption) {
  const places = evenly(rows.length, MOST_ROWS);
  const thinned = places.length < rows.length ? `${caption}; ${places.length} of ${whole(rows.length)} rows` : caption;
  const numbered = places.map((place) => [place, ...rows[place]]);
  return { caption: thinned, columns: ["number", ...columns], rows: numbered };
}

/** The same numbers as a grid; null where they do not fill one. */
function gridded(columns, rows, across, caption, names) {
  const column = columns.indexOf(across);
  if (columns.length !== 3 || rows[0].length !== 3 || column < 0 || column > 1) return null;
  const tops = [...new Set(rows.map((row) => row[column]))];
  const sides = [...new Set(rows.map((row) => row[1 - column]))];
  if (tops.length * sides.length !== rows.length) return null;
  const cells = new Map(rows.map((row) => [`${row[1 - column]} ${row[column]}`, row[2]]));
  const [acrossKept, downKept] = [tops, sides].map((all) => evenly(all.length, MOST_SIDE).map((place) => all[place]));
  const isWhole = acrossKept.length === tops.length && downKept.length === sides.length;
  const thinned = `; ${downKept.length} of ${sides.length} rows, ${acrossKept.length} of ${tops.length} columns`;
  const cell = (value) => (names ? (names[Math.floor(value)] ?? value) : value);
  return {
    caption: isWhole ? caption : caption + thinned,
    columns: [`${columns[1 - column]} ↓ ${across} →`, ...acrossKept.map(written)],
    rows: downKept.map((side) => [side, ...acrossKept.map((top) => cell(cells.get(`${side} ${top}`)))]),
  };
}

/** Whole numbers are counts, steps, indices and labels. */
function written(value) {
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? whole(value).replace("-", "−") : short(value);
}
