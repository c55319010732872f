/**
 * Frames with what the net has answered in the place of what was recorded: all that reads a frame then shows the answer.
 *
 * @typedef {import("./message.js").Message} Message
 */
export class Answered {
  /** @type {{frame: Message | null, source: Message | null, isTold: boolean, message: Message | null}} what was returned last */
  #last = { frame: null, source: null, isTold: false, message: null };

  /**
   * Return a frame with an answer in it; the same object for the same two.
   *
   * @param {Message | null} frame
   * @param {Message | null} answer
   * @param {Message | null} [like]  without an answer to this frame it is left without what this other one has told, and
   *     its header says `asked`: what was recorded is of something else, and nothing to be compared with
   */
  of(frame, answer, like = null) {
    const source = answer ?? like;
    if (!frame || !source) return frame;
    const isTold = source === answer;
    const last = this.#last;
    if (last.frame !== frame || last.source !== source || last.isTold !== isTold) {
      this.#last = { frame, source, isTold, message: isTold ? withAnswer(frame, source) : without(frame, source) };
    }
    return this.#last.message;
  }
}

/** @param {Message} frame @param {Message} answer @returns {Message} */
function withAnswer(frame, answer) {
  const { error: unanswered, words, brought } = answer.header;
  if (unanswered) return { ...frame, header: { ...frame.header, unanswered } };
  const header = { ...frame.header, words: { ...frame.header.words, ...words }, answered: true, brought };
  return { ...frame, header, arrays: new Map([...frame.arrays, ...answer.arrays]) };
}

/** @param {Message} frame @param {Message} answer @returns {Message} */
function without(frame, answer) {
  const arrays = new Map([...frame.arrays].filter(([name]) => !answer.arrays.has(name)));
  return { ...frame, header: { ...frame.header, asked: true }, arrays };
}
