/** The page of the harness: the CSS variables that Streamlit sets, the panel, and handles for tests. */
import mount from "/live/assets/test/panel.js";

const THEMES = {
  light: {
    "background-color": "#ffffff", "secondary-background-color": "#f4f6f8", "text-color": "#1c2630",
    "primary-color": "#0072b2", "border-color": "#d9dfe5", font: "system-ui, sans-serif",
  },
  dark: {
    "background-color": "#12171d", "secondary-background-color": "#1b222a", "text-color": "#e4e9ee",
    "primary-color": "#3d9bd9", "border-color": "#2d3742", font: "system-ui, sans-serif",
  },
};
const place = document.getElementById("place");
const told = [];
let data = {};
let leave = null;

function wear(name) {
  for (const [variable, value] of Object.entries(THEMES[name])) document.documentElement.style.setProperty(`--st-${variable}`, value);
  document.body.style.cssText = `margin: 0; padding: 16px; background: ${THEMES[name]["background-color"]}`;
}

/** `run`, and `others` to be compared with it, are names of runs; of those, nothing but `scalars` may be wanted. */
function update({ run = data.runs?.[0].run, others = [], scalars = false, control = data.runs?.[0].control ?? true, ...changes } = {}) {
  const named = (name, place) => ({ run: name, token: "made-up", control, words: `Run ${name}`, scalars: scalars && place > 0 });
  const runs = [run, ...others].map(named);
  data = { ...data, runs, ...changes };
  leave = mount({ parentElement: place, data, setTriggerValue: (event, value) => told.push([event, value]) });
}

/** Leave the page as it was before any panel: a test that adds something beside `place` adds it to the body. */
function close() {
  place.replaceChildren();
  place.removeAttribute("tabindex");
  while (document.body.lastElementChild?.tagName !== "SCRIPT") document.body.lastElementChild.remove();
  leave?.();
  leave = null;
}

async function open({ run = "one", control = "1", theme = "light", look = "" } = {}) {
  close();
  told.length = 0;
  window.scrollTo(0, 0);
  wear(theme);
  const panels = await (await fetch(`/panels.json?run=${run}`)).json();
  place.replaceChildren(Object.assign(document.createElement("div"), { className: "ls-panel" }));
  update({
    run, lab: "made-up", learns: true, control: control !== "0", base: "/live", version: "test", title: "A run",
    labels: { learning_rate: "Learning rate" }, chosen: [], learning_rate: { low: 0.0001, high: 10 }, rate: null, panels, look: look ? JSON.parse(look) : { step: null, plots: {} },
  });
}

/** Hand the same run over with another token, as the page does where its session has begun anew. */
function renew(token) {
  data = { ...data, runs: data.runs.map((right) => ({ ...right, token })) };
  leave = mount({ parentElement: place, data, setTriggerValue: (event, value) => told.push([event, value]) });
}

window.harness = { wear, update, open, close, renew, panels: () => data.panels, told };
await open(Object.fromEntries(new URLSearchParams(location.search)));
