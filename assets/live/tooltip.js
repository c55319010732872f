/** The small box beside the pointer that says which number is under it. */
import { make, setText } from "./dom.js";

const GAP = 12;

export class Tooltip {
  /** @param {HTMLElement} place  positioned; the box stays within it */
  constructor(place) {
    this.place = place;
    this.element = make("div", { class: "ls-tooltip", "aria-hidden": "true", hidden: true });
    /** What is under the pointer changes with every frame: by ear one is told only what one has asked for by a key. */
    this.voice = make("p", { class: "ls-hidden", role: "status" });
    place.append(this.element, this.voice);
  }

  /** Tell those who listen. @param {string[]} lines */
  say(lines) {
    setText(this.voice, `${lines.join(". ")}.`);
  }

  /**
   * @param {string[]} lines  the first is set apart
   * @param {number} x  CSS pixels from the left of the place
   * @param {number} y  CSS pixels from its top
   */
  show(lines, x, y) {
    while (this.element.childElementCount > lines.length) this.element.lastElementChild?.remove();
    while (this.element.childElementCount < lines.length) this.element.append(make("div"));
    lines.forEach((line, index) => setText(this.element.children[index], line));
    this.element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = x + GAP + width > this.place.clientWidth ? x - GAP - width : x + GAP;
    const top = Math.min(y + GAP, this.place.clientHeight - height);
    this.element.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}
