// What is played, with its times; and played back. A metronome goes along if it is asked for, after one bar of clicks.

const MOST = 300; // seconds
const TAP = 0.06; // seconds that a key counts as held, however short the tap
const EARLY = 0.2; // seconds before the first beat that still count as on it

const now = () => performance.now() / 1000;

/** Bars and beats of a metronome: `tempo` beats a minute; a beat is what is felt, three eighths in 6/8. */
export function ticking(tempo, meter, seconds) {
  const [numerator, denominator] = meter.split("/").map(Number);
  const compound = denominator >= 8 && numerator > 3 && numerator % 3 === 0;
  const many = compound ? numerator / 3 : numerator;
  const beat = 60 / tempo;
  const bars = Array.from({ length: Math.ceil(seconds / (many * beat)) }, (_, i) => [i + 1, i * many * beat, (i + 1) * many * beat]);
  const beats = bars.flatMap(([, start]) => Array.from({ length: many }, (_, i) => [start + i * beat, i ? 0 : 1]));
  return { bars, beats };
}

export class Recorder {
  /** `orchestra()` opens the page's orchestra; `changed()` is called when a note or the state is another. */
  constructor(orchestra, changed) {
    this.orchestra = orchestra;
    this.changed = changed;
    this.state = "idle"; // or "recording", "playing"
    this.counted = false; // whether a metronome went along
    this.notes = []; // [start, end, pitch, velocity]
    this.down = new Map(); // pitch -> [start, velocity], in seconds of the page
  }

  get seconds() {
    return Math.max(0, ...this.notes.map((note) => note[1]));
  }

  /** Begin anew. Resolves when it has begun; without a metronome where the page cannot make sound. */
  async record({ tempo, meter, metronome }) {
    this.stop();
    this.notes = [];
    this.begin = metronome ? null : now();
    this.counted = false;
    this.set("recording");
    const run = (this.run = {});
    this.limit = setTimeout(() => this.stop(), MOST * 1000);
    if (!metronome) return;
    try {
      const clicks = (await this.orchestra()).perform({ voices: [], notes: [], seconds: MOST, ...ticking(tempo, meter, MOST) });
      if (this.run !== run) return clicks.dispose();
      this.clicks = clicks;
      Object.assign(clicks, { metronome: true, countIn: true, onstate: (state) => state !== "play" && this.run === run && this.stop() });
      await clicks.play();
      this.counted = true;
      const look = () => {
        if (this.run !== run || this.begin !== null) return;
        if (clicks.position > 0) this.begin = now() - clicks.position;
        else setTimeout(look, 10);
      };
      look();
    } catch {
      this.begin ??= now(); // no sound, no metronome; what is played still counts
    }
    this.changed();
  }

  press(pitch, velocity) {
    if (this.state === "recording") this.down.set(pitch, [now(), velocity]);
  }

  release(pitch) {
    const pressed = this.down.get(pitch);
    this.down.delete(pitch);
    if (pressed && this.begin !== null) {
      const [start, end] = [pressed[0] - this.begin, Math.max(now(), pressed[0] + TAP) - this.begin];
      const rounded = (seconds) => Math.round(Math.max(0, seconds) * 1000) / 1000;
      if (start > -EARLY && end > 0) this.notes.push([rounded(start), rounded(end), pitch, pressed[1]]);
    }
    if (pressed) this.changed();
  }

  /** The end of a recording, or of playing back. */
  stop() {
    clearTimeout(this.limit);
    for (const pitch of [...this.down.keys()]) this.release(pitch);
    this.run = null;
    const { clicks } = this;
    this.clicks = null;
    clicks?.dispose();
    this.set("idle");
  }

  clear() {
    this.stop();
    this.notes = [];
    this.counted = false;
    this.changed();
  }

  /** Play back what there is. */
  async play(voice) {
    this.stop();
    if (!this.notes.length) return;
    this.set("playing");
    const run = (this.run = {});
    const first = this.counted ? 0 : Math.min(...this.notes.map((note) => note[0]));
    const notes = this.notes.map(([start, end, pitch, velocity]) => [start - first, end - first, pitch, velocity, 0]);
    try {
      const played = (await this.orchestra()).perform({ voices: [voice], notes, beats: [], bars: [], seconds: this.seconds - first + 0.3 });
      if (this.run !== run) return played.dispose();
      this.clicks = played;
      played.onstate = (state) => state !== "play" && this.run === run && this.stop();
      await played.play();
    } catch (problem) {
      if (this.run === run) this.stop();
      throw problem;
    }
  }

  set(state) {
    if (this.state === state) return;
    this.state = state;
    this.changed();
  }
}
