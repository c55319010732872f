/**
 * The pad on which a person draws points to be learnt: by pointer, by touch, by key. They leave the browser when the
 * person says so, and a run of just these points begins.
 *
 * @typedef {object} Data  what pages/ui/drawing.py gives
 * @property {string} text  the drawing in use
 * @property {number} most  points
 * @property {string[]} colours  of the classes
 *
 * @typedef {import("./drawing.js").Point} Point
 */
import { make, setText } from "./dom.js";
import { SIDE } from "./drawing.js";
import { Paper } from "./paper.js";
import { Sketch } from "./sketch.js";
import { loadStyle } from "./stylesheet.js";
import { readTheme, watchTheme } from "./theme.js";

/** Between two points of one stroke, and around the eraser, in units of the plane. */
const SPACING = 0.09;
const RUBBER = 0.12;
const GRIP = 0.14;
const STEP = 0.05;
const FINE = 0.01;
const TOOLS = { paint: "Paint", move: "Move", erase: "Erase" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const KEYS =
  "Points to be learnt, in a plane from minus 1.5 to 1.5. The arrow keys move a cross, with shift by less. Enter does at the " +
  "cross what the chosen tool does: paint a point, take one up and set it down, or erase. Numbers choose the class, P, M and E the tool; " +
  "Delete erases, U takes back.";

/** @type {WeakMap<Element, Pad>} */
const mounted = new WeakMap();

/** @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: string) => void}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ls-pad") ?? parentElement.appendChild(make("div", { class: "ls-pad" }));
  const pad = mounted.get(root) ?? new Pad(/** @type {HTMLElement} */ (root), data);
  mounted.set(root, pad);
  pad.update(data, (text) => setTriggerValue("use", text));
  return () => setTimeout(() => root.isConnected || pad.close());
}

class Pad {
  /** @type {string | null} the drawing in use */
  #used = null;
  #use = (_text) => {};
  tool = "paint";
  label = 0;
  cursor = { x: 0, y: 0 };
  /** @type {Point | undefined} that is being moved */
  held = undefined;
  /** Where the last point of a stroke was set. @type {{x: number, y: number} | null} */
  last = null;

  /** @param {HTMLElement} root @param {Data} data */
  constructor(root, data) {
    this.root = root;
    root.dataset.testid = "ls-pad";
    this.sketch = new Sketch(data.most);
    this.canvas = make("canvas", { tabindex: 0, role: "application", "aria-label": KEYS, "data-testid": "ls-pad-canvas" });
    this.paper = new Paper(this.canvas, data.colours);
    this.classes = data.colours.map((colour, label) => this.#choice("class", String(label), `Class ${label}`, () => this.#choose(label), colour));
    this.tools = Object.entries(TOOLS).map(([tool, word]) => this.#choice("tool", tool, word, () => this.#take(tool)));
    this.undo = this.#button("undo", "Undo", () => this.#act(() => this.sketch.undo()));
    this.clear = this.#button("clear", "Clear", () => this.#act(() => this.sketch.clear()));
    this.use = this.#button("use", "Use these points", () => this.#use(this.sketch.text));
    this.use.classList.add("ls-primary");
    this.said = make("p", { class: "ls-pad-said", role: "status", "data-testid": "ls-pad-said" });
    const group = (name, buttons) => make("div", { class: "ls-pad-group", role: "group", "aria-label": name }, ...buttons);
    const more = group("Drawing", [this.undo, this.clear]);
    const side = make("div", { class: "ls-pad-side" }, group("Tool", this.tools), group("Class", this.classes), more, this.use, this.said);
    root.replaceChildren(make("div", { class: "ls-pad-body" }, make("div", { class: "ls-pad-plane" }, this.canvas), side));
    this.resizing = new ResizeObserver(() => this.#draw());
    this.resizing.observe(this.canvas.parentElement ?? root);
    this.endTheme = watchTheme(() => this.#draw());
    loadStyle(() => this.#draw());
    this.#listen();
  }

  /** @param {Data} data @param {(text: string) => void} use */
  update({ text }, use) {
    this.#use = use;
    // What is being drawn stays, unless the drawing in use has become another one.
    if (text !== this.#used) {
      this.#used = text;
      if (text !== this.sketch.text) this.sketch.open(text);
    }
    this.#show();
  }

  close() {
    mounted.delete(this.root);
    this.resizing.disconnect();
    this.endTheme();
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.sketch.begin();
      this.last = null;
      const { x, y } = this.paper.placeOf(event);
      this.held = this.tool === "move" ? this.sketch.nearest(x, y, GRIP) : undefined;
      this.#drag(x, y);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      for (const one of event.getCoalescedEvents?.() ?? [event]) {
        const { x, y } = this.paper.placeOf(one);
        this.#drag(x, y);
      }
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        this.held = undefined;
        this.#show();
      });
    }
    canvas.addEventListener("keydown", (event) => this.#key(event));
    for (const event of ["focus", "blur"]) canvas.addEventListener(event, () => this.#draw());
  }

  /** A pointer is down at a place. */
  #drag(x, y) {
    this.cursor = { x, y };
    if (this.tool === "erase") this.sketch.erase(x, y, RUBBER);
    else if (this.held) this.sketch.move(this.held, x, y);
    else if (this.tool === "paint" && (!this.last || Math.hypot(x - this.last.x, y - this.last.y) >= SPACING)) {
      this.last = { x, y };
      this.sketch.add(x, y, this.label);
    }
    this.#show();
  }

  #key(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const undoes = (ctrlKey || metaKey) && key.toLowerCase() === "z";
    if (altKey || ((ctrlKey || metaKey) && !undoes)) return;
    const arrow = ARROWS[key];
    const tool = Object.keys(TOOLS).find((name) => name[0] === key.toLowerCase());
    if (arrow) this.#go(arrow, shiftKey ? FINE : STEP);
    else if (key === "Enter" || key === " ") this.#actAtCursor();
    else if (key === "Delete" || key === "Backspace") this.#act(() => this.#eraseAtCursor());
    else if (undoes || key.toLowerCase() === "u") this.#act(() => this.sketch.undo());
    else if (tool) this.#take(tool);
    else if (/^[0-9]$/.test(key) && Number(key) < this.classes.length) this.#choose(Number(key));
    else if (key === "Escape" && this.held) this.#act(() => this.sketch.undo());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #go([right, up], step) {
    const within = (value) => Math.round(Math.max(-SIDE, Math.min(SIDE, value)) * 100) / 100;
    this.cursor = { x: within(this.cursor.x + right * step), y: within(this.cursor.y + up * step) };
    if (this.held) this.sketch.move(this.held, this.cursor.x, this.cursor.y);
    this.#show(`At ${this.cursor.x}, ${this.cursor.y}.`);
  }

  #actAtCursor() {
    const { x, y } = this.cursor;
    if (this.held) {
      this.held = undefined;
      this.#show("Set down.");
      return;
    }
    this.sketch.begin();
    if (this.tool === "erase") this.#eraseAtCursor();
    else if (this.tool === "paint") this.sketch.add(x, y, this.label);
    else this.held = this.sketch.nearest(x, y, GRIP);
    this.#show(this.held ? "Taken up: the arrow keys move it, Enter sets it down." : "");
  }

  #eraseAtCursor() {
    this.sketch.begin();
    this.sketch.erase(this.cursor.x, this.cursor.y, RUBBER);
  }

  /** Do something to the drawing as a whole. @param {() => void} act */
  #act(act) {
    this.held = undefined;
    act();
    this.#show();
  }

  #choose(label) {
    this.label = label;
    this.#take("paint");
  }

  #take(tool) {
    this.tool = tool;
    this.held = undefined;
    this.#show();
  }

  #show(news = "") {
    const { sketch, tool, label } = this;
    const changed = sketch.text !== (this.#used ?? "");
    for (const button of this.tools) button.setAttribute("aria-pressed", String(button.value === tool));
    for (const button of this.classes) button.setAttribute("aria-pressed", String(tool === "paint" && Number(button.value) === label));
    this.undo.disabled = !sketch.canUndo;
    this.clear.disabled = !sketch.points.length;
    this.use.disabled = !changed;
    this.canvas.dataset.tool = tool;
    setText(this.said, [news, this.#counted(), this.#advice(changed)].filter(Boolean).join(" "));
    this.#draw();
  }

  #counted() {
    const { points } = this.sketch;
    const counts = this.classes.map((_, label) => points.filter((point) => point.label === label).length);
    const each = counts.flatMap((count, label) => (count ? [`${count} of class ${label}`] : []));
    const all = points.length === 1 ? "1 point" : `${points.length} points`;
    return each.length > 1 ? `${all}: ${each.join(", ")}.` : points.length ? `${all} of class ${points[0].label}.` : "No points yet.";
  }

  #advice(changed) {
    const { points, full, most } = this.sketch;
    const drawn = new Set(points.map(({ label }) => label)).size;
    if (full) return `That is as many as there may be (${most}): erase some to set others.`;
    if (points.length && drawn < 2) return "A net needs points of another class too, to tell them apart.";
    return changed ? "Not used yet." : "";
  }

  #draw() {
    const cursor = document.activeElement === this.canvas && this.canvas.matches(":focus-visible") ? this.cursor : null;
    this.paper.draw(this.sketch.points, readTheme(this.root), cursor, this.held);
  }

  #choice(kind, value, word, press, colour = "") {
    const button = make("button", { type: "button", class: "ls-button", value, "aria-pressed": "false", "data-testid": `ls-pad-${kind}-${value}` });
    if (colour) {
      const dot = make("span", { class: "ls-pad-dot" });
      dot.style.background = colour;
      button.append(dot);
    }
    button.append(word);
    button.addEventListener("click", press);
    return button;
  }

  #button(name, word, press) {
    const button = make("button", { type: "button", class: "ls-button", "data-testid": `ls-pad-${name}` }, word);
    button.addEventListener("click", press);
    return button;
  }
}
