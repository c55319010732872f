/** Where a step of a note has set a page up: it comes into sight, and is told to whoever listens. */
import { leadTo } from "./attend.js";
import { setText } from "./dom.js";
import { loadStyle } from "./stylesheet.js";

/** How many steps were taken that were led to; a page that is come back to is none. */
let led = 0;

/** @param {{parentElement: HTMLElement, data: {steps: number, words: string}}} component */
export default function mount({ parentElement, data: { steps, words } }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".ls-arrived") ?? parentElement);
  loadStyle(() => {}, "ranked.css");
  setText(place, words);
  if (steps === led) return;
  led = steps;
  // What is set up is drawn in the same breath, and may be shorter for a moment than what was there.
  setTimeout(() => leadTo(place));
}
