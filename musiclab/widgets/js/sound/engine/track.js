// One piece on its way through time: which notes begin and end, and when. Knows no sound; times are seconds of the piece.

const NOW = 1e-7; // seconds: as good as now
const WORTH = 0.05; // seconds that a note must still last to be struck late, where somebody jumps into it

/** The beats to count before playing from `at`: `[time, accent]`, at least two clicks, in step with the bar that follows. */
export function countIn(at, bars, beats) {
  if (!bars.length || !beats.length) return [];
  const inside = bars.findLast(([number, start, end]) => number > 0 && start <= at + NOW && at < end) ?? bars.find(([n]) => n > 0) ?? bars[0];
  const [, start, end] = inside;
  const clicks = beats.filter(([time]) => time >= start - NOW && time < end - NOW);
  const length = end - start;
  let counted = [];
  for (let back = start > at + NOW ? 1 : 0; back < 3 && counted.length < 2; back += 1) {
    counted = [...clicks.map(([time, accent]) => [time - back * length, accent]), ...counted].filter(([time]) => time < at - NOW);
  }
  return counted;
}

export class Track {
  /** `endless`: the music is pushed while it plays, and time stands still where none is left. */
  constructor({ notes = [], beats = [], bars = [], seconds = 0, endless = false }) {
    Object.assign(this, { beats, bars, endless, end: seconds });
    this.notes = notes.toSorted((a, b) => a[0] - b[0]);
    this.at = 0;
    this.rate = 1;
    this.loop = null;
    this.metronome = false;
    this.running = false;
    this.waiting = false; // for more music
    this.low = 0;
    this.asked = false;
    this.sounding = [];
    this.counting = [];
    this.from = 0;
    this.#aim();
  }

  /** Begin at a time, after one bar of clicks if `counted`. */
  start(at, counted, out) {
    this.#silence(out);
    this.from = at;
    this.counting = counted ? countIn(at, this.bars, this.beats) : [];
    this.at = this.counting.length ? this.counting[0][0] : at;
    this.running = true;
    this.waiting = false;
    this.#aim();
    if (!this.counting.length) this.#catchUp(out);
  }

  stop(out) {
    this.running = false;
    this.counting = [];
    this.#silence(out);
  }

  jump(at, out) {
    this.start(at, false, out);
    out.moved(this);
  }

  /** More music for an endless track: notes, and the time up to which all is said. */
  push(notes, until, out) {
    this.notes = [...this.notes.slice(this.next), ...notes].toSorted((a, b) => a[0] - b[0]);
    this.next = 0;
    this.end = Math.max(this.end, until ?? 0, ...notes.map((note) => note[1]));
    this.asked = false;
    if (this.running && this.end > this.at) {
      this.waiting = false;
      out.moved(this); // the end is another
    }
  }

  /** Seconds of the piece until something happens. */
  wait() {
    if (!this.running || this.waiting) return Infinity;
    let soonest = this.end;
    const before = this.at < this.from - NOW;
    if (before) soonest = Math.min(this.from, this.counting[0]?.[0] ?? Infinity);
    else {
      if (this.next < this.notes.length) soonest = Math.min(soonest, this.notes[this.next][0]);
      if (this.looping()) soonest = Math.min(soonest, this.loop[1]);
      if (this.metronome && this.beat < this.beats.length) soonest = Math.min(soonest, this.beats[this.beat][0]);
      if (this.low && !this.asked) soonest = Math.min(soonest, Math.max(this.at, this.end - this.low));
    }
    for (const note of this.sounding) soonest = Math.min(soonest, note[1]);
    return Math.max(0, soonest - this.at);
  }

  looping() {
    return this.loop !== null && this.at <= this.loop[1] + NOW;
  }

  move(seconds) {
    this.at += seconds;
  }

  /** Let happen what is due. */
  fire(out) {
    const now = this.at + NOW;
    this.#end((note) => note[1] <= now, out);
    while (this.counting.length && this.counting[0][0] <= now) out.click(this.counting.shift()[1]);
    if (this.at < this.from - NOW) return;
    if (this.looping() && this.at >= this.loop[1] - NOW) {
      this.#silence(out);
      this.at = this.loop[0];
      this.from = this.at;
      this.#aim();
      this.#catchUp(out);
      out.moved(this);
      return;
    }
    for (; this.metronome && this.beat < this.beats.length && this.beats[this.beat][0] <= now; this.beat += 1) {
      out.click(this.beats[this.beat][1]);
    }
    for (; this.next < this.notes.length && this.notes[this.next][0] <= now; this.next += 1) this.#strike(this.notes[this.next], out);
    if (this.low && !this.asked && this.end - this.at <= this.low + NOW) {
      this.asked = true;
      out.low(this);
    }
    if (this.at >= this.end - NOW) {
      if (this.endless) {
        this.at = this.end;
        this.waiting = true;
        out.moved(this);
      } else {
        this.stop(out);
        out.ended(this);
      }
    }
  }

  /** Time has been set: find the first note and the first beat from here. */
  #aim() {
    const first = (list) => {
      const found = list.findIndex(([time]) => time >= Math.max(this.at, this.from) - NOW);
      return found < 0 ? list.length : found;
    };
    this.next = first(this.notes);
    this.beat = first(this.beats);
  }

  /** Strike again what already sounds at this moment. */
  #catchUp(out) {
    for (let i = 0; i < this.next; i += 1) {
      const note = this.notes[i];
      if (note[1] > this.at + WORTH) this.#strike(note, out);
    }
  }

  #strike(note, out) {
    this.sounding.push(note);
    out.on(this, note);
  }

  #end(over, out) {
    if (!this.sounding.some(over)) return;
    for (const note of this.sounding) if (over(note)) out.off(this, note);
    this.sounding = this.sounding.filter((note) => !over(note));
  }

  #silence(out) {
    this.#end(() => true, out);
  }

  /** The metronome was switched on: the beats that are past stay past. */
  click(on) {
    this.metronome = on;
    const found = this.beats.findIndex(([time]) => time >= this.at - NOW);
    this.beat = found < 0 ? this.beats.length : found;
  }
}
