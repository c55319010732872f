/**
 * The points of a map as a picture: thousands of small discs, put into the pixels by hand.
 *
 * A canvas takes about a microsecond for each disc that it is told of; a stamp of ready pixels takes a tenth of that, so
 * that 100,000 points can be moved.
 *
 * @typedef {object} Looks  of the points
 * @property {Uint8Array} colours  of each point: its place in `palette`
 * @property {number[][]} palette  red, green and blue of each colour
 * @property {Uint8Array | null} hollow  1 for a ring in place of a disc
 * @property {Uint8Array | null} faded  1 for what steps back
 * @property {number} radius  CSS pixels
 * @property {number[]} paper  red, green and blue
 */
import { laid, PARTS, Stamps } from "./pointmapstamps.js";

const SHADES = 16;
const FADED = Math.round(0.78 * (SHADES - 1));
/** Of depth, into which points are sorted. */
const LAYERS = 256;
/** What lies nearer than that is not drawn any larger. */
const LARGEST = 2.4;

export class Cloud {
  #image = new ImageData(1, 1);
  #pixels = new Int32Array(this.#image.data.buffer);
  #stamps = new Stamps(1);
  #order = new Int32Array(0);

  /**
   * Paint the points over the whole canvas.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {import("./pointmapcamera.js").Projected} seen  in CSS pixels
   * @param {Looks} looks
   * @param {Uint32Array} ranks  the points from the most to the least important, which are painted in the reverse order
   * @param {boolean} deep  whether they lie in a space
   */
  paint(context, seen, looks, ranks, deep) {
    const { width, height } = context.canvas;
    if (this.#image.width !== width || this.#image.height !== height) {
      this.#image = context.createImageData(Math.max(1, width), Math.max(1, height));
      this.#pixels = new Int32Array(this.#image.data.buffer);
      this.#stamps = new Stamps(this.#image.width);
    }
    this.#pixels.fill(packed(looks.paper));
    const order = deep ? this.#byDepth(seen.near) : ranks;
    if (looks.faded) this.#stampAll(seen, looks, order, deep, 1);
    this.#stampAll(seen, looks, order, deep, 0);
    context.putImageData(this.#image, 0, 0);
  }

  /** @param {number} stepping  1 for the points that step back, 0 for the others */
  #stampAll({ x, y, near }, { colours, palette, hollow, faded, radius, paper }, order, deep, stepping) {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.#image;
    const shades = shadesOf(palette, paper);
    const ground = packed(paper);
    const flat = deep ? null : this.#stamps.of(radius * ratio);
    for (let place = order.length - 1; place >= 0; place -= 1) {
      const index = order[place];
      if (faded !== null && faded[index] !== stepping) continue;
      const size = near[index];
      const left = x[index] * ratio;
      const top = y[index] * ratio;
      if (!(size > 0 && left > -32 && top > -32 && left < width + 32 && top < height + 32)) continue;
      const kinds = flat ?? this.#stamps.of(radius * ratio * Math.min(LARGEST, size));
      const fog = stepping ? FADED : deep ? fogOf(size) : 0;
      this.#stamp(kinds[hollow !== null ? hollow[index] : 0], left, top, shades[colours[index]][fog], ground);
    }
  }

  #stamp(places, left, top, colour, ground) {
    const column = Math.floor(left * PARTS) | 0;
    const row = Math.floor(top * PARTS) | 0;
    const stamp = places[(row & (PARTS - 1)) * PARTS + (column & (PARTS - 1))];
    const [pixels, image] = [this.#pixels, this.#image];
    const middleX = column >> 2;
    const middleY = row >> 2;
    const { half } = stamp;
    const whole = middleX >= half && middleY >= half && middleX + half < image.width && middleY + half < image.height;
    if (whole) press(pixels, middleY * image.width + middleX, stamp, colour, ground);
    else pressPart(pixels, image, middleX, middleY, stamp, colour, ground);
  }

  /** The points from the nearest to the farthest: sorted into layers, for a true sort takes too long. */
  #byDepth(near) {
    if (this.#order.length !== near.length) this.#order = new Int32Array(near.length);
    const counts = new Int32Array(LAYERS + 1);
    const layerOf = (value) => Math.max(0, Math.min(LAYERS - 1, Math.round((2 - value) * LAYERS * 0.5)));
    for (let index = 0; index < near.length; index += 1) counts[layerOf(near[index]) + 1] += 1;
    for (let layer = 0; layer < LAYERS; layer += 1) counts[layer + 1] += counts[layer];
    for (let index = 0; index < near.length; index += 1) this.#order[counts[layerOf(near[index])]++] = index;
    return this.#order;
  }
}

/** All of a stamp. @param {Int32Array} pixels @param {number} middle @param {import("./pointmapstamps.js").Stamp} stamp @param {number} colour @param {number} ground */
function press(pixels, middle, { offsets, rims, covers }, colour, ground) {
  for (let at = 0; at < offsets.length; at += 1) {
    const target = middle + offsets[at];
    const cover = covers[at];
    if (cover === 256) {
      pixels[target] = colour;
      continue;
    }
    const rim = rims[at];
    const under = rim === 256 ? ground : rim === 0 ? pixels[target] : laid(pixels[target], ground, rim);
    pixels[target] = cover === 0 ? under : laid(under, colour, cover);
  }
}

/** What of a stamp lies in the picture. */
function pressPart(pixels, { width, height }, middleX, middleY, { across, down, offsets, rims, covers }, colour, ground) {
  for (let at = 0; at < offsets.length; at += 1) {
    const [x, y] = [middleX + across[at], middleY + down[at]];
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const target = middleY * width + middleX + offsets[at];
    pixels[target] = laid(laid(pixels[target], ground, rims[at]), colour, covers[at]);
  }
}

/** What is farther away is nearer to the paper. */
function fogOf(near) {
  return Math.max(0, Math.min(SHADES - 4, Math.round((1.12 - near) * 1.5 * (SHADES - 1))));
}

/** Each colour in sixteen steps towards the paper. */
function shadesOf(palette, paper) {
  return palette.map((colour) =>
    Int32Array.from({ length: SHADES }, (_, step) => packed(colour.map((channel, at) => channel + ((paper[at] - channel) * step) / (SHADES - 1)))),
  );
}

/** As ImageData keeps it, on all machines that browsers run on. */
function packed([red, green, blue]) {
  return (255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);
}

/** The radius of points so that they fill about the same part of any map. @param {number} count @param {number} width @param {number} height @param {number} zoom */
export function radiusOf(count, width, height, zoom) {
  const room = Math.sqrt((width * height) / Math.max(1, count));
  return Math.max(1.2, Math.min(5, 0.3 * room * Math.max(1, zoom) ** 0.3));
}
