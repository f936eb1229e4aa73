/** What may be written at a place of the text, from the JSON Schema of a routine. */
import { hoverTooltip } from "@codemirror/view";
import { make } from "./dom.js";

const KEY = /^(\s*)((?:- +)*)(?:([\w-]+)\s*:(?=\s|$))?/;

/**
 * The way of keys from the root to the map in which `line` of these lines stands; `"-"` is a list's item.
 * Lines above with less indentation are its parents.
 *
 * @param {string[]} lines  up to and with the one that is asked about
 */
export function way(lines) {
  const last = KEY.exec(lines.at(-1));
  let column = last[1].length + last[2].length;
  const path = last[2] ? ["-"] : [];
  if (last[2]) column = last[1].length;
  for (let number = lines.length - 2; number >= 0 && (column > 0 || path[0] === "-"); number--) {
    const line = lines[number];
    if (!line.trim() || line.trim().startsWith("#")) continue;
    const [, space, dashes, key] = KEY.exec(line);
    const begins = space.length + dashes.length;
    const under = begins < column || (path[0] === "-" && !dashes && begins <= column);
    if (under && key) {
      path.unshift(key);
      column = begins;
      if (dashes) {
        path.unshift("-");
        column = space.length;
      }
    } else if (dashes && space.length < column) {
      path.unshift("-");
      column = space.length;
    }
  }
  return path;
}

/** Where a place lies: the way to its map, and the key whose value it is in, if it is. */
export function placeOf(doc, position) {
  const line = doc.lineAt(position);
  const lines = [];
  for (let number = Math.max(1, line.number - 400); number < line.number; number++) lines.push(doc.line(number).text);
  const before = line.text.slice(0, position - line.from);
  const flow = before.slice(before.lastIndexOf("{") + 1);
  const inFlow = before.includes("{") && !flow.includes("}");
  const path = way([...lines, line.text]);
  if (inFlow) {
    const outer = /([\w-]+)\s*:\s*\{[^}]*$/.exec(before);
    if (outer) path.push(outer[1]);
    const inner = /(?:^|,)\s*([\w-]+)\s*:\s+([^,]*)$/.exec(flow);
    return { path, key: inner?.[1] ?? null, isFlow: true };
  }
  const value = /^\s*(?:- +)*([\w-]+)\s*:\s+(\S*)$/.exec(before);
  return { path, key: value?.[1] ?? null, isFlow: false };
}

/** Every schema of the map at the end of a way. */
function* maps(root, path, from = root) {
  if (from.$ref) return yield* maps(root, path, root.$defs[from.$ref.split("/").at(-1)]);
  for (const one of from.anyOf ?? []) yield* maps(root, path, one);
  if (!path.length) return void (from.properties && (yield from));
  const [step, ...rest] = path;
  if (step === "-") return void (from.items && (yield* maps(root, rest, from.items)));
  if (from.properties?.[step]) yield* maps(root, rest, from.properties[step]);
  else if (typeof from.additionalProperties === "object") yield* maps(root, rest, from.additionalProperties);
}

/** @returns {Map<string, any>} the fields that may stand in the map at the end of a way, each with its schema */
export function fieldsAt(root, path) {
  const fields = new Map();
  for (const map of maps(root, path)) {
    for (const [name, schema] of Object.entries(map.properties)) if (!fields.has(name)) fields.set(name, schema);
  }
  return fields;
}

const choices = (schema) => schema?.enum ?? schema?.anyOf?.flatMap((one) => one.enum ?? []) ?? [];

/**
 * @param {() => any | null} schema
 * @param {() => import("./types.js").Move[]} moves
 */
export function completion(schema, moves) {
  return (context) => {
    const word = context.matchBefore(/[\w-]*/);
    if (!schema() || (!word.text && !context.explicit)) return null;
    const { path, key, isFlow } = placeOf(context.state.doc, context.pos);
    const fields = fieldsAt(schema(), path);
    const options = key ? values(key, fields.get(key), moves()) : names(fields, isFlow);
    return options.length ? { from: word.from, options, validFor: /^[\w-]*$/ } : null;
  };
}

function names(fields, isFlow) {
  return [...fields].map(([name, { description }]) => ({
    label: name,
    apply: `${name}: `,
    type: "property",
    info: description && (() => make("p", {}, description)),
    boost: isFlow ? 0 : 1,
  }));
}

function values(key, schema, moves) {
  if (key !== "do") return choices(schema).map((one) => ({ label: one, type: "enum" }));
  return moves.map(({ id, name, dose }) => ({
    label: id,
    detail: name,
    type: "variable",
    info: dose ? () => make("p", {}, dose) : undefined,
  }));
}

/** What the schema says of the field under the pointer. */
export function hover(schema) {
  return hoverTooltip((view, position) => {
    const word = view.state.wordAt(position);
    if (!schema() || !word) return null;
    const after = view.state.sliceDoc(word.to, word.to + 2);
    if (!/^:(\s|$)/.test(after)) return null;
    const name = view.state.sliceDoc(word.from, word.to);
    const description = fieldsAt(schema(), placeOf(view.state.doc, word.from).path).get(name)?.description;
    if (!description) return null;
    const create = () => ({ dom: make("div", { class: "about" }, make("b", {}, name), ` ${description}`) });
    return { pos: word.from, end: word.to, above: true, create };
  });
}
