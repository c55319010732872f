/**
 * The wire to one run: a WebSocket that comes back by itself, the commands, and the frames that are asked for.
 *
 * @typedef {import("./message.js").Message} Message
 * @typedef {"connecting" | "open" | "reconnecting" | "unknown"} Connection
 *
 * @typedef {object} Listener
 * @property {(message: Message) => void} receive
 * @property {(connection: Connection) => void} connection
 */
import { decode } from "./message.js";

const UNKNOWN_RUN = 4404;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;
const ANSWER_WITHIN = 2000;

export class Stream {
  #socket = null;
  #timer = 0;
  #wait = FIRST_WAIT;
  /** @type {{step: number, at: number} | null} the one frame that was asked for and has not come */
  #asked = null;
  /** @type {number | null} the latest wish that came while another was on its way */
  #wish = null;

  /**
   * @param {URL} address  where the run streams, with the scheme of the page
   * @param {string} token  shown to the server as a subprotocol, for a browser can't add headers to a WebSocket
   * @param {Listener} listener
   */
  constructor(address, token, listener) {
    this.address = new URL(address);
    this.address.protocol = this.address.protocol === "https:" ? "wss:" : "ws:";
    this.token = token;
    this.listener = listener;
    listener.connection("connecting");
    this.#connect();
  }

  /**
   * @param {string} command  one of engine.runs.run.COMMANDS
   * @param {string} [value]
   * @returns {boolean} whether it could be sent
   */
  command(command, value) {
    return this.#send(value === undefined ? { command } : { command, value });
  }

  /**
   * Ask for control of the run, give it, and so on.
   *
   * @param {import("./control.js").Action} action
   * @param {string} [to]
   * @returns {boolean} whether it could be sent
   */
  control(action, to) {
    return this.#send(to === undefined ? { control: action } : { control: action, to });
  }

  /** Show another right from now on, and at once: by it the server knows which browser this is. @param {string} token */
  show(token) {
    if (token === this.token) return;
    this.token = token;
    const old = this.#socket;
    if (!old || old.readyState > WebSocket.OPEN) return; // it is on its way back by itself
    this.#asked = this.#wish = null;
    this.#connect();
    old.close();
  }

  /**
   * Ask for the frame of `step`. One request is on its way at a time; of those made meanwhile the latest wins.
   *
   * @param {number} step
   */
  request(step) {
    const busy = this.#asked && performance.now() - this.#asked.at < ANSWER_WITHIN;
    this.#wish = busy && this.#asked.step !== step ? step : null;
    if (!busy && this.#send({ frame: step })) this.#asked = { step, at: performance.now() };
  }

  /**
   * Ask how a number came about.
   *
   * @param {number} step
   * @param {import("./explanation.js").Cell} cell
   * @param {boolean} [answered]  whether it is a number of the net's last answer
   * @returns {boolean} whether it could be sent
   */
  explain(step, { array, index }, answered = false) {
    return this.#send({ explain: { step, array, index, ...(answered ? { answered } : {}) } });
  }

  /**
   * Ask the net about something of a person's own.
   *
   * @param {number} step  -1 for the net as it is now
   * @param {{what: string, settings: object, values: string, id: number}} question  see engine/asking.py
   * @returns {boolean} whether it could be sent
   */
  ask(step, question) {
    return this.#send({ step, ask: question });
  }

  /** Whether the frame of a step was asked for, and has not come. @param {number} step */
  awaits(step) {
    return this.#asked?.step === step;
  }

  /**
   * A frame has come that is not new: return the step that it answers, if any was asked for, and send the next wish.
   *
   * @returns {number | null}
   */
  answered() {
    const asked = this.#asked;
    this.#asked = null;
    if (this.#wish !== null) this.request(this.#wish);
    return asked?.step ?? null;
  }

  close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #send(object) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(object));
    return true;
  }

  #connect() {
    const socket = new WebSocket(this.address, ["learnscope", this.token]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = FIRST_WAIT;
      this.listener.connection("open");
    };
    socket.onmessage = ({ data }) => {
      // A socket that was left behind may still deliver what it had.
      if (socket === this.#socket && data instanceof ArrayBuffer) this.listener.receive(decode(data));
    };
    socket.onclose = ({ code }) => {
      if (socket === this.#socket) this.#lost(code);
    };
  }

  #lost(code) {
    this.#asked = null;
    this.#wish = null;
    if (code === UNKNOWN_RUN) {
      this.listener.connection("unknown");
      return;
    }
    this.listener.connection("reconnecting");
    // Thirty browsers that lost one server should not all come back in the same instant.
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
  }
}
