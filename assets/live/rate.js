/** The control of the learning rate: a slider over powers of ten, and the number itself. */
import { make } from "./dom.js";

const POSITIONS = 120;

export class Rate {
  /**
   * @param {(value: string) => void} set  called when a person has chosen another rate
   * @param {(message: string) => void} refuse  called when what was typed cannot be the rate
   */
  constructor(set, refuse) {
    this.set = set;
    this.refuse = refuse;
    this.bounds = { low: 1e-5, high: 10 };
    /** The rate that the run has. */
    this.rate = NaN;
    this.slider = make("input", {
      type: "range", min: 0, max: POSITIONS, step: 1, "aria-label": "Learning rate, logarithmic", "data-testid": "ls-rate-slider",
    });
    this.number = make("input", {
      type: "number", step: "any", "aria-label": "Learning rate", "data-testid": "ls-rate", inputmode: "decimal",
    });
    this.element = make("div", { class: "ls-rate" }, make("span", { class: "ls-label" }, "Learning rate"), this.slider, this.number);
    this.slider.addEventListener("input", () => {
      this.number.value = String(this.#rateAt(Number(this.slider.value)));
    });
    this.slider.addEventListener("change", () => this.#send());
    this.number.addEventListener("change", () => this.#send());
    // What came while a person was choosing was not shown.
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.element.contains(/** @type {Node | null} */ (relatedTarget))) this.#write();
    });
  }

  /** @param {{low: number, high: number} | null | undefined} bounds  null hides the control */
  update(bounds) {
    this.element.hidden = !bounds;
    if (!bounds) return;
    this.bounds = bounds;
    this.number.min = String(bounds.low);
    this.number.max = String(bounds.high);
  }

  /** Show the rate that the run has, unless a person is just choosing another. @param {number} rate */
  show(rate) {
    if (!Number.isFinite(rate)) return;
    this.rate = rate;
    if (!this.element.contains(document.activeElement)) this.#write();
  }

  /** @param {boolean} disabled @param {string} why */
  disable(disabled, why) {
    this.slider.disabled = this.number.disabled = disabled;
    this.element.title = disabled ? why : "From the next step on";
  }

  /** Send what was chosen, within the bounds; what is no positive number is taken back. Say what becomes of either. */
  #send() {
    const { low, high } = this.bounds;
    const chosen = Number(this.number.value); // 0 where the field is empty, or holds no number
    const within = Math.min(high, Math.max(low, chosen));
    if (within !== chosen) this.refuse(`The learning rate goes from ${plain(low)} to ${plain(high)}.`);
    if (chosen > 0) this.rate = within;
    this.#write();
    if (chosen > 0) this.set(String(this.rate));
  }

  #write() {
    const known = Number.isFinite(this.rate);
    this.number.value = known ? String(Number(this.rate.toPrecision(6))) : "";
    if (known) this.slider.value = String(this.#positionOf(this.rate));
  }

  #rateAt(position) {
    const [low, high] = [Math.log10(this.#least), Math.log10(this.bounds.high)];
    return Number((10 ** (low + ((high - low) * position) / POSITIONS)).toPrecision(2));
  }

  #positionOf(rate) {
    const [low, high] = [Math.log10(this.#least), Math.log10(this.bounds.high)];
    return Math.round(((Math.log10(rate) - low) / (high - low)) * POSITIONS);
  }

  /** A logarithm has no place for zero. */
  get #least() {
    return this.bounds.low > 0 ? this.bounds.low : this.bounds.high * 1e-6;
  }
}

/** As a person would type it: 0.001, 1e-5. */
function plain(rate) {
  return rate >= 1e-3 ? String(rate) : rate.toExponential();
}
