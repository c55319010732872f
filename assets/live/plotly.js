/** Plotly: fetched once from beside this module, never from another host, and dressed in the theme of the page. */
import { make } from "./dom.js";

/** @type {Promise<any> | null} */
let loading = null;

/** @returns {Promise<any>} Plotly; the page loads it once */
export function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = make("script", { src: new URL("./plotly.min.js", import.meta.url).href, async: true });
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error("Plotly could not be loaded from this server."));
    };
    document.head.append(script);
  });
  return loading;
}

/**
 * Return which markers have a rim in a colour of the theme: `paper` or `ink`, see engine/figures/style.py.
 *
 * @param {Record<string, any>[]} traces
 * @returns {{trace: number, colour: "paper" | "ink"}[]}
 */
export function themedRims(traces) {
  return traces.flatMap(({ marker }, trace) => {
    const colour = marker?.line?.color;
    return colour === "paper" || colour === "ink" ? [{ trace, colour }] : [];
  });
}

/**
 * Return a layout with the fonts and the colours of the theme, and with nothing else changed.
 *
 * @param {Record<string, any>} layout
 * @param {import("./theme.js").Theme} theme
 */
export function themed(layout, theme) {
  const dressed = {
    ...layout,
    autosize: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { size: 11, ...layout.font, family: theme.font, color: theme.muted },
    hoverlabel: {
      ...layout.hoverlabel,
      bgcolor: theme.paper,
      bordercolor: theme.line,
      font: { family: theme.font, color: theme.ink, size: 12 },
    },
  };
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  for (const axis of new Set(["xaxis", "yaxis", ...axes])) {
    const { title } = layout[axis] ?? {};
    const { text = "", ...more } = typeof title === "string" ? { text: title } : (title ?? {});
    dressed[axis] = {
      ...layout[axis],
      title: { font: { size: 11 }, ...more, text: escaped(text) },
      gridcolor: theme.line,
      zerolinecolor: theme.line,
      linecolor: theme.line,
      tickcolor: theme.line,
      fixedrange: true,
    };
  }
  return dressed;
}

/** Plotly reads a little HTML in its texts: names are to be seen letter by letter. @param {string} text */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
