/**
 * Which words a person has in mind: the selected one with its neighbours, the one pointed at, the one where the keys are.
 *
 * @typedef {import("./pointmapdata.js").MapData} MapData
 */
import { factsOf, WordCard } from "./pointmapword.js";

/** How near one flies to a word: so that so many of its neighbours on the map are in sight. */
const COMPANY = 30;

export class Attention {
  /** @type {MapData | null} */
  map = null;
  selected = -1;
  hovered = -1;
  cursor = -1;
  /** Of the selected word in the original space. @type {number[]} */
  neighbours = [];
  /** The how manieth nearest in the map each of them is. @type {number[]} */
  places = [];

  /**
   * @param {import("./pointmapstage.js").Stage} stage
   * @param {import("./tooltip.js").Tooltip} tooltip
   * @param {(index: number) => {name: string, value: number} | null} scoreOf
   * @param {(index: number, flying: boolean) => void} selected  called when another word is
   */
  constructor(stage, tooltip, scoreOf, selected) {
    this.stage = stage;
    this.tooltip = tooltip;
    this.scoreOf = scoreOf;
    this.told = selected;
    this.card = new WordCard((index) => this.select(index, true), () => this.select(-1));
  }

  /** Another map, or more of the same, has come: what is selected stays so, where it has the same words. @param {MapData} map */
  take(map) {
    const before = this.map;
    if (before && before.words !== map.words) {
      this.selected = this.selected < 0 ? -1 : map.find(before.words[this.selected]);
      this.hovered = this.cursor = -1;
    }
    this.map = map;
    this.#know(this.selected);
  }

  /** @param {number} index  -1 for none @param {boolean} [fly] */
  select(index, fly = false) {
    if (!this.map) return;
    this.#know(index);
    this.cursor = document.activeElement === this.stage.over ? index : -1;
    const flies = fly && index >= 0;
    if (flies) this.stage.flyTo(index, COMPANY);
    this.stage.request();
    this.told(index, flies);
  }

  /** Write the card of the selected word anew. */
  show() {
    const { map, selected } = this;
    if (!map || selected < 0) return this.card.hide();
    this.card.show(map, selected, this.neighbours, this.places, factsOf(map, selected, this.scoreOf(selected)));
  }

  /** The pointer is at a place of the stage. @param {number} left @param {number} top */
  point(left, top) {
    const index = this.map ? this.stage.pointAt(left, top) : -1;
    this.stage.over.dataset.over = String(index >= 0);
    if (index >= 0) this.tooltip.show(this.#about(index), left, top);
    else this.tooltip.hide();
    if (index === this.hovered) return;
    this.hovered = index;
    this.stage.request();
  }

  /** The keys are at another word: say it. @param {number} index */
  goTo(index) {
    this.cursor = index;
    this.hovered = -1;
    this.tooltip.hide();
    if (index >= 0) this.tooltip.say(this.#about(index));
    this.stage.request();
  }

  /** What is drawn of it. */
  get marks() {
    const { selected, neighbours, places, hovered, cursor } = this;
    return { selected, neighbours, near: places.map((place) => place <= neighbours.length), hovered, cursor };
  }

  #know(index) {
    const map = /** @type {MapData} */ (this.map);
    this.selected = index;
    this.neighbours = index < 0 ? [] : map.neighboursOf(index);
    this.places = this.neighbours.length ? map.placesOf(index, this.neighbours) : [];
    this.show();
  }

  #about(index) {
    const map = /** @type {MapData} */ (this.map);
    return [map.words[index], ...factsOf(map, index, this.scoreOf(index)).map(([name, value]) => `${name}: ${value}`)];
  }
}
