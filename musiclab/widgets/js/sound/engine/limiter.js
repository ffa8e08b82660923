// Holds peaks below the ceiling, without a click: looks a moment ahead and turns down in time.

const CEILING = 10 ** (-1 / 20); // -1 dBFS
const AHEAD = 128; // frames, by which the sound comes later
const RECOVERY = 0.2; // seconds

export class Limiter {
  constructor(rate) {
    this.release = 1 - Math.exp(-1 / (RECOVERY * rate));
    this.left = new Float32Array(AHEAD);
    this.right = new Float32Array(AHEAD);
    this.wanted = new Float32Array(AHEAD).fill(1); // the gain that each of the frames ahead asks for
    this.held = new Float32Array(AHEAD).fill(1); // the gains that were chosen for them, to be averaged
    this.gain = 1;
    this.lowest = 1;
    this.until = 0; // frames that `lowest` still holds
    this.here = 0;
  }

  process(left, right) {
    let { here, gain, lowest, until } = this;
    let sum = this.held.reduce((a, b) => a + b);
    for (let i = 0; i < left.length; i += 1) {
      const peak = Math.max(Math.abs(left[i]), Math.abs(right[i]));
      const wanted = peak > CEILING ? CEILING / peak : 1;
      this.wanted[here] = wanted;
      if (wanted <= lowest) {
        lowest = wanted;
        until = AHEAD;
      } else if ((until -= 1) < 0) {
        lowest = Math.min(...this.wanted);
        until = 0;
        for (let back = 0; back < AHEAD; back += 1) {
          if (this.wanted[(here + AHEAD - back) % AHEAD] === lowest) {
            until = AHEAD - back;
            break;
          }
        }
      }
      gain = Math.min(lowest, gain + (1 - gain) * this.release);
      sum += gain - this.held[here];
      this.held[here] = gain;
      const mean = Math.min(1, sum / AHEAD);
      const late = this.left[here];
      const later = this.right[here];
      this.left[here] = left[i];
      this.right[here] = right[i];
      left[i] = late * mean;
      right[i] = later * mean;
      here = (here + 1) % AHEAD;
    }
    Object.assign(this, { here, gain, lowest, until });
  }
}
