/** The first view: the sessions of the folder, what was taken away, and templates for a new one. */
import { icon, keepFocus, make, nameField, open, tell, the } from "./dom.js";
import { get, post } from "./server.js";
import { clock } from "./units.js";

export class Start {
  /** What was taken away last, and can be brought back at once. @type {{removed: string, title: string} | null} */
  #gone = null;
  #renamed = null;

  /** @param {{open: (path: string) => void, began: (studied: any) => void}} calls */
  constructor(calls) {
    this.calls = calls;
    the("new-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#make();
    });
    nameField(the("new-name"));
    nameField(the("rename-name"));
    the("rename-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#rename();
    });
    the("bring-back-last").addEventListener("click", () => this.undo());
  }

  async load() {
    this.folder = await get("folder");
    keepFocus(the("start"), () => this.#show(), the("mine"));
    return this.folder;
  }

  #show() {
    the("routines").replaceChildren(...this.folder.routines.map((one) => this.#routine(one)));
    the("no-routines").hidden = this.folder.routines.length > 0;
    this.#showRemoved();
    const picked = document.querySelector("[name=template]:checked")?.value ?? this.folder.templates[0]?.name;
    the("templates").replaceChildren(...this.folder.templates.map((one) => this.#template(one, picked)));
  }

  #routine({ path, title, has_problems: hasProblems, length_ms }) {
    const length = length_ms === null ? "" : `about ${clock(length_ms)}`;
    const act = (label, picture, run) => make("button", {
      type: "button", class: "round small", "aria-label": `${label} “${title}”`, title: label, "data-field": `${label} ${path}`, onclick: run,
    }, icon(picture));
    return make("li", { class: "session" }, make("button", { type: "button", class: "found", "data-field": `open ${path}`, onclick: () => this.calls.open(path) },
      make("b", {}, title || path), length && make("span", { class: "chip" }, length),
      hasProblems ? make("span", { class: "mark error" }, "Look at this") : null, make("span", { class: "hint" }, path)),
    make("div", { class: "acts" }, act("Copy", "copy", () => this.#copy(path, title)), act("Rename", "pen", () => this.#askName(path, title)),
      act("Remove", "bin", () => this.#remove(path, title))));
  }

  // -- copied, renamed, taken away, brought back -----------------------------------------------------------

  /** @param {() => Promise<string>} job  what it did, to be told */
  async #do(job) {
    try {
      const told = await job();
      await this.load();
      tell(told);
    } catch (refused) {
      tell(refused.message, true);
    }
  }

  #copy(path, title) {
    return this.#do(async () => {
      const made = await post("copy", { path });
      return `“${title}” is copied: the copy is in ${made.path}.`;
    });
  }

  #askName(path, title) {
    this.#renamed = path;
    the("rename-name").value = title;
    the("rename-file").textContent = `Its file stays ${path}: by that name feeds and links know it.`;
    open(the("rename"));
    the("rename-name").select();
  }

  #rename() {
    const title = the("rename-name").value.trim();
    if (!title) return the("rename-name").focus();
    the("rename").close();
    return this.#do(async () => {
      const { path, text, revision } = await get("document", { path: this.#renamed });
      await post("edit", { path, base: revision, text, edits: [{ op: "set", pointer: ["title"], value: title }] });
      return `It is called “${title}” now.`;
    });
  }

  async #remove(path, title) {
    await this.#do(async () => {
      const { removed } = await post("remove", { path });
      this.#gone = { removed, title };
      return "";
    });
    the("bring-back-last").focus();
  }

  #bringBack({ removed, title }) {
    if (this.#gone?.removed === removed) this.#gone = null;
    return this.#do(async () => {
      const { path } = await post("restore", { removed });
      return `“${title}” is back, in ${path}.`;
    });
  }

  /** Takes back the last removal, if there was one. */
  async undo() {
    if (!this.#gone) return;
    await this.#bringBack(this.#gone);
    the("mine").focus();
  }

  #showRemoved() {
    const { removed } = this.folder;
    the("gone").hidden = !this.#gone;
    if (this.#gone) the("gone-title").textContent = `“${this.#gone.title}” is removed.`;
    the("removed").hidden = !removed.length;
    the("removed-count").textContent = removed.length === 1 ? "1 removed session" : `${removed.length} removed sessions`;
    the("removed-list").replaceChildren(...removed.map((one) => make("li", { class: "session" },
      make("span", {}, make("b", {}, one.title), " ", make("span", { class: "hint" }, one.removed)),
      make("button", { type: "button", class: "quiet", "aria-label": `Bring it back: “${one.title}”`, onclick: () => this.#bringBack(one) }, "Bring it back"))));
  }

  #template({ name, title, about }, picked) {
    return make("label", { class: "template" },
      make("input", { type: "radio", name: "template", value: name, "data-field": `template ${name}`, checked: name === picked }),
      make("b", {}, title), make("span", { class: "hint" }, about));
  }

  async #make() {
    const name = the("new-name").value.trim();
    const template = document.querySelector("[name=template]:checked")?.value;
    if (!name) return the("new-name").focus();
    try {
      const studied = await post("new", { name, template });
      the("new-name").value = "";
      this.calls.began(studied);
    } catch (refused) {
      tell(refused.message, true);
    }
  }
}
