/**
 * Numbers as a table in text: CSV as RFC 4180 has it, every number with all its digits.
 *
 * @typedef {object} Numbers  what a view shows, as a table
 * @property {string[]} columns
 * @property {(number | string)[][]} rows  as wide as `columns`
 */

/** A spreadsheet takes text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const TO_BE_QUOTED = /[",\r\n]/;

/** @param {Numbers} numbers @returns {string} */
export function csvOf({ columns, rows }) {
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** A number that is none is called as numpy and pandas call it. */
function field(value) {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : { Infinity: "inf", "-Infinity": "-inf" }[String(value)] ?? "nan";
  const text = FORMULA.test(value) ? `'${value}` : value;
  return TO_BE_QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
