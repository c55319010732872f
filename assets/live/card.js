/**
 * The frame around one panel: its title, its tools, the sentence behind the question mark, and a body of fixed height.
 *
 * @typedef {object} Panel  see engine/figures/panel.py
 * @property {"plot" | "network" | "tensor" | "tiles" | "table" | "words" | "pair" | "draw" | "type" | "unrolled" | "reading" | "choice" | "beams"} kind
 * @property {string} id
 * @property {string} title
 * @property {number} width  twelfths of a row
 * @property {number} height  CSS pixels of the body
 * @property {string} help
 * @property {string} alt
 */
import { leadTo } from "./attend.js";
import { make } from "./dom.js";
import { popup } from "./popup.js";

export class Card {
  /** @param {Panel} panel */
  constructor(panel) {
    this.tools = make("div", { class: "ls-tools" });
    this.legend = make("div");
    this.body = make("div", { class: "ls-body" });
    const title = make("h2", { class: "ls-title", title: panel.title }, panel.title);
    this.element = make(
      "section",
      { class: "ls-card", "data-testid": `panel-${panel.id}`, "data-kind": panel.kind, "aria-label": panel.title },
      make("header", { class: "ls-head" }, title, make("div", { class: "ls-ends" }, this.tools, ...(panel.help ? [help(panel)] : []))),
      this.legend,
      this.body,
    );
    this.element.style.setProperty("--ls-span", String(panel.width));
    this.element.style.setProperty("--ls-height", `${panel.height}px`);
    this.element.dataset.wide = String(panel.width >= 8);
  }

  /** @param {boolean} waiting  whether there is nothing to be seen yet */
  set waiting(waiting) {
    this.body.toggleAttribute("data-waiting", waiting);
  }
}

/** @param {Panel} panel */
function help(panel) {
  const more = make("button", { type: "button", class: "ls-button", hidden: true }, "More in the note");
  const about = make("div", { class: "ls-about" }, make("p", {}, panel.help), more);
  const details = popup("?", { name: `About ${panel.title}`, title: panel.help }, about);
  const section = () => document.getElementById(`note-${panel.id}`);
  details.addEventListener("toggle", () => {
    more.hidden = !section();
  });
  more.addEventListener("click", () => {
    const heading = section();
    details.open = false;
    if (heading) leadTo(heading);
  });
  return details;
}
