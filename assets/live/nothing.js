/** What stands in the place of a picture that is not there. */
import { make, setText } from "./dom.js";
import { wordsOf } from "./words.js";

const NOTHING = "There is nothing to be shown at this step.";
const ASKED = "The net is being asked about what you have brought …";

/**
 * Return what the frame itself says of why there is nothing; an empty text where it says nothing either.
 *
 * @param {string[] | undefined} keys  of words, of which the first that says something is taken
 * @param {import("./painter.js").Scene} scene
 */
export function whyNothing(keys, scene) {
  return keys?.map((key) => wordsOf(key, scene)).find(Boolean) ?? "";
}

export class Nothing {
  constructor() {
    this.element = make("p", { class: "ls-nothing", hidden: true });
  }

  /**
   * @param {boolean} isThere  whether there is something to be seen
   * @param {import("./painter.js").Scene} scene
   * @param {string} [why]
   */
  show(isThere, { frame, pinned }, why) {
    this.element.hidden = isThere;
    setText(this.element, frame.header.asked || pinned?.header.asked ? ASKED : why || NOTHING);
  }
}
