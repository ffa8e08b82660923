// The metronome's clicks: short tones, the accented ones higher and louder.

const LENGTH = 0.05; // seconds
const DECAY = 90; // a second
const TONES = [
  { hertz: 1000, level: 0.25 },
  { hertz: 1600, level: 0.4 },
];

export class Clicks {
  constructor(rate) {
    this.rate = rate;
    this.sounding = [];
    this.waves = TONES.map(({ hertz, level }) =>
      Float32Array.from({ length: Math.round(LENGTH * rate) }, (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / rate) * Math.exp((-DECAY * i) / rate)),
    );
  }

  /** A click that begins that many frames into the block which comes next. */
  strike(accent, frame) {
    this.sounding.push({ wave: this.waves[accent ? 1 : 0], done: -frame });
  }

  mixInto(left, right) {
    for (const click of this.sounding) {
      const { wave } = click;
      for (let i = Math.max(0, -click.done); i < left.length && click.done + i < wave.length; i += 1) {
        left[i] += wave[click.done + i];
        right[i] += wave[click.done + i];
      }
      click.done += left.length;
    }
    if (this.sounding.length) this.sounding = this.sounding.filter(({ wave, done }) => done < wave.length);
  }
}
