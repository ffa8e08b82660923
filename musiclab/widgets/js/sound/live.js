// A stream of music without end: somebody pushes what comes next before all has sounded, and there is no gap.
import { Clock } from "./clock.js";
import { leaveTurn, takeTurn } from "./turns.js";

export class Live {
  onstate = null;
  #orchestra;
  #clock;
  #id;
  #playing = true;
  #end = 0;
  #onlow;
  #voices;

  /**
   * `program` plays, or each of `voices` `{plays, drums, volume, balance, space}`; `onlow(ahead)` is called when less than `low` seconds
   * are left. Notes are `[start, end, pitch, velocity, voice]`, in seconds from the beginning of the stream.
   */
  constructor(orchestra, { program = 0, volume = 100, balance = 64, space = 40, voices, low = 4, onlow = () => {} } = {}) {
    this.#orchestra = orchestra;
    this.#onlow = onlow;
    this.#voices = voices ?? [{ plays: program, drums: false, volume, balance, space }];
    this.#clock = new Clock(orchestra.context);
    const sheet = { voices: this.#voices, notes: [], beats: [], bars: [], seconds: 0 };
    this.#id = orchestra.enter({ sheet, endless: true }, (message) => this.#hear(message));
    takeTurn(this);
    this.ready = this.#begin(low);
    this.ready.catch(() => this.stop());
  }

  async #begin(low) {
    await Promise.all([this.#orchestra.wake(), ...this.#voices.map((voice) => this.#orchestra.prepare(voice))]);
    if (!this.#playing) return;
    this.#tell("set", { low });
    this.#tell("play", { serial: this.#clock.restart(0), at: 0 });
  }

  get playing() {
    return this.#playing;
  }

  /** Seconds from the beginning of the stream, as heard now. */
  get position() {
    return this.#clock.position;
  }

  /** Seconds of music that are still to come. */
  get ahead() {
    return Math.max(0, this.#end - this.position);
  }

  /** What comes next: notes, and the time up to which they say all (a rest may stand at the end). */
  push(notes, until = 0) {
    if (!this.#playing) return;
    this.#end = Math.max(this.#end, until, ...notes.map((note) => note[1]));
    this.#tell("push", { notes, until });
  }

  /** Change what is given of `{plays, drums, volume, balance, space, muted}`. */
  async setVoice(voice, change) {
    this.#voices[voice] = { ...this.#voices[voice], ...change };
    if (change.plays !== undefined) await this.#orchestra.prepare(this.#voices[voice]); // another instrument
    if (!this.#playing) return;
    this.#tell("voice", { voice, mix: { volume: 100, balance: 64, space: 40, muted: false, ...this.#voices[voice] } });
  }

  strike(pitch, velocity = 80, sound = 0) {
    return this.#orchestra.strike(pitch, velocity, sound, this.#id);
  }

  release(pitch, sound = 0) {
    this.#orchestra.release(pitch, sound, this.#id);
  }

  levels() {
    return this.#orchestra.levels();
  }

  /** The end. Whoever starts something else on the page ends it too. */
  stop() {
    if (!this.#playing) return;
    this.#playing = false;
    this.#orchestra.leave(this.#id);
    leaveTurn(this);
    this.#orchestra.rest();
    this.onstate?.("end");
  }

  pause() {
    this.stop();
  }

  #tell(what, more) {
    this.#orchestra.tell({ do: what, id: this.#id, ...more });
  }

  #hear(message) {
    if (message.say === "moved") this.#clock.note(message);
    else if (message.say === "low") this.#onlow(this.ahead);
  }
}
