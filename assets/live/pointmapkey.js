/** The key below a map: what its colours mean, and how far it is to be trusted. */
import { make, setText } from "./dom.js";
import { whole } from "./numbers.js";
import { percent } from "./pointmapcolour.js";

const SHOWN = 24;
const METHODS = { umap: "UMAP", tsne: "t-SNE", pca: "PCA" };

export class MapKey {
  /** @param {(cluster: number) => void} pick  the points of a cluster */
  constructor(pick) {
    this.pick = pick;
    this.colours = make("div", { class: "ls-map-colours", role: "group", "aria-label": "Colours", "data-testid": "ls-map-key" });
    this.words = make("p", { class: "ls-map-said", "data-testid": "ls-map-key-words" });
    this.trust = make("p", { class: "ls-map-said", "data-testid": "ls-map-trust" });
    this.element = make("footer", { class: "ls-map-key" }, this.colours, this.words, this.trust);
  }

  /** @param {import("./pointmapdata.js").MapData | null} map @param {import("./pointmapcolour.js").Colouring | null} colouring */
  show(map, colouring) {
    this.colours.replaceChildren(...(colouring ? [...bar(colouring.bar), ...this.#entries(colouring.entries)] : []));
    setText(this.words, colouring?.words ?? "");
    setText(this.trust, map?.done ? trusted(map) : "");
  }

  #entries(entries) {
    const shown = entries.slice(0, SHOWN).map(({ colour, name, count, cluster }) => {
      const dot = make("span", { class: "ls-map-dot" });
      dot.style.background = colour;
      const parts = [dot, make("span", { class: "ls-map-name" }, name), make("span", { class: "ls-map-number" }, count === undefined ? "" : whole(count))];
      if (cluster === undefined) return make("span", { class: "ls-map-entry" }, ...parts);
      const button = make("button", { type: "button", class: "ls-map-entry", title: `Choose the ${whole(count ?? 0)} words: ${name}` }, ...parts);
      button.addEventListener("click", () => this.pick(cluster));
      return button;
    });
    if (entries.length > SHOWN) shown.push(make("span", { class: "ls-map-entry" }, `and ${whole(entries.length - SHOWN)} more`));
    return shown;
  }
}

function bar(scale) {
  if (!scale) return [];
  const strip = make("span", { class: "ls-bar" });
  strip.style.backgroundImage = `linear-gradient(to right, ${scale.colours.join(", ")})`;
  return [make("span", { class: "ls-map-scale" }, make("span", {}, scale.low), strip, make("span", {}, scale.high))];
}

/** @param {import("./pointmapdata.js").MapData} map */
function trusted({ header, count, keptMean, k }) {
  const method = METHODS[header.method] ?? "Map";
  const parts = [`${method} of ${whole(count)} words`];
  if (Number.isFinite(keptMean)) parts.push(`${percent(keptMean)} of the ${k || ""} nearest neighbours kept`.replace("  ", " "));
  if (typeof header.trustworthiness === "number") parts.push(`trustworthiness ${header.trustworthiness.toFixed(3)}`);
  if (typeof header.continuity === "number") parts.push(`continuity ${header.continuity.toFixed(3)}`);
  if (typeof header.seconds === "number") parts.push(`laid out in ${header.seconds < 10 ? header.seconds.toFixed(1) : whole(header.seconds)} s`);
  return `${parts.join(" · ")}.`;
}
