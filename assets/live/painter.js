/**
 * When is what painted: on animation frames, only what can be seen, only what is new, and within a slice of time.
 *
 * Pictures of the step shown are painted in every frame; curves over all steps take turns, one a frame and each only
 * some times a second, for one of them costs as much as all the rest.
 *
 * @typedef {object} Scene  everything in it belongs to one step
 * @property {import("./recording.js").Recording} recording
 * @property {import("./message.js").Message} frame  the one shown
 * @property {import("./message.js").Message | null} pinned  the one that it is compared with
 * @property {boolean} following  whether the run is followed, and not looked back through
 * @property {Scene | null} other  the same of the run that is shown beside this one
 * @property {(import("./recording.js").Recording | null)[]} all  of all runs whose curves are shown; null where none has
 *     come yet
 *
 * @typedef {object} View
 * @property {boolean} [always]  whether it is kept up to date out of sight too, for those who read it by ear
 * @property {boolean} [slow]  whether it shows curves over all steps and nothing of one step alone
 * @property {(scene: Scene) => boolean | void} paint  false: not ready, ask again later
 * @property {(scene: Scene) => void} [mark]  mark the step shown, cheaply
 * @property {(theme: import("./theme.js").Theme) => void} restyle
 * @property {() => void} close
 * @property {(scene: Scene) => import("./csv.js").Numbers} numbers  what it shows, as a table
 * @property {string[]} [look]  how a person has set it, where that is not as it began
 * @property {(look: import("./plots.js").Look) => void} [wear]  be set so
 * @property {"svg" | "png"} [pictured]  see take.js
 * @property {(scene: Scene) => Promise<Blob>} [picture]
 *
 * @typedef {object} Entry
 * @property {View} view
 * @property {HTMLElement} element
 * @property {boolean} visible
 * @property {boolean} stale  changed by something other than the scene
 * @property {Scene | null} scene  that is on the screen
 * @property {number} version  of the series that are on the screen
 * @property {number} at  when it was painted
 */
/** A curve is painted at most this often, in ms, and all of them together take at most this share of the time. */
const SLOW_EVERY = 160;
const SLOW_SHARE = 0.25;

export class Painter {
  /** @type {Map<Element, Entry>} */
  #entries = new Map();
  #request = 0;
  /** Until when no curve is painted, so that the pictures keep their pace. */
  #slowRest = 0;
  #watcher = new IntersectionObserver((changes) => this.#seen(changes), { rootMargin: "120px" });

  /**
   * @param {() => Scene | null} scene  what is to be seen now
   * @param {(scene: Scene, now: number, whole: boolean) => void} painted  called after each painting of a frame; not
   *     whole while a picture that can be seen was not ready
   */
  constructor(scene, painted) {
    this.scene = scene;
    this.painted = painted;
  }

  /** @param {HTMLElement} element @param {View} view */
  add(element, view) {
    this.#entries.set(element, { view, element, visible: true, stale: true, scene: null, version: -1, at: 0 });
    this.#watcher.observe(element);
    this.request();
  }

  /** @param {HTMLElement} element */
  remove(element) {
    this.#watcher.unobserve(element);
    this.#entries.get(element)?.view.close();
    this.#entries.delete(element);
  }

  /** Paint one view again though the scene is as before. @param {HTMLElement} element */
  markStale(element) {
    const entry = this.#entries.get(element);
    if (entry) entry.stale = true;
    this.request();
  }

  /** Paint on the next animation frame. */
  request() {
    this.#request ||= requestAnimationFrame((now) => this.#paint(now));
  }

  close() {
    cancelAnimationFrame(this.#request);
    this.#watcher.disconnect();
    for (const { view } of this.#entries.values()) view.close();
    this.#entries.clear();
  }

  #seen(changes) {
    for (const { target, isIntersecting } of changes) {
      const entry = this.#entries.get(target);
      if (entry) entry.visible = isIntersecting;
    }
    this.request();
  }

  #paint(now) {
    this.#request = 0;
    const scene = this.scene();
    if (!scene) return;
    const wanted = [...this.#entries.values()].filter(({ view, visible }) => view.always || visible);
    for (const entry of wanted.filter(({ view, scene: shown, stale }) => !view.slow && (stale || shown !== scene))) {
      this.#paintEntry(entry, scene, now);
    }
    if (this.#paintSlow(wanted, scene, now)) this.request();
    this.painted(scene, now, wanted.every(({ view, scene: shown }) => view.slow || shown === scene));
  }

  /** Paint the curves whose turn it is; return whether others wait for theirs. */
  #paintSlow(wanted, scene, now) {
    const curves = wanted.filter(({ view }) => view.slow);
    for (const entry of curves) {
      if (entry.scene === scene) continue;
      entry.scene = scene;
      entry.view.mark?.(scene);
    }
    const version = versionOf(scene);
    const waiting = curves.filter((entry) => entry.stale || entry.version !== version);
    const due = waiting.filter(({ stale, at }) => stale || now - at >= SLOW_EVERY);
    due.sort((one, other) => one.at - other.at);
    if (!due.length || now < this.#slowRest) return waiting.length > 0;
    const begin = performance.now();
    this.#paintEntry(due[0], scene, now);
    const end = performance.now();
    this.#slowRest = end + (end - begin) * (1 / SLOW_SHARE - 1);
    return waiting.length > 1;
  }

  #paintEntry(entry, scene, now) {
    // A view that is not ready asks again by itself, through markStale.
    entry.stale = false;
    entry.at = now;
    entry.version = versionOf(scene);
    if (entry.view.paint(scene) === false) return;
    entry.scene = scene;
  }
}

/** Return a number that is another after every change of what curves show. @param {Scene} scene */
function versionOf({ all }) {
  return Math.max(...all.map((recording) => recording?.series.version ?? 0));
}
