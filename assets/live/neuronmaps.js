/** All neurons' maps of one frame as one picture, a map below the other, to be cut and scaled by who draws. */
import { diverging } from "./colours.js";

export class NeuronMaps {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.width = 0;
    this.height = 0;
    this.count = 0;
    /** @type {ImageData | null} */
    this.image = null;
  }

  /**
   * @param {import("./message.js").Tensor} maps  (units, height, width): 0 stands for `low`, 255 for `high`
   * @param {ArrayLike<number>} low  (units,)
   * @param {ArrayLike<number>} high  (units,)
   */
  update({ shape, values }, low, high) {
    this.#paint(shape, (pixels, unit) => this.#colour(pixels, values, unit, low[unit], high[unit]));
  }

  /**
   * @param {import("./message.js").Tensor} change  (units, height, width), in numbers
   * @param {ArrayLike<number>} limits  (units,), the change that is worth the strongest colour
   */
  updateChange({ shape, values }, limits) {
    const size = values.length / shape[0];
    const levels = values.map((value, index) => (value / limits[Math.floor(index / size)] + 1) * 127.5);
    this.#paint(shape, (pixels, unit) => this.#colour(pixels, levels, unit, -limits[unit], limits[unit]));
  }

  #paint(shape, colour) {
    [this.count, this.height, this.width] = shape.length === 3 ? shape : [shape[0], 1, shape[1]];
    if (this.image?.width !== this.width || this.image.height !== this.height * this.count) {
      this.canvas.width = this.width;
      this.canvas.height = this.height * this.count;
      this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    }
    const pixels = new Uint32Array(this.image.data.buffer);
    for (let unit = 0; unit < this.count; unit += 1) colour(pixels, unit);
    this.context.putImageData(this.image, 0, 0);
  }

  /** Draw the map of `unit` as a square. */
  draw(context, unit, x, y, size) {
    if (unit < this.count) context.drawImage(this.canvas, 0, unit * this.height, this.width, this.height, x, y, size, size);
  }

  /** Zero stays transparent, so that the sign of an activation can be seen; the first row is the lowest. */
  #colour(pixels, values, unit, low, high) {
    const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
    const scale = ((high - low) / 255 / largest) * 127.5;
    const zero = 127.5 + (low / largest) * 127.5;
    const first = unit * this.height;
    for (let row = 0; row < this.height; row += 1) {
      const source = (first + row) * this.width;
      const target = (first + this.height - 1 - row) * this.width;
      for (let column = 0; column < this.width; column += 1) {
        pixels[target + column] = diverging.pixels[(zero + values[source + column] * scale + 0.5) | 0];
      }
    }
  }
}
