/** One sentence that is heard: alone, said another way, in one's own voice, or left out. */
import { make, open, tell, the } from "./dom.js";
import { Microphone, base64, refusal } from "./recording.js";
import { post } from "./server.js";

const MY_VOICE = "my voice";

export class Sentence {
  #event = null;
  #asked = 0;
  #of = "";
  /** What is being written, until the dialog is closed. */
  #writing = null;

  /**
   * @param {import("./work.js").Work} work
   * @param {{hear: (words: string, pronounce?: Record<string, string>) => void}} calls
   */
  constructor(work, calls) {
    Object.assign(this, { work, calls });
    this.microphone = new Microphone({ level: (level) => (the("record-level").value = level) });
    this.dialog = the("sentence");
    the("sentence-hear").addEventListener("click", () => this.calls.hear(this.#event.text, this.#way()));
    the("sentence-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sayOtherwise();
    });
    the("reword-hear").addEventListener("click", () => this.calls.hear(the("reword").value.trim() || this.#event.text));
    the("reword-do").addEventListener("click", () => this.#reword());
    the("record").addEventListener("click", () => (this.microphone.isOn ? this.microphone.stop() : this.#record()));
    this.dialog.addEventListener("close", () => {
      this.microphone.stop();
      this.#writing?.abort();
    });
  }

  /** @param {import("./types.js").Sounding} event */
  open(event) {
    this.#event = event;
    the("sentence-text").textContent = event.text;
    const words = [...new Set(event.text.match(/[\p{L}\p{M}'’-]+/gu) ?? [])];
    the("sentence-word").replaceChildren(...words.map((value) => make("option", { value }, value)));
    the("sentence-way").value = "";
    the("sentence-where").textContent = "Looking where it comes from …";
    the("sentence-ways").replaceChildren();
    the("reword-box").hidden = true;
    this.#refused("");
    the("record-box").hidden = !navigator.mediaDevices || !globalThis.MediaRecorder;
    the("record").disabled = true;
    the("record-part-box").hidden = true;
    the("record-voice-box").hidden = true;
    this.#wrong("");
    open(this.dialog);
    this.#ask();
  }

  #body() {
    const { work } = this;
    return { path: work.studied.path, text: work.text, words: this.#event.text, at_ms: Math.round(this.#event.start_ms), ...work.settings };
  }

  /** Where it comes from, and what can be done about it. */
  async #ask() {
    const asked = ++this.#asked;
    try {
      await this.work.flush();
      this.#of = this.work.text;
      const found = await post("origin", this.#body());
      if (asked === this.#asked) this.#found(found);
    } catch (refused) {
      if (asked === this.#asked) the("sentence-where").textContent = refused.message;
    }
  }

  #found({ where, ways, written, isBorrowed, sentences, voice, voices }) {
    the("reword-box").hidden = written === null;
    the("reword").value = written ?? "";
    the("reword-hear").hidden = /<[a-z_]+>/.test(written ?? "");
    the("reword-hint").textContent = /</.test(written ?? "") ? "What stands in < > is filled in, or is a silence: leave it where it belongs." : isBorrowed ? "The move becomes this session's own, with these words; its library stays as it is." : "It is written where these words stand.";
    the("sentence-where").textContent = ways.length ? where : `${where} It cannot be left out by itself.`;
    the("sentence-ways").replaceChildren(...ways.map(({ label, edits }) => make("button", {
      type: "button", class: "button second", onclick: () => this.#leaveOut(edits),
    }, label)));
    the("record-part-box").hidden = sentences.length < 2;
    the("record-part").replaceChildren(...sentences.map((text, index) => make("option", { value: index }, text)));
    the("record-voice-box").hidden = voice !== null;
    the("record-voice").value = voice ?? voices[0] ?? MY_VOICE;
    the("record-voices").replaceChildren(...voices.map((value) => make("option", { value })));
    the("record").disabled = !sentences.length;
  }

  #way() {
    const said = the("sentence-way").value.trim();
    return said ? { [the("sentence-word").value]: said } : undefined;
  }

  async #sayOtherwise() {
    const [said] = Object.entries(this.#way() ?? {});
    if (!said) return the("sentence-way").focus();
    this.dialog.close();
    await this.work.edit(() => [{ op: "set", pointer: ["pronounce", said[0]], value: said[1] }]) && tell(`“${said[0]}” is said “${said[1]}” from now on.`);
  }

  #refused(words) {
    the("reword-wrong").textContent = words;
    the("reword-wrong").hidden = !words;
  }

  /** Other words, at the place where these stand. */
  async #reword() {
    const said = the("reword").value.trim();
    if (!said) return the("reword").focus();
    if (this.work.text !== this.#of) return this.#ask();
    this.#writing = new AbortController();
    const { signal } = this.#writing;
    this.#busy(true);
    try {
      const { edits } = await post("reword", { ...this.#body(), said }, signal);
      this.#writing = null;
      this.dialog.close();
      if (await this.work.edit(() => edits)) tell("It is said in these words now. Undo brings back the others.");
    } catch (refused) {
      if (!signal.aborted) this.#refused(refused.message);
    } finally {
      this.#busy(false);
    }
  }

  #busy(on) {
    the("reword-do").disabled = on;
    the("reword-do").textContent = on ? "Writing …" : "Write it";
  }

  async #leaveOut(edits) {
    // Somebody else has written meanwhile: its place may be another.
    if (this.work.text !== this.#of) return this.#ask();
    this.dialog.close();
    if (await this.work.edit(() => edits)) tell("It is left out. Undo brings it back.");
  }

  // -- in one's own voice --------------------------------------------------------------------------------

  #wrong(words) {
    the("record-wrong").textContent = words;
    the("record-wrong").hidden = !words;
  }

  #showRecording(on) {
    the("record").textContent = on ? "Stop, and keep it" : "Record it";
    the("record").classList.toggle("is-recording", on);
    the("record-level").hidden = !on;
  }

  async #record() {
    const event = this.#event;
    this.#wrong("");
    try {
      this.#showRecording(true);
      const blob = await this.microphone.record();
      this.#showRecording(false);
      // Who closes it in the middle does not want it.
      if (this.dialog.open && this.#event === event) await this.#keep(blob);
    } catch (error) {
      this.#showRecording(false);
      this.#wrong(refusal(error));
    }
  }

  async #keep(blob) {
    the("record").disabled = true;
    try {
      const sound = await base64(blob);
      const asked = { part: +the("record-part").value || 0, voice: the("record-voice").value.trim() || MY_VOICE, sound };
      const { voice, sentence, edits } = await post("take", { ...this.#body(), ...asked });
      if (edits.length) await this.work.edit(() => edits);
      await this.#ask();
      the("record-told").textContent = `“${sentence}” is in “${voice}” now.${edits.length ? " What you have not recorded is spoken as before." : ""}`;
      this.calls.hear(sentence);
    } finally {
      the("record").disabled = false;
    }
  }
}
