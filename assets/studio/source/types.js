/**
 * What the server tells, as JSON. Offsets are UTF-16 code units into the text; times are whole milliseconds.
 *
 * @typedef {(string | number)[]} Pointer  the way into the YAML tree: keys and indices
 * @typedef {{name: string, kind: "text" | "time" | "number" | "choice" | "list", value: string, choices?: string[],
 *   about: string, from?: number, to?: number}} Field
 * @typedef {{pointer: Pointer, kind: "section" | "do" | "say" | "rest" | "block" | "routine" | "other", title: string,
 *   from: number, to: number, line: number, depth: number, fields: Field[], readOnly?: string}} Card
 * @typedef {{from: number, to: number, line: number, column: number, severity: "error" | "warning" | "note",
 *   code: string, message: string, fix?: string}} Problem
 * @typedef {{start_ms: number, length_ms: number, kind: string, text: string, line: number, pointer?: Pointer}} Interval
 * @typedef {{start_ms: number, length_ms: number, kind: "speech" | "tone", text: string, line: number}} Sounding
 * @typedef {{length_ms: number, intervals: Interval[], events: Sounding[],
 *   chapters: {start_ms: number, title: string}[], exact: boolean}} Timeline
 * @typedef {{path: string, revision: string, text: string, cards: Card[], problems: Problem[],
 *   timeline: Timeline | null, possible: {shortest_ms: number, longest_ms: number} | null, merged?: boolean, edits?: Edit[],
 *   routine: {title: string, level: string, cues: string, fit_ms: number | null, day: number | null}}} Studied
 * @typedef {{from: number, to: number, insert: string}} Change
 * @typedef {{op: "set", pointer: Pointer, value: string} | {op: "remove", pointer: Pointer}
 *   | {op: "insert", pointer: Pointer, at: number, yaml: string} | {op: "move", pointer: Pointer, at: number}} Edit
 * @typedef {{id: string, name: string, library: string, posture: string, equipment: string[], works: string[],
 *   steps: string[], dose: string}} Move
 * @typedef {{length_ms?: number, level?: string, cues?: string, day?: number}} Settings
 */
export {};
