// What a page does beyond being read: it plays, follows the voice, and works without a network once opened. Nothing here is
// needed to read a page or to play its sound. `stage.js` stands before it. All times are milliseconds.

const show = (...ids) => ids.forEach((id) => { find(id).hidden = false; });
// A sound that fails again within this time is not there.
const RETRY_MS = 10_000;
// So long a sound may wait for the network, where it is kept.
const PATIENCE_MS = 3000;

// -- where the sound comes from -----------------------------------------------------------------

const openCache = async () => self.caches?.open("audiocoach");

// An address of what is kept of a sound, null where that is nothing. Browsers join what they have of a sound by its
// address, and give the sound up where two sources answer under one. So each source has an address that the other never
// answers: the network the published one, which the worker leaves alone, and what is kept one that is this page's own.
async function keptSound(address) {
  try {
    const kept = await (await openCache())?.match(address, { ignoreVary: true });
    return kept ? URL.createObjectURL(await kept.blob()) : null;
  } catch {
    return null;
  }
}

// -- the player: the one place that knows the sound -------------------------------------------

class Player {
  constructor(audio, session) {
    this.audio = audio;
    this.session = session;
    this.address = audio.src;
    this.watchers = [];
    for (const event of ["play", "pause", "seeking", "seeked", "timeupdate", "loadedmetadata", "ended"]) {
      audio.addEventListener(event, () => this.tell());
    }
    // Sounds tell their time four times a second: too rarely for a count of seconds.
    audio.addEventListener("play", () => { this.pulse ??= setInterval(() => this.tell(), 100); });
    audio.addEventListener("pause", () => { this.pulse = clearInterval(this.pulse); });
    audio.addEventListener("play", () => { this.isWanted = true; });
    audio.addEventListener("pause", () => { this.isWanted = audio.error !== null && this.isWanted; });
    audio.addEventListener("error", () => this.revive());
    audio.addEventListener("waiting", () => setTimeout(() => this.relieve(), PATIENCE_MS));
    this.gate = new Gate(audio, session);
    this.watch((now) => this.gate.look(now));
  }

  // Once, before the first byte: what is kept by then is played from there, everything else from the network. Whoever was
  // faster, and plays already, hears on what was begun.
  async choose() {
    const kept = await keptSound(this.address);
    if (kept && this.isUnheard) this.load(kept);
    else this.audio.preload = "metadata";
  }

  // A sound that the browser gave up is asked for again, of the other source where there is one; once without a word, and
  // it goes on where it was.
  async revive() {
    const hasJustFailed = performance.now() - (this.failed_ms ?? -Infinity) < RETRY_MS;
    this.failed_ms = performance.now();
    if (hasJustFailed) return show("trouble");
    this.load((!this.isKept && (await keptSound(this.address))) || this.address);
    if (this.isWanted) this.play();
  }

  // Where the line goes, browsers ask again for minutes before they give up: what is kept by then is heard sooner.
  async relieve() {
    const kept = this.isStarved && (await keptSound(this.address));
    if (!kept || !this.isStarved) return;
    this.load(kept);
    this.play();
  }

  // From here on all of it comes from this source.
  load(source) {
    const at = this.audio.currentTime;
    this.audio.src = source;
    this.audio.currentTime = at;
  }

  watch(watcher) {
    this.watchers.push(watcher);
    watcher(this.now);
  }

  tell() {
    this.watchers.forEach((watcher) => watcher(this.now));
  }

  get now() {
    return clamp(Math.round(this.audio.currentTime * 1000), 0, this.session.duration_ms);
  }

  get isUnheard() {
    return this.audio.paused && this.audio.played.length === 0;
  }

  get isFresh() {
    return this.isUnheard && this.audio.currentTime === 0;
  }

  get isKept() {
    return this.audio.src !== this.address;
  }

  get isStarved() {
    return !this.isKept && !this.audio.paused && this.audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  // The promise fails where a browser wants a touch first, or the sound is not there: then it stays paused.
  play() {
    if (this.audio.error) this.load(this.audio.src);
    return this.audio.play().catch(() => undefined);
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  seek(ms) {
    this.gate.open();
    this.audio.currentTime = clamp(ms, 0, this.session.duration_ms) / 1000;
    this.tell();
  }

  skip(ms) {
    this.seek(this.now + ms);
    tellPlace(this.session, this.now);
  }

  step(list, by) {
    const next = nextOf(list, by, this.now);
    if (!next) return;
    this.seek(next.start_ms);
    tellPlace(this.session, this.now, list === this.session.chapters && next.title);
  }
}

// -- what is seen -------------------------------------------------------------------------------

function showStage(player) {
  const { session } = player;
  const stage = find("stage");
  const said = [...document.querySelectorAll("#panel .line span")].map((line) => line.textContent);
  const words = { ...stage.dataset, facts: document.querySelector(".facts").textContent };
  player.watch((now) => {
    const one = stageAt(session, now, { isFresh: player.isFresh, isShut: player.gate.isShut }, words);
    stage.dataset.kind = one.kind;
    write(find("cue"), said[cueAt(session.lines, one, now)] ?? "");
    write(find("turn"), turnOf(one, now, find("turn").dataset)?.words ?? "");
    for (const id of ["part", "next"]) write(find(id), one[id]);
    showFigures(one);
    write(find("name"), one.name && one.part ? `${one.name} · ` : one.name);
    write(find("move"), one.title);
    // One word may be larger than the name of a move.
    find("move").classList.toggle("is-short", one.title.length <= 10);
    write(find("details"), one.details.join(" · "));
    find("next-label").hidden = !one.next;
    if (find("after")) find("after").hidden = now < session.duration_ms || player.isFresh;
    write(find("next-label"), find("next-label").dataset[player.isFresh ? "first" : "next"]);
    find("left").style.setProperty("--left", leftOf(one, now));
  });
  stage.addEventListener("click", (event) => { if (!event.target.closest("a")) player.toggle(); });
  show("stage");
  showBreath(player);
}

function showBreath(player) {
  const { intervals } = player.session;
  const part = () => {
    const one = intervals[placeAt(intervals, player.now)];
    return one && !player.isFresh && turnOf(one, player.now, find("turn").dataset)?.part;
  };
  player.watch(breathing(find("breath"), { part, isPlaying: () => !player.audio.paused }));
}

function showFull(player) {
  player.toggleFull = fullScreen(find("full"));
}

// Hands the address on: by what the system has for it, else to be pasted.
function offerSharing() {
  const button = find("share");
  if (!button || !(navigator.share || navigator.clipboard)) return;
  const [url, title] = [location.href.split("#")[0], document.title];
  button.addEventListener("click", async () => {
    if (navigator.share) return navigator.share({ title, url }).catch(() => undefined);
    await navigator.clipboard.writeText(url);
    button.setAttribute("aria-label", button.dataset.shared);
    button.classList.add("is-done");
  });
  show("share");
}

function showScrubber(player) {
  const { session } = player;
  const slider = find("scrubber");
  const bubble = find("bubble");
  const at = (event) => {
    const box = slider.getBoundingClientRect();
    return clamp((event.clientX - box.left) / box.width, 0, 1) * session.duration_ms;
  };
  const hover = (event) => {
    const ms = at(event);
    slider.style.setProperty("--over", ms / session.duration_ms);
    write(bubble, `${clock(ms)} ${told(session, ms)}`);
    bubble.hidden = false;
  };
  slider.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    slider.setPointerCapture(event.pointerId);
    player.seek(at(event));
  });
  slider.addEventListener("pointermove", (event) => {
    hover(event);
    if (slider.hasPointerCapture(event.pointerId)) player.seek(at(event));
  });
  for (const event of ["pointerleave", "pointerup", "pointercancel"]) {
    slider.addEventListener(event, () => { bubble.hidden = true; });
  }
  listenToSlider(slider, player);
  const positionNow = (values) => slider.dataset.now.replace(/\$(\w+)/g, (_, name) => values[name]);
  player.watch((now) => {
    slider.style.setProperty("--at", now / session.duration_ms);
    slider.setAttribute("aria-valuenow", Math.floor(now / 1000));
    slider.setAttribute("aria-valuetext", positionNow({ now: clock(now), length: clock(session.duration_ms), told: told(session, now) }));
    write(find("elapsed"), clock(now));
    write(find("remaining"), `−${clock(session.duration_ms - now)}`);
  });
  show("scrubber", "clocks");
}

// Marks the link of what is now; tells when it has changed.
function mark(player, links, list, changed) {
  let place = -1;
  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    player.seek(list[index].start_ms);
    player.play();
  }));
  player.watch((now) => {
    const next = player.isFresh ? -1 : placeAt(list, now);
    if (next === place) return;
    links[place]?.removeAttribute("aria-current");
    links[next]?.setAttribute("aria-current", "true");
    place = next;
    changed(links[next]);
  });
}

function showScript(player) {
  const panel = find("panel");
  const links = [...panel.querySelectorAll(".line")];
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const unfold = unfolder(panel);
  let current = links[0];
  let follows = true;
  const scroll = () => {
    if (!follows || !current) return;
    unfold(current);
    const top = panel.scrollTop + current.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTo({ top: top - panel.clientHeight / 3, behavior: calm.matches ? "auto" : "smooth" });
  };
  const follow = (does) => {
    follows = does;
    find("follow").hidden = does;
    scroll();
  };
  const settle = oneStop(panel, () => follow(false));
  mark(player, links, player.session.lines, (link) => {
    current = link ?? links[0];
    settle(current);
    scroll();
  });
  panel.addEventListener("click", (event) => {
    if (event.target.closest(".line")) follow(true);
    if (event.target.closest("summary")) follow(false);
  });
  for (const event of ["wheel", "touchmove"]) panel.addEventListener(event, () => follow(false), { passive: true });
  find("follow").addEventListener("click", () => follow(true));
}

function showChapters(player) {
  const links = [...document.querySelectorAll(".chapters a")];
  const list = links[0]?.closest("ol");
  mark(player, links, player.session.chapters, (link) => {
    if (link) list.scrollTo({ left: link.offsetLeft - list.offsetLeft - 8, behavior: "auto" });
  });
}

function showControls(player) {
  const { audio, session } = player;
  const click = (id, action) => find(id).addEventListener("click", action);
  click("previous", () => player.step(session.chapters, -1));
  click("back", () => player.skip(-10_000));
  click("play", () => player.toggle());
  click("forward", () => player.skip(10_000));
  click("following", () => player.step(session.chapters, 1));
  click("print", () => window.print());
  player.watch(() => {
    document.body.classList.toggle("playing", !audio.paused);
    find("play").setAttribute("aria-label", find("play").dataset[audio.paused ? "play" : "pause"]);
  });
  audio.addEventListener("loadedmetadata", () => { find("trouble").hidden = true; });
  show("controls", "print");
}

// -- the lock screen, and a screen that stays on ------------------------------------------------

function tellLockScreen(player) {
  const media = navigator.mediaSession;
  if (!media) return;
  const { audio, session } = player;
  const { artist, album, art } = audio.dataset;
  const actions = {
    play: () => player.play(),
    pause: () => audio.pause(),
    seekbackward: ({ seekOffset }) => player.skip(-1000 * (seekOffset ?? 10)),
    seekforward: ({ seekOffset }) => player.skip(1000 * (seekOffset ?? 10)),
    seekto: ({ seekTime }) => player.seek(1000 * seekTime),
    previoustrack: () => player.step(session.chapters, -1),
    nexttrack: () => player.step(session.chapters, 1),
  };
  for (const [name, action] of Object.entries(actions)) media.setActionHandler(name, action);
  const artwork = [{ src: new URL(art, location.href).href }];
  let title;
  player.watch((now) => {
    const next = session.chapters[placeAt(session.chapters, now)]?.title ?? album;
    if (next === title) return;
    title = next;
    media.metadata = new MediaMetadata({ title, artist, album, artwork });
  });
  const place = () => media.setPositionState({ duration: session.duration_ms / 1000, position: player.now / 1000 });
  for (const event of ["play", "pause", "seeked"]) audio.addEventListener(event, place);
}

function stayAwake(player) {
  if (!navigator.wakeLock) return;
  let lock = null;
  const settle = async () => {
    const wanted = !player.audio.paused && document.visibilityState === "visible";
    if (wanted && (!lock || lock.released)) lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (player.audio.paused) await lock?.release();
  };
  for (const event of ["play", "pause"]) player.audio.addEventListener(event, settle);
  document.addEventListener("visibilitychange", settle);
}

// -- the page itself ----------------------------------------------------------------------------

// `#play` begins at once, where the browser allows it; `#t=63.6` begins there.
function begin(player) {
  const moment = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (moment) player.seek(1000 * Number(moment[1]));
  if (location.hash === "#play") player.play();
}

function startPlayer(audio) {
  const player = new Player(audio, JSON.parse(find("timeline").textContent));
  for (const start of [showStage, showScrubber, showScript, showChapters, showControls, showFull, listenToKeys, tellLockScreen, stayAwake]) {
    start(player);
  }
  audio.controls = false;
  document.body.classList.add("plays");
  player.choose().then(() => begin(player));
  window.addEventListener("hashchange", () => begin(player));
  return player;
}

function offerAddress() {
  const feed = find("feed");
  const button = find("copy");
  if (!feed || !navigator.clipboard) return;
  // Where the feed's address is not known beforehand, it lies beside this page.
  const address = /^https?:/.test(feed.textContent) ? feed.textContent : feed.href;
  write(feed, address);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    write(button, button.dataset.copied);
  });
  show("copy");
}

// What all versions of a file have in common: a digest stands behind its name, or before its suffix.
const undigested = (url) => url.split(/[?#]/)[0].replace(/-[0-9a-f]{8}(?=\.(?!html$|svg$)[a-z0-9]+$)/, "");

// Keeps the page, what it shows and its sound, and lets go of their older versions.
async function keepOffline(player) {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("sw.js");
  if (!player) return;
  const cache = await openCache();
  const shown = [...document.querySelectorAll("[src], [href], [data-art]")]
    .map((one) => one.dataset.art ?? one.getAttribute("src") ?? one.getAttribute("href"))
    .filter((address) => address.includes("?v="))
    .map((address) => new URL(address, location.href).href);
  const wanted = new Set([location.href.split("#")[0], ...shown, player.address]);
  for (const url of wanted) {
    if (!(await cache.match(url, { ignoreVary: true }))) await cache.add(url);
  }
  await navigator.serviceWorker.ready;
  write(find("kept"), find("kept").dataset.kept);
  const named = new Set([...wanted].map(undigested));
  for (const { url } of await cache.keys()) {
    const isVersion = undigested(url) !== url.split("#")[0];
    if (!wanted.has(url) && isVersion && named.has(undigested(url))) await cache.delete(url);
  }
}

// Tells in the list what plays without a network: sessions whose page and sound are kept.
async function markKept() {
  const cache = await openCache();
  const isKept = async (address) => Boolean(await cache?.match(address, { ignoreVary: true }));
  for (const mark of document.querySelectorAll(".card .kept")) {
    const page = mark.closest("li").querySelector("h3 a").href;
    write(mark, (await isKept(page)) && (await isKept(mark.dataset.sound)) ? mark.dataset.kept : "");
  }
}

const player = find("sound") && startPlayer(find("sound"));
offerAddress();
offerSharing();
// Without room or network nothing is kept, and the page is as good as before.
keepOffline(player).catch(() => undefined);
// Also where the browser shows the list as it was left.
window.addEventListener("pageshow", () => markKept().catch(() => undefined));
