/** Requests to the studio's server; the cookie that came with the page is their key. */

const SILENT = "The studio does not answer. Is it still running in its window?";
/** A studio that was started again knows none of the pages of the one before. */
const ANOTHER = "This page belongs to a studio that was ended. Open the new address that the terminal prints; what stands here can be copied from the text.";

/** What the server refused, with its own words; `answer` holds the rest of what it said. */
export class Refused extends Error {
  constructor(status, answer) {
    super(status === 403 ? ANOTHER : answer.message ?? answer.error ?? `The studio could not do that (${status}).`);
    this.status = status;
    this.answer = answer;
  }
}

async function ask(path, options) {
  const response = await fetch(path, options).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { message: SILENT });
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** @param {string} name @param {Record<string, string>} query */
export function get(name, query = {}) {
  const search = new URLSearchParams(query).toString();
  return ask(`/api/${name}${search ? `?${search}` : ""}`, { headers: { Accept: "application/json" } });
}

/** @param {string} name @param {object} body @param {AbortSignal} [signal] */
export function post(name, body, signal) {
  return ask(`/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

/**
 * A long wish: how far it is comes line by line, and what came of it last.
 *
 * @param {(line: {done: number, of: number, stage: string}) => void} told
 */
export async function wait(name, body, told) {
  const response = await fetch(`/api/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (!response?.ok) throw new Refused(response?.status ?? 0, await response?.json().catch(() => ({})) ?? { message: SILENT });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let [left, last] = ["", null];
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done) break;
    const lines = (left + value).split("\n");
    left = lines.pop();
    for (const line of lines) {
      last = JSON.parse(line);
      if (last.of !== undefined) told(last);
    }
  }
  if (!last?.file) throw new Refused(0, { message: last?.message ?? SILENT });
  return last;
}

/** @returns {Promise<any | null>} the JSON Schema of a routine, where the server has it */
export const schema = () => ask("/schema.json", {}).catch(() => null);

/**
 * A browser opens six connections to one server: a tab that kept one each would leave none to the seventh. So one tab
 * listens for all, which has the lock, and the next one takes its place when it goes.
 *
 * @param {(change: {path?: string, revision?: string, isSilent?: boolean}) => void} changed  somebody else changed a file;
 *   without a path any may have been; `isSilent` while the studio is not to be reached
 */
export function listen(changed) {
  const tabs = new BroadcastChannel("studio");
  const told = (change) => (changed(change), tabs.postMessage(change));
  tabs.onmessage = ({ data }) => changed(data);
  navigator.locks.request("studio", () => new Promise(() => {
    const events = new EventSource("/api/events");
    events.addEventListener("changed", ({ data }) => told(JSON.parse(data)));
    // Nobody listened until now, or the line was cut.
    events.addEventListener("open", () => told({}));
    events.addEventListener("error", () => told({ isSilent: true }));
  }));
}
