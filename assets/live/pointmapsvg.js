/** The view of a map as SVG: its points, lines and words, dark on white, to be edited further. */
import { PRINT } from "./picture.js";
import { css } from "./pointmappalette.js";

const HEAD = 36;

/** @param {import("./pointmapstage.js").Stage} stage @param {string} title @returns {string} */
export function svgOf(stage, title) {
  const { map, camera, seen, written, names, radius } = stage;
  const colouring = stage.colouringFor(PRINT);
  const { width, height } = camera;
  const marks = stage.marks();
  const at = (value) => value.toFixed(2);
  const isSeen = (index) => seen.near[index] > 0 && seen.x[index] > -radius && seen.y[index] > -radius && seen.x[index] < width + radius && seen.y[index] < height + radius;
  const groups = colouring.palette.map(() => /** @type {string[]} */ ([]));
  // As they are painted: the nearest last, and the most important.
  const order = Array.from(map.ranks).reverse().filter(isSeen);
  if (camera.dimensions === 3) order.sort((one, other) => seen.near[one] - seen.near[other]);
  for (const index of order) {
    const size = radius * seen.near[index];
    const ring = colouring.hollow?.[index] ? ` fill="none" stroke="${css(colouring.palette[colouring.colours[index]])}" stroke-width="${at(size * 0.34)}"` : "";
    const faint = marks.faded?.[index] ? ' opacity="0.22"' : "";
    groups[colouring.colours[index]].push(`<circle cx="${at(seen.x[index])}" cy="${at(seen.y[index])}" r="${at(ring ? size * 0.83 : size)}"${ring}${faint}/>`);
  }
  const points = groups.flatMap((circles, colour) => (circles.length ? [`<g fill="${css(colouring.palette[colour])}">`, ...circles, "</g>"] : []));
  const lines = marks.selected < 0 ? [] : marks.neighbours.map((other, place) => {
    const [from, to] = [marks.selected, other];
    const look = marks.near[place] ? `stroke="${PRINT.ink}" stroke-width="1" opacity="0.55"` : 'stroke="#d55e00" stroke-width="1.6" stroke-dasharray="6 4"';
    return `<line x1="${at(seen.x[from])}" y1="${at(seen.y[from])}" x2="${at(seen.x[to])}" y2="${at(seen.y[to])}" ${look}/>`;
  });
  const halo = 'paint-order="stroke" stroke="#ffffff" stroke-width="3.5" stroke-linejoin="round"';
  const words = written.map(({ text, left, top, height: high }) => `<text x="${at(left)}" y="${at(top + high / 2)}" dominant-baseline="central">${escaped(text)}</text>`);
  const clusters = names.map(({ text, x, y }) => `<text x="${at(x)}" y="${at(y)}" text-anchor="middle" dominant-baseline="central">${escaped(text)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + HEAD}" viewBox="0 ${-HEAD} ${width} ${height + HEAD}" font-family="${escaped(PRINT.font)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect y="${-HEAD}" width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="8" y="-13" font-size="14" font-weight="600" fill="${PRINT.ink}">${escaped(title)}</text>`,
    `<clipPath id="view"><rect width="${width}" height="${height}"/></clipPath>`,
    '<g clip-path="url(#view)">',
    `<g id="points">`, ...points, "</g>",
    `<g id="lines">`, ...lines, "</g>",
    `<g id="words" font-size="12" fill="${PRINT.ink}" ${halo}>`, ...words, "</g>",
    `<g id="clusters" font-size="13" font-weight="700" fill="${PRINT.ink}" ${halo}>`, ...clusters, "</g>",
    "</g>",
    "</svg>\n",
  ].join("\n");
}

/** Words come from files: what XML has no place for is left out, all else is written letter by letter. @param {string} text */
export function escaped(text) {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
