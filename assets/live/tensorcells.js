/** The cells of a tensor as rows of a table. */

export const CELL_COLUMNS = ["tensor", "row", "column", "value"];

/**
 * Return how many rows and columns the picture of a tensor has: a vector is one row, further dimensions lie beside
 * each other.
 *
 * @param {import("./message.js").Tensor} tensor
 */
export function gridOf({ shape, values }) {
  const rows = shape.length < 2 ? 1 : shape[0];
  return { rows, columns: rows ? values.length / rows : 0 };
}

/**
 * @param {string} name
 * @param {import("./message.js").Tensor | undefined} tensor
 * @returns {(number | string)[][]} name, row, column and number of each cell; none of a tensor that is not there
 */
export function cellsOf(name, tensor) {
  if (!tensor) return [];
  const { columns } = gridOf(tensor);
  return Array.from(tensor.values, (value, index) => [name, Math.floor(index / columns), index % columns, value]);
}
