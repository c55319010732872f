/**
 * A field in which a person types, and with every letter the net is asked what it makes of the text.
 *
 * @typedef {import("./card.js").Panel & {words: string, most: number, placeholder: string}} TypePanel  see
 *     engine/figures/panel.py
 */
import { Bringing } from "./bringing.js";
import { make } from "./dom.js";
import { whole } from "./numbers.js";

const EMPTY = "Type here: the net reads along, and the panels show what it makes of your text.";

export class TypingView {
  /**
   * @param {TypePanel} panel
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} _theme
   * @param {import("./grid.js").Bring} bring
   */
  constructor(panel, card, _theme, bring) {
    this.panel = panel;
    this.always = true;
    this.field = make("input", {
      type: "text", class: "ls-type-field", dir: "auto", "aria-label": panel.alt || panel.title, "data-testid": "ls-type",
      placeholder: panel.placeholder, autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false",
    });
    this.clear = make("button", { type: "button", class: "ls-button", disabled: true, "data-testid": "ls-type-clear" }, "Clear");
    this.bringing = new Bringing(
      {
        id: "ls-type-told",
        words: panel.words,
        empty: EMPTY,
        read: () => new TextEncoder().encode(this.field.value),
        isEmpty: () => !this.field.value,
        show: () => (this.clear.disabled = !this.field.value),
      },
      bring,
    );
    card.body.append(make("div", { class: "ls-type" }, make("div", { class: "ls-type-row" }, this.field, this.clear), this.bringing.element));
    this.#listen();
  }

  /** @param {import("./painter.js").Scene} scene */
  paint(scene) {
    this.bringing.paint(scene);
  }

  restyle() {}

  close() {
    this.bringing.close();
  }

  #listen() {
    const { field } = this;
    // Of letters that are put together of several keys only what comes of them is read.
    field.addEventListener("input", (event) => {
      if (!(/** @type {InputEvent} */ (event).isComposing)) this.#changed(event.timeStamp);
    });
    field.addEventListener("compositionend", ({ timeStamp }) => this.#changed(timeStamp));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && field.value) this.#end(event.timeStamp);
    });
    this.clear.addEventListener("click", ({ timeStamp }) => {
      this.#end(timeStamp);
      field.focus();
    });
  }

  #changed(at) {
    const { most } = this.panel;
    const letters = [...this.field.value];
    if (letters.length > most) this.field.value = letters.slice(0, most).join("");
    this.bringing.changed(at);
    if (letters.length > most) this.bringing.say(`Only the first ${whole(most)} of ${whole(letters.length)} characters are read.`);
  }

  #end(at) {
    this.field.value = "";
    this.bringing.changed(at);
  }
}
