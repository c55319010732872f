/** Files that are made in the browser: nothing of them goes over the wire. */
import { make } from "./dom.js";

const KEPT_FOR = 60_000;

/**
 * Hand a file to the person at this browser.
 *
 * @param {Blob} content
 * @param {string} name  of the file
 */
export function download(content, name) {
  const address = URL.createObjectURL(content);
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_FOR);
}

/** Return parts joined to the name of a file, `playground-Ab3_x9-loss-120.csv`: no part can lead out of a folder. */
export function fileName(parts, extension) {
  const plain = parts.map((part) => String(part).replace(/[^\w.-]+/g, "_")).join("-");
  return `${plain.replace(/^\.+/, "")}.${extension}`;
}
