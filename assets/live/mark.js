/**
 * Mark a place of a picture: in ink on paper, to be seen on every colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./theme.js").Theme} theme
 * @param {number} left
 * @param {number} top
 * @param {number} wide
 * @param {number} high
 */
export function drawMark(context, theme, left, top, wide, high) {
  for (const [colour, width] of /** @type {const} */ ([[theme.paper, 4], [theme.ink, 2]])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(left, top, wide, high);
  }
}

/** Mark what is chosen, for good, while a pointer goes elsewhere. @param {CanvasRenderingContext2D} context @param {import("./theme.js").Theme} theme */
export function drawChosen(context, theme, left, top, wide, high) {
  context.strokeStyle = theme.ink;
  context.lineWidth = 3;
  context.strokeRect(left - 2, top - 2, wide + 4, high + 4);
  context.lineWidth = 1;
}

/** A place of which there is no more to be seen than this, in CSS pixels, is marked by a box of its own size. */
const LEAST = 6;

/**
 * Mark a cell, in a picture of cells that may be smaller than what marks them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./theme.js").Theme} theme
 * @param {number} x  of its left
 * @param {number} y  of its top
 * @param {number} wide
 * @param {number} high
 */
export function markCell(context, theme, x, y, wide, high) {
  const [broad, tall] = [Math.max(LEAST, wide), Math.max(LEAST, high)];
  drawMark(context, theme, x - (broad - wide) / 2, y - (tall - high) / 2, broad, tall);
}
