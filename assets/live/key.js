/**
 * The key to a figure: what its colours mean.
 *
 * @typedef {object} Key  see engine/figures/panel.py
 * @property {string[]} colours
 * @property {string[]} names
 * @property {boolean} bar
 */
import { make } from "./dom.js";

/** @param {Key} key */
export function makeKey({ colours, names, bar }) {
  const entries = bar ? barOf(colours, names) : colours.map((colour, index) => swatch(colour, names[index]));
  return make("div", { class: "ls-key", role: "group", "aria-label": "Colours" }, ...entries);
}

function swatch(colour, name) {
  const dot = make("span", { class: "ls-swatch", "data-mode": "markers" });
  dot.style.color = colour;
  return make("span", { class: "ls-key-entry", title: name }, dot, make("span", {}, name));
}

function barOf(colours, [low, high]) {
  const bar = make("span", { class: "ls-bar" });
  bar.style.backgroundImage = `linear-gradient(to right, ${colours.join(", ")})`;
  return [make("span", {}, low), bar, make("span", {}, high)];
}
