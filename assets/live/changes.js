/**
 * What was changed while the run went on, folded away: settings, and numbers of the net; each leads to its step.
 *
 * @typedef {import("./recording.js").Change} Change
 */
import { make, setText } from "./dom.js";
import { whole } from "./numbers.js";

/** The newest are told; of more nobody reads. */
const MOST = 100;

export class Changes {
  /** @type {Change[] | null} */
  #shown = null;
  #count = 0;

  /** @param {(step: number) => void} look  called with the step that a person wants to see */
  constructor(look) {
    this.look = look;
    /** What settings are called. @type {Record<string, string>} */
    this.labels = {};
    this.summary = make("summary", {});
    this.list = make("ol", { reversed: true });
    this.element = make("details", { class: "ls-changes", hidden: true, "data-testid": "ls-changes" }, this.summary, this.list);
  }

  /** @param {Change[]} changes  oldest first */
  show(changes) {
    if (changes === this.#shown && changes.length === this.#count) return;
    this.#shown = changes;
    this.#count = changes.length;
    this.element.hidden = !changes.length;
    setText(this.summary, changes.length === 1 ? "1 change on the way" : `${whole(changes.length)} changes on the way`);
    this.list.start = changes.length;
    this.list.replaceChildren(...changes.slice(-MOST).reverse().map((change) => this.#entry(change)));
  }

  #entry({ step, name, value }) {
    const go = make("button", { type: "button", class: "ls-button" }, `Step ${whole(step)}`);
    go.addEventListener("click", () => this.look(step));
    const what = this.labels[name] ?? name;
    return make("li", {}, go, make("span", {}, ` ${what}: ${value.replace(/^-/, "−") || "none"}${name in this.labels ? "" : ", by hand"}`));
  }
}
