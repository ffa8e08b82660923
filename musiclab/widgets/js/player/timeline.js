// What sounds when: noteheads, bars and beats of a sheet, found by time.
import { countUpTo } from "./dom.js";

const SOON = 0.001; // seconds: a moment that was asked for may come back a little early

export class Timeline {
  constructor(sheet) {
    this.seconds = sheet.seconds;
    this.bars = sheet.bars;
    this.beats = sheet.beats;
    this.times = [];
    this.lit = []; // which noteheads are lit from each of the times on
    this.begins = new Map(); // id of a notehead -> when it lights up
    let now = new Set();
    for (const [time, on, off] of sheet.lit) {
      now = new Set(now);
      off.forEach((id) => now.delete(id));
      on.forEach((id) => now.add(id) && this.begins.has(id) === false && this.begins.set(id, time));
      this.times.push(time);
      this.lit.push(now);
    }
  }

  /** The noteheads that are lit at a time, always the same Set for the same stretch of time. */
  at(time) {
    return this.lit[countUpTo(this.times, time + SOON) - 1] ?? NOTHING;
  }

  /** Which of the bars a time falls in, counted from 0. */
  barAt(time) {
    return Math.max(0, countUpTo(this.bars, time + SOON, (bar) => bar[1]) - 1);
  }

  /** The beat after a time, or before it (a beat that has just begun counts as this one: before it is the last). */
  beatFrom(time, step) {
    return moved(this.beats, time, step, (beat) => beat[0], this.seconds);
  }

  barFrom(time, step) {
    return moved(this.bars, time, step, (bar) => bar[1], this.seconds);
  }
}

const NOTHING = new Set();

function moved(list, time, step, key, end) {
  const here = countUpTo(list, time + SOON, key) - 1;
  if (step > 0) return here + 1 < list.length ? key(list[here + 1]) : end;
  if (here < 0) return 0;
  const since = time - key(list[here]);
  return key(list[since < 0.25 ? Math.max(0, here - 1) : here]); // twice "back" in a moment goes on backwards, even while it plays
}

/** A bar as people name it. */
export const barName = (bar) => (bar[0] === 0 ? "the pickup" : `bar ${bar[0]}`);

export function barsName(first, last) {
  if (first[0] === last[0]) return first[0] === 0 ? "The pickup" : `Bar ${first[0]}`;
  return first[0] === 0 ? `The pickup to bar ${last[0]}` : `Bars ${first[0]} to ${last[0]}`;
}
