// Music without end, from a kernel that writes it to the orchestra that plays it. A few bars wait here; only what is about to sound is
// handed to the orchestra, so that a wish is heard soon. While somebody plays along the network listens, and then goes on from it.

const LOW = 1; // seconds handed to the orchestra ahead of what sounds
const AHEAD = 6; // seconds that should wait here
const ASKED = 8; // seconds that are asked for
const PATIENCE = 1.5; // seconds after which a kernel that does not answer is taken to be busy
const REST = 0.6; // seconds without a key after which a player has ended
const MARGIN = 0.3; // seconds that an answer may take
const LONGEST = 120; // seconds of playing that are taken in
const KEPT = 12; // bars that are still to be seen
const FAINT = 0.3; // how loud the last note of all is

const BUSY = "The notebook is busy or has stopped, so the music has come to an end. Press Start to go on.";

const now = () => performance.now() / 1000;
let runs = 0;

export class Stream {
  /**
   * `orchestra()` opens the page's orchestra; `ask(message)` asks the kernel; `changed()` is called when something is to be shown,
   * `ended(words)` in the end, with a sentence or none.
   */
  constructor({ orchestra, ask, changed, ended }) {
    Object.assign(this, { orchestra, ask, changed, ended });
    this.live = null;
    this.queue = [];
    this.shown = [];
    this.played = []; // by the listener: [start, end, pitch, velocity], in seconds of the stream
    this.down = new Map(); // pitch -> [start, velocity]
  }

  get running() {
    return Boolean(this.run);
  }

  /** Seconds of the stream, as heard now. */
  get position() {
    return this.live?.position ?? 0;
  }

  /** Begin, from what was played just before, if there is something. Rejects where the page cannot make sound. */
  async start(sound, notes = []) {
    const run = (this.run = `${(runs += 1)}-${now()}`);
    Object.assign(this, { queue: [], shown: [], played: [], origin: null, committed: -1, end: 0, voice: 0, listening: false, asked: now() });
    this.down.clear();
    this.ask({ do: "start", run, notes, seconds: ASKED });
    this.changed();
    try {
      const orchestra = await this.orchestra();
      if (this.run !== run) return;
      this.live = orchestra.live({ voices: [sound, sound], low: LOW, onlow: () => this.feed() });
      this.live.onstate = () => this.run === run && this.finish("");
      this.timer = setInterval(() => this.tick(), 50);
      this.feed();
      await this.live.ready;
    } catch (problem) {
      if (this.run === run) this.finish(problem.message);
    }
  }

  stop() {
    if (this.running) this.finish("");
  }

  finish(words) {
    const { live } = this;
    this.ask({ do: "stop", run: this.run, committed: this.committed });
    this.run = null;
    this.live = null;
    clearInterval(this.timer);
    if (live) live.onstate = null;
    live?.stop();
    this.queue = [];
    this.down.clear();
    this.ended(words);
  }

  /** Bars from the kernel, in the place of all that wait from the first of them on. */
  take({ run, from, bars, heard }) {
    if (run !== this.run) return;
    if (this.listening) {
      if (!heard || this.asked === null) return; // written before the kernel knew; or there is more to hear by now
      this.listening = false;
      this.voice = 1 - this.voice; // the other one stays silent until nothing of its old bars is left
      this.live.setVoice(this.voice, { muted: false });
    }
    this.asked = null;
    this.origin ??= bars[0]?.start ?? null;
    const moved = bars.map((bar) => ({
      ...bar,
      start: bar.start - this.origin,
      end: bar.end - this.origin,
      notes: bar.notes.map(([start, end, ...rest]) => [start - this.origin, end - this.origin, ...rest]),
    }));
    this.queue = [...this.queue.filter((bar) => bar.number < from), ...moved.filter((bar) => bar.number > this.committed)];
    this.feed();
    this.changed();
  }

  /** Hand to the orchestra what will sound soon. */
  feed() {
    if (!this.live) return;
    if (this.listening) {
      while (this.end - this.position < LOW) this.live.push([], (this.end += LOW)); // time goes on
      return;
    }
    while (this.queue.length && this.end - this.position < LOW) this.commit(this.queue.shift());
    const waiting = (this.queue.at(-1)?.end ?? this.end) - this.position;
    if (waiting < AHEAD && this.asked === null) {
      this.asked = now();
      const until = this.origin + this.position + ASKED;
      this.ask({ do: "more", run: this.run, committed: this.committed, until });
    }
  }

  commit(bar) {
    const last = !this.queue.length && this.asked !== null && now() - this.asked > PATIENCE; // it may be the last of all
    const fading = (start) => (last ? 1 - (1 - FAINT) * ((start - bar.start) / (bar.end - bar.start)) : 1);
    const notes = bar.notes.map(([start, end, pitch, velocity]) => [start, end, pitch, Math.round(velocity * fading(start)), this.voice]);
    this.live.push(notes, bar.end);
    this.committed = bar.number;
    this.end = bar.end;
    this.shown = [...this.shown, bar].slice(-KEPT);
    this.changed();
  }

  tick() {
    if (!this.live) return;
    this.feed();
    const { position } = this;
    if (this.listening) {
      const end = Math.max(0, ...this.played.map((note) => note[1]));
      if (!this.down.size && position - end > REST && this.asked === null) this.hear();
      else if (this.asked !== null && now() - this.asked > 3 * PATIENCE) this.finish(BUSY);
    } else if (this.asked !== null && now() - this.asked > PATIENCE && this.end - position < 0.02) this.finish(BUSY);
  }

  /** Let the network hear what was played. */
  hear() {
    this.asked = now();
    const notes = this.phrase.map(([start, end, ...rest]) => [start + this.origin, end + this.origin, ...rest]);
    const until = this.origin + Math.max(this.position + MARGIN, this.old);
    this.ask({ do: "hear", run: this.run, committed: this.committed, notes, until, seconds: ASKED });
  }

  press(pitch, velocity) {
    if (!this.live || this.origin === null) return;
    if (!this.listening) {
      this.listening = true;
      this.phrase = [];
      this.asked = null;
      this.old = this.end; // up to here bars were handed over that are heard no more
      this.queue = [];
      const { position } = this;
      this.shown = this.shown.map((bar) => ({ ...bar, notes: bar.notes.filter((note) => note[0] < position) }));
      this.live.setVoice(this.voice, { muted: true });
      this.feed();
      this.changed();
    } else this.asked = null; // an answer that is on its way comes too early
    this.down.set(pitch, [this.position, velocity]);
  }

  release(pitch) {
    const pressed = this.down.get(pitch);
    this.down.delete(pitch);
    if (!pressed || !this.live) return;
    const note = [pressed[0], Math.max(this.position, pressed[0] + 0.03), pitch, pressed[1]];
    const recent = (each) => each[0] > this.position - LONGEST;
    this.played = [...this.played.filter(recent), note];
    this.phrase = [...this.phrase.filter(recent), note];
    this.changed();
  }

  setSound(change) {
    for (const voice of [0, 1]) this.live?.setVoice(voice, change);
  }

  /** What sounds now: pitches. */
  sounding() {
    const { position } = this;
    if (this.listening) return new Set();
    const bar = this.barAt(position);
    return new Set((bar?.notes ?? []).filter(([start, end]) => start <= position && position < end).map((note) => note[2]));
  }

  barAt(position) {
    return this.shown.findLast((bar) => bar.start <= position && position < bar.end);
  }
}
