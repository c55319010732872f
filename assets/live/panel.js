/**
 * The live panel: shows a run in any number of panels, or several beside each other, steers and looks back through it.
 *
 * The default export mounts it or updates it, as often as Streamlit likes; everything else belongs to the page for as
 * long as its element does.
 *
 * @typedef {object} Data  what pages/ui/live_panel.py gives
 * @property {import("./track.js").Right[]} runs  the run of the page, and those that it is compared with
 * @property {string} lab  its name, with which the names of files begin
 * @property {import("./card.js").Panel[]} panels
 * @property {{low: number, high: number} | null} learning_rate  bounds of the control, null for none
 * @property {number | null} rate  the learning rate of a run that is over: it does not tell it any more
 * @property {Record<string, string>} [labels]  what the settings are called that may change while it runs
 * @property {string[]} chosen  names of live settings that may be chosen in a panel, by a click on what they are of
 * @property {number} [calls]  how often something below has set the run up
 * @property {boolean} learns  whether there is anything to train; else one step is all that there is
 * @property {string} title
 * @property {{step: number | null, plots: Record<string, import("./plots.js").Look>}} [look]  what a link asks to be shown
 */
import { Asking } from "./asking.js";
import { attend } from "./attend.js";
import { Banner } from "./banner.js";
import { Changes } from "./changes.js";
import { Control } from "./control.js";
import { make } from "./dom.js";
import { ExplanationBox } from "./explanation.js";
import { Grid } from "./grid.js";
import { listenToKeys } from "./keyboard.js";
import { LinkButton, linkTo } from "./link.js";
import { Painter } from "./painter.js";
import { epochName, Rows, valuesOf } from "./readouts.js";
import { Scrubber } from "./scrubber.js";
import { Speaker, sentence } from "./speaker.js";
import { STATES } from "./states.js";
import { Telling } from "./telling.js";
import { loadStyle } from "./stylesheet.js";
import { readTheme, watchTheme } from "./theme.js";
import { Tracks } from "./tracks.js";
import { Transport } from "./transport.js";

const HINT = "Click any cell, line or point to see how its number came about.";
const LOST = "There is no connection to the server just now.";

/** @type {WeakMap<Element, LivePanel>} */
const mounted = new WeakMap();

/** @param {{parentElement: HTMLElement, data: Data, setTriggerValue: import("./telling.js").Tell}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ls-panel") ?? parentElement.appendChild(make("div", { class: "ls-panel" }));
  const panel = mounted.get(root) ?? new LivePanel(/** @type {HTMLElement} */ (root));
  mounted.set(root, panel);
  panel.telling.update(data.runs.map(({ run }) => run), setTriggerValue);
  panel.update(data);
  // Streamlit may clean up and mount again on the same element: only one that has left the page is over.
  return () => setTimeout(() => root.isConnected || panel.close());
}

class LivePanel {
  /** @type {Data | null} */
  data = null;
  /** @type {import("./message.js").Message | null} the last frame that was counted as painted, and when that was */
  last = null;
  lastAt = 0;
  /** When that was brought whose answer was painted last. */
  brought = 0;
  run = "";
  telling = new Telling((asking) => this.transport.showAsking(asking));
  tracks = new Tracks({
    changed: () => this.painter.request(),
    began: (track, isReset) => this.began(track, isReset),
    state: () => this.showState(),
    refused: (message, track) => this.explanation.field.refuse(message) || this.banner.refuse(this.tracks.said(track, message)),
    touched: (track) => this.touched(track),
    answered: (answer, track) => this.asking.receive(answer, track),
    explained: (header, track) => this.explanation.receive(header, this.tracks.list.indexOf(track)),
  });

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.dataset.testid = "ls-panel";
    root.setAttribute("role", "region");
    loadStyle(() => this.restyle());
    this.theme = readTheme(root);
    this.transport = new Transport(
      (command, value) => this.command(command, value),
      () => this.telling.again(),
      (message) => this.banner.refuse(message),
    );
    this.control = new Control(
      (action, to) => this.tracks.requestControl(action, to) || this.banner.refuse(LOST),
      () => this.leaveFocus(),
    );
    this.scrubber = new Scrubber(
      (position) => this.look(() => this.tracks.choose(position)),
      () => this.follow(),
      (step) => this.telling.branch(step),
      (pinned) => this.look(() => this.tracks.pin(pinned)),
    );
    this.link = new LinkButton(() => linkTo(location.href, this.tracks.chosenStep, this.grid.look));
    this.scrubber.times.append(this.link.element);
    this.readouts = new Rows();
    this.banner = new Banner();
    this.speaker = new Speaker();
    this.painter = new Painter(
      () => this.tracks.look(),
      (scene, now, whole) => this.painted(scene, now, whole),
    );
    this.explanation = new ExplanationBox(
      (step, cell) => this.tracks.explain(step, cell),
      (name, value) => this.tracks.command("set", `${name}=${value}`),
      (run) => this.tracks.nameOf(run),
    );
    this.asking = new Asking(
      () => this.tracks.whole,
      () => this.answered(),
    );
    this.changes = new Changes((step) => this.look(() => (this.tracks.chosen = step)));
    this.grid = new Grid(
      this.painter,
      this.theme,
      (cell) => this.explanation.pick(cell, this.tracks.shownSteps),
      (brought) => this.asking.bring(brought),
      (settings) => this.choose(settings),
    );
    this.grid.element.addEventListener("pointerdown", ({ clientX }) => this.explanation.press(clientX), true);
    const bar = make(
      "div",
      { class: "ls-top" },
      this.transport.element,
      this.control.element,
      this.scrubber.element,
      this.link.row,
      this.changes.element,
      this.banner.element,
    );
    const hint = make("p", { class: "ls-hint" }, HINT);
    root.replaceChildren(bar, this.readouts.element, hint, this.grid.element, this.explanation.element, this.speaker.element);
    this.ends = [watchTheme(() => this.restyle()), listenToKeys(this.keys())];
    const { tracks } = this;
    /** What tests and benchmarks read: what was painted, but for the last step, which may have come and wait for it. */
    this.hooks = {
      paintedFrames: 0,
      firstPaintAt: 0,
      shownStep: -1,
      recorded: /** @type {number[]} */ ([]),
      fps: 0,
      /** How long answers took from what a person did to the end of painting, in ms. */
      lags: /** @type {number[]} */ ([]),
      other: /** @type {any} */ (null),
      get lastStep() {
        return tracks.first?.recording?.lastStep ?? -1;
      },
    };
    /** @type {any} */ (root).learnscope = this.hooks;
  }

  /** @param {Data} data */
  update(data) {
    const old = this.data;
    this.data = data;
    this.root.setAttribute("aria-label", data.title);
    for (const { element } of [this.transport, this.scrubber, this.readouts]) element.hidden = !data.learns;
    this.readouts.update(data.runs);
    this.grid.lab = data.lab;
    this.changes.labels = data.labels ?? {};
    this.grid.update(data.panels, data.look?.plots);
    this.restyle();
    const isNew = this.tracks.update(data.runs);
    // A link may name a step; of one that is as before, a person may have looked elsewhere since.
    const linked = isNew || old?.look?.step !== data.look?.step ? data.look?.step : null;
    if (linked !== null && linked !== undefined) this.tracks.chosen = this.telling.looked = linked;
    this.scrubber.showComparing(data.runs.length > 1);
    this.showState();
    this.transport.rate.show(data.rate ?? NaN);
    if (old && old.calls !== data.calls) attend(this.root);
    this.painter.request();
  }

  /** @param {import("./track.js").Track} track @param {boolean} isReset */
  began(track, isReset) {
    if (isReset) {
      this.tracks.follow();
      this.tracks.pin(false);
    }
    this.explanation.forget();
    if (track !== this.tracks.first) return;
    this.changes.show([]);
    if (track.right.run !== this.run) this.hooks.firstPaintAt = 0;
    this.run = track.right.run;
    this.readouts.nameScore(this.scoreName);
  }

  /** A setting, or a number of the net, was changed in a run. @param {import("./track.js").Track} track */
  touched(track) {
    this.explanation.forget();
    this.explanation.field.took();
    this.asking.renew();
    if (track === this.tracks.first && track.recording) this.changes.show(track.recording.changes);
  }

  /** Why no number of the net can be set by hand just now; empty where it can, null where that is not this person's. */
  get held() {
    const { tracks } = this;
    const { live, resumable } = STATES[tracks.state] ?? { live: false };
    if (!this.data || !tracks.controls) return null;
    if (this.data.runs.length > 1) return "While runs are compared nothing is set by hand: it would be another difference.";
    if (!live) return resumable ? "Continue the run to set it." : "This run has ended, so it can no longer be set.";
    return tracks.following ? "" : "This is an earlier step: go to Live to set it, or Branch to go another way from here.";
  }

  /** A net has said something else of what a person has brought: what was told of its numbers is of the past. */
  answered() {
    this.explanation.forget();
    this.painter.request();
  }

  /** Who controls the run may change at any time, and the page need not know. */
  showControl() {
    const { control, controls } = this.tracks;
    const { runs, learning_rate } = /** @type {Data} */ (this.data);
    this.transport.update({ control: controls, owner: runs[0].control, told: Boolean(control), learning_rate });
    this.control.show(control);
  }

  leaveFocus() {
    if (this.tracks.controls) this.transport.train.focus();
    else this.scrubber.range.focus();
  }

  showState() {
    if (!this.data) return;
    this.showControl();
    const { state, message, connection, turn, first } = this.tracks;
    this.transport.showConnection(connection);
    this.transport.showTurn(turn);
    this.root.dataset.connection = connection;
    this.explanation.field.allow(this.held);
    if (!first?.told) return; // what is said of the run before it stays until there is something to say of this one
    this.root.toggleAttribute("data-failed", state === "failed");
    this.transport.showState(state, message);
    this.scrubber.showTraining(state === "running");
    this.transport.rate.show(first.rate);
    this.banner.showState(state, message);
    this.speak();
  }

  /** @param {import("./painter.js").Scene} scene @param {number} now @param {boolean} whole */
  painted(scene, now, whole) {
    const { recording, frame, other } = scene;
    const { tracks } = this;
    this.grid.waiting = false;
    this.scrubber.show(tracks);
    this.readouts.show(scene, tracks.list.map(({ speed }) => speed.perSecond));
    this.hooks.recorded = recording.steps;
    this.hooks.other = other && { shownStep: other.frame.header.step, lastStep: other.recording.lastStep };
    if (whole && frame !== this.last) this.count(frame, now);
    this.time(frame);
    this.explanation.field.allow(this.held);
    this.explanation.follow(tracks.shownSteps);
    this.asking.follow();
    this.speak();
  }

  /** Take down how long it took until the answer in a frame was painted. */
  time({ header: { brought } }) {
    if (!brought || brought === this.brought) return;
    this.brought = brought;
    this.hooks.lags.push(performance.now() - brought);
  }

  count(frame, now) {
    const { hooks } = this;
    const rate = this.lastAt ? 1000 / Math.max(1, now - this.lastAt) : 0;
    hooks.fps = hooks.fps ? hooks.fps * 0.9 + rate * 0.1 : rate;
    hooks.paintedFrames += 1;
    hooks.firstPaintAt ||= performance.now();
    hooks.shownStep = frame.header.step;
    this.last = frame;
    this.lastAt = now;
  }

  command(command, value) {
    if (command === "reset" && this.tracks.anyOver) this.telling.again();
    if (!this.tracks.command(command, value)) this.banner.refuse(LOST);
    else if (command === "set") {
      const [name, to] = value.split("=");
      this.telling.set({ [name]: to });
    } else this.follow();
  }

  /** Look at something else of the net as it is now; of what is past, or somebody else's, nothing else can be seen. @param {Record<string, string>} settings */
  choose(settings) {
    const { tracks } = this;
    const mine = Object.entries(settings).filter(([name]) => this.data?.chosen.includes(name));
    if (!mine.length || !tracks.controls || !tracks.following || !STATES[tracks.state]?.live) return;
    if (mine.every(([name, value]) => tracks.command("set", `${name}=${value}`))) this.telling.set(Object.fromEntries(mine));
    else this.banner.refuse(LOST);
  }

  /** @param {() => void} choose  what is looked at from now on */
  look(choose) {
    choose();
    this.telling.look(this.tracks.chosenStep);
    this.painter.request();
  }

  follow() {
    this.look(() => this.tracks.follow());
  }

  keys() {
    return {
      toggle: () => this.transport.buttons.hidden || this.transport.train.click(),
      move: (positions) => this.look(() => this.tracks.move(positions)),
      first: () => this.look(() => this.tracks.choose(0)),
      last: () => this.follow(),
      leave: () => this.explanation.close(),
    };
  }

  restyle() {
    const theme = readTheme(this.root);
    this.root.style.colorScheme = theme.dark ? "dark" : "light";
    if (JSON.stringify(theme) === JSON.stringify(this.theme)) return;
    this.theme = theme;
    this.grid.restyle(theme);
  }

  speak() {
    const { state, turn, first, following } = this.tracks;
    const values = first?.recording && first.frame ? valuesOf({ recording: first.recording, frame: first.frame }) : null;
    const epoch = epochName(this.tracks.first?.recording);
    this.transport.nameEpoch(epoch);
    this.speaker.say(sentence(state, values, this.scoreName, following, turn, epoch), following && state === "running");
  }

  get scoreName() {
    return String(this.tracks.first?.recording?.opening.header.words?.score ?? "score");
  }

  close() {
    mounted.delete(this.root);
    this.telling.close();
    this.asking.close();
    this.tracks.close();
    this.painter.close();
    this.speaker.close();
    this.banner.close();
    this.link.close();
    for (const end of this.ends) end();
  }
}
