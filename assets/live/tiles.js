/**
 * A panel of small pictures side by side, all of one array of a choice: filters, feature maps, or images.
 *
 * The canvas is as large as what can be seen and no larger: a layer may have thousands of filters.
 *
 * @typedef {import("./painter.js").Scene} Scene
 * @typedef {import("./tilesdata.js").Tiles} Tiles
 */
import { diverging, sequential } from "./colours.js";
import { clearCanvas, make, setText } from "./dom.js";
import { drawChosen, drawMark, markCell } from "./mark.js";
import { Nothing, whyNothing } from "./nothing.js";
import { exact, short, signed, whole } from "./numbers.js";
import { drawn, drawScale, ofStep, PRINT, SCALE_ROOM } from "./picture.js";
import { drawCaption, drawNumber } from "./tilescaptions.js";
import { bare, indexOfCell, indexOfTile, placeOf, placeWords, rangeOf, readTiles, settingsOf } from "./tilesdata.js";
import { TilesImage } from "./tilesimage.js";
import { limitsOf, SCALES } from "./tileslimits.js";
import { planTiles } from "./tilesplan.js";
import { numbersOfTiles, tableOfTiles } from "./tilestable.js";
import { TilesWalk } from "./tileswalk.js";
import { Tooltip } from "./tooltip.js";

const FRAMED_FROM = 12;
/** No picture is higher, in CSS pixels: browsers refuse to make it. */
const HIGHEST_PICTURE = 6000;

export class TilesView {
  /**
   * @param {import("./tilesdata.js").TilesPanel} panel
   * @param {import("./card.js").Card} card
   * @param {import("./theme.js").Theme} theme
   * @param {() => void} stale
   * @param {import("./explanation.js").Pick} pick
   * @param {unknown} _build
   * @param {import("./grid.js").Choose} [choose]  has the lab look at a tile
   */
  constructor(panel, card, theme, stale, pick, _build, choose) {
    this.panel = panel;
    this.theme = theme;
    this.stale = stale;
    this.pick = pick;
    this.choose = choose;
    this.pictured = /** @type {const} */ ("png");
    this.image = new TilesImage();
    /** The array at which the lab looked last, without the name of its reading. */
    this.followed = "";
    /** Whether a link has said which array is shown. */
    this.worn = false;
    /** @type {Tiles | null} */
    this.tiles = null;
    /** @type {import("./tilesplan.js").Plan | null} */
    this.plan = null;
    /** What is meant: a tile, or with a row and a column a cell of it. @type {import("./tileswalk.js").Under} */
    this.under = {};
    this.signed = panel.signed;
    /** The scale that a person has chosen. */
    this.wanted = "tile";
    this.#build(card);
    this.#showScale();
    this.walk = new TilesWalk(this.canvas, {
      tiles: () => this.tiles,
      plan: () => this.plan,
      under: () => this.under,
      lookAt: (under) => this.#walkTo(under),
      choose: (tile) => this.#choose(tile),
      ask: (tile, row, column) => this.#ask(tile, row, column, true),
    });
    this.#listen();
    this.resizing = new ResizeObserver(stale);
    this.resizing.observe(this.scroller);
  }

  /** @param {Scene} scene */
  paint(scene) {
    this.#follow(scene);
    const tiles = (this.tiles = readTiles(this.panel, this.choice.value, scene));
    const isSigned = tiles?.signed ?? this.panel.signed;
    if (isSigned !== this.signed) {
      this.signed = isSigned;
      this.#showScale();
    }
    if (!tiles || (this.under.tile ?? -1) >= tiles.count) this.under = {};
    this.nothing.show(Boolean(tiles?.count), scene, this.panel.empty || whyNothing(this.panel.why, scene));
    this.#offerScales(tiles?.width === 1 && tiles.height === 1);
    const { clientWidth: width, clientHeight: height } = this.scroller;
    if (!width || !height) return;
    const plan = (this.plan = tiles && planTiles(tiles, width, height));
    const length = `${Math.max(height, plan?.height ?? 0)}px`;
    if (this.length.style.height !== length) this.length.style.height = length;
    const context = clearCanvas(this.canvas, width, height);
    const limits = tiles && this.#limits(tiles, scene);
    if (tiles && plan && limits) this.#draw(context, tiles, plan, { top: this.scroller.scrollTop, height }, limits);
    this.#writeScale(tiles, limits, scene);
    if (tiles && plan) this.#drawUnder(context, tiles, plan);
    this.#tell();
  }

  /** @param {Scene} scene @returns {import("./csv.js").Numbers} every number of the array chosen, changes not taken */
  numbers(scene) {
    return numbersOfTiles(readTiles(this.panel, this.choice.value, { ...scene, pinned: null }), this.panel);
  }

  /** @param {Scene} scene @returns {import("./tabular.js").Table} */
  table(scene) {
    return tableOfTiles(readTiles(this.panel, this.choice.value, { ...scene, pinned: null }), this.panel, this.#name);
  }

  /** All tiles, as many as a file can hold. @param {Scene} scene */
  picture(scene) {
    const tiles = readTiles(this.panel, this.choice.value, scene);
    const { clientWidth: width, clientHeight: height } = this.scroller;
    const plan = tiles && planTiles(tiles, width, height);
    const high = Math.min(HIGHEST_PICTURE, Math.max(plan?.height ?? 0, height));
    const name = this.panel.arrays.length > 1 ? `${this.panel.title}, ${this.#name}` : this.panel.title;
    const title = ofStep(name, this.panel.pictures ? { ...scene, pinned: null } : scene);
    const room = this.panel.pictures ? 0 : SCALE_ROOM;
    return drawn(title, width, high + room, (context) => {
      if (!tiles || !plan) return;
      const { theme } = this;
      const limits = this.#limits(tiles, scene);
      this.theme = PRINT;
      this.#draw(context, tiles, plan, { top: 0, height: high }, limits);
      this.theme = theme;
      context.textAlign = "left";
      if (room) drawScale(context, (tiles.signed ? diverging : sequential).names, this.#ends(limits), high + room);
    });
  }

  /** @returns {string[]} */
  get look() {
    const { selectedIndex } = this.choice;
    return [...(selectedIndex > 0 ? [`of${selectedIndex}`] : []), ...(this.wanted === "tile" ? [] : [`scale${this.wanted}`])];
  }

  /** Be set as a link says, by the controls that a person would use. @param {import("./plots.js").Look} look */
  wear({ of, scale }) {
    if (of !== undefined) choose(this.choice, this.choice.options[of]?.value);
    this.worn ||= of !== undefined;
    if (scale !== undefined) choose(this.scale, scale);
  }

  /** @param {import("./theme.js").Theme} theme */
  restyle(theme) {
    this.theme = theme;
    this.stale();
  }

  close() {
    this.resizing.disconnect();
  }

  /** What the array chosen is called. */
  get #name() {
    return this.choice.selectedOptions[0]?.textContent ?? "";
  }

  #build(card) {
    const { panel } = this;
    this.choice = make("select", { class: "ls-choice", "aria-label": `Layer of ${panel.title}`, "data-testid": `tiles-${panel.id}`, hidden: panel.arrays.length < 2 });
    panel.arrays.forEach((array, place) => this.choice.append(make("option", { value: array }, panel.names[place] ?? bare(array))));
    this.scale = make("select", { class: "ls-choice", "aria-label": `Scale of ${panel.title}`, title: "What the strongest colours stand for", "data-testid": `scale-${panel.id}` });
    for (const [value, words] of SCALES.slice(0, panel.arrays.length > 1 ? 3 : 2)) this.scale.append(make("option", { value }, words));
    card.tools.append(this.choice, ...(panel.pictures ? [] : [make("label", { class: "ls-tool ls-tiles-scale" }, make("span", {}, "Scale"), this.scale)]));

    this.canvas = make("canvas", { tabindex: 0, role: "application", "aria-label": `${panel.alt || panel.title} ${TilesWalk.KEYS}` });
    this.length = make("div", { class: "ls-tiles-length" }, this.canvas);
    this.scroller = make("div", { class: "ls-tiles" }, this.length);
    this.nothing = new Nothing();
    this.field = make("div", { class: "ls-field" }, this.scroller, this.nothing.element);
    this.low = make("span");
    this.high = make("span");
    this.shape = make("span", { class: "ls-shape" });
    this.bar = make("span", { class: "ls-bar" });
    const scale = make("div", { class: "ls-scale" }, this.low, this.bar, this.high, this.shape);
    card.body.append(make("div", { class: "ls-tensor" }, this.field, ...(panel.pictures ? [] : [scale])));
    this.tooltip = new Tooltip(this.field);
  }

  #listen() {
    const { canvas } = this;
    const point = ({ offsetX, offsetY }) => this.#lookAt(this.plan?.cellAt(offsetX, offsetY + this.scroller.scrollTop) ?? {});
    canvas.addEventListener("pointermove", point);
    canvas.addEventListener("pointerdown", point);
    canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const cell = this.plan?.cellAt(offsetX, offsetY + this.scroller.scrollTop);
      if (!cell) return;
      this.#choose(cell.tile);
      this.#ask(cell.tile, cell.row, cell.column);
    });
    canvas.addEventListener("pointerleave", () => this.#lookAt({}));
    canvas.addEventListener("blur", () => this.#lookAt({}));
    this.scroller.addEventListener("scroll", this.stale);
    this.scale.addEventListener("change", () => {
      this.wanted = this.scale.value;
      this.stale();
    });
    this.choice.addEventListener("change", () => {
      this.scroller.scrollTop = 0;
      this.#lookAt({});
    });
  }

  #showScale() {
    const { names } = this.signed ? diverging : sequential;
    const shades = names.filter((_, index) => index % 32 === 0 || index === 255);
    this.bar.style.backgroundImage = `linear-gradient(to right, ${shades.join(", ")})`;
  }

  /** A tile of one number has no scale of its own: it would always be the strongest colour. */
  #offerScales(isSingle) {
    const scale = isSingle && this.wanted === "tile" ? "layer" : this.wanted;
    if (this.scale.value !== scale) this.scale.value = scale;
    if (this.scale.options[0].disabled !== isSingle) this.scale.options[0].disabled = isSingle;
  }

  #limits(tiles, scene) {
    const scale = /** @type {import("./tileslimits.js").Scale} */ (this.scale.value);
    return limitsOf(scale, tiles, () => this.panel.arrays.flatMap((array) => readTiles(this.panel, array, scene) ?? []));
  }

  #writeScale(tiles, limits, { pinned }) {
    const [low, high] = limits ? this.#ends(limits) : ["–", "–"];
    setText(this.low, low);
    setText(this.high, high);
    const size = tiles?.shape.join(" × ") ?? "";
    setText(this.shape, tiles?.changed ? `change since step ${whole(pinned.header.step)}` : size);
  }

  /** What stands at the two ends of the scale. */
  #ends(limits) {
    if (this.scale.value === "tile") return this.tiles?.changed ? ["less", "more"] : this.signed ? ["negative", "positive"] : ["lowest", "highest"];
    return limits(0).map((limit) => short(limit, 3));
  }

  #draw(context, tiles, plan, { top, height }, limits) {
    const [from, to] = plan.between(top, top + height);
    this.image.paint(tiles, from, to, limits);
    // A cell is a cell: only what has less than a pixel is made smooth.
    context.imageSmoothingEnabled = plan.zoom < 1;
    context.lineWidth = 1;
    for (let tile = from; tile < to; tile += 1) {
      const place = plan.boxOf(tile);
      const box = { ...place, y: place.y - top };
      if (box.y >= height || box.y + box.high + 40 <= 0) continue;
      this.image.draw(context, tile, box);
      // Zero is the page's own colour: without a frame one would not see where a tile ends.
      if (!tiles.pictures && box.wide >= FRAMED_FROM) this.#frame(context, box);
      if (tile === tiles.chosen) drawChosen(context, this.theme, box.x, box.y, box.wide, box.high);
      if (plan.numbered && tile % tiles.across === 0) drawNumber(context, tile / tiles.across, box, this.theme);
      if (tiles.captions.length) drawCaption(context, tiles.captions[tile] ?? "", box, this.theme);
    }
  }

  #frame(context, { x, y, wide, high }) {
    context.strokeStyle = this.theme.line;
    context.strokeRect(x - 0.5, y - 0.5, wide + 1, high + 1);
  }

  /** Mark the tile that is meant, and the cell of it. */
  #drawUnder(context, tiles, plan) {
    const { tile, row, column } = this.under;
    if (tile === undefined) return;
    const box = plan.boxOf(tile);
    const y = box.y - this.scroller.scrollTop;
    drawMark(context, this.theme, box.x - 1, y - 1, box.wide + 2, box.high + 2);
    if (row === undefined || column === undefined || tiles.width * tiles.height === 1) return;
    markCell(context, this.theme, box.x + column * plan.zoom, y + row * plan.zoom, plan.zoom, plan.zoom);
  }

  #lookAt(under) {
    this.under = under;
    this.stale();
  }

  /** Look where the keys lead, and tell those who listen. */
  #walkTo(under) {
    const box = under.tile === undefined ? null : this.plan?.boxOf(under.tile);
    if (box) {
      const { scroller } = this;
      if (box.y < scroller.scrollTop) scroller.scrollTop = box.y - 2;
      else if (box.y + box.high > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = box.y + box.high + 2 - scroller.clientHeight;
    }
    this.#lookAt(under);
    if (box) this.tooltip.say(this.#lines());
  }

  #tell() {
    const { tile, row = 0, column = 0 } = this.under;
    if (tile === undefined || !this.plan) return this.tooltip.hide();
    const { x, y } = this.plan.boxOf(tile);
    const { zoom } = this.plan;
    this.tooltip.show(this.#lines(), x + (column + 1) * zoom, y + (row + 1) * zoom - this.scroller.scrollTop);
  }

  /** What is to be said of what is meant. */
  #lines() {
    const tiles = /** @type {Tiles} */ (this.tiles);
    const { tile = 0, row, column } = this.under;
    const isCell = row !== undefined && column !== undefined;
    const caption = tiles.captions[tile];
    const head = tiles.pictures && caption ? [caption] : [];
    if (!isCell) {
      const chosen = tile === tiles.chosen ? ", chosen" : "";
      return [...head, `${placeWords(tiles, indexOfTile(tiles, tile))}${chosen}`, ...this.#rangeWords(tiles, tile)];
    }
    const index = indexOfCell(tiles, tile, row, column);
    const place = placeOf(tiles, tile, row, column);
    if (tiles.pictures) return [...head, placeWords(tiles, index.slice(0, 3)), brightness(tiles, place)];
    const value = tiles.values[place];
    const told = tiles.changed ? `changed by ${signed(value, exact)}` : `= ${exact(value)}`;
    return [`${bare(tiles.array)}[${index.join(", ")}] ${told}`, placeWords(tiles, index)];
  }

  #rangeWords(tiles, tile) {
    if (tiles.pictures) return [];
    const [low, high] = rangeOf(tiles, tile, tile + 1).map(exact);
    const what = tiles.changed ? "changes from" : "from";
    return [low === high ? `${tiles.changed ? "changed by " : ""}${low}` : `${what} ${low} to ${high}`];
  }

  /** Show the array at which the lab looks, as often as that becomes another: in between a person, or a link, may choose. */
  #follow({ frame }) {
    const [name] = String(frame.header.words?.[this.panel.chosen] ?? "").split(" ");
    if (!name || name === this.followed) return;
    const isOwn = this.worn && this.followed === "";
    this.followed = name;
    if (!isOwn) choose(this.choice, this.panel.arrays.find((array) => bare(array) === name));
  }

  #choose(tile) {
    if (this.tiles && this.panel.sets.length && tile !== this.tiles.chosen) this.choose?.(settingsOf(this.panel, this.tiles, tile));
  }

  #ask(tile, row, column, byKey = false) {
    if (!this.tiles) return;
    this.pick({ array: this.tiles.array, index: indexOfCell(this.tiles, tile, row, column), byKey });
  }
}

/** @param {HTMLSelectElement} field @param {string | undefined} value */
function choose(field, value) {
  if (![...field.options].some((option) => option.value === value)) return;
  field.value = String(value);
  field.dispatchEvent(new Event("change"));
}

/** @param {Tiles} tiles @param {number} place */
function brightness({ values, depth }, place) {
  if (depth === 1) return `brightness ${values[place]} of 255`;
  return ["red", "green", "blue"].map((name, channel) => `${name} ${values[place + channel]}`).join(", ");
}
