/**
 * All answers to a formula on one board: a list for each method, and the plane in which its words lie. One element of
 * the page, for a page that is sent thirty of them for each question is painted late. All text goes in as text.
 */
import { make } from "./dom.js";
import { show } from "./plane.js";
import { table } from "./ranked.js";
import { loadStyle } from "./stylesheet.js";

export default function mount({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".ls-board") ?? parentElement;
  for (const name of ["panel.css", "ranked.css", "plane.css", "board.css"]) loadStyle(() => {}, name);
  const focus = focused(place);
  const choose = (word) => setTriggerValue("choose", word);
  const turn = (at) => setTriggerValue("turn", at);
  const plane = place.querySelector(".ls-plane") ?? make("div", { class: "ls-plane" });
  place.replaceChildren(
    make("div", { class: "ls-board-lists" }, ...data.lists.map((list) => column(list, choose))),
    ...(data.picture ? [picture(data.picture, plane)] : []),
    ...(data.turns.length ? [turns(data.turns, turn)] : []),
  );
  const leave = data.picture ? show(plane, data.picture) : () => {};
  refocus(place, focus);
  return leave;
}

function column(list, choose) {
  return make(
    "section",
    { class: "ls-board-list" },
    make("p", { class: "ls-board-name" }, list.name),
    make("p", { class: "ls-board-how" }, list.how),
    list.why
      ? make("p", { class: "ls-board-why" }, list.why)
      : make("div", { class: "ls-ranked" }, table({ ...list, clickable: true }, choose)),
    ...(list.told ? [make("p", {}, make("strong", {}, list.told[0]), list.told[1])] : []),
  );
}

function picture({ question, measures, about }, plane) {
  const numbers = measures.map(([label, value, means]) =>
    make("div", {}, make("dt", {}, label), make("dd", {}, value), make("dd", { class: "ls-board-means" }, means)));
  return make(
    "div",
    { class: "ls-board-picture" },
    plane,
    make(
      "section",
      {},
      make("p", { class: "ls-board-name" }, question),
      make("dl", { class: "ls-board-measures" }, ...numbers),
      ...about.map((text) => make("p", {}, text)),
    ),
  );
}

/** Return buttons that ask the same words otherwise. */
function turns(others, choose) {
  const buttons = others.map(([formula, expected], at) => {
    const button = make("button", { type: "button", class: "ls-press", title: `Expected: ${expected}` }, formula);
    button.addEventListener("click", () => choose(at));
    return button;
  });
  return make("p", { class: "ls-board-turns" }, make("span", {}, "The same four words, asked otherwise:"), ...buttons);
}

/** Return which word of which list has the focus, if one has. */
function focused(place) {
  const lists = [...place.querySelectorAll(".ls-board-list")];
  const at = lists.findIndex((list) => list.contains(document.activeElement));
  return at < 0 ? null : { at, word: document.activeElement.textContent };
}

/** Give the focus back to the same word, or else to the first of the same list. */
function refocus(place, focus) {
  if (!focus) return;
  const words = [...(place.querySelectorAll(".ls-board-list")[focus.at]?.querySelectorAll("button") ?? [])];
  (words.find((word) => word.textContent === focus.word) ?? words[0])?.focus();
}
