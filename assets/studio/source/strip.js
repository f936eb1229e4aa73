/** The session as a strip: the whole above, a part of it large below, with intervals, words and tones at their place. */
import { make, vector } from "./dom.js";
import { LABELS } from "./fields.js";
import { clock, spoken } from "./units.js";

const HEIGHTS = { work: 1, hold: 1, reps: 1, breaths: 1, rest: .5, release: .5, ready: .5, switch: .5, talk: .18, pause: .18 };
const TALL = 40;
/** Which field of its card says how long an interval is. */
const FIELD_OF = { work: "for", hold: "hold", rest: "rest", ready: "ready", switch: "switch", release: "release", pause: "pause" };
const NEAREST = 60;
/** What the colours mean, in the order in which they are told; some kinds have one colour. */
const COLOURS = {
  work: "work", hold: "hold", reps: "repetitions", breaths: "breaths", rest: "rest", release: "rest", ready: "get ready",
  switch: "get ready", talk: "talk", pause: "talk",
};
/** What a kind is, for who does not see its colour. */
const KINDS = { ...COLOURS, release: "between holds", switch: "change sides", pause: "silence" };
const SECONDS = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 60, PageDown: -60, Home: -Infinity, End: Infinity };

export class Strip {
  #timeline = null;
  #scale = 8;
  #drawn = "";
  #current = -1;
  #drag = null;

  /**
   * @param {{whole: Element, part: HTMLElement, legend: HTMLElement, window: HTMLElement, head: HTMLElement}} places
   * @param {{picked: (ms: number, interval: any) => void, sentence: (event: any, element: HTMLElement) => void,
   *   lengthen: (interval: any, field: string, ms: number) => Promise<void>,
   *   fieldOf: (interval: any, name: string) => string | null}} calls
   */
  constructor(places, calls) {
    Object.assign(this, { ...places, calls });
    this.inner = make("div", { class: "inner" });
    this.part.append(this.inner);
    this.part.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.part.addEventListener("keydown", (event) => this.#key(event));
    this.part.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.wholeBox = this.whole.parentElement;
    this.wholeBox.addEventListener("pointerdown", (event) => this.#seek(event));
    this.wholeBox.addEventListener("keydown", (event) => this.#step(event));
    new ResizeObserver(() => this.#redraw()).observe(this.part);
  }

  /** @param {import("./types.js").Timeline | null} timeline */
  show(timeline) {
    this.#timeline = timeline;
    this.part.classList.toggle("is-estimate", Boolean(timeline && !timeline.exact));
    if (!timeline) return this.#clear();
    this.#whole(timeline);
    this.#explain(timeline);
    this.#current = Math.min(this.#current, timeline.intervals.length - 1);
    this.#redraw();
  }

  /** Of a session that cannot be laid out nothing is shown, least of all another. */
  #clear() {
    this.whole.replaceChildren();
    this.legend.replaceChildren();
    this.inner.replaceChildren();
    this.#drawn = "";
    this.#current = -1;
    this.part.scrollLeft = 0;
  }

  /** Where the whole and the part stand while it is heard or looked at. */
  stand(ms, follow) {
    const { length_ms } = this.#timeline ?? { length_ms: 1 };
    this.head.style.setProperty("--at", Math.min(1, ms / length_ms));
    this.inner.style.setProperty("--head", `${this.#x(ms)}px`);
    this.at_ms = ms;
    this.wholeBox.setAttribute("aria-valuemax", Math.round(length_ms / 1000));
    this.wholeBox.setAttribute("aria-valuenow", Math.round(ms / 1000));
    const here = this.at(ms);
    this.wholeBox.setAttribute("aria-valuetext", [`${clock(ms)} of ${clock(length_ms)}`, here && (here.text || KINDS[here.kind])].filter(Boolean).join(", "));
    if (!follow) return;
    const x = this.#x(ms) - this.part.scrollLeft;
    if (x < 0 || x > this.part.clientWidth * .8) this.part.scrollLeft = this.#x(ms) - this.part.clientWidth * .2;
  }

  /** Lights up what is heard: an interval and a sentence. */
  hear(interval, event) {
    this.heard = [interval, event];
    for (const element of this.inner.children) element.classList.toggle("is-heard", this.heard.includes(element.it));
  }

  /** Picks an interval from outside: it comes into sight. */
  pick(index, reveal = true) {
    this.#current = index;
    if (reveal && this.#timeline?.intervals[index]) {
      const { start_ms, length_ms } = this.#timeline.intervals[index];
      const [from, to] = [this.#x(start_ms), this.#x(start_ms + length_ms)];
      const { scrollLeft, clientWidth } = this.part;
      if (from < scrollLeft || Math.min(to, from + clientWidth) > scrollLeft + clientWidth) this.part.scrollLeft = from - 24;
    }
    this.#redraw();
  }

  zoom(by) {
    if (!this.#timeline) return;
    const middle = (this.part.scrollLeft + this.part.clientWidth / 2) / this.#scale;
    const least = this.part.clientWidth / (this.#timeline.length_ms / 1000);
    this.#scale = Math.max(Math.min(least, NEAREST), Math.min(NEAREST, this.#scale * by));
    this.#redraw();
    this.part.scrollLeft = middle * this.#scale - this.part.clientWidth / 2;
  }

  #x(ms) {
    return (ms / 1000) * this.#scale;
  }

  #whole({ intervals, events, chapters, length_ms }) {
    const paths = {};
    for (const { kind, start_ms, length_ms: lasts } of intervals) {
      const height = (HEIGHTS[kind] ?? .18) * TALL;
      paths[kind] = `${paths[kind] ?? ""}M${start_ms} ${TALL}v${-height}h${lasts}v${height}z`;
    }
    const words = events.filter(({ kind }) => kind === "speech").map((one) => `M${one.start_ms} ${TALL + 3}h${one.length_ms}v4h${-one.length_ms}z`);
    const marks = chapters.map(({ start_ms }) => `M${start_ms} 0v${TALL + 8}`);
    this.whole.setAttribute("viewBox", `0 0 ${Math.max(1, length_ms)} ${TALL + 8}`);
    this.whole.replaceChildren(
      ...Object.entries(paths).map(([kind, d]) => vector("path", { class: kind, d })),
      vector("path", { class: "speech", d: words.join("") }),
      vector("path", { class: "chapter", d: marks.join(""), "vector-effect": "non-scaling-stroke" }),
    );
  }

  /** The colours that are there, with what they mean; words and tones lie below them. */
  #explain({ intervals, events }) {
    const kinds = new Map(intervals.map(({ kind }) => [COLOURS[kind] ?? "talk", kind]));
    const known = [...new Set(Object.values(COLOURS))].filter((name) => kinds.has(name)).map((name) => [name, kinds.get(name)]);
    if (events.some(({ kind }) => kind === "speech")) known.push(["words", "words"]);
    if (events.some(({ kind }) => kind === "tone")) known.push(["tones", "tone"]);
    const shown = known.map(([name]) => name).join();
    if (shown === this.explained) return;
    this.explained = shown;
    this.legend.replaceChildren(...known.map(([name, kind]) => make("li", {}, make("span", { class: `sample ${kind}` }), name)));
  }

  /** The whole, by keys: seconds, minutes, and both ends. */
  #step(event) {
    const seconds = SECONDS[event.key];
    if (seconds === undefined || !this.#timeline) return;
    event.preventDefault();
    const ms = Math.max(0, Math.min(this.#timeline.length_ms - 1, (this.at_ms ?? 0) + seconds * 1000));
    this.part.scrollLeft = this.#x(ms) - this.part.clientWidth / 2;
    this.calls.picked(ms, this.at(ms));
  }

  #redraw() {
    this.#drawn = "";
    this.#draw();
  }

  /** Only what is in sight has elements. */
  #draw() {
    if (!this.#timeline || this.#drag) return;
    const { intervals, events, length_ms } = this.#timeline;
    const { scrollLeft, clientWidth } = this.part;
    this.inner.style.width = `${this.#x(length_ms)}px`;
    const [from, to] = [(scrollLeft / this.#scale) * 1000, ((scrollLeft + clientWidth) / this.#scale) * 1000];
    this.window.style.setProperty("--from", Math.min(1, from / length_ms));
    this.window.style.setProperty("--to", Math.min(1, to / length_ms));
    const spare = (to - from) / 2;
    const chunk = `${Math.floor(from / Math.max(1, spare))}`;
    if (this.#drawn === chunk) return;
    this.#drawn = chunk;
    const seen = (one) => one.start_ms + one.length_ms >= from - spare && one.start_ms <= to + spare;
    const focused = document.activeElement?.parentElement === this.inner ? document.activeElement : null;
    const [index, isHandle, said] = [focused?.index, focused?.classList.contains("handle"), focused?.said];
    const elements = [];
    intervals.forEach((one, number) => seen(one) && elements.push(...this.#interval(one, number)));
    for (const one of events) if (seen(one)) elements.push(one.kind === "speech" ? this.#speech(one) : this.#tone(one));
    this.inner.replaceChildren(...elements);
    if (said) elements.filter((one) => one.said).sort((a, b) => away(a.said, said) - away(b.said, said))[0]?.focus({ preventScroll: true });
    if (index === undefined) return;
    const again = elements.filter((one) => one.index === index);
    (again.find((one) => one.classList.contains("handle") === isHandle) ?? again[0])?.focus({ preventScroll: true });
  }

  #place(element, { start_ms, length_ms }, least = 2) {
    element.style.left = `${this.#x(start_ms)}px`;
    element.style.width = `${Math.max(least, this.#x(length_ms) - 1)}px`;
    return element;
  }

  #interval(one, index) {
    const isCurrent = index === this.#current;
    const first = this.#current < 0 && index === 0;
    const name = [one.text, KINDS[one.kind] ?? one.kind, spoken(one.length_ms), `at ${clock(one.start_ms)}`].filter(Boolean).join(", ");
    const bar = this.#place(make("button", {
      type: "button", class: `interval ${one.kind} ${isCurrent ? "is-picked" : ""} ${this.heard?.includes(one) ? "is-heard" : ""}`, title: name, "aria-label": name,
      tabIndex: isCurrent || first ? 0 : -1, "aria-pressed": String(isCurrent),
      onclick: (event) => this.#click(event, one, index),
    }, make("span", {}, this.#x(one.length_ms) > 40 ? one.text || one.kind : "")), one);
    Object.assign(bar, { it: one, index });
    bar.style.setProperty("--tall", HEIGHTS[one.kind] ?? .18);
    const field = FIELD_OF[one.kind] && this.calls.fieldOf(one, FIELD_OF[one.kind]);
    return field && this.#x(one.length_ms) > 14 ? [bar, this.#handle(one, index, field, isCurrent, bar)] : [bar];
  }

  #click(event, one, index) {
    const box = event.currentTarget.getBoundingClientRect();
    const inside = event.detail ? (event.clientX - box.left) / box.width : 0;
    this.pick(index, false);
    this.calls.picked(one.start_ms + Math.max(0, inside) * one.length_ms, one);
  }

  /** The end of an interval, which a field of its card sets: to be dragged, or moved by the arrow keys. */
  #handle(one, index, field, isCurrent, bar) {
    const handle = make("div", {
      class: `handle ${isCurrent ? "is-picked" : ""}`, role: "slider", tabIndex: isCurrent ? 0 : -1,
      "aria-label": `${LABELS[field] ?? field}: ${one.text || one.kind}`, "aria-valuemin": 0, "aria-valuemax": 3600,
      "aria-valuenow": Math.round(one.length_ms / 1000), "aria-valuetext": spoken(one.length_ms), title: "Drag it, or press the left and right arrow keys, to change the time",
    });
    handle.style.left = `${this.#x(one.start_ms + one.length_ms)}px`;
    Object.assign(handle, { index, one, field });
    handle.addEventListener("pointerdown", (event) => this.#pull(event, handle, bar));
    return handle;
  }

  #pull(down, handle, bar) {
    down.preventDefault();
    handle.setPointerCapture(down.pointerId);
    const bubble = make("div", { class: "bubble" });
    handle.append(bubble);
    this.#drag = handle;
    const { one, field } = handle;
    let length_ms = one.length_ms;
    const moved = ({ clientX }) => {
      const seconds = Math.round((one.length_ms / 1000 + (clientX - down.clientX) / this.#scale));
      length_ms = Math.max(0, seconds) * 1000;
      this.#place(bar, { start_ms: one.start_ms, length_ms });
      handle.style.left = `${this.#x(one.start_ms + length_ms)}px`;
      bubble.textContent = `${spoken(one.length_ms)} → ${spoken(length_ms)}`;
    };
    const done = async (event) => {
      for (const name of ["pointermove", "pointerup", "pointercancel"]) handle.removeEventListener(name, name === "pointermove" ? moved : done);
      this.#drag = null;
      if (event.type === "pointerup" && length_ms !== one.length_ms) await this.calls.lengthen(one, field, length_ms);
      this.#redraw();
    };
    handle.addEventListener("pointermove", moved);
    handle.addEventListener("pointerup", done);
    handle.addEventListener("pointercancel", done);
  }

  #speech(one) {
    const pill = this.#place(make("button", {
      type: "button", class: `words ${this.heard?.includes(one) ? "is-heard" : ""}`, tabIndex: -1, title: one.text, "aria-label": `Said at ${clock(one.start_ms)}: ${one.text}`,
      onclick: () => this.calls.sentence(one, pill),
    }, make("span", {}, this.#x(one.length_ms) > 20 ? one.text : "")), one);
    Object.assign(pill, { it: one, said: one });
    return pill;
  }

  #tone(one) {
    const name = `Tone ${one.text.replaceAll("_", " ")} at ${clock(one.start_ms)}`;
    const mark = this.#place(make("span", { class: "tone", role: "img", "aria-label": name, title: name }), one, 3);
    mark.it = one;
    return mark;
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const target = event.target;
    if (target.said || event.key === "ArrowDown") return this.#keyAmongWords(event, step);
    if (!step || target.index === undefined) return;
    event.preventDefault();
    if (target.classList.contains("handle")) return this.#nudge(target, step);
    const index = target.index + step;
    const one = this.#timeline.intervals[index];
    if (!one) return;
    this.pick(index);
    this.calls.picked(one.start_ms, one);
    [...this.inner.children].find((element) => element.index === index)?.focus({ preventScroll: true });
  }

  /** Down from an interval to the words in it, from words to words, and up again. */
  #keyAmongWords(event, step) {
    const { target } = event;
    const said = this.#timeline.events.filter(({ kind }) => kind === "speech");
    const from = this.#timeline.intervals[target.index]?.start_ms;
    const wanted = target.said ? step && said[said.indexOf(target.said) + step] : said.find((one) => one.start_ms + one.length_ms > from);
    const above = target.said && event.key === "ArrowUp" && this.at(target.said.start_ms);
    if (!wanted && !above) return;
    event.preventDefault();
    this.#reveal(wanted || above);
    [...this.inner.children].find((one) => one.it === (wanted || above))?.focus({ preventScroll: true });
  }

  #reveal({ start_ms, length_ms }) {
    const { scrollLeft, clientWidth } = this.part;
    if (this.#x(start_ms) < scrollLeft || this.#x(start_ms + length_ms) > scrollLeft + clientWidth) this.part.scrollLeft = this.#x(start_ms) - 24;
    this.#redraw();
  }

  /** Keys that come quickly are one edit. */
  #nudge(handle, seconds) {
    handle.wanted = Math.max(0, (handle.wanted ?? handle.one.length_ms) + seconds * 1000);
    handle.setAttribute("aria-valuenow", handle.wanted / 1000);
    handle.setAttribute("aria-valuetext", spoken(handle.wanted));
    handle.style.left = `${this.#x(handle.one.start_ms + handle.wanted)}px`;
    clearTimeout(this.nudging);
    this.nudging = setTimeout(() => this.calls.lengthen(handle.one, handle.field, handle.wanted), 350);
  }

  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }

  #seek(down) {
    if (!this.#timeline) return;
    const box = this.wholeBox.getBoundingClientRect();
    const go = ({ clientX }) => {
      const ms = Math.max(0, Math.min(1, (clientX - box.left) / box.width)) * this.#timeline.length_ms;
      this.part.scrollLeft = this.#x(ms) - this.part.clientWidth / 2;
      return ms;
    };
    const ms = go(down);
    this.calls.picked(ms, this.at(ms));
    const stop = () => {
      removeEventListener("pointermove", go);
      removeEventListener("pointerup", stop);
    };
    addEventListener("pointermove", go);
    addEventListener("pointerup", stop);
  }

  /** The interval at a moment. */
  at(ms) {
    return this.#timeline?.intervals.find((one) => one.start_ms <= ms && ms < one.start_ms + one.length_ms) ?? null;
  }
}

/** How far some words are from others: the same ones are nearer than any. */
const away = (one, other) => Math.abs(one.start_ms - other.start_ms) + (one.text === other.text ? 0 : 1e9);
