/**
 * What is drawn over the points of a map: lines to a word's true neighbours, rings, words, the names of clusters, the lasso.
 *
 * @typedef {import("./pointmapboxes.js").Box & {cluster: number, text: string, x: number, y: number}} ClusterName
 * @typedef {import("./pointmaplabels.js").Label} Label
 */
import { Boxes, Widths } from "./pointmapboxes.js";
import { clusterColours } from "./pointmapcolour.js";
import { channelsOf, css, legible, mix } from "./pointmappalette.js";

/** A neighbour that the map has put far away. */
export const FAR = "#d55e00";
/** How much wider bold words are, and a little more. */
const BOLD = 1.1;
const NAME_HEIGHT = 20;
const NAME_ROOM = { x: 4, y: 9 };
const NAME_LONGEST = 34;
const widths = new Widths();

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import("./pointmapstage.js").Stage["drawn"]} stage
 * @param {import("./pointmapdata.js").MapData} map
 * @param {import("./pointmapcolour.js").Colouring} colouring
 * @param {import("./pointmapstage.js").Marks} marks
 * @returns {{labels: Label[], names: ClusterName[], more: boolean}}
 */
export function drawOver(context, stage, map, colouring, marks) {
  const { camera, motion, seen, theme, radius } = stage;
  drawLines(context, seen, theme, marks);
  const forced = forcedLabels(stage, marks);
  const names = stage.namesClusters ? clusterNames(stage, map, forced) : [];
  const { labels, more } = stage.labels.place(camera, motion.positions, seen, radius, motion.still, forced, names);
  drawRings(context, stage, colouring, marks);
  drawWords(context, labels, stage, marks);
  drawNames(context, names, map, theme);
  if (marks.drawn) drawLasso(context, marks.drawn, theme);
  return { labels, names, more };
}

/**
 * Words that are written whatever is around them: what one points at, what is selected, and its neighbours. Each to the
 * right of its point, or, where one of these is there already, to the left.
 */
function forcedLabels({ seen, labels, radius, camera }, { selected, neighbours, hovered, cursor }) {
  const wanted = [hovered, cursor, selected, ...neighbours].filter((index) => index >= 0);
  return [...new Set(wanted)]
    .filter((index) => seen.near[index] > 0 && seen.x[index] > -40 && seen.x[index] < camera.width && seen.y[index] > 0 && seen.y[index] < camera.height)
    .map((index) => {
      const gap = radius * seen.near[index] + (index === selected ? 8 : 5);
      const label = labels.label(index, seen.x[index], seen.y[index], gap);
      const width = label.width * BOLD;
      return [label.left, seen.x[index] - gap - width].map((left) => ({ ...label, left, width }));
    });
}

function drawLines(context, { x, y, near }, theme, { selected, neighbours, near: isNear }) {
  if (selected < 0 || near[selected] <= 0) return;
  context.save();
  neighbours.forEach((other, place) => {
    if (near[other] <= 0) return;
    context.strokeStyle = isNear[place] ? theme.ink : css(legible(channelsOf(FAR), theme));
    context.globalAlpha = isNear[place] ? 0.55 : 0.95;
    context.lineWidth = isNear[place] ? 1 : 1.6;
    context.setLineDash(isNear[place] ? [] : [6, 4]);
    context.beginPath();
    context.moveTo(x[selected], y[selected]);
    context.lineTo(x[other], y[other]);
    context.stroke();
  });
  context.restore();
}

function drawRings(context, { seen, radius, theme }, { colours, palette }, { selected, neighbours, near, hovered, cursor }) {
  const disc = (index, grown, rim, wide) => {
    if (index < 0 || seen.near[index] <= 0) return;
    context.beginPath();
    context.arc(seen.x[index], seen.y[index], radius * seen.near[index] + grown, 0, 2 * Math.PI);
    context.fillStyle = css(palette[colours[index]]);
    context.fill();
    context.strokeStyle = rim;
    context.lineWidth = wide;
    context.stroke();
  };
  neighbours.forEach((index, place) => disc(index, 1.5, near[place] ? theme.ink : css(legible(channelsOf(FAR), theme)), 1.5));
  disc(selected, 3.5, theme.ink, 2.5);
  if (cursor !== selected) disc(cursor, 3, theme.ink, 2);
  if (hovered !== selected && hovered !== cursor) disc(hovered, 2, theme.ink, 1.5);
}

function drawWords(context, labels, { theme, seen, camera }, { selected, hovered, cursor, faded }) {
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = theme.paper;
  const [ink, paper] = [channelsOf(theme.ink), channelsOf(theme.paper)];
  const deep = camera.dimensions === 3;
  for (const { index, text, left, top, height } of labels) {
    const stands = index === selected || index === hovered || index === cursor;
    const fog = deep && !stands ? Math.max(0, Math.min(0.6, (1.1 - seen.near[index]) * 1.2)) : 0;
    const back = faded?.[index] && !stands ? 0.5 : 0;
    context.font = `${stands ? "600 " : ""}12px ${theme.font}`;
    context.fillStyle = css(mix(ink, paper, Math.max(fog, back)));
    context.strokeText(text, left, top + height / 2);
    context.fillText(text, left, top + height / 2);
  }
}

/** The names of clusters at their middles, none over another, nor over words that are written in any case. */
function clusterNames({ camera, theme }, map, forced) {
  const { clusterLabels, clusterMiddles, dimensions } = map;
  const count = clusterMiddles.length / dimensions;
  const places = { x: new Float32Array(count), y: new Float32Array(count), near: new Float32Array(count) };
  camera.project(clusterMiddles, places);
  const boxes = new Boxes(160, NAME_HEIGHT + 4);
  for (const [right] of forced) boxes.take(right);
  const names = [];
  for (let cluster = 0; cluster < count; cluster += 1) {
    const y = places.y[cluster];
    const label = clusterLabels[cluster] ?? "";
    const isSeen = places.near[cluster] > 0 && places.x[cluster] >= 0 && places.x[cluster] <= camera.width && y >= 0 && y <= camera.height;
    if (!label || !isSeen) continue;
    const text = label.length > NAME_LONGEST ? `${label.slice(0, NAME_LONGEST - 1)}…` : label;
    const width = widths.of(text, fontOfNames(theme)) + 8;
    // Near an edge the name moves inwards, or it would be cut off.
    const x = Math.max(width / 2, Math.min(camera.width - width / 2, places.x[cluster]));
    // With room around it, so that points are seen between the names.
    const room = { left: x - width / 2 - NAME_ROOM.x, top: y - NAME_HEIGHT / 2 - NAME_ROOM.y, width: width + 2 * NAME_ROOM.x, height: NAME_HEIGHT + 2 * NAME_ROOM.y };
    const box = { cluster, text, x, y, left: x - width / 2, top: y - NAME_HEIGHT / 2, width, height: NAME_HEIGHT };
    if (boxes.take(room)) names.push(box);
  }
  return names;
}

function drawNames(context, names, map, theme) {
  context.save();
  context.font = fontOfNames(theme);
  context.textAlign = "center";
  context.lineWidth = 5;
  context.strokeStyle = theme.paper;
  const colours = clusterColours(theme);
  for (const { cluster, text, x, y } of names) {
    const colour = channelsOf(colours[map.clusterColours[cluster]] ?? theme.ink);
    context.fillStyle = css(mix(legible(colour, theme), channelsOf(theme.ink), 0.45));
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
  context.restore();
}

function fontOfNames(theme) {
  return `700 13px ${theme.font}`;
}

function drawLasso(context, path, theme) {
  context.save();
  context.beginPath();
  path.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.fillStyle = theme.ink;
  context.globalAlpha = 0.07;
  context.fill();
  context.globalAlpha = 0.9;
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.25;
  context.setLineDash([5, 4]);
  context.stroke();
  context.restore();
}
