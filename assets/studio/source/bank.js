/** What can be put into a session: a move of the bank, a rest, words, a section. */
import { make, open, the } from "./dom.js";
import { inherited } from "./fields.js";

const START = { rest: "rest: 30s\n", say: "say: New words.\n", section: "section: New section\nitems:\n  - rest: 30s\n" };

const joined = (text) => text.replace(/[\s-]/g, "");

/**
 * Where something new goes: behind a card, into the section that is open, else at the end: of the last section, where
 * nothing but the goodbye is behind it.
 *
 * @param {import("./types.js").Card[]} cards
 * @param {import("./types.js").Card | null} open
 * @returns {{pointer: import("./types.js").Pointer, at: number}}
 */
export function placeFor(cards, open, kind) {
  const count = (list) => cards.filter(({ pointer }) => pointer.length === list.length + 1
    && list.every((step, index) => step === pointer[index])).length;
  const end = { pointer: ["session"], at: kind === "say" ? count(["session"]) : beforeGoodbye(cards, count(["session"])) };
  const last = cards.find(({ pointer }) => pointer.length === 2 && pointer[0] === "session" && pointer[1] === end.at - 1);
  const isInLast = (kind === "do" || kind === "rest") && last?.kind === "section" && !last.readOnly;
  if ((!open || open.pointer[0] !== "session") && isInLast) return { pointer: [...last.pointer, "items"], at: count([...last.pointer, "items"]) };
  if (!open || open.pointer[0] !== "session") return end;
  if (kind === "section") return { pointer: ["session"], at: open.pointer[1] + 1 };
  const list = [...open.pointer, "items"];
  if (open.kind === "section" || open.kind === "block") return { pointer: list, at: count(list) };
  return { pointer: open.pointer.slice(0, -1), at: open.pointer.at(-1) + 1 };
}

/** What a move brings along, by field: `{reps: "10", rest: "40s"}`. @param {import("./types.js").Move} [move] */
export function bringsOf({ dose = "" } = {}) {
  return Object.fromEntries(dose.split(/, (?=[a-z]+: )/).map((part) => part.split(": ")).filter(([, value]) => value));
}

/** The end of a session, before words that close it. */
function beforeGoodbye(cards, end) {
  const last = cards.find(({ pointer }) => pointer.length === 2 && pointer[0] === "session" && pointer[1] === end - 1);
  return end > 1 && last?.kind === "say" ? end - 1 : end;
}

/** @returns {import("./types.js").Edit} */
export function insertion(cards, card, kind, yaml = START[kind]) {
  return { op: "insert", ...placeFor(cards, card, kind), yaml };
}

/** The dialog with all moves: filters above, the moves that pass them below. */
export class Bank {
  /** @type {import("./types.js").Move[]} */
  moves = [];
  own = [];

  constructor() {
    this.dialog = the("bank");
    this.search = the("bank-search");
    this.filters = ["posture", "equipment", "works"].map((name) => the(`bank-${name}`));
    for (const input of [this.search, ...this.filters]) input.addEventListener("input", () => this.#show());
    the("bank-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const isSought = [this.search, ...this.filters].some(({ value }) => value.trim());
      if (isSought) the("bank-found").querySelector("button")?.click();
      else the("bank-count").textContent = "Write a word of it first, or go down to the moves with Tab";
    });
  }

  /**
   * @param {string} title
   * @param {import("./types.js").Move[]} own  moves of the routine itself
   * @param {(move: import("./types.js").Move) => void} take  called with the one that is chosen
   */
  open(title, own, take) {
    Object.assign(this, { take, own });
    the("bank-title").textContent = title;
    const of = { posture: ({ posture }) => [posture], equipment: ({ equipment }) => equipment, works: ({ works }) => works };
    for (const picker of this.filters) {
      const name = picker.id.slice("bank-".length);
      const all = [...new Set(this.moves.flatMap(of[name]))].filter(Boolean).sort();
      picker.replaceChildren(make("option", { value: "" }, "any"),
        ...(name === "equipment" ? [make("option", { value: "none" }, "none")] : []),
        ...all.map((value) => make("option", { value }, value)));
    }
    // What was looked for last is no name for what comes now.
    this.search.value = "";
    this.#show();
    open(this.dialog);
    this.search.focus();
  }

  /** The moves are there: also for who has the dialog open already. @param {import("./types.js").Move[]} moves */
  fill(moves) {
    this.moves = moves;
    if (this.dialog.open) this.#show();
  }

  #show() {
    const [posture, equipment, works] = this.filters.map(({ value }) => value);
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = this.#all();
    const found = all.filter((move) => {
      const text = [move.id, move.name, move.posture, ...move.equipment, ...move.works].join(" ").toLowerCase();
      return words.every((word) => text.includes(word) || joined(text).includes(joined(word)))
        && (!posture || move.posture === posture)
        && (!equipment || (equipment === "none" ? !move.equipment.length : move.equipment.includes(equipment)))
        && (!works || move.works.includes(works));
    });
    const more = found.length ? "" : ". Try another word for it, or make one of your own";
    the("bank-count").textContent = `${found.length} of ${all.length} moves${more}`;
    the("bank-found").replaceChildren(...found.slice(0, 200).map((move) => this.#row(move)));
  }

  /** A move of the routine takes the place of the one of a library that it was made of, and is found by the same. */
  #all() {
    const known = new Map(this.moves.map((move) => [move.id, move]));
    const own = this.own.map((move) => {
      const { posture, equipment, works } = known.get(move.id) ?? move;
      return { ...move, posture, equipment, works };
    });
    const ids = new Set(own.map(({ id }) => id));
    return [...own, ...this.moves.filter(({ id }) => !ids.has(id))];
  }

  #row(move) {
    const facts = move.library === "" ? ["of this session"] : [move.posture, move.equipment.join(", ") || "no equipment", move.works.join(", ")].filter(Boolean);
    const take = () => {
      this.dialog.close();
      this.take(move);
    };
    return make("li", {}, make("button", { type: "button", class: "found", onclick: take },
      make("b", {}, move.name), move.dose ? make("span", { class: "chip" }, inherited({ title: "", fields: [] }, bringsOf(move)).join(", ")) : null,
      make("span", { class: "hint" }, facts.join(" · "))));
  }
}
