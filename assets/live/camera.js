/** A camera whose picture is taken when a person says so; until then, and after, nothing is looked at. */
import { make } from "./dom.js";

const INSECURE = "A camera can be used only where the page comes over https, or from this very computer.";
const REFUSED = "The browser does not let this page use a camera: allow it beside the page's address, and try again.";
const NONE = "No camera was found on this device.";

export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;

  /**
   * @param {(image: ImageBitmap) => void} taken
   * @param {(message: string) => void} failed
   */
  constructor(taken, failed) {
    this.taken = taken;
    this.failed = failed;
    this.video = make("video", { playsinline: true, "aria-label": "What the camera sees" });
    this.video.muted = true;
    const take = this.#button("take", "Take the picture", () => this.#take());
    take.classList.add("ls-primary");
    const leave = this.#button("leave", "Cancel", () => this.close());
    this.element = make("div", { class: "ls-camera", hidden: true }, this.video, make("div", { class: "ls-pad-group" }, take, leave));
  }

  async open() {
    if (!navigator.mediaDevices) return this.failed(INSECURE);
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      const { name } = /** @type {DOMException} */ (error);
      return this.failed(name === "NotFoundError" || name === "OverconstrainedError" ? NONE : REFUSED);
    }
    this.video.srcObject = this.#stream;
    this.element.hidden = false;
    await this.video.play().catch(() => {}); // it was closed meanwhile
    this.element.querySelector("button")?.focus();
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.video.srcObject = null;
    this.element.hidden = true;
  }

  async #take() {
    if (!this.video.videoWidth) return; // nothing has come yet
    const image = await createImageBitmap(this.video);
    this.close();
    this.taken(image);
  }

  #button(name, word, press) {
    const button = make("button", { type: "button", class: "ls-button", "data-testid": `ls-camera-${name}` }, word);
    button.addEventListener("click", press);
    return button;
  }
}
