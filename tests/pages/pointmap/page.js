/** The page of the harness: the CSS variables that Streamlit sets, the map, and handles for tests. */
import mount from "/live/assets/test/pointmap.js";

const THEMES = {
  light: {
    "background-color": "#ffffff", "secondary-background-color": "#f2f5f8", "text-color": "#0b131b",
    "primary-color": "#00639c", "border-color": "#cbd5df", font: "system-ui, sans-serif",
  },
  dark: {
    "background-color": "#10161d", "secondary-background-color": "#1b242e", "text-color": "#e8eef4",
    "primary-color": "#5bb8f0", "border-color": "#364554", font: "system-ui, sans-serif",
  },
};
const BLANK = { map: "", token: "", title: "Map", state: "", message: "", cancellable: false, scores: [], actions: {}, look: { view: null, word: "", colour: "", chosen: [] } };
const place = document.getElementById("place");
const told = [];
let data = BLANK;
let leave = null;

function wear(name) {
  for (const [variable, value] of Object.entries(THEMES[name])) document.documentElement.style.setProperty(`--st-${variable}`, value);
  document.body.style.cssText = `margin: 0; padding: 16px; background: ${THEMES[name]["background-color"]}`;
}

function update(changes = {}) {
  data = { ...data, ...changes };
  leave = mount({ parentElement: place, data, setTriggerValue: (event, value) => told.push([event, value]) });
}

function close() {
  place.replaceChildren();
  leave?.();
  leave = null;
}

function open({ theme = "light", ...changes } = {}) {
  close();
  told.length = 0;
  window.scrollTo(0, 0);
  wear(theme);
  data = BLANK;
  update(changes);
}

window.harness = { wear, update, open, close, told };
wear("light");
