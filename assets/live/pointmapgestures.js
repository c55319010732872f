/**
 * What a pointer does on a map: it drags, turns, zooms, pinches, draws a lasso or a box, points at words and picks them.
 *
 * @typedef {"move" | "lasso" | "box"} Tool
 *
 * @typedef {object} Acts
 * @property {(left: number, top: number) => void} point  the pointer is over a place
 * @property {() => void} leave  the pointer is over the map no more
 * @property {(left: number, top: number, add: boolean) => void} pick
 * @property {(path: number[][]) => void} draw  a lasso is drawn as far as this
 * @property {(path: number[][], add: boolean) => void} enclose  it is closed
 * @property {() => void} moved  the view is another
 */

/** Of a pointer that was pressed to pick, in pixels. */
const STILL = 5;
/** Who scrolls the page, and comes over the map meanwhile, goes on scrolling the page; in ms. */
const SCROLLING = 350;
const WHEEL = 0.0016;

export class Gestures {
  /** @type {Tool} */
  tool = "move";
  /** @type {Map<number, {x: number, y: number}>} of each pointer that is down: where it is */
  #down = new Map();
  /** How far the first of them has gone. */
  #gone = 0;
  #begun = { x: 0, y: 0 };
  /** @type {number[][] | null} */
  #path = null;
  #wheeledAt = -SCROLLING;
  #wheeledHere = true;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./pointmapcamera.js").Camera} camera
   * @param {import("./pointmapmotion.js").Motion} motion
   * @param {Acts} acts
   */
  constructor(canvas, camera, motion, acts) {
    this.canvas = canvas;
    this.camera = camera;
    this.motion = motion;
    this.acts = acts;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.#release(/** @type {PointerEvent} */ (event)));
    canvas.addEventListener("pointerleave", () => this.#down.size || acts.leave());
    canvas.addEventListener("contextmenu", (event) => this.camera.dimensions === 3 && event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.watching = (event) => this.#watch(event);
    window.addEventListener("wheel", this.watching, { passive: true, capture: true });
  }

  close() {
    window.removeEventListener("wheel", this.watching, { capture: true });
  }

  /** Give up what is being drawn. */
  abandon() {
    this.#path = null;
    this.acts.draw([]);
  }

  get drawing() {
    return this.#path !== null;
  }

  #press(event) {
    const { pointerId, button } = event;
    if (button > 0 && !(button === 2 && this.camera.dimensions === 3)) return;
    const place = this.#placeOf(event);
    this.canvas.setPointerCapture(pointerId);
    this.#down.set(pointerId, place);
    if (this.#down.size > 1) {
      this.#gone = Infinity; // two fingers pick nothing
      if (this.#path) this.abandon();
      return;
    }
    this.#gone = 0;
    this.#begun = place;
    if (this.tool !== "move" && button === 0) this.#path = [[place.x, place.y]];
  }

  #move(event) {
    const place = this.#placeOf(event);
    const before = this.#down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") this.acts.point(place.x, place.y);
      return;
    }
    const [right, down] = [place.x - before.x, place.y - before.y];
    if (this.#down.size === 2) this.#pinch(event.pointerId, before, place);
    this.#down.set(event.pointerId, place);
    if (this.#down.size !== 1) return;
    this.#gone = Math.max(this.#gone, Math.hypot(place.x - this.#begun.x, place.y - this.#begun.y));
    if (this.#gone < STILL) return;
    if (this.#path) return this.#draw(place);
    this.motion.grasp();
    const turns = this.camera.dimensions === 3 && !event.shiftKey && !(event.buttons & 2);
    if (turns) this.camera.turn(right, down);
    else this.camera.pan(right, down);
    this.canvas.dataset.dragged = "";
    this.acts.moved();
  }

  #draw({ x, y }) {
    const path = /** @type {number[][]} */ (this.#path);
    const [left, top] = path[0];
    if (this.tool === "box") path.splice(1, 3, [x, top], [x, y], [left, y]);
    else if (Math.hypot(x - path[path.length - 1][0], y - path[path.length - 1][1]) >= 2) path.push([x, y]);
    this.acts.draw(path);
  }

  /** Two fingers: what is under them stays under them; they turn nothing. */
  #pinch(id, before, after) {
    const other = [...this.#down].find(([pointer]) => pointer !== id)?.[1] ?? before;
    const [was, is] = [before, after].map(({ x, y }) => Math.hypot(x - other.x, y - other.y));
    this.motion.grasp();
    if (was > 8 && is > 8) this.camera.zoom(is / was, other.x, other.y);
    else this.camera.pan((after.x - before.x) / 2, (after.y - before.y) / 2);
    this.acts.moved();
  }

  #release(event) {
    const place = this.#down.get(event.pointerId);
    if (!place) return;
    this.#down.delete(event.pointerId);
    delete this.canvas.dataset.dragged;
    const path = this.#path;
    this.#path = null;
    const cancelled = event.type === "pointercancel";
    if (path && path.length > 2 && !cancelled) this.acts.enclose(path, event.shiftKey);
    else if (path) this.acts.draw([]);
    if (this.#gone < STILL && !cancelled && event.button === 0) this.acts.pick(place.x, place.y, event.shiftKey || event.ctrlKey || event.metaKey);
  }

  #wheel(event) {
    if (!this.#wheeledHere && !event.ctrlKey) return;
    event.preventDefault();
    const { x, y } = this.#placeOf(event);
    const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    // A pinch on a touchpad comes as a wheel with Ctrl, in far smaller steps.
    const amount = Math.max(-240, Math.min(240, event.deltaY * lines)) * (event.ctrlKey ? 6 : 1);
    this.motion.grasp();
    this.camera.zoom(Math.exp(-amount * WHEEL), x, y);
    this.acts.moved();
  }

  /** A gesture of the wheel belongs to where it began. @param {WheelEvent} event */
  #watch(event) {
    const now = performance.now();
    if (now - this.#wheeledAt > SCROLLING) this.#wheeledHere = event.target === this.canvas;
    this.#wheeledAt = now;
  }

  #placeOf({ clientX, clientY }) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

/** Return which points lie within a closed path, by the rule of even and odd. @param {import("./pointmapcamera.js").Projected} seen @param {number[][]} path */
export function within({ x, y, near }, path) {
  const found = [];
  const [lefts, tops] = [path.map(([left]) => left), path.map(([, top]) => top)];
  const [fromX, toX, fromY, toY] = [Math.min(...lefts), Math.max(...lefts), Math.min(...tops), Math.max(...tops)];
  for (let index = 0; index < x.length; index += 1) {
    const [left, top] = [x[index], y[index]];
    if (near[index] <= 0 || left < fromX || left > toX || top < fromY || top > toY) continue;
    let inside = false;
    for (let at = 0, before = path.length - 1; at < path.length; before = at, at += 1) {
      const [oneX, oneY, otherX, otherY] = [lefts[at], tops[at], lefts[before], tops[before]];
      if (oneY > top !== otherY > top && left < ((otherX - oneX) * (top - oneY)) / (otherY - oneY) + oneX) inside = !inside;
    }
    if (inside) found.push(index);
  }
  return found;
}
