/**
 * What is known of a map: its words, the places of its points, and, when it is done, what was found out about it.
 *
 * @typedef {object} Score  a number for each word that the page hands over
 * @property {string} id
 * @property {string} name
 * @property {string} [low]  what a low one means
 * @property {string} [high]
 * @property {number | null} [middle]  where neither is meant
 *
 * @typedef {import("./message.js").Message} Message
 */
import { CLUSTERS } from "./pointmapcolour.js";

/** A map that is not what it should be; says why in a sentence. */
export class MapError extends Error {}

export class MapData {
  /** @type {Int32Array | null} */
  rows = null;
  /** @type {Float32Array | null} */
  kept = null;
  /** @type {Int32Array | null} */
  neighbours = null;
  /** @type {Float32Array | null} */
  cosines = null;
  /** @type {Int32Array | null} */
  clusters = null;
  /** @type {Float64Array | null} */
  frequency = null;
  k = 0;
  keptMean = NaN;
  /** Whether what is called frequency is the place in the file. */
  ranked = false;
  /** @type {string[]} */
  clusterLabels = [];
  /** @type {Float32Array} the middle of each cluster, (clusters, d) */
  clusterMiddles = new Float32Array(0);
  /** @type {number[]} of each cluster: its place in the colours of clusters */
  clusterColours = [];
  /** @type {Record<string, any>} */
  header = {};
  done = false;

  /**
   * @param {string[]} words
   * @param {Float32Array} positions  (n, d), where the points are to be
   * @param {number} dimensions
   */
  constructor(words, positions, dimensions) {
    this.words = words;
    this.count = words.length;
    this.positions = positions;
    this.dimensions = dimensions;
    /** The points from the most to the least important. */
    this.ranks = Uint32Array.from(words, (_, index) => index);
    /** @type {Map<string, number> | null} */
    this.places = null;
  }

  /** Return the point of a word, -1 for none. @param {string} word */
  find(word) {
    this.places ??= new Map(this.words.map((one, index) => [one, index]));
    return this.places.get(word) ?? -1;
  }

  /** The 15 or so nearest of a word in the space that was mapped, nearest first. @param {number} index @returns {number[]} */
  neighboursOf(index) {
    if (!this.neighbours) return [];
    return Array.from(this.neighbours.subarray(index * this.k, (index + 1) * this.k)).filter((other) => other >= 0 && other < this.count);
  }

  /**
   * For each of a word's neighbours: the how manieth nearest to it it is in the map.
   *
   * @param {number} index
   * @param {number[]} others
   */
  placesOf(index, others) {
    const distances = others.map((other) => this.#distance(index, other));
    const places = others.map(() => 1);
    for (let point = 0; point < this.count; point += 1) {
      if (point === index) continue;
      const distance = this.#distance(index, point);
      for (let at = 0; at < others.length; at += 1) if (distance < distances[at]) places[at] += 1;
    }
    return places;
  }

  #distance(one, other) {
    const { positions, dimensions } = this;
    let sum = 0;
    for (let axis = 0; axis < dimensions; axis += 1) sum += (positions[one * dimensions + axis] - positions[other * dimensions + axis]) ** 2;
    return sum;
  }
}

/** Return a map that is forming. @param {string[]} words @param {Message} layout @throws {MapError} */
export function forming(words, layout) {
  const { values, dimensions } = positionsIn(words, layout);
  return new MapData(words, values, dimensions);
}

/** Return a finished map. @param {string[]} words @param {Message} message @throws {MapError} */
export function finished(words, message) {
  const { values, dimensions } = positionsIn(words, message);
  const { header, arrays } = message;
  const map = new MapData(words, values, dimensions);
  const read = (name) => {
    const found = arrays.get(name);
    return found && found.shape[0] === words.length ? /** @type {any} */ (found.values) : null;
  };
  map.rows = read("rows");
  map.kept = read("kept");
  map.clusters = read("clusters");
  map.neighbours = read("neighbours");
  map.cosines = read("cosines");
  map.k = map.neighbours ? arrays.get("neighbours")?.shape[1] ?? 0 : 0;
  const frequency = read("frequency");
  map.frequency = frequency && frequency.some(Number.isFinite) ? frequency : null;
  map.ranked = header.frequency === "rank" || Boolean(frequency && map.rows?.every((row, at) => Math.abs(frequency[at] - row) <= 1));
  // Some count ranks from 0, a person from 1.
  if (map.ranked && map.frequency && map.rows) map.frequency = Float64Array.from(map.rows, (row) => row + 1);
  map.keptMean = typeof header.kept === "number" ? header.kept : mean(map.kept);
  map.clusterLabels = Array.isArray(header.cluster_labels) ? header.cluster_labels.map(String) : [];
  map.header = header;
  map.done = true;
  map.ranks = ranksOf(map);
  middles(map);
  return map;
}

function positionsIn(words, { arrays }) {
  const found = arrays.get("positions");
  const [count, dimensions] = found?.shape ?? [];
  if (found && ![2, 3].includes(dimensions)) {
    throw new MapError(`This map is neither flat nor a space: expected 2 or 3 numbers for each point, received ${dimensions ?? 1}.`);
  }
  if (!found || count !== words.length) {
    throw new MapError(`The places of this map do not fit its words: expected ${words.length} points, received ${count ?? "none"}. Lay it out anew.`);
  }
  return { values: /** @type {Float32Array} */ (found.values), dimensions };
}

/** Frequent words are read first; where no frequency is known, those that come first in the file. */
function ranksOf({ count, frequency, ranked, rows }) {
  const weights = Float64Array.from({ length: count }, (_, index) => {
    if (frequency && Number.isFinite(frequency[index])) return ranked ? frequency[index] : -frequency[index];
    return rows ? rows[index] : index;
  });
  return Uint32Array.from({ length: count }, (_, index) => index).sort((one, other) => weights[one] - weights[other] || one - other);
}

function mean(values) {
  return values?.length ? values.reduce((sum, value) => sum + value, 0) / values.length : NaN;
}

/** The middle of each cluster, axis by axis the median; clusters that lie near each other get different colours. */
function middles(map) {
  if (!map.clusters) return;
  const { clusters, positions, dimensions } = map;
  const members = [];
  clusters.forEach((cluster, index) => {
    if (cluster >= 0 && cluster < map.count) (members[cluster] ??= []).push(index);
  });
  const count = Math.max(members.length, map.clusterLabels.length);
  map.clusterMiddles = new Float32Array(count * dimensions).fill(NaN);
  for (const [cluster, points] of members.entries()) {
    for (let axis = 0; points && axis < dimensions; axis += 1) {
      const values = Float32Array.from(points, (index) => positions[index * dimensions + axis]).sort();
      map.clusterMiddles[cluster * dimensions + axis] = values[values.length >> 1];
    }
  }
  map.clusterColours = coloured(map.clusterMiddles, dimensions, count);
}

/** The first clusters get a colour each; a later one that of those already coloured which lie farthest from it. */
function coloured(middles, dimensions, count) {
  const colours = [];
  for (let cluster = 0; cluster < count; cluster += 1) {
    if (cluster < CLUSTERS.length) {
      colours.push(cluster);
      continue;
    }
    const nearest = new Array(CLUSTERS.length).fill(Infinity);
    for (let other = 0; other < cluster; other += 1) {
      let sum = 0;
      for (let axis = 0; axis < dimensions; axis += 1) sum += (middles[cluster * dimensions + axis] - middles[other * dimensions + axis]) ** 2;
      if (sum < nearest[colours[other]]) nearest[colours[other]] = sum;
    }
    colours.push(nearest.indexOf(Math.max(...nearest)));
  }
  return colours;
}
