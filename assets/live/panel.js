/**
 * The live panel: shows one run in any number of panels, steers it, and looks back through it.
 *
 * The default export mounts it or updates it, as often as Streamlit likes; everything else belongs to the page for as
 * long as its element does.
 *
 * @typedef {object} Data  what pages/ui/live_panel.py gives
 * @property {string} run
 * @property {string} lab  its name, with which the names of files begin
 * @property {string} token  what the server lets this person do with the run, signed
 * @property {boolean} control
 * @property {import("./card.js").Panel[]} panels
 * @property {{low: number, high: number} | null} learning_rate  bounds of the control, null for none
 * @property {number | null} rate  the learning rate of a run that is over: it does not tell it any more
 * @property {number} [calls]  how often something below has set the run up
 * @property {string} title
 * @property {{step: number | null, plots: Record<string, import("./plots.js").Look>}} [look]  what a link asks to be shown
 */
import { attend } from "./attend.js";
import { Banner } from "./banner.js";
import { make } from "./dom.js";
import { ExplanationBox } from "./explanation.js";
import { Grid } from "./grid.js";
import { listenToKeys } from "./keyboard.js";
import { LinkButton, linkTo } from "./link.js";
import { Painter } from "./painter.js";
import { Speed, valuesOf } from "./readouts.js";
import { Recording } from "./recording.js";
import { Scrubber } from "./scrubber.js";
import { Speaker, sentence } from "./speaker.js";
import { Stream } from "./stream.js";
import { Telling } from "./telling.js";
import { readTheme, watchTheme } from "./theme.js";
import { Transport } from "./transport.js";

const FORGOTTEN = "The server does not know this run any more";

/** @type {WeakMap<Element, LivePanel>} */
const mounted = new WeakMap();

/** @param {{parentElement: HTMLElement, data: Data, setTriggerValue: import("./telling.js").Tell}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ls-panel") ?? parentElement.appendChild(make("div", { class: "ls-panel" }));
  const panel = mounted.get(root) ?? new LivePanel(/** @type {HTMLElement} */ (root));
  mounted.set(root, panel);
  panel.telling.update(data.run, setTriggerValue);
  panel.update(data);
  // Streamlit may clean up and mount again on the same element: only one that has left the page is over.
  return () => setTimeout(() => root.isConnected || panel.close());
}

class LivePanel {
  /** @type {Data | null} */
  data = null;
  /** @type {Stream | null} */
  stream = null;
  /** @type {Recording | null} */
  recording = null;
  /** @type {import("./message.js").Message | null} the frame on the screen; it stays until another is at hand */
  frame = null;
  /** @type {import("./message.js").Message | null} the last one that was counted as painted, and when that was */
  last = null;
  lastAt = 0;
  state = { state: "opening", message: "" };
  speed = new Speed();
  telling = new Telling((asking) => this.transport.showAsking(asking));

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
    this.scrubber = new Scrubber((position) => this.look(position), () => this.follow(), (step) => this.telling.branch(step));
    this.link = new LinkButton(() => linkTo(location.href, this.recording?.chosen ?? null, this.grid.look));
    this.scrubber.element.append(this.link.element);
    this.banner = new Banner();
    this.speaker = new Speaker();
    this.painter = new Painter(
      () => this.scene(),
      (scene, now, whole) => this.painted(scene, now, whole),
    );
    this.explanation = new ExplanationBox((step, cell) => this.stream?.explain(step, cell) ?? false);
    this.grid = new Grid(this.painter, this.theme, (cell) => this.explanation.pick(cell, this.hooks.shownStep));
    const bar = make(
      "div",
      { class: "ls-top" },
      this.transport.element,
      this.scrubber.element,
      this.link.row,
      this.banner.element,
    );
    root.replaceChildren(bar, this.transport.readouts.element, this.grid.element, this.explanation.element, this.speaker.element);
    this.ends = [watchTheme(() => this.restyle()), listenToKeys(this.keys())];
    /** What tests and benchmarks read. */
    this.hooks = { paintedFrames: 0, firstPaintAt: 0, shownStep: -1, lastStep: -1, recorded: /** @type {number[]} */ ([]), fps: 0 };
    /** @type {any} */ (root).learnscope = this.hooks;
  }

  /** @param {Data} data */
  update(data) {
    const old = this.data;
    this.data = data;
    this.root.setAttribute("aria-label", data.title);
    this.transport.update(data);
    this.grid.lab = data.lab;
    this.grid.update(data.panels, data.look?.plots);
    this.restyle();
    if (old?.run === data.run && old.control === data.control && this.stream) this.stream.token = data.token;
    else this.connect(data);
    if (old?.run === data.run && old.look?.step !== data.look?.step) this.lookAt(data.look?.step ?? null);
    this.transport.rate.show(data.rate ?? NaN);
    if (old && old.calls !== data.calls) attend(this.root);
  }

  /** @param {Data} data */
  connect({ run, token }) {
    this.stream?.close();
    const address = new URL(`../../runs/${encodeURIComponent(run)}`, import.meta.url);
    this.stream = new Stream(address, token, {
      receive: (message) => this.receive(message),
      connection: (connection) => this.connected(connection),
    });
  }

  connected(connection) {
    this.transport.showConnection(connection);
    this.root.dataset.connection = connection;
    if (connection === "unknown") this.forgotten();
  }

  /**
   * The server has lost the run: it was started anew, or nobody watched for long. Another is not asked for by itself:
   * whoever has many pages open does not want a run in each.
   */
  forgotten() {
    const way = this.data?.control ? "Again opens a new one of the same settings" : "reload the page to go on";
    this.showState({ state: "interrupted", message: `${FORGOTTEN}: ${way}.` });
  }

  /** @param {import("./message.js").Message} message */
  receive(message) {
    const { kind, header, arrays } = message;
    const steps = /** @type {Int32Array} */ (arrays.get("steps")?.values ?? new Int32Array());
    const recording = this.recording;
    if (kind === "opening") this.open(message, recording?.run === header.run ? recording.chosen : (this.data?.look?.step ?? null));
    else if (kind === "state") this.showState(header);
    else if (kind === "refused") this.banner.refuse(String(header.message));
    else if (kind === "explained") this.explanation.receive(header);
    else if (!recording) return;
    else if (kind === "reset") this.open(recording.opening, null);
    else if (kind === "frame") this.takeFrame(recording, message);
    else if (kind === "recorded") recording.setSteps(steps);
    else if (kind === "series") recording.series.merge(steps, arrays.get("scalars")?.values ?? []);
    this.painter.request();
  }

  /**
   * Begin a new memory; the server tells all of it again. What is on the screen stays until then.
   *
   * @param {import("./message.js").Message} opening
   * @param {number | null} chosen  the step to look at, null to follow the run
   */
  open(opening, chosen) {
    if (this.recording?.run !== opening.header.run) this.hooks.firstPaintAt = 0;
    this.recording = new Recording(opening);
    this.recording.chosen = chosen;
    this.speed.forget();
    this.explanation.forget();
    this.transport.readouts.nameScore(this.scoreName);
  }

  takeFrame(recording, frame) {
    const { step, at } = frame.header;
    const isNew = step > recording.lastStep;
    recording.addFrame(frame);
    if (isNew) {
      this.speed.add(step, at);
      return;
    }
    const asked = this.stream?.answered() ?? null;
    if (asked !== null && asked > step) recording.replaceStep(asked, step);
  }

  showState({ state, message: told = "", trouble = "", learning_rate: rate = NaN }) {
    const message = [told, trouble].filter(Boolean).join(" ");
    this.state = { state, message };
    this.transport.showState(state, message);
    this.scrubber.showTraining(state === "running");
    this.transport.rate.show(rate);
    this.banner.showState(state, message);
    if (state !== "running") this.speed.forget();
    this.speak();
  }

  /** What is to be seen now, or null where there is nothing yet. @returns {import("./painter.js").Scene | null} */
  scene() {
    const recording = this.recording;
    if (!recording) return null;
    const shown = recording.shown;
    if (!shown && recording.chosen !== null) this.stream?.request(recording.chosen);
    this.scrubber.show(recording);
    this.frame = shown ?? this.frame;
    return this.frame && recording.series.length ? { recording, frame: this.frame } : null;
  }

  /** @param {import("./painter.js").Scene} scene @param {number} now @param {boolean} whole */
  painted(scene, now, whole) {
    const { recording, frame } = scene;
    this.grid.waiting = false;
    this.transport.readouts.show(valuesOf(scene));
    this.transport.readouts.showSpeed(recording.following ? this.speed.perSecond : NaN);
    this.hooks.lastStep = recording.lastStep;
    this.hooks.recorded = recording.steps;
    if (whole && frame !== this.last) this.count(frame, now);
    this.explanation.follow(frame.header.step);
    this.speak();
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
    if (!this.stream?.command(command, value)) this.banner.refuse("There is no connection to the server just now.");
    else if (command === "set") this.telling.set(...value.split("="));
    else this.follow();
  }

  /** Look at the step that a link names. @param {number | null} step */
  lookAt(step) {
    if (!this.recording || step === null) return;
    this.recording.chosen = step;
    this.painter.request();
  }

  look(position) {
    this.recording?.choose(position);
    this.painter.request();
  }

  follow() {
    this.recording?.follow();
    this.painter.request();
  }

  keys() {
    return {
      toggle: () => this.transport.buttons.hidden || this.transport.train.click(),
      move: (positions) => this.look((this.recording?.position ?? 0) + positions),
      first: () => this.look(0),
      last: () => this.follow(),
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
    const recording = this.recording;
    const values = recording && this.frame ? valuesOf({ recording, frame: this.frame }) : null;
    const following = recording?.following ?? true;
    this.speaker.say(sentence(this.state.state, values, this.scoreName, following), following && this.state.state === "running");
  }

  get scoreName() {
    return String(this.recording?.opening.header.words?.score ?? "score");
  }

  close() {
    mounted.delete(this.root);
    this.telling.close();
    this.stream?.close();
    this.painter.close();
    this.speaker.close();
    this.banner.close();
    this.link.close();
    for (const end of this.ends) end();
  }
}

/**
 * Add the panel's style sheet to the page, once; it lies beside this module.
 *
 * @param {() => void} loaded  fonts and colours are known only then
 */
function loadStyle(loaded) {
  const href = new URL("./panel.css", import.meta.url).href;
  if ([...document.head.querySelectorAll("link")].some((link) => link.href === href)) return;
  const link = make("link", { rel: "stylesheet", href });
  link.addEventListener("load", loaded);
  document.head.append(link);
}
