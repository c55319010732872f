/**
 * A map of words: thousands of points that one can look at from near and far, search, colour, choose and take away.
 *
 * The default export mounts it or updates it, as often as Streamlit likes.
 *
 * @typedef {object} Data  what pages/ui/words/pointmap.py gives
 * @property {string} map  the key of the map's folder; empty where there is none yet
 * @property {string} token  the right to it
 * @property {string} title
 * @property {"waiting" | "going" | "done" | "failed" | "cancelled" | ""} state  of the work that lays it out
 * @property {string} message  why it failed, or what is waited for
 * @property {boolean} cancellable
 * @property {import("./pointmapdata.js").Score[]} scores
 * @property {Record<string, string>} actions  what the page offers to do with chosen words
 * @property {Partial<Look>} look  what a link asks to be shown
 *
 * @typedef {import("./pointmapdata.js").MapData} MapData
 * @typedef {import("./pointmaplook.js").Look} Look
 */
import { make } from "./dom.js";
import { Attention } from "./pointmapattention.js";
import { Bar } from "./pointmapbar.js";
import { Chosen } from "./pointmapchosen.js";
import { finished, forming, MapError } from "./pointmapdata.js";
import { Feed } from "./pointmapfeed.js";
import { Gestures, within } from "./pointmapgestures.js";
import { hooksOf } from "./pointmaphooks.js";
import { KEYS, listen } from "./pointmapkeys.js";
import { lookOf, LookTelling, stanceOf } from "./pointmaplook.js";
import { startOf } from "./pointmapmotion.js";
import { News } from "./pointmapnews.js";
import { Paints } from "./pointmappaints.js";
import { Search } from "./pointmapsearch.js";
import { Stage } from "./pointmapstage.js";
import { WordTable } from "./pointmaptable.js";
import { takeMenu } from "./pointmaptake.js";
import { zoomButtons } from "./pointmapzoom.js";
import { loadStyle } from "./stylesheet.js";
import { readTheme, watchTheme } from "./theme.js";
import { Tooltip } from "./tooltip.js";

const HINT =
  "Click a word to see its true neighbours, those of the space that was mapped; what the map has put far away stands out. " +
  "With Lasso or Box you choose words. The wheel zooms.";

const isOver = (/** @type {string} */ state) => ["failed", "cancelled"].includes(state);

/** @type {WeakMap<Element, PointMap>} */
const mounted = new WeakMap();

/** @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: any) => void}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ls-map") ?? parentElement.appendChild(make("div", { class: "ls-map" }));
  const map = mounted.get(root) ?? new PointMap(/** @type {HTMLElement} */ (root));
  mounted.set(root, map);
  map.update(data, setTriggerValue);
  // Streamlit may clean up and mount again on the same element: only one that has left the page is over.
  return () => setTimeout(() => root.isConnected || map.close());
}

class PointMap {
  /** @type {Data | null} */
  data = null;
  /** @type {MapData | null} */
  map = null;
  /** @type {string[]} */
  words = [];
  /** The lasso as far as it is drawn. @type {number[][] | null} */
  drawn = null;
  /** @type {Uint8Array | null} */
  faded = null;
  /** What a link asks for, until the map is there. @type {Partial<Look> | null} */
  wanted = null;
  tell = (_name, _value) => {};

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.dataset.testid = "ls-map";
    root.setAttribute("role", "region");
    this.theme = readTheme(root);
    this.stage = new Stage(this.theme, () => this.marks, KEYS, (theme) => this.paints.colouring(theme));
    this.news = new News(() => this.tell("cancel", this.data?.map));
    this.feed = new Feed({
      words: (words) => (this.words = words.map(String)),
      layout: (layout) => this.attempt(() => this.takeLayout(layout)),
      done: (message) => this.attempt(() => this.takeMap(message)),
      trouble: (sentence) => this.news.trouble(sentence),
    });
    this.paints = new Paints(this.feed, {
      colour: (colouring) => this.colour(colouring),
      cluster: (cluster) => this.chooseCluster(cluster),
      trouble: (sentence) => this.news.trouble(sentence),
    });
    this.attention = new Attention(this.stage, new Tooltip(this.stage.element), (index) => this.paints.scoreOf(index), (index, flying) => this.selected(index, flying));
    const go = (index) => this.attention.select(index, true);
    this.chosen = new Chosen(() => this.choiceChanged(), go, (action) => this.tell("act", { ...this.choice, action }));
    this.search = new Search((index) => this.found(index), () => this.stage.over.focus());
    this.table = new WordTable({ choose: (index) => this.chosen.toggle(index), go });
    this.bar = new Bar(this.search.element, takeMenu(() => this.taken), {
      colour: (channel) => this.colourBy(channel),
      tool: (tool) => this.hold(tool),
      table: (open) => this.openTable(open),
    });
    this.telling = new LookTelling((look) => this.tell("look", { map: this.data?.map, ...look }));
    this.gestures = this.gesturesOn(this.stage);
    this.listenToKeys();
    this.build();
    loadStyle(() => this.restyle());
    loadStyle(() => this.restyle(), "pointmap.css");
    this.endTheme = watchTheme(() => this.restyle());
    /** @type {any} */ (root).learnscope = hooksOf(this);
  }

  build() {
    const { stage, attention, chosen, paints } = this;
    const zooms = zoomButtons((factor) => this.zoom(factor), () => this.showWhole());
    stage.element.append(zooms, stage.outside.element, this.news.element, this.table.element);
    stage.onOutside = (all) => this.showWhole(all);
    this.side = make("div", { class: "ls-map-side" }, make("p", { class: "ls-map-hint" }, HINT), attention.card.element, chosen.element);
    this.root.replaceChildren(this.bar.element, make("div", { class: "ls-map-body" }, stage.element, this.side), paints.key.element);
  }

  gesturesOn({ over, camera, motion }) {
    return new Gestures(over, camera, motion, {
      point: (left, top) => this.attention.point(left, top),
      leave: () => this.attention.point(-Infinity, -Infinity),
      pick: (left, top, add) => this.pick(left, top, add),
      draw: (path) => this.draw(path),
      enclose: (path, add) => this.enclose(path, add),
      moved: () => this.moved(),
    });
  }

  listenToKeys() {
    listen(this.stage.over, this.stage, () => this.attention.cursor, {
      go: (index) => this.attention.goTo(index),
      select: (index) => this.attention.select(index),
      choose: (index) => this.chosen.toggle(index),
      leave: () => this.leave(),
      whole: () => this.showWhole(),
      search: () => this.search.input.focus(),
      moved: () => this.moved(),
    });
    this.stage.over.addEventListener("blur", () => this.attention.goTo(-1));
  }

  /** @param {Data} data @param {(name: string, value: any) => void} tell */
  update(data, tell) {
    const old = this.data;
    const isNew = (/** @type {keyof Data} */ name) => JSON.stringify(old?.[name]) !== JSON.stringify(data[name]);
    this.data = data;
    this.tell = tell;
    this.root.setAttribute("aria-label", data.title);
    this.restyle();
    this.chosen.offer(data.actions);
    this.news.show(data, this.map);
    if (isOver(data.state) && !this.map?.done) this.feed.close();
    if (isNew("scores")) this.paints.scores.offer(data.scores);
    if (isNew("map") || isNew("token") || (isOver(old?.state ?? "") && !isOver(data.state))) this.open(data, isNew("look"));
    else {
      if (isNew("look") && JSON.stringify(data.look) !== JSON.stringify(this.look)) this.wear(data.look);
      if (isNew("scores")) this.recolour();
    }
  }

  /** Another map is to be shown: what is shown stays until it has come. @param {Data} data @param {boolean} linked  whether the page says how to look at it */
  open({ map, token, look }, linked) {
    this.wanted = linked ? look : null;
    this.paints.scores.forget();
    if (map) this.feed.open(new URL(`../../maps/${map}`, import.meta.url).href, token);
    else this.feed.close();
  }

  takeLayout(layout) {
    const { share, words } = layout.header;
    this.news.progress(Number(share), String(words ?? ""));
    this.take(forming(this.words, layout));
  }

  takeMap(message) {
    this.take(finished(this.words, message));
    this.news.done();
    this.tell("done", this.data?.map);
  }

  attempt(act) {
    try {
      act();
    } catch (error) {
      if (!(error instanceof MapError)) throw error;
      this.feed.close();
      this.news.trouble(error.message);
    }
  }

  /** Show a map, or what there is of it. @param {MapData} map */
  take(map) {
    const before = this.map;
    const other = !before || before.words !== map.words || before.dimensions !== map.dimensions;
    const start = other ? startOf(map, before, this.stage.motion.positions) : null;
    if (other) this.stage.motion.follows = true;
    this.map = map;
    this.stage.show(map, start);
    this.search.begin(map.words, map.ranks);
    this.attention.take(map);
    if (before && other) this.chosen.carry((index) => map.find(before.words[index]));
    this.recolour();
    this.showChoice();
    if (this.wanted && map.done) this.wear(this.wanted, true);
    this.news.show(/** @type {Data} */ (this.data), map);
  }

  recolour() {
    if (!this.map) return;
    this.paints.show(this.map, this.theme);
    this.bar.offer(this.paints.channels, this.paints.channel);
    this.attention.show();
    this.table.begin(this.map, this.paints.scores.columns);
  }

  /** @param {import("./pointmapcolour.js").Colouring} colouring */
  colour(colouring) {
    this.stage.namesClusters = this.paints.channel === "cluster";
    this.stage.colour(colouring);
  }

  colourBy(channel) {
    this.paints.wanted = channel;
    this.recolour();
    this.tellLook();
  }

  /** Look at the map as a link asks for. @param {Partial<Look>} look @param {boolean} [atOnce] */
  wear(look, atOnce = false) {
    const { map, stage } = this;
    this.wanted = map?.done ? null : look;
    if (!map?.done) return;
    if (look.colour) this.paints.wanted = look.colour;
    this.recolour();
    this.chosen.points = new Set((look.chosen ?? []).map((word) => map.find(word)).filter((index) => index >= 0));
    const index = look.word ? map.find(look.word) : -1;
    this.attention.select(index);
    const stance = stanceOf(look);
    if (stance && atOnce) stage.look(stance);
    else if (stance) stage.motion.fly(stance);
    else if (index >= 0) this.attention.select(index, true);
    this.showChoice();
    this.telling.know(this.look);
  }

  get marks() {
    const { faded, drawn } = this;
    return { ...this.attention.marks, faded, drawn };
  }

  pick(left, top, add) {
    const index = this.map ? this.stage.pointAt(left, top) : -1;
    this.attention.tooltip.hide();
    if (add && index >= 0) this.chosen.toggle(index);
    else this.attention.select(index);
  }

  /** Another word is selected. @param {number} index @param {boolean} flying */
  selected(index, flying) {
    if (flying) this.openTable(false);
    if (index >= 0) this.side.dataset.first = "word";
    this.table.seek(index);
    this.tellLook();
  }

  /** A word was found: the keys go on from there. @param {number} index */
  found(index) {
    this.stage.over.focus({ preventScroll: true });
    this.attention.select(index, true);
  }

  draw(path) {
    this.drawn = path.length > 1 ? path : null;
    this.stage.request();
  }

  enclose(path, add) {
    this.drawn = null;
    const points = within(this.stage.seen, path);
    if (add) this.chosen.add(points);
    else this.chosen.set(points);
  }

  chooseCluster(cluster) {
    const points = /** @type {number[]} */ ([]);
    this.map?.clusters?.forEach((one, index) => one === cluster && points.push(index));
    this.chosen.set(points);
  }

  choiceChanged() {
    if (!this.map) return;
    this.side.dataset.first = "chosen";
    this.side.scrollTop = 0;
    this.showChoice();
    this.tell("select", this.choice);
    this.tellLook();
  }

  showChoice() {
    const { map, chosen, table, stage } = this;
    this.faded = chosen.faded(map?.count ?? 0);
    chosen.show(map?.words ?? []);
    table.show(chosen.points);
    stage.request(true);
  }

  /** What the page is told of the chosen words. */
  get choice() {
    return { map: this.data?.map, ...this.chosen.told(this.map?.rows ?? null) };
  }

  hold(tool) {
    this.gestures.tool = tool;
    this.stage.over.dataset.tool = tool;
    this.bar.showTool(tool);
  }

  zoom(factor) {
    this.stage.zoom(factor);
    this.moved();
  }

  showWhole(all = true) {
    this.stage.showWhole(all);
    this.tellLook();
  }

  /** Step back from the newest thing that was begun. */
  leave() {
    if (this.gestures.drawing) this.gestures.abandon();
    else if (this.gestures.tool !== "move") this.hold("move");
    else if (this.attention.selected >= 0) this.attention.select(-1);
    else if (this.chosen.points.size) this.chosen.set([]);
    else this.attention.goTo(-1);
  }

  openTable(open) {
    if (open === this.table.open) return;
    this.table.open = open;
    this.bar.showTable(open);
    this.stage.element.toggleAttribute("data-table", open);
    if (open) this.table.seek(this.attention.selected);
  }

  moved() {
    this.stage.request(true);
    this.tellLook();
  }

  get look() {
    return lookOf(this.stage, this.attention.selected, this.paints.wanted, this.chosen.points);
  }

  tellLook() {
    this.telling.soon(() => (this.map?.done && !this.wanted ? this.look : null));
  }

  get taken() {
    const { map, stage, chosen, data, paints } = this;
    return map && { map, stage, scores: paints.scores.columns, chosen: chosen.points, title: data?.title ?? "" };
  }

  restyle() {
    const theme = readTheme(this.root);
    if (JSON.stringify(theme) === JSON.stringify(this.theme) && this.root.style.colorScheme) return;
    this.theme = theme;
    this.root.style.colorScheme = theme.dark ? "dark" : "light";
    this.stage.restyle(theme);
    this.recolour();
  }

  close() {
    mounted.delete(this.root);
    this.feed.close();
    this.telling.close();
    this.gestures.close();
    this.table.close();
    this.stage.close();
    this.endTheme();
  }
}
