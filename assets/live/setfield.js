/**
 * The field by which a person puts another number into the net, in the box that tells about the one that is there.
 *
 * @callback Put
 * @param {string} name  of the number: `layers.0.weight[2, 1]`
 * @param {string} value
 * @returns {boolean} whether it could be sent
 */
import { make, setText } from "./dom.js";

const HINT = "From this step on, whether it trains or waits; Reset takes it back.";

export class SetField {
  /** The number told about, and its value as the server writes it. */
  #name = "";
  #value = "";
  /** What was there before a person set it, to be put back. @type {{name: string, value: string} | null} */
  #before = null;
  #why = "";
  #sent = false;

  /** @param {Put} put */
  constructor(put) {
    this.put = put;
    this.input = make("input", { type: "number", step: 0.1, inputmode: "decimal", "aria-label": "Set to", "data-testid": "ls-set" });
    this.button = make("button", { type: "submit", class: "ls-button", "data-testid": "ls-set-button" }, "Set");
    this.back = make("button", { type: "button", class: "ls-button", hidden: true, "data-testid": "ls-put-back" });
    this.hint = make("p", { class: "ls-set-hint", role: "status", "data-testid": "ls-set-hint" });
    const label = make("span", { class: "ls-label", "aria-hidden": "true" }, "Set to");
    this.row = make("form", { class: "ls-set-row", novalidate: true }, label, this.input, this.button, this.back);
    this.element = make("div", { class: "ls-set", hidden: true }, this.row, this.hint);
    this.row.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(this.input.value);
    });
    this.back.addEventListener("click", () => {
      const { value = "" } = this.#before ?? {};
      this.input.focus(); // the button is gone as soon as the number is back
      this.input.value = plain(value);
      this.#send(value);
    });
  }

  /**
   * Tell about a number of the net; an empty name for one that is none.
   *
   * @param {string} name
   * @param {string} value
   */
  show(name, value) {
    if (name !== this.#name) {
      this.#before = null;
      this.#sent = false;
    }
    const isOther = name !== this.#name;
    this.#name = name;
    this.#value = value;
    if (isOther || document.activeElement !== this.input) this.input.value = plain(value);
    this.#refresh();
  }

  /** @param {string | null} why  the number cannot be set just now, empty where it can, null where this is nobody's business here */
  allow(why) {
    if (why === this.#why) return;
    this.#why = why;
    this.#refresh();
  }

  /** The run has changed. */
  took() {
    this.#sent = false;
    this.#refresh();
  }

  /** Say why a number was not set; false where none was on its way. @param {string} message */
  refuse(message) {
    if (!this.#sent) return false;
    this.#sent = false;
    this.#before = null;
    this.#refresh();
    setText(this.hint, message);
    this.hint.dataset.alarm = "true";
    return true;
  }

  #send(value) {
    if (this.#why || !this.#name) return;
    if (value === "" || !Number.isFinite(Number(value))) return this.#alarm("Type a number, such as −0.5.");
    const before = { name: this.#name, value: this.#value };
    if (!this.put(this.#name, value)) return this.#alarm("There is no connection to the server just now.");
    this.#before = Number(value) === Number(this.#before?.value) ? null : before;
    this.#sent = true;
    this.#refresh();
  }

  #alarm(sentence) {
    setText(this.hint, sentence);
    this.hint.dataset.alarm = "true";
  }

  #refresh() {
    const before = this.#before;
    this.element.hidden = !this.#name || this.#why === null;
    this.input.disabled = this.button.disabled = Boolean(this.#why);
    this.back.hidden = !before || Boolean(this.#why);
    if (before) setText(this.back, `Put back ${plain(before.value).replace("-", "−")}`);
    setText(this.hint, this.#why || HINT);
    this.hint.dataset.alarm = "false";
  }
}

/** As one types it, to six figures. */
function plain(value) {
  const number = Number(value);
  return Number.isFinite(number) ? String(Number(number.toPrecision(6))) : "";
}
