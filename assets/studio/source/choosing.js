/** Two changes of the same lines: each difference is shown, line by line, and one of the two is chosen, or both. */
import { presentableDiff } from "@codemirror/merge";
import { make, tell, the } from "./dom.js";

const KINDS = { mine: "Mine", theirs: "Theirs", both: "Both, mine first" };

export class Choosing {
  #pieces = [];

  /** @param {import("./work.js").Work} work */
  constructor(work) {
    this.work = work;
    const take = (id, chosen, told) => the(id).addEventListener("click", () => {
      work.choose(this.#text(chosen));
      tell(`${told} Undo goes back.`);
    });
    take("take-chosen", (index) => this.#chosen(index), "What was chosen stands in the text.");
    take("keep-mine", () => "mine", "Yours stands in the text.");
    take("take-theirs", () => "theirs", "Theirs stands in the text.");
  }

  /** @param {{pieces: {mine: string, theirs: string}[]}} conflict  in the order of the text; most are the same on both sides */
  show({ pieces }) {
    this.#pieces = pieces;
    let line = 1;
    const rows = pieces.map((piece, index) => {
      const row = piece.mine === piece.theirs ? null : this.#row(piece, index, line);
      line += piece.mine.split("\n").length - 1;
      return row;
    });
    the("choices").replaceChildren(...rows.filter(Boolean));
  }

  #row({ mine, theirs, isOld }, index, line) {
    const marks = presentableDiff(mine, theirs);
    const sides = {
      mine: marked(mine, marks.map(({ fromA, toA }) => [fromA, toA])),
      theirs: marked(theirs, marks.map(({ fromB, toB }) => [fromB, toB])),
      ...(mine.trim() && theirs.trim() ? { both: null } : {}),
    };
    return make("fieldset", { class: "choice" }, make("legend", {}, `Line ${line}`),
      ...Object.entries(sides).map(([kind, shown]) => make("label", {},
        make("input", { type: "radio", name: `choice-${index}`, value: kind, checked: kind === (isOld ? "theirs" : "mine") }),
        make("b", {}, KINDS[kind]), shown)));
  }

  #chosen(index) {
    return document.querySelector(`[name=choice-${index}]:checked`)?.value ?? "mine";
  }

  #text(chosen) {
    return this.#pieces.map((piece, index) => {
      if (piece.mine === piece.theirs) return piece.mine;
      const kind = chosen(index);
      return kind === "both" ? `${piece.mine.replace(/([^\n])$/, "$1\n")}${piece.theirs}` : piece[kind];
    }).join("");
  }
}

/** A text with some stretches of it marked. */
function marked(text, stretches) {
  if (!text.trim()) return make("span", { class: "hint" }, text ? "an empty line" : "nothing: it is gone there");
  let behind = 0;
  const parts = stretches.flatMap(([from, to]) => {
    const before = text.slice(behind, from);
    behind = to;
    return [before, from === to ? "" : make("mark", {}, text.slice(from, to))];
  });
  return make("code", {}, ...parts, text.slice(behind));
}
