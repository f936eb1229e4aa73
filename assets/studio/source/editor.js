/** The text, in CodeMirror: colours, completion, problems at their place, and the line that is heard. */
import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forEachDiagnostic, lintKeymap, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, tooltips,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { completion, hover } from "./schema.js";

/** Undo and redo, by whatever key or button. */
const BACK = [["undo", "Undone"], ["redo", "Done again"]];
const hear = StateEffect.define();
const heard = Decoration.line({ class: "is-heard" });
const hearing = StateField.define({
  create: () => Decoration.none,
  update(value, { changes, effects, state }) {
    for (const effect of effects) if (effect.is(hear)) return atLine(state, effect.value);
    return value.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function atLine(state, number) {
  if (!number || number > state.doc.lines) return Decoration.none;
  return Decoration.set([heard.range(state.doc.line(number).from)]);
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--reps)", fontWeight: "600" },
  { tag: [tags.string, tags.content], color: "var(--ink)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--faint)" },
  { tag: [tags.keyword, tags.labelName, tags.typeName], color: "var(--breaths)" },
]);

// Pictures that come in data: addresses are refused by the page's policy; lines under words need none.
const look = EditorView.theme({
  "&": { height: "100%", fontSize: ".95rem", color: "var(--ink)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".75rem 0 40vh" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--picked) !important",
  },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--touched)" },
  ".cm-line.is-heard": { backgroundColor: "var(--heard)", boxShadow: "inset 4px 0 0 var(--go)" },
  ".cm-matchingBracket": { backgroundColor: "var(--picked) !important", color: "inherit" },
  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--stop) 1.5px" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--turn) 1.5px" },
  ".cm-lintRange-info": { textDecoration: "underline dotted var(--turn) 2px" },
  ".cm-tooltip": {
    backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--grid)", borderRadius: ".7rem",
    boxShadow: "var(--lift)", overflow: "hidden", maxWidth: "min(30rem, 90vw)",
  },
  ".cm-tooltip .about, .cm-tooltip.cm-completionInfo": { padding: ".5rem .8rem", font: ".9rem/1.4 var(--face)" },
  ".cm-tooltip.cm-completionInfo p": { margin: "0" },
  ".cm-diagnostic": { padding: ".5rem .8rem", font: ".9rem/1.4 var(--face)", borderLeft: "4px solid var(--faint)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--stop)" },
  ".cm-diagnostic-warning, .cm-diagnostic-info": { borderLeftColor: "var(--turn)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { font: ".9rem/1.4 var(--face)", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".3rem .7rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--ink)", color: "var(--paper)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".75" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", borderColor: "var(--grid)" },
  ".cm-panel.cm-search": { padding: ".5rem", font: ".9rem/1.4 var(--face)" },
  ".cm-panel input, .cm-panel button": { font: "inherit" },
  ".cm-button": { backgroundImage: "none", background: "var(--touched)", border: "1px solid var(--grid)", color: "inherit" },
  ".cm-textfield": { background: "var(--paper)", border: "1px solid var(--faint)", color: "inherit" },
  ".cm-searchMatch": { backgroundColor: "var(--heard)" },
});

/**
 * @param {HTMLElement} host  an element; the editor lives in a shadow of it, where its styles are made by script,
 *   which the page's policy allows, and not written into the page, which it refuses
 * @param {{typed: (update: any) => void, moved: (position: number) => void, play: () => void, back: (word: string) => void,
 *   told: (problem: any, line: number) => void,
 *   schema: () => any, moves: () => import("./types.js").Move[]}} calls
 */
export function editor(host, calls) {
  const root = host.attachShadow({ mode: "open" });
  const parts = extensions(calls);
  const view = new EditorView({ parent: root, root, state: EditorState.create({ extensions: parts }) });
  return Object.assign(view, {
    /** Another text, with a history of its own. */
    begin(text) {
      view.setState(EditorState.create({ doc: text, extensions: parts }));
      view.scrollDOM.scrollTop = 0;
    },
    /** Where the pointer of the text goes; `focus` puts the keys there too. */
    go(position, focus = false) {
      const anchor = Math.min(position, view.state.doc.length);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }), userEvent: "select.view" });
      if (focus) view.focus();
    },
    hear: (line) => view.dispatch({ effects: hear.of(line) }),
    mark: (problems) => view.dispatch(setDiagnostics(view.state, problems.map((one) => diagnostic(one, view.state.doc)))),
  });
}

function extensions({ typed, moved, play, back, told, schema, moves }) {
  const next = (view) => {
    if (!nextDiagnostic(view)) return false;
    const { from } = view.state.selection.main;
    forEachDiagnostic(view.state, (one, at) => at === from && told(one, view.state.doc.lineAt(at).number));
    return true;
  };
  return [
    lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), drawSelection(), history(), bracketMatching(),
    indentUnit.of("  "), EditorView.lineWrapping, yaml(), syntaxHighlighting(colours), look, hearing,
    search({ top: true }), highlightSelectionMatches(), hover(schema), tooltips({ position: "fixed" }),
    autocompletion({ override: [completion(schema, moves)], icons: false }),
    EditorView.contentAttributes.of({ "aria-label": "The routine as text; Tab leaves it, F8 goes to the next thing to look at", tabindex: "0", spellcheck: "true" }),
    Prec.high(keymap.of([{ key: "Mod-Enter", run: () => (play(), true) }, { key: "Tab", run: acceptCompletion }, { key: "F8", run: next }])),
    keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) typed(update);
      for (const [kind, word] of BACK) if (update.transactions.some((one) => one.isUserEvent(kind))) back(word);
      const byHand = update.transactions.some((one) => one.isUserEvent("select") && !one.isUserEvent("select.view"));
      // What cards and strip change is no move of the one who writes.
      const isTyped = update.docChanged && !update.transactions.some((one) => one.isUserEvent("input.card"));
      if (byHand || (isTyped && update.view.hasFocus)) moved(update.state.selection.main.head);
    }),
  ];
}

function diagnostic({ from, to, severity, message, fix }, doc) {
  const begins = Math.min(from, doc.length);
  const ends = Math.min(Math.max(to, begins), doc.length);
  // What is said of several lines is marked on the first, without what stands behind it: all of them underlined are no mark.
  const first = doc.lineAt(begins);
  return {
    from: begins,
    to: ends > first.to ? begins + doc.sliceString(begins, first.to).replace(/\s+#.*$/, "").length : ends,
    severity: severity === "note" ? "info" : severity,
    message: fix ? `${message}. Perhaps “${fix}” is meant.` : message,
  };
}

