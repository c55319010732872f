/** What is written beside tiles: a caption below each, the number of its unit before each group. */
import { fitted } from "./fitted.js";

const SIZE = 11;
const LINE = 14;
const LINES = 2;
/** More is not looked at: a caption has two short lines, and is read in full under the pointer. */
const LONGEST = 120;

/**
 * Write a caption below a tile, in two lines at most.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} words
 * @param {import("./tilesplan.js").Box} box
 * @param {import("./theme.js").Theme} theme
 */
export function drawCaption(context, words, { x, y, wide, high }, theme) {
  wear(context, theme, "left");
  brokenUp(words.slice(0, LONGEST), wide, (part) => context.measureText(part).width).forEach((line, index) => {
    context.fillText(line, x, y + high + LINE * (index + 1));
  });
}

/** Write the number of a unit before its first tile. */
export function drawNumber(context, unit, { x, y, high }, theme) {
  wear(context, theme, "right");
  context.fillText(String(unit), x - 5, y + Math.min(high, 24) / 2 + 4);
}

/**
 * Return words as at most two lines of a width, an ellipsis at the end of what does not fit.
 *
 * @param {string} words
 * @param {number} wide
 * @param {(words: string) => number} measure
 * @returns {string[]}
 */
export function brokenUp(words, wide, measure) {
  const lines = [""];
  for (const word of words.split(" ")) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length === LINES || !lines[0] || measure(longer) <= wide) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => fitted(line, wide, measure));
}

function wear(context, theme, align) {
  context.font = `${SIZE}px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
}
