/** Where things are in the tree once it was edited. */

/**
 * @param {import("./types.js").Pointer} pointer  the way to something before
 * @param {import("./types.js").Edit[]} edits  done one after the other
 * @returns {import("./types.js").Pointer | null} its way afterwards; `null` where it is gone
 */
export function carried(pointer, edits) {
  return edits.reduce((way, edit) => way && after(way, edit), pointer);
}

function after(way, { op, pointer, at }) {
  if (op === "insert") return isBelow(way, pointer) && way[pointer.length] >= at ? shifted(way, pointer.length, 1) : way;
  if (op !== "move" && op !== "remove") return way;
  const [list, from] = [pointer.slice(0, -1), pointer.at(-1)];
  if (typeof from !== "number" || !isBelow(way, list)) return op === "remove" && isBelow([...way, ""], pointer) ? null : way;
  const index = way[list.length];
  if (index === from) return op === "remove" ? null : way.with(list.length, at);
  const closed = shifted(way, list.length, index > from ? -1 : 0);
  return op === "move" && closed[list.length] >= at ? shifted(closed, list.length, 1) : closed;
}

/** Whether a way leads through another one, and on. */
export const isBelow = (way, above) => above.length < way.length && above.every((step, index) => step === way[index]);

const shifted = (way, depth, by) => way.with(depth, way[depth] + by);
