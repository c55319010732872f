/** The style sheets of the live panel, the drawing and the map, which lie beside this module: added to the page once. */
import { make } from "./dom.js";

/** @param {() => void} loaded  fonts and colours are known only then @param {string} [name] */
export function loadStyle(loaded, name = "panel.css") {
  const href = new URL(`./${name}`, import.meta.url).href;
  const there = [...document.head.querySelectorAll("link")].find((link) => link.href === href);
  const link = there ?? make("link", { rel: "stylesheet", href });
  link.addEventListener("load", loaded);
  if (!there) document.head.append(link);
}
