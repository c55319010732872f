/**
 * A figure of a page as a file, SVG or PNG: two buttons. Plotly is fetched when one of them is pressed.
 *
 * @typedef {object} Data  what pages/ui/words/taking.py gives
 * @property {{data: Record<string, any>[], layout: Record<string, any>}} figure  its texts are Plotly's already
 * @property {string} title
 * @property {string} file  what the files are called
 */
import { make, setText } from "./dom.js";
import { download, fileName } from "./download.js";
import { PRINT } from "./picture.js";
import { loadPlotly } from "./plotly.js";
import { plotPicture } from "./plotpicture.js";
import { loadStyle } from "./stylesheet.js";

const WIDTH = 760;
const FAILED = "That could not be made: reload the page and try again.";

/** @param {{parentElement: HTMLElement, data: Data}} component */
export default function mount({ parentElement, data }) {
  const place = /** @type {HTMLElement & {learnscope?: Data}} */ (parentElement.querySelector(".ls-figure") ?? parentElement);
  loadStyle(() => {}, "ranked.css");
  place.learnscope = data;
  if (place.firstChild) return;
  const said = make("p", { class: "ls-picker-said", role: "status" });
  const button = (/** @type {"svg" | "png"} */ format) => {
    const press = make("button", { type: "button", class: "ls-press", "data-testid": `ls-figure-${format}` }, `Picture in ${format.toUpperCase()}`);
    press.addEventListener("click", () => take(/** @type {Data} */ (place.learnscope), format, said));
    return press;
  };
  place.append(button("svg"), button("png"), said);
}

async function take({ figure, title, file }, format, said) {
  setText(said, "The picture is being made…");
  try {
    const plotly = await loadPlotly();
    const picture = await plotPicture(plotly, figure.data, onPaper(figure.layout), { title, rims: [], key: null, format });
    download(picture, fileName([file], format));
    setText(said, "");
  } catch (error) {
    console.warn("A figure could not be taken away.", error);
    setText(said, FAILED);
  }
}

/** Return a layout in dark on white; Streamlit's own theme dresses it on the page. */
function onPaper(layout) {
  const dressed = { height: 440, ...layout, width: WIDTH, font: { size: 12, ...layout.font, color: PRINT.ink } };
  for (const axis of Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))) {
    const lines = { gridcolor: PRINT.line, zerolinecolor: PRINT.muted, linecolor: PRINT.line, tickcolor: PRINT.line };
    dressed[axis] = { ...lines, ...layout[axis] };
  }
  return dressed;
}
