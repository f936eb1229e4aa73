"use strict";
// The service worker: what was opened once works without a network.
// SHELL stands above: the addresses of what every page needs; OFFLINE is the page that is shown in place of one that was not kept. Pages add themselves and their sound, which they play from
// what is kept by themselves (player.js): a browser gives up a sound that comes from the network first and from here then.
// An address with ?v= names its content, so what is kept under it never changes. Pages may, so the network is asked first.
// Everything else is none of the worker's, sounds above all: their names hold their digest.

const CACHE = "audiocoach";
const PATIENCE_MS = 4000;
// Some hosts send x.html to x.
const PAGE = /(\/[^/.]*|\.html)$/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (search.startsWith("?v=")) event.respondWith(keptFirst(event.request));
  else if (mode === "navigate" && PAGE.test(pathname)) event.respondWith(networkFirst(event.request));
});

async function install() {
  await Promise.all(SHELL.map(async (url) => keep(new URL(url, self.registration.scope).href, await fetch(url))));
  await self.skipWaiting();
}

async function keptFirst(request) {
  const kept = await find(request.url);
  if (kept) return kept;
  const fresh = await fetch(request);
  // What else there is, a page keeps itself.
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

// The folder itself is index.html, on every host; what else was not kept is said in the page's own style.
async function home(request) {
  const isHome = new URL(request.url).pathname === new URL(self.registration.scope).pathname;
  const page = isHome ? "index.html" : OFFLINE;
  return (await find(new URL(page, self.registration.scope).href)) || Response.error();
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
