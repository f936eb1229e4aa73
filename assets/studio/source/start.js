/** The first view: the routines of the folder, and templates for a new one. */
import { make, the, tell } from "./dom.js";
import { get, post } from "./server.js";

export class Start {
  /** @param {{open: (path: string) => void, began: (studied: any) => void}} calls */
  constructor(calls) {
    this.calls = calls;
    the("new-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#make();
    });
  }

  async load() {
    this.folder = await get("folder");
    the("routines").replaceChildren(...this.folder.routines.map((one) => this.#routine(one)));
    the("no-routines").hidden = this.folder.routines.length > 0;
    const picked = document.querySelector("[name=template]:checked")?.value ?? this.folder.templates[0]?.name;
    the("templates").replaceChildren(...this.folder.templates.map((one) => this.#template(one, picked)));
    return this.folder;
  }

  #routine({ path, title, has_problems: hasProblems }) {
    return make("li", {}, make("button", { type: "button", class: "found", onclick: () => this.calls.open(path) },
      make("b", {}, title || path), make("span", { class: "hint" }, path),
      hasProblems ? make("span", { class: "mark error" }, "Look at this") : null));
  }

  #template({ name, title, about }, picked) {
    return make("label", { class: "template" },
      make("input", { type: "radio", name: "template", value: name, checked: name === picked }),
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
