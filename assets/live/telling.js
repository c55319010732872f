/**
 * What the page around the live panel is told of one run. It runs its script each time.
 *
 * @callback Tell
 * @param {"set" | "again"} event
 * @param {Record<string, string>} value
 */
/** A held key would have the page run its script all the time. */
const SETTING_EVERY = 300;
/** What is told while the page has no connection of its own, as after a restart of the server, is lost. */
const AGAIN_EVERY = 2000;
const AGAIN_TIMES = 8;

export class Telling {
  /** @type {Tell} */
  #tell = () => {};
  #run = "";
  #setAt = -SETTING_EVERY;
  #setting = 0;
  #asking = 0;

  /** @param {(asking: boolean) => void} asking  called when one begins and ends to ask for another run */
  constructor(asking) {
    this.asking = asking;
  }

  /** @param {string} run @param {Tell} tell */
  update(run, tell) {
    this.#tell = tell;
    if (run !== this.#run) this.close();
    this.#run = run;
  }

  /** Tell that a person has changed a setting in the run; of several at once the last is told. @param {string} name @param {string} value */
  set(name, value) {
    clearTimeout(this.#setting);
    const tell = () => {
      this.#setAt = performance.now();
      this.#tell("set", { run: this.#run, name, value });
    };
    const wait = this.#setAt + SETTING_EVERY - performance.now();
    if (wait <= 0) tell();
    else this.#setting = window.setTimeout(tell, wait);
  }

  /** Ask for another run of the same settings until there is one, or until it seems that there will be none. */
  again() {
    this.#stopAsking();
    let times = 0;
    const ask = () => {
      times += 1;
      if (times > AGAIN_TIMES) this.#stopAsking();
      else this.#tell("again", { run: this.#run });
    };
    this.asking(true);
    this.#asking = window.setInterval(ask, AGAIN_EVERY);
    ask();
  }

  close() {
    clearTimeout(this.#setting);
    this.#stopAsking();
  }

  #stopAsking() {
    clearInterval(this.#asking);
    this.asking(false);
  }
}
