/**
 * From where one looks at a map: what it shows of the plane or the space, and where on the screen each point lies.
 *
 * At zoom 1 the whole map fits; where a few points lie far out, it begins nearer, with nearly all of them. In space one looks from a distance along a direction given by two angles; what is nearer
 * is larger.
 *
 * @typedef {object} Place  in the units of the map
 * @property {number} x
 * @property {number} y
 * @property {number} z
 *
 * @typedef {Place & {zoom: number, yaw: number, pitch: number}} Stance
 *
 * @typedef {object} Projected
 * @property {Float32Array} x  CSS pixels from the left
 * @property {Float32Array} y  from the top
 * @property {Float32Array} near  1 at the middle of the map, more before it, less behind it, 0 for what is behind one's back; 1 in a plane
 */
const MOST_ZOOM = 4000;
const LEAST_ZOOM = 0.2;
/** Of the screen that is left free around the whole map. */
const MARGIN = 0.07;
/** How far one stands from the middle of a space, in radii of the map. */
export const DISTANCE = 3.2;
/** So much larger the map has to become for it to begin without the points that lie far out. */
const WORTH = 1.3;
export const START = { yaw: -0.6, pitch: 0.45 };

const UNIT = { x: 0, y: 0, z: 0, across: 1, up: 1, radius: 1 };

export class Camera {
  dimensions = 2;
  width = 1;
  height = 1;
  /** @type {Stance} */
  stance = { x: 0, y: 0, z: 0, zoom: 1, ...START };
  /** @type {import("./pointmapbounds.js").Home} */
  home = { ...UNIT, core: { ...UNIT } };

  /** Pixels for one unit, at the middle of the map. */
  get scale() {
    return this.stance.zoom * this.#fit();
  }

  /** A stance that shows the whole map. @returns {Stance} */
  get whole() {
    const { x, y, z } = this.home;
    return { x, y, z, zoom: 1, ...START };
  }

  /** The stance that a map begins with: nearly all of it, where the rest would make it small. @returns {Stance} */
  get first() {
    const { x, y, z } = this.home.core;
    const zoom = this.#fit(this.home.core) / this.#fit();
    return zoom < WORTH ? this.whole : { x, y, z, zoom: bounded(zoom), ...START };
  }

  /**
   * Come nearer to the bounds that the map has by now.
   *
   * @param {import("./pointmapbounds.js").Home} wanted
   * @param {number} share  how much nearer: 1 for all the way
   * @param {boolean} follow  whether the view is the one that a map begins with; else what is seen stays as it is
   */
  settle(wanted, share, follow) {
    const scale = this.scale;
    for (const name of Object.keys(UNIT)) {
      this.home[name] += (wanted[name] - this.home[name]) * share;
      this.home.core[name] += (wanted.core[name] - this.home.core[name]) * share;
    }
    if (follow) this.rest();
    else this.stance.zoom = (this.stance.zoom * scale) / this.scale;
  }

  /** Look from where a map begins, along the direction that one looks in already. */
  rest() {
    const { x, y, z, zoom } = this.first;
    Object.assign(this.stance, { x, y, z, zoom });
  }

  /** Pixels for one unit where these bounds are to fit. @param {import("./pointmapbounds.js").Bounds} [bounds] */
  #fit(bounds = this.home) {
    const [wide, high] = [this.width / 2, this.height / 2].map((half) => half * (1 - 2 * MARGIN));
    return Math.min(wide / bounds.across, high / bounds.up);
  }

  /**
   * Work out where all points lie on the screen.
   *
   * @param {Float32Array} positions
   * @param {Projected} target  with room for all of them
   */
  project(positions, target) {
    const { x: left, y: top, near } = target;
    const count = left.length;
    const { x: midX, y: midY, z: midZ } = this.stance;
    const scale = this.scale;
    const [halfWide, halfHigh] = [this.width / 2, this.height / 2];
    if (this.dimensions === 2) {
      for (let index = 0; index < count; index += 1) {
        left[index] = halfWide + (positions[2 * index] - midX) * scale;
        top[index] = halfHigh - (positions[2 * index + 1] - midY) * scale;
      }
      near.fill(1);
      return;
    }
    const [across, upwards, ahead] = axesOf(this.stance);
    // Zooming in brings one nearer, or what is before the place looked at would hide it.
    const distance = (DISTANCE * this.home.radius) / Math.max(1, this.stance.zoom ** 0.7);
    for (let index = 0; index < count; index += 1) {
      const [x, y, z] = [positions[3 * index] - midX, positions[3 * index + 1] - midY, positions[3 * index + 2] - midZ];
      const depth = x * ahead[0] + y * ahead[1] + z * ahead[2];
      const factor = distance - depth > distance * 0.05 ? distance / (distance - depth) : 0;
      near[index] = factor;
      left[index] = halfWide + (x * across[0] + y * across[1] + z * across[2]) * scale * factor;
      top[index] = halfHigh - (x * upwards[0] + y * upwards[1] + z * upwards[2]) * scale * factor;
    }
  }

  /** Move what is shown by so many pixels. @param {number} right @param {number} down */
  pan(right, down) {
    const { stance, scale } = this;
    if (this.dimensions === 2) {
      stance.x -= right / scale;
      stance.y += down / scale;
      return;
    }
    const [across, upwards] = axesOf(stance);
    stance.x -= (right * across[0] - down * upwards[0]) / scale;
    stance.y -= (right * across[1] - down * upwards[1]) / scale;
    stance.z -= (right * across[2] - down * upwards[2]) / scale;
  }

  /** Turn a space as if one dragged it. @param {number} right  pixels @param {number} down */
  turn(right, down) {
    const { stance } = this;
    stance.yaw -= right * 0.008;
    stance.pitch = Math.max(-1.55, Math.min(1.55, stance.pitch + down * 0.008));
  }

  /** Zoom by a factor so that what is at a place of the screen stays there. @param {number} factor @param {number} [left] @param {number} [top] */
  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const before = this.stance.zoom;
    this.stance.zoom = bounded(before * factor);
    const applied = this.stance.zoom / before;
    this.pan((1 - applied) * (left - this.width / 2), (1 - applied) * (top - this.height / 2));
  }
}

/** The directions to the right, upwards and towards one's eye. @param {{yaw: number, pitch: number}} stance */
export function axesOf({ yaw, pitch }) {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return [
    [cy, 0, -sy],
    [-sy * sp, cp, -cy * sp],
    [sy * cp, sp, cy * cp],
  ];
}

/** @param {number} zoom */
export function bounded(zoom) {
  return Math.max(LEAST_ZOOM, Math.min(MOST_ZOOM, zoom));
}

/** Return a stance between two others: the zoom by its logarithm, angles the shorter way. @param {Stance} from @param {Stance} to @param {number} share @returns {Stance} */
export function between(from, to, share) {
  const mix = (one, other) => one + (other - one) * share;
  const zoom = Math.exp(mix(Math.log(from.zoom), Math.log(to.zoom)));
  // The place moves with what one sees of it: fast while far out, slowly when close.
  const grown = Math.abs(to.zoom / from.zoom - 1) > 0.01 ? (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / to.zoom) : share;
  const place = (one, other) => one + (other - one) * grown;
  const angle = (one, other) => one + (((other - one + 3 * Math.PI) % (2 * Math.PI)) - Math.PI) * share;
  return { x: place(from.x, to.x), y: place(from.y, to.y), z: place(from.z, to.z), zoom, yaw: angle(from.yaw, to.yaw), pitch: mix(from.pitch, to.pitch) };
}
