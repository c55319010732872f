/** The steps of a sequence that a net reads: what each is called, in a picture and in a sentence. */
import { fitted } from "./fitted.js";
import { wordsOf } from "./words.js";

/** Said in the place of how numbers have changed that are of different things. */
export const OTHER = "The two steps have read different sequences: there is no change to be shown.";
/** In the place of what cannot be seen. */
const BLANK = "␣";
/** Told of a step at which there is nothing to read. */
const NOTHING = "nothing";
/** Letters: more of a name is not looked at, and not told. It is whole in the file that one takes away. */
const LONGEST = 120;
const TOLD = 40;
/** They turn the direction of all that follows. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * Return the lines of words, one for each step; no words have none.
 *
 * @param {string} key
 * @param {Parameters<typeof wordsOf>[1]} scene
 * @returns {string[]}
 */
export function linesOf(key, scene) {
  const words = wordsOf(key, scene);
  return words ? words.split("\n") : [];
}

/** Return what is written for a step in a picture: nothing where nothing is read. @param {string} line */
export function nameOf(line) {
  if (line === "") return "";
  return line.trim() ? [...line.slice(0, 2 * LONGEST)].slice(0, LONGEST).join("") : BLANK;
}

/** Return a step's name as it stands in a sentence, whichever way its letters run. @param {string} line */
export function quoted(line) {
  if (line === "") return NOTHING;
  return `«\u2068${fitted(nameOf(line).replace(TURNING, ""), TOLD, (words) => [...words].length)}\u2069»`;
}
