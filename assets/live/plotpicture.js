/** A Plotly figure for paper: a picture of all that is seen of it, also of what the page shows around it or paints by itself. */
import { PRINT } from "./picture.js";
import { escaped } from "./plotly.js";

const HEAD = 44;
const LEGEND = 26;
/** Pixels of a PNG for each of the page. */
const FINER = 2;

/**
 * @param {any} plotly
 * @param {Record<string, any>[]} traces  as they are drawn now; a surface that the page paints by itself has its numbers
 * @param {Record<string, any>} layout  in the colours of PRINT, of the size that it has on the page
 * @param {{title: string, rims: {trace: number, colour: "paper" | "ink"}[], key: import("./key.js").Key | null, format?: "svg" | "png"}} more
 * @returns {Promise<Blob>}
 */
export async function plotPicture(plotly, traces, layout, { title, rims, key, format = "svg" }) {
  const data = traces.map((trace) => ({ ...trace }));
  for (const { trace, colour } of rims) data[trace].marker = withRim(data[trace].marker, PRINT[colour]);
  const named = data.filter(({ type, name, showlegend }) => (type ?? "scatter") === "scatter" && name && showlegend !== false);
  if (key && !key.bar) data.push(...key.colours.map((colour, index) => swatch(colour, key.names[index])));
  if (key?.bar) addScale(data);
  const legend = named.length > 1 || Boolean(key && !key.bar);
  const above = HEAD + (legend ? LEGEND : 0);
  const figure = {
    data,
    layout: {
      ...layout,
      title: { text: escaped(title), x: 0, xref: "paper", y: 1, yanchor: "top", pad: { t: 14 }, font: { size: 14, color: PRINT.ink } },
      paper_bgcolor: PRINT.paper,
      plot_bgcolor: PRINT.paper,
      font: { ...layout.font, family: PRINT.font },
      showlegend: legend,
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", font: { size: 11 } },
      margin: { ...layout.margin, t: (layout.margin?.t ?? 8) + above, r: (layout.margin?.r ?? 12) + (key?.bar ? 56 : 8) },
      height: layout.height + above,
    },
  };
  const { width, height } = figure.layout;
  const made = await plotly.toImage(figure, { format, width, height, scale: format === "png" ? FINER : 1, imageDataOnly: true });
  if (format === "svg") return new Blob([made], { type: "image/svg+xml" });
  return new Blob([Uint8Array.from(atob(made), (letter) => letter.charCodeAt(0))], { type: "image/png" });
}

function withRim(marker, color) {
  return { ...marker, line: { ...marker.line, color } };
}

/** A trace without points, for its name in the legend. */
function swatch(color, name) {
  return { type: "scatter", mode: "markers", x: [null], y: [null], name: escaped(name), marker: { color, size: 9 }, showlegend: true };
}

function addScale(data) {
  const surface = data.find(({ type }) => type === "heatmap");
  if (surface) Object.assign(surface, { showscale: true, colorbar: { thickness: 10, outlinewidth: 0 } });
}
