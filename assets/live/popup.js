/** A small sheet behind a mark in a card's head: opened by click or key, closed by Escape and by going elsewhere. */
import { make } from "./dom.js";

/**
 * @param {string} mark  the sign that one presses
 * @param {{name: string, title: string, kind?: string}} words  what it is called by those who listen, and on hover
 * @param {...Node} content
 */
export function popup(mark, { name, title, kind = "" }, ...content) {
  const summary = make("summary", { "aria-label": name, title }, mark);
  const details = make("details", { class: `ls-help ${kind}`.trim() }, summary, ...content);
  details.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
  details.addEventListener("focusout", ({ relatedTarget }) => {
    if (!details.contains(/** @type {Node | null} */ (relatedTarget))) details.open = false;
  });
  return details;
}
