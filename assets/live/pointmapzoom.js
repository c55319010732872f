/** Buttons over a map for those who have no wheel: nearer, farther, all of it. */
import { make } from "./dom.js";

const STEP = 1.6;

/** @param {(factor: number) => void} zoom @param {() => void} whole */
export function zoomButtons(zoom, whole) {
  const button = (name, sign, words, press) => {
    const made = make("button", { type: "button", class: "ls-map-zoom", "aria-label": words, title: words, "data-testid": `ls-map-${name}` }, sign);
    made.addEventListener("click", press);
    return made;
  };
  return make("div", { class: "ls-map-zooms", role: "group", "aria-label": "Zoom" },
    button("in", "+", "Nearer", () => zoom(STEP)),
    button("out", "−", "Farther", () => zoom(1 / STEP)),
    button("whole", "⤢", "Show the whole map", whole),
  );
}
