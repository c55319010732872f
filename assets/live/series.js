let changes = 0;

/** Scalars over steps: growable typed columns that stay in the order of their steps. */
export class Series {
  /** @param {string[]} names  one per column */
  constructor(names) {
    this.names = names;
    this.length = 0;
    /** Another with every change, of any series, so that who draws can tell whether there is anything new. */
    this.version = (changes += 1);
    this.allSteps = new Int32Array(256);
    this.columns = names.map(() => new Float64Array(256));
  }

  /** @returns {Int32Array} the steps seen, ascending; a view that the next `merge` may outdate */
  get steps() {
    return this.allSteps.subarray(0, this.length);
  }

  /**
   * @param {string} name
   * @returns {Float64Array | null} the column called `name`, or null where there is none; a view, as `steps`
   */
  column(name) {
    const index = this.names.indexOf(name);
    return index < 0 ? null : this.columns[index].subarray(0, this.length);
  }

  /**
   * Return one scalar at `step`, or at the last step before it that was seen; NaN where there is none.
   *
   * @param {string} name
   * @param {number} step
   */
  at(name, step) {
    const row = nearestAtOrBefore(this.steps, step);
    return row < 0 ? NaN : (this.column(name)?.[row] ?? NaN);
  }

  /**
   * Take rows in; a step that is already there is overwritten.
   *
   * @param {ArrayLike<number>} steps  (n,)
   * @param {ArrayLike<number>} scalars  (n, columns), row by row
   */
  merge(steps, scalars) {
    const width = this.names.length;
    for (let row = 0; row < steps.length; row += 1) {
      const place = this.#placeFor(steps[row]);
      for (let column = 0; column < width; column += 1) this.columns[column][place] = scalars[row * width + column];
    }
    this.version = changes += 1;
  }

  /** Return the row of `step`, making room for it where it is new. */
  #placeFor(step) {
    const before = nearestAtOrBefore(this.steps, step);
    if (before >= 0 && this.allSteps[before] === step) return before;
    if (this.length === this.allSteps.length) this.#grow();
    const place = before + 1;
    for (const column of [this.allSteps, ...this.columns]) column.copyWithin(place + 1, place, this.length);
    this.allSteps[place] = step;
    this.length += 1;
    return place;
  }

  #grow() {
    const steps = new Int32Array(this.allSteps.length * 2);
    steps.set(this.allSteps);
    this.allSteps = steps;
    this.columns = this.columns.map((column) => {
      const larger = new Float64Array(column.length * 2);
      larger.set(column);
      return larger;
    });
  }
}

/**
 * Return the index of the last number that is not above `value`, or -1; `ascending` is sorted.
 *
 * @param {ArrayLike<number>} ascending
 * @param {number} value
 */
export function nearestAtOrBefore(ascending, value) {
  let low = 0;
  let high = ascending.length;
  // New steps almost always come last.
  if (high && ascending[high - 1] <= value) return high - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
