/**
 * What the page around the live panel is told of its run. It runs its script each time.
 *
 * @callback Tell
 * @param {"set" | "again" | "branch" | "look"} event
 * @param {Record<string, string | number | null | Record<string, string>>} value
 */
/** A held key would have the page run its script all the time. */
const SETTING_EVERY = 300;
/** What is told while the page has no connection of its own, as after a restart of the server, is lost. */
const ASKED_EVERY = 2000;
const ASKED_TIMES = 8;
/** Whoever scrubs looks at many steps, and means the one where they stay. */
const LOOKED_FOR = 500;

export class Telling {
  /** @type {Tell} */
  #tell = () => {};
  #run = "";
  #runs = "";
  #setAt = -SETTING_EVERY;
  #setting = 0;
  /** Settings that were changed, and are yet to be told. @type {Record<string, string>} */
  #untold = {};
  #asking = 0;
  #looking = 0;
  /** @type {number | null} the step looked at, as the page knows it; null for the newest */
  looked = null;

  /** @param {(asking: boolean) => void} asking  called when one begins and ends to ask for another run */
  constructor(asking) {
    this.asking = asking;
  }

  /** @param {string[]} runs  all that the panel shows, the one of the page first @param {Tell} tell */
  update(runs, tell) {
    this.#tell = tell;
    if (runs.join() !== this.#runs) this.close();
    if (runs[0] !== this.#run) this.looked = null;
    this.#runs = runs.join();
    this.#run = runs[0];
  }

  /** Tell that a person has changed settings in the run; of several values of one the last is told. @param {Record<string, string>} settings */
  set(settings) {
    clearTimeout(this.#setting);
    this.#untold = { ...this.#untold, ...settings };
    const tell = () => {
      this.#setAt = performance.now();
      this.#tell("set", { run: this.#run, settings: this.#untold });
      this.#untold = {};
    };
    const wait = this.#setAt + SETTING_EVERY - performance.now();
    if (wait <= 0) tell();
    else this.#setting = window.setTimeout(tell, wait);
  }

  /** Tell which step is looked at, null for the newest. @param {number | null} step */
  look(step) {
    clearTimeout(this.#looking);
    if (step === this.looked) return;
    this.#looking = window.setTimeout(() => {
      this.looked = step;
      this.#tell("look", { run: this.#run, step });
    }, LOOKED_FOR);
  }

  /** Ask for others of the same settings in place of those runs that are over. */
  again() {
    this.#ask("again", { run: this.#run });
  }

  /** Ask for another run that begins where this one stood. @param {number} step */
  branch(step) {
    this.#ask("branch", { run: this.#run, step });
  }

  close() {
    clearTimeout(this.#setting);
    this.#untold = {};
    clearTimeout(this.#looking);
    this.#stopAsking();
  }

  /** Ask for another run until there is one, or until it seems that there will be none. */
  #ask(event, value) {
    this.#stopAsking();
    let times = 0;
    const ask = () => {
      times += 1;
      if (times > ASKED_TIMES) this.#stopAsking();
      else this.#tell(event, value);
    };
    this.asking(true);
    this.#asking = window.setInterval(ask, ASKED_EVERY);
    ask();
  }

  #stopAsking() {
    clearInterval(this.#asking);
    this.asking(false);
  }
}
