/** What is said over a map of how it is coming about: progress while it forms, and why there is none where there is none. */
import { make, setText } from "./dom.js";

const NONE = "There is no map yet.";
const LOADING = "The map is on its way…";
const WAITING = "The map waits for its turn.";
const FAILED = "The map could not be laid out.";
const CANCELLED = "This map was called off.";
const EMPTY = "There are no words to be laid out: choose others.";

export class News {
  /** Of the connection. */
  #trouble = "";
  #done = false;
  /** @type {import("./pointmap.js").Data | null} */
  #data = null;
  /** @type {import("./pointmapdata.js").MapData | null} */
  #map = null;
  #share = NaN;
  #doing = "";

  /** @param {() => void} cancel */
  constructor(cancel) {
    this.words = make("p", { class: "ls-map-news-words", role: "status", "data-testid": "ls-map-news" });
    this.bar = make("progress", { class: "ls-map-progress", max: 1, "aria-label": "How much of the map is laid out", "data-testid": "ls-map-progress" });
    this.cancel = make("button", { type: "button", class: "ls-button", "data-testid": "ls-map-cancel" }, "Cancel");
    this.cancel.addEventListener("click", cancel);
    this.element = make("div", { class: "ls-map-news", hidden: true }, this.words, this.bar, this.cancel);
  }

  /** @param {import("./pointmap.js").Data} data @param {import("./pointmapdata.js").MapData | null} map  that is shown */
  show(data, map) {
    if (data.map !== this.#data?.map) {
      this.#share = NaN;
      this.#doing = this.#trouble = "";
      this.#done = false;
    }
    this.#data = data;
    this.#map = map;
    this.#paint();
  }

  /** @param {number} share  0 to 1 @param {string} words  what is being done */
  progress(share, words) {
    this.#share = share;
    this.#doing = words;
    this.#paint();
  }

  done() {
    this.#done = true;
    this.#paint();
  }

  /** @param {string} sentence  an empty one: it is over */
  trouble(sentence) {
    this.#trouble = sentence;
    this.#paint();
  }

  #paint() {
    const data = this.#data;
    if (!data) return;
    const { state, message, cancellable, map } = data;
    const ended = state === "failed" || state === "cancelled";
    const goes = Boolean(map) && !this.#done && !ended && !this.#trouble;
    setText(this.words, this.#sentence(data));
    this.element.dataset.kind = this.#trouble || state === "failed" ? "alarm" : goes ? "going" : "plain";
    // Over a map that is forming the words take little room; where there is none they stand in the middle.
    this.element.toggleAttribute("data-alone", !this.#map);
    this.bar.hidden = !goes || state === "waiting";
    if (Number.isFinite(this.#share)) this.bar.value = this.#share;
    else this.bar.removeAttribute("value");
    this.cancel.hidden = !goes || !cancellable;
    this.element.hidden = !this.words.textContent;
    this.element.title = message || "";
  }

  #sentence({ state, message, map }) {
    if (this.#trouble) return this.#trouble;
    if (!map) return message || NONE;
    if (this.#done) return this.#map && !this.#map.count ? EMPTY : "";
    if (state === "failed") return message || FAILED;
    if (state === "cancelled") return message || CANCELLED;
    if (this.#doing || Number.isFinite(this.#share)) {
      const share = Number.isFinite(this.#share) ? `${Math.floor(this.#share * 100)} %` : "";
      return [this.#doing, share].filter(Boolean).join(" · ");
    }
    return message || (state === "waiting" ? WAITING : LOADING);
  }
}
