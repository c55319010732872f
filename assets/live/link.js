/** "Copy link": the address of just what is seen now, also of the step and of how the plots are set. */
import { make, setText } from "./dom.js";

const TOLD_FOR = 2500;

/**
 * Return an address that leads to the same run at `step`, with the plots set as in `view`.
 *
 * @param {string} href  of the page, with the run and the settings in it
 * @param {number | null} step  null for whatever is the newest
 * @param {string} view  see Grid.look
 */
export function linkTo(href, step, view) {
  const address = new URL(href);
  for (const [name, value] of [["step", step === null ? "" : String(step)], ["view", view]]) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  return address.href;
}

export class LinkButton {
  #timer = 0;

  /** @param {() => string} address  of what is seen now */
  constructor(address) {
    this.address = address;
    this.button = make("button", {
      type: "button", class: "ls-button ls-link", "data-testid": "ls-link", title: "Copy a link to just this step and view",
    }, "Copy link");
    this.said = make("span", { class: "ls-hidden", role: "status" });
    this.field = make("input", { type: "text", readonly: true, "aria-label": "Link to just this", "data-testid": "ls-link-field" });
    const hint = make("span", { class: "ls-label" }, "Copy it from here:");
    /** For where a page may not write to the clipboard, as over plain http from another machine. */
    this.row = make("div", { class: "ls-link-row", hidden: true }, hint, this.field);
    this.element = make("span", { class: "ls-link-place" }, this.button, this.said);
    this.button.addEventListener("click", () => this.#copy());
    this.field.addEventListener("focus", () => this.field.select());
    this.row.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#hide();
    });
  }

  close() {
    clearTimeout(this.#timer);
  }

  async #copy() {
    const address = this.address();
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      this.field.value = address;
      this.row.hidden = false;
      this.field.focus();
      this.field.select();
      return;
    }
    this.row.hidden = true;
    this.#tell("Copied");
  }

  #hide() {
    this.row.hidden = true;
    this.button.focus();
  }

  #tell(word) {
    clearTimeout(this.#timer);
    setText(this.button, word);
    setText(this.said, "The link is copied.");
    this.#timer = window.setTimeout(() => {
      setText(this.button, "Copy link");
      setText(this.said, "");
    }, TOLD_FOR);
  }
}
