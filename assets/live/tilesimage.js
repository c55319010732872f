/** The tiles that can be seen as one picture with a pixel for each cell, to be cut and enlarged by who draws. */
import { BROKEN, diverging, sequential, tableOf } from "./colours.js";

const MOST_ACROSS = 2048;
const [broken] = tableOf([[0, BROKEN], [1, BROKEN]], 1).pixels;

export class TilesImage {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {ImageData | null} */
    this.image = null;
    this.from = 0;
    this.across = 1;
    this.size = { wide: 1, high: 1 };
  }

  /**
   * @param {import("./tilesdata.js").Tiles} tiles
   * @param {number} from  the first tile
   * @param {number} to  the one after the last
   * @param {(tile: number) => [number, number]} limitsOf  the numbers of the first and the last colour
   */
  paint(tiles, from, to, limitsOf) {
    const { width: wide, height: high } = tiles;
    this.size = { wide, high };
    this.from = from;
    this.across = Math.max(1, Math.min(to - from, Math.floor(MOST_ACROSS / wide)));
    const [width, height] = [this.across * wide, Math.ceil((to - from) / this.across) * high];
    if (!width || !height) return;
    if (this.image?.width !== width || this.image.height !== height) {
      Object.assign(this.canvas, { width, height });
      this.image = this.context.createImageData(width, height);
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    for (let tile = from; tile < to; tile += 1) {
      const { x, y } = this.#placeOf(tile);
      if (tiles.pictures) copy(tiles, tile, pixels, y * width + x, width);
      else colour(tiles, tile, limitsOf(tile), pixels, y * width + x, width);
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} tile @param {import("./tilesplan.js").Box} box */
  draw(context, tile, { x, y, wide, high }) {
    const place = this.#placeOf(tile);
    context.drawImage(this.canvas, place.x, place.y, this.size.wide, this.size.high, x, y, wide, high);
  }

  #placeOf(tile) {
    const place = tile - this.from;
    return { x: (place % this.across) * this.size.wide, y: Math.floor(place / this.across) * this.size.high };
  }
}

/** Where all numbers of a scale are the same they get the colour of zero, or the first. */
function colour({ values, width, height, signed }, tile, [low, high], pixels, first, stride) {
  const shades = (signed ? diverging : sequential).pixels;
  const steps = high > low ? 255 / (high - low) : 0;
  const start = signed && !steps ? 128 : 0.5;
  let source = tile * width * height;
  for (let row = 0; row < height; row += 1) {
    const line = first + row * stride;
    for (let column = 0; column < width; column += 1, source += 1) {
      const value = values[source];
      const shade = steps ? (value - low) * steps + start : start;
      pixels[line + column] = Number.isNaN(value) ? broken : shades[shade > 255 ? 255 : shade < 0 ? 0 : shade | 0];
    }
  }
}

function copy({ values, width, height, depth }, tile, pixels, first, stride) {
  const [green, blue] = depth === 3 ? [1, 2] : [0, 0];
  let source = tile * width * height * depth;
  for (let row = 0; row < height; row += 1) {
    const line = first + row * stride;
    for (let column = 0; column < width; column += 1, source += depth) {
      pixels[line + column] = (255 << 24) | (values[source + blue] << 16) | (values[source + green] << 8) | values[source];
    }
  }
}
