/** How numbers are written: short, aligned, with a true minus sign. */

const thousands = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** @param {number} value @returns {string} `1,234` */
export function whole(value) {
  return Number.isFinite(value) ? thousands.format(value) : "–";
}

const tenths = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/**
 * Return how far something has come, `1,298.5`: rounded down, for what is not done is not to be told as done.
 *
 * @param {number} value
 */
export function progress(value) {
  // 0.3 is kept as a little less than three tenths.
  return Number.isFinite(value) ? tenths.format(Math.floor(value * 10 + 1e-6) / 10) : "–";
}

/**
 * Return a number with `digits` significant digits: `0.1234`, `0.001234`, `−12.34`; where that gets long with two:
 * `3.4e−5`; `–` for one that is not there.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function short(value, digits = 4) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? value.toExponential(1)
      : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size || 1))));
  return text.replace("e+", "e").replaceAll("-", "−");
}

/**
 * Return a change with its sign: `+0.012`, `−3`, `0`.
 *
 * @param {number} change
 * @param {(value: number) => string} [write]
 */
export function signed(change, write = (value) => short(value, 3)) {
  if (!change) return Number.isNaN(change) ? "–" : "0";
  return (change > 0 ? "+" : "−") + write(Math.abs(change));
}

/**
 * Return a number with all digits that mean something in single precision.
 *
 * @param {number} value
 */
export function exact(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))).replaceAll("-", "−") : short(value);
}

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };

/** @param {number} place @returns {string} `1st`, `2nd`, `13th` */
export function ordinal(place) {
  return `${whole(place)}${ENDINGS[ordinals.select(place)]}`;
}
