/**
 * What one can take away from a panel: its numbers as CSV, its picture. Both are made here, of the arrays at hand.
 *
 * A view says by `numbers` how its numbers are read, and by `picture`, where it has one, how it is drawn for paper.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./csv.js").Numbers} Numbers
 *
 * @typedef {object} Taken  what can be taken from
 * @property {(scene: Scene) => Numbers} numbers  what the panel shows now, with all digits
 * @property {"svg" | "png"} [pictured]  in what its picture is made; without, it has none
 * @property {(scene: Scene) => Promise<Blob>} [picture]
 */
import { csvOf } from "./csv.js";
import { make, setText } from "./dom.js";
import { download, fileName } from "./download.js";
import { popup } from "./popup.js";

const NOTHING = "There is nothing to be taken yet.";
const FAILED = "That could not be made: reload the page and try again.";

/**
 * Return the menu of one card.
 *
 * @param {import("./card.js").Panel} panel
 * @param {Taken} view
 * @param {() => Scene | null} sceneNow
 * @param {() => string} lab  its name, with which the names of files begin
 */
export function takeMenu(panel, view, sceneNow, lab) {
  const said = make("p", { class: "ls-said", role: "status" });
  /** @param {string} extension @param {(scene: Scene) => Blob | Promise<Blob>} made */
  const take = async (extension, made) => {
    const scene = sceneNow();
    if (!scene) return setText(said, NOTHING);
    const { run } = scene.recording;
    const parts = [lab(), run.slice(0, 6), panel.id, scene.frame.header.step];
    try {
      download(await made(scene), fileName(parts, extension));
      setText(said, "");
      menu.open = false;
    } catch (error) {
      console.warn("A panel could not be taken away.", error);
      setText(said, FAILED);
    }
  };
  const csv = (scene) => new Blob([csvOf(view.numbers(scene))], { type: "text/csv" });
  const choices = [choice(panel, "csv", "Numbers (CSV)", () => take("csv", csv))];
  const { pictured } = view;
  if (pictured) {
    const picture = (scene) => /** @type {Required<Taken>} */ (view).picture(scene);
    choices.push(choice(panel, pictured, `Picture (${pictured.toUpperCase()})`, () => take(pictured, picture)));
  }
  const sheet = make("div", { class: "ls-sheet" }, ...choices, said);
  const words = { name: `Take ${panel.title} away`, title: "Take the numbers or the picture away as a file", kind: "ls-take" };
  const menu = popup("↓", words, sheet);
  return menu;
}

function choice(panel, kind, word, press) {
  const button = make("button", { type: "button", class: "ls-entry", "data-testid": `take-${kind}-${panel.id}` }, word);
  button.addEventListener("click", press);
  return button;
}
