/** Words that are cut to fit, an ellipsis at the end of what does not. */

/**
 * @param {string} words
 * @param {number} wide
 * @param {(words: string) => number} measure
 */
export function fitted(words, wide, measure) {
  if (measure(words) <= wide) return words;
  const letters = [...words];
  let end = letters.length;
  const cut = () => `${letters.slice(0, end).join("").trimEnd()}…`;
  while (end > 0 && measure(cut()) > wide) end -= 1;
  return cut();
}
