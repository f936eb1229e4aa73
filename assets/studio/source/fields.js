/** A card's fields as people fill them in: a label, an input, and what it means. */
import { make, tell } from "./dom.js";
import { asTime, milliseconds, spoken, written } from "./units.js";

export const LABELS = {
  do: "Move", for: "Time", hold: "Hold", reps: "Repetitions", breaths: "Breaths", sets: "Sets", sides: "Sides",
  rest: "Rest", tempo: "Tempo", ready: "Time to get ready", switch: "Time to change sides", release: "Between holds",
  say: "Words", pause: "Silence after it", section: "Name", repeat: "Rounds", title: "Title", level: "Level",
  cues: "Talk", description: "Description", safety: "Safety line", weight: "Weight", ways: "Ways", breath: "Breath",
  fit: "Length", tags: "Tags", every: "Starts every", name: "Name", voice: "Voice", distance: "Distance", items: "Items",
  equipment: "Equipment", language: "Language", tone: "Tone", tones: "Tones", note: "Note", chapters: "Chapters",
  pronounce: "Said differently", include: "Libraries", ignore: "Advice left out", reminders: "Reminders",
  finish: "How to come out of it", caution: "Caution", posture: "Posture", easier: "Easier", harder: "Harder",
  get_ready: "Back into position", at_go: "Right before it starts", why: "What it is good for", avoid_if: "Who leaves it out",
  works: "Muscles", unit: "What one is called", count: "Counted aloud", pace: "Pace", about: "How long it takes", bpm: "Beats a minute",
  setup: "How to get into it", steps: "Steps", day: "Day", until: "Until", at: "At",
  voices: "Whose voice counts", count_in: "Counted before it starts", cap: "At most", choose: "How many of them", shuffle: "In another order each day",
  music: "Music",
};

/** What is asked for more rarely, by what it is about. */
const GROUPS = {
  "How much, and how often": [
    "for", "hold", "reps", "breaths", "distance", "pace", "about", "sets", "repeat", "sides", "ways", "weight", "cap", "choose", "shuffle", "level", "fit",
  ],
  "Times and rhythm": ["rest", "ready", "switch", "release", "pause", "until", "every", "tempo", "bpm", "breath", "count_in"],
  "Words": ["get_ready", "at_go", "caution", "finish", "why", "avoid_if", "unit", "count", "description", "safety", "language"],
  "Sound": ["cues", "tones", "tone", "voices", "music"],
};

/** Fields below the headings of what they are about. @template T @param {import("./types.js").Field[]} fields @param {(field: any) => any} row */
export function inGroups(fields, row) {
  const known = Object.values(GROUPS).flat();
  const groups = [...Object.entries(GROUPS), ["Everything else", fields.map(({ name }) => name).filter((name) => !known.includes(name))]];
  return groups.map(([heading, names]) => [heading, fields.filter(({ name }) => names.includes(name))]).filter(([, own]) => own.length)
    .map(([heading, own]) => make("fieldset", {}, make("legend", {}, heading), make("div", { class: "fields" }, ...own.map(row))));
}

/** @param {string} name */
export const labelOf = (name) => LABELS[name] ?? name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

/** What a field says, for who hears it: `Time: 55 seconds.` */
export function told({ name, kind, value }) {
  const ms = kind === "time" ? milliseconds(value) : null;
  return `${labelOf(name)}: ${ms === null ? value || "left out" : spoken(ms)}.`;
}

/** What a field means where a word is worth more than the schema's sentence. */
const HINTS = {
  do: "the move's short name in the libraries",
  for: "such as 40s or 1m30s",
  hold: "such as 30s, or 5 breaths",
  rest: "such as 45s; 0s for none",
  reps: "such as 10; 8-12 lets the level choose",
  tempo: "seconds of each phase, such as 3-1-2-0",
  sets: "such as 3; 2-3 lets the level choose",
  repeat: "how many times all of it is done",
};

/** How values that are no words of a reader's are shown. */
const SIDES = { each: "each side", alternate: "sides in turns", "left, right": "left, then right", "right, left": "right, then left" };
export const shown = (name, value) => (name === "sides" ? SIDES[value.replace(/^\[|\]$/g, "")] : undefined) ?? value;

const DOSES = {
  "": ["As the move says", {}],
  for: ["Keep moving for a time", { for: "40s" }],
  hold: ["Hold still", { hold: "30s" }],
  reps: ["Repetitions", { reps: "10" }],
  "hold reps": ["Several short holds", { hold: "10s", reps: "5" }],
  breaths: ["Breaths", { breaths: "6" }],
};
const DOSE_FIELDS = ["for", "hold", "reps", "breaths"];
/** What would have nothing to do beside a dose, and goes with the one before. */
const ALONG = { tempo: ["reps", "for"], release: ["hold reps"], breath: ["breaths", "for", "hold"] };

const FIRST = {
  routine: ["title", "description", "safety", "level", "cues"],
  section: ["section", "repeat", "rest"],
  block: ["repeat", "rest", "for"],
  do: ["do", ...DOSE_FIELDS, "sets", "sides", "rest"],
  say: ["say", "pause"],
  rest: ["rest"],
};

/** @param {import("./types.js").Card} card */
export const doseOf = (card) => DOSE_FIELDS.filter((name) => valueOf(card, name)).join(" ");

/** @param {import("./types.js").Card} card */
export const valueOf = (card, name) => card.fields.find((one) => one.name === name)?.value ?? "";

/** The card's fields in two groups: those that are shown at once, and those that are asked for. */
export function grouped(card) {
  const first = FIRST[card.kind] ?? [];
  const dose = card.kind === "do" && card.fields.some((one) => one.name === "reps");
  const hidden = dose ? DOSE_FIELDS.filter((name) => !valueOf(card, name)) : [];
  const all = card.fields.filter((one) => !hidden.includes(one.name));
  const isShown = (one) => first.includes(one.name) || one.from !== undefined;
  const rank = (one) => (first.indexOf(one.name) + 1 || 99);
  return {
    hasDose: dose,
    shown: all.filter(isShown).sort((a, b) => rank(a) - rank(b)),
    more: all.filter((one) => !isShown(one)),
  };
}

/** The choice of what is counted. @param {(edits: (pointer: any) => any[]) => Promise<any>} change */
export function dosePicker(card, id, change) {
  const label = "What is counted";
  const choose = async () => {
    const chosen = picker.selectedOptions[0].textContent;
    if (await change((pointer) => redose(card, pointer, picker.value))) tell(`${label}: ${chosen}.`);
  };
  const now = doseOf(card);
  const options = { ...DOSES, ...(now in DOSES ? {} : { [now]: [now, {}] }) };
  const picker = make("select", { id, onchange: choose },
    ...Object.entries(options).map(([value, [label]]) => make("option", { value, selected: value === now }, label)));
  picker.dataset.field = "dose";
  return make("div", { class: "field" }, make("label", { htmlFor: id }, label), picker);
}

function redose(card, pointer, kind) {
  const wanted = Object.entries(DOSES[kind]?.[1] ?? {}).filter(([name]) => !valueOf(card, name) || kind === "hold reps");
  const left = DOSE_FIELDS.filter((name) => valueOf(card, name) && !kind.split(" ").includes(name));
  const along = Object.keys(ALONG).filter((name) => valueOf(card, name) && !ALONG[name].includes(kind));
  return [
    ...wanted.map(([name, value]) => ({ op: "set", pointer: [...pointer, name], value })),
    ...[...left, ...along].map((name) => ({ op: "remove", pointer: [...pointer, name] })),
  ];
}

/**
 * @param {import("./types.js").Field} field
 * @param {string} id
 * @param {{problems: import("./types.js").Problem[], isLocked: boolean, change: (value: string, seen: string) => Promise<any>,
 *   choose: () => void, by: string, isNeeded?: boolean}} how  `choose` asks for another move; `by` is what the move
 *   says by itself; one that is needed is never empty
 */
export function fieldRow(field, id, { problems, isLocked, change: fill, choose, by, isNeeded = false }) {
  const label = labelOf(field.name);
  let seen = field.value;
  const change = async (value) => {
    if (!value && isNeeded) {
      input.value = seen;
      return tell(`${label} cannot be empty: that is what makes it what it is. Remove takes all of it away.`, true);
    }
    const before = seen;
    seen = value;
    const answer = await fill(value, before);
    if (!answer) seen = before;
    return answer;
  };
  const about = HINTS[field.name] ?? field.about;
  const input = inputOf(field, id, change);
  input.dataset.field = field.name;
  input.disabled = isLocked;
  if (by && !field.value && "placeholder" in input) input.placeholder = by;
  const notes = problems.map((one) => make("p", { class: `problem ${one.severity}` }, one.message));
  const hint = make("p", { class: "hint", id: `${id}-about` }, about);
  input.setAttribute("aria-describedby", `${id}-about${notes.length ? ` ${id}-notes` : ""}`);
  if (problems.some(({ severity }) => severity === "error")) input.setAttribute("aria-invalid", "true");
  return make("div", { class: wide(field) ? "field is-wide" : "field" }, make("label", { htmlFor: id }, label),
    beside(field, input, { label, isLocked, change, choose, by }), about && hint,
    notes.length ? make("div", { id: `${id}-notes` }, ...notes) : null);
}

/** The input, with what helps to fill it in. */
function beside({ name, kind }, input, { label, isLocked, change, choose, by }) {
  if (isLocked) return input;
  if (name === "do") return make("div", { class: "stepped" }, input, make("button", { type: "button", class: "choose", onclick: choose }, "Choose …"));
  return kind === "time" ? stepped(input, label, change, by) : input;
}

const LONG = new Set(["say", "description", "safety", "setup", "note"]);
const wide = ({ name, kind }) => LONG.has(name) || name === "do" || name === "title" || name === "section" || kind === "list";

function inputOf(field, id, change) {
  if (field.kind === "choice") return choice(field, id, change);
  const long = LONG.has(field.name);
  const input = make(long ? "textarea" : "input", { id, defaultValue: field.value, value: field.value, autocomplete: "off", rows: long ? 2 : null });
  if (field.kind === "number") input.inputMode = "numeric";
  let sent = field.value;
  const done = async () => {
    if ("redrawn" in input.dataset) return;
    const value = field.kind === "time" ? asTime(input.value) : input.value.trim();
    if (value === sent) return;
    sent = input.dataset.sent = value;
    // What was not taken may be sent again.
    if (!(await change(value))) sent = field.value;
  };
  input.addEventListener("change", done);
  // A field that was drawn anew does not know that it was typed into.
  input.addEventListener("blur", done);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && input.value !== field.value) {
      input.value = field.value;
      event.stopPropagation();
    }
    if (event.key === "Enter" && (!long || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      done();
    }
  });
  return input;
}

function choice({ value, choices = [], name }, id, change) {
  const known = !value || choices.includes(value) ? choices : [value, ...choices];
  const none = name === "sides" ? "as its move" : "as it is";
  const picker = make("select", { id, onchange: () => change(picker.value) }, make("option", { value: "" }, `– ${none} –`),
    ...known.map((one) => make("option", { value: one, selected: one === value }, shown(name, one))));
  return picker;
}

/** Five seconds less, five seconds more: than what stands there, else than what the move says. */
function stepped(input, label, change, by) {
  const step = (more) => () => {
    const now = milliseconds(asTime(input.value) || by.replace(/^.*-/, "") || "0s");
    if (now === null) return;
    input.value = written(Math.max(0, now + more));
    change(input.value);
  };
  return make("div", { class: "stepped" },
    make("button", { type: "button", "aria-label": `${label}: 5 seconds less`, onclick: step(-5000) }, "−"), input,
    make("button", { type: "button", "aria-label": `${label}: 5 seconds more`, onclick: step(5000) }, "+"));
}

/** What a move brings along that its card does not say otherwise. @param {Record<string, string>} by */
export function inherited(card, by) {
  const isDosed = Boolean(doseOf(card));
  const fields = Object.entries(by).filter(([name]) => !valueOf(card, name) && !(isDosed && DOSE_FIELDS.includes(name)))
    .map(([name, value]) => ({ name, value }));
  return summary({ kind: "do", title: "", fields });
}

/** What a closed card says of itself, in a few words. @param {import("./types.js").Card} card */
export function summary(card) {
  const words = {
    for: (value) => value,
    hold: (value) => `hold ${value}`,
    reps: (value) => (valueOf(card, "hold") ? `${value} times` : `${value} repetitions`),
    breaths: (value) => `${value} breaths`,
    sets: (value) => (value === "1" ? "1 set" : `${value} sets`),
    sides: (value) => shown("sides", value),
    tempo: (value) => `tempo ${value}`,
    repeat: (value) => (value === "1" ? "once" : `${value} rounds`),
    rest: (value) => (card.kind === "rest" ? value : `rest ${value}`),
    pause: (value) => `silence ${value}`,
    weight: (value) => value,
    level: (value) => value,
    every: (value) => `every ${value}`,
    distance: (value) => value,
  };
  return Object.keys(words).filter((name) => valueOf(card, name)).map((name) => words[name](valueOf(card, name)))
    .filter((text) => !card.title.endsWith(text));
}
