/** Keys of the panel: space trains or pauses, arrows look back and forth, Home and End go to the first and the last step. */

/** Elements whose own keys come first. */
const TYPING = "input, textarea, select, summary, a[href], [contenteditable='true'], [role='slider'], [role='textbox']";

/**
 * @typedef {object} Actions
 * @property {() => void} toggle
 * @property {(positions: number) => void} move
 * @property {() => void} first
 * @property {() => void} last
 */

/**
 * Listen to keys that are pressed in `root` or nowhere in particular.
 *
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {() => void} stops listening
 */
export function listenToKeys(root, actions) {
  const keys = {
    " ": () => actions.toggle(),
    ArrowLeft: ({ shiftKey }) => actions.move(shiftKey ? -10 : -1),
    ArrowRight: ({ shiftKey }) => actions.move(shiftKey ? 10 : 1),
    Home: () => actions.first(),
    End: () => actions.last(),
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    if (target !== document.body && !root.contains(target)) return;
    // Space on a button presses that button; arrows mean nothing to it, and after a click the focus is there.
    if (target.closest(TYPING) || (event.key === " " && target.closest("button"))) return;
    event.preventDefault();
    keys[event.key](event);
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
