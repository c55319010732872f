/** What goes into the traces of a Plotly figure. */
import { rows } from "./message.js";

/**
 * Return a tensor as Plotly takes it, in the scale of its binding.
 *
 * @param {{scale: "linear" | "log10"}} bind
 * @param {import("./message.js").Tensor} tensor
 */
export function values({ scale }, { shape, values: raw }) {
  return rows({ shape, values: scale === "log10" ? raw.map((value) => Math.log10(Math.abs(value))) : raw });
}

/** All changes of one painting, gathered so that Plotly draws once. */
export class Update {
  /** @param {number} count  of traces */
  constructor(count) {
    this.indices = Array.from({ length: count }, (_, index) => index);
    /** @type {Record<string, any[]>} attribute -> a value for each trace; Plotly leaves undefined ones as they are */
    this.attributes = {};
  }

  get any() {
    return Object.keys(this.attributes).length > 0;
  }

  has({ trace, attribute }) {
    return this.attributes[attribute]?.[trace] !== undefined;
  }

  set(trace, attribute, value) {
    this.attributes[attribute] ??= this.indices.map(() => undefined);
    this.attributes[attribute][trace] = value;
  }

  setAll(trace, values) {
    for (const [attribute, value] of Object.entries(values)) this.set(trace, attribute, value);
  }
}
