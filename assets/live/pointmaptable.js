/**
 * All words of a map as a table, in the map's place: sorted by any column, each with a box to choose it by.
 *
 * Only the rows in sight are made, however many words there are.
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {ArrayLike<number> | null} values  null for the words
 * @property {(value: number) => string} [write]
 * @property {boolean} [wordy]  whether it is written in words
 */
import { make, setText } from "./dom.js";
import { short, whole } from "./numbers.js";
import { percent } from "./pointmapcolour.js";

const HEIGHT = 32;
const SPARE = 6;
/** A browser lays out no element that is higher than some millions of pixels: 100,000 rows are below that. */
const MOST = 500_000;

export class WordTable {
  /** @type {import("./pointmapdata.js").MapData | null} */
  #map = null;
  /** @type {Column[]} */
  #columns = [];
  #order = new Uint32Array(0);
  #sorted = { column: -1, down: false };
  /** @type {Set<number>} */
  #chosen = new Set();
  #first = -1;
  #names = "";
  /** The selected word. */
  #current = -1;
  /** @type {{name: string, values: ArrayLike<number>}[]} */
  #scores = [];
  /** Whether the map is another than that of the rows: they are made when one looks. */
  #isOld = false;

  /** @param {{choose: (index: number) => void, go: (index: number) => void}} acts */
  constructor(acts) {
    this.acts = acts;
    this.head = make("div", { class: "ls-map-row ls-map-heads", role: "row", "aria-rowindex": 1 });
    this.body = make("div", { class: "ls-map-rows", role: "rowgroup" });
    this.scroller = make("div", { class: "ls-map-scroller", tabindex: 0, role: "table", "aria-label": "All words of the map", "data-testid": "ls-map-table" }, make("div", { role: "rowgroup", class: "ls-map-thead" }, this.head), this.body);
    this.element = make("div", { class: "ls-map-data", hidden: true }, this.scroller);
    this.scroller.addEventListener("scroll", () => this.#paint(), { passive: true });
    this.body.addEventListener("change", (event) => this.#act(event, (index) => acts.choose(index)));
    this.body.addEventListener("click", (event) => /** @type {Element} */ (event.target).closest("button") && this.#act(event, (index) => acts.go(index)));
    this.resizing = new ResizeObserver(() => this.#paint());
    this.resizing.observe(this.element);
  }

  get open() {
    return !this.element.hidden;
  }

  set open(open) {
    this.element.hidden = !open;
    if (open && this.#map && this.#isOld) this.#build();
    else if (open) this.#paint(true);
  }

  close() {
    this.resizing.disconnect();
  }

  /** @param {import("./pointmapdata.js").MapData} map @param {{name: string, values: ArrayLike<number>}[]} scores */
  begin(map, scores) {
    this.#map = map;
    this.#scores = scores;
    this.#isOld = true;
    if (this.open) this.#build();
  }

  #build() {
    const map = /** @type {import("./pointmapdata.js").MapData} */ (this.#map);
    this.#isOld = false;
    this.#columns = columnsOf(map, this.#scores);
    const names = JSON.stringify(this.#columns.map(({ name }) => name));
    if (names !== this.#names) this.#heads();
    this.#names = names;
    if (this.#sorted.column >= this.#columns.length) this.#sorted = { column: -1, down: false };
    this.#sort();
  }

  /** @param {Set<number>} chosen */
  show(chosen) {
    this.#chosen = chosen;
    if (this.open) this.#paint(true);
  }

  /** Bring the row of a word into sight. @param {number} index */
  seek(index) {
    this.#current = index;
    if (this.open) this.#paint(true);
    const place = this.#order.indexOf(index);
    if (this.open && place >= 0) this.scroller.scrollTop = place * HEIGHT - this.scroller.clientHeight / 2;
  }

  #heads() {
    const heads = this.#columns.map(({ name, wordy }, column) => {
      const button = make("button", { type: "button" }, name);
      button.addEventListener("click", () => {
        this.#sorted = { column, down: this.#sorted.column === column && !this.#sorted.down };
        this.#sort();
      });
      return make("div", { role: "columnheader", "aria-sort": "none", "data-wordy": wordy }, button);
    });
    this.head.replaceChildren(make("div", { role: "columnheader" }, make("span", { class: "ls-hidden" }, "Chosen")), ...heads);
    this.scroller.style.setProperty("--ls-columns", String(heads.length - 1));
  }

  #sort() {
    const map = /** @type {import("./pointmapdata.js").MapData} */ (this.#map);
    const { column, down } = this.#sorted;
    const values = this.#columns[column]?.values;
    this.#order = map.ranks.slice();
    if (column >= 0 && values) this.#order.sort((one, other) => compared(values[one], values[other], down));
    else if (column >= 0) this.#order.sort((one, other) => map.words[one].localeCompare(map.words[other], "en") * (down ? -1 : 1));
    [...this.head.children].forEach((head, place) => place && head.setAttribute("aria-sort", place - 1 === column ? (down ? "descending" : "ascending") : "none"));
    this.scroller.setAttribute("aria-rowcount", String(map.count + 1));
    this.body.style.height = `${Math.min(MOST, map.count) * HEIGHT}px`;
    if (this.open) this.#paint(true);
  }

  #paint(anew = false) {
    const map = this.#map;
    if (!map || !this.open) return;
    const seen = Math.ceil(this.scroller.clientHeight / HEIGHT) + 2 * SPARE;
    const first = Math.max(0, Math.min(map.count - seen, Math.floor(this.scroller.scrollTop / HEIGHT) - SPARE));
    if (first === this.#first && !anew) return;
    this.#first = first;
    const places = Array.from({ length: Math.min(seen, map.count - first) }, (_, at) => first + at);
    while (this.body.childElementCount > places.length) this.body.lastElementChild?.remove();
    while (this.body.childElementCount < places.length) this.body.append(this.#row());
    places.forEach((place, at) => this.#fill(/** @type {HTMLElement} */ (this.body.children[at]), place, map));
  }

  #row() {
    const cells = this.#columns.map(({ values, wordy }) => (values ? make("div", { role: "cell", "data-wordy": wordy }) : make("div", { role: "rowheader" }, make("button", { type: "button" }))));
    return make("div", { class: "ls-map-row", role: "row" }, make("div", { role: "cell" }, make("input", { type: "checkbox" })), ...cells);
  }

  #fill(row, place, map) {
    const index = this.#order[place];
    const word = map.words[index];
    if (row.childElementCount !== this.#columns.length + 1) row.replaceChildren(...this.#row().children);
    row.style.transform = `translateY(${place * HEIGHT}px)`;
    row.dataset.index = String(index);
    row.setAttribute("aria-current", String(index === this.#current));
    row.setAttribute("aria-rowindex", String(place + 2));
    const box = /** @type {HTMLInputElement} */ (row.querySelector("input"));
    box.checked = this.#chosen.has(index);
    box.setAttribute("aria-label", `Choose ${word}`);
    this.#columns.forEach(({ values, write = short }, column) => {
      const cell = row.children[column + 1];
      setText(values ? cell : /** @type {Element} */ (cell.firstElementChild), values ? write(values[index]) : word);
    });
  }

  #act(event, act) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".ls-map-row"));
    if (row) act(Number(row.dataset.index));
  }
}

function columnsOf(map, scores) {
  const axis = (at) => Float32Array.from({ length: map.count }, (_, index) => map.positions[index * map.dimensions + at]);
  const cluster = (value) => (value < 0 ? "none" : map.clusterLabels[value] || `cluster ${value + 1}`);
  return [
    { name: "word", values: null },
    ...(map.rows ? [{ name: "rank", values: map.rows, write: (row) => whole(row + 1) }] : []),
    ...(map.frequency && !map.ranked ? [{ name: "frequency", values: map.frequency, write: whole }] : []),
    ...(map.kept ? [{ name: "neighbours kept", values: map.kept, write: percent }] : []),
    ...(map.clusters ? [{ name: "cluster", values: map.clusters, write: cluster, wordy: true }] : []),
    ...scores,
    ...["x", "y", "z"].slice(0, map.dimensions).map((name, at) => ({ name, values: axis(at) })),
  ];
}

/** What is not known comes last, whichever way one sorts. */
function compared(one, other, down) {
  if (Number.isNaN(one) || Number.isNaN(other)) return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
  return down ? other - one : one - other;
}
