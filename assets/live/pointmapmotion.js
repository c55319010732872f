/**
 * How a map comes to rest: points glide to where they are to be, and the eye glides to where it is to look from.
 *
 * Whoever has asked their system for less motion sees each change at once.
 *
 * @typedef {import("./pointmapcamera.js").Stance} Stance
 */
import { between } from "./pointmapcamera.js";

/** In ms: how long until a point has made two thirds of its way; the same for the bounds of the map, which grow fast and shrink slowly. */
const GLIDE = 140;
const GROW = 160;
const SHRINK = 900;
/** Of the reach of the map: what is nearer is there. */
const THERE = 0.0004;
const FLIGHT = 700;

export class Motion {
  /** Where the points are just now. */
  positions = new Float32Array(0);
  /** Where they are to be. */
  #target = new Float32Array(0);
  /** @type {import("./pointmapbounds.js").Home | null} */
  #home = null;
  /** @type {{from: Stance, to: Stance, begin: number} | null} */
  #flight = null;
  #moving = false;
  #last = 0;

  /** @param {import("./pointmapcamera.js").Camera} camera */
  constructor(camera) {
    this.camera = camera;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    /** Whether the view that a map begins with is to be seen, however it grows: until a person looks elsewhere. */
    this.follows = true;
  }

  /** Whether points rest where they are to be. */
  get still() {
    return !this.#moving;
  }

  get flying() {
    return this.#flight !== null;
  }

  /**
   * Let the points go to other places; those of another map begin at `start`.
   *
   * @param {Float32Array} target
   * @param {Float32Array | null} start
   * @param {import("./pointmapbounds.js").Home} home  the bounds of those places
   */
  go(target, start, home) {
    this.#target = target;
    this.#home = home;
    this.#moving = true;
    if (start) {
      this.positions = start;
      this.camera.settle(home, 1, this.follows);
    }
  }

  /** Look from elsewhere, in a while. @param {Stance} to */
  fly(to) {
    this.follows = false;
    if (this.calm.matches) this.camera.stance = { ...to };
    else this.#flight = { from: { ...this.camera.stance }, to: { ...to }, begin: performance.now() };
  }

  /** A person has taken hold of the view. */
  grasp() {
    this.follows = false;
    this.#flight = null;
  }

  /** Move on to the time `now`; tell whether anything moves on. @param {number} now */
  step(now) {
    const passed = Math.min(100, Math.max(1, now - this.#last));
    this.#last = now;
    this.#glide(passed);
    this.#settle(passed);
    if (this.#flight) {
      const { from, to, begin } = this.#flight;
      const share = Math.min(1, (now - begin) / FLIGHT);
      this.camera.stance = share < 1 ? between(from, to, share * share * (3 - 2 * share)) : { ...to };
      if (share >= 1) this.#flight = null;
    }
    return this.#moving || this.#home !== null || this.#flight !== null;
  }

  #glide(passed) {
    if (!this.#moving) return;
    const { positions } = this;
    const target = this.#target;
    const share = this.calm.matches ? 1 : 1 - Math.exp(-passed / GLIDE);
    const small = THERE * this.camera.home.radius;
    let far = false;
    for (let at = 0; at < positions.length; at += 1) {
      const way = target[at] - positions[at];
      far ||= Math.abs(way) > small;
      positions[at] += way * share;
    }
    if (far) return;
    positions.set(target);
    this.#moving = false;
  }

  #settle(passed) {
    if (!this.#home) return;
    const { radius } = this.camera.home;
    const wanted = this.#home.radius;
    const share = this.calm.matches ? 1 : 1 - Math.exp(-passed / (wanted > radius ? GROW : SHRINK));
    const { core } = this.#home;
    const there = apart(this.#home, this.camera.home) < wanted * 0.002 && apart(core, this.camera.home.core) < core.radius * 0.002;
    this.camera.settle(this.#home, there ? 1 : share, this.follows);
    if (there) this.#home = null;
  }
}

/** How far bounds have to go yet. @param {import("./pointmapbounds.js").Bounds} to @param {import("./pointmapbounds.js").Bounds} from */
function apart(to, from) {
  return Math.max(Math.abs(to.radius - from.radius), Math.hypot(to.x - from.x, to.y - from.y, to.z - from.z));
}

/** Return where the points of another map begin: where their words were in the one before; null if it has none of them. @param {import("./pointmapdata.js").MapData} map @param {import("./pointmapdata.js").MapData | null} before @param {Float32Array} positions  of those before */
export function startOf(map, before, positions) {
  const { dimensions, count, words } = map;
  const start = map.positions.slice();
  if (!before || before.dimensions !== dimensions) return start;
  if (before.words === words) return positions;
  for (let index = 0; index < count; index += 1) {
    const old = before.find(words[index]);
    if (old >= 0) for (let axis = 0; axis < dimensions; axis += 1) start[index * dimensions + axis] = positions[old * dimensions + axis];
  }
  return start;
}
