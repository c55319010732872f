/** A panel that says in plain words what the probes have found at the step shown. */
import { make, setText } from "./dom.js";

export class WordsView {
  /**
   * @param {import("./card.js").Panel & {keys: string[]}} panel
   * @param {import("./card.js").Card} card
   */
  constructor(panel, card) {
    this.always = true;
    this.lines = panel.keys.map((key) => ({ key, element: make("p", { class: "ls-words" }) }));
    card.body.append(...this.lines.map(({ element }) => element));
  }

  /** @param {import("./painter.js").Scene} scene */
  paint(scene) {
    for (const { key, element } of this.lines) {
      const words = wordsOf(key, scene);
      setText(element, words);
      element.hidden = !words;
    }
  }

  /** @param {import("./painter.js").Scene} scene @returns {import("./csv.js").Numbers} */
  numbers(scene) {
    return { columns: ["about", "words"], rows: this.lines.map(({ key }) => [key, wordsOf(key, scene)]) };
  }

  restyle() {}

  close() {}
}

/**
 * Return the words of the step shown by a key, or those of the opening where the frame has none.
 *
 * @param {string} key
 * @param {Pick<import("./painter.js").Scene, "recording" | "frame">} scene
 */
export function wordsOf(key, { recording, frame }) {
  return String(frame.header.words?.[key] ?? recording.opening.header.words?.[key] ?? "");
}
