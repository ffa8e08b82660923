// Lights in time with the music: pitch is hue and height, the family of instruments is the shape, loudness is the size.
//
// What is lit at once never covers more than a tenth of the picture, nor more of the screen than the rules against flashes allow
// (WCAG 2.3.1: a flash is a change of a tenth of full brightness over 21,824 pixels), and lights go out slowly.
import { calm, countUpTo, make } from "./dom.js";
import { family, trace } from "./voices.js";

const HEIGHT = 240; // pixels
const MOST_LIT = 20_000; // square pixels
const SHARE_LIT = 0.1; // of the picture
const NIGHT = "#0b1020";
const EDGE = 34; // pixels that lights keep away from the edges
const HALO = [[1.7, 0.07], [1.45, 0.1], [1.22, 0.16]]; // how wide and how bright

export class Lights {
  constructor(player) {
    this.player = player;
    this.canvas = make("canvas", { role: "img", height: HEIGHT });
    this.element = make("div", { class: "view lights" }, this.canvas);
    this.glow = new Map(); // index of a note -> how bright it is, 0 to 1
  }

  show(sheet) {
    this.glow.clear();
    this.notes = sheet.notes.map(([start, end, pitch, velocity, voice]) => ({ start, end, pitch, velocity, voice }));
    this.notes.sort((a, b) => a.start - b.start);
    this.longest = Math.max(0, ...this.notes.map((note) => note.end - note.start));
    const pitches = this.notes.map((note) => note.pitch);
    this.low = Math.min(60, ...pitches);
    this.high = Math.max(72, ...pitches);
    this.families = sheet.voices.map(family);
    const told = [...new Map(this.families)].map(([name, shape]) => `${name} ${shape}s`).join(", ");
    this.canvas.setAttribute("aria-label", `Lights: pitch is hue and height, loudness is size, and the instruments are shapes: ${told}.`);
  }

  /** How bright each light is by now. */
  breathe(time, playing) {
    const now = performance.now();
    const passed = Math.min(0.1, (now - (this.last ?? now)) / 1000);
    this.last = now;
    const gentle = calm();
    const [rise, fall] = gentle ? [0.5, 1.5] : [0.06, 0.7]; // seconds
    const sounding = new Set();
    for (let i = countUpTo(this.notes, time - this.longest, (note) => note.start); i < this.notes.length; i += 1) {
      const note = this.notes[i];
      if (note.start > time + 0.001) break;
      if (time < note.end && (playing || this.player.touched)) sounding.add(i);
    }
    for (const i of sounding) this.glow.set(i, Math.min(1, (this.glow.get(i) ?? 0) + (passed || 0.016) / rise));
    for (const [i, bright] of this.glow) {
      if (sounding.has(i)) continue;
      if (bright - passed / fall <= 0.01) this.glow.delete(i);
      else this.glow.set(i, bright - passed / fall);
    }
    this.sounding = sounding;
  }

  paint(time, playing) {
    const { canvas } = this;
    const wide = canvas.clientWidth;
    if (!wide) return;
    this.breathe(time, playing);
    const dense = Math.min(2, globalThis.devicePixelRatio || 1);
    if (canvas.width !== Math.round(wide * dense)) canvas.width = Math.round(wide * dense);
    if (canvas.height !== Math.round(HEIGHT * dense)) canvas.height = Math.round(HEIGHT * dense);
    const draw = canvas.getContext("2d");
    draw.setTransform(dense, 0, 0, dense, 0, 0);
    draw.fillStyle = NIGHT;
    draw.fillRect(0, 0, wide, HEIGHT);
    const lanes = this.families.length;
    const span = this.high - this.low || 1;
    const lights = [...this.glow].map(([i, bright]) => {
      const note = this.notes[i];
      const radius = 8 + (note.velocity / 127) * 22;
      const x = (wide * (note.voice + 0.5 + 0.7 * ((note.pitch % 12) / 11 - 0.5))) / lanes;
      return { note, bright, radius, x: Math.min(wide - EDGE, Math.max(EDGE, x)) };
    });
    const area = lights.reduce((sum, light) => sum + Math.PI * light.radius ** 2 * 1.3, 0);
    const most = Math.min(MOST_LIT, wide * HEIGHT * SHARE_LIT);
    const shrink = area > most ? Math.sqrt(most / area) : 1;
    for (const { note, bright, radius, x } of lights) {
      const y = HEIGHT - EDGE - ((note.pitch - this.low) / span) * (HEIGHT - 2 * EDGE);
      const hue = (note.pitch % 12) * 30;
      const size = radius * shrink * (calm() ? 1 : 0.85 + 0.15 * bright);
      draw.fillStyle = `hsl(${hue} 90% 62%)`;
      for (const [wider, share] of [...HALO, [1, 1]]) {
        draw.globalAlpha = bright * share;
        trace(draw, this.families[note.voice][1], x, y, size * wider);
        draw.fill();
      }
    }
    draw.globalAlpha = 1;
  }

  /** Whether lights still come or go. */
  moving() {
    return [...this.glow].some(([i, bright]) => bright < 1 || !this.sounding.has(i));
  }
}
