/** What stands in the place of a picture that is not there. */
import { make, setText } from "./dom.js";

const NOTHING = "There is nothing to be shown at this step.";
const ASKED = "The net is being asked about what you have brought …";

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
