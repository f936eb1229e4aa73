/** How the session is looked at and heard: length, level, talk, day. A button writes them into the routine. */
import { allow, press, tell, the } from "./dom.js";
import { labelOf } from "./fields.js";
import { clock, written } from "./units.js";

const LEVELS = ["gentle", "standard", "strong"];
const TALK = ["tones", "brief", "full", "learn"];
const SAID = { tones: "tones only", brief: "brief", full: "full", learn: "a lesson" };

export class Sliders {
  #moved = {};

  /** @param {import("./work.js").Work} work */
  constructor(work) {
    this.work = work;
    for (const name of ["length", "level", "cues", "day"]) {
      the(name).addEventListener("input", () => this.#input(name));
    }
    press("as-written", () => (this.reset(), tell("It is as it is written.")));
    press("write-settings", () => this.#write());
  }

  /** Another routine: as it is written. */
  reset() {
    this.#moved = {};
    this.work.set({});
    this.render();
  }

  render() {
    const { routine, possible } = this.work.studied;
    const { timeline } = this.work;
    const has = (name) => name in this.#moved;
    if (!has("level")) the("level").value = LEVELS.indexOf(routine.level || "standard");
    if (!has("cues")) the("cues").value = TALK.indexOf(routine.cues || "full");
    if (!has("day")) the("day").value = routine.day ?? 1;
    const length = the("length");
    length.disabled = !possible || possible.shortest_ms >= possible.longest_ms;
    if (possible) {
      length.min = Math.ceil(possible.shortest_ms / 1000);
      length.max = Math.floor(possible.longest_ms / 1000);
      if (!has("length")) length.value = Math.round((timeline?.length_ms ?? 0) / 1000);
    }
    the("possible").textContent = possible ? `${clock(possible.shortest_ms)} to ${clock(possible.longest_ms)} is possible` : "as it is written";
    this.#told();
    const isMoved = Object.keys(this.#moved).length > 0;
    allow(the("as-written"), isMoved);
    allow(the("write-settings"), ["length", "level", "cues"].some(has));
    the("tune").classList.toggle("is-moved", isMoved);
  }

  #told() {
    const told = {
      length: clock(the("length").value * 1000),
      level: LEVELS[the("level").value],
      cues: SAID[TALK[the("cues").value]],
      day: the("day").value,
    };
    for (const [name, text] of Object.entries(told)) {
      the(`${name}-told`).textContent = text;
      if (name !== "day") the(name).setAttribute("aria-valuetext", text);
    }
  }

  #input(name) {
    const value = the(name).value;
    this.#moved[name] = { length: () => value * 1000, level: () => LEVELS[value], cues: () => TALK[value], day: () => Math.max(1, +value || 1) }[name]();
    this.render();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.work.set(this.#settings()), 120);
  }

  #settings() {
    const { length, ...rest } = this.#moved;
    return length === undefined ? rest : { length_ms: length, ...rest };
  }

  /** The settings become fields of the routine. */
  async #write() {
    const { length, level, cues } = this.#moved;
    const values = { fit: length === undefined ? undefined : written(length), level, cues };
    const edits = Object.entries(values).filter(([, value]) => value !== undefined);
    if (await this.work.edit(() => edits.map(([name, value]) => ({ op: "set", pointer: [name], value })))) {
      this.reset();
      tell(`Written into the session: ${edits.map(([name, value]) => `${labelOf(name)} ${value}`).join(", ")}.`);
    }
  }
}
