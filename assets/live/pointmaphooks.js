/**
 * What tests and benchmarks read of a map: it is there for them alone, and nothing is done by it.
 *
 * @typedef {object} Seen  a map of words, as far as it is read
 * @property {import("./pointmapdata.js").MapData | null} map
 * @property {import("./pointmapstage.js").Stage} stage
 * @property {import("./pointmapattention.js").Attention} attention
 * @property {import("./pointmapchosen.js").Chosen} chosen
 * @property {object} marks
 */

/** @param {Seen} seen */
export function hooksOf(seen) {
  return {
    get map() {
      return seen.map;
    },
    get stage() {
      return seen.stage;
    },
    get selected() {
      return seen.attention.selected;
    },
    get chosen() {
      return [...seen.chosen.points];
    },
    get marks() {
      return seen.marks;
    },
    /** Whether it has come to rest. */
    get still() {
      return seen.stage.motion.still && !seen.stage.motion.flying && !seen.stage.busy;
    },
  };
}
