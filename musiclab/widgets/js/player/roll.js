// The piano roll: pitch upwards, time to the right, the music moving under a line that says now.
import { countUpTo, make } from "./dom.js";
import { ink, shape, trace } from "./voices.js";

const HEIGHT = 220; // pixels
const SECOND = 90; // pixels of music a second
const KEYS = 38; // pixels for the names of the pitches
const NOW = 0.3; // how far across the line stands
const MARGIN = 2; // semitones above and below

export class Roll {
  constructor(player) {
    this.player = player;
    this.canvas = make("canvas", { role: "img", height: HEIGHT });
    this.canvas.addEventListener("click", (event) => {
      const x = event.clientX - this.canvas.getBoundingClientRect().left;
      player.goTo(player.position + (x - this.now()) / SECOND);
    });
    this.element = make("div", { class: "view roll" }, this.canvas);
  }

  show(sheet) {
    this.notes = sheet.notes.map(([start, end, pitch, velocity, voice]) => ({ start, end, pitch, velocity, voice }));
    this.notes.sort((a, b) => a.start - b.start);
    this.longest = Math.max(0, ...this.notes.map((note) => note.end - note.start));
    const pitches = this.notes.map((note) => note.pitch);
    this.low = Math.min(60, ...pitches) - MARGIN;
    this.high = Math.max(72, ...pitches) + MARGIN;
    this.bars = sheet.bars;
    const told = sheet.voices.map((_, i) => `${this.player.nameOf(i)} ${shape(i)}s`).join(", ");
    this.canvas.setAttribute("aria-label", `Piano roll: pitch upwards, time to the right. Each note begins with a shape: ${told}.`);
  }

  now() {
    return KEYS + (this.canvas.clientWidth - KEYS) * NOW;
  }

  paint(time) {
    const { canvas, player } = this;
    const wide = canvas.clientWidth;
    if (!wide) return;
    const dense = Math.min(2, globalThis.devicePixelRatio || 1);
    if (canvas.width !== Math.round(wide * dense)) canvas.width = Math.round(wide * dense);
    if (canvas.height !== Math.round(HEIGHT * dense)) canvas.height = Math.round(HEIGHT * dense);
    const draw = canvas.getContext("2d");
    draw.setTransform(dense, 0, 0, dense, 0, 0);
    const dark = player.theme === "dark";
    const line = dark ? "#333a44" : "#e3e6ea";
    const row = HEIGHT / (this.high - this.low + 1);
    const y = (pitch) => HEIGHT - (pitch - this.low + 1) * row;
    const now = this.now();
    const x = (seconds) => now + (seconds - time) * SECOND;
    draw.fillStyle = dark ? "#14181d" : "#ffffff";
    draw.fillRect(0, 0, wide, HEIGHT);
    draw.fillStyle = dark ? "#1c2229" : "#f4f6f8";
    for (let pitch = this.low; pitch <= this.high; pitch += 1) {
      if ([1, 3, 6, 8, 10].includes(pitch % 12)) draw.fillRect(KEYS, y(pitch), wide - KEYS, row);
    }
    draw.font = "11px system-ui, sans-serif";
    draw.textBaseline = "top";
    for (const [number, start] of this.bars) {
      if (x(start) < KEYS - 40 || x(start) > wide) continue;
      draw.fillStyle = line;
      draw.fillRect(x(start), 0, 1, HEIGHT);
      draw.fillStyle = dark ? "#98a2ad" : "#66707a";
      if (number) draw.fillText(number, x(start) + 3, 2);
    }
    const [from, to] = [time - (now - KEYS) / SECOND - this.longest, time + (wide - now) / SECOND];
    for (let i = countUpTo(this.notes, from, (note) => note.start); i < this.notes.length; i += 1) {
      const note = this.notes[i];
      if (note.start > to) break;
      const sounds = note.start <= time + 0.001 && time < note.end;
      const left = Math.max(KEYS, x(note.start));
      const right = x(note.end) - 1;
      if (right <= KEYS) continue;
      const colour = ink(note.voice, player.theme);
      const tall = Math.max(4, Math.min(row, 12)) - 1;
      const top = y(note.pitch) + (row - tall) / 2;
      draw.globalAlpha = sounds ? 1 : 0.55 + (0.3 * note.velocity) / 127;
      draw.fillStyle = colour;
      draw.beginPath();
      draw.roundRect(left, top, Math.max(2, right - left), tall, 2);
      draw.fill();
      if (sounds) {
        draw.strokeStyle = dark ? "#ffffff" : "#101418";
        draw.lineWidth = 1.5;
        draw.stroke();
      }
      if (x(note.start) >= KEYS) {
        draw.globalAlpha = 1;
        trace(draw, shape(note.voice), left + 1, top + tall / 2, Math.max(3.5, tall * 0.55));
        draw.fillStyle = colour;
        draw.fill();
        draw.strokeStyle = dark ? "#14181d" : "#ffffff";
        draw.lineWidth = 1;
        draw.stroke();
      }
    }
    draw.globalAlpha = 1;
    draw.fillStyle = dark ? "#1c2229" : "#f4f6f8";
    draw.fillRect(0, 0, KEYS, HEIGHT);
    draw.fillStyle = dark ? "#c3ccd5" : "#4a545e";
    draw.textBaseline = "middle";
    for (let pitch = Math.ceil(this.low / 12) * 12; pitch <= this.high; pitch += 12) {
      draw.fillText(`C${pitch / 12 - 1}`, 8, y(pitch) + row / 2);
      draw.fillRect(KEYS - 6, y(pitch) + row, 6, 1);
    }
    draw.fillStyle = dark ? "#ffd166" : "#d6336c";
    draw.fillRect(now - 1, 0, 2, HEIGHT);
  }

  moving() {
    return false;
  }
}
