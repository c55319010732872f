/**
 * What is read, and what is taken away, of a panel that shows two runs.
 *
 * @typedef {import("./csv.js").Numbers} Numbers
 * @typedef {import("./tabular.js").Table} Table
 */
import { byStep } from "./bystep.js";

const RUNS = ["A", "B"];

/** @param {Numbers[]} both @returns {Numbers} the rows of both, the first column says of which run */
export function ofBoth(both) {
  return { columns: ["run", ...both[0].columns], rows: both.flatMap(({ rows }, place) => rows.map((row) => [RUNS[place], ...row])) };
}

/**
 * Return the tables of both as one: columns beside each other where they go by steps, else one below the other.
 *
 * @param {Table[]} both
 * @returns {Table}
 */
export function tableOfBoth(both) {
  const [first] = both;
  if (first.columns[0] === "step") return beside(both);
  const rows = both.flatMap((table, place) => table.rows.map(([group, ...rest]) => [`${RUNS[place]}: ${group}`, ...rest]));
  return { ...first, rows };
}

/** @param {Table[]} both @returns {Table} */
function beside(both) {
  const columns = both.flatMap(({ columns: [, ...names], rows }, place) => {
    const steps = rows.map(([step]) => Number(step));
    return names.map((name, index) => ({ name: `${name} ${RUNS[place]}`, steps, values: rows.map((row) => Number(row[index + 1])) }));
  });
  return { columns: ["step", ...columns.map(({ name }) => name)], rows: byStep(columns) };
}

/**
 * Return pictures beside each other, as a PNG.
 *
 * @param {Blob[]} pictures
 * @returns {Promise<Blob>}
 */
export async function besideEachOther(pictures) {
  const images = await Promise.all(pictures.map(loaded));
  const canvas = document.createElement("canvas");
  canvas.width = images.reduce((sum, { width }) => sum + width, 0);
  canvas.height = Math.max(...images.map(({ height }) => height));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  let left = 0;
  for (const image of images) {
    context.drawImage(image, left, 0);
    left += image.width;
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))), "image/png"),
  );
}

/** @param {Blob} picture @returns {Promise<HTMLImageElement>} */
async function loaded(picture) {
  const address = URL.createObjectURL(picture);
  const image = new Image();
  image.src = address;
  await image.decode().finally(() => URL.revokeObjectURL(address));
  return image;
}
