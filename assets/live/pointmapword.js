/** What is known of the selected word, beside the map: its facts, and its neighbours in the space that was mapped. */
import { make, setText } from "./dom.js";
import { ordinal, short, whole } from "./numbers.js";
import { percent } from "./pointmapcolour.js";

export class WordCard {
  /** @type {(index: number) => void} */
  go;

  /** @param {(index: number) => void} go  to another word @param {() => void} close */
  constructor(go, close) {
    this.go = go;
    this.word = make("h3", { class: "ls-map-word", "data-testid": "ls-map-word" });
    this.facts = make("dl", { class: "ls-map-facts" });
    this.words = make("p", { class: "ls-map-honest", "data-testid": "ls-map-honest" });
    this.list = make("ol", { class: "ls-map-neighbours", "aria-label": "Neighbours in the original space", "data-testid": "ls-map-neighbours" });
    this.heads = make("p", { class: "ls-map-titles", "aria-hidden": true }, make("span", {}, "its nearest words"), make("span", {}, "cosine"), make("span", {}, "here"));
    const leave = make("button", { type: "button", class: "ls-map-x", "aria-label": "Leave this word" }, "×");
    leave.addEventListener("click", close);
    this.element = make("section", { class: "ls-map-card", "aria-label": "The selected word", "aria-live": "polite", hidden: true, "data-testid": "ls-map-card" }, leave, this.word, this.facts, this.words, this.heads, this.list);
  }

  /**
   * @param {import("./pointmapdata.js").MapData} map
   * @param {number} index
   * @param {number[]} neighbours
   * @param {number[]} places  the how manieth nearest each of them is in the map
   * @param {[string, string][]} facts
   */
  show(map, index, neighbours, places, facts) {
    this.element.hidden = false;
    setText(this.word, map.words[index]);
    this.facts.replaceChildren(...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
    const here = places.filter((place) => place <= neighbours.length).length;
    const told = neighbours.length ? `${here} of its ${neighbours.length} nearest words are among the ${neighbours.length} nearest here.` : "Its nearest words are not known before the map is done.";
    setText(this.words, told);
    this.heads.hidden = !neighbours.length;
    this.list.replaceChildren(...neighbours.map((other, at) => this.#entry(map, index, other, at, places[at], neighbours.length)));
  }

  hide() {
    this.element.hidden = true;
  }

  #entry(map, index, other, at, place, count) {
    const far = place > count;
    const near = map.cosines?.[index * map.k + at] ?? NaN;
    const cosine = Number.isFinite(near) ? short(near, 3) : "";
    const button = make("button", { type: "button", class: "ls-map-neighbour", "data-far": far, "aria-label": `${map.words[other]}${cosine && `, cosine ${cosine}`}, ${ordinal(place)} nearest on the map` },
      make("span", { class: "ls-map-line" }),
      make("span", { class: "ls-map-name" }, map.words[other]),
      make("span", { class: "ls-map-cosine" }, cosine),
      make("span", { class: "ls-map-place", title: "How near it is on this map" }, ordinal(place)),
    );
    button.addEventListener("click", () => this.go(other));
    return make("li", {}, button);
  }
}

/**
 * Return what is known of a word, as pairs of a name and a value.
 *
 * @param {import("./pointmapdata.js").MapData} map
 * @param {number} index
 * @param {{name: string, value: number} | null} score
 * @returns {[string, string][]}
 */
export function factsOf(map, index, score) {
  /** @type {[string, string][]} */
  const facts = [];
  const { frequency, kept, clusters, ranked, rows } = map;
  if (frequency && !ranked && Number.isFinite(frequency[index])) facts.push(["Seen", `${whole(frequency[index])} times`]);
  if (rows) facts.push(["Rank", whole(rows[index] + 1)]);
  if (kept && Number.isFinite(kept[index])) facts.push(["Neighbours kept", percent(kept[index])]);
  if (clusters) facts.push(["Cluster", clusters[index] < 0 ? "none" : map.clusterLabels[clusters[index]] || `cluster ${clusters[index] + 1}`]);
  if (score) facts.push([score.name, short(score.value)]);
  return facts;
}
