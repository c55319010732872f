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
    this.#state = { text: message || (words?.fallback ?? ""), alarm: Boolean(words?.alarm) };
    this.#show(this.#state);
  }

  /** A command was not carried out: say so for a while. @param {string} message */
  refuse(message) {
    clearTimeout(this.#timer);
    this.#show({ text: message, alarm: true });
    this.#timer = window.setTimeout(() => this.#show(this.#state), REFUSED_FOR);
  }

  close() {
    clearTimeout(this.#timer);
  }

  #show({ text, alarm }) {
    setText(this.alert, text);
    this.alert.hidden = text === "";
    this.alert.dataset.alarm = String(alarm);
  }
}
