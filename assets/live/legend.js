/**
 * The legend of a plot, as buttons above it that show or hide a curve.
 *
 * Plotly's own lies over the curves, can't be reached by keyboard, and costs a measurement of every word on each drawing.
 */
import { make } from "./dom.js";

/** Of a line, in pixels: from here on it is meant to stand out among others. */
const THICK = 3;

/**
 * Return the traces that a legend is to name; none where one curve speaks for itself.
 *
 * @param {{data: Record<string, any>[], layout?: Record<string, any>}} figure
 * @returns {number[]}
 */
export function namedTraces({ data, layout }) {
  const named = data.flatMap(({ type, name, showlegend }, index) =>
    (type ?? "scatter") === "scatter" && name && showlegend !== false ? [index] : [],
  );
  return layout?.showlegend === false || named.length < 2 ? [] : named;
}

/**
 * @param {Record<string, any>[]} data  traces
 * @param {number[]} named  those that get a button
 * @param {(trace: number, shown: boolean) => void} toggle
 */
export function makeLegend(data, named, toggle) {
  const entries = named.map((index) => {
    const { name, line, marker, mode } = data[index];
    const swatch = make("span", { class: "ls-swatch", "data-mode": mode ?? "lines", "data-dash": line?.dash ?? "solid" });
    swatch.dataset.thick = String((line?.width ?? 0) >= THICK);
    swatch.style.color = line?.color ?? marker?.color ?? "";
    const button = make("button", { type: "button", class: "ls-entry", "aria-pressed": "true" }, swatch, name);
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      toggle(index, shown);
    });
    return button;
  });
  return make("div", { class: "ls-legend", role: "group", "aria-label": "Curves" }, ...entries);
}
