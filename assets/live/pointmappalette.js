/** Colours as three numbers: read, mixed, made legible on the page's paper. */

/** Contrast with the paper that a point needs to be seen, as WCAG counts it; a rim of ink is not to be had at 2 pixels. */
const LEAST_CONTRAST = 2.1;

/** Return red, green and blue, 0 to 255. @param {string} colour  `#rrggbb` or `rgb(1, 2, 3)` @returns {number[]} */
export function channelsOf(colour) {
  if (colour.startsWith("#")) return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return (colour.match(/[\d.]+/g) ?? ["128", "128", "128"]).slice(0, 3).map(Number);
}

/** @param {number[]} channels */
export function css(channels) {
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

/** @param {number[]} one @param {number[]} other @param {number} share  of the other */
export function mix(one, other, share) {
  return one.map((channel, at) => channel + (other[at] - channel) * share);
}

/** Mix a colour with ink until it stands out from the paper. @param {number[]} colour @param {import("./theme.js").Theme} theme */
export function legible(colour, theme) {
  const [ink, paper] = [channelsOf(theme.ink), channelsOf(theme.paper)];
  let shown = colour;
  for (let share = 0; share < 0.6 && contrast(shown, paper) < LEAST_CONTRAST; share += 0.04) shown = mix(colour, ink, share);
  return shown;
}

/** Spread a few colours over so many. @param {number[][]} stops @param {number} size */
export function ramp(stops, size) {
  return Array.from({ length: size }, (_, at) => {
    const place = (at / (size - 1)) * (stops.length - 1);
    const before = Math.min(stops.length - 2, Math.floor(place));
    return mix(stops[before], stops[before + 1], place - before);
  });
}

function contrast(one, other) {
  const [bright, dim] = [luminance(one), luminance(other)].sort((first, second) => second - first);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
