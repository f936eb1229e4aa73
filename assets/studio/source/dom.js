/** Elements, made without markup: whatever text comes in is a text. */

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} id @returns {any} the element of the page with this id */
export const the = (id) => document.getElementById(id);

/**
 * @param {string} tag
 * @param {Record<string, any>} properties  `class`, `onclick` and the like, `aria-…` and other attributes;
 *   what is `null`, `undefined` or `false` is left out
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {any} an element
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  element.append(...children.filter((one) => one || one === ""));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name in element && !name.startsWith("aria") && name !== "list") element[name] = value;
  else element.setAttribute(name === "class" ? "class" : name, value === true ? "" : value);
}

const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  undo: "M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  redo: "M12 5V1l6 5-6 5V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z",
  up: "M12 7l7 7-1.6 1.6L12 10.2l-5.4 5.4L5 14z",
  down: "M12 17l-7-7 1.6-1.6 5.4 5.4 5.4-5.4L19 10z",
  grip: "M9 5h2v2H9zM13 5h2v2h-2zM9 11h2v2H9zM13 11h2v2h-2zM9 17h2v2H9zM13 17h2v2h-2z",
  near: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  far: "M5 11h14v2H5z",
  copy: "M8 3h11v13h-2V5H8zM4 7h11v14H4zm2 2v10h7V9z",
  pen: "M4 16.5V20h3.500L17.700 9.800l-3.500-3.500zM15.600 4.900l3.500 3.500 1.300-1.300a1 1 0 0 0 0-1.400l-2.100-2.100a1 1 0 0 0-1.400 0z",
  bin: "M9 3h6l1 2h4v2H4V5h4zM6 9h12l-1 12H7z",
  tune: "M4 7h9v2H4zM17 7h3v2h-3zM13 5h2v6h-2zM4 15h3v2H4zM11 15h9v2h-9zM7 13h2v6H7z",
  hand: "M12 3l6 6-1.4 1.4L13 6.8V16h-2V6.8L7.4 10.4 6 9zM4 15h2v4h12v-4h2v6H4z",
  back: "M15.5 5 17 6.5 11.5 12l5.5 5.5L15.5 19l-7-7z",
};

/** @param {keyof typeof ICONS} name @returns {SVGElement} a picture that screen readers pass over */
export function icon(name) {
  const picture = vector("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "icon" });
  picture.append(vector("path", { d: ICONS[name] }));
  return picture;
}

/** @returns {SVGElement} */
export function vector(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/**
 * Tells what happened: to the eye in a line that fades, to a screen reader in the same words. Every action passes here.
 */
export function tell(text, grave = false) {
  const line = the("told");
  // A screen reader passes over what stands there already.
  line.textContent = text && line.textContent === text ? `${text}\u00a0` : text;
  line.classList.toggle("is-grave", grave);
  line.classList.remove("is-old");
  clearTimeout(tell.fading);
  if (!grave) tell.fading = setTimeout(() => line.classList.add("is-old"), 6000);
}

/** What was told and is so no more goes: only where nothing else was told since. */
export function untell(text = the("told").textContent) {
  const line = the("told");
  if (line.classList.contains("is-grave") && line.textContent === text) line.classList.add("is-old");
}

/** A file's name ends after so many letters, which the server cuts; whoever types more is told. */
const LONGEST_NAME = 80;
export function nameField(input) {
  const note = make("p", { class: "hint", id: `${input.id}-long`, role: "status" });
  input.setAttribute("aria-describedby", note.id);
  input.after(note);
  const look = () => {
    note.textContent = input.value.trim().length > LONGEST_NAME ? `All of it is the title. Of a file's name ${LONGEST_NAME} letters are room enough: that one ends there.` : "";
  };
  input.addEventListener("input", look);
  return look;
}

/** Opens a dialog of the page; Escape and its close buttons close it, and the focus goes back, also where all was redrawn meanwhile. */
export function open(dialog) {
  for (const button of dialog.querySelectorAll("[data-close]")) button.onclick = () => dialog.close();
  const opener = document.activeElement;
  const name = nameOf(opener);
  dialog.addEventListener("close", () => opener.isConnected || (named(document, name) ?? the("heading")).focus(), { once: true });
  dialog.showModal();
}

/** What a control is known by when it is drawn anew: its own name in the page's data, else what it says. */
export const nameOf = (control) => control.dataset?.field ?? [control.tagName, control.getAttribute("aria-label") ?? control.textContent].join(" ");

/** The control of this name in a part of the page. */
export function named(part, name) {
  return [...part.querySelectorAll("button, input, select, textarea, summary, a, [tabindex]")].find((one) => nameOf(one) === name) ?? null;
}

/** Redraws a part of the page: who is at a control of it stays there, or goes to `otherwise` where it is gone. */
export function keepFocus(part, redraw, otherwise) {
  const name = part.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  redraw();
  if (name !== null && !part.contains(document.activeElement)) (named(part, name) ?? otherwise).focus();
}

/** A button that can be pressed or not just now; it keeps the focus either way, so that nobody is thrown out of the page. */
export function allow(button, isPossible) {
  button.setAttribute("aria-disabled", String(!isPossible));
}

/** What a button does, where it can be done. */
export function press(id, run) {
  the(id).addEventListener("click", (event) => the(id).getAttribute("aria-disabled") !== "true" && run(event));
}

/** Whether an input holds what was not taken over yet: undo is its own then. */
export function isHalfDone(element) {
  return Boolean(element?.closest?.("dialog")) || ("defaultValue" in element && element.value !== element.defaultValue);
}

/** Whether keys go into words here: then a space is a space. */
export function takesWords(element) {
  return Boolean(element?.closest?.("input:not([type=range]), textarea, select, .cm-editor, #editor, dialog"));
}
