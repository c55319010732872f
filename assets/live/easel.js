/**
 * The easel: a person draws, or brings an image by file or camera, and the net is asked what it makes of it at once.
 *
 * What is drawn stays in the browser, but for the few pixels that the net takes; they leave it as a question.
 *
 * @typedef {import("./card.js").Panel & {side: number, channels: number, pen: number, fit: number, centred: boolean,
 *     bright: boolean, words: string}} DrawPanel  see engine/figures/panel.py
 */
import { Bringing } from "./bringing.js";
import { Camera } from "./camera.js";
import { clearCanvas, make } from "./dom.js";
import { GROUND, Ink } from "./ink.js";
import { imageOf } from "./imagefile.js";

const KEYS =
  "A pad to draw on, for the net to look at. The arrow keys move a cross, with shift by less. Enter sets the pen down and takes it " +
  "up again; P takes the pen, E the rubber; U takes back, Delete clears.";
const EMPTY = "Draw here: the net predicts what it is, and the panels below show your picture.";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.05;
const FINE = 0.01;
const CROSS = 9;
/** A rubber is wider than the pen: what is to go is not to be traced. */
const RUBBER = 1.6;
const PEN = "#ffffff";

export class EaselView {
  tool = "pen";
  cursor = { x: 0.5, y: 0.5 };
  /** Whether a stroke goes on: by a pointer or by key. */
  #down = false;
  #byKey = false;
  /** Whether the focus came here by a pointer: then arrows and space are meant for the run, as elsewhere on the page. */
  #isPointed = false;
  /** Counts the files that were chosen: only the newest is taken, however long another took to be opened. */
  #chosen = 0;

  /**
   * @param {DrawPanel} panel
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} theme
   * @param {import("./grid.js").Bring} bring
   */
  constructor(panel, card, theme, bring) {
    this.panel = panel;
    this.theme = theme;
    this.always = true;
    this.ink = new Ink();
    this.bringing = new Bringing(
      {
        id: "ls-easel-told",
        words: panel.words,
        empty: EMPTY,
        read: () => this.#numbers(),
        isEmpty: () => this.ink.isEmpty,
        show: () => this.#show(),
      },
      bring,
    );
    this.canvas = make("canvas", { tabindex: 0, role: "application", "aria-label": KEYS, "data-testid": "ls-easel" });
    this.camera = new Camera(
      (image) => this.#take(image),
      (message) => this.bringing.say(message),
    );
    card.body.append(make("div", { class: "ls-easel" }, this.#place(), this.#side()));
    this.resizing = new ResizeObserver(() => this.#draw());
    this.resizing.observe(this.canvas.parentElement);
    this.#listen();
    this.#show();
  }

  /** @param {import("./painter.js").Scene} scene */
  paint(scene) {
    this.bringing.paint(scene);
  }

  /** @param {import("./theme.js").Theme} theme */
  restyle(theme) {
    this.theme = theme;
    this.#draw();
  }

  close() {
    this.#chosen += 1;
    this.resizing.disconnect();
    this.camera.close();
    this.bringing.close();
  }

  #place() {
    return make("div", { class: "ls-easel-place" }, this.canvas, this.camera.element);
  }

  #side() {
    const { panel } = this;
    const group = (name, ...parts) => make("div", { class: "ls-pad-group", role: "group", "aria-label": name }, ...parts);
    this.tools = ["pen", "rubber"].map((tool) => this.#button(tool, capital(tool), () => this.#choose(tool)));
    this.width = make("input", { type: "range", min: 4, max: 24, step: 1, value: Math.round(panel.pen * 100), "aria-label": "Width of the pen", "data-testid": "ls-easel-width" });
    this.colour = make("input", { type: "color", value: PEN, "aria-label": "Colour of the pen", hidden: panel.channels < 3 });
    this.undo = this.#button("undo", "Undo", () => this.#act(() => this.ink.undo()));
    this.clear = this.#button("clear", "Clear", () => this.#act(() => this.ink.clear()));
    this.invert = this.#button("invert", "Invert", () => this.#act(() => this.ink.invert()));
    this.invert.title = "Dark becomes bright, and bright dark";
    this.file = make("input", { type: "file", accept: "image/*", hidden: true, "data-testid": "ls-easel-file" });
    const image = this.#button("image", "Image…", () => this.file.click());
    image.title = "A picture of yours; it can be dropped on the pad too. It stays in your browser, but for the pixels that the net takes";
    const camera = this.#button("camera", "Camera", () => this.camera.open());
    this.middle = make("input", { type: "checkbox", "data-testid": "ls-easel-middle" });
    this.middle.checked = panel.centred;
    const middle = make("label", { class: "ls-tool", title: "What you draw is brought to the size and place of the images that were learnt" }, this.middle, "Size as learnt");
    this.middle.addEventListener("change", () => this.bringing.changed());
    this.file.addEventListener("change", () => this.#open(this.file.files?.[0]));
    return make(
      "div",
      { class: "ls-pad-side" },
      this.bringing.element,
      group("Tool", ...this.tools, this.width, this.colour),
      group("Drawing", this.undo, this.clear, this.invert, this.file, image, camera),
      middle,
    );
  }

  #button(name, word, press) {
    const button = make("button", { type: "button", class: "ls-button", value: name, "data-testid": `ls-easel-${name}` }, word);
    button.addEventListener("click", press);
    return button;
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.#down) return;
      canvas.setPointerCapture(event.pointerId);
      this.#isPointed = true;
      this.#begin(this.#placeOf(event), event.timeStamp);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!this.#down || !canvas.hasPointerCapture(event.pointerId)) return;
      for (const one of event.getCoalescedEvents?.() ?? [event]) this.ink.go(this.#placeOf(one));
      this.bringing.changed(event.timeStamp);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        if (!this.#byKey) this.#down = false;
      });
    }
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => this.#draw());
    canvas.addEventListener("blur", () => {
      this.#isPointed = false;
      this.#draw();
    });
    canvas.addEventListener("dragover", (event) => event.preventDefault());
    canvas.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#open(event.dataTransfer?.files[0]);
    });
  }

  #placeOf({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  #key(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const undoes = (ctrlKey || metaKey) && key.toLowerCase() === "z";
    if (altKey || ((ctrlKey || metaKey) && !undoes)) return;
    const arrow = ARROWS[key];
    if (this.#isPointed && (arrow || key === " ")) return;
    if (arrow) this.#go(arrow, shiftKey ? FINE : STEP, event.timeStamp);
    else if (key === "Enter" || key === " ") this.#press(event.timeStamp);
    else if (key === "Delete" || key === "Backspace") this.#act(() => this.ink.clear());
    else if (undoes || key.toLowerCase() === "u") this.#act(() => this.ink.undo());
    else if (key.toLowerCase() === "p") this.#choose("pen");
    else if (key.toLowerCase() === "e") this.#choose("rubber");
    else if (key === "Escape" && this.#byKey) this.#press(event.timeStamp);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #go([right, down], step, at) {
    const within = (value) => Math.max(0, Math.min(1, Math.round(value * 100) / 100));
    this.cursor = { x: within(this.cursor.x + right * step), y: within(this.cursor.y + down * step) };
    if (!this.#byKey) return this.#draw();
    this.ink.go(this.cursor);
    this.bringing.changed(at);
  }

  /** The pen is set down at the cross, or taken up. */
  #press(at) {
    this.#isPointed = false;
    const isDown = this.#byKey;
    this.#byKey = !isDown;
    this.#down = !isDown;
    if (isDown) this.#draw();
    else this.#begin(this.cursor, at);
  }

  #begin(place, at) {
    const isPen = this.tool === "pen";
    this.#down = true;
    const width = (Number(this.width.value) / 100) * (isPen ? 1 : RUBBER);
    this.ink.begin(place, width, isPen ? this.colour.value : GROUND);
    this.bringing.changed(at);
  }

  /** Do something to the drawing as a whole. @param {() => void} act */
  #act(act) {
    this.#down = this.#byKey = false;
    act();
    this.bringing.changed();
  }

  #choose(tool) {
    this.tool = tool;
    this.#down = this.#byKey = false;
    this.#show();
  }

  /** @param {File | undefined} file */
  async #open(file) {
    if (!file) return;
    this.file.value = "";
    const chosen = (this.#chosen += 1);
    const isNewest = () => chosen === this.#chosen;
    try {
      const image = await imageOf(file);
      if (isNewest()) this.#take(image);
    } catch (error) {
      if (isNewest()) this.bringing.say(/** @type {Error} */ (error).message);
    }
  }

  /** An image has come: a picture of ink on paper is turned over, where what was learnt is bright on dark. */
  #take(image) {
    this.#act(() => {
      this.ink.bring(image);
      if (this.panel.bright && isBrightAround(this.ink.numbers(this.panel.side, 1), this.panel.side)) this.ink.invert();
    });
  }

  #numbers() {
    const { side, channels, fit } = this.panel;
    return this.ink.numbers(side, channels, this.middle.checked ? fit : 0);
  }

  #show() {
    for (const button of this.tools) button.setAttribute("aria-pressed", String(button.value === this.tool));
    this.undo.disabled = !this.ink.canUndo;
    this.clear.disabled = this.invert.disabled = this.ink.isEmpty;
    this.#draw();
  }

  #draw() {
    const side = this.canvas.parentElement?.clientWidth ?? 0;
    if (!side) return;
    const context = clearCanvas(this.canvas, side, side);
    this.ink.draw(context, side);
    const isFocused = document.activeElement === this.canvas && this.canvas.matches(":focus-visible");
    if (!isFocused && !this.#byKey) return;
    const [x, y] = [this.cursor.x * side, this.cursor.y * side];
    for (const [colour, width] of /** @type {const} */ ([["#000000", 4], [this.#byKey ? "#ffb000" : "#ffffff", 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(x - CROSS, y);
      context.lineTo(x + CROSS, y);
      context.moveTo(x, y - CROSS);
      context.lineTo(x, y + CROSS);
      context.stroke();
    }
  }
}

/** Tell whether the border of a grey image is brighter than dark. @param {Uint8Array} numbers @param {number} side */
function isBrightAround(numbers, side) {
  const border = Array.from(numbers).filter((_, place) => {
    const [row, column] = [Math.floor(place / side), place % side];
    return row === 0 || column === 0 || row === side - 1 || column === side - 1;
  });
  return border.reduce((sum, number) => sum + number, 0) / border.length > 127;
}

function capital(words) {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
