// What the page does beyond being read and heard: it plays, jumps, and follows the voice. All that it needs is in the file: it
// asks for nothing. `stage.js` stands before it. Times are milliseconds.

const session = JSON.parse(find("timeline").textContent);
const sound = find("sound");

const gate = new Gate(sound, session);

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

function seek(ms) {
  gate.open();
  sound.currentTime = clamp(ms, 0, session.duration_ms) / 1000;
  show();
}

function skip(ms) {
  seek(now() + ms);
  tellPlace(session, now());
}

function step(list, by) {
  const next = nextOf(list, by, now());
  if (!next) return;
  seek(next.start_ms);
  tellPlace(session, now(), list === session.chapters && next.title);
}

// The promise fails where a browser wants a touch first: then it stays paused.
const play = () => sound.play().catch(() => undefined);
const toggle = () => (sound.paused ? play() : sound.pause());

const shown = (ms) => stageAt(session, ms, { isFresh: isFresh(), isShut: gate.isShut }, find("stage").dataset);
const turn = (ms) => turnOf(shown(ms), ms, find("turn").dataset);
const breathe = breathing(find("breath"), { part: () => turn(now())?.part, isPlaying: () => !sound.paused });

function showStage(ms) {
  const one = shown(ms);
  const { first, next } = find("stage").dataset;
  find("stage").dataset.kind = one.kind;
  write(find("part"), [one.name, one.part].filter(Boolean).join(" · "));
  write(find("move"), one.title);
  write(find("details"), one.details.join(" · "));
  showFigures(one);
  write(find("turn"), turn(ms)?.words ?? "");
  write(find("next"), one.next && `${isFresh() ? first : next}: ${one.next}`);
  find("left").style.setProperty("--left", leftOf(one, ms));
  write(find("cue"), links.lines[cueAt(session.lines, one, ms)]?.querySelector("span").textContent ?? "");
  breathe();
}

function showControls(ms) {
  const slider = find("position");
  document.body.classList.toggle("playing", !sound.paused);
  find("play").setAttribute("aria-label", find("play").dataset[sound.paused ? "play" : "pause"]);
  write(find("elapsed"), clock(ms));
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
  if (name === "lines" && place >= 0) follow(links.lines[place]);
}

const unfold = unfolder(find("lines"));
const settle = oneStop(find("lines"), () => undefined);

function follow(line) {
  const panel = find("lines");
  unfold(line);
  settle(line);
  panel.scrollTop = line.offsetTop - panel.clientHeight / 3;
}

function show() {
  gate.look(now());
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
    stage: toggle, play: toggle, previous: () => step(session.chapters, -1), following: () => step(session.chapters, 1),
    back: () => skip(-10_000), forward: () => skip(10_000), print: () => window.print(),
  };
  for (const [id, action] of Object.entries(actions)) find(id).addEventListener("click", action);
  find("position").addEventListener("input", ({ target }) => seek(target.value * 1000));
  const player = { session, toggle, seek, skip, step, toggleFull };
  listenToKeys(player);
  listenToSlider(find("position"), player);
  for (const event of ["play", "pause", "seeked", "timeupdate", "loadedmetadata", "ended"]) {
    sound.addEventListener(event, show);
  }
  // Sounds tell their time four times a second: too rarely for a count of seconds.
  let pulse;
  sound.addEventListener("play", () => { pulse ??= setInterval(show, 100); });
  sound.addEventListener("pause", () => { pulse = clearInterval(pulse); });
}

function tellLockScreen() {
  const media = navigator.mediaSession;
  if (!media) return;
  media.metadata = new MediaMetadata({ title: document.title });
  media.setActionHandler("previoustrack", () => step(session.chapters, -1));
  media.setActionHandler("nexttrack", () => step(session.chapters, 1));
}

function stayAwake() {
  let lock;
  sound.addEventListener("play", async () => { lock = await navigator.wakeLock?.request("screen").catch(() => undefined); });
  sound.addEventListener("pause", () => lock?.release());
}

const toggleFull = fullScreen(find("full"));
unpack();
listen();
tellLockScreen();
stayAwake();
sound.controls = false;
document.body.classList.add("plays");
for (const id of ["stage", "controls", "print"]) find(id).hidden = false;
show();
