/**
 * The keys of a map: arrows go from word to word, with Shift they move or turn the view; Enter selects, Escape leaves.
 *
 * @typedef {object} Acts
 * @property {(index: number) => void} go  the keys are at another word now
 * @property {(index: number) => void} select
 * @property {(index: number) => void} choose  add a word to those that are chosen, or take it out
 * @property {() => void} leave
 * @property {() => void} whole  show the whole map
 * @property {() => void} search
 * @property {() => void} moved  the view is another
 */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAN = 60;
const ZOOM = 1.3;
/** A word straight ahead is taken before a nearer one to the side: distance aside counts so many times. */
const ASIDE = 2.2;

export const KEYS =
  "A map of words. The arrow keys go from word to word, with Shift they move the view. Plus and minus zoom, Home shows the whole map. " +
  "Enter selects a word and tells its neighbours, Space chooses it or takes it out, a slash goes to the search, Escape leaves. " +
  "The button Table shows all words as a table.";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("./pointmapstage.js").Stage} stage
 * @param {() => number} at  the word that the keys are at, -1 for none
 * @param {Acts} acts
 */
export function listen(canvas, stage, at, acts) {
  const { camera, motion } = stage;
  const view = (change) => {
    motion.grasp();
    change();
    acts.moved();
  };
  canvas.addEventListener("keydown", (event) => {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[key];
    if (arrow && shiftKey) {
      const [right, down] = arrow.map((way) => way * PAN);
      view(() => (camera.dimensions === 3 ? camera.turn(-right / 2, down / 2) : camera.pan(-right, -down)));
    } else if (arrow) acts.go(nextTo(stage.seen, at(), arrow, camera));
    else if (key === "+" || key === "=") view(() => camera.zoom(ZOOM, ...focus(stage, at())));
    else if (key === "-" || key === "_") view(() => camera.zoom(1 / ZOOM, ...focus(stage, at())));
    else if (key === "Home" || key === "0") acts.whole();
    else if (key === "Enter" && at() >= 0) acts.select(at());
    else if (key === " " && at() >= 0) acts.choose(at());
    else if (key === "/") acts.search();
    else if (key === "Escape") acts.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** One zooms in on the word that the keys are at. @returns {[number, number]} */
function focus({ seen, camera }, index) {
  const [left, top] = [seen.x[index], seen.y[index]];
  const isSeen = left >= 0 && top >= 0 && left <= camera.width && top <= camera.height;
  return isSeen ? [left, top] : [camera.width / 2, camera.height / 2];
}

/** The nearest point in a direction; where the keys are nowhere yet, the one nearest to the middle. */
export function nextTo({ x, y, near }, index, [right, down], { width, height }) {
  const isSeen = (point) => near[point] > 0 && x[point] >= 0 && y[point] >= 0 && x[point] <= width && y[point] <= height;
  const begins = index < 0 || !isSeen(index);
  const [left, top] = begins ? [width / 2, height / 2] : [x[index], y[index]];
  let found = index;
  let best = Infinity;
  for (let point = 0; point < x.length; point += 1) {
    if (point === index || !isSeen(point)) continue;
    const [across, along] = [x[point] - left, y[point] - top];
    const ahead = across * right + along * down;
    const aside = Math.abs(across * down) + Math.abs(along * right);
    if (!begins && (ahead <= 0.5 || aside > 2 * ahead)) continue;
    const cost = begins ? Math.hypot(across, along) : ahead + ASIDE * aside;
    if (cost < best) [found, best] = [point, cost];
  }
  return found;
}
