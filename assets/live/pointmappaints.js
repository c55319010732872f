/** By what the points of a map are coloured just now: the channel that is chosen, its colours, its key. */
import { channelsIn, colouringOf } from "./pointmapcolour.js";
import { MapKey } from "./pointmapkey.js";
import { Scores } from "./pointmapscores.js";

export class Paints {
  /** The channel that a person has chosen, or a link; empty for the first that there is. */
  wanted = "";
  /** @type {import("./pointmapdata.js").MapData | null} */
  #map = null;

  /**
   * @param {import("./pointmapfeed.js").Feed} feed
   * @param {{colour: (colouring: import("./pointmapcolour.js").Colouring) => void, cluster: (cluster: number) => void, trouble: (sentence: string) => void}} acts
   */
  constructor(feed, acts) {
    this.acts = acts;
    this.scores = new Scores(feed, () => this.#came(), acts.trouble);
    this.key = new MapKey(acts.cluster);
    /** @type {import("./theme.js").Theme | null} */
    this.theme = null;
  }

  /** Colour another map, or the same anew. @param {import("./pointmapdata.js").MapData} map @param {import("./theme.js").Theme} theme */
  show(map, theme) {
    this.#map = map;
    this.theme = theme;
    this.scores.want(this.channel, map.count);
    const colouring = this.colouring(theme);
    this.key.show(map, colouring);
    this.acts.colour(colouring);
  }

  /** The channel that is shown. */
  get channel() {
    const { channels, wanted } = this;
    return (channels.find(({ id }) => id === wanted) ?? channels[0])?.id ?? "";
  }

  /** What one can choose from. */
  get channels() {
    const own = this.#map ? channelsIn(this.#map) : [];
    return [...own.slice(0, -1), ...(this.#map?.done ? this.scores.channels : []), ...own.slice(-1)];
  }

  /** The colours on some paper. @param {import("./theme.js").Theme} theme */
  colouring(theme) {
    const score = this.scores.get(this.channel);
    return colouringOf(/** @type {import("./pointmapdata.js").MapData} */ (this.#map), this.channel, score?.values ?? null, score?.about ?? null, theme);
  }

  /** The score that is chosen, at one point. @param {number} index */
  scoreOf(index) {
    const score = this.scores.get(this.channel);
    return score ? { name: score.about.name, value: score.values[index] } : null;
  }

  #came() {
    if (this.#map && this.theme) this.show(this.#map, this.theme);
  }
}
