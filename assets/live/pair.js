/**
 * A panel twice, for the two runs that are compared: side by side, or one at a time where there is no room for both.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./painter.js").View} View
 */
import { make, setText } from "./dom.js";
import { whole } from "./numbers.js";
import { besideEachOther, ofBoth, tableOfBoth } from "./pairnumbers.js";

const RUNS = ["A", "B"];

export class PairView {
  /**
   * @param {import("./card.js").Panel & {panel: import("./card.js").Panel}} pair
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} theme
   * @param {() => void} stale
   * @param {import("./explanation.js").Pick} pick
   * @param {(...parts: any[]) => View} build  makes the view of one of the two
   */
  constructor({ panel, title }, card, theme, stale, pick, build) {
    this.stale = stale;
    this.body = make("div", { class: "ls-pair", "data-shown": "A" });
    this.halves = RUNS.map((run) => half(run, panel));
    this.body.append(...this.halves.map(({ element }) => element));
    card.tools.append(this.#choice(title));
    card.body.append(this.body);
    // One set of tools serves both: the other is not seen, and does as the first.
    const [first, second] = this.halves;
    first.tools = card.tools;
    /** @type {View[]} */
    this.views = this.halves.map((part, run) => build(panel, part, theme, stale, (cell) => pick({ ...cell, run })));
    this.slow = this.views[0].slow;
    this.always = this.views[0].always;
    this.pictured = this.views[0].pictured && /** @type {const} */ ("png");
    for (const event of ["input", "change"]) first.tools.addEventListener(event, ({ target }) => mirror(first, second, target, event));
  }

  /** @param {Scene} scene */
  paint(scene) {
    this.halves[1].body.toggleAttribute("data-waiting", !scene.other);
    return this.#each(scene, (view, one, { step }) => {
      setText(step, stepWords(one));
      return view.paint(one);
    }).every((painted) => painted !== false);
  }

  /** @param {Scene} scene */
  mark(scene) {
    this.#each(scene, (view, one, { step }) => {
      setText(step, stepWords(one));
      view.mark?.(one);
    });
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} of both runs, the first column says of which */
  numbers(scene) {
    return ofBoth(this.#each(scene, (view, one) => view.numbers(one)), this.#steps(scene));
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return tableOfBoth(this.#each(scene, (view, one) => /** @type {any} */ (view).table(one)), this.#steps(scene));
  }

  /** Both pictures beside each other. @param {Scene} scene */
  async picture(scene) {
    return besideEachOther(await Promise.all(this.#each(scene, (view, one) => view.picture?.(one))));
  }

  get look() {
    return this.views[0].look;
  }

  /** @param {import("./plots.js").Look} look */
  wear(look) {
    for (const view of this.views) view.wear?.(look);
  }

  restyle(theme) {
    for (const view of this.views) view.restyle(theme);
  }

  close() {
    for (const view of this.views) view.close();
  }

  /** @returns {number[]} the step shown, of each run */
  #steps(scene) {
    return this.#each(scene, (_, { frame }) => frame.header.step);
  }

  /** @returns {any[]} what `act` returns for each of the two runs of which there is something to be seen */
  #each(scene, act) {
    const shown = scene.other ? [scene, scene.other] : [scene];
    return shown.map((one, place) => act(this.views[place], one, this.halves[place]));
  }

  /** Buttons that choose which of the two is seen; they are there only where there is no room for both. */
  #choice(title) {
    const buttons = RUNS.map((run) => {
      const button = make("button", { type: "button", class: "ls-button", "aria-pressed": String(run === "A") }, run);
      button.addEventListener("click", () => {
        this.body.dataset.shown = run;
        for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
        this.stale();
      });
      return button;
    });
    return make("div", { class: "ls-which", role: "group", "aria-label": `Run shown in ${title}` }, ...buttons);
  }
}

/** A card within the card: what a view needs of one. */
function half(run, panel) {
  const step = make("span", { class: "ls-half-step" });
  const legend = make("div");
  const body = make("div", { class: "ls-body", role: "group", "aria-label": `${panel.alt || panel.title} Run ${run}.` });
  const head = make("div", { class: "ls-half-head" }, make("b", {}, run), step);
  const element = make("div", { class: "ls-half", "data-run": run }, head, legend, body);
  return { panel, tools: make("div"), legend, body, step, element };
}

/** Which step of a run is shown: where it has no frame of the step looked at, that is the one before. */
function stepWords({ recording, frame, following }) {
  const { step } = frame.header;
  const wanted = recording.chosen;
  const lacks = !following && wanted !== null && step < wanted;
  return lacks ? `step ${whole(step)}, the nearest it has before ${whole(wanted)}` : `step ${whole(step)}`;
}

/** Do with the tool of the second what a person did with that of the first. */
function mirror(first, second, target, event) {
  const [one, other] = [first, second].map(({ tools }) => [...tools.querySelectorAll("input, select")]);
  const twin = other[one.indexOf(target)];
  if (!twin) return;
  if (twin.type === "checkbox") twin.checked = target.checked;
  else twin.value = target.value;
  twin.dispatchEvent(new Event(event));
}
