/** What one can take away from a map: coordinates as CSV, the view as PNG and SVG, the chosen words as text. */
import { csvOf } from "./csv.js";
import { make, setText } from "./dom.js";
import { download, fileName } from "./download.js";
import { drawn, PRINT } from "./picture.js";
import { popup } from "./popup.js";
import { svgOf } from "./pointmapsvg.js";

const FAILED = "That could not be made: reload the page and try again.";

/**
 * @typedef {object} Taken  what there is to be taken
 * @property {import("./pointmapdata.js").MapData} map
 * @property {import("./pointmapstage.js").Stage} stage
 * @property {{name: string, values: ArrayLike<number>}[]} scores
 * @property {Set<number>} chosen
 * @property {string} title
 */

/** Return the menu. @param {() => Taken | null} now */
export function takeMenu(now) {
  const said = make("p", { class: "ls-said", role: "status" });
  const take = async (kind, extension, made) => {
    const taken = now();
    if (!taken) return setText(said, "There is nothing to be taken yet.");
    if (kind === "chosen" && !taken.chosen.size) return setText(said, "No words are chosen: draw a lasso around some, or choose them in the table.");
    try {
      const name = kind === "chosen" ? "words" : kind === "csv" ? "coordinates" : "view";
      download(await made(taken), fileName(["map", taken.map.header.method ?? "", name].filter(Boolean), extension));
      setText(said, "");
      menu.open = false;
    } catch (error) {
      console.warn("The map could not be taken away.", error);
      setText(said, FAILED);
    }
  };
  const choice = (kind, extension, words, made) => {
    const button = make("button", { type: "button", class: "ls-entry", "data-testid": `ls-map-take-${kind}` }, words);
    button.addEventListener("click", () => take(kind, extension, made));
    return button;
  };
  const sheet = make("div", { class: "ls-sheet" },
    choice("csv", "csv", "Coordinates (CSV)", (taken) => new Blob([csvOf(numbersOf(taken))], { type: "text/csv" })),
    choice("png", "png", "This view (PNG)", pictureOf),
    choice("svg", "svg", "This view (SVG)", ({ stage, title }) => new Blob([svgOf(stage, title)], { type: "image/svg+xml" })),
    choice("chosen", "txt", "Chosen words (text)", ({ map, chosen }) => new Blob([[...chosen].map((index) => `${map.words[index].replace(/[\r\n]+/g, " ")}\n`).join("")], { type: "text/plain" })),
    said,
  );
  const menu = popup("Take away ↓", { name: "Take the map away", title: "Take the coordinates, the view or the chosen words away as a file", kind: "ls-take ls-map-take" }, sheet);
  menu.dataset.testid = "ls-map-take";
  return menu;
}

/** A row for each word, as they are in the map. @param {Taken} taken @returns {import("./csv.js").Numbers} */
export function numbersOf({ map, scores, chosen }) {
  const { positions, dimensions, clusters, kept, frequency, rows } = map;
  const columns = ["word", ...["x", "y", "z"].slice(0, dimensions)];
  /** @type {((index: number) => number | string)[]} */
  const more = [];
  const add = (name, value) => (columns.push(name), more.push(value));
  if (rows) add("row", (index) => rows[index]);
  if (clusters) add("cluster", (index) => clusters[index]);
  if (clusters && map.clusterLabels.length) add("cluster_label", (index) => map.clusterLabels[clusters[index]] ?? "");
  if (kept) add("neighbours_kept", (index) => kept[index]);
  if (frequency) add(map.ranked ? "rank" : "frequency", (index) => frequency[index]);
  for (const { name, values } of scores) add(name, (index) => values[index]);
  add("chosen", (index) => Number(chosen.has(index)));
  const row = (word, index) => [word, ...positions.subarray(index * dimensions, (index + 1) * dimensions), ...more.map((value) => value(index))];
  return { columns, rows: map.words.map(row) };
}

/** The view as it is, dark on white. @param {Taken} taken */
function pictureOf({ stage, title }) {
  const { width, height } = stage.camera;
  const picture = stage.pictured(PRINT);
  return drawn(title, width, height, (context) => {
    context.drawImage(picture, 0, 0, width, height);
    context.strokeStyle = PRINT.line;
    context.strokeRect(0, 0, width, height);
  });
}
