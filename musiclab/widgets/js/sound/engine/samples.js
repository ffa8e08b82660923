// The samples of a sound font, decoded when somebody needs them.
import { BasicSoundBank, SoundBankLoader, SpessaLog } from "spessasynth_core";

SpessaLog.setLogLevel(false, false, false);

const KEYS = Array.from({ length: 88 }, (_, i) => 21 + i); // of a piano
const VELOCITIES = [40, 80, 120]; // soft, middling and loud may have samples of their own
const DRUM_KEYS = [35, 81]; // of General MIDI; keys beyond take the nearest, so that no stroke is lost

export const drumKey = (pitch) => Math.min(Math.max(pitch, DRUM_KEYS[0]), DRUM_KEYS[1]);

/** Resolves when samples can be decoded. */
export const decoderReady = BasicSoundBank.isSF3DecoderReady;

export class Samples {
  /** @throws an Error where the bytes are no sound font. */
  constructor(font) {
    this.bank = SoundBankLoader.fromArrayBuffer(font);
  }

  /** The numbers of the samples that a voice needs for `[pitch, velocity]` notes; for all that it can play where none are given. */
  needed({ plays, drums }, notes = KEYS.flatMap((pitch) => VELOCITIES.map((velocity) => [pitch, velocity]))) {
    const preset = this.bank.presets.find((each) => (drums ? each.isDrum : !each.isDrum && each.program === plays));
    const found = new Set();
    for (const [pitch, velocity] of preset ? notes : []) {
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
}
