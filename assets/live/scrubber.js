/** The way back in time: a slider over all recorded steps, the step that it stands at, and the way back to the present. */
import { make, setText } from "./dom.js";
import { whole } from "./numbers.js";

export class Scrubber {
  /**
   * @param {(position: number) => void} choose
   * @param {() => void} live
   * @param {(step: number) => void} branch  called to begin another run at the step shown
   */
  constructor(choose, live, branch) {
    this.range = make("input", {
      type: "range", min: 0, max: 0, step: 1, value: 0, disabled: true,
      "aria-label": "Recorded step", "data-testid": "ls-scrubber", title: "Look at an earlier step: every panel follows",
    });
    this.step = make("span");
    /** Of how many steps it is one, where that is not the last. */
    this.of = make("span");
    this.label = make("output", { class: "ls-step-label", "data-testid": "ls-step-label" }, this.step, this.of);
    this.live = make("button", { type: "button", class: "ls-button ls-live", "data-testid": "ls-live", "aria-pressed": "true" }, "Live");
    this.branch = make("button", { type: "button", class: "ls-button", "data-testid": "ls-branch", disabled: true }, "Branch");
    this.shown = 0;
    this.training = false;
    this.element = make("div", { class: "ls-scrubber" }, this.label, this.range, this.live, this.branch);
    this.range.addEventListener("input", () => choose(Number(this.range.value)));
    this.live.addEventListener("click", live);
    this.branch.addEventListener("click", () => branch(this.shown));
  }

  /** @param {import("./recording.js").Recording} recording */
  show(recording) {
    const { steps, position, following } = recording;
    const step = steps[position] ?? 0;
    const last = String(Math.max(0, steps.length - 1));
    if (this.range.max !== last) this.range.max = last;
    if (Number(this.range.value) !== position) this.range.value = String(Math.max(0, position));
    this.range.disabled = steps.length < 2;
    // A value that changes with every frame would be read out all the time.
    const words = following && this.training ? "Following the run at its newest step" : `Step ${whole(step)} of ${whole(recording.lastStep)}`;
    this.range.setAttribute("aria-valuetext", words);
    this.range.style.setProperty("--ls-share", String(steps.length > 1 ? position / (steps.length - 1) : 1));
    setText(this.step, `Step ${whole(step)}`);
    setText(this.of, following ? "" : ` of ${whole(recording.lastStep)}`);
    this.live.setAttribute("aria-pressed", String(following));
    this.live.title = following ? "Following the run" : "Back to the newest step";
    this.shown = step;
    const why = step < 1 ? "Nothing was learnt yet" : following && this.training ? "Pause, or look back, to choose a step" : "";
    this.branch.disabled = why !== "";
    this.branch.title = why || `A new run from step ${whole(step)}, with these weights; this one stays as it is`;
  }

  /** @param {boolean} training  whether there is anything new to follow */
  showTraining(training) {
    this.training = training;
    this.live.dataset.training = String(training);
  }
}
