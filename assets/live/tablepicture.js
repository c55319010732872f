/** A table drawn for paper. */
import { drawn, PRINT } from "./picture.js";

const ROW = 28;
const PAD = 10;
const GAP = 2;
const LONGEST = 220;
const FONT = `13px ${PRINT.font}`;
/** As in panel.css: what is right, what is wrong, and how strong they are at most. */
const RIGHT = { colour: "0, 114, 178", most: 0.55 };
const WRONG = { colour: "213, 94, 0", most: 0.7 };
const EMPTY = "rgb(240, 242, 245)";

/**
 * @param {string} title
 * @param {string[][]} table  the first row and the first column are names
 * @param {(row: number, column: number) => {share: number, wrong: boolean}} shadeOf  of a cell, names not counted
 * @returns {Promise<Blob>}
 */
export function drawnTable(title, table, shadeOf) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.font = FONT;
  const widths = table[0].map((_, column) =>
    Math.min(LONGEST, Math.max(...table.map((row) => context.measureText(row[column]).width)) + 2 * PAD),
  );
  const lefts = widths.map((_, column) => widths.slice(0, column).reduce((sum, width) => sum + width + GAP, 0));
  const width = Math.max(context.measureText(title).width * 1.2, lefts[lefts.length - 1] + widths[widths.length - 1]);
  return drawn(title, Math.ceil(width), table.length * (ROW + GAP), (paper) => {
    paper.font = FONT;
    paper.textBaseline = "middle";
    table.forEach((row, up) => row.forEach((text, across) => {
      const box = { left: lefts[across], top: up * (ROW + GAP), wide: widths[across] };
      if (up && across) shade(paper, box, shadeOf(up - 1, across - 1));
      write(paper, box, text, across === 0 ? "left" : "right", up && across ? PRINT.ink : PRINT.muted);
    }));
  });
}

function shade(context, { left, top, wide }, { share, wrong }) {
  const { colour, most } = wrong ? WRONG : RIGHT;
  for (const fill of [EMPTY, `rgba(${colour}, ${most * share})`]) {
    context.fillStyle = fill;
    context.fillRect(left, top, wide, ROW);
  }
}

function write(context, { left, top, wide }, text, align, colour) {
  context.fillStyle = colour;
  context.textAlign = align;
  context.fillText(text, align === "left" ? left + PAD : left + wide - PAD, top + ROW / 2, wide - 2 * PAD);
}
