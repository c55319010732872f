/**
 * How a map is looked at, so that a link can bring it back: from where, coloured by what, which word, which words chosen.
 *
 * @typedef {object} Look  see pages/ui/words/map_look.py
 * @property {number[] | null} view  x, y, z, zoom, yaw, pitch; null for the one that a map begins with
 * @property {string} word  the selected one
 * @property {string} colour  the channel
 * @property {string[]} chosen
 */

/** Who moves the view is still on the way, in ms. */
const RESTED = 500;
/** More words are not told: a link would be too long for a browser. */
const MOST_CHOSEN = 200;
const DIGITS = 5;

export class LookTelling {
  #timer = 0;
  #told = "";

  /** @param {(look: Look) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  /** Take this as known: it is what the page has asked for. @param {Look} look */
  know(look) {
    this.#told = JSON.stringify(look);
  }

  /** It may have changed: tell when it rests. @param {() => Look | null} now */
  soon(now) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const look = now();
      const text = JSON.stringify(look);
      if (!look || text === this.#told) return;
      this.#told = text;
      this.tell(look);
    }, RESTED);
  }

  close() {
    clearTimeout(this.#timer);
  }
}

/**
 * @param {import("./pointmapstage.js").Stage} stage
 * @param {number} selected
 * @param {string} colour
 * @param {Set<number>} chosen
 * @returns {Look}
 */
export function lookOf({ map, camera, motion }, selected, colour, chosen) {
  const { x, y, z, zoom, yaw, pitch } = camera.stance;
  const rounded = [x, y, z, zoom, yaw, pitch].map((value) => Number(value.toPrecision(DIGITS)));
  const words = map?.words ?? [];
  const view = motion.follows ? null : rounded;
  return { view, word: words[selected] ?? "", colour, chosen: [...chosen].slice(0, MOST_CHOSEN).map((index) => words[index]) };
}

/** Return the stance that a look asks for, null for the one that a map begins with. @param {Look | undefined} look @returns {import("./pointmapcamera.js").Stance | null} */
export function stanceOf(look) {
  const view = look?.view;
  if (!Array.isArray(view) || view.length !== 6 || !view.every(Number.isFinite) || view[3] <= 0) return null;
  const [x, y, z, zoom, yaw, pitch] = view;
  return { x, y, z, zoom, yaw, pitch };
}
