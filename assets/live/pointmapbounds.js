/**
 * How far a map reaches: with all its points, and without the few that lie so far out that they would crowd the rest.
 *
 * @typedef {{x: number, y: number, z: number, across: number, up: number, radius: number}} Bounds  the middle, and the
 *   reach to each side as one sees it at first
 * @typedef {Bounds & {core: Bounds}} Home  of all points, and of nearly all
 */
import { axesOf, DISTANCE, START } from "./pointmapcamera.js";

/** Who turns a map that is long in one direction still sees nearly all of it: of its radius at least so much fits. */
const LEAST_REACH = 0.7;
/** At each end of each axis such a share of the points may lie outside of the core, of a small map still one. */
const OUTSIDE = 0.005;
const FEW = 20;
/** By so much of its width the core is wider than what it has to hold: points at its rim are not cut. */
const ROOM = 0.1;

/** Return the bounds of these points. @param {Float32Array} positions (n, d) @param {number} dimensions @returns {Home} */
export function homeOf(positions, dimensions) {
  const count = positions.length / dimensions;
  const all = boundsOf(positions, dimensions, endsOf(positions, dimensions, 0));
  const out = count < FEW ? 0 : Math.max(1, Math.floor(count * OUTSIDE));
  return { ...all, core: out ? boundsOf(positions, dimensions, endsOf(positions, dimensions, out)) : all };
}

/** Return the least and the greatest number along each axis, so many at each end left out. @returns {[number, number][]} */
function endsOf(positions, dimensions, out) {
  const along = new Float32Array(positions.length / dimensions);
  return Array.from({ length: dimensions }, (_, axis) => {
    for (let at = 0; at < along.length; at += 1) along[at] = positions[at * dimensions + axis];
    const numbers = along.filter(Number.isFinite).sort();
    const [low, high] = [numbers[out] ?? 0, numbers.at(-1 - out) ?? 0];
    const room = out ? ROOM * (high - low) : 0;
    return [Math.max(numbers[0] ?? 0, low - room), Math.min(numbers.at(-1) ?? 0, high + room)];
  });
}

/** @returns {Bounds} */
function boundsOf(positions, dimensions, ends) {
  const middle = [0, 1, 2].map((axis) => (axis < dimensions ? (ends[axis][0] + ends[axis][1]) / 2 : 0));
  const within = (at) => ends.every(([low, high], axis) => positions[at + axis] >= low && positions[at + axis] <= high);
  let far = 0;
  for (let at = 0; at < positions.length; at += dimensions) {
    if (!within(at)) continue;
    let sum = 0;
    for (let axis = 0; axis < dimensions; axis += 1) sum += (positions[at + axis] - middle[axis]) ** 2;
    if (sum > far) far = sum;
  }
  const radius = Math.sqrt(far) || 1;
  const [across, up] = dimensions === 2 ? ends.map(([low, high]) => (high - low) / 2) : reachInSpace(positions, middle, radius, within);
  return { x: middle[0], y: middle[1], z: middle[2], across: across || radius, up: up || radius, radius };
}

/** How far to each side a space reaches as one sees it at first, what is nearer being larger. @returns {[number, number]} */
function reachInSpace(positions, middle, radius, within) {
  const [right, upwards, ahead] = axesOf(START);
  const along = (at, axis) => positions.subarray(at, at + 3).reduce((sum, value, place) => sum + (value - middle[place]) * axis[place], 0);
  let [across, up] = [LEAST_REACH * radius, LEAST_REACH * radius];
  for (let at = 0; at < positions.length; at += 3) {
    if (!within(at)) continue;
    const factor = (DISTANCE * radius) / (DISTANCE * radius - along(at, ahead));
    across = Math.max(across, Math.abs(along(at, right) * factor) || 0);
    up = Math.max(up, Math.abs(along(at, upwards) * factor) || 0);
  }
  return [across, up];
}
