/** Pictures for paper and slides: dark on white whatever the page wears, with their title and the step in them. */
import { make } from "./dom.js";
import { whole } from "./numbers.js";

/** @type {import("./theme.js").Theme} */
export const PRINT = {
  dark: false,
  ink: "rgb(22, 32, 43)",
  muted: "rgb(80, 90, 102)",
  line: "rgb(225, 229, 234)",
  paper: "rgb(255, 255, 255)",
  font: "Arial, Helvetica, sans-serif",
};

/** Pixels of the file for each of the page. */
const SCALE = 2;
const MARGIN = 16;
const HEAD = 40;
/** CSS pixels that a scale below a drawing takes. */
export const SCALE_ROOM = 32;
/** No drawing is wider, in CSS pixels: browsers refuse to make it. What is longer is drawn smaller. */
export const WIDEST_PICTURE = 6000;
const BAR = { wide: 96, high: 8 };

/** Return the title of a picture of one step, or of a change. @param {string} title @param {import("./painter.js").Scene} scene */
export function ofStep(title, { frame, pinned }) {
  const step = `step ${whole(frame.header.step)}`;
  return pinned ? `${title}, change at ${step} since step ${whole(pinned.header.step)}` : `${title}, ${step}`;
}

/**
 * Return what `draw` draws on white paper, below a title, as a PNG.
 *
 * @param {string} title
 * @param {number} width  CSS pixels of the drawing
 * @param {number} height
 * @param {(context: CanvasRenderingContext2D) => void} draw
 * @returns {Promise<Blob>}
 */
export function drawn(title, width, height, draw) {
  const size = { width: SCALE * (width + 2 * MARGIN), height: SCALE * (height + HEAD + MARGIN) };
  const canvas = make("canvas", size);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = PRINT.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SCALE, SCALE);
  context.fillStyle = PRINT.ink;
  context.font = `600 14px ${PRINT.font}`;
  context.fillText(title, MARGIN, 24, width);
  context.translate(MARGIN, HEAD);
  draw(context);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))), "image/png"),
  );
}

/**
 * Draw a bar of colours with the numbers at its ends; its lower edge lies at `bottom`.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} colours  from the lowest to the highest
 * @param {string[]} ends
 * @param {number} bottom
 */
export function drawScale(context, colours, [low, high], bottom) {
  context.fillStyle = PRINT.muted;
  context.font = `11px ${PRINT.font}`;
  context.fillText(low, 0, bottom);
  const left = Math.max(40, context.measureText(low).width + 8);
  context.fillText(high, left + BAR.wide + 8, bottom);
  const share = BAR.wide / colours.length;
  colours.forEach((colour, index) => {
    context.fillStyle = colour;
    context.fillRect(left + index * share, bottom - BAR.high, share + 0.5, BAR.high);
  });
}
