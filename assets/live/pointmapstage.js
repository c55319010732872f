/**
 * The stage of a map: its two canvases, the points below and what is written and drawn over them above.
 *
 * @typedef {import("./pointmapdata.js").MapData} MapData
 * @typedef {import("./pointmapcolour.js").Colouring} Colouring
 * @typedef {import("./theme.js").Theme} Theme
 *
 * @typedef {object} Marks  what stands out on the map
 * @property {number} selected  a point, -1 for none
 * @property {number[]} neighbours  of that point in the original space
 * @property {boolean[]} near  of each of them: whether it is among the nearest in the map too
 * @property {number} hovered
 * @property {number} cursor  where the keys are
 * @property {Uint8Array | null} faded
 * @property {number[][] | null} drawn  the lasso as far as it is drawn, in CSS pixels
 */
import { homeOf } from "./pointmapbounds.js";
import { bounded, Camera } from "./pointmapcamera.js";
import { Cloud, radiusOf } from "./pointmapcloud.js";
import { Labels } from "./pointmaplabels.js";
import { Motion } from "./pointmapmotion.js";
import { Outside } from "./pointmapoutside.js";
import { drawOver } from "./pointmapover.js";
import { channelsOf } from "./pointmappalette.js";
import { clearCanvas, make } from "./dom.js";

/** Points that one means to hit may be missed by so many pixels. */
const REACH = 14;

export class Stage {
  camera = new Camera();
  motion = new Motion(this.camera);
  labels = new Labels();
  #cloud = new Cloud();
  #request = 0;
  #cloudIsOld = true;
  #outsideIsOld = true;
  /** @type {MapData | null} */
  map = null;
  /** @type {Colouring | null} */
  colouring = null;
  /** @type {import("./pointmapcamera.js").Projected} */
  seen = roomFor(0);
  /** What is written now. @type {import("./pointmaplabels.js").Label[]} */
  written = [];
  /** @type {import("./pointmapover.js").ClusterName[]} */
  names = [];
  /** Whether the names of clusters are written. */
  namesClusters = true;
  painted = 0;
  outside = new Outside((all) => this.onOutside(all));
  /** One asks for all words, or for nearly all of them again. */
  onOutside = (_all) => {};

  /** Whether more is to be painted. */
  get busy() {
    return this.#request !== 0;
  }

  /**
   * @param {Theme} theme
   * @param {() => Marks} marks
   * @param {string} label  of the canvas that takes the keys
   * @param {(theme: Theme) => Colouring} colouringFor  the colours of the map on another paper
   */
  constructor(theme, marks, label, colouringFor) {
    this.theme = theme;
    this.marks = marks;
    this.colouringFor = colouringFor;
    this.points = make("canvas", { class: "ls-map-points", "aria-hidden": true });
    this.over = make("canvas", { class: "ls-map-over", tabindex: 0, role: "application", "aria-label": label, "data-testid": "ls-map-canvas" });
    this.element = make("div", { class: "ls-map-stage", "data-testid": "ls-map-stage" }, this.points, this.over);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.element);
  }

  get radius() {
    const { width, height, stance } = this.camera;
    return radiusOf(this.map?.count ?? 1, width, height, stance.zoom);
  }

  /** Show these points from now on. @param {MapData | null} map @param {Float32Array | null} start  where they begin, if it is another map */
  show(map, start) {
    this.map = map;
    if (!map) return this.request(true);
    if (start && this.camera.dimensions !== map.dimensions) Object.assign(this.camera.stance, this.camera.first);
    this.camera.dimensions = map.dimensions;
    this.motion.go(map.positions, start, homeOf(map.positions, map.dimensions));
    if (this.seen.x.length !== map.count) this.seen = roomFor(map.count);
    this.#outsideIsOld = true;
    if (start) this.outside.know(false);
    this.labels.begin(map.words, map.ranks);
    this.request(true);
  }

  /** @param {Colouring} colouring */
  colour(colouring) {
    this.colouring = colouring;
    this.request(true);
  }

  /** @param {Theme} theme */
  restyle(theme) {
    this.theme = theme;
    this.labels.wear(`12px ${theme.font}`);
    this.request(true);
  }

  /** Paint on the next frame; the points only if they changed. @param {boolean} [points] */
  request(points = false) {
    this.#cloudIsOld ||= points;
    this.#request ||= requestAnimationFrame((now) => this.#paint(now));
  }

  close() {
    cancelAnimationFrame(this.#request);
    this.resizing.disconnect();
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || !height || (width === this.camera.width && height === this.camera.height)) return;
    Object.assign(this.camera, { width, height });
    if (this.map) this.labels.begin(this.map.words, this.map.ranks); // on another screen other words have room
    if (this.motion.follows) this.camera.rest();
    this.#outsideIsOld = true;
    this.request(true);
  }

  #paint(now) {
    this.#request = 0;
    const { map, camera, colouring } = this;
    if (camera.width < 2) return;
    const wasStill = this.motion.still;
    const moves = this.motion.step(now);
    if (map && moves !== undefined && !wasStill && this.motion.still) this.labels.begin(map.words, map.ranks);
    if (moves) this.#cloudIsOld = true;
    const over = clearCanvas(this.over, camera.width, camera.height);
    if (!map || !colouring || colouring.colours.length !== map.count) {
      clearCanvas(this.points, camera.width, camera.height);
      this.written = [];
      return;
    }
    const marks = this.marks();
    if (this.#cloudIsOld) this.#paintPoints(map, colouring, marks.faded);
    const { labels, names, more } = drawOver(over, this.drawn, map, colouring, marks);
    this.written = labels;
    this.names = names;
    this.painted += 1;
    if (moves || more) this.request(moves);
    else if (this.#outsideIsOld) this.#countOutside(map);
  }

  /** Count the words that are not in the view that the map begins with, once it has come to rest. */
  #countOutside({ positions, count }) {
    const { width, height } = this.camera;
    const first = Object.assign(new Camera(), this.camera, { stance: this.camera.first });
    const seen = roomFor(count);
    first.project(positions, seen);
    const isOut = (left, index) => !(left >= 0 && left <= width && seen.y[index] >= 0 && seen.y[index] <= height && seen.near[index] > 0);
    this.outside.tell(seen.x.reduce((sum, left, index) => sum + Number(isOut(left, index)), 0));
    this.#outsideIsOld = false;
  }

  #paintPoints(map, { colours, palette, hollow }, faded) {
    const { camera } = this;
    const context = clearCanvas(this.points, camera.width, camera.height);
    camera.project(this.motion.positions, this.seen);
    const looks = { colours, palette, hollow, faded, radius: this.radius, paper: channelsOf(this.theme.paper) };
    this.#cloud.paint(context, this.seen, looks, map.ranks, map.dimensions === 3);
    this.#cloudIsOld = false;
  }

  /** The point under a place of the stage, or the nearest within reach; -1 for none. @param {number} left @param {number} top */
  pointAt(left, top) {
    const { x, y, near } = this.seen;
    let found = -1;
    let best = REACH * REACH;
    for (let index = 0; index < x.length; index += 1) {
      const distance = (x[index] - left) ** 2 + (y[index] - top) ** 2;
      if (near[index] > 0 && distance < best) [found, best] = [index, distance];
    }
    return found;
  }

  /** Zoom as with the wheel at the middle. @param {number} factor */
  zoom(factor) {
    this.motion.grasp();
    this.camera.zoom(factor);
  }

  /** Look from elsewhere at once. @param {import("./pointmapcamera.js").Stance} stance */
  look(stance) {
    this.motion.grasp();
    Object.assign(this.camera.stance, stance);
    this.request(true);
  }

  /** Fly to where all of the map is seen, or else to the view that it begins with. @param {boolean} [all] */
  showWhole(all = true) {
    this.motion.fly(all ? this.camera.whole : this.camera.first);
    this.outside.know(all);
    this.request(true);
  }

  /** Fly to a point, near enough to see so many others around it. @param {number} index @param {number} company */
  flyTo(index, company) {
    const { map, camera } = this;
    if (!map) return;
    const { positions, dimensions } = map;
    const place = [0, 1, 2].map((axis) => (axis < dimensions ? positions[index * dimensions + axis] : 0));
    const distances = Float32Array.from({ length: map.count }, (_, other) =>
      Math.hypot(...place.slice(0, dimensions).map((value, axis) => positions[other * dimensions + axis] - value)),
    ).sort();
    const around = distances[Math.min(map.count - 1, company)] || camera.home.radius / 10;
    const fit = camera.scale / camera.stance.zoom;
    const zoom = bounded(Math.max(camera.stance.zoom, (0.38 * Math.min(camera.width, camera.height)) / around / fit));
    const { yaw, pitch } = camera.stance;
    this.motion.fly({ x: place[0], y: place[1], z: place[2], zoom, yaw, pitch });
    this.request(true);
  }

  /** Return the view as it is, in the colours of another theme. @param {Theme} theme @returns {HTMLCanvasElement} */
  pictured(theme) {
    const { map, camera, seen } = this;
    const canvas = make("canvas");
    const context = clearCanvas(canvas, camera.width, camera.height);
    if (!map) return canvas;
    const { colours, palette, hollow } = this.colouringFor(theme);
    const marks = this.marks();
    const looks = { colours, palette, hollow, faded: marks.faded, radius: this.radius, paper: channelsOf(theme.paper) };
    new Cloud().paint(context, seen, looks, map.ranks, map.dimensions === 3);
    drawOver(context, { ...this.drawn, theme }, map, this.colouringFor(theme), marks);
    return canvas;
  }

  /** What is drawn over the points needs to know this. */
  get drawn() {
    const { camera, motion, seen, labels, radius, namesClusters, theme } = this;
    return { camera, motion, seen, labels, radius, namesClusters, theme };
  }
}

/** @param {number} count @returns {import("./pointmapcamera.js").Projected} */
function roomFor(count) {
  return { x: new Float32Array(count), y: new Float32Array(count), near: new Float32Array(count) };
}
