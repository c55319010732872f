/** Choose a file, or some that belong together, and send them to the server, which answers with the name under which
 * they can be opened. Some are sent one behind the other, with how long each of them is.
 */
import { make, setText } from "./dom.js";
import { loadStyle } from "./stylesheet.js";

const MEGA = 2 ** 20;

export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  const place = parentElement.querySelector(".ls-picker") ?? parentElement;
  loadStyle(() => {}, "ranked.css");
  place.learnscope = { data, setTriggerValue };
  if (place.firstChild) return undefined;
  const input = make("input", { type: "file", class: "ls-picker-file", "aria-label": data.label, "data-testid": data.testid });
  input.multiple = data.files > 1;
  const bar = make("progress", { max: 1, hidden: true, "aria-label": "Uploaded" });
  const most = `At most ${Math.floor(data.most / MEGA)} MB: ${data.about}`;
  const said = make("p", { class: "ls-picker-said", role: "status" }, most);
  place.append(input, bar, said);
  let request = null;
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    if (!files.length) return;
    request?.abort();
    const names = files.map(({ name }) => name).join(" and ");
    if (files.length > (data.files ?? 1)) {
      setText(said, `These are ${files.length} files: choose at most ${data.files}. ${most}`);
      return;
    }
    if (files.reduce((sum, { size }) => sum + size, 0) > data.most) {
      setText(said, `${names} ${files.length > 1 ? "are" : "is"} too large. ${most}`);
      return;
    }
    request = send(place.learnscope.data, files, names, bar, said, (id) => {
      input.value = "";
      place.learnscope.setTriggerValue("kept", id);
    });
  });
  return () => request?.abort();
}

function send({ token, to, files: some }, files, names, bar, said, kept) {
  const request = new XMLHttpRequest();
  request.open("PUT", new URL(`../../${to}`, import.meta.url));
  request.setRequestHeader("x-learnscope-right", token);
  request.setRequestHeader("x-learnscope-name", files.map(({ name }) => encodeURIComponent(name)).join("%2F"));
  if (some) request.setRequestHeader("x-learnscope-sizes", files.map(({ size }) => size).join(","));
  bar.hidden = false;
  bar.value = 0;
  setText(said, `Sending ${names}…`);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = total ? loaded / total : 0;
  });
  const over = (sentence) => {
    bar.hidden = true;
    setText(said, sentence);
  };
  request.addEventListener("error", () => over("The upload was cut off: choose the file again."));
  request.addEventListener("load", () => {
    const { id, error } = read(request.responseText);
    over(id ? `${names} ${files.length > 1 ? "are" : "is"} kept.` : (error ?? "The file was not kept: try again."));
    if (id) kept(id);
  });
  request.send(files.length > 1 ? new Blob(files) : files[0]);
  return request;
}

function read(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
