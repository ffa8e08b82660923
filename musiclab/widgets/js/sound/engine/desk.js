// The mixing desk: tracks drive instruments and clicks, frame by frame. The same on the page, where it sounds, and in the background,
// where a file is written.
import { Clicks } from "./clicks.js";
import { Instruments } from "./instruments.js";
import { Limiter } from "./limiter.js";
import { BY_HAND, loudness } from "./loudness.js";
import { Track } from "./track.js";

const STILL = 1e-6; // below it nothing is heard
const NAP = 1; // seconds of stillness after which nothing is computed any more

export class Desk {
  /** `say` takes what has to be told outside. */
  constructor(rate, say = () => {}) {
    this.rate = rate;
    this.say = say;
    this.instruments = new Instruments(rate);
    this.clicks = new Clicks(rate);
    this.limiter = new Limiter(rate);
    this.tracks = new Map();
    this.hands = new Map(); // sound -> channel of notes that no track plays
    this.frame = 0; // of the block that is being made
    this.done = 0; // frames of it that are made
    this.still = Infinity; // frames since something was heard
    const channel = (track, voice) => track.channels[voice];
    this.out = {
      on: (track, [, , pitch, velocity, voice]) => this.instruments.on(channel(track, voice), pitch, velocity),
      off: (track, [, , pitch, , voice]) => this.instruments.off(channel(track, voice), pitch),
      click: (accent) => this.clicks.strike(accent, this.done),
      moved: (track) => this.#tell(track, "moved"),
      ended: (track) => this.#tell(track, "ended"),
      low: (track) => this.say({ say: "low", id: track.id, ahead: track.end - track.at }),
    };
  }

  #tell(track, what) {
    const { id, serial, at, rate, end } = track;
    const moving = track.running && !track.waiting;
    this.say({ say: what, id, serial, frame: this.frame + this.done, at, end, from: track.from, rate: moving ? rate : 0 });
  }

  track({ id, sheet, endless }) {
    const track = new Track({ ...sheet, endless });
    track.id = id;
    track.serial = 0;
    const louder = loudness(sheet.notes);
    track.channels = sheet.voices.map((voice) => this.instruments.seat(voice, louder));
    sheet.voices.forEach((voice, i) => this.instruments.mix(track.channels[i], voice));
    this.tracks.set(id, track);
    return track;
  }

  drop({ id }) {
    const track = this.tracks.get(id);
    if (!track) return;
    track.stop(this.out);
    track.channels.forEach((channel) => this.instruments.leave(channel));
    this.tracks.delete(id);
  }

  play({ id, serial, at, counted }) {
    const track = this.tracks.get(id);
    track.serial = serial;
    track.start(at, counted, this.out);
    this.out.moved(track);
  }

  pause({ id }) {
    this.tracks.get(id)?.stop(this.out);
  }

  set({ id, rate, loop, metronome, low }) {
    const track = this.tracks.get(id);
    if (rate !== undefined) track.rate = rate;
    if (loop !== undefined) track.loop = loop;
    if (low !== undefined) track.low = low;
    if (metronome !== undefined && metronome !== track.metronome) track.click(metronome);
    if (track.running) this.out.moved(track);
  }

  voice({ id, voice, mix }) {
    const channel = this.tracks.get(id).channels[voice];
    if (mix.plays !== undefined) this.instruments.hand(channel, mix); // another instrument
    this.instruments.mix(channel, mix);
  }

  push({ id, notes, until }) {
    this.tracks.get(id).push(notes, until, this.out);
  }

  strike({ id, pitch, velocity, sound }) {
    this.still = 0;
    this.instruments.on(this.#hand(id, sound), pitch, velocity);
  }

  release({ id, pitch, sound }) {
    this.instruments.off(this.#hand(id, sound), pitch);
  }

  /** The channel of a voice of a track or, where `sound` says what plays, one of its own. */
  #hand(id, sound) {
    if (typeof sound === "number") return this.tracks.get(id).channels[sound];
    const key = JSON.stringify(sound);
    if (!this.hands.has(key)) {
      const channel = this.instruments.seat(sound, BY_HAND);
      this.instruments.mix(channel, sound);
      this.hands.set(key, channel);
    }
    return this.hands.get(key);
  }

  /** Fill a block of at most 128 frames. */
  render(left, right) {
    left.fill(0);
    right.fill(0);
    const running = [...this.tracks.values()].filter((track) => track.running);
    if (running.length) this.still = 0;
    else if (this.still > NAP * this.rate) {
      this.frame += left.length;
      return;
    }
    for (this.done = 0; this.done < left.length; ) {
      let step = left.length - this.done;
      for (const track of running) step = Math.min(step, Math.max(0, Math.ceil((track.wait() * this.rate) / track.rate - 1e-6)));
      if (step) {
        this.instruments.synth.process(left, right, this.done, step);
        for (const track of running) if (track.running && !track.waiting) track.move((step / this.rate) * track.rate);
        this.done += step;
      }
      for (const track of running) if (track.running && !track.waiting && track.wait() * this.rate < 1e-3) track.fire(this.out);
    }
    this.clicks.mixInto(left, right);
    this.limiter.process(left, right);
    this.frame += left.length;
    this.done = 0;
    let peak = 0;
    for (let i = 0; i < left.length; i += 1) peak = Math.max(peak, Math.abs(left[i]), Math.abs(right[i]));
    this.still = peak > STILL ? 0 : this.still + left.length;
  }
}
