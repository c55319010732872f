/**
 * Who controls the run, of all browsers that look at it: says so, and lets one ask for control, give it and take it back.
 *
 * The server decides, on each command anew; this only shows what it has told.
 *
 * @typedef {object} View  what the server tells this browser, see engine/runs/helm.py
 * @property {boolean} mine  whether this browser controls the run
 * @property {boolean} owner  whether the run belongs to the person at this browser
 * @property {string} holder  what the one who controls it is called; empty for nobody
 * @property {boolean} elsewhere  whether that is the same person, in another tab
 * @property {boolean} away  whether that browser is not here just now
 * @property {boolean} asked  whether this person has asked for control
 * @property {{id: string, name: string}[]} asks  who asks for it, for those who may give it
 * @property {boolean} muted  whether the owner takes no requests
 * @property {string} said  the answer to what was asked
 *
 * @typedef {"ask" | "withdraw" | "give" | "decline" | "take" | "return" | "mute" | "hear"} Action
 */
import { make, setText } from "./dom.js";

export class Control {
  /**
   * @param {(action: Action, to?: string) => void} request
   * @param {() => void} leave  called to put the focus elsewhere, where what had it has gone
   */
  constructor(request, leave) {
    this.request = request;
    this.leave = leave;
    this.words = make("p", { class: "ls-control-words", role: "status", "data-testid": "ls-control-words" });
    this.buttons = {
      ask: this.#button("ask", "Ask for control"),
      withdraw: this.#button("withdraw", "Take the request back"),
      take: this.#button("take", "Take control back"),
      return: this.#button("return", "Give control back"),
      mute: this.#button("mute", "Mute requests"),
      hear: this.#button("hear", "Take requests again"),
    };
    this.asks = make("ul", { class: "ls-asks", "aria-label": "Requests for control", "aria-live": "polite", "data-testid": "ls-asks" });
    const line = make("div", { class: "ls-control-line" }, this.words, ...Object.values(this.buttons));
    this.element = make("div", { class: "ls-control", role: "group", "aria-label": "Control of this run", "data-testid": "ls-control", hidden: true }, line, this.asks);
  }

  /** @param {View | null} view */
  show(view) {
    const had = this.element.contains(document.activeElement);
    this.element.hidden = !view || !wordsOf(view);
    if (view) this.#show(view);
    if (had && !(this.element.contains(document.activeElement) && document.activeElement?.checkVisibility())) this.leave();
  }

  /** @param {View} view */
  #show(view) {
    const { mine, owner, elsewhere, asked, asks, muted } = view;
    setText(this.words, wordsOf(view));
    setText(this.buttons.take, elsewhere ? "Control here" : "Take control back");
    const wanted = {
      ask: !mine && !owner && !elsewhere && !asked,
      withdraw: asked,
      take: !mine && (owner || elsewhere),
      return: mine && !owner,
      mute: owner && !muted && asks.length > 0,
      hear: owner && muted,
    };
    for (const [action, button] of Object.entries(this.buttons)) button.hidden = !wanted[action];
    this.buttons.ask.disabled = muted;
    this.buttons.ask.title = muted ? "The owner takes no requests just now" : "The one who controls this run is asked";
    this.#showAsks(asks);
  }

  /** Those who still ask keep their place, for a person may be about to press there. */
  #showAsks(asks) {
    const old = new Map([...this.asks.children].map((entry) => [/** @type {HTMLElement} */ (entry).dataset.id, entry]));
    for (const [id, entry] of old) if (!asks.some((ask) => ask.id === id)) entry.remove();
    for (const { id, name } of asks) {
      const entry = old.get(id) ?? this.asks.appendChild(this.#entry(id, name));
      setText(/** @type {Element} */ (entry.querySelector("b")), name);
    }
    this.asks.hidden = !asks.length;
  }

  #entry(id, name) {
    const give = this.#button("give", "Give control", id);
    const decline = this.#button("decline", "Decline", id);
    give.setAttribute("aria-label", `Give control to ${name}`);
    decline.setAttribute("aria-label", `Decline ${name}`);
    return make("li", { "data-id": id }, make("span", {}, "Asks for control: ", make("b", {}, name)), give, decline);
  }

  #button(action, word, to) {
    const button = make("button", { type: "button", class: "ls-button", "data-testid": `ls-control-${action}` }, word);
    button.addEventListener("click", () => this.request(action, to));
    return button;
  }
}

/** Say who controls the run; nothing where that is the owner at this browser, as it mostly is. @param {View} view */
function wordsOf({ mine, owner, holder, elsewhere, away, asked, asks, muted, said }) {
  const parts = [];
  if (mine && !owner) parts.push("You control this run.");
  else if (!mine && elsewhere) parts.push("You control this run in another tab.");
  else if (!mine) parts.push(holder ? `Watching; ${holder} controls${away ? ", but is away just now" : ""}.` : "Watching; nobody controls just now.");
  if (asked) parts.push("You have asked for control.");
  if (mine && owner && asks.length) parts.push(asks.length > 1 ? "Others ask for control." : "Somebody asks for control.");
  if (muted && owner) parts.push("Requests for control are muted.");
  if (said) parts.push(said);
  return parts.join(" ");
}

/**
 * Return what there is to know of control where several runs are steered as one: control of all of them is meant.
 *
 * @param {(View | null)[]} views
 * @returns {View | null}
 */
export function together(views) {
  const known = /** @type {View[]} */ (views.filter(Boolean));
  if (!known.length || known.length < views.length) return null;
  const lacking = known.find(({ mine }) => !mine) ?? known[0];
  const asks = new Map(known.flatMap((view) => view.asks).map((ask) => [ask.id, ask]));
  return { ...lacking, asked: known.some(({ asked }) => asked), asks: [...asks.values()] };
}

/** Tell whether a request makes sense for a run of which `view` is known. @param {View} view @param {Action} action @param {string} [to] */
export function fits({ mine, owner, elsewhere, asked, asks }, action, to) {
  if (action === "ask") return !mine && !owner && !elsewhere && !asked;
  if (action === "withdraw") return asked;
  if (action === "take") return !mine && (owner || elsewhere);
  if (action === "return") return mine && !owner;
  if (action === "mute" || action === "hear") return owner;
  return asks.some(({ id }) => id === to);
}
