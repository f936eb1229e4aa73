"use strict";
// What the page does beyond being read and heard: it plays, jumps, and follows the voice. Times are milliseconds. All that
// it needs is in the file: it asks for nothing.

const find = (id) => document.getElementById(id);
const session = JSON.parse(find("timeline").textContent);
const sound = find("sound");

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

function write(id, text) {
  if (find(id).textContent !== text) find(id).textContent = text;
}

const now = () => Math.min(Math.round(sound.currentTime * 1000), session.duration_ms);
const isFresh = () => sound.paused && sound.currentTime === 0;

// Browsers seek in a file, and in an address as long as this one only some of them do.
function unpack() {
  const address = sound.src;
  const [head, packed] = address.split(",");
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  sound.addEventListener("error", () => { sound.src = address; }, { once: true });
  sound.src = URL.createObjectURL(new Blob([bytes], { type: head.slice(5).split(";")[0] }));
}

// At a gate it waits for the listener: whoever plays on passes it, as does who seeks.
const gate = { heard_ms: 0, passed_ms: -1, isShut: false };

function wait(ms) {
  const next = session.gates.find((one) => gate.heard_ms < one && one <= ms && one !== gate.passed_ms);
  const isReached = next !== undefined && !sound.paused && ms - gate.heard_ms < 2000;
  gate.heard_ms = ms;
  if (!isReached) return;
  Object.assign(gate, { passed_ms: next, isShut: true });
  sound.pause();
  sound.currentTime = next / 1000;
}

function seek(ms) {
  Object.assign(gate, { passed_ms: -1, isShut: false });
  sound.currentTime = Math.min(Math.max(ms, 0), session.duration_ms) / 1000;
  show();
}

// To the next chapter; or back to the start of this one, and from its first 3 s to the one before.
function step(by) {
  const place = placeAt(session.chapters, by < 0 ? now() - 3000 : now());
  const next = session.chapters[by < 0 ? Math.max(place, 0) : place + 1];
  if (next) seek(next.start_ms);
}

// The promise fails where a browser wants a touch first: then it stays paused.
const play = () => sound.play().catch(() => undefined);
const toggle = () => (sound.paused ? play() : sound.pause());

function shown(ms) {
  const { press, done, first, next } = find("stage").dataset;
  const idle = { kind: "idle", name: "", part: "", details: [], figures: clock(session.duration_ms), next: "" };
  const opens = session.intervals.find((one) => one.name)?.title;
  if (isFresh()) return { ...idle, title: press, next: opens ? `${first}: ${opens}` : "" };
  if (ms >= session.duration_ms) return { ...idle, title: done };
  const one = session.intervals[placeAt(session.intervals, ms)];
  const { ready, whenReady } = find("stage").dataset;
  if (gate.isShut) return { ...one, details: [whenReady], figures: ready, next: "" };
  // What is left is counted up to whole seconds, as the tones count: 3, 2, 1, change.
  const figures = clock(Math.ceil((one.end_ms - ms) / 1000) * 1000);
  return { ...one, figures, next: one.next ? `${next}: ${one.next}` : "" };
}

// The parts of a breath by how many it has.
const BREATHS = { 2: ["in", "out"], 3: ["in", "hold", "out"], 4: ["in", "hold", "out", "hold"] };

// Which repetition or breath of how many, and which part of a breath: what is repeated begins with its interval.
function turnOf(one, ms) {
  const parts_ms = one.cycle_ms ?? [];
  const whole_ms = parts_ms.reduce((sum, part_ms) => sum + part_ms, 0);
  if (!whole_ms) return "";
  const { dataset } = find("turn");
  const count = Math.floor((one.end_ms - one.start_ms) / whole_ms);
  const number = Math.min(Math.floor((ms - one.start_ms) / whole_ms), count - 1) + 1;
  const isBreaths = one.kind === "breaths";
  const told = dataset[isBreaths ? "breaths" : "reps"].replace("$number", number).replace("$count", count);
  let left_ms = (ms - one.start_ms) % whole_ms;
  let place = 0;
  while (place < parts_ms.length - 1 && left_ms >= parts_ms[place]) left_ms -= parts_ms[place++];
  const part = isBreaths && BREATHS[parts_ms.length]?.[place];
  return part ? `${dataset[part]} · ${told}` : told;
}

function showStage(ms) {
  const one = shown(ms);
  find("stage").dataset.kind = one.kind;
  write("part", [one.name, one.part].filter(Boolean).join(" · "));
  write("move", one.title);
  write("details", one.details.join(" · "));
  write("figures", one.figures);
  find("figures").dataset.length = one.figures.length;
  write("turn", turnOf(one, ms));
  write("next", one.next);
  find("left").style.setProperty("--left", one.end_ms ? (one.end_ms - ms) / (one.end_ms - one.start_ms) : 1);
  const line = session.lines[placeAt(session.lines, ms)];
  const isSaid = line && !isFresh() && ms < session.duration_ms;
  write("cue", isSaid ? links.lines[placeAt(session.lines, ms)].querySelector("span").textContent : "");
}

function showControls(ms) {
  const slider = find("position");
  document.body.classList.toggle("playing", !sound.paused);
  find("play").setAttribute("aria-label", find("play").dataset[sound.paused ? "play" : "pause"]);
  write("elapsed", clock(ms));
  slider.value = Math.floor(ms / 1000);
  const values = { now: clock(ms), length: clock(session.duration_ms), told: shown(ms).title };
  slider.setAttribute("aria-valuetext", slider.dataset.now.replace(/\$(\w+)/g, (_, name) => values[name]));
}

// Every chapter and every line, in the order of the lists.
const links = {
  chapters: [...document.querySelectorAll(".chapters a")],
  lines: [...document.querySelectorAll("#lines a")],
};
const marked = {};

function mark(name, ms) {
  const place = isFresh() ? -1 : placeAt(session[name], ms);
  if (marked[name] === place) return;
  links[name][marked[name]]?.removeAttribute("aria-current");
  links[name][place]?.setAttribute("aria-current", "true");
  marked[name] = place;
  const panel = find("lines");
  if (name === "lines" && place >= 0) panel.scrollTop = links.lines[place].offsetTop - panel.clientHeight / 3;
}

function show() {
  wait(now());
  const ms = now();
  showStage(ms);
  showControls(ms);
  mark("chapters", ms);
  mark("lines", ms);
}

function listen() {
  for (const name of ["chapters", "lines"]) {
    links[name].forEach((link, place) => link.addEventListener("click", (event) => {
      event.preventDefault();
      seek(session[name][place].start_ms);
      play();
    }));
  }
  const actions = {
    stage: toggle, play: toggle, previous: () => step(-1), following: () => step(1),
    back: () => seek(now() - 10_000), forward: () => seek(now() + 10_000), print: () => window.print(),
  };
  for (const [id, action] of Object.entries(actions)) find(id).addEventListener("click", action);
  find("position").addEventListener("input", ({ target }) => seek(target.value * 1000));
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target.closest("button, input, a, summary, audio")) return;
    event.preventDefault();
    toggle();
  });
  for (const event of ["play", "pause", "seeked", "timeupdate", "loadedmetadata", "ended"]) {
    sound.addEventListener(event, show);
  }
  // Sounds tell their time four times a second: too rarely for a count of seconds.
  sound.addEventListener("play", () => { gate.isShut = false; });
  let pulse;
  sound.addEventListener("play", () => { pulse ??= setInterval(show, 100); });
  sound.addEventListener("pause", () => { pulse = clearInterval(pulse); });
}

function tellLockScreen() {
  const media = navigator.mediaSession;
  if (!media) return;
  media.metadata = new MediaMetadata({ title: document.title });
  media.setActionHandler("previoustrack", () => step(-1));
  media.setActionHandler("nexttrack", () => step(1));
}

function stayAwake() {
  let lock;
  sound.addEventListener("play", async () => { lock = await navigator.wakeLock?.request("screen").catch(() => undefined); });
  sound.addEventListener("pause", () => lock?.release());
}

unpack();
listen();
tellLockScreen();
stayAwake();
sound.controls = false;
document.body.classList.add("plays");
for (const id of ["stage", "controls", "print"]) find(id).hidden = false;
show();
