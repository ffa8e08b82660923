// The instruments of a sound font, each voice on a channel of its own: spessasynth, told what our mixer says.
import { SpessaSynthProcessor } from "spessasynth_core";
import { MOST } from "./loudness.js";
import { Samples, drumKey } from "./samples.js";

const VOLUME = 7; // MIDI controllers
const BALANCE = 10;
const SPACE = 91;
const EXPRESSION = 11; // how loud the whole voice is, as if further away; our mix does not know it
const ROOM = { character: 2, preLowpass: 0, time: 28 }; // it rings as FluidSynth's does, measured 0.1 to 1 s after the last note
const ROOM_GAIN = 0.9;
const DRY = { process() {}, getSnapshot: () => ({}) }; // no chorus, no echo: our mix knows neither

export class Instruments {
  constructor(rate) {
    this.synth = new SpessaSynthProcessor(rate, { eventsEnabled: false, chorusProcessor: { ...DRY }, delayProcessor: { ...DRY } });
    this.synth.setSystemParameter("gain", MOST);
    this.synth.setSystemParameter("reverbGain", ROOM_GAIN);
    this.free = this.synth.midiChannels.map((_, channel) => channel);
  }

  load(font) {
    this.samples = new Samples(font);
    this.synth.soundBankManager.addSoundBank(this.samples.bank, "main"); // it resets the effects
    Object.assign(this.synth.reverbProcessor, ROOM);
    this.synth.setSystemParameter("reverbLock", true);
  }

  /** A channel for a voice, that many times louder than it would be by itself. */
  seat({ plays, drums }, louder) {
    if (!this.free.length) {
      this.free.push(this.synth.midiChannels.length);
      this.synth.createMIDIChannel();
    }
    const number = this.free.shift();
    const channel = this.synth.midiChannels[number];
    channel.reset();
    this.hand(number, { plays, drums });
    channel.controllerChange(EXPRESSION, Math.round(127 * Math.sqrt(louder / MOST)));
    return number;
  }

  /** Put an instrument into the hands of a channel: what sounds there rings out. */
  hand(number, { plays, drums }) {
    const channel = this.synth.midiChannels[number];
    channel.setDrums(Boolean(drums));
    channel.programChange(drums ? 0 : plays);
  }

  leave(number) {
    this.synth.midiChannels[number].stopAllNotes();
    this.free.push(number);
  }

  mix(number, { volume, balance, space, muted }) {
    const channel = this.synth.midiChannels[number];
    channel.controllerChange(VOLUME, muted ? 0 : volume);
    channel.controllerChange(BALANCE, balance);
    channel.controllerChange(SPACE, space);
  }

  on(number, pitch, velocity) {
    this.synth.noteOn(number, this.#key(number, pitch), velocity);
  }

  off(number, pitch) {
    this.synth.noteOff(number, this.#key(number, pitch));
  }

  #key(number, pitch) {
    return this.synth.midiChannels[number].drumChannel ? drumKey(pitch) : pitch;
  }
}
