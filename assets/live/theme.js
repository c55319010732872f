/**
 * The theme of the page around the panel, read from the CSS variables that Streamlit sets.
 *
 * @typedef {object} Theme
 * @property {boolean} dark
 * @property {string} ink  text
 * @property {string} muted  text that steps back
 * @property {string} line  grids and rules
 * @property {string} paper  background
 * @property {string} font
 */

/**
 * @param {Element} element  inside the themed page, with panel.css applied
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const ink = channels(style.color);
  const paper = channels(resolved(element, "--ls-paper"));
  const dark = paper[0] * 0.299 + paper[1] * 0.587 + paper[2] * 0.114 < 128;
  return {
    dark,
    ink: css(ink),
    muted: css(mix(ink, paper, 0.32)),
    line: css(mix(ink, paper, 0.89)),
    paper: css(paper),
    font: style.fontFamily,
  };
}

/**
 * Call `changed` whenever the page around `element` may have changed its theme.
 *
 * Streamlit also mounts a component again on a change of theme; this catches what it does not tell of.
 *
 * @param {() => void} changed
 * @returns {() => void} ends the watch
 */
export function watchTheme(changed) {
  const observer = new MutationObserver(changed);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  }
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    scheme.removeEventListener("change", changed);
  };
}

/** Return a colour variable as the browser computes it: `rgb(...)` whatever way it was written. */
function resolved(element, variable) {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function channels(colour) {
  return (colour.match(/[\d.]+/g) ?? ["128", "128", "128"]).slice(0, 3).map(Number);
}

/** Mix two colours here, for Plotly reads no `color-mix`. */
function mix(colour, other, share) {
  return colour.map((channel, index) => channel * (1 - share) + other[index] * share);
}

function css(colour) {
  return `rgb(${colour.map(Math.round).join(", ")})`;
}
