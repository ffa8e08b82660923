// Where the music is that is heard at this moment: what the audio thread tells of its way through time, put against what the
// loudspeaker has reached.

const AHEAD = 128; // frames by which the limiter delays the sound

/** The time of the context whose sound leaves the loudspeaker now, in seconds. */
export function heardTime(context) {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp?.() ?? {};
  const told = contextTime ? contextTime + (performance.now() - performanceTime) / 1000 : Infinity;
  const latest = context.currentTime - (context.outputLatency || context.baseLatency || 0);
  return Math.abs(told - latest) < 0.25 ? told : latest; // what some browsers tell is far off
}

export class Clock {
  constructor(context) {
    this.context = context;
    this.moments = [];
    this.serial = 0;
    this.begin = 0;
  }

  /** Time is set anew: until that is heard, the position is `at`. Returns a number that goes with it. */
  restart(at) {
    this.moments = [];
    this.begin = at;
    this.serial += 1;
    return this.serial;
  }

  /** The audio thread says where it is. */
  note({ serial, frame, at, from, end, rate }) {
    if (serial !== this.serial) return;
    const time = (frame + AHEAD) / this.context.sampleRate;
    this.moments.push({ time, at, from, end, rate });
    if (this.moments.length > 64) this.moments.shift();
  }

  get position() {
    const now = heardTime(this.context);
    const moment = this.moments.findLast(({ time }) => time <= now);
    if (!moment) return this.begin;
    const { time, at, from, end, rate } = moment;
    return Math.min(end, Math.max(from, at + (now - time) * rate));
  }
}
