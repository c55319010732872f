/** The tools of a plot: smoothing, and a logarithmic axis. */
import { make } from "./dom.js";

/**
 * Put those tools on the card that the panel asks for, and return them.
 *
 * @param {import("./card.js").Card} card
 * @param {{id: string, title: string, smoothing: boolean, log: boolean}} panel
 * @param {boolean} isLog  whether the axis begins logarithmic
 * @param {{smooth: (weight: number) => void, log: (log: boolean) => void}} set  called when a person has set one
 * @returns {{slider?: HTMLInputElement, box?: HTMLInputElement}}
 */
export function addTools(card, { id, title, smoothing, log }, isLog, set) {
  /** @type {{slider?: HTMLInputElement, box?: HTMLInputElement}} */
  const controls = {};
  if (smoothing) {
    const slider = make("input", {
      type: "range", min: 0, max: 0.99, step: 0.01, value: 0,
      "aria-label": `Smoothing of ${title}`, "data-testid": `smoothing-${id}`,
    });
    controls.slider = slider;
    slider.addEventListener("input", () => set.smooth(Number(slider.value)));
    card.tools.append(make("label", { class: "ls-tool", title: "Exponentially weighted mean" }, "smooth", slider));
  }
  if (log) {
    const box = make("input", { type: "checkbox", checked: isLog, "data-testid": `log-${id}` });
    controls.box = box;
    box.addEventListener("change", () => set.log(box.checked));
    card.tools.append(make("label", { class: "ls-tool", title: "Logarithmic axis" }, "log", box));
  }
  return controls;
}
