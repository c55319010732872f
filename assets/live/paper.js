/** The plane on which points are drawn: where a pointer is in it, and how it looks. */
import { clearCanvas } from "./dom.js";
import { SIDE } from "./drawing.js";

const RADIUS = 4.5;
const LINES = [-1, -0.5, 0, 0.5, 1];
const CROSS = 9;

export class Paper {
  /** @param {HTMLCanvasElement} canvas @param {string[]} colours  of the classes */
  constructor(canvas, colours) {
    this.canvas = canvas;
    this.colours = colours;
  }

  /** Return where in the plane a pointer is. @param {PointerEvent} event */
  placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: ((clientX - left) / width) * 2 * SIDE - SIDE, y: SIDE - ((clientY - top) / height) * 2 * SIDE };
  }

  /**
   * @param {import("./drawing.js").Point[]} points
   * @param {import("./theme.js").Theme} theme
   * @param {{x: number, y: number} | null} cursor  of the keys
   * @param {import("./drawing.js").Point} [held]
   */
  draw(points, theme, cursor, held) {
    const side = this.canvas.parentElement?.clientWidth ?? 0;
    if (!side) return;
    const context = clearCanvas(this.canvas, side, side);
    const at = (value) => ((value + SIDE) / (2 * SIDE)) * side;
    const line = (x0, y0, x1, y1) => {
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
      context.stroke();
    };
    context.fillStyle = theme.muted;
    context.font = `11px ${theme.font}`;
    for (const value of LINES) {
      const place = Math.round(at(value)) + 0.5;
      context.strokeStyle = value ? theme.line : theme.muted;
      context.lineWidth = 1;
      line(place, 0, place, side);
      line(0, side - place, side, side - place);
      const word = String(value).replace("-", "−");
      if (value) context.fillText(word, place + 3, side - 4);
      if (value) context.fillText(word, 3, side - place - 3);
    }
    for (const point of points) {
      context.beginPath();
      context.arc(at(point.x), side - at(point.y), point === held ? RADIUS + 2 : RADIUS, 0, 2 * Math.PI);
      context.fillStyle = this.colours[point.label];
      context.fill();
      context.strokeStyle = point === held ? theme.ink : theme.paper;
      context.lineWidth = point === held ? 2 : 1;
      context.stroke();
    }
    if (!cursor) return;
    const [x, y] = [at(cursor.x), side - at(cursor.y)];
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    line(x - CROSS, y, x + CROSS, y);
    line(x, y - CROSS, x, y + CROSS);
  }
}
