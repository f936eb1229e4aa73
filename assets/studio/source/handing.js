/** Handing over: one page with everything in it, the sheet to print, or the sound alone. */
import { make, open, the } from "./dom.js";
import { wait } from "./server.js";
import { clock } from "./units.js";

const KINDS = {
  page: ["One page for a phone", "player, words, chapters and sheet in one file; it opens from a mail, without a network"],
  sheet: ["The sheet, to print", "a row an exercise: dose, sides, how it is done, what to look out for"],
  mp3: ["The sound alone", "an MP3 with chapters"],
};
const STAGES = { speech: "Speaking", sound: "Making the sound", files: "Putting it together" };

export class Handing {
  #running = 0;

  /** @param {import("./work.js").Work} work */
  constructor(work) {
    this.work = work;
    the("hand-open").addEventListener("click", () => this.#open());
    the("hand-kinds").replaceChildren(...Object.entries(KINDS).map(([kind, [label, about]]) => make("li", {}, make("button", {
      type: "button", class: "found", onclick: () => this.#run(kind),
    }, make("b", {}, label), make("span", { class: "hint" }, about)))));
  }

  #open() {
    const { timeline, settings } = this.work;
    const length = timeline ? `, ${timeline.exact ? "" : "about "}${clock(timeline.length_ms)}` : "";
    the("hand-about").textContent = Object.keys(settings).length ? `As the sliders have it now${length}.` : `As it is written${length}.`;
    this.#show({});
    open(the("hand"));
  }

  #show({ wrong = "", ready = null, isRunning = false }) {
    the("hand-state").hidden = !isRunning;
    if (!isRunning) the("hand-told").textContent = "";
    the("hand-wrong").hidden = !wrong;
    the("hand-wrong").textContent = wrong;
    the("hand-done").replaceChildren(...(ready ?? []).filter(Boolean));
  }

  #far({ done, of, stage }) {
    this.#stage(STAGES[stage] ?? "Working");
    the("hand-bar").max = Math.max(1, of);
    the("hand-bar").value = done;
  }

  /** What is being done: said once, however often it is told. */
  #stage(words) {
    const told = the("hand-told");
    if (told.textContent !== `${words} …`) told.textContent = `${words} …`;
  }

  async #run(kind) {
    const run = ++this.#running;
    this.#show({ isRunning: true });
    this.#stage("Laying it out");
    the("hand-bar").removeAttribute("value");
    try {
      await this.work.flush();
      const { work } = this;
      const made = await wait("handout", { kind, path: work.studied.path, text: work.text, ...work.settings }, (line) => run === this.#running && this.#far(line));
      if (run === this.#running) this.#ready(kind, made);
    } catch (refused) {
      if (run === this.#running) this.#show({ wrong: refused.message });
    }
  }

  /** A sheet is opened beside this, since a browser prints what it shows; a file is saved at once, and can be so again. */
  #ready(kind, { file, name, bytes, too_large: tooLarge }) {
    const isSheet = kind === "sheet";
    const link = make("a", { class: "ready", href: file, ...(isSheet ? { target: "_blank", rel: "noopener" } : { download: name }) },
      isSheet ? "Open the sheet to print it" : `${name} is saved. Save it once more`, " ", make("span", { class: "hint" }, size(bytes)));
    if (!isSheet) link.click();
    this.#show({ ready: [link, tooLarge && make("p", { class: "problem note" }, `${tooLarge}.`)] });
    link.focus();
  }
}

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
