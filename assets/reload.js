// Given by `audiocoach serve` alone: loads the page again when its site was built again.
"use strict";

const version = document.currentScript.dataset.version;
let events = null;

function told(event) {
  // A page out of a cache may stay as it is: it is loaded again once for each version, not for ever.
  if (event.data === version || sessionStorage.getItem("reloaded-for") === event.data) return;
  sessionStorage.setItem("reloaded-for", event.data);
  location.reload();
}

// A browser has six connections to a server: pages that nobody sees leave them to the others.
function listen() {
  if (events) events.close();
  events = document.hidden ? null : new EventSource("/-/events");
  if (events) events.onmessage = told;
}

document.addEventListener("visibilitychange", listen);
listen();
