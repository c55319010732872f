/**
 * Ready pixels of a point: a disc or a ring of one radius at one of sixteen places within a pixel, so that points glide.
 *
 * Larger points have a rim of paper, so that one can tell each from those below it.
 *
 * @typedef {object} Stamp
 * @property {number} half  how far it reaches to each side, in pixels
 * @property {Int8Array} across  of each of its pixels: how far it is to the right of the middle one
 * @property {Int8Array} down
 * @property {Int32Array} offsets  the same in the pixels of the picture
 * @property {Uint16Array} rims  how much of it the rim of paper covers, 256 for all
 * @property {Uint16Array} covers  how much of it the point itself covers
 */
export const PARTS = 4;
/** From this radius on, in pixels, there is a rim of this width. */
const RIMMED = 2.4;
const RIM = 1;
const PER_PIXEL = 4;
const LARGEST = 24;

export class Stamps {
  /** @type {Stamp[][][]} by radius, kind, place */
  #made = [];

  /** @param {number} width  of the picture, in pixels */
  constructor(width) {
    this.width = width;
  }

  /** Return the discs and the rings of a radius. @param {number} radius  pixels @returns {Stamp[][]} */
  of(radius) {
    const size = Math.max(2, Math.min(LARGEST * PER_PIXEL, Math.round(radius * PER_PIXEL)));
    return (this.#made[size] ??= [false, true].map((hollow) =>
      Array.from({ length: PARTS * PARTS }, (_, part) => stampOf(size / PER_PIXEL, hollow, part % PARTS, Math.floor(part / PARTS), this.width)),
    ));
  }
}

function stampOf(radius, hollow, column, row, width) {
  const rim = radius >= RIMMED ? RIM : 0;
  const half = Math.ceil(radius + rim) + 1;
  const [middleX, middleY] = [(column + 0.5) / PARTS, (row + 0.5) / PARTS];
  const inner = hollow ? Math.max(0.4, radius - Math.max(1, radius * 0.34)) : -1;
  const found = { across: [], down: [], offsets: [], rims: [], covers: [] };
  for (let y = -half; y <= half; y += 1) {
    for (let x = -half; x <= half; x += 1) {
      const distance = Math.hypot(x + 0.5 - middleX, y + 0.5 - middleY);
      const outside = share(radius + 0.5 - distance);
      const cover = hollow ? Math.min(outside, share(distance - inner + 0.5)) : outside;
      const paper = rim ? share(radius + rim + 0.5 - distance) : 0;
      if (!cover && !paper) continue;
      found.across.push(x);
      found.down.push(y);
      found.offsets.push(y * width + x);
      found.rims.push(Math.round(256 * paper));
      found.covers.push(Math.round(256 * cover));
    }
  }
  return {
    half,
    across: Int8Array.from(found.across),
    down: Int8Array.from(found.down),
    offsets: Int32Array.from(found.offsets),
    rims: Uint16Array.from(found.rims),
    covers: Uint16Array.from(found.covers),
  };
}

function share(value) {
  return Math.max(0, Math.min(1, value));
}

/** Return a colour laid over another, as ImageData keeps them. @param {number} under @param {number} over @param {number} cover  256 for all */
export function laid(under, over, cover) {
  const rest = 256 - cover;
  // Red and blue at once: their products stay within 32 bits and out of each other's way. Whole numbers of 32 bits all
  // the way, for others would be made anew in memory at each pixel.
  const redBlue = ((Math.imul(under & 0xff00ff, rest) + Math.imul(over & 0xff00ff, cover)) >>> 8) & 0xff00ff;
  const green = ((Math.imul(under & 0x00ff00, rest) + Math.imul(over & 0x00ff00, cover)) >>> 8) & 0x00ff00;
  return 0xff000000 | redBlue | green;
}
