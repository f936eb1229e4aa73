// Given by `audiocoach serve` alone: loads the page again when its site was built again.
"use strict";

const version = document.currentScript.dataset.version;
let events = null;
let newest = version;

function told(event) {
  newest = event.data;
  renew();
}

// Who listens hears on: the page is loaded again when the sound stops, and at the place where it stopped.
function renew() {
  // A page out of a cache may stay as it is: it is loaded again once for each version, not for ever.
  if (newest === version || sessionStorage.getItem("reloaded-for") === newest) return;
  const sound = document.querySelector("audio");
  if (sound && !sound.paused) return;
  sessionStorage.setItem("reloaded-for", newest);
  if (sound?.currentTime && !sound.ended) history.replaceState(null, "", `#t=${sound.currentTime.toFixed(1)}`);
  location.reload();
}

// A browser has six connections to a server: pages that nobody sees leave them to the others.
function listen() {
  if (events) events.close();
  events = document.hidden ? null : new EventSource("/-/events");
  if (events) events.onmessage = told;
}

// Such events do not bubble.
document.addEventListener("pause", renew, { capture: true });
document.addEventListener("visibilitychange", listen);
listen();
