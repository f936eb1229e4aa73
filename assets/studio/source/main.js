/** The studio: one routine, in cards, as text and as a strip; what is done in one is done in all. */
import { redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { Bank, bringsOf, insertion } from "./bank.js";
import { Bringing } from "./bringing.js";
import { Cards } from "./cards.js";
import { Choosing } from "./choosing.js";
import { allow, icon, isHalfDone, keepFocus, make, named, open, press, takesWords, tell, the, untell } from "./dom.js";
import { editor } from "./editor.js";
import { labelOf, valueOf } from "./fields.js";
import { Handing } from "./handing.js";
import { OwnMove } from "./own.js";
import { get, listen, post, schema as fetchSchema } from "./server.js";
import { Sentence } from "./sentence.js";
import { Sliders } from "./sliders.js";
import { Player } from "./sound.js";
import { Start } from "./start.js";
import { Strip } from "./strip.js";
import { clock, momentIn, spoken, written } from "./units.js";
import { Work } from "./work.js";

/** What a move may bring along, that its card shows. */
const BRINGS = ["for", "hold", "reps", "breaths", "sets", "sides", "rest"];
let schema = null;
let at = 0;
const work = new Work();
const view = editor(the("editor"), {
  typed: (update) => work.typed(update),
  moved: (position) => select(cards.at(position), "text"),
  play: () => toggle(),
  back,
  told: ({ message, severity }, line) => tell(`Line ${line}: ${message}`, severity === "error"),
  schema: () => schema,
  moves: () => [...ownMoves(), ...bank.moves],
});
work.attach(view);
const cards = new Cards(the("cards"), work, {
  selected: (card) => select(card, "cards"),
  play: (card) => (place(card), play(at)),
  toggle: (card) => (player.isPlaying || place(card), toggle()),
  said: (card) => said(card),
  own: (card) => describe(card),
  by: (card) => (card.kind === "do" ? bringsOf([...ownMoves(), ...bank.moves].find(({ id }) => id === valueOf(card, "do"))) : {}),
  choose: (card) => bank.open("Choose another move", ownMoves(), (move) => cards.change(card, (pointer) => [...including(move), { op: "set", pointer: [...pointer, "do"], value: move.id }])),
});
const strip = new Strip({ whole: the("whole"), part: the("part"), legend: the("legend"), window: the("window"), head: the("head") }, {
  picked: (ms, interval) => (stand(ms), interval && select(cardOf(interval), "strip")),
  sentence: (event) => sentence.open(event),
  lengthen,
  fieldOf,
});
const player = new Player({ moved: heard, ended: stopped });
const bank = new Bank();
const start = new Start({ open: (path) => go(path), began: (studied) => (work.begin(studied), remember(studied.path)) });
const sliders = new Sliders(work);
const sentence = new Sentence(work, { hear: once });
const own = new OwnMove(() => schema);
const choosing = new Choosing(work);
new Handing(work);
new Bringing({ began: (studied) => (work.begin(studied), remember(studied.path)), stocked: stock });

// -- one selection --------------------------------------------------------------------------------------

/** The card of an interval: by its way, else by its line. */
function cardOf({ pointer, line }) {
  return (pointer && cards.find(pointer)) ?? work.studied.cards.filter((card) => card.line <= line && line <= lastLine(card)).at(-1) ?? null;
}

const lastLine = ({ to }) => view.state.doc.lineAt(Math.min(to, view.state.doc.length)).number;

/** When a card is done: its intervals. */
function moments(card) {
  return work.timeline?.intervals.filter((one) => one.pointer
    ? card.pointer.every((step, index) => step === one.pointer[index])
    : card.line <= one.line && one.line <= lastLine(card)) ?? [];
}

function select(card, from) {
  if (!card || !work.studied) return;
  // Each key in the text comes by here.
  if (from === "text" && card === cards.open) return;
  if (from !== "cards") cards.show(card, { reveal: true });
  if (from !== "text") view.go(card.from);
  if (from !== "strip") place(card);
}

function place(card) {
  // All of it is no place in it.
  if (card.kind === "routine") return;
  const first = moments(card)[0];
  if (!first) return;
  if (!player.isPlaying) stand(first.start_ms);
  strip.pick(work.timeline.intervals.indexOf(first));
}

function stand(ms) {
  at = ms;
  strip.stand(ms, player.isPlaying);
  the("clock").textContent = clock(ms);
}

// -- what is said ---------------------------------------------------------------------------------------

/** The sentences of a card, each to be heard alone. */
function said(card) {
  if (card.kind === "section" || card.kind === "block" || card.kind === "routine" || !work.timeline) return null;
  const spans = moments(card);
  const found = work.timeline.events.filter((one) => one.kind === "speech"
    && spans.some(({ start_ms, length_ms }) => start_ms <= one.start_ms && one.start_ms < start_ms + length_ms));
  const once = [...new Map(found.map((one) => [one.text, one])).values()].slice(0, 12);
  if (!once.length) return null;
  return make("details", { class: "said", open: card.kind === "say" }, make("summary", {}, "What is said"),
    make("ul", {}, ...once.map((one, index) => make("li", {}, make("button", {
      type: "button", class: "sentence", "data-field": `said ${index}`, onclick: () => sentence.open(one),
    }, one.text)))));
}

// -- hearing --------------------------------------------------------------------------------------------

function toggle() {
  if (player.isPlaying) return halt();
  if (!halt.wish) return play(at);
  halt();
  tell("It is not played.");
}

/** Ends what plays, or is spoken to be played. */
function halt() {
  halt.wish?.abort();
  halt.wish = null;
  player.stop();
  stopped();
}

async function play(ms) {
  halt();
  const wish = halt.wish = new AbortController();
  const isOver = () => halt.wish !== wish;
  const telling = patience(isOver);
  await attempt(async () => {
    await player.wake();
    showPlaying(true, "Speaking…");
    await work.edited();
    const [text, guessed] = [work.text, work.timeline];
    const spoken = await post("speak", { path: work.studied.path, text, ...work.settings }, wish.signal);
    await player.load(spoken.sound);
    if (isOver()) return;
    halt.wish = null;
    const done = player.play(momentIn(spoken.timeline, guessed, ms));
    showPlaying(true, "Pause");
    work.heard(spoken.timeline, text);
    await done;
  }) || stopped();
  clearInterval(telling);
  if (isOver()) return;
  // Something else was to be heard meanwhile.
  halt.wish = null;
  stopped();
}

/** Who waits long is told so, and how to wait no longer. */
function patience(isOver) {
  let seconds = 0;
  return setInterval(() => {
    if (isOver() || ++seconds % 10 !== 1) return;
    tell(seconds === 1 ? "Speaking what is new. Press play once more to leave it." : `Still speaking, for ${seconds - 1} seconds now.`);
  }, 1000);
}

async function once(words, pronounce) {
  await attempt(async () => {
    await player.wake();
    const { sound } = await post("say", { path: work.studied.path, text: work.text, words, ...(pronounce ? { pronounce } : {}) });
    await player.once(sound);
  });
}

function heard(ms) {
  stand(ms);
  const within = (one) => one.start_ms <= ms && ms < one.start_ms + one.length_ms;
  const interval = work.timeline?.intervals.find(within) ?? null;
  const event = work.timeline?.events.find((one) => one.kind === "speech" && within(one)) ?? null;
  if (interval === heard.interval && event === heard.event) return;
  Object.assign(heard, { interval, event });
  strip.hear(interval, event);
  the("now").textContent = event?.text ?? interval?.text ?? "";
  if (!interval) return;
  const card = cardOf(interval);
  cards.hear(card);
  view.hear(card?.line ?? null);
}

function stopped() {
  showPlaying(false, "Play");
  Object.assign(heard, { interval: null, event: null });
  strip.hear(null, null);
  cards.hear(null);
  view.hear(null);
  the("now").textContent = "";
}

function showPlaying(on, label) {
  the("play").replaceChildren(icon(on ? "pause" : "play"));
  the("play").setAttribute("aria-label", label);
  the("play").classList.toggle("is-on", on);
  const isWaiting = label === "Speaking…";
  the("play").classList.toggle("is-waiting", isWaiting);
  the("now").textContent = isWaiting ? label : "";
}

// -- editing from the strip and the bank ------------------------------------------------------------------

/** The field that says how long an interval is, where its card has it. */
function fieldOf(interval, name) {
  const card = cardOf(interval);
  if (!card || card.readOnly) return null;
  const wanted = name === "rest" || name === "ready" || name === "switch" || name === "release" ? name : valueOf(card, name) && name;
  return wanted && card.fields.some((one) => one.name === wanted) ? wanted : null;
}

/** What a law forbids goes back, with the words of the note. */
async function lengthen(interval, name, ms) {
  const card = cardOf(interval);
  const errors = (list) => list.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const before = errors(work.studied.problems);
  const known = ({ code, line }) => `${code} ${line}`;
  const was = valueOf(card, name);
  const notes = new Set(work.studied.problems.map(known));
  const answer = await cards.change(card, (pointer) => [{ op: "set", pointer: [...pointer, name], value: written(ms) }]);
  if (!answer) return strip.show(work.timeline);
  const forbidden = errors(answer.problems).filter((message) => !before.includes(message));
  if (forbidden.length) {
    undo(view);
    await work.flush();
    return tell(`It stays at ${spoken(interval.length_ms)}: ${forbidden[0]}`, true);
  }
  const told = answer.problems.find((one) => !notes.has(known(one)));
  const label = name === card.kind ? "" : `, ${labelOf(name).toLowerCase()}`;
  // What a level chose from is one time for all of them now.
  const all = /\d\w*-\d/.test(was) ? ` It was ${was}, by level: now it is the same for all levels. Undo brings that back.` : "";
  tell(`${card.title || "Rest"}${label}: ${spoken(ms)}.${all}${told ? ` ${sentenceOf(told.message)}` : ""}`);
}

/** With a capital, and an end. */
const sentenceOf = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/([^.!?])$/, "$1.")}`;

async function add(kind, yaml, more = () => []) {
  let place;
  const opened = cards.open;
  const answer = await work.edit(() => {
    const edit = insertion(work.studied.cards, cards.now(opened), kind, yaml);
    place = [...edit.pointer, edit.at];
    return [...more(), edit];
  });
  if (!answer) return;
  const card = cards.find(place);
  if (!card) return;
  cards.show(card, { reveal: true, focus: true });
  select(card, "cards");
  tell(`${card.kind === "say" ? `Words are added: “${card.title}”` : `${card.title || kind} is added`}: ${cards.place(card)}.`);
}

/** A move of the bank, with a dose where it brings none; its library comes along. */
async function addMove(move) {
  const brings = /^(for|hold|reps|breaths)\b/.test(move.dose);
  const before = new Set(work.studied.problems.map(({ message }) => message));
  await add("do", brings ? `do: ${move.id}\n` : `do: ${move.id}\nfor: 40s\n`, () => including(move));
  const isRefused = ({ severity, message }) => severity === "error" && !before.has(message);
  // A move that is told in timed steps takes no dose.
  if (!brings && cards.open && work.studied.problems.some(isRefused)) {
    await cards.change(cards.open, (pointer) => [{ op: "remove", pointer: [...pointer, "for"] }]);
  }
}

/** What a card does and nobody has described becomes a move of the routine. */
function describe(card) {
  const id = valueOf(card, "do");
  own.open({ id, name: card.title }, async ({ yaml }) => {
    if (await work.edit(() => [{ op: "define", pointer: ["moves", id], yaml }])) tell(`${card.title} is a move of this session now.`);
  });
}

/** The edits that let a routine use a library of its folder, or that give it a move that ships for its own. */
function including({ id, library, yaml }) {
  if (yaml) return ownMoves().some((move) => move.id === id) ? [] : [{ op: "define", pointer: ["moves", id], yaml }];
  if (!library) return [];
  const up = "../".repeat(work.studied.path.split("/").length - 1);
  const field = work.studied.cards[0].fields.find(({ name }) => name === "include");
  if (field?.from === undefined) return [{ op: "set", pointer: ["include"], value: up + library }];
  const there = field.value.split(",").map((one) => one.trim());
  if (there.includes(up + library)) return [];
  const isList = /[[-]/.test(work.text[field.from]);
  return isList
    ? [{ op: "insert", pointer: ["include"], at: there.length, yaml: up + library }]
    : [{ op: "set", pointer: ["include"], value: `${field.value}, ${up}${library}` }];
}

/** Moves that the routine itself describes, for the bank: by their indentation, whatever else is wrong in the text. */
function ownMoves() {
  const [, body = ""] = /^moves:[ ]*\n((?:[ ]+.*\n|[ ]*#.*\n|\n)*)/m.exec(`${work.text}\n`) ?? [];
  const depth = /^ +/m.exec(body)?.[0] ?? "  ";
  return [...body.matchAll(new RegExp(`^${depth}([\\w-]+):[ ]*$`, "gm"))].map(([, id]) => {
    const { name = id.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase()), ...brings } = fieldsOf(body, depth + id);
    const dose = Object.entries(brings).map(([field, value]) => `${field}: ${value}`).join(", ");
    return { id, name, library: "", posture: "", equipment: [], works: [], steps: [], dose };
  });
}

/** What a move of the routine is called, and what it brings along. */
function fieldsOf(body, head) {
  const [depth] = /^ */.exec(head);
  const [, fields = ""] = new RegExp(`^${head}:[ ]*\n((?:${depth}[ ]+.*\n)*)`, "m").exec(body) ?? [];
  const inside = /^ +/.exec(fields)?.[0] ?? "";
  const found = ["name", ...BRINGS].map((name) => [name, new RegExp(`^${inside}${name}: +([^#\n[{]+?) *(?:#.*)?$`, "m").exec(fields)?.[1]]);
  return Object.fromEntries(found.filter(([, value]) => value).map(([name, value]) => [name, value.replace(/^(["'])(.*)\1$/, "$2")]));
}

// -- the page ---------------------------------------------------------------------------------------------

async function go(path) {
  if (await attempt(() => work.open(path))) remember(work.studied.path);
  else if (!work.studied) home();
}

function remember(path) {
  history.replaceState(null, "", `#${encodeURIComponent(path)}`);
}

/** The bank as it is now. */
function stock() {
  return attempt(async () => {
    bank.fill((await get("bank")).moves);
    if (work.studied) cards.render();
  });
}

async function attempt(job) {
  const before = the("told").textContent;
  try {
    await job();
    untell(before);
    return true;
  } catch (error) {
    // A newer wish took its place, or it is not wished any more.
    if (error.answer?.superseded || error.name === "AbortError") return true;
    tell(error.message, true);
    return false;
  }
}

function showStart(on) {
  the("start").hidden = !on;
  the("desk").hidden = on;
  the("tools").hidden = on;
  the("home").hidden = on;
}

async function home() {
  const left = the("desk").hidden ? null : work.studied?.path;
  halt();
  history.replaceState(null, "", location.pathname);
  await attempt(() => start.load());
  // A routine may have been asked for meanwhile.
  if (location.hash) return;
  the("title").textContent = "Studio";
  document.title = "Studio";
  the("state").textContent = "";
  showStart(true);
  if (left) (named(the("start"), `open ${left}`) ?? the("mine")).focus();
}

function follow() {
  // What is typed in a field is taken over.
  document.activeElement?.blur();
  const asked = decodeURIComponent(location.hash.slice(1));
  if (asked) go(asked);
  else work.flush().then(home);
}

const count = (number, word) => number && `${number} ${word}${number === 1 ? "" : "s"}`;

function showProblems() {
  const { problems } = work.studied;
  const grave = problems.filter(({ severity }) => severity !== "note").length;
  const notes = problems.length - grave;
  the("problems").hidden = !problems.length;
  the("problems").classList.toggle("is-grave", grave > 0);
  the("problem-count").textContent = [count(grave, "thing") && `${count(grave, "thing")} to look at`, count(notes, "note")].filter(Boolean).join(", ");
  keepFocus(the("problem-list"), () => the("problem-list").replaceChildren(...problems.slice(0, 50).map((one) => make("li", {}, make("button", {
    type: "button", class: `problem ${one.severity}`, onclick: () => (showView("text"), view.go(one.from, true), select(cards.at(one.from), "text")),
  }, make("b", {}, `Line ${one.line} `), one.message)))), problems.length ? the("problem-count") : the("heading"));
  if (showProblems.grave === grave) return;
  // Where several fields are wrong the list tells of all; how many there are is told whenever that changes.
  if (showProblems.grave !== undefined) the("problems-told").textContent = grave ? `${count(grave, "thing")} to look at.` : "Nothing is left to look at.";
  showProblems.grave = grave;
  showState();
}

// -- what was undone, and what others did -----------------------------------------------------------------

/** Tells what undo and redo did: which cards are others now. */
async function back(word) {
  const before = work.studied.cards;
  await work.flush();
  tell(`${word}${difference(before, work.studied.cards)}.`);
}

/** What became of the cards, in a few words: `: Plank`, `: Rest 30s is back`. */
function difference(before, now) {
  const key = ({ kind, title, fields }) => JSON.stringify([kind, title, fields.map(({ name, value }) => [name, value])]);
  const [old, fresh] = [before, now].map((all) => new Set(all.map(key)));
  const name = ({ title, kind }) => title || kind;
  const gone = before.filter((one) => !fresh.has(key(one)));
  const come = now.filter((one) => !old.has(key(one)));
  if (come.length === 1) return `: ${name(come[0])}${gone.length ? "" : " is back"}`;
  if (!come.length && gone.length === 1) return `: ${name(gone[0])} is gone`;
  const many = Math.max(come.length, gone.length);
  return many ? `: ${many} cards` : "";
}

function showView(name) {
  the("desk").dataset.view = name;
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === name));
}

function showSettings(on) {
  the("settings").hidden = !on;
  the("tune").setAttribute("aria-expanded", String(on));
}

/** What is saved may be of no use yet, and nobody be there who would save more. */
function told() {
  if (showState.isSilent) return "The studio has stopped";
  if (work.studied?.problems.some(({ severity }) => severity === "error")) return "Saved, cannot be played yet";
  return showProblems.grave ? `Saved, ${count(showProblems.grave, "thing")} to look at` : "Saved";
}

function showState() {
  // What could not be saved is saved now, or was chosen.
  if (work.isSaved && !showState.wasSaved) untell();
  showState.wasSaved = work.isSaved;
  const text = work.conflict ? "Waiting for your choice" : work.isSaved ? told() : work.isGone ? "Not saved: the file is gone" : work.isCut ? "Not saved" : "Saving…";
  the("again").hidden = !work.isGone;
  if (the("state").textContent !== text) the("state").textContent = text;
  allow(the("undo"), undoDepth(view.state) > 0);
  allow(the("redo"), redoDepth(view.state) > 0);
}

work.addEventListener("opened", () => {
  halt();
  showProblems.grave = undefined;
  view.begin(work.studied.text);
  cards.show(null);
  sliders.reset();
  showStart(false);
  at = 0;
  strip.show(null);
  the("heading").focus();
});
work.addEventListener("studied", () => {
  const { routine, isReadable } = work.studied;
  the("title").textContent = routine?.title || work.studied.path;
  document.title = `${routine?.title || work.studied.path} – Studio`;
  the("unread").hidden = isReadable;
  the("cards").classList.toggle("is-waiting", !isReadable);
  cards.render();
  view.mark(work.studied.problems);
  strip.show(work.timeline);
  stand(Math.min(at, work.timeline?.length_ms ?? 0));
  sliders.render();
  showProblems();
  the("total").textContent = work.timeline ? `${work.timeline.exact ? "" : "about "}${clock(work.timeline.length_ms)}` : "–";
});
work.addEventListener("state", showState);
work.addEventListener("failed", ({ error }) => tell(error.message, true));
work.addEventListener("joined", () => tell(`This file was changed elsewhere${difference(work.before, work.studied.cards)}. It is shown as it is now.`));
work.addEventListener("conflict", () => {
  const wasInside = the("conflict").contains(document.activeElement);
  the("conflict").hidden = !work.conflict;
  if (!work.conflict && wasInside) the("heading").focus();
  if (!work.conflict) return;
  choosing.show(work.conflict);
});

press("home", () => work.flush().then(home));
// What is on its way to the text comes first.
press("undo", () => work.edited().then(() => undo(view)));
press("redo", () => work.edited().then(() => redo(view)));
press("again", () => work.again());
press("play", toggle);
press("nearer", () => strip.zoom(1.5));
press("farther", () => strip.zoom(1 / 1.5));
press("add-move", () => bank.open("Add a move", ownMoves(), addMove));
press("bank-own", () => {
  const { take } = bank;
  the("bank").close();
  own.open({ name: the("bank-search").value.trim(), taken: [...ownMoves(), ...bank.moves].map(({ id }) => id) }, take);
});
press("tune", () => showSettings(the("settings").hidden));
press("help", () => open(the("keys")));
for (const kind of ["rest", "say", "section"]) press(`add-${kind}`, () => add(kind));
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => showView(button.dataset.show));
for (const slot of document.querySelectorAll("[data-icon]")) slot.prepend(icon(slot.dataset.icon));

addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (the("desk").hidden) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !takesWords(event.target)) start.undo();
    return;
  }
  const element = event.composedPath()[0];
  const key = event.key.toLowerCase();
  const inField = takesWords(element);
  if ((event.ctrlKey || event.metaKey) && (key === "z" || key === "y") && !isHalfDone(element)) {
    const isRedo = event.shiftKey || key === "y";
    if (!(isRedo ? redo : undo)(view)) tell(isRedo ? "There is nothing to do again." : "There is nothing to undo.");
    event.preventDefault();
  } else if ((event.ctrlKey || event.metaKey) && key === "s") event.preventDefault(), work.flush().then(() => work.isSaved && tell("Saved."));
  else if (event.key === " " && !inField && !/^(BUTTON|SUMMARY|A)$/.test(element.tagName)) event.preventDefault(), toggle();
  else if (event.key === "?" && !inField) open(the("keys"));
});
addEventListener("beforeunload", (event) => {
  if (!work.studied || the("desk").hidden) return;
  // What stands in a field is taken over as if one had left the field.
  if (isHalfDone(document.activeElement)) document.activeElement.blur();
  if (!work.isSaved) event.preventDefault();
});

showView("cards");
showPlaying(false, "Play");
listen(({ isSilent, ...change }) => {
  showState.isSilent = isSilent;
  if (work.studied) showState();
  if (!isSilent) seen(change);
});
function seen({ path = work.studied?.path, revision }) {
  return path === work.studied?.path && !the("desk").hidden ? work.changed(revision) : the("start").hidden || start.load();
}
fetchSchema().then((found) => (schema = found));
stock();
addEventListener("hashchange", follow);
follow();
