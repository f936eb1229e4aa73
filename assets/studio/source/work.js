/** The routine that is open: one text, which cards, text and strip all show, and what the server says of it. */
import { isolateHistory } from "@codemirror/commands";
import { Annotation, ChangeSet, Text, Transaction } from "@codemirror/state";
import { between } from "./between.js";
import { get, post } from "./server.js";

/** Marks what the server changed in the text: it is saved already. */
const fromServer = Annotation.define();
const QUIET_MS = 250;
/** Nobody answers, or somebody who does not know this page, or its file: the studio was ended, or the session removed. */
const CUT = new Set([0, 401, 403, 404]);
const GONE = "The file is gone from the folder. What stands here is in this page alone: “Write it again” makes the file anew.";
/** Who types on without a pause is saved all the same: after this, or after a few times as long as the last one took. */
const LONGEST_MS = 1500;
const SPARED = 4;

/**
 * Requests that write go one after the other, each with the revision that the one before it gave. What is typed
 * while one is on its way is kept, and the answer's places are carried over it.
 *
 * Events: `opened`, `studied` (cards, problems or timeline are new), `typed`, `state` (saved or not), `conflict`,
 * `joined` (what others wrote stands in the text, and was studied), `failed`.
 */
export class Work extends EventTarget {
  /** @type {import("./types.js").Studied | null} */
  studied = null;
  /** @type {import("./types.js").Settings} */
  settings = {};
  /** @type {import("./types.js").Timeline | null} exact where it was spoken, else estimated */
  timeline = null;
  conflict = null;
  /** The cards that the last answer took the place of. @type {import("./types.js").Card[]} */
  before = [];
  /** The last thing that was to be saved did not reach the studio. */
  isCut = false;
  /** Its file is gone from the folder. */
  isGone = false;
  busy = false;
  #queue = Promise.resolve();
  #editing = Promise.resolve();
  #asked = "";
  #since = null;
  #saved = "";
  #due = 0;
  #timer = 0;
  #took = 0;
  #looking = new AbortController();

  /** @param {import("@codemirror/view").EditorView} view */
  attach(view) {
    this.view = view;
  }

  get text() {
    return this.view.state.doc.toString();
  }

  get isSaved() {
    return !this.busy && !this.conflict && !this.isCut && this.text === this.#saved;
  }

  get isRead() {
    return this.studied !== null && this.text === this.studied.text;
  }

  /** @param {string} path */
  async open(path) {
    this.#asked = path;
    await this.flush();
    const found = await get("document", { path });
    if (this.#asked === path) this.begin(found);
  }

  /** @param {import("./types.js").Studied} studied  a whole routine that takes the place of the open one */
  begin(studied) {
    clearTimeout(this.#timer);
    this.#looking.abort();
    this.settings = {};
    this.conflict = null;
    this.isCut = this.isGone = false;
    this.#saved = studied.text;
    this.#since = null;
    this.#adopt(studied);
    this.#say("opened");
    this.#say("studied");
    this.#say("state");
  }

  /** @param {import("@codemirror/view").ViewUpdate} update */
  typed(update) {
    if (!this.studied || update.startState.doc === update.state.doc) return;
    this.#since = this.#since?.compose(update.changes) ?? null;
    this.#carry(update.changes);
    if (update.transactions.some((one) => one.annotation(fromServer))) return;
    this.#say("typed");
    this.#say("state");
    this.#schedule();
  }

  /** Saves what is not saved yet, and waits for it. */
  flush() {
    clearTimeout(this.#timer);
    this.#due = 0;
    return this.#next(() => this.#save());
  }

  /**
   * Edits by the tree: a change of the text that undo takes back as one.
   *
   * @param {() => import("./types.js").Edit[]} plan  asked once the text is saved and its cards are known
   * @returns {Promise<import("./types.js").Studied | null>}
   */
  edit(plan) {
    const done = this.#next(async () => {
      await this.#save();
      const edits = this.isRead && !this.conflict ? plan() : [];
      return edits.length ? this.#send("edit", { edits }) : null;
    });
    this.#editing = done.catch(() => {});
    return done;
  }

  /** Waits until edits by the tree stand in the text; what is typed does at once, saved or not. */
  edited() {
    return this.#editing;
  }

  /** @param {import("./types.js").Settings} settings  how it is looked at and heard; nothing is written */
  set(settings) {
    this.settings = settings;
    this.#look();
  }

  /** What sounds is exact; it is shown until the text changes. @param {import("./types.js").Timeline} timeline */
  heard(timeline, text) {
    if (this.text !== text) return;
    this.timeline = timeline;
    this.#say("studied");
  }

  /** Somebody else wrote the file. @param {string} revision */
  changed(revision) {
    return this.#next(async () => {
      if (!this.studied) return;
      if (revision) this.isGone = false;
      if (revision === this.studied.revision) {
        // A file that was gone is there again.
        this.isCut = false;
        return void (await this.#save());
      }
      if (this.text !== this.#saved) return void (await this.#save());
      // What is typed from here on comes on top of it.
      const sent = this.text;
      this.#since = ChangeSet.empty(this.view.state.doc.length);
      this.#take(await get("document", { path: this.studied.path }).catch((error) => this.#lost(error)), sent);
    });
  }

  /** Writes the text into a file of its name again, which is gone. */
  again() {
    return this.#next(() => this.isGone && this.#send("again", {}));
  }

  /** Nobody can be asked, or the file is gone: what stands here is not kept anywhere. */
  #lost(error) {
    this.isCut = CUT.has(error.status);
    this.isGone = error.status === 404;
    if (this.isGone) error.message = GONE;
    throw error;
  }

  /** What was chosen of two texts takes their place; what was typed since stays, and undo takes it back. */
  choose(text) {
    const { mine, revision } = this.conflict;
    this.conflict = null;
    this.studied.revision = revision;
    // It is sent whatever it is: its cards are not known here.
    this.#saved = null;
    const typed = ChangeSet.of(between(mine, this.text), mine.length);
    const chosen = ChangeSet.of(between(mine, text), mine.length).map(typed);
    if (!chosen.empty) this.view.dispatch({ changes: chosen, annotations: isolateHistory.of("full") });
    this.#say("conflict");
    return this.flush();
  }

  #say(name) {
    this.dispatchEvent(new Event(name));
  }

  #schedule() {
    clearTimeout(this.#timer);
    this.#due ||= performance.now() + Math.max(LONGEST_MS, SPARED * this.#took);
    const wait = Math.max(0, Math.min(QUIET_MS, this.#due - performance.now()));
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  #next(job) {
    const done = this.#queue.then(async () => {
      this.busy = true;
      try {
        return await job();
      } catch (error) {
        if (!error.answer?.conflict) return this.#fail(error);
        this.conflict = error.answer;
        this.#say("conflict");
      } finally {
        this.busy = false;
        this.#say("state");
      }
      return null;
    });
    this.#queue = done.catch(() => {});
    return done;
  }

  #fail(error) {
    const told = new Event("failed");
    told.error = error;
    this.dispatchEvent(told);
    if (error.status === undefined) throw error;
    return null;
  }

  async #save() {
    if (this.studied && !this.conflict && this.text !== this.#saved) await this.#send("document", {});
  }

  async #send(name, more) {
    const { path, revision } = this.studied;
    const text = this.text;
    this.#since = ChangeSet.empty(this.view.state.doc.length);
    this.#say("state");
    const began = performance.now();
    const answer = await post(name, { path, base: revision, text, ...more }).catch((error) => this.#keep(error, text));
    this.isCut = this.isGone = false;
    // How the tree was changed tells which card is which, where nothing else was.
    answer.edits = answer.merged ? [] : more.edits ?? [];
    this.#took = performance.now() - began;
    this.#take(answer, text, name === "edit");
    return answer;
  }

  /** What was refused stands in the text, to be chosen; what nobody heard of is not saved. */
  #keep(error, sent) {
    const { conflict, mine } = error.answer ?? {};
    if (conflict && mine !== sent) this.#bring(ChangeSet.of(between(sent, mine), sent.length).map(this.#since), isolateHistory.of("full"));
    this.#lost(error);
  }

  /** Takes in an answer to `sent`; what was typed meanwhile stays, on top of it. */
  #take(answer, sent, byHand = false) {
    const since = this.#since;
    this.#since = null;
    this.#saved = answer.text;
    // What others did came along: undo takes back one's own alone.
    const edited = byHand ? ChangeSet.of(answer.changes, sent.length).apply(Text.of(sent.split("\n"))).toString() : sent;
    const [own, theirs] = [[sent, edited], [edited, answer.text]].map(([from, to]) => ChangeSet.of(from === to ? [] : between(from, to), from.length));
    this.#bring(own.map(since), isolateHistory.of("full"));
    this.#bring(theirs.map(since.map(own, true)), Transaction.addToHistory.of(false));
    const changes = own.compose(theirs);
    this.before = this.studied.cards;
    this.#adopt(answer);
    const typed = since.map(changes, true);
    if (!typed.empty) {
      this.#carry(typed);
      this.#schedule();
    }
    this.#say("studied");
    if (!theirs.empty) this.#say("joined");
    this.#look();
  }

  #bring(changes, kept) {
    if (changes.empty) return;
    this.view.dispatch({ changes, annotations: [fromServer.of(true), Transaction.userEvent.of("input.card"), kept] });
  }

  #adopt(answer) {
    const before = this.studied;
    this.studied = answer;
    // A text that cannot be read has no cards: those of the last one that could stay, and wait.
    answer.isReadable = answer.cards.length > 0;
    if (!answer.isReadable && before?.path === answer.path) Object.assign(answer, { cards: before.cards, routine: before.routine });
    const last = before?.path === answer.path ? this.timeline : null;
    this.timeline = answer.timeline ?? (last && !isSameList(before.cards, answer.cards) ? withoutWays(last) : last);
  }

  #carry(changes) {
    for (const one of this.studied.cards) move(one, changes);
    for (const one of this.studied.problems) move(one, changes);
  }

  async #look() {
    this.#looking.abort();
    if (!Object.keys(this.settings).length) {
      if (this.isRead && this.studied.timeline && this.timeline !== this.studied.timeline) {
        this.timeline = this.studied.timeline;
        this.#say("studied");
      }
      return;
    }
    this.#looking = new AbortController();
    const { signal } = this.#looking;
    const body = { path: this.studied.path, text: this.text, ...this.settings };
    const found = await post("look", body, signal).catch((error) => error.name !== "AbortError" && this.#fail(error));
    if (!found || signal.aborted) return;
    this.timeline = found.timeline ?? this.timeline;
    if (found.possible) this.studied.possible = found.possible;
    this.looked = found.problems;
    this.#say("studied");
  }
}

/** Whether cards stand where they stood, but for the fields of one: what leads to them leads to the same ones. */
function isSameList(before, now) {
  const what = ({ pointer, kind }) => JSON.stringify([pointer, kind]);
  const values = ({ fields }) => JSON.stringify(fields.map(({ name, value }) => [name, value]));
  return before.length === now.length && before.every((one, index) => what(one) === what(now[index]))
    && before.filter((one, index) => values(one) !== values(now[index])).length < 2;
}

/** A timeline of another text: it is looked at, and leads to no card. */
const withoutWays = (timeline) => ({ ...timeline, intervals: timeline.intervals.map((one) => ({ ...one, pointer: undefined, line: null })) });

function move(one, changes) {
  if (one.from === undefined) return;
  one.from = changes.mapPos(one.from, -1);
  one.to = Math.max(one.from, changes.mapPos(one.to, 1));
  for (const field of one.fields ?? []) move(field, changes);
}
