/**
 * Words in their order, as a table with bars: a word is a button that makes it the next query. All text goes in as
 * text. Arrow keys go from word to word; Tab goes on behind the table.
 */
import { make } from "./dom.js";
import { loadStyle } from "./stylesheet.js";

export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  const place = parentElement.querySelector(".ls-ranked") ?? parentElement;
  loadStyle(() => {});
  loadStyle(() => {}, "ranked.css");
  const held = place.contains(document.activeElement);
  place.replaceChildren(table(data, (word) => setTriggerValue("choose", word)));
  place.dataset.painted = String(Number(place.dataset.painted ?? 0) + 1);
  if (held) place.querySelector("button")?.focus();
}

/** Return the table of some words; ``choose`` is told the word that is clicked. */
export function table({ title, columns, rows, marked, clickable }, choose) {
  const stands = new Set(marked);
  const [word, score, ...more] = columns;
  const headings = ["", word, score, ...more].map((name, at) =>
    make("th", { scope: "col", class: at >= 2 ? "ls-number" : false }, ...(name ? [name] : [make("span", { class: "ls-hidden" }, "place")])));
  const lines = rows.map(([text, value, bar, ...rest], at) => {
    const name = clickable
      ? make("button", { type: "button", class: "ls-word", tabindex: at ? -1 : 0, title: text }, text)
      : make("span", { class: "ls-word", title: text }, text);
    if (clickable) name.addEventListener("click", () => choose(text));
    const length = make("span", { class: "ls-bar", "aria-hidden": true });
    const [begin, end] = bar;
    length.style.setProperty("--begin", String(begin));
    length.style.setProperty("--share", String(end - begin));
    return make(
      "tr",
      { "data-marked": stands.has(text) },
      make("td", { class: "ls-place" }, String(at + 1)),
      make("th", { scope: "row" }, name),
      make("td", { class: "ls-number ls-score" }, length, make("span", {}, value)),
      ...rest.map((cell) => make("td", { class: "ls-number" }, cell)),
    );
  });
  const whole = make(
    "table",
    { "aria-label": title, "data-wide": more.length > 2 },
    make("thead", {}, make("tr", {}, ...headings)),
    make("tbody", {}, ...lines),
  );
  whole.addEventListener("keydown", (event) => walk(event, whole));
  return whole;
}

function walk(event, whole) {
  const words = [...whole.querySelectorAll("button.ls-word")];
  const at = words.indexOf(event.target);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: words.length - 1 }[event.key];
  if (at < 0 || next === undefined || !words[next]) return;
  event.preventDefault();
  words[at].tabIndex = -1;
  words[next].tabIndex = 0;
  words[next].focus();
}
