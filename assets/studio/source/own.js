/** A move of one's own, in a form: few fields at first, all that the schema has behind them. */
import { make, open, the } from "./dom.js";
import { LABELS } from "./fields.js";
import { asTime } from "./units.js";

const FIRST = ["setup", "steps", "reps", "hold", "for", "sets", "posture", "sides", "finish", "caution", "easier"];
const LONG = new Set(["setup"]);
const SENTENCES = new Set(["finish", "caution", "easier", "harder", "say", "why", "avoid_if", "get_ready", "at_go"]);
/** A line for each of several. */
const MANY = new Set(["steps", "reminders", "equipment", "works", "ways"]);
/** What is different at another level: its words. */
const LEVELS = new Set(["easier", "harder"]);
const TIMES = new Set(["for", "hold", "rest", "switch", "ready", "release"]);
const DOSES = ["for", "hold", "reps", "breaths", "sets", "sides"];
const HINTS = {
  setup: "how to get into position, as you would say it",
  steps: "what is done in each repetition, a line each: Lift. Lower.",
  easier: "what you would say to whom it is too much",
  harder: "what you would say to whom it is too little",
};
// What YAML and its readers take for words, whatever stands around it.
const PLAIN = /^[\p{L}\d](?:[\p{L}\p{M}\d .,'’;/()+-]*[\p{L}\p{M}\d.)])?$/u;
const WORD = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

const scalar = (text) => (PLAIN.test(text) && !WORD.test(text) ? text : JSON.stringify(text));
const lines = (text) => text.split("\n").map((one) => one.trim()).filter(Boolean);

/** The key of a move of this name: `Goblet squat` is `goblet-squat`. */
export const keyOf = (name) => name.toLowerCase().replace(/[^\p{L}\d]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "move";

/** The YAML of a move whose fields have these texts. @param {Record<string, string>} values */
export function yamlOf(values) {
  const rows = Object.entries(values).filter(([, text]) => text.trim()).map(([name, text]) => {
    if (LEVELS.has(name)) return `${name}:\n  say: ${scalar(one(text))}`;
    if (MANY.has(name)) return `${name}:${lines(text).map((line) => `\n  - ${scalar(line)}`).join("")}`;
    return `${name}: ${scalar(TIMES.has(name) ? asTime(text) : one(text))}`;
  });
  return `${rows.join("\n")}\n`;
}

const one = (text) => lines(text).join(" ");

export class OwnMove {
  /** @param {() => any | null} schema */
  constructor(schema) {
    this.schema = schema;
    the("own-name").addEventListener("input", () => the("own-name").setCustomValidity(""));
    the("own-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#done();
    });
  }

  /**
   * @param {{id?: string, name?: string, taken?: string[]}} known  the key that it must have; keys that it cannot
   * @param {(move: {id: string, name: string, yaml: string, dose: string}) => void} take
   */
  open(known, take) {
    Object.assign(this, { known, take });
    const about = this.schema()?.$defs.move.properties ?? {};
    const names = Object.keys(about).filter((name) => name !== "name");
    const first = FIRST.filter((name) => !names.length || names.includes(name));
    the("own-name").value = known.name ?? "";
    the("own-name").setCustomValidity("");
    the("own-first").replaceChildren(...first.map((name) => row(name, about[name])));
    the("own-more").replaceChildren(...names.filter((name) => !first.includes(name)).map((name) => row(name, about[name])));
    the("own-rest").open = false;
    open(the("own"));
    the("own-name").focus();
  }

  #refuse() {
    the("own-name").setCustomValidity("There is a move of this name: choose it from the list of moves, or give yours another name.");
    the("own-name").reportValidity();
  }

  #done() {
    const name = the("own-name").value.trim();
    if (!name) return the("own-name").focus();
    const id = this.known.id ?? keyOf(name);
    if (this.known.taken?.includes(id)) return this.#refuse();
    const values = { name };
    for (const input of the("own-form").querySelectorAll("[data-own]")) values[input.dataset.own] = input.value;
    the("own").close();
    const dose = DOSES.filter((field) => values[field]?.trim()).map((field) => `${field}: ${values[field].trim()}`).join(", ");
    this.take({ id, name, yaml: yamlOf(values), dose });
  }
}

function row(name, { description = "", anyOf = [] } = {}) {
  const id = `own-${name}`;
  const choices = anyOf.flatMap((kind) => kind.enum ?? []);
  const long = LONG.has(name) || MANY.has(name);
  const input = choices.length
    ? make("select", { id }, make("option", { value: "" }, "–"), ...choices.map((value) => make("option", { value }, value)))
    : make(long ? "textarea" : "input", { id, autocomplete: "off", rows: long ? 2 : null });
  input.dataset.own = name;
  input.setAttribute("aria-describedby", `${id}-about`);
  const hint = HINTS[name] ?? `${MANY.has(name) ? "a line each: " : ""}${description.split(/[;:]/)[0].replace(/^a list (?:of )?/, "")}`;
  return make("div", { class: long || SENTENCES.has(name) ? "field is-wide" : "field" }, make("label", { htmlFor: id }, LABELS[name] ?? name), input,
    make("p", { class: "hint", id: `${id}-about` }, hint));
}
