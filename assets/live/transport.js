/**
 * The bar above the panels: train or pause, step, epoch, reset, stop, the learning rate and the state.
 *
 * @typedef {import("./stream.js").Connection} Connection
 */
import { make, setText } from "./dom.js";
import { ordinal } from "./numbers.js";
import { Rate } from "./rate.js";
import { STATES } from "./states.js";

const RESET = "Back to the same initial weights; what was recorded is dropped";
const AGAIN = "A new run of the same settings, from the same initial weights";
const WAITS = "Waits for its turn: ";
const NOT_YOURS = "This run has ended, and it is its owner's to open it again";
const OPENING = "A new run of the same settings is being opened";

export class Transport {
  /**
   * @param {(command: string, value?: string) => void} command
   * @param {() => void} again  called where another run of the same settings is wanted, for this one is over
   * @param {(message: string) => void} refuse  called with why something cannot be
   */
  constructor(command, again, refuse) {
    this.state = "opening";
    /** @type {Connection} */
    this.connection = "connecting";
    this.asking = false;
    this.turn = { place: 0, waiting: 0 };
    this.owner = true;
    this.train = this.#button("train", "Train", () => command(this.state === "running" ? "pause" : "resume"));
    this.train.classList.add("ls-primary");
    this.step = this.#button("step", "Step", () => command("step"));
    this.epoch = this.#button("epoch", "Epoch", () => command("epoch"));
    this.reset = this.#button("reset", "Reset", () => (this.over ? again() : command("reset")));
    this.stop = this.#button("stop", "Stop", () => command("stop"));
    const all = [this.train, this.step, this.epoch, this.reset, this.stop];
    this.buttons = make("div", { class: "ls-buttons", role: "group", "aria-label": "Training" }, ...all);
    this.watching = make("p", { class: "ls-watching", hidden: true }, "You are watching");
    this.rate = new Rate((value) => command("set", `learning_rate=${value}`), refuse);
    this.word = make("span", { "data-testid": "ls-state-word" });
    this.place = make("span", { class: "ls-place", "data-testid": "ls-place", hidden: true });
    this.chip = make("span", { class: "ls-chip", "data-testid": "ls-state" }, this.word, this.place);
    this.element = make("div", { class: "ls-transport" }, this.chip, this.buttons, this.watching, this.rate.element);
    this.#refresh();
  }

  /**
   * `owner` says whether the run is this person's, `told` whether it is said elsewhere who controls it.
   *
   * @param {{control: boolean, owner: boolean, told: boolean, learning_rate: {low: number, high: number} | null}} data
   */
  update({ control, owner, told, learning_rate: bounds }) {
    this.buttons.hidden = !control;
    this.watching.hidden = control || told;
    this.owner = owner;
    this.#refresh();
    this.rate.update(control ? bounds : null);
  }

  /** @param {string} epoch  what a pass over all is called */
  nameEpoch(epoch) {
    setText(this.epoch, epoch.charAt(0).toUpperCase() + epoch.slice(1));
  }

  /** Whether the run has ended, however it did. */
  get over() {
    return this.state !== "opening" && !STATES[this.state]?.live;
  }

  /** @param {string} state @param {string} message */
  showState(state, message) {
    this.state = state;
    this.chip.title = message;
    this.#refresh();
  }

  /** @param {import("./track.js").Turn} turn */
  showTurn(turn) {
    this.turn = turn;
    this.#refresh();
  }

  /** @param {Connection} connection */
  showConnection(connection) {
    this.connection = connection;
    this.#refresh();
  }

  /** @param {boolean} asking  whether another run of the same settings is on its way */
  showAsking(asking) {
    this.asking = asking;
    this.#refresh();
  }

  #refresh() {
    const words = STATES[this.state] ?? { word: this.state, live: false };
    const lost = this.connection === "reconnecting";
    this.chip.dataset.state = this.state;
    this.chip.dataset.connection = this.connection;
    const waits = this.state === "running" && !lost && this.turn.place > 0;
    this.chip.toggleAttribute("data-waits", waits);
    setText(this.word, lost ? "Reconnecting…" : waits ? WAITS : words.word);
    setText(this.place, waits ? `${ordinal(this.turn.place)} of ${this.turn.waiting}` : "");
    this.place.hidden = !waits;
    const resumable = Boolean(words.resumable) && this.connection !== "unknown";
    const why = lost ? "There is no connection to the server just now" : words.live ? "" : this.over ? "This run has ended: Again opens a new one" : "The run is not open yet";
    const way = resumable && !lost ? "" : why;
    const running = this.state === "running";
    this.#enable(this.train, way, running ? "Hold where it is (space)" : resumable ? "Go on from where it ended (space)" : "Train (space)");
    setText(this.train, running ? "Pause" : resumable ? "Continue" : "Train");
    const busy = way || (running ? "Pause first" : "");
    this.#enable(this.step, busy, "Make one update of the weights");
    this.#enable(this.epoch, busy, "Go once over all that is learnt from");
    this.#enable(this.stop, why, "End this run and keep what was recorded");
    this.#refreshReset(why, lost);
    this.rate.disable(why !== "", why);
  }

  /** Where the run has ended, the button that leads back to its beginning opens another in its place. */
  #refreshReset(why, lost) {
    const { reset, over, asking } = this;
    setText(reset, !over ? "Reset" : asking ? "Opening…" : "Again");
    const opening = asking ? OPENING : this.owner ? "" : NOT_YOURS;
    this.#enable(reset, over && !lost ? opening : why, over ? AGAIN : RESET);
  }

  #enable(button, why, title) {
    button.disabled = why !== "";
    button.title = why || title;
  }

  #button(name, word, press) {
    const button = make("button", { type: "button", name, class: "ls-button", "data-testid": `ls-${name}` }, word);
    button.addEventListener("click", press);
    return button;
  }
}
