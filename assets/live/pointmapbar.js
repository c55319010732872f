/**
 * The bar above a map: what points are coloured by, what dragging does, the table, and the files.
 *
 * @typedef {import("./pointmapgestures.js").Tool} Tool
 */
import { make } from "./dom.js";

const TOOLS = { move: "Move", lasso: "Lasso", box: "Box" };
const ABOUT = {
  move: "Drag to move the map, or to turn it in space; click a word",
  lasso: "Draw around words to choose them; with Shift to those that are chosen already",
  box: "Drag a box around words to choose them; with Shift to those that are chosen already",
};

export class Bar {
  /** @type {import("./pointmapcolour.js").Channel[]} */
  #channels = [];

  /**
   * @param {HTMLElement} search
   * @param {HTMLElement} take
   * @param {{colour: (channel: string) => void, tool: (tool: Tool) => void, table: (open: boolean) => void}} acts
   */
  constructor(search, take, acts) {
    this.colour = make("select", { class: "ls-choice", "aria-label": "Colour by", disabled: true, "data-testid": "ls-map-colour" });
    this.colour.addEventListener("change", () => acts.colour(this.colour.value));
    this.tools = Object.entries(TOOLS).map(([tool, word]) => {
      const button = make("button", { type: "button", class: "ls-toggle", value: tool, title: ABOUT[tool], "aria-pressed": String(tool === "move"), "data-testid": `ls-map-tool-${tool}` }, word);
      button.addEventListener("click", () => acts.tool(/** @type {Tool} */ (tool)));
      return button;
    });
    this.table = make("button", { type: "button", class: "ls-toggle", "aria-pressed": "false", title: "All words as a table, in which they can be chosen too", "data-testid": "ls-map-table-button" }, "Table");
    this.table.addEventListener("click", () => acts.table(this.table.getAttribute("aria-pressed") !== "true"));
    this.element = make("div", { class: "ls-map-bar" },
      search,
      make("label", { class: "ls-map-by" }, make("span", {}, "Colour by"), this.colour),
      make("div", { class: "ls-map-tools", role: "group", "aria-label": "What dragging does" }, ...this.tools),
      make("div", { class: "ls-map-ends" }, this.table, take),
    );
  }

  /** @param {import("./pointmapcolour.js").Channel[]} channels @param {string} chosen */
  offer(channels, chosen) {
    if (JSON.stringify(channels) !== JSON.stringify(this.#channels)) {
      this.#channels = channels;
      this.colour.replaceChildren(...channels.map(({ id, name }) => make("option", { value: id }, name)));
    }
    this.colour.value = chosen;
    this.colour.disabled = channels.length < 2;
  }

  /** @param {Tool} tool */
  showTool(tool) {
    for (const button of this.tools) button.setAttribute("aria-pressed", String(button.value === tool));
  }

  /** @param {boolean} open */
  showTable(open) {
    this.table.setAttribute("aria-pressed", String(open));
  }
}
