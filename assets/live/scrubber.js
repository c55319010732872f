/**
 * The way back in time: a slider over all recorded steps, the step that it stands at, the way back to the present, and
 * the pin by which a step is compared with another.
 */
import { make, setText } from "./dom.js";
import { whole } from "./numbers.js";
import { nearestAtOrBefore } from "./series.js";

export class Scrubber {
  /**
   * @param {(position: number) => void} choose
   * @param {() => void} live
   * @param {(step: number) => void} branch  called to begin another run at the step shown
   * @param {(pinned: boolean) => void} pin  called to compare with the step shown from now on, or with none
   */
  constructor(choose, live, branch, pin) {
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
    this.pin = make("button", { type: "button", class: "ls-button ls-pin", "data-testid": "ls-pin", disabled: true }, "Pin");
    /** Where the pinned step lies on the slider. */
    this.mark = make("span", { class: "ls-pin-mark", hidden: true });
    this.shown = 0;
    this.training = false;
    this.comparing = false;
    this.pinned = false;
    const slider = make("div", { class: "ls-slider" }, this.range, this.mark);
    this.times = make("div", { class: "ls-times" }, this.live, this.branch, this.pin);
    this.element = make("div", { class: "ls-scrubber" }, this.label, slider, this.times);
    this.range.addEventListener("input", () => choose(Number(this.range.value)));
    this.live.addEventListener("click", live);
    this.branch.addEventListener("click", () => branch(this.shown));
    this.pin.addEventListener("click", () => pin(!this.pinned));
  }

  /** @param {import("./tracks.js").Tracks} tracks */
  show(tracks) {
    const { steps, following, lastStep } = tracks;
    const position = tracks.positionIn(steps);
    const step = steps[position] ?? 0;
    const last = String(Math.max(0, steps.length - 1));
    if (this.range.max !== last) this.range.max = last;
    if (Number(this.range.value) !== position) this.range.value = String(Math.max(0, position));
    this.range.disabled = steps.length < 2;
    // A value that changes with every frame would be read out all the time.
    const words = following && this.training ? "Following the run at its newest step" : `Step ${whole(step)} of ${whole(lastStep)}`;
    this.range.setAttribute("aria-valuetext", words);
    this.range.style.setProperty("--ls-share", String(steps.length > 1 ? position / (steps.length - 1) : 1));
    setText(this.step, `Step ${whole(step)}`);
    setText(this.of, following ? "" : ` of ${whole(lastStep)}`);
    this.live.setAttribute("aria-pressed", String(following));
    this.live.title = following ? "Following the run" : "Back to the newest step";
    this.shown = step;
    this.#showBranch(step, following);
    this.#showPin(tracks.pinnedStep, steps);
  }

  /** @param {boolean} comparing  whether several runs are shown */
  showComparing(comparing) {
    this.comparing = comparing;
  }

  #showBranch(step, following) {
    const early = following && this.training ? "Pause, or look back, to choose a step" : "";
    const why = this.comparing ? "End the comparison to branch off" : step < 1 ? "Nothing was learnt yet" : early;
    this.branch.disabled = why !== "";
    this.branch.title = why || `A new run from step ${whole(step)}, with these weights; this one stays as it is`;
  }

  #showPin(pinned, steps) {
    this.pinned = pinned !== null;
    this.pin.disabled = !steps.length;
    this.pin.setAttribute("aria-pressed", String(this.pinned));
    setText(this.pin, this.pinned ? "Unpin" : "Pin");
    this.pin.title = this.pinned
      ? `Compared with step ${whole(pinned)}: maps show what has changed since. Press to see the step itself again`
      : "Compare with this step: at any other, maps show what has changed since";
    this.mark.hidden = !this.pinned || steps.length < 2;
    if (this.mark.hidden) return;
    const share = Math.max(0, nearestAtOrBefore(steps, pinned)) / (steps.length - 1);
    this.mark.style.setProperty("--ls-share", String(share));
  }

  /** @param {boolean} training  whether there is anything new to follow */
  showTraining(training) {
    this.training = training;
    this.live.dataset.training = String(training);
  }
}
