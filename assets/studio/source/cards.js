/** The list of cards: what the routine is made of, in order; the one that is open shows its fields. */
import { icon, make, named, nameOf, takesWords, tell, the } from "./dom.js";
import { dosePicker, fieldRow, grouped, inGroups, inherited, labelOf, summary, told, valueOf } from "./fields.js";
import { carried, isBelow } from "./pointers.js";
import { asTime } from "./units.js";

const KINDS = { section: "Section", do: "Move", say: "Words", rest: "Rest", block: "Block", routine: "Session", other: "More" };
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isLeaf = ({ kind }) => kind !== "section" && kind !== "block" && kind !== "routine";

/**
 * Cards that did not change keep their elements: what is typed elsewhere costs no more than what it changes.
 */
export class Cards {
  #rows = [];
  #open = null;
  #count = 0;
  /** The cards that are shown, whose they are, and what became of those before them. */
  #cards = [];
  #path = "";
  #next = new WeakMap();
  #places = new WeakMap();
  /** A card that goes from one list to another just now. @type {{from: any, to: any} | null} */
  #goes = null;
  /** What is unfolded in the open card. */
  #unfolded = new Set();

  /**
   * @param {HTMLOListElement} list
   * @param {import("./work.js").Work} work
   * @param {{selected: (card: any) => void, play: (card: any) => void, said: (card: any) => HTMLElement | null,
   *   choose: (card: any) => void, own: (card: any) => void, by: (card: any) => Record<string, string>,
   *   toggle: (card: any) => void}} calls  `choose` another move, describe one of its `own`; what a move says `by` itself; `play` begins at a card, `toggle` pauses too
   */
  constructor(list, work, calls) {
    Object.assign(this, { list, work, calls });
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @returns {import("./types.js").Card | null} */
  get open() {
    return this.#open;
  }

  render() {
    const { cards, problems } = this.work.studied;
    this.#follow();
    this.#open = this.now(this.#open);
    const rows = cards.map((card) => this.#shape(card, problems));
    const focus = this.#focus();
    let [start, end] = [0, 0];
    const old = this.#rows;
    const equal = (a, b) => a && b && a.shape === b.shape;
    while (equal(old[start], rows[start])) start++;
    while (end < Math.min(old.length, rows.length) - start && equal(old.at(-1 - end), rows.at(-1 - end))) end++;
    for (const row of old.slice(start, old.length - end)) {
      // What is half typed goes on in the field that is drawn anew: to take this one away is not to leave it.
      if (focus && row.element.contains(focus.control)) focus.control.dataset.redrawn = "";
      row.element.remove();
    }
    const next = old[old.length - end]?.element ?? null;
    rows.forEach((row, index) => {
      const kept = index < start ? old[index] : index >= rows.length - end ? old[old.length - rows.length + index] : null;
      row.element = kept?.element ?? this.#element(row);
      row.element.row = row;
      if (!kept) this.list.insertBefore(row.element, next);
    });
    this.#rows = rows;
    this.#showPlaces();
    this.#refocus(focus);
  }

  /** What became of a card, however often all of them were made anew since; `null` where it is gone. */
  now(card) {
    let found = card;
    while (found && !this.#cards.includes(found)) found = this.#next.get(found) ?? null;
    return found;
  }

  /** Which of the cards that come is which of those that were: by how the tree was edited, else by its place in the text, else by its way. */
  #follow() {
    const { cards, path, edits = [] } = this.work.studied;
    if (cards === this.#cards) return;
    const [byWay, byPlace] = [new Map(), new Map()];
    for (const card of cards) {
      byWay.set(`${card.kind} ${JSON.stringify(card.pointer)}`, card);
      byPlace.set(`${card.kind} ${card.from}`, card);
    }
    const at = (kind, pointer) => byWay.get(`${kind} ${JSON.stringify(pointer)}`);
    for (const card of path === this.#path ? this.#cards : []) {
      const { kind, pointer, from } = card;
      const next = edits.length ? at(kind, this.#way(pointer, edits)) : byPlace.get(`${kind} ${from}`) ?? at(kind, pointer);
      this.#next.set(card, next ?? null);
    }
    this.#cards = cards;
    this.#path = path;
  }

  #way(pointer, edits) {
    const { from, to } = this.#goes ?? {};
    return from && isBelow([...pointer, ""], from) ? [...to, ...pointer.slice(from.length)] : carried(pointer, edits);
  }

  /** Which one of its list each card is, in words: who does not see the list hears it. */
  #showPlaces() {
    const names = new Map(this.#cards.map((card) => [JSON.stringify(card.pointer), nameOfCard(card)]));
    const lists = Map.groupBy(this.#rows.filter(({ card }) => isItem(card)), ({ card }) => JSON.stringify(card.pointer.slice(0, -1)));
    for (const rows of lists.values()) {
      const parent = names.get(JSON.stringify(rows[0].card.pointer.slice(0, -2)));
      rows.forEach(({ card, element }, index) => {
        const place = `${index + 1} of ${rows.length}${parent && card.pointer.length > 2 ? ` in ${parent}` : ""}`;
        this.#places.set(card, place);
        const told = element.querySelector(".place");
        if (told.textContent !== place) told.textContent = place;
      });
    }
  }

  /** `2 of 5 in Circuit`. */
  place(card) {
    return this.#places.get(card) ?? "";
  }

  /** The section or block that a card is in. */
  #parent({ pointer }) {
    return pointer.length > 2 ? this.find(pointer.slice(0, -2)) : null;
  }

  /** Opens a card, or closes all; `reveal` brings it into sight, `focus` puts the keys on it. */
  show(card, { reveal = false, focus = false } = {}) {
    if (card !== this.#open) {
      this.#open = card;
      this.#unfolded.clear();
      this.render();
    }
    const row = this.#rows.find((one) => one.card === this.now(card));
    if (!row) return;
    if (reveal) row.element.scrollIntoView({ block: "nearest" });
    if (focus) row.element.querySelector(".head").focus();
  }

  /** @param {import("./types.js").Pointer} pointer */
  find(pointer) {
    return this.work.studied.cards.find((card) => same(card.pointer, pointer)) ?? null;
  }

  /** The innermost card that holds a place of the text. */
  at(position) {
    return this.work.studied.cards.filter(({ from, to }) => from <= position && position <= to).at(-1) ?? null;
  }

  /** What lights up while it is heard. */
  hear(card) {
    for (const { element, card: one } of this.#rows) element.classList.toggle("is-heard", one === card);
    const element = this.#rows.find((one) => one.card === card)?.element;
    if (element && !this.list.contains(document.activeElement)) element.scrollIntoView({ block: "nearest" });
  }

  #shape(card, problems) {
    const own = problems.filter(({ from, to }) => from >= card.from && to <= card.to);
    const isOpen = card === this.#open;
    const { pointer, from, to, line, fields, ...rest } = card;
    const values = fields.map(({ name, value }) => [name, value]);
    const said = isOpen ? this.calls.said(card) : null;
    const told = isLeaf(card) || isOpen ? own.map(({ message, severity }) => [message, severity]) : [];
    const by = this.calls.by(card);
    return { card, by, problems: own, isOpen, said, shape: JSON.stringify([rest, values, by, told, isOpen, said?.textContent]) };
  }

  #element(row) {
    const { card, by, isOpen, problems } = row;
    const worst = ["error", "warning", "note"].find((one) => problems.some(({ severity }) => severity === one));
    const chips = [...summary(card).map((text) => make("span", { class: "chip" }, text)),
      ...inherited(card, by).map((text) => make("span", { class: "chip is-inherited", title: "as the move says" }, text))];
    const head = make("button", {
      type: "button", class: "head", "aria-expanded": String(isOpen), "aria-keyshortcuts": "Space",
      onclick: () => this.#toggle(element.row.card),
    },
    make("span", { class: "kind", "aria-hidden": card.title.startsWith(KINDS[card.kind]) && "true" }, KINDS[card.kind]), " ", make("span", { class: "name" }, card.title || "…"),
    chips.length ? make("span", { class: "chips" }, ...chips.flatMap((one) => [" ", one])) : null, " ", make("span", { class: "place unseen" }), " ",
    isLeaf(card) && worst ? make("span", { class: `mark ${worst}` }, worst === "error" ? "Look at this" : "Note") : null);
    const element = make("li", { class: `card is-${card.kind} ${isOpen ? "is-open" : ""}` }, head);
    element.style.setProperty("--depth", card.depth);
    if (movable(card)) element.append(this.#grip(element));
    if (isOpen) element.append(this.#body(row, element));
    return element;
  }

  #grip(element) {
    const grip = make("span", { class: "grip", title: "Drag to move" }, icon("grip"));
    grip.addEventListener("pointerdown", (event) => this.#drag(event, element));
    return grip;
  }

  #toggle(card) {
    this.show(card === this.#open ? null : card);
    this.calls.selected(card);
  }

  #body(row, element) {
    const { card, by, problems, said } = row;
    const { hasDose, shown, more } = grouped(card);
    const change = (plan) => this.change(element.row.card, plan);
    const one = (field) => fieldRow(field, `field-${this.#count++}`, {
      problems: problems.filter(({ from, to }) => field.from !== undefined && from >= field.from && to <= field.to),
      isLocked: Boolean(card.readOnly),
      by: by[field.name] ?? "",
      isNeeded: field.name === card.kind && card.kind !== "section",
      choose: () => this.calls.choose(element.row.card),
      change: (value, seen) => this.#set(element.row.card, field, value, seen),
    });
    const unfold = () => rest.childElementCount > 1 || rest.append(make("div", { class: "groups" }, ...inGroups(more, one)));
    const rest = this.#folding("more", make("details", { class: "more", ontoggle: unfold }, make("summary", {}, "More fields")));
    // Whoever is at one of these fields finds it again.
    if (rest.open) unfold();
    if (said) this.#folding("said", said);
    const fields = shown.map(one);
    if (hasDose && !card.readOnly) fields.splice(1, 0, dosePicker(card, `field-${this.#count++}`, change));
    const isUnknown = problems.some(({ code }) => code === "unknown-move") && !card.readOnly;
    return make("div", { class: "body" },
      card.readOnly && make("p", { class: "hint" }, card.readOnly),
      make("div", { class: "fields" }, ...fields),
      isUnknown && make("button", { type: "button", class: "button", "data-field": "own", onclick: () => this.calls.own(element.row.card) }, "Describe this move …"),
      said, more.length && !card.readOnly ? rest : null,
      ...loose(card, problems, shown).map((it) => make("p", { class: `problem ${it.severity}` }, it.message)),
      this.#actions(element, card));
  }

  /** What is folded stays folded, and what is not does not, while its card is drawn anew. */
  #folding(name, details) {
    details.open ||= this.#unfolded.has(name);
    details.addEventListener("toggle", () => details.isConnected && this.#unfolded[details.open ? "add" : "delete"](name));
    return details;
  }

  /** Writes a field, and tells what it is now; else what is wrong. What somebody wrote since it was `seen` stands. */
  async #set(card, { name, kind }, value, seen) {
    const before = new Set(this.work.studied.problems.map(({ message }) => message));
    // What one typed or undid oneself a moment ago is not on the cards yet.
    const isSeen = this.work.isRead;
    let theirs = null;
    const answer = await this.change(card, (pointer, now) => {
      const there = valueOf(now, name);
      if (isSeen && kind !== "list" && there !== seen && there !== value) {
        theirs = there;
        return [];
      }
      return [value ? { op: "set", pointer: [...pointer, name], value } : { op: "remove", pointer: [...pointer, name] }];
    });
    if (theirs !== null) {
      tell(theirsStands(name, theirs, value), true);
      return null;
    }
    if (!answer) return null;
    const field = this.now(card)?.fields.find((one) => one.name === name) ?? { name, kind: "text", value };
    const isIn = ({ from, to }) => field.from !== undefined && from >= field.from && to <= field.to;
    const wrong = answer.problems.find((one) => one.severity === "error" && (isIn(one) || !before.has(one.message)));
    tell(wrong ? `${labelOf(name)}: ${wrong.message}` : told(field), Boolean(wrong));
    return answer;
  }

  #actions(element, card) {
    const act = (label, picture, run, name) =>
      make("button", { type: "button", class: "quiet", "data-field": name, onclick: () => run(element.row.card) }, icon(picture), label);
    return make("div", { class: "actions" },
      card.kind === "routine" ? null : act("Hear from here", "play", (it) => this.calls.play(it), "hear"),
      movable(card) && act("Up", "up", (it) => this.move(it, -1), "up"),
      movable(card) && act("Down", "down", (it) => this.move(it, 1), "down"),
      movable(card) && act("Remove", "bin", (it) => this.remove(it), "remove"));
  }

  /** Edits one card by its pointer, as it is when the edit is sent. */
  change(card, plan) {
    return this.work.edit(() => {
      const now = this.now(card);
      return now ? plan(now.pointer, now) : [];
    });
  }

  /** One step up or down: past the next card, into it where it is a section or block, or out of one's own. */
  move(card, by) {
    return this.#put(card, (now) => this.#step(now, by));
  }

  moveTo(card, index) {
    return this.#put(card, ({ pointer }) => ({ list: pointer.slice(0, -1), at: index }));
  }

  /** Where a step leads, in a list from which the card was not taken out; or why it leads nowhere. */
  #step(card, by) {
    const siblings = this.siblings(card);
    const index = siblings.indexOf(card);
    const next = siblings[index + by];
    const parent = this.#parent(card);
    if (next && (isLeaf(next) || card.kind === "section" || next.readOnly)) return { list: card.pointer.slice(0, -1), at: index + by };
    if (!next && !parent) return { why: by < 0 ? "It is the first one here." : "It is the last one here." };
    if (parent && siblings.length === 1) return { why: `It is the only one in ${nameOfCard(parent)}, which cannot be empty.` };
    if (next) return { list: [...next.pointer, "items"], at: by < 0 ? this.#countIn(next) : 0 };
    return { list: parent.pointer.slice(0, -1), at: parent.pointer.at(-1) + (by < 0 ? 0 : 1) };
  }

  #countIn({ pointer }) {
    return this.#cards.filter((one) => one.pointer.length === pointer.length + 2 && isBelow(one.pointer, [...pointer, "items"])).length;
  }

  /** Puts a card where it is to be, as all of them are when the edit is sent, and says where it is then. */
  async #put(card, aim) {
    let [why, isOver] = ["", false];
    const answer = await this.work.edit(() => {
      const now = this.now(card);
      const goal = now && aim(now);
      why = goal?.why ?? "";
      if (!goal || why) return [];
      if (same(goal.list, now.pointer.slice(0, -1))) return [{ op: "move", pointer: now.pointer, at: goal.at }];
      isOver = true;
      return this.#over(now, goal);
    });
    this.#goes = null;
    if (why) return tell(why);
    const now = this.now(card);
    if (!answer || !now) return;
    tell(`${nameOfCard(now)}${isOver ? " has moved" : ""}: number ${this.place(now)} now.`);
    this.show(now, { reveal: true });
  }

  /** Takes a card out of its list and into another, with the comments on its lines. */
  #over({ pointer, from, to }, { list, at }) {
    const into = { op: "insert", pointer: list, at, yaml: ownLines(this.work.text, { from, to }) };
    const out = { op: "remove", pointer: carried(pointer, [into]) };
    this.#goes = { from: pointer, to: carried([...list, at], [out]) };
    return [into, out];
  }

  async remove(card) {
    const siblings = this.siblings(card);
    const index = siblings.indexOf(card);
    if (!(await this.change(card, (pointer) => [{ op: "remove", pointer }]))) return;
    tell(`${nameOfCard(card)} is removed. Undo brings it back.`);
    const next = this.find([...card.pointer.slice(0, -1), Math.min(index, siblings.length - 2)]) ?? this.work.studied.cards[0];
    this.show(null);
    this.#rows.find((row) => row.card === next)?.element.querySelector(".head").focus();
  }

  /** The cards of the same list, in order. */
  siblings(card) {
    const list = card.pointer.slice(0, -1);
    return this.work.studied.cards.filter(({ pointer }) => pointer.length === card.pointer.length && same(pointer.slice(0, -1), list));
  }

  #key(event) {
    const element = event.target.closest("li.card");
    if (!element || (takesWords(event.target) && event.target.tagName !== "BUTTON")) return;
    const { card } = element.row;
    const onHead = event.target.classList.contains("head");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.altKey) movable(card) && this.move(card, step);
    else if (step && onHead) this.#rows[this.#rows.findIndex((row) => row.element === element) + step]?.element.querySelector(".head").focus();
    else if (event.key === " " && onHead) this.calls.toggle(card);
    else if (event.key === "Delete" && onHead && movable(card)) this.remove(card);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** A card goes with the pointer; it is put down where the line is, in whatever list that is. */
  #drag(down, element) {
    const { card } = element.row;
    const within = (one) => card.pointer.every((step, index) => step === one.pointer[index]);
    const rows = this.#rows.filter((row) => Array.isArray(row.card.pointer) && row.card.pointer.length && !within(row.card)).map((row) => row.element);
    let target = null;
    down.preventDefault();
    const line = make("li", { class: "drop", "aria-hidden": "true" });
    const moved = ({ clientY }) => {
      const box = this.list.getBoundingClientRect();
      if (clientY > box.bottom - 40) this.list.scrollTop += 12;
      if (clientY < box.top + 40) this.list.scrollTop -= 12;
      target = this.#target(rows, clientY);
      if (target) this.#mark(line, target);
      element.classList.add("is-dragged");
    };
    const stop = () => {
      line.remove();
      element.classList.remove("is-dragged");
      removeEventListener("pointermove", moved);
      removeEventListener("pointerup", up);
      removeEventListener("keydown", escaped, true);
    };
    const up = () => {
      stop();
      if (target) this.#drop(element.row.card, target);
    };
    const escaped = ({ key }) => key === "Escape" && stop();
    addEventListener("pointermove", moved);
    addEventListener("pointerup", up);
    addEventListener("keydown", escaped, true);
  }

  /** Before or behind the nearest card, in its list; on the lower half of a section or block, first in it. */
  #target(rows, y) {
    const near = rows.find((row) => y < row.getBoundingClientRect().bottom) ?? rows.at(-1);
    if (!near) return null;
    const { card } = near.row;
    const box = near.getBoundingClientRect();
    const [list, at] = [card.pointer.slice(0, -1), card.pointer.at(-1)];
    if (y < box.top + box.height / 2) return { list, at, depth: card.depth, before: near };
    if (!isLeaf(card)) return { list: [...card.pointer, "items"], at: 0, depth: card.depth + 1, after: near };
    return { list, at: at + 1, depth: card.depth, after: near };
  }

  #mark(line, { depth, before, after }) {
    line.style.setProperty("--depth", depth);
    if (before) before.before(line);
    else after.after(line);
  }

  #drop(card, { list, at }) {
    if (!same(list, card.pointer.slice(0, -1))) return this.#put(card, () => ({ list, at }));
    const from = card.pointer.at(-1);
    const index = at > from ? at - 1 : at;
    return index !== from && this.moveTo(card, index);
  }

  #focus() {
    const element = document.activeElement?.closest?.("li.card");
    if (!element || !this.list.contains(element)) return null;
    const control = document.activeElement;
    return { card: element.row.card, control, name: control.classList.contains("head") ? null : nameOf(control) };
  }

  /** Whoever was at a control of a card is at the same one of the same card, with what was typed there; never at another card. */
  #refocus(focus) {
    if (!focus || focus.control.isConnected) return;
    const card = this.now(focus.card);
    const row = this.#rows.find((one) => one.card === card);
    const control = focus.name !== null && row ? named(row.element, focus.name) : null;
    (control ?? row?.element.querySelector(".head") ?? the("heading")).focus({ preventScroll: true });
    if (!control) return;
    const { field: name } = control.dataset;
    const lost = keepTyped(focus.control, control, card.fields.find((field) => field.name === name)?.kind);
    // Behind what is told of the change by which it was lost.
    if (lost !== null) queueMicrotask(() => tell(theirsStands(name, control.defaultValue, lost), true));
  }
}

const nameOfCard = ({ title, kind }) => title || KINDS[kind];

/**
 * What is half typed goes into the field that takes the place of the one that it was typed into, and the caret too;
 * where somebody else has filled that in meanwhile, what was typed is handed back.
 */
function keepTyped(before, now, kind) {
  if (!("defaultValue" in before) || before.type === "checkbox") return null;
  const value = kind === "time" ? asTime(before.value) : before.value.trim();
  const isTyped = before.value !== before.defaultValue && value !== now.defaultValue;
  const isOurs = [before.defaultValue, before.dataset.sent].includes(now.defaultValue);
  if (isTyped && !isOurs) return value;
  if (isTyped) now.value = before.value;
  now.setSelectionRange?.(before.selectionStart, before.selectionEnd);
  return null;
}

const theirsStands = (name, theirs, ours) =>
  `${labelOf(name)}: somebody else wrote “${theirs}” here while you wrote “${ours}”. Theirs stands: write yours once more to have it.`;

const isItem = (card) => card.kind !== "routine" && typeof card.pointer.at(-1) === "number";
const movable = (card) => isItem(card) && !card.readOnly;

/** What is said of a card and not of one of its fields; a section's own words only, not its items'. */
function loose(card, problems, shown) {
  if (!isLeaf(card)) return [];
  const inField = ({ from, to }) => shown.some((field) => field.from !== undefined && from >= field.from && to <= field.to);
  return problems.filter((one) => !inField(one));
}

/** A card as it is written, with the comment behind it, as if its list began at the edge. */
function ownLines(text, { from, to }) {
  const edge = from - (text.lastIndexOf("\n", from - 1) + 1);
  const end = text.indexOf("\n", to);
  const behind = /^[^\S\n]*#.*$/.exec(text.slice(to, end < 0 ? text.length : end))?.[0] ?? "";
  return text.slice(from, to).trimEnd().split("\n").map((line, index) => (index && !line.slice(0, edge).trim() ? line.slice(edge) : line)).join("\n") + behind;
}
