/**
 * What a person brings for the nets to look at, a picture drawn or a text typed: they are asked about the newest of it
 * at once, and a line tells what they make of it.
 */
import { make, setText } from "./dom.js";
import { Speaker } from "./speaker.js";

/**
 * @typedef {object} Source  what is brought
 * @property {string} id  of the line's element, for tests
 * @property {string} words  the key of an answer's words that are told
 * @property {string} empty  what is told while there is nothing
 * @property {() => Uint8Array | null} read  the bytes that are asked about; null where there is nothing
 * @property {() => boolean} isEmpty
 * @property {() => void} show  called before the screen is next painted, whenever it has changed
 */

export class Bringing {
  #frame = 0;
  /** When the first thing was done that the net has not been asked about. */
  #since = 0;
  /** What went wrong with what was brought last, until it is another. */
  #said = "";
  #answer = "";
  /** Of the answer that was told last, when that was brought which it is about. */
  #about = 0;

  /** @param {Source} source @param {import("./grid.js").Bring} bring */
  constructor(source, bring) {
    this.source = source;
    this.bring = bring;
    this.speaker = new Speaker(`${source.id}-aria`);
    this.told = make("p", { "data-testid": source.id }, source.empty);
    this.element = make("div", { class: "ls-told" }, this.told, this.speaker.element);
  }

  /** Tell what the nets that are shown have answered. @param {import("./painter.js").Scene} scene */
  paint({ frame, other }) {
    if (this.source.isEmpty()) return;
    const { asked, unanswered, brought, step } = frame.header;
    const answers = [frame, other?.frame].filter((one) => one?.header.answered).map((one) => String(one.header.words[this.source.words]));
    const both = answers.length > 1 ? answers.map((answer, run) => `${"AB"[run]}: ${answer}`) : answers;
    if (asked) this.#tell(`The net of step ${step} is being asked …`);
    else if (both.length) this.#tell(capital(both.join("; ")), brought);
    else if (unanswered) this.#tell(unanswered, brought);
  }

  /** What is brought is another: it is shown at once, and the net asked when the screen is next painted. */
  changed(at = performance.now()) {
    if (this.#said) this.say("");
    this.#since ||= at;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const since = this.#since;
      this.#since = 0;
      this.source.show();
      const numbers = this.source.isEmpty() ? null : this.source.read();
      this.bring(numbers && { what: "look", values: base64(numbers), at: since });
      if (!numbers) this.#tell(this.source.empty);
    });
  }

  /** Tell what is wrong with what was brought. @param {string} message */
  say(message) {
    this.#said = message;
    this.#tell(this.#answer || this.source.empty);
  }

  close() {
    cancelAnimationFrame(this.#frame);
    this.speaker.close();
    this.bring(null);
  }

  /**
   * Answers come all the time while a net learns; what went wrong stays before them. By ear one is told what the net says
   * of something new once one rests, and of the same as it learns now and then.
   *
   * @param {string} answer
   * @param {number} [about]  when that was brought which it is about
   */
  #tell(answer, about = 0) {
    this.#answer = answer;
    const words = [this.#said, answer].filter(Boolean).join(" ");
    setText(this.told, words);
    this.speaker.say(words, about !== 0 && about === this.#about);
    this.#about = about;
  }
}

/** @param {Uint8Array} numbers */
function base64(numbers) {
  let text = "";
  for (const number of numbers) text += String.fromCharCode(number);
  return btoa(text);
}

/** @param {string} words */
function capital(words) {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
