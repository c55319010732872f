/**
 * What colours of points mean: a channel of the map is read into a colour for each point and a key.
 *
 * @typedef {import("./pointmapdata.js").MapData} MapData
 * @typedef {import("./theme.js").Theme} Theme
 *
 * @typedef {object} Channel  what points can be coloured by
 * @property {string} id
 * @property {string} name
 *
 * @typedef {object} Entry  one colour of a key with its meaning
 * @property {string} colour  as CSS has it
 * @property {string} name
 * @property {number} [count]
 * @property {number} [cluster]
 *
 * @typedef {object} Colouring
 * @property {Uint8Array} colours  of each point: its place in the palette
 * @property {number[][]} palette
 * @property {Uint8Array | null} hollow
 * @property {Entry[]} entries  of a key of single colours
 * @property {{colours: string[], low: string, high: string} | null} bar  of a key that is a scale
 * @property {string} words  what is to be said of it besides
 */
import { channelsOf, css, legible, ramp } from "./pointmappalette.js";
import { short, whole } from "./numbers.js";

/**
 * Okabe and Ito's, see engine/figures/style.py; the order keeps neighbours apart. The last is for dark paper: small points
 * of yellow cannot be seen on white, where a dark brown is as far from all the others.
 */
export const CLUSTERS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8040e0", "#f0e442"];
const LAST_ON_WHITE = "#4a1d00";
export const NONE = "#6a7078";
/** From nothing of the neighbours kept to all of them: the low end stands out, and is told apart by any eye. */
export const KEPT = ["#d55e00", "#c9b8a8", "#0072b2"];
/** Below and above the middle of a score. */
export const SIGNED = ["#0072b2", "#9aa3ab", "#d55e00"];
/** Points that keep less than this share of their neighbours are rings. */
export const LOW = 0.2;
const SHADES = 64;

/** @param {MapData} map @returns {Channel[]} */
export function channelsIn(map) {
  const own = [
    map.clusters && { id: "cluster", name: "Cluster" },
    map.kept && { id: "kept", name: "Neighbours kept" },
    map.frequency && { id: "frequency", name: map.ranked ? "Rank in the file" : "Frequency" },
  ];
  return [...own.filter((channel) => channel !== null && channel !== undefined), { id: "none", name: "One colour" }];
}

/**
 * @param {MapData} map
 * @param {string} channel
 * @param {Float32Array | Float64Array | null} score  the values, where the channel is a score
 * @param {import("./pointmapdata.js").Score | null} about  what is known of that score
 * @param {Theme} theme
 * @returns {Colouring}
 */
export function colouringOf(map, channel, score, about, theme) {
  if (channel === "cluster" && map.clusters) return byCluster(map, theme);
  if (channel === "kept" && map.kept) return byKept(map, map.kept, theme);
  if (channel === "frequency" && map.frequency) return byFrequency(map, map.frequency, theme);
  if (score && about) return byScore(score, about, theme);
  const palette = [channelsOf(theme.dark ? "#6db6e3" : "#2b7fb5")];
  return { colours: new Uint8Array(map.count), palette, hollow: null, entries: [], bar: null, words: "" };
}

/** @param {Theme} theme @returns {string[]} */
export function clusterColours({ dark }) {
  return dark ? CLUSTERS : [...CLUSTERS.slice(0, -1), LAST_ON_WHITE];
}

function byCluster({ clusters, clusterLabels, clusterColours: places }, theme) {
  const palette = [NONE, ...clusterColours(theme)].map(channelsOf);
  const colours = Uint8Array.from(clusters, (cluster) => (cluster < 0 ? 0 : 1 + (places[cluster] ?? 0)));
  const counts = new Map();
  for (const cluster of clusters) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  const entries = [...counts]
    .sort(([one, ones], [other, others]) => Number(one < 0) - Number(other < 0) || others - ones || one - other)
    .map(([cluster, count]) => ({
      colour: css(palette[cluster < 0 ? 0 : 1 + (places[cluster] ?? 0)]),
      name: cluster < 0 ? "in no cluster" : clusterLabels[cluster] || `cluster ${cluster + 1}`,
      count,
      cluster,
    }));
  const shared = counts.size - (counts.has(-1) ? 1 : 0) > CLUSTERS.length;
  return { colours, palette, hollow: null, entries, bar: null, words: shared ? "Clusters far from each other share colours." : "" };
}

function byKept(map, kept, theme) {
  const palette = ramp(KEPT.map((colour) => legible(channelsOf(colour), theme)), SHADES);
  const hollow = Uint8Array.from(kept, (share) => Number(share < LOW));
  const low = hollow.reduce((sum, one) => sum + one, 0);
  const mean = Number.isFinite(map.keptMean) ? `Mean ${percent(map.keptMean)}. ` : "";
  return {
    colours: Uint8Array.from(kept, (share) => place(share, 0, 1)),
    palette,
    hollow,
    entries: [],
    bar: { colours: palette.filter((_, at) => at % 9 === 0).map(css), low: "0 %", high: "100 % of the nearest are near here too" },
    words: `${mean}Rings: ${whole(low)} ${low === 1 ? "word keeps" : "words keep"} less than ${percent(LOW)}; do not read much into their places.`,
  };
}

function byFrequency(map, frequency, theme) {
  const { ranked } = map;
  const logs = Float64Array.from(frequency, (value) => Math.log(value));
  const [low, high] = bounds(logs);
  const palette = [channelsOf(NONE), ...ramp(sequential(theme), SHADES)];
  const shade = (value) => (ranked ? SHADES - 1 - place(value, low, high) : place(value, low, high));
  const written = (value) => whole(Math.round(Math.exp(value)));
  const unknown = logs.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
  return {
    colours: Uint8Array.from(logs, (value) => (Number.isFinite(value) ? 1 + shade(value) : 0)),
    palette,
    hollow: null,
    entries: unknown ? [{ colour: css(palette[0]), name: "not known", count: unknown }] : [],
    bar: {
      colours: palette.slice(1).filter((_, at) => at % 9 === 0).map(css),
      low: ranked ? `rank ${written(high)}` : written(low),
      high: ranked ? `rank ${written(low)}` : `${written(high)} times`,
    },
    words: "By the logarithm.",
  };
}

function byScore(values, { low: named, high: told, middle = null }, theme) {
  const [least, most] = bounds(values);
  const signed = middle !== null;
  const reach = signed ? Math.max(most - middle, middle - least) || 1 : 0;
  const [low, high] = signed ? [middle - reach, middle + reach] : [least, most];
  const scale = signed ? SIGNED.map((colour) => legible(channelsOf(colour), theme)) : sequential(theme);
  const palette = [channelsOf(NONE), ...ramp(scale, SHADES)];
  const unknown = values.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
  return {
    colours: Uint8Array.from(values, (value) => (Number.isFinite(value) ? 1 + place(value, low, high) : 0)),
    palette,
    hollow: null,
    entries: unknown ? [{ colour: css(palette[0]), name: "not known", count: unknown }] : [],
    bar: { colours: palette.slice(1).filter((_, at) => at % 9 === 0).map(css), low: withWords(low, named), high: withWords(high, told) },
    words: "",
  };
}

/** Cividis without the end that the page swallows; what is large stands out. */
function sequential({ dark }) {
  const scale = ["#00224e", "#1d3a6d", "#434f6b", "#646770", "#838079", "#a39a76", "#c7b76b", "#eed756"];
  return (dark ? scale.slice(2) : scale.slice(0, 7).reverse()).map(channelsOf);
}

function place(value, low, high) {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.max(0, Math.min(SHADES - 1, Math.floor(share * SHADES)));
}

function bounds(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

function withWords(value, words) {
  return words ? `${words} ${short(value, 3)}` : short(value, 3);
}

/** @param {number} share */
export function percent(share) {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : "–";
}
