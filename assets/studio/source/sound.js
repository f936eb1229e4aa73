/** Playing: frames of the MP3, decoded a few seconds at a time, laid one behind the other on the clock of WebAudio. */

// What the program makes, always: MPEG-1 Layer III, 48 kHz, a constant bit rate; mono at 64 kb/s, stereo with more.
const [RATE, FRAME_SAMPLES] = [48000, 1152];
const KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BYTES_PER_KBPS = (144 * 1000) / RATE;
// What encoder and decoder put in front (576 and 529 samples); the Info frame tells players to leave it out.
const DELAY = 1105;
// A frame's bits may begin in those before it, and its sound needs the one before it: these are decoded and cut off.
const RUN_UP = 8;
// So many are fetched and decoded at a time; the first ones are soon there.
const [FIRST, PIECE] = [80, 400];
const HEAD = 10;

/** One MP3 on the server, and any part of it as sound: of an hour only what is heard is fetched. */
export class Recording {
  /** @param {string} address */
  static async at(address) {
    const { bytes, total } = await part(address, 0, HEAD);
    const head = new DataView(bytes);
    const tagged = head.getUint32(0) >>> 8 === 0x494433;
    const size = (at) => head.getUint8(at) & 127;
    const tag = tagged ? HEAD + ((size(6) << 21) | (size(7) << 14) | (size(8) << 7) | size(9)) : 0;
    const frame = tagged ? new DataView((await part(address, tag, HEAD)).bytes) : head;
    const frameBytes = BYTES_PER_KBPS * KBPS[frame.getUint8(2) >> 4];
    // The Info frame sounds like nothing.
    return new Recording(address, tag + frameBytes, total, frameBytes);
  }

  constructor(address, start, total, frameBytes) {
    Object.assign(this, { address, start, frameBytes, frames: Math.floor((total - start) / frameBytes) });
  }

  /**
   * @param {BaseAudioContext} context
   * @param {number} first  the frame that it begins with
   * @param {number} count  so many, or as many as there are
   * @returns {Promise<AudioBuffer>} exactly as long as they are
   */
  async piece(context, first, count) {
    const before = Math.min(RUN_UP, first);
    const last = Math.min(this.frames, first + count);
    // One more behind: a frame's sound overlaps the next.
    const end = Math.min(this.frames, last + 2);
    const [from, size] = [this.start + (first - before) * this.frameBytes, (end - first + before) * this.frameBytes];
    const decoded = await context.decodeAudioData((await part(this.address, from, size)).bytes);
    // Decoders disagree on whether they cut off the delay: the length tells.
    const cut = (end - first + before) * FRAME_SAMPLES - decoded.length;
    const samples = (last - first) * FRAME_SAMPLES;
    const piece = context.createBuffer(decoded.numberOfChannels, samples, RATE);
    const begin = before * FRAME_SAMPLES - Math.max(0, cut);
    for (let channel = 0; channel < piece.numberOfChannels; channel++) {
      const sound = decoded.getChannelData(channel).subarray(Math.max(0, begin), Math.max(0, begin) + samples);
      piece.copyToChannel(sound, channel, Math.max(0, -begin));
    }
    return piece;
  }
}

export class Player {
  #context = null;
  #address = "";
  #recording = null;
  #run = 0;
  #sources = new Set();
  #began = 0;
  #from = 0;

  /** @param {{moved: (ms: number) => void, ended: () => void}} calls */
  constructor(calls) {
    this.calls = calls;
  }

  get isPlaying() {
    return this.#sources.size > 0;
  }

  /** Browsers allow sound while a key or a click is being answered: this is to be called then. */
  wake() {
    this.#context ??= new AudioContext({ sampleRate: RATE });
    return this.#context.resume();
  }

  async load(address) {
    if (this.#address === address) return;
    this.#recording = await Recording.at(address);
    this.#address = address;
  }

  /** @param {number} ms  where it begins */
  async play(ms) {
    this.stop();
    const run = ++this.#run;
    const recording = this.#recording;
    const sample = Math.round((ms / 1000) * RATE) + DELAY;
    let frame = Math.floor(sample / FRAME_SAMPLES);
    let skip = (sample % FRAME_SAMPLES) / RATE;
    if (frame >= recording.frames) return this.calls.ended();
    let count = FIRST;
    let piece = await recording.piece(this.#context, frame, count);
    if (run !== this.#run) return;
    let at = this.#context.currentTime + .03;
    [this.#began, this.#from] = [at, ms];
    while (run === this.#run) {
      this.#lay(piece, at, skip);
      at += piece.duration - skip;
      skip = 0;
      frame += count;
      count = PIECE;
      if (this.#sources.size === 1) this.#watch(run);
      if (frame >= recording.frames) return;
      piece = await recording.piece(this.#context, frame, count);
      // Two pieces ahead are enough.
      while (run === this.#run && at - this.#context.currentTime > 12) await later(250);
    }
  }

  /** A short sound alone. */
  async once(address) {
    this.stop();
    const run = ++this.#run;
    const { bytes } = await part(address);
    const sound = await this.#context.decodeAudioData(bytes);
    if (run === this.#run) this.#lay(sound, this.#context.currentTime + .02, 0);
  }

  stop() {
    this.#run++;
    for (const source of this.#sources) {
      source.onended = null;
      source.stop();
    }
    this.#sources.clear();
  }

  #lay(sound, at, skip) {
    const source = this.#context.createBufferSource();
    source.buffer = sound;
    source.connect(this.#context.destination);
    source.start(at, skip);
    this.#sources.add(source);
    source.onended = () => {
      this.#sources.delete(source);
      if (!this.#sources.size) this.calls.ended();
    };
  }

  #watch(run) {
    const { outputLatency = 0 } = this.#context;
    const look = () => {
      if (run !== this.#run || !this.isPlaying) return;
      this.calls.moved(this.#from + Math.max(0, this.#context.currentTime - this.#began - outputLatency) * 1000);
      requestAnimationFrame(look);
    };
    look();
  }
}

/** Bytes of a sound, all of them or a stretch; `total` is how many it has. */
async function part(address, from = 0, length = 0) {
  const headers = length ? { Range: `bytes=${from}-${from + length - 1}` } : {};
  const response = await fetch(address, { headers });
  if (!response.ok) throw new Error("The sound is not there any more. Play once more.");
  const total = Number(response.headers.get("Content-Range")?.split("/")[1]);
  return { bytes: await response.arrayBuffer(), total };
}

const later = (ms) => new Promise((done) => setTimeout(done, ms));
