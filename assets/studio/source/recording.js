/** A sentence in one's own voice: recorded with the microphone, and sent as it was recorded. */

const LONGEST_MS = 60_000;

export class Microphone {
  #recorder = null;

  /** @param {{level: (level: number) => void}} calls  how loud it is just now, 0 to 1 */
  constructor(calls) {
    this.calls = calls;
  }

  get isOn() {
    return this.#recorder !== null;
  }

  /** Records until `stop`. @returns {Promise<Blob>} what was recorded */
  async record() {
    // As it sounds: what makes calls clear takes the ends of words away.
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 },
    });
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 128_000 });
    const parts = [];
    const meter = new Meter(stream, this.calls.level);
    this.#recorder = recorder;
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const done = new Promise((ended) => recorder.addEventListener("stop", ended));
    const late = setTimeout(() => this.stop(), LONGEST_MS);
    recorder.start();
    await done;
    clearTimeout(late);
    meter.stop();
    for (const track of stream.getTracks()) track.stop();
    this.#recorder = null;
    return new Blob(parts, { type: recorder.mimeType });
  }

  stop() {
    if (this.#recorder?.state === "recording") this.#recorder.stop();
  }
}

class Meter {
  #context = new AudioContext();
  #isOn = true;

  constructor(stream, told) {
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const look = () => {
      if (!this.#isOn) return;
      analyser.getFloatTimeDomainData(samples);
      told(Math.max(...samples.map(Math.abs)));
      requestAnimationFrame(look);
    };
    look();
  }

  stop() {
    this.#isOn = false;
    this.#context.close();
  }
}

/** @param {Blob} blob @returns {Promise<string>} its bytes in base64 */
export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

/** Why there is no microphone, in words. */
export function refusal(error) {
  const words = {
    NotAllowedError: "The browser may not use the microphone. Allow it for this page, beside its address.",
    NotFoundError: "No microphone was found.",
    NotReadableError: "The microphone is in use elsewhere.",
  };
  return words[error.name] ?? error.message;
}
