/**
 * What is read, and what is taken away, of a panel that shows two runs.
 *
 * @typedef {import("./csv.js").Numbers} Numbers
 * @typedef {import("./tabular.js").Table} Table
 */
import { byStep } from "./bystep.js";
import { whole } from "./numbers.js";
import { PRINT } from "./picture.js";

const RUNS = ["A", "B"];
/** Pixels above a picture for the name of its run. */
const NAMED = 48;

/**
 * Return the rows of both: the first column says of which run, the second, where none does, of which step of it.
 *
 * @param {Numbers[]} both
 * @param {number[]} steps  the one shown, of each run
 * @returns {Numbers}
 */
export function ofBoth(both, steps) {
  const bySteps = both[0].columns[0] === "step";
  const of = (place) => [RUNS[place], ...(bySteps ? [] : [steps[place]])];
  const rows = both.flatMap((numbers, place) => numbers.rows.map((row) => [...of(place), ...row]));
  return { columns: ["run", ...(bySteps ? [] : ["step"]), ...both[0].columns], rows };
}

/**
 * Return the tables of both as one: columns beside each other where they go by steps, else one below the other.
 *
 * @param {Table[]} both
 * @param {number[]} steps  the one shown, of each run
 * @returns {Table}
 */
export function tableOfBoth(both, steps) {
  const [first] = both;
  const names = steps[0] === steps[1] ? RUNS : RUNS.map((run, place) => `${run} at step ${whole(steps[place])}`);
  if (first.columns[0] === "step") return beside(both);
  const rows = both.flatMap((table, place) => table.rows.map(([group, ...rest]) => [`${names[place]}: ${group}`, ...rest]));
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
 * Return pictures beside each other, each below the name of its run, as a PNG that is twice as fine as the page.
 *
 * @param {Blob[]} pictures
 * @returns {Promise<Blob>}
 */
export async function besideEachOther(pictures) {
  const images = await Promise.all(pictures.map(loaded));
  const sizes = images.map(({ width, height }, place) => sizeOf(pictures[place], width, height));
  const canvas = document.createElement("canvas");
  canvas.width = sizes.reduce((sum, { width }) => sum + width, 0);
  canvas.height = NAMED + Math.max(...sizes.map(({ height }) => height));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = PRINT.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = PRINT.ink;
  context.font = `600 32px ${PRINT.font}`;
  let left = 0;
  images.forEach((image, place) => {
    const { width, height } = sizes[place];
    context.fillText(RUNS[place], left + NAMED / 2, NAMED * 0.75);
    context.drawImage(image, left, NAMED, width, height);
    left += width;
  });
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))), "image/png"),
  );
}

/** A PNG is that fine already, see picture.js. */
function sizeOf({ type }, width, height) {
  const finer = type === "image/png" ? 1 : 2;
  return { width: finer * width, height: finer * height };
}

/** @param {Blob} picture @returns {Promise<HTMLImageElement>} */
async function loaded(picture) {
  const address = URL.createObjectURL(picture);
  const image = new Image();
  image.src = address;
  await image.decode().finally(() => URL.revokeObjectURL(address));
  return image;
}
