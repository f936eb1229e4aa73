/** What others wrote, brought in: a text or a file, what was found in it with its sentences, and a new routine. */
import { make, nameField, open, tell, the } from "./dom.js";
import { LABELS, shown as inWordsOf } from "./fields.js";
import { post } from "./server.js";
import { asTime } from "./units.js";

const KINDS = {
  "": "Find out by itself", page: "A list, a plan or an article", answer: "The answer of a chat", intervals: "A workout of intervals.icu",
  zwo: "A .zwo workout", hevy: "A CSV of Hevy", strong: "A CSV of Strong", exercises: "Exercises as JSON, for the bank",
};
const EXAMPLES = { reps: "10", for: "40s", hold: "30s", breaths: "6", repeat: "3", weight: "20 kg", about: "12m" };
const TIMES = new Set(["for", "hold", "about"]);
const FIELD = /^\s*(?:- )?([\w-]+):\s*(.*?)\s*(?:\s# (?:from|gap): .*)?$/;
/** `wall-angels` → `Wall angels`. */
const inWords = (key) => key.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());
const MOST_CHARACTERS = 3_000_000;

export class Bringing {
  #found = null;
  #proposed = "";

  /** @param {{began: (studied: any) => void, stocked: () => void}} calls  a routine is there; moves are in the bank */
  constructor(calls) {
    this.calls = calls;
    this.dialog = the("bring");
    this.source = the("bring-text");
    the("bring-kind").replaceChildren(...Object.entries(KINDS).map(([value, label]) => make("option", { value }, label)));
    the("bring-open").addEventListener("click", () => this.open());
    the("bring-file").addEventListener("change", ({ target }) => this.#take(target.files));
    the("bring-back").addEventListener("click", () => this.#show(null));
    the("bring-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#found ? this.#keep() : this.#read();
    });
    this.lookAtName = nameField(the("bring-name"));
    // What is dropped anywhere on the first view is meant for this.
    for (const place of [this.dialog, the("start")]) this.#catch(place);
  }

  open() {
    this.#show(null);
    if (!this.dialog.open) open(this.dialog);
    this.source.focus();
  }

  #catch(place) {
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      const { files } = event.dataTransfer;
      const text = event.dataTransfer.getData("text/plain");
      if (!files.length && !text) return;
      this.open();
      if (files.length) this.#take(files);
      else this.source.value = text;
    });
  }

  async #take(files) {
    const texts = await Promise.all([...files].map((file) => (file.size > MOST_CHARACTERS ? null : file.text())));
    the("bring-file").value = "";
    if (texts.includes(null)) return this.#say("This file is too large to be a session.");
    this.source.value = texts.join("\n\n");
    this.#say("");
    if (this.source.value.includes("\u0000")) return this.#say("This is no text. Copy the words out of it, and paste them here.");
    await this.#read();
  }

  #say(words) {
    the("bring-told").textContent = words;
    the("bring-told").hidden = !words;
    if (words) the("bring-told").scrollIntoView({ block: "nearest" });
  }

  async #read() {
    const text = this.source.value;
    if (!text.trim()) return this.source.focus();
    await this.#ask(async () => this.#show(await post("import", { text, kind: the("bring-kind").value })), "Reading it …");
  }

  /** One wish at a time; who waits is told so. */
  async #ask(job, waiting) {
    if (this.dialog.hasAttribute("aria-busy")) return;
    this.#say("");
    the("bring-summary").textContent = waiting;
    this.dialog.setAttribute("aria-busy", "true");
    try {
      await job();
    } catch (refused) {
      the("bring-summary").textContent = "";
      this.#say(refused.message);
      this.#blame(refused.message);
    } finally {
      this.dialog.removeAttribute("aria-busy");
    }
  }

  /** The answers that were refused are marked, with what is wrong with them; the first one is gone to. */
  #blame(message) {
    const wrong = [...the("bring-gap-list").children].filter((one) => isBlamed(one.answer(), message));
    for (const row of wrong) {
      const input = row.querySelector("input");
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-errormessage", "bring-told");
      input.addEventListener("input", () => input.removeAttribute("aria-invalid"), { once: true });
    }
    if (!wrong.length) return;
    const about = wrong.map((row) => row.querySelector("b")?.textContent).filter(Boolean).join(", ");
    this.#say(about ? `${about}: ${message}` : message);
    wrong[0].querySelector("input").focus();
  }

  /** What was found, in numbers, for who does not see the lists. */
  #summary({ lines, gaps, left_out: left }) {
    const asked = gaps.filter(({ fields }) => !fields.includes("title")).length;
    const many = (number, one, more) => `${number || "no"} ${number === 1 ? one : more}`;
    return `Found: ${many(lines.length, "entry", "entries")}, ${many(asked, "question", "questions")} to answer, ${many(left.length, "thing", "things")} left out.`;
  }

  #show(found) {
    this.#found = found;
    this.#say("");
    the("bring-summary").textContent = "";
    for (const [name, on] of [["bring-source", !found], ["bring-result", found], ["bring-back", found]]) the(name).hidden = !on;
    the("bring-do").textContent = !found ? "Read it" : found.isLibrary ? "Put it into the bank" : "Make it";
    if (!found) return;
    const rows = found.text.split("\n");
    const title = FIELD.exec(rows.find((row) => row.startsWith("title:")) ?? "")?.[2].replace(/^(["'])(.*)\1$/, "$2") ?? "";
    const isUntitled = found.gaps.some(({ fields }) => fields.includes("title"));
    this.#proposed = isUntitled ? "" : title;
    the("bring-name").value = this.#proposed;
    this.lookAtName();
    this.#gaps(found);
    the("bring-summary").textContent = this.#summary(found);
    the("bring-found").replaceChildren(...grouped(found.lines, rows).map(foundRow));
    the("bring-left-count").textContent = found.left_out.length === 1 ? "1 thing was left out" : `${found.left_out.length} things were left out`;
    the("bring-left").hidden = !found.left_out.length;
    the("bring-left").open = true;
    the("bring-left-list").replaceChildren(...found.left_out.map(({ text, why }) => make("li", {}, make("q", {}, text), make("span", { class: "hint" }, why))));
    the("bring-name").focus();
  }

  /** What the source does not say: asked for, each with a field to type it into. */
  #gaps({ gaps, lines, text }) {
    const rows = text.split("\n");
    const asked = gaps.filter(({ fields }) => !fields.includes("title"));
    the("bring-gaps").hidden = !asked.length;
    const about = ({ line }) => (/^\s*#/.test(rows[line - 1]) ? line : line - 1);
    const sources = new Map(lines.map((one) => [one.line, one.from_source]));
    the("bring-gap-list").replaceChildren(...asked.map((gap, index) =>
      gapRow(gap, rows[about(gap)] ?? "", sources.get(about(gap) + 1), `bring-gap-${index}`)));
  }

  #answers() {
    const name = the("bring-name").value.trim();
    const titles = this.#found.gaps.filter(({ fields }) => fields.includes("title")).map(({ line }) => ({ line, field: "title", value: name }));
    const typed = [...the("bring-gap-list").children].map(({ answer }) => answer()).filter(({ value }) => value);
    return [...titles, ...typed];
  }

  #keep() {
    const name = the("bring-name").value.trim();
    if (!name) return the("bring-name").focus();
    return this.#ask(async () => {
      const { text, isLibrary } = this.#found;
      // Who calls it otherwise means what is heard as well as the file.
      const title = this.#proposed && !isLibrary && name !== this.#proposed ? { title: name } : {};
      const studied = await post("keep", { name, text, answers: this.#answers(), ...title });
      this.dialog.close();
      this.source.value = "";
      if (!isLibrary) return this.calls.began(studied);
      this.calls.stocked();
      tell(`Its moves are in the bank now, from ${studied.path}.`);
    }, "Making it …");
  }
}

/** Whether words of a refusal are about an answer: they begin with its field, and quote it. */
const isBlamed = ({ field, value }, message) => Boolean(value) && message.startsWith(`${field}:`) && message.includes(`"${value}"`);

/** Fields of one sentence stand together. */
function grouped(lines, rows) {
  const groups = [];
  for (const { line, from_source: source } of lines) {
    const [, name, value] = FIELD.exec(rows[line - 1]) ?? [null, "", rows[line - 1].trim()];
    if (groups.at(-1)?.source !== source) groups.push({ source, fields: [] });
    groups.at(-1).fields.push({ name, value: name === "do" ? inWords(value) : value });
  }
  return groups;
}

function foundRow({ source, fields }) {
  const told = fields.map(({ name, value }) => make("span", { class: "told-field" }, make("b", {}, LABELS[name] ?? name), " ", inWordsOf(name, value)));
  return make("li", {}, make("p", { class: "of-it" }, ...told), make("q", {}, source));
}

/** Where a question stands: what is asked is answered, or settled, or stays marked. */
function gapRow({ line, asked, shown, fields, proposals }, row, source, id) {
  const [, name, value] = FIELD.exec(row) ?? [null, "", ""];
  const about = name === "do" ? inWords(value) : value;
  const words = make("p", { id: `${id}-asked` }, about && make("b", {}, about), about ? ": " : "", shown);
  const choices = [
    ...(fields.length ? [] : [["It stays marked, to be settled later", null]]),
    ...fields.map((field) => [LABELS[field] ?? field, (typed) => ({ field, value: TIMES.has(field) ? asTime(typed) : typed.trim() })]),
    ...proposals.map((one) => [one.field === "do" ? `${inWords(one.value)} is meant` : `${LABELS[one.field] ?? one.field} ${inWordsOf(one.field, one.value)}`, () => one]),
    ["It is right as it stands", () => ({ field: "settled", value: asked })],
  ];
  const picker = make("select", { "aria-label": `What is said of ${about || "it"}`, "aria-describedby": `${id}-asked` },
    ...choices.map(([label], value) => make("option", { value: fields.find((field) => (LABELS[field] ?? field) === label) ?? value }, label)));
  const input = make("input", { autocomplete: "off", "aria-label": `How much of ${about || "it"}`, "aria-describedby": `${id}-asked` });
  const isTyped = () => fields.includes(picker.value);
  const look = () => {
    input.hidden = !isTyped();
    input.placeholder = EXAMPLES[picker.value] ? `such as ${EXAMPLES[picker.value]}, or left open` : "left open";
  };
  picker.addEventListener("change", look);
  look();
  const element = make("li", { class: "gap" }, words, source && make("q", { class: "hint" }, source), make("div", { class: "gap-answer" }, picker, input));
  element.answer = () => {
    const said = choices[picker.selectedIndex][1]?.(input.value) ?? { field: "", value: "" };
    return { line, ...said };
  };
  return element;
}
