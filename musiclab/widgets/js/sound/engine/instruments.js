// The instruments of a sound font, each voice on a channel of its own: spessasynth, told what our mixer says.
import { SoundBankLoader, SpessaLog, SpessaSynthProcessor } from "spessasynth_core";
import { MOST } from "./loudness.js";

SpessaLog.setLogLevel(false, false, false);

const VOLUME = 7; // MIDI controllers
const BALANCE = 10;
const SPACE = 91;
const EXPRESSION = 11; // how loud the whole voice is, as if further away; our mix does not know it
const ROOM = { character: 2, preLowpass: 0, time: 28 }; // it rings as FluidSynth's does, measured 0.1 to 1 s after the last note
const ROOM_GAIN = 0.9;
const DRUM_KEYS = [35, 81]; // of General MIDI; keys beyond take the nearest, so that no stroke is lost
const DRY = { process() {}, getSnapshot: () => ({}) }; // no chorus, no echo: our mix knows neither

export class Instruments {
  constructor(rate) {
    this.synth = new SpessaSynthProcessor(rate, { eventsEnabled: false, chorusProcessor: { ...DRY }, delayProcessor: { ...DRY } });
    this.synth.setSystemParameter("gain", MOST);
    this.synth.setSystemParameter("reverbGain", ROOM_GAIN);
    this.ready = this.synth.processorInitialized; // its Vorbis decoder
    this.free = this.synth.midiChannels.map((_, channel) => channel);
    this.bank = null;
  }

  load(font) {
    this.bank = SoundBankLoader.fromArrayBuffer(font);
    this.synth.soundBankManager.addSoundBank(this.bank, "main"); // it resets the effects
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

  /** The samples that a voice needs for some notes; for all its notes where none are given. */
  samples({ plays, drums }, notes) {
    const preset = this.bank.presets.find((each) => (drums ? each.isDrum : !each.isDrum && each.program === plays));
    const found = new Set();
    if (!preset) return found;
    const all = Array.from({ length: 88 }, (_, i) => [40, 80, 120].map((velocity) => [21 + i, velocity])).flat();
    for (const [pitch, velocity] of notes ?? all) {
      for (const { sample } of preset.getVoiceParameters(drums ? drumKey(pitch) : pitch, velocity)) found.add(this.bank.samples.indexOf(sample));
    }
    return found;
  }

  /** A sample, decoded, and forgotten here. */
  decoded(index) {
    const sample = this.bank.samples[index];
    const data = sample.getAudioData();
    sample.audioData = undefined;
    return data;
  }

  /** Put a sample in its place that was decoded elsewhere. */
  place(index, data) {
    this.bank.samples[index].setAudioData(data, this.bank.samples[index].sampleRate);
  }

  #key(number, pitch) {
    return this.synth.midiChannels[number].drumChannel ? drumKey(pitch) : pitch;
  }
}

const drumKey = (pitch) => Math.min(Math.max(pitch, DRUM_KEYS[0]), DRUM_KEYS[1]);
