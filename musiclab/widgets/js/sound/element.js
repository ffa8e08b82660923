// A piece whose sound is finished: an `<audio>` element plays it, and the mix stays as it is. Knows what a Performance knows.
import { Clicks } from "./engine/clicks.js";
import { countIn } from "./engine/track.js";
import { mixedMidi } from "./midi.js";
import { mixOf, within } from "./performance.js";
import { leaveTurn, takeTurn } from "./turns.js";
import { wavBytes } from "./wav.js";

const WATCH = 25; // milliseconds between two looks at where the sound is
const SOON = 0.1; // seconds ahead that clicks are set
const END = 1e-3; // seconds
const RATE = 44_100;
const SLOWEST = 0.25;
const FASTEST = 2;

export function elementPerformance(audio, sheet) {
  return new ElementPerformance(audio, sheet);
}

class ElementPerformance {
  live = false;
  onstate = null;
  metronome = false;
  countIn = false;
  ready = Promise.resolve();
  #audio;
  #playing = false;
  #counting = null; // timer of the count-in
  #watch = null; // timer of the look at where the sound is
  #clicked = 0; // seconds of the piece up to which clicks are set
  #loop = null;
  #ends = false; // the piece is over, what sounds is its ringing out
  #struck = new Map();
  #context;
  #waves;
  #analysers;
  #stranger = new AbortController();

  constructor(audio, sheet) {
    this.#audio = audio;
    this.sheet = sheet;
    this.seconds = sheet.seconds;
    audio.preservesPitch = true;
    const { signal } = this.#stranger;
    audio.addEventListener("pause", () => this.#playing && !this.#counting && audio.paused && this.#rested("pause"), { signal }); // by a media key, say
    audio.addEventListener("ended", () => this.#playing && this.#rested("end"), { signal });
  }

  get playing() {
    return this.#playing;
  }

  get mix() {
    return mixOf(this.sheet);
  }

  get position() {
    return within(0, this.seconds, this.#ends ? this.seconds : this.#audio.currentTime);
  }

  async play() {
    if (this.#playing) return;
    takeTurn(this);
    const [first, last] = this.#loop ?? [0, this.seconds];
    if (this.position >= last - END || this.position < first - END) this.#audio.currentTime = first;
    this.#ends = false;
    this.#playing = true;
    this.onstate?.("play");
    try {
      if (this.countIn) await this.#count();
      if (!this.#playing) return;
      await this.#audio.play();
    } catch (problem) {
      if (!this.#playing) return; // paused before it began
      this.#rested("pause");
      throw new Error(problem.name === "NotAllowedError" ? "Please press Play again." : `The sound cannot be played: ${problem.message}`);
    }
    this.#clicked = this.position - END;
    this.#look();
    this.#watch ??= setInterval(() => this.#look(), WATCH);
  }

  pause() {
    const was = this.#playing;
    if (was) this.#rested("pause");
    this.#audio.pause();
  }

  seek(seconds) {
    this.#ends = false;
    this.#audio.currentTime = within(0, this.seconds, seconds);
    this.#clicked = this.#audio.currentTime - END;
  }

  get rate() {
    return this.#audio.playbackRate;
  }

  set rate(rate) {
    this.#audio.playbackRate = within(SLOWEST, FASTEST, rate);
  }

  get loop() {
    return this.#loop;
  }

  set loop(loop) {
    const [first, last] = loop ?? [];
    this.#loop = last > first ? [within(0, this.seconds, first), within(0, this.seconds, last)] : null;
    if (this.#loop && (this.position < this.#loop[0] - END || this.position >= this.#loop[1] - END)) this.seek(this.#loop[0]);
  }

  /** The mix is in the sound already. */
  setVoice() {}

  /** A plain tone, for there are no instruments. */
  async strike(pitch, velocity = 80) {
    this.release(pitch);
    const context = await this.#sound();
    const tone = new OscillatorNode(context, { type: "triangle", frequency: 440 * 2 ** ((pitch - 69) / 12) });
    const level = new GainNode(context, { gain: 0 });
    level.gain.setTargetAtTime(0.3 * (velocity / 127) ** 2, context.currentTime, 0.005);
    tone.connect(level).connect(context.destination);
    tone.start();
    this.#struck.set(pitch, { tone, level });
  }

  release(pitch) {
    const struck = this.#struck.get(pitch);
    if (!struck) return;
    this.#struck.delete(pitch);
    struck.level.gain.setTargetAtTime(0, this.#context.currentTime, 0.05);
    struck.tone.stop(this.#context.currentTime + 0.5);
  }

  /** Root mean squares, left and right; zero where the browser does not let one look. */
  levels() {
    if (!this.#analysers?.length) this.#analysers = this.#listen();
    if (!this.#analysers.length) return [0, 0];
    return this.#analysers.map((analyser) => {
      const samples = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    });
  }

  exportMidi() {
    return mixedMidi(this.sheet, this.mix);
  }

  async exportWav(onprogress = () => {}) {
    let sound;
    try {
      sound = await (await fetch(this.#audio.currentSrc || this.#audio.src)).arrayBuffer();
    } catch {
      throw new Error("The browser does not hand the sound out here: save it by the menu of the page.");
    }
    onprogress(0.5);
    const decoded = await new OfflineAudioContext(2, 1, RATE).decodeAudioData(sound);
    const left = decoded.getChannelData(0);
    return wavBytes(left, decoded.numberOfChannels > 1 ? decoded.getChannelData(1) : left, RATE);
  }

  dispose() {
    this.pause();
    this.onstate = null;
    this.#stranger.abort();
    this.#context?.close();
  }

  #rested(state) {
    this.#playing = false;
    clearTimeout(this.#counting?.timer);
    this.#counting?.resolve();
    this.#counting = null;
    clearInterval(this.#watch);
    this.#watch = null;
    this.#ends = state === "end";
    leaveTurn(this);
    this.onstate?.(state);
  }

  /** Look where the sound is: back to the start of the loop, the next clicks, the end. */
  #look() {
    if (!this.#playing) return;
    const now = this.#audio.currentTime;
    if (this.#loop && now >= this.#loop[1] - END && now < this.#loop[1] + 1) this.seek(this.#loop[0]);
    else if (now >= this.seconds - END) this.#rested("end");
    else if (this.metronome) this.#click(this.sheet.beats.filter(([time]) => time > this.#clicked && time <= now + SOON * this.rate && time < this.seconds), now);
    this.#clicked = Math.max(this.#clicked, this.#audio.currentTime + SOON * this.rate);
  }

  async #count() {
    const clicks = countIn(this.position, this.sheet.bars, this.sheet.beats);
    if (!clicks.length) return;
    await this.#sound();
    this.#click(clicks, clicks[0][0]);
    const milliseconds = ((this.position - clicks[0][0]) / this.rate) * 1000;
    await new Promise((resolve) => (this.#counting = { resolve, timer: setTimeout(resolve, milliseconds) }));
    this.#counting = null;
  }

  /** Set clicks: `[time, accent]` in seconds of the piece, where `now` is now. */
  async #click(clicks, now) {
    const asked = performance.now();
    const context = await this.#sound();
    const waited = (performance.now() - asked) / 1000;
    this.#waves ??= new Clicks(context.sampleRate).waves;
    for (const [time, accent] of clicks) {
      const buffer = new AudioBuffer({ length: this.#waves[0].length, sampleRate: context.sampleRate });
      buffer.copyToChannel(this.#waves[accent ? 1 : 0], 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      source.start(context.currentTime + Math.max(0, (time - now) / this.rate - waited));
    }
  }

  /** For clicks and tones; the music needs none. */
  async #sound() {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") await this.#context.resume();
    return this.#context;
  }

  #listen() {
    const stream = (this.#audio.captureStream ?? this.#audio.mozCaptureStream)?.call(this.#audio);
    if (!stream?.getAudioTracks().length) return [];
    this.#context ??= new AudioContext();
    const source = this.#context.createMediaStreamSource(stream);
    const splitter = new ChannelSplitterNode(this.#context, { numberOfOutputs: 2 });
    source.connect(splitter);
    return [0, 1].map((side) => {
      const analyser = new AnalyserNode(this.#context, { fftSize: 2048 });
      splitter.connect(analyser, side);
      return analyser;
    });
  }
}
