/**
 * A heatmap of the step shown, painted on a canvas below Plotly's axes and points.
 *
 * Plotly takes about 45 ms to draw a new boundary with its points, this takes one. Plotly's own picture is hidden (see
 * panel.css), but Plotly is told the numbers, so that what it says under the pointer is true.
 *
 * @typedef {object} Scale
 * @property {number} low  of the first colour
 * @property {number} high  of the last
 * @property {import("./colours.js").ColourTable} colours
 */
import { tableOf } from "./colours.js";
import { clearCanvas, make } from "./dom.js";
import { rows } from "./message.js";

/** A multiple of every number of classes up to eight: no shade lies across the edge between two of them. */
const SHADES = 1680;

/**
 * Tell whether a trace can be painted here: a heatmap with a colour scale that is fixed.
 *
 * @param {Record<string, any>} trace
 */
export function isSurface({ type, colorscale, zmin, zmax, coloraxis }) {
  return type === "heatmap" && Array.isArray(colorscale) && Number.isFinite(zmin) && Number.isFinite(zmax) && !coloraxis;
}

export class Surface {
  /**
   * @param {number} index  of the trace
   * @param {Record<string, any>} trace
   */
  constructor(index, { colorscale, zmin, zmax, zsmooth }) {
    this.index = index;
    this.smooth = Boolean(zsmooth);
    /** @type {Scale} */
    this.scale = { low: zmin, high: zmax, colours: tableOf(colorscale, SHADES) };
    this.element = make("canvas", { class: "ls-surface", "aria-hidden": true });
    this.cells = document.createElement("canvas");
  }

  /**
   * Paint the numbers, and tell Plotly of them; false where Plotly must draw once before its axes are known.
   *
   * @param {any} plot  the element of a Plotly figure
   * @param {import("./message.js").Tensor} tensor  (rows, columns), the first row the lowest; NaN lets the page through
   * @param {Scale} [scale]
   */
  paint(plot, tensor, scale = this.scale) {
    const calculated = plot.calcdata?.[this.index]?.[0];
    const { x, y } = plot.data[this.index];
    if (!calculated?.z?.length || !x?.length || !y?.length) return false;
    plot.data[this.index].z = calculated.z = rows(tensor);
    const { xaxis, yaxis } = plot._fullLayout;
    const [left, right] = spanOf(x).map((value) => xaxis.l2p(value));
    const [bottom, top] = spanOf(y).map((value) => yaxis.l2p(value));
    this.#fill(tensor, scale);
    Object.assign(this.element.style, { left: `${xaxis._offset}px`, top: `${yaxis._offset}px` });
    const context = clearCanvas(this.element, xaxis._length, yaxis._length);
    context.imageSmoothingEnabled = this.smooth;
    context.drawImage(this.cells, left, top, right - left, bottom - top);
    return true;
  }

  #fill({ shape: [height, width], values }, { low, high, colours }) {
    Object.assign(this.cells, { width, height });
    const context = /** @type {CanvasRenderingContext2D} */ (this.cells.getContext("2d"));
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const shades = colours.pixels.length;
    const steps = shades / (high - low);
    for (let row = 0; row < height; row += 1) {
      const target = (height - 1 - row) * width;
      for (let column = 0; column < width; column += 1) {
        const shade = Math.floor((values[row * width + column] - low) * steps);
        pixels[target + column] = colours.pixels[Math.max(0, Math.min(shades - 1, shade))];
      }
    }
    context.putImageData(image, 0, 0);
  }
}

/** Return where the outer cells end: half a cell beyond the first and the last centre. */
function spanOf(centres) {
  const last = centres.length - 1;
  const half = last > 0 ? (centres[last] - centres[0]) / last / 2 : 0.5;
  return [centres[0] - half, centres[last] + half];
}
