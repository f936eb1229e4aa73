"use strict";
// What every player shows while one trains, and the words it folds: the pages' begins with this, and so does that of a handout. It knows a session
// and a moment, and asks for nothing. All times are milliseconds.

const find = (id) => document.getElementById(id);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// As units.ms_to_clock.
function clock(ms) {
  const whole = Math.floor(ms / 1000);
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

// The last of a list that began at or before a moment, by its place; -1 before the first.
function placeAt(list, ms) {
  let place = -1;
  while (place + 1 < list.length && list[place + 1].start_ms <= ms) place += 1;
  return place;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// For who does not look: a line that is not seen, and that screen readers read when it changes.
const tell = (text) => write(find("told"), text);

// A tone beside the session's sound, whose time it leaves alone: it is in the page, and asks for nothing. Browsers sound
// nothing before they are touched, so it is made ready at the first touch or key, and with the first sound at the latest.
class Bell {
  constructor(sound, packed) {
    if (!packed) return;
    this.packed = packed;
    for (const event of ["click", "keydown"]) document.addEventListener(event, () => this.wake(), { capture: true });
    sound.addEventListener("play", () => this.wake());
  }

  async wake() {
    if (!this.context) {
      this.context = new AudioContext();
      const { buffer } = Uint8Array.from(atob(this.packed), (letter) => letter.charCodeAt(0));
      this.tone = this.context.decodeAudioData(buffer);
    }
    if (this.context.state !== "running") await this.context.resume();
  }

  async ring() {
    await this.wake();
    const source = this.context.createBufferSource();
    source.buffer = await this.tone;
    source.connect(this.context.destination);
    source.start();
  }
}

// At a gate the sound waits for the listener: whoever plays on passes it, as does who seeks. That it waits is seen, heard
// and told: silence alone might be a fault.
class Gate {
  constructor(sound, { gates, gate_tone }) {
    Object.assign(this, { sound, gates, heard_ms: 0, passed_ms: -1, isShut: false });
    this.bell = new Bell(sound, gate_tone);
    sound.addEventListener("play", () => this.pass());
  }

  look(ms) {
    const next = this.gates.find((one) => this.heard_ms < one && one <= ms && one !== this.passed_ms);
    const isReached = next !== undefined && !this.sound.paused && ms - this.heard_ms < 2000;
    this.heard_ms = ms;
    if (!isReached) return;
    Object.assign(this, { passed_ms: next, isShut: true });
    this.sound.pause();
    this.sound.currentTime = next / 1000;
    // Without a tone it is still told.
    this.bell.ring().catch(() => undefined);
    tell(find("told").dataset.waits);
  }

  pass() {
    if (this.isShut) tell("");
    this.isShut = false;
  }

  open() {
    this.pass();
    this.passed_ms = -1;
  }
}

// The interval of a moment with its figures, or what stands there before the first and after the last. `words` are those of
// the stage's element.
function stageAt(session, ms, { isFresh, isShut }, words) {
  const { intervals, duration_ms } = session;
  const idle = { kind: "idle", name: "", part: "", details: [], next: "", figures: clock(duration_ms), timed: "whole" };
  const first = intervals.find((one) => one.name)?.title ?? "";
  if (isFresh) return { ...idle, title: words.press, part: words.facts ?? "", next: first };
  if (ms >= duration_ms) return { ...idle, title: words.done, part: words.did ?? "" };
  const one = intervals[placeAt(intervals, ms)];
  if (isShut) return { ...one, figures: words.ready, details: [words.whenReady] };
  // What is left is counted up to whole seconds, as the tones count: 3, 2, 1, change.
  return { ...one, timed: "remaining", figures: clock(Math.ceil((one.end_ms - ms) / 1000) * 1000) };
}

// The large figures: a timer of what `timed` says, or words, which are no timer and have no other name.
function showFigures(one) {
  const figures = find("figures");
  const label = figures.dataset[one.timed];
  write(figures, one.figures);
  figures.dataset.length = one.figures.length;
  for (const [name, value] of Object.entries({ role: label && "timer", "aria-label": label })) {
    if (value) figures.setAttribute(name, value);
    else figures.removeAttribute(name);
  }
}

// The share of an interval that is left; all of it where nothing is heard.
const leftOf = (one, ms) => (one.end_ms ? (one.end_ms - ms) / (one.end_ms - one.start_ms) : 1);

// Which line is shown, by its place: it stays until the next one, or until what it was said for is over.
function cueAt(lines, one, ms) {
  const place = placeAt(lines, ms);
  return place >= 0 && one.end_ms && lines[place].end_ms > one.start_ms ? place : -1;
}

// Which repetition or breath of how many, and where in it: what is repeated begins with its interval.
function turnOf(one, ms, words) {
  const whole_ms = (one.cycle_ms ?? []).reduce((sum, part_ms) => sum + part_ms, 0);
  if (!whole_ms) return null;
  const count = Math.floor((one.end_ms - one.start_ms) / whole_ms);
  const number = Math.min(Math.floor((ms - one.start_ms) / whole_ms), count - 1) + 1;
  const told = words[one.kind === "breaths" ? "breaths" : "reps"].replace("$number", number).replace("$count", count);
  const part = partOf(one, (ms - one.start_ms) % whole_ms);
  return { words: part ? `${words[part.name]} · ${told}` : told, part };
}

// The part of a breath: how full one is at its ends, and how far it has come.
const PARTS = [
  { name: "in", from: 0, to: 1 }, { name: "hold", from: 1, to: 1 }, { name: "out", from: 1, to: 0 }, { name: "hold", from: 0, to: 0 },
];
function partOf(one, into_ms) {
  const parts = { 2: [PARTS[0], PARTS[2]], 3: PARTS.slice(0, 3), 4: PARTS }[one.kind === "breaths" ? one.cycle_ms.length : 0];
  if (!parts) return null;
  let place = 0;
  let left_ms = into_ms;
  while (left_ms >= one.cycle_ms[place] && place < parts.length - 1) left_ms -= one.cycle_ms[place++];
  return { ...parts[place], done: clamp(left_ms / one.cycle_ms[place], 0, 1) };
}

// Keeps a circle that fills and empties as one breathes: between two tellings of the time as well, while it plays. Where the
// system asks for less motion the words alone tell it.
function breathing(circle, { part, isPlaying }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let frame = 0;
  const draw = () => {
    cancelAnimationFrame(frame);
    const here = calm.matches ? null : part();
    circle.hidden = !here;
    if (!here) return;
    circle.style.setProperty("--full", here.from + (here.to - here.from) * here.done);
    if (isPlaying()) frame = requestAnimationFrame(draw);
  };
  return draw;
}

// The stage and the controls alone, as large as the screen; also where a browser keeps its own full screen to itself. What
// changes between both is handed back, for keys.
function fullScreen(button) {
  let before = null;
  const set = (isFull) => {
    const wasFull = document.body.classList.contains("full");
    if (isFull) before = document.activeElement;
    document.body.classList.toggle("full", isFull);
    button.setAttribute("aria-pressed", isFull);
    // Who was among what is hidden now finds the way out, and later the way back.
    if (isFull && !before.checkVisibility()) button.focus();
    else if (wasFull && !isFull && document.activeElement === button) before.focus();
  };
  const toggle = () => {
    const isFull = !document.body.classList.contains("full");
    set(isFull);
    if (isFull) document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) document.exitFullscreen();
  };
  document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) set(false); });
  document.addEventListener("keydown", (event) => ({ Escape: () => set(false) })[event.key]?.());
  button.addEventListener("click", toggle);
  button.hidden = false;
  return toggle;
}

// To the next in a list; or back to the start of this one, and from its first 3 s to the one before.
function nextOf(list, by, ms) {
  const place = placeAt(list, by < 0 ? ms - 3000 : ms);
  return list[by < 0 ? Math.max(place, 0) : place + 1];
}

function told(session, ms) {
  const one = session.intervals[placeAt(session.intervals, ms)];
  return one ? [one.title, ...one.details].join(", ") : "";
}

// Where a key or a button has led: `chapter` is its title, where one was led to a chapter. A slider says it by itself.
function tellPlace(session, ms, chapter) {
  if (document.activeElement?.matches("[role=slider], [type=range]")) return;
  const one = session.intervals[placeAt(session.intervals, ms)];
  const what = [chapter, told(session, ms), one && !one.name && one.next].filter(Boolean).join(", ");
  tell(find("told").dataset.place.replace("$told", () => what).replace("$now", () => clock(ms)));
}

// The keys of every player; the list of keys tells them. `player` is whoever can do what they ask for.
function listenToKeys(player) {
  const { chapters, intervals } = player.session;
  const help = find("help");
  const keys = {
    " ": () => player.toggle(),
    ArrowLeft: () => player.skip(-5000),
    ArrowRight: () => player.skip(5000),
    "[": () => player.step(chapters, -1),
    "]": () => player.step(chapters, 1),
    j: () => player.step(chapters, -1),
    l: () => player.step(chapters, 1),
    ",": () => player.step(intervals, -1),
    ".": () => player.step(intervals, 1),
    f: () => player.toggleFull(),
    "?": () => help.showModal(),
  };
  const isSign = (key) => key.length === 1 && key !== " ";
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const action = keys[key] ?? keys[key.toLowerCase()];
    if (!action || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (isSign(key) && !find("letters").checked) return;
    // A link does nothing with Space: who tapped a chapter pauses by it as well.
    if (key === " " && target.closest("button, summary, audio, [type=checkbox]")) return;
    event.preventDefault();
    action();
  });
  find("help-button").addEventListener("click", () => help.showModal());
  find("close").addEventListener("click", () => help.close());
  find("help-button").hidden = false;
}

// What a slider's own keys do, beside the arrows to the left and right, which are everybody's.
function listenToSlider(slider, player) {
  const keys = {
    Home: () => player.seek(0),
    End: () => player.seek(player.session.duration_ms),
    PageUp: () => player.skip(60_000),
    PageDown: () => player.skip(-60_000),
    ArrowUp: () => player.skip(5000),
    ArrowDown: () => player.skip(-5000),
  };
  slider.addEventListener("keydown", (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}

// One stop for Tab among hundreds of lines and what they are folded by; arrows go on from there, and `left` is told that a
// reader goes alone. Handed back is what moves the stop.
function oneStop(panel, left) {
  const stops = [...panel.querySelectorAll("summary, a")];
  stops.forEach((one) => { one.tabIndex = -1; });
  const isSeen = (one) => one.matches("summary") || (one.closest("details")?.open ?? true);
  const stop = (link) => {
    panel.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    link?.setAttribute("tabindex", "0");
  };
  stop(stops.find((one) => one.matches("a")));
  panel.addEventListener("keydown", (event) => {
    const seen = stops.filter(isSeen);
    const next = seen[seen.indexOf(event.target) + { ArrowUp: -1, ArrowDown: 1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    left();
    stop(next);
    next.focus();
  });
  panel.addEventListener("click", ({ target }) => {
    const summary = target.closest("summary");
    if (summary) stop(summary);
  });
  find("word-keys").hidden = false;
  return (link) => { if (!panel.contains(document.activeElement)) stop(link); };
}

// Words are folded by exercise. The voice unfolds what it comes to, and folds what it has left; what a reader unfolded stays.
function unfolder(panel) {
  let own = panel.querySelector("details[open]");
  return (line) => {
    const fold = line.closest("details");
    if (!fold || fold.open) return;
    if (own && !own.contains(document.activeElement)) own.open = false;
    fold.open = true;
    own = fold;
  };
}
