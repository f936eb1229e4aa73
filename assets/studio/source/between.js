/** The changes between two texts, the same ones however busy the machine is. */
import { diff } from "@codemirror/merge";

const DEEP = 2000;
/** Lines stand for themselves as one character each: more of them than this are compared as they are. */
const MOST_LINES = 0xffff;

/**
 * The changes that make one text of another: whole lines are told from each other first, then what changed in them.
 * So what somebody types meanwhile stays on its line. No clock decides: a diff that gives up when its time is over
 * replaces all from the first change to the last, and whatever is typed in between goes to the end of that.
 *
 * @returns {import("./types.js").Change[]}
 */
export function between(before, after) {
  const known = new Map();
  const [old, now] = [before, after].map((text) => lines(text));
  const [a, b] = [old, now].map((all) => all.map((line) => letter(known, line)).join(""));
  if (known.size > MOST_LINES) return within(before, after, 0);
  const [starts, ends] = [old, now].map(places);
  return diff(a, b, { scanLimit: DEEP }).flatMap(({ fromA, toA, fromB, toB }) =>
    within(before.slice(starts[fromA], starts[toA]), after.slice(ends[fromB], ends[toB]), starts[fromA]));
}

/** What changed in some lines. */
function within(before, after, at) {
  return diff(before, after, { scanLimit: DEEP }).map(({ fromA, toA, fromB, toB }) => ({
    from: at + fromA,
    to: at + toA,
    insert: after.slice(fromB, toB),
  }));
}

/** Lines with their ends. */
const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function letter(known, line) {
  if (!known.has(line)) known.set(line, String.fromCharCode(known.size));
  return known.get(line);
}

/** Where each begins, and where the last one ends. */
function places(all) {
  let at = 0;
  return [0, ...all.map((line) => (at += line.length))];
}
