/** Times as people read and write them. */

/** `62000` → `1:02`, `3720000` → `1:02:00`. */
export function clock(ms) {
  const all = Math.round(ms / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const tail = String(seconds).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** `90000` → `1m30s`: as the language writes it. */
export function written(ms) {
  const all = Math.round(ms / 1000);
  const [minutes, seconds] = [Math.floor(all / 60), all % 60];
  return `${minutes ? `${minutes}m` : ""}${seconds || !minutes ? `${seconds}s` : ""}`;
}

/** `90000` → `90 seconds`, `1200000` → `20 minutes`: for people. */
export function spoken(ms) {
  const all = Math.round(ms / 1000);
  if (all < 120) return all === 1 ? "1 second" : `${all} seconds`;
  const [minutes, seconds] = [Math.floor(all / 60), all % 60];
  return seconds ? `${minutes} minutes ${seconds} seconds` : `${minutes} minutes`;
}

/** A plain time of the language in milliseconds; `null` where it is a range or none. */
export function milliseconds(text) {
  const units = /^\s*(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?\s*$/.exec(text);
  if (units && /\d/.test(text)) return Math.round(((+units[1] || 0) * 3600 + (+units[2] || 0) * 60 + (+units[3] || 0)) * 1000);
  const colons = /^\s*(?:(\d+):)?(\d+):(\d{2})\s*$/.exec(text);
  return colons ? ((+colons[1] || 0) * 3600 + +colons[2] * 60 + +colons[3]) * 1000 : null;
}

/** What was typed into a field of time, as the language wants it: `30` and `30 sec` are 30 seconds. */
export function asTime(typed) {
  const seconds = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?\s*(?:s|sec|secs|seconds?)?$/i.exec(typed.trim());
  if (seconds) return seconds[2] ? `${seconds[1]}-${seconds[2]}s` : `${seconds[1]}s`;
  const minutes = /^(\d+)\s*(?:m|min|mins|minutes?)$/i.exec(typed.trim());
  return minutes ? `${minutes[1]}m` : typed.trim();
}

/**
 * Where a moment of a timeline lies in another one of nearly the same session: in the same interval, if there is one.
 *
 * @param {import("./types.js").Timeline} now
 * @param {import("./types.js").Timeline | null} before
 */
export function momentIn(now, before, ms) {
  const index = before?.intervals.findIndex((one) => one.start_ms <= ms && ms < one.start_ms + one.length_ms) ?? -1;
  const [old, same] = [before?.intervals[index], now.intervals[index]];
  const moved = old && same && old.kind === same.kind && old.line === same.line ? same.start_ms + Math.min(ms - old.start_ms, same.length_ms) : ms;
  return Math.min(moved, now.length_ms);
}
