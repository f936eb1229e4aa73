"use strict";
// The service worker: what was opened once works without a network.
// SHELL stands above: the addresses of what every page needs. Pages add themselves and their sound (player.js).
// An address with ?v= names its content, so what is kept under it never changes. Pages may, so the network is asked first.

const CACHE = "audiocoach";
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, search } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (search.startsWith("?v=")) event.respondWith(keptFirst(event.request));
  else if (mode === "navigate") event.respondWith(networkFirst(event.request));
});

async function install() {
  await Promise.all(SHELL.map(async (url) => keep(new URL(url, self.registration.scope).href, await fetch(url))));
  await self.skipWaiting();
}

async function keptFirst(request) {
  const kept = await find(request.url);
  if (kept) return part(kept, request.headers.get("range"));
  const fresh = await fetch(request);
  // Sound is kept by the page, which can wait for the whole of it.
  if (["image", "script", "style"].includes(request.destination)) await keep(request.url, fresh.clone());
  return fresh;
}

async function networkFirst(request) {
  const asked = fetch(request).then(async (fresh) => {
    await keep(request.url, fresh.clone());
    return fresh;
  });
  const kept = await find(request.url, { ignoreSearch: true });
  if (!kept) return asked.catch(() => home(request));
  return Promise.race([asked, after(PATIENCE_MS, kept)]).catch(() => kept);
}

// The folder itself is index.html, on every host.
async function home(request) {
  const isHome = new URL(request.url).pathname === new URL(self.registration.scope).pathname;
  return (isHome && (await find(new URL("index.html", self.registration.scope).href))) || Response.error();
}

async function find(url, how) {
  return (await caches.open(CACHE)).match(url, { ignoreVary: true, ...how });
}

async function keep(url, response) {
  if (response.status !== 200) return;
  // A page may not be answered with a response that was redirected: some hosts send x.html to x.
  const plain = response.redirected ? new Response(response.body, response) : response;
  await (await caches.open(CACHE)).put(url, plain);
}

function after(time_ms, value) {
  return new Promise((resolve) => setTimeout(resolve, time_ms, value));
}

// A part of what is kept (RFC 9110 §14): without it a browser cannot seek. What is no single range gets the whole.
async function part(response, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (!asked || !(asked[1] || asked[2])) return response;
  const whole = await response.blob();
  const [first, last] = span(asked[1], asked[2], whole.size);
  if (asked[1] && asked[2] && Number(asked[1]) > Number(asked[2])) return new Response(whole, response);
  const headers = new Headers(response.headers);
  if (first > last) {
    headers.set("Content-Range", `bytes */${whole.size}`);
    headers.set("Content-Length", "0");
    return new Response(null, { status: 416, statusText: "Range Not Satisfiable", headers });
  }
  headers.set("Content-Range", `bytes ${first}-${last}/${whole.size}`);
  headers.set("Content-Length", String(last - first + 1));
  return new Response(whole.slice(first, last + 1), { status: 206, statusText: "Partial Content", headers });
}

// First and last byte, where `from` or `to` may be empty: `-5` is the last five.
function span(from, to, size) {
  if (!from) return [Math.max(size - Number(to), 0), size - 1];
  return [Number(from), to ? Math.min(Number(to), size - 1) : size - 1];
}
