/**
 * A picture that may be wider than its place, and scrolls sideways then. Its canvas stays in sight, as large as the
 * place, and is painted anew while the place scrolls: a sequence may have many steps.
 */
import { clearCanvas, make } from "./dom.js";

export class Strip {
  /** @param {string} label  of the canvas @param {() => void} stale  to be called when the picture is to be painted again */
  constructor(label, stale) {
    this.canvas = make("canvas", { tabindex: 0, role: "application", "aria-label": label });
    this.length = make("div", { class: "ls-strip-length" }, this.canvas);
    this.scroller = make("div", { class: "ls-strip" }, this.length);
    this.scroller.addEventListener("scroll", stale);
    this.resizing = new ResizeObserver(stale);
    this.resizing.observe(this.scroller);
  }

  /** CSS pixels of the place. */
  get width() {
    return this.scroller.clientWidth;
  }

  get height() {
    return this.scroller.clientHeight;
  }

  /** How many pixels of the picture are out of sight at the left. */
  get left() {
    return this.scroller.scrollLeft;
  }

  /** Return where in the picture a pointer is. @param {PointerEvent | MouseEvent} event */
  placeOf({ offsetX, offsetY }) {
    return { x: offsetX + this.left, y: offsetY };
  }

  /** Return a clear canvas for a picture that is so wide. @param {number} wide  CSS pixels */
  clear(wide) {
    const length = `${Math.max(this.width, Math.ceil(wide))}px`;
    if (this.length.style.width !== length) this.length.style.width = length;
    return clearCanvas(this.canvas, this.width, this.height);
  }

  /**
   * Bring a part of the picture into sight.
   *
   * @param {number} from
   * @param {number} to
   * @param {number} covered  pixels at the left of the place where the picture is not seen
   */
  show(from, to, covered) {
    if (from < this.left + covered) this.scroller.scrollLeft = from - covered;
    else if (to > this.left + this.width) this.scroller.scrollLeft = to - this.width;
  }

  /** Bring the end of the picture into sight. */
  showEnd() {
    this.scroller.scrollLeft = this.scroller.scrollWidth;
  }

  /** Return words about the picture with arrows to where there is more of it. @param {string} words */
  withMore(words) {
    const isMore = this.left + this.width < this.scroller.scrollWidth - 1;
    return `${this.left > 1 ? "← " : ""}${words}${isMore ? " →" : ""}`;
  }

  close() {
    this.resizing.disconnect();
  }
}
