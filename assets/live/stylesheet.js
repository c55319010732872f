/** The style sheet of the live panel and of the drawing, which lies beside this module: added to the page once. */
import { make } from "./dom.js";

/** @param {() => void} loaded  fonts and colours are known only then */
export function loadStyle(loaded) {
  const href = new URL("./panel.css", import.meta.url).href;
  const there = [...document.head.querySelectorAll("link")].find((link) => link.href === href);
  const link = there ?? make("link", { rel: "stylesheet", href });
  link.addEventListener("load", loaded);
  if (!there) document.head.append(link);
}
