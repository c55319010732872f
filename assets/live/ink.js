/**
 * What is drawn on the easel: strokes of a pen or a rubber over an image that may have been brought, and every act taken
 * back. Places run from 0 to 1, from the left and from the top; so do widths of the pen.
 *
 * @typedef {object} Place
 * @property {number} x
 * @property {number} y
 *
 * @typedef {object} Stroke
 * @property {Place[]} places
 * @property {number} width
 * @property {string} colour  of the pen; the rubber's is that of the ground
 *
 * @typedef {object} Layer  one act
 * @property {Stroke} [stroke]
 * @property {CanvasImageSource & {width: number, height: number}} [image]  fills the easel, whatever was there
 * @property {boolean} [inverts]  dark becomes bright
 * @property {boolean} [clears]
 */
export const GROUND = "#000000";
const PAPER = "#ffffff";
/** Pixels of the easel for each of the net's, each way: so many shades a stroke's edge has. */
const FINE = 8;

export class Ink {
  /** @type {Layer[]} */
  #acts = [];

  get isEmpty() {
    return !this.#visible.length;
  }

  get canUndo() {
    return this.#acts.length > 0;
  }

  /** @param {Place} place @param {number} width @param {string} colour */
  begin(place, width, colour) {
    this.#acts.push({ stroke: { places: [place], width, colour } });
  }

  /** The stroke that was begun last goes on. @param {Place} place */
  go(place) {
    this.#acts.at(-1)?.stroke?.places.push(place);
  }

  /** @param {Layer["image"]} image */
  bring(image) {
    this.#acts.push({ image });
  }

  invert() {
    this.#acts.push({ inverts: true });
  }

  clear() {
    if (!this.isEmpty) this.#acts.push({ clears: true });
  }

  undo() {
    this.#acts.pop();
  }

  /** Draw it. @param {CanvasRenderingContext2D} context @param {number} side  in its units */
  draw(context, side) {
    context.fillStyle = GROUND;
    context.fillRect(0, 0, side, side);
    for (const act of this.#visible) drawAct(context, act, side);
  }

  /**
   * Return the numbers that a net takes, (side, side, channels) from 0, dark, to 255.
   *
   * @param {number} side  pixels each way
   * @param {number} channels  1 or 3
   * @param {number} [fit]  brings what is drawn into the middle, its longer side this share of the whole; 0: as it is
   * @returns {Uint8Array}
   */
  numbers(side, channels, fit = 0) {
    const fine = side * FINE;
    const whole = contextOf(fine);
    this.draw(whole, fine);
    const pixels = whole.getImageData(0, 0, fine, fine).data;
    const box = fit ? boundsOf(pixels, fine) : null;
    if (!box) return averaged(pixels, side, channels);
    const scale = (fit * fine) / Math.max(box.wide, box.high);
    const [wide, high] = [box.wide * scale, box.high * scale];
    const moved = contextOf(fine);
    moved.fillStyle = GROUND;
    moved.fillRect(0, 0, fine, fine);
    moved.imageSmoothingQuality = "high";
    moved.drawImage(whole.canvas, box.x, box.y, box.wide, box.high, (fine - wide) / 2, (fine - high) / 2, wide, high);
    return averaged(moved.getImageData(0, 0, fine, fine).data, side, channels);
  }

  /** The acts of which something can be seen. */
  get #visible() {
    const last = this.#acts.findLastIndex(({ clears, image }) => clears || image);
    return this.#acts.slice(Math.max(0, last)).filter(({ clears }) => !clears);
  }
}

/** @param {number} side @returns {CanvasRenderingContext2D} */
function contextOf(side) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
}

/** @param {CanvasRenderingContext2D} context @param {Layer} act @param {number} side */
function drawAct(context, { stroke, image, inverts }, side) {
  if (image) drawWhole(context, image, side);
  if (inverts) {
    context.globalCompositeOperation = "difference";
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, side, side);
    context.globalCompositeOperation = "source-over";
  }
  if (!stroke) return;
  context.strokeStyle = stroke.colour;
  context.lineWidth = stroke.width * side;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  const [first, ...rest] = stroke.places;
  context.moveTo(first.x * side, first.y * side);
  for (const { x, y } of rest.length ? rest : [first]) context.lineTo(x * side, y * side);
  context.stroke();
}

/** Draw the middle of an image, as much of it as fills a square; what can be seen through is paper, as on most pages. */
function drawWhole(context, image, side) {
  const least = Math.min(image.width, image.height);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, (image.width - least) / 2, (image.height - least) / 2, least, least, 0, 0, side, side);
}

/** Return the box of all that is not dark; null where all is. */
function boundsOf(pixels, side) {
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const place = (row * side + column) * 4;
      if (Math.max(pixels[place], pixels[place + 1], pixels[place + 2]) < 128) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
    }
  }
  return right < 0 ? null : { x: left, y: top, wide: right - left + 1, high: bottom - top + 1 };
}

/** Each number is the mean of those of the fine pixels in its place; grey is what the eye makes of a colour (ITU-R BT.601). */
function averaged(pixels, side, channels) {
  const fine = side * FINE;
  const found = new Uint8Array(side * side * channels);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const total = [0, 0, 0];
      for (let y = row * FINE; y < (row + 1) * FINE; y += 1) {
        for (let x = column * FINE; x < (column + 1) * FINE; x += 1) {
          for (let channel = 0; channel < 3; channel += 1) total[channel] += pixels[(y * fine + x) * 4 + channel];
        }
      }
      const [red, green, blue] = total.map((sum) => sum / FINE ** 2);
      const place = (row * side + column) * channels;
      if (channels === 1) found[place] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      else found.set([red, green, blue].map(Math.round), place);
    }
  }
  return found;
}
