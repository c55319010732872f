/** Curves over many steps: smoothed, thinned to what a screen can show, put on a logarithmic scale. */

/**
 * Return `values` smoothed: an exponentially weighted mean, corrected for its start at zero (as Adam's moments are).
 *
 * Values that are not finite are passed by.
 *
 * @param {ArrayLike<number>} values
 * @param {number} weight  0 (as it is) to just below 1 (slow)
 * @returns {Float64Array}
 */
export function smooth(values, weight) {
  const result = new Float64Array(values.length);
  let mean = 0;
  let decay = 1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (!Number.isFinite(value)) {
      result[index] = NaN;
      continue;
    }
    mean = weight * mean + (1 - weight) * value;
    decay *= weight;
    result[index] = mean / (1 - decay);
  }
  return result;
}

/**
 * Return the indices of at most about `limit` points that keep the shape of a curve: the least and the greatest of each
 * bucket, and both ends. Every point kept is one that was measured.
 *
 * @param {ArrayLike<number>} values
 * @param {number} limit
 * @returns {number[] | null} ascending; null where all points may stay
 */
export function thin(values, limit) {
  const count = values.length;
  if (count <= limit) return null;
  const buckets = Math.floor(limit / 2);
  const kept = [0];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const end = Math.floor(((bucket + 1) * count) / buckets);
    let least = -1;
    let greatest = -1;
    for (let index = Math.floor((bucket * count) / buckets); index < end; index += 1) {
      if (Number.isNaN(values[index])) continue;
      if (least < 0 || values[index] < values[least]) least = index;
      if (greatest < 0 || values[index] > values[greatest]) greatest = index;
    }
    for (const index of [Math.min(least, greatest), Math.max(least, greatest)]) {
      if (index > kept[kept.length - 1]) kept.push(index);
    }
  }
  if (kept[kept.length - 1] !== count - 1) kept.push(count - 1);
  return kept;
}

/**
 * Return the indices of `limit` points at even distances, with both ends.
 *
 * @param {number} count
 * @param {number} limit
 * @returns {number[]}
 */
export function evenly(count, limit) {
  const taken = Math.min(count, limit);
  return Array.from({ length: taken }, (_, index) =>
    taken < 2 ? 0 : Math.round((index * (count - 1)) / (taken - 1)),
  );
}

/**
 * Return the numbers at `indices` (all of them for null) in the given scale.
 *
 * @param {ArrayLike<number>} values
 * @param {number[] | null} indices
 * @param {"linear" | "log10"} [scale]
 * @returns {Float64Array}
 */
export function pick(values, indices, scale = "linear") {
  const result = new Float64Array(indices ? indices.length : values.length);
  for (let place = 0; place < result.length; place += 1) {
    const value = values[indices ? indices[place] : place];
    result[place] = scale === "log10" ? Math.log10(Math.abs(value)) : value;
  }
  return result;
}
