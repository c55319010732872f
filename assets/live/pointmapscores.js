/**
 * Scores of all words that the page hands over by name, such as the place on an axis from *he* to *she*: fetched when one
 * colours by them.
 *
 * @typedef {import("./pointmapdata.js").Score} Score
 */
const BROKEN = "This score does not fit the words of the map: choose it anew.";

export class Scores {
  /** @type {Score[]} */
  #offered = [];
  /** @type {Map<string, Float32Array | Float64Array>} */
  #values = new Map();
  #asked = new Set();

  /**
   * @param {import("./pointmapfeed.js").Feed} feed
   * @param {() => void} came  called when a score is there
   * @param {(sentence: string) => void} trouble
   */
  constructor(feed, came, trouble) {
    this.feed = feed;
    this.came = came;
    this.trouble = trouble;
  }

  /** @param {Score[]} scores */
  offer(scores) {
    this.#offered = scores;
  }

  /** Those of another map are of no use. */
  forget() {
    this.#values.clear();
    this.#asked.clear();
  }

  /** @returns {import("./pointmapcolour.js").Channel[]} */
  get channels() {
    return this.#offered.map(({ id, name }) => ({ id, name }));
  }

  /** Those that are there, as columns of a table. */
  get columns() {
    return this.#offered.flatMap(({ id, name }) => {
      const values = this.#values.get(id);
      return values ? [{ name, values }] : [];
    });
  }

  /** @param {string} id @returns {{about: Score, values: Float32Array | Float64Array} | null} */
  get(id) {
    const about = this.#offered.find((score) => score.id === id);
    const values = this.#values.get(id);
    return about && values ? { about, values } : null;
  }

  /** Ask for a score, if it is one and was not asked for before. @param {string} id @param {number} count  of words */
  want(id, count) {
    if (this.#asked.has(id) || !this.#offered.some((score) => score.id === id)) return;
    this.#asked.add(id);
    const keep = ({ arrays }) => {
      const found = arrays.get("values");
      if (found?.shape.length !== 1 || found.shape[0] !== count) throw new Error(BROKEN);
      this.#values.set(id, found.values);
      this.came();
    };
    this.feed.score(id).then(keep).catch((error) => {
      if (error.name === "AbortError") return;
      this.#asked.delete(id);
      this.trouble(error.message || BROKEN);
    });
  }
}
