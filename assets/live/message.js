/**
 * The one binary message of Learnscope, read without copying: the counterpart of `engine/runs/frames.py`.
 *
 *     offset 0  "LSF1" | uint32 length h of the header | header, JSON | arrays, little endian, each on a multiple of 8
 *
 * @typedef {Uint8Array | Int32Array | Float32Array | Float64Array} Numbers
 *
 * @typedef {object} Tensor
 * @property {number[]} shape
 * @property {Numbers} values  in C order
 *
 * @typedef {object} Message
 * @property {string} kind
 * @property {Record<string, any>} header  everything that the message says besides its kind and its arrays
 * @property {Map<string, Tensor>} arrays
 * @property {number} bytes  how much memory the message holds
 */

const MAGIC = 0x3146534c; // "LSF1", little endian
const PREFIX = 8;
const TYPES = { u1: Uint8Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };
const text = new TextDecoder();

/**
 * Read a message; its arrays are views of `buffer`.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Message}
 * @throws {Error} on bytes that are no message
 */
export function decode(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < PREFIX || view.getUint32(0, true) !== MAGIC) {
    throw new Error("These bytes are no message: the mark at the start is wrong.");
  }
  const start = PREFIX + view.getUint32(4, true);
  if (start > buffer.byteLength) throw new Error("The header of this message is longer than the message.");
  const { kind, arrays: table, ...header } = JSON.parse(text.decode(new Uint8Array(buffer, PREFIX, start - PREFIX)));
  const arrays = new Map();
  for (const [name, dtype, shape, offset] of table) {
    const count = shape.reduce((product, size) => product * size, 1);
    arrays.set(name, { shape, values: new TYPES[dtype](buffer, start + offset, count) });
  }
  return { kind, header, arrays, bytes: buffer.byteLength };
}

/**
 * Return a tensor as what Plotly takes: numbers for one axis, rows of numbers for two.
 *
 * @param {Tensor} tensor
 * @returns {Numbers | Numbers[]}
 */
export function rows({ shape, values }) {
  if (shape.length < 2) return values;
  const width = shape[shape.length - 1];
  return Array.from({ length: width ? values.length / width : 0 }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  );
}
