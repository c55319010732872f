/** The line that tells what went wrong, or what one ought to know: never more than one at a time. */
import { make, setText } from "./dom.js";
import { STATES } from "./states.js";

const REFUSED_FOR = 6000;

export class Banner {
  #timer = 0;
  #state = { text: "", alarm: false };

  constructor() {
    this.alert = make("p", { class: "ls-banner", role: "alert", "data-testid": "ls-banner", hidden: true });
    this.element = this.alert;
  }

  /** @param {string} state @param {string} message */
  showState(state, message) {
    const words = STATES[state];
    const text = message || (words?.fallback ?? "");
    const isNews = text !== "" && text !== this.#state.text;
    this.#state = { text, alarm: Boolean(words?.alarm) };
    // A state that is told again, as after each setting, does not take away what is said of that setting.
    if (isNews || !this.#timer) this.#showState();
  }

  /** A command was not carried out, or not as it was given: say so for a while. @param {string} message */
  refuse(message) {
    clearTimeout(this.#timer);
    this.#show({ text: message, alarm: true });
    this.#timer = window.setTimeout(() => this.#showState(), REFUSED_FOR);
  }

  close() {
    clearTimeout(this.#timer);
  }

  #showState() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#show(this.#state);
  }

  #show({ text, alarm }) {
    setText(this.alert, text);
    this.alert.hidden = text === "";
    this.alert.dataset.alarm = String(alarm);
  }
}
