// A piece played by the orchestra: the mix is live, and a loop has no seam.
import { Clock } from "./clock.js";
import { mixedMidi } from "./midi.js";
import { leaveTurn, takeTurn } from "./turns.js";

const SLOWEST = 0.25;
const FASTEST = 2;
const END = 1e-3; // seconds

const PATIENCE = 1000; // milliseconds; after them the audio thread decodes by itself what is missing

const patiently = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);

export const within = (low, high, value) => Math.min(high, Math.max(low, value));

export function mixOf(sheet) {
  return sheet.voices.map(({ volume, balance, space }) => ({ volume, balance, space, muted: false }));
}

export class Performance {
  live = true;
  onstate = null;
  #orchestra;
  #clock;
  #id;
  #rest = 0; // the position while nothing plays
  #playing = false;
  #rate = 1;
  #loop = null;
  #metronome = false;
  #mix;
  #started = () => {};

  constructor(orchestra, sheet) {
    this.#orchestra = orchestra;
    this.sheet = sheet;
    this.seconds = sheet.seconds;
    this.countIn = false;
    this.#mix = mixOf(sheet);
    this.#clock = new Clock(orchestra.context);
    this.#id = orchestra.enter({ sheet }, (message) => this.#hear(message));
    this.ready = orchestra.rehearse(sheet);
    this.ready.catch(() => {});
  }

  get playing() {
    return this.#playing;
  }

  /** The mix as it is: `{volume, balance, space, muted}` a voice. */
  get mix() {
    return this.#mix.map((voice) => ({ ...voice }));
  }

  /** Seconds of the piece, as heard now. */
  get position() {
    return this.#playing ? this.#clock.position : this.#rest;
  }

  /** Resolves when it sounds; rejects where the browser does not let it. */
  async play() {
    if (this.#playing) return;
    takeTurn(this);
    const [first, last] = this.#loop ?? [0, this.seconds];
    if (this.#rest >= last - END || this.#rest < first - END) this.#rest = first;
    const at = this.#rest;
    const serial = this.#clock.restart(at);
    this.#playing = true;
    this.#state("play");
    try {
      await Promise.all([this.#orchestra.wake(), patiently(this.ready)]);
    } catch (problem) {
      this.pause();
      throw problem;
    }
    if (!this.#playing || serial !== this.#clock.serial) return; // paused, or sent elsewhere, while everybody got ready
    const started = new Promise((resolve) => (this.#started = resolve));
    this.#tell("play", { serial, at, counted: this.countIn });
    await started;
  }

  pause() {
    if (!this.#playing) return;
    this.#rest = this.position;
    this.#rested("pause");
    this.#tell("pause");
  }

  seek(seconds) {
    const at = within(0, this.seconds, seconds);
    this.#rest = at;
    if (this.#playing) this.#tell("play", { serial: this.#clock.restart(at), at, counted: false });
  }

  get rate() {
    return this.#rate;
  }

  set rate(rate) {
    this.#rate = within(SLOWEST, FASTEST, rate);
    this.#tell("set", { rate: this.#rate });
  }

  get loop() {
    return this.#loop;
  }

  set loop(loop) {
    const [first, last] = loop ?? [];
    this.#loop = last > first ? [within(0, this.seconds, first), within(0, this.seconds, last)] : null;
    this.#tell("set", { loop: this.#loop });
    if (this.#loop && (this.position < this.#loop[0] - END || this.position >= this.#loop[1] - END)) this.seek(this.#loop[0]);
  }

  get metronome() {
    return this.#metronome;
  }

  set metronome(on) {
    this.#metronome = Boolean(on);
    this.#tell("set", { metronome: this.#metronome });
  }

  /** Change what is given of `{volume, balance, space, muted}`. */
  setVoice(voice, change) {
    Object.assign(this.#mix[voice], change);
    this.#tell("voice", { voice, mix: this.#mix[voice] });
  }

  /** A note by hand, played by a voice of the piece or by `{plays, drums, volume, balance, space}`, all of it optional. */
  strike(pitch, velocity = 80, sound = 0) {
    return this.#orchestra.strike(pitch, velocity, sound, this.#id);
  }

  release(pitch, sound = 0) {
    this.#orchestra.release(pitch, sound, this.#id);
  }

  levels() {
    return this.#orchestra.levels();
  }

  exportMidi() {
    return mixedMidi(this.sheet, this.#mix);
  }

  /** The bytes of a WAV file; `onprogress` takes numbers from 0 to 1. An AbortSignal that is aborted makes an end of it. */
  exportWav(onprogress, signal) {
    const voices = this.sheet.voices.map((voice, i) => ({ ...voice, ...this.#mix[i] }));
    return this.#orchestra.wav({ ...playable(this.sheet), voices }, onprogress, signal);
  }

  dispose() {
    this.pause();
    this.onstate = null;
    this.#orchestra.leave(this.#id);
  }

  #tell(what, more) {
    this.#orchestra.tell({ do: what, id: this.#id, ...more });
  }

  #hear(message) {
    if (message.say === "moved") {
      this.#clock.note(message);
      if (message.serial === this.#clock.serial) this.#started();
    } else if (message.say === "ended" && this.#playing && message.serial === this.#clock.serial) {
      const { serial } = message;
      setTimeout(() => {
        if (!this.#playing || serial !== this.#clock.serial) return;
        this.#rest = this.seconds;
        this.#rested("end");
      }, this.#orchestra.lateness * 1000); // what the audio thread has ended is still to be heard
    }
  }

  #rested(state) {
    this.#playing = false;
    this.#clock.restart(this.#rest);
    this.#started();
    leaveTurn(this);
    this.#orchestra.rest();
    this.#state(state);
  }

  #state(state) {
    this.onstate?.(state);
  }
}

/** What of a sheet the audio thread needs. */
export function playable({ notes, beats, bars, seconds, voices }) {
  return { notes, beats, bars, seconds, voices };
}
