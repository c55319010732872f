/**
 * The states of a run, see engine/runs/run.py: what the chip says, and whether the run still takes commands.
 *
 * @typedef {object} StateWords
 * @property {string} word
 * @property {boolean} live
 * @property {boolean} [resumable]  whether a run that has ended can go on from where it was
 * @property {boolean} [alarm]  whether the message is told in a banner, as something that went wrong
 * @property {string} [fallback]  what the banner says where the run left no message
 */

/** @type {Record<string, StateWords>} */
export const STATES = {
  opening: { word: "Opening", live: false },
  ready: { word: "Ready", live: true },
  running: { word: "Training", live: true },
  paused: { word: "Paused", live: true },
  finished: { word: "Finished", live: false },
  stopped: { word: "Stopped", live: false, resumable: true },
  failed: { word: "Failed", live: false, alarm: true, fallback: "This run ended with an error." },
  crashed: {
    word: "Crashed",
    live: false,
    resumable: true,
    alarm: true,
    fallback: "The process of this run ended without a farewell. All that was recorded up to then is still here.",
  },
  interrupted: {
    word: "Interrupted",
    live: false,
    resumable: true,
    alarm: true,
    fallback: "The server ended while this run was going on. All that was recorded up to then is still here.",
  },
};
