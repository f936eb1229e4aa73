/** The list of cards: what the routine is made of, in order; the one that is open shows its fields. */
import { icon, make, takesWords, tell } from "./dom.js";
import { LABELS, dosePicker, fieldRow, grouped, inherited, summary, valueOf } from "./fields.js";

const KINDS = { section: "Section", do: "Move", say: "Words", rest: "Rest", block: "Block", routine: "Routine", other: "More" };
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const isLeaf = ({ kind }) => kind !== "section" && kind !== "block" && kind !== "routine";

/**
 * Cards that did not change keep their elements: what is typed elsewhere costs no more than what it changes.
 */
export class Cards {
  #rows = [];
  #open = null;
  #count = 0;

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
    if (this.#open && !cards.includes(this.#open)) this.#open = again(cards, this.#open);
    const rows = cards.map((card) => this.#shape(card, problems));
    const focus = this.#focus();
    let [start, end] = [0, 0];
    const old = this.#rows;
    const equal = (a, b) => a && b && a.shape === b.shape;
    while (equal(old[start], rows[start])) start++;
    while (end < Math.min(old.length, rows.length) - start && equal(old.at(-1 - end), rows.at(-1 - end))) end++;
    for (const row of old.slice(start, old.length - end)) row.element.remove();
    const next = old[old.length - end]?.element ?? null;
    rows.forEach((row, index) => {
      const kept = index < start ? old[index] : index >= rows.length - end ? old[old.length - rows.length + index] : null;
      row.element = kept?.element ?? this.#element(row);
      row.element.row = row;
      if (!kept) this.list.insertBefore(row.element, next);
    });
    this.#rows = rows;
    this.#refocus(focus);
  }

  /** Opens a card, or closes all; `reveal` brings it into sight, `focus` puts the keys on it. */
  show(card, { reveal = false, focus = false } = {}) {
    if (card !== this.#open) {
      this.#open = card;
      this.render();
    }
    const row = this.#rows.find((one) => one.card === card);
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
    make("span", { class: "kind" }, KINDS[card.kind]), make("span", { class: "name" }, card.title || "…"),
    chips.length ? make("span", { class: "chips" }, ...chips.flatMap((one) => [" ", one])) : null,
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
      change: (value, seen) => this.#fill(element.row.card, field, value, seen),
    });
    const rest = make("details", { class: "more", ontoggle: () => rest.childElementCount > 1 || rest.append(
      make("div", { class: "fields" }, ...more.map(one))) }, make("summary", {}, "More fields"));
    const fields = shown.map(one);
    if (hasDose && !card.readOnly) fields.splice(1, 0, dosePicker(card, `field-${this.#count++}`, change));
    const isUnknown = problems.some(({ code }) => code === "unknown-move") && !card.readOnly;
    return make("div", { class: "body" },
      card.readOnly && make("p", { class: "hint" }, card.readOnly),
      make("div", { class: "fields" }, ...fields),
      isUnknown && make("button", { type: "button", class: "button", "data-field": "own", onclick: () => this.calls.own(element.row.card) }, "Describe this move …"),
      more.length && !card.readOnly ? rest : null, said,
      ...loose(card, problems, shown).map((it) => make("p", { class: `problem ${it.severity}` }, it.message)),
      this.#actions(element, card));
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
      const now = again(this.work.studied.cards, card);
      return now ? plan(now.pointer) : [];
    });
  }

  /** A field is filled in; what somebody else wrote there since it was `seen` stands, and that is told. */
  #fill(card, { name, kind }, value, seen) {
    // What one typed or undid oneself a moment ago is not on the cards yet.
    const isSeen = this.work.isRead;
    return this.work.edit(() => {
      const now = again(this.work.studied.cards, card);
      if (!now) return [];
      const theirs = valueOf(now, name);
      if (isSeen && kind !== "list" && theirs !== seen && theirs !== value) {
        tell(`${LABELS[name] ?? name}: somebody else wrote “${theirs}” here while you wrote “${value}”. Theirs stands: write yours once more to have it.`, true);
        return [];
      }
      const pointer = [...now.pointer, name];
      return [value ? { op: "set", pointer, value } : { op: "remove", pointer }];
    });
  }

  async move(card, by) {
    const siblings = this.siblings(card);
    const index = siblings.indexOf(card) + by;
    if (index < 0 || index >= siblings.length) return tell(by < 0 ? "It is the first one here." : "It is the last one here.");
    await this.moveTo(card, index);
  }

  async moveTo(card, index) {
    const target = [...card.pointer.slice(0, -1), index];
    if (!(await this.change(card, (pointer) => [{ op: "move", pointer, at: index }]))) return;
    tell(`${card.title}: number ${index + 1} of ${this.siblings(card).length} now.`);
    this.show(this.find(target) ?? this.#open, { reveal: true });
  }

  async remove(card) {
    const siblings = this.siblings(card);
    const index = siblings.indexOf(card);
    if (!(await this.change(card, (pointer) => [{ op: "remove", pointer }]))) return;
    tell(`${card.title || KINDS[card.kind]} is removed. Undo brings it back.`);
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
    const element = event.target.closest("li");
    if (!element || (takesWords(event.target) && event.target.tagName !== "BUTTON")) return;
    const { card } = element.row;
    const onHead = event.target.classList.contains("head");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.altKey) movable(card) && this.move(card, step).then(() => this.show(this.#open, { focus: true }));
    else if (step && onHead) this.#rows[this.#rows.findIndex((row) => row.element === element) + step]?.element.querySelector(".head").focus();
    else if (event.key === " " && onHead) this.calls.toggle(card);
    else if (event.key === "Delete" && onHead && movable(card)) this.remove(card);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Takes a card out of its list and into another, with the comments on its lines. */
  async moveInto(card, list, at) {
    const answer = await this.work.edit(() => {
      const now = again(this.work.studied.cards, card);
      return now ? [{ op: "insert", pointer: list, at, yaml: ownLines(this.work.text, now) }, { op: "remove", pointer: shifted(now.pointer, list, at) }] : [];
    });
    if (!answer) return;
    // It may have gone in behind its own place.
    const place = withoutIt([...list, at], shifted(card.pointer, list, at));
    tell(`${card.title || KINDS[card.kind]} has moved.`);
    this.show(this.find(place) ?? this.#open, { reveal: true });
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
    if (!same(list, card.pointer.slice(0, -1))) return this.moveInto(card, list, at);
    const from = card.pointer.at(-1);
    const index = at > from ? at - 1 : at;
    return index !== from && this.moveTo(card, index);
  }

  #focus() {
    const element = document.activeElement?.closest?.("li.card");
    if (!element || !this.list.contains(element)) return null;
    const { selectionStart } = document.activeElement;
    return { card: element.row.card, field: document.activeElement.dataset.field, selectionStart };
  }

  #refocus(focus) {
    if (!focus || this.list.contains(document.activeElement)) return;
    const card = again(this.work.studied.cards, focus.card);
    const row = this.#rows.find((one) => one.card === card);
    const field = focus.field && row?.element.querySelector(`[data-field="${focus.field}"]`);
    (field || row?.element.querySelector(".head"))?.focus();
  }
}

/** The same card in a list that was made anew: by its place in the text, else by its way. */
function again(cards, card) {
  if (cards.includes(card)) return card;
  return cards.find((one) => one.kind === card.kind && one.from === card.from)
    ?? cards.find((one) => one.kind === card.kind && same(one.pointer, card.pointer)) ?? null;
}

const movable = (card) => card.kind !== "routine" && typeof card.pointer.at(-1) === "number" && !card.readOnly;

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

/** Where a card is once something has been put into a list. */
function shifted(pointer, list, at) {
  const isIn = list.length < pointer.length && list.every((step, index) => step === pointer[index]);
  return isIn && pointer[list.length] >= at ? pointer.with(list.length, pointer[list.length] + 1) : pointer;
}

/** Where something is once a card that stood elsewhere is gone. */
function withoutIt(pointer, gone) {
  const list = gone.slice(0, -1);
  const isIn = list.length < pointer.length && list.every((step, index) => step === pointer[index]);
  return isIn && pointer[list.length] > gone.at(-1) ? pointer.with(list.length, pointer[list.length] - 1) : pointer;
}
