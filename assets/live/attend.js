/** To bring something into sight, and the focus with it, when it was set up or is led to from elsewhere on the page. */

/** The exercise that belongs to a run stands above its panel. */
const EXERCISE = "[class*='st-key-exercise-']";

/** With the focus on the panel, its keys are the next thing at hand: space trains. @param {HTMLElement} panel */
export function attend(panel) {
  // The exercise is drawn in the same breath, but maybe after this.
  setTimeout(() => {
    scrollTo(document.querySelector(EXERCISE) ?? panel);
    focusOn(panel);
  });
}

/**
 * Lead to a heading, as a link does. (A link would change the address, and Streamlit would run the page for it.)
 *
 * @param {HTMLElement} heading
 */
export function leadTo(heading) {
  scrollTo(heading);
  focusOn(heading);
}

/** @param {HTMLElement} element */
function focusOn(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** @param {Element} element */
function scrollTo(element) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Below the header, which lies over the page.
  /** @type {HTMLElement} */ (element).style.scrollMarginTop = "76px";
  element.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}
