// The page's one orchestra: an AudioContext, the synthesiser in its AudioWorklet, and a Worker that decodes samples and writes files.
import engine from "text:./engine/main.js";
import { Live } from "./live.js";
import { Performance, playable } from "./performance.js";

const WAKING = 5000; // milliseconds that a browser may take to let sound out
const RESTING = 30_000; // milliseconds of silence after which the sound card may sleep
const PLAIN = { plays: 0, drums: false, volume: 100, balance: 64, space: 40, muted: false };

const NOT_HERE = "This page cannot make sound by itself: browsers allow it only where the address begins with https or localhost.";
const ASLEEP = "The browser holds the sound back until a key or a button is pressed. Please press Play again.";

/** Open the orchestra; rejects with an Error where the browser has no AudioWorklet. */
export async function openOrchestra({ font }) {
  if (!globalThis.isSecureContext || typeof AudioWorkletNode === "undefined" || typeof Worker === "undefined") throw new Error(NOT_HERE);
  const context = new AudioContext({ latencyHint: "balanced" });
  let worker;
  const url = URL.createObjectURL(new Blob([engine], { type: "text/javascript" }));
  try {
    await context.audioWorklet.addModule(url);
    worker = new Worker(url);
    return await new Orchestra(context, worker, font).opened;
  } catch (problem) {
    context.close();
    worker?.terminate();
    throw new Error(`The synthesiser could not be started: ${problem.message ?? problem}`);
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 10_000); // the Worker may still be on its way
  }
}

class Orchestra {
  #node;
  #worker;
  #ears = new Map(); // id -> who hears what the audio thread says of it
  #jobs = new Map(); // id -> what waits for the Worker
  #ids = 0;
  #resting = null;
  #analysers;
  #rehearsed = new Map();

  constructor(context, worker, font) {
    this.context = context;
    this.#worker = worker;
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ do: "begin", font, player: port1 }, [port1]);
    worker.onmessage = ({ data }) => this.#answered(data);
    this.#node = new AudioWorkletNode(context, "musiclab", {
      numberOfInputs: 0,
      outputChannelCount: [2],
    });
    this.#node.port.postMessage({ do: "begin", font, decoder: port2 }, [port2]);
    this.output = this.#node;
    this.#node.connect(context.destination);
    this.#analysers = [0, 1].map(() => new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0 }));
    const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    this.#node.connect(splitter);
    this.#analysers.forEach((analyser, side) => splitter.connect(analyser, side));
    this.opened = new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "the browser allows no Worker here"));
      this.#node.onprocessorerror = () => reject(new Error("the audio thread failed"));
      this.#node.port.onmessage = ({ data }) => {
        if (data.say === "ready") resolve(this);
        else if (data.say === "failed") reject(new Error(data.problem));
        else this.#ears.get(data.id)?.(data);
      };
    });
    context.onstatechange = () => {
      if (context.state !== "running") globalThis.musiclab.sounding?.pause(); // a call came in, or the computer slept
    };
  }

  /** The piece of a sheet, ready to be played. */
  perform(sheet) {
    return new Performance(this, sheet);
  }

  /** A stream of music without end: see live.js. */
  live(options) {
    return new Live(this, options);
  }

  /** Analysers of the left and the right. */
  get analysers() {
    return this.#analysers;
  }

  /** How loud it is at this moment, left and right: root mean squares. */
  levels() {
    return this.#analysers.map((analyser) => {
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    });
  }

  /** Seconds from the audio thread to the ear. */
  get lateness() {
    return this.context.outputLatency || this.context.baseLatency || 0;
  }

  /** Let sound out; a browser does so only after a key or a button was pressed. */
  async wake() {
    clearTimeout(this.#resting);
    if (this.context.state === "running") return;
    let late;
    const slept = new Promise((_, reject) => (late = setTimeout(() => reject(new Error(ASLEEP)), WAKING)));
    await Promise.race([this.context.resume(), slept]).finally(() => clearTimeout(late));
  }

  /** Nothing plays any more: after a while the sound card may sleep. */
  rest() {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (!globalThis.musiclab.sounding) this.context.suspend();
    }, RESTING);
  }

  /** A note by hand, by a voice of a track or by what is said of a sound. */
  async strike(pitch, velocity, sound = {}, id = undefined) {
    await this.wake();
    this.tell({ do: "strike", id, pitch, velocity, sound: complete(sound) });
    this.rest();
  }

  release(pitch, sound = {}, id = undefined) {
    this.tell({ do: "release", id, pitch, sound: complete(sound) });
  }

  /** Decode what an instrument needs, so that its first note is not late. */
  prepare(sound = {}) {
    return this.#decode([{ voice: complete(sound) }]);
  }

  // For performances and streams.

  enter({ sheet, endless }, ear) {
    const id = this.#id();
    this.#ears.set(id, ear);
    const voices = sheet.voices.map((voice) => ({ ...PLAIN, ...voice }));
    this.tell({ do: "track", id, sheet: { ...playable(sheet), voices }, endless });
    return id;
  }

  leave(id) {
    this.#ears.delete(id);
    this.tell({ do: "drop", id });
  }

  tell(message) {
    this.#node.port.postMessage(message);
  }

  /** Decode what a sheet needs. */
  rehearse({ voices, notes }) {
    const needed = voices.map((voice, i) => {
      const own = new Map(notes.filter((note) => note[4] === i).map(([, , pitch, velocity]) => [pitch * 128 + velocity, [pitch, velocity]]));
      return { voice, notes: [...own.values()] };
    });
    return this.#decode(needed);
  }

  /** The bytes of a WAV file of a sheet. */
  wav(sheet, onprogress, signal) {
    const { id, done } = this.#ask({ do: "wav", sheet }, onprogress);
    signal?.addEventListener("abort", () => this.#worker.postMessage({ do: "stop", id }));
    return done;
  }

  #decode(voices) {
    const key = JSON.stringify(voices);
    if (!this.#rehearsed.has(key)) this.#rehearsed.set(key, this.#ask({ do: "decode", voices }).done);
    return this.#rehearsed.get(key);
  }

  #id() {
    return (this.#ids += 1);
  }

  #ask(job, onprogress) {
    const id = this.#id();
    const done = new Promise((resolve, reject) => this.#jobs.set(id, { resolve, reject, onprogress }));
    this.#worker.postMessage({ ...job, id });
    return { id, done };
  }

  #answered({ id, progress, done, failed }) {
    const job = this.#jobs.get(id);
    if (progress !== undefined) return job.onprogress?.(progress);
    this.#jobs.delete(id);
    if (failed === undefined) job.resolve(done);
    else job.reject(new Error(failed));
  }
}

const complete = (sound) => (typeof sound === "number" ? sound : { ...PLAIN, ...sound });
