/**
 * Where a map comes from: its words, the layout as it forms, the finished map; asked of the routes in pages/ui/map_routes.py.
 *
 * @typedef {import("./message.js").Message} Message
 *
 * @typedef {object} Told  what is done with what has come
 * @property {(words: string[]) => void} words
 * @property {(layout: Message) => void} layout
 * @property {(map: Message) => void} done
 * @property {(sentence: string) => void} trouble  an empty sentence: it is over
 */
import { decode } from "./message.js";

/** Between two questions where nothing came of the last, in ms; after each failure twice as long, up to the longest. */
const PAUSE = 250;
const LONGEST = 8000;
/** Failures in a row that a person is told of. */
const PATIENCE = 2;
const LOST = "There is no connection to the server just now. It is tried again.";
const BROKEN = "What the server sent is no map: reload the page, or lay the map out anew.";

export class Feed {
  #ending = new AbortController();
  #base = "";
  #token = "";
  #failures = 0;

  /** @param {Told} told */
  constructor(told) {
    this.told = told;
  }

  /** Ask for another map from now on. @param {string} base  the address of its folder @param {string} token  the right to it */
  open(base, token) {
    this.close();
    this.#ending = new AbortController();
    this.#base = base;
    this.#token = token;
    this.#failures = 0;
    void this.#run(this.#ending.signal);
  }

  close() {
    this.#ending.abort();
  }

  /** Return one score of all words. @param {string} id @returns {Promise<Message>} */
  async score(id) {
    const answer = await this.#ask(`scores/${id}`, this.#ending.signal);
    return decode(await answer.arrayBuffer());
  }

  async #run(signal) {
    let version = -1;
    let hasWords = false;
    while (!signal.aborted) {
      try {
        hasWords ||= await this.#words(signal);
        const map = hasWords ? await this.#bytes("map.lsf", signal) : null;
        if (map) return this.#settled(signal, () => this.told.done(decode(map)));
        const layout = hasWords ? await this.#bytes(`layout.lsf?after=${version}`, signal) : null;
        if (layout) {
          const message = decode(layout);
          version = message.header.version;
          this.#settled(signal, () => this.told.layout(message));
        } else this.#settled(signal);
        if (!layout) await pause(PAUSE, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refused || error instanceof RangeError || error instanceof SyntaxError) return this.told.trouble(error instanceof Refused ? error.message : BROKEN);
        await this.#failed(signal);
      }
    }
  }

  async #words(signal) {
    const answer = await this.#ask("words.json", signal);
    if (answer.status === 204) return false;
    const words = await answer.json();
    if (!signal.aborted) this.told.words(words);
    return true;
  }

  async #bytes(file, signal) {
    const answer = await this.#ask(file, signal);
    return answer.status === 204 ? null : answer.arrayBuffer();
  }

  async #ask(file, signal) {
    const answer = await fetch(`${this.#base}/${file}`, { headers: { "x-learnscope-right": this.#token }, signal });
    if (answer.status === 403 || answer.status === 404) throw new Refused(await answer.text());
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
    return answer;
  }

  #settled(signal, act = () => {}) {
    if (signal.aborted) return;
    if (this.#failures >= PATIENCE) this.told.trouble("");
    this.#failures = 0;
    act();
  }

  async #failed(signal) {
    this.#failures += 1;
    if (this.#failures >= PATIENCE) this.told.trouble(LOST);
    await pause(Math.min(LONGEST, PAUSE * 2 ** this.#failures), signal);
  }
}

/** The server will not answer this, however often it is asked; says why in a sentence. */
class Refused extends Error {}

function pause(duration, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, duration);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve(undefined)), { once: true });
  });
}
