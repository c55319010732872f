/** Choose a file and send it to the server, which answers with the name under which it can be opened. */
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
  const bar = make("progress", { max: 1, hidden: true, "aria-label": "Uploaded" });
  const most = `At most ${Math.floor(data.most / MEGA)} MB: ${data.about}`;
  const said = make("p", { class: "ls-picker-said", role: "status" }, most);
  place.append(input, bar, said);
  let request = null;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (!file) return;
    request?.abort();
    if (file.size > data.most) {
      setText(said, `${file.name} is too large. ${most}`);
      return;
    }
    request = send(place.learnscope.data, file, bar, said, (id) => {
      input.value = "";
      place.learnscope.setTriggerValue("kept", id);
    });
  });
  return () => request?.abort();
}

function send({ token, to }, file, bar, said, kept) {
  const request = new XMLHttpRequest();
  request.open("PUT", new URL(`../../${to}`, import.meta.url));
  request.setRequestHeader("x-learnscope-right", token);
  request.setRequestHeader("x-learnscope-name", encodeURIComponent(file.name));
  bar.hidden = false;
  bar.value = 0;
  setText(said, `Sending ${file.name}…`);
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
    over(id ? `${file.name} is kept.` : (error ?? "The file was not kept: try again."));
    if (id) kept(id);
  });
  request.send(file);
  return request;
}

function read(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
