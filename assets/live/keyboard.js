/** Keys of the panel: space trains or pauses, arrows look back and forth, Home and End go to the first and the last step, Escape closes. */

/** Elements whose own keys come first. */
const ROLES = "application combobox dialog grid listbox menu menubar menuitem option radio radiogroup searchbox slider spinbutton tab tablist textbox tree";
const USES_KEYS = [
  "input, textarea, select, summary, a[href], audio, video, [contenteditable]:not([contenteditable='false']), [aria-haspopup]",
  "[role='region'][tabindex='0']", // scrolls
  ...ROLES.split(" ").map((role) => `[role='${role}']`),
].join(", ");
/** Space presses these; arrows mean nothing to them, and after a click the focus is there. */
const PRESSED_BY_SPACE = "button, [role='button'], [role='checkbox'], [role='switch']";
/** Takes up and down for itself, or for a while all arrows, and leaves the rest: what it takes it prevents. */
const DRAWING = ".ls-panel canvas";

/**
 * @typedef {object} Actions
 * @property {() => void} toggle
 * @property {(positions: number) => void} move
 * @property {() => void} first
 * @property {() => void} last
 * @property {() => void} leave  closes what lies over the panels
 */

/**
 * Listen to keys wherever the focus is, but where something has a use of its own for them. (A click on an empty part of
 * the page gives the focus to Streamlit's main part, not to the body.)
 *
 * @param {Actions} actions
 * @returns {() => void} stops listening
 */
export function listenToKeys(actions) {
  const keys = {
    " ": () => actions.toggle(),
    ArrowLeft: ({ shiftKey }) => actions.move(shiftKey ? -10 : -1),
    ArrowRight: ({ shiftKey }) => actions.move(shiftKey ? 10 : 1),
    Home: () => actions.first(),
    End: () => actions.last(),
    Escape: () => actions.leave(),
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    const isTaken = target.closest(USES_KEYS) && !target.matches(DRAWING);
    if (isTaken || (event.key === " " && target.closest(PRESSED_BY_SPACE))) return;
    event.preventDefault();
    keys[event.key](event);
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
