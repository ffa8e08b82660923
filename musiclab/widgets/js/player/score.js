// The printed page: noteheads light up, the frame follows the music, bars can be pointed at.
import { calm, make } from "./dom.js";
import { voiceName } from "./voices.js";

const NEAR = 14; // pixels around a notehead in which a click is meant for it
const DRAG = 24; // pixels that make a drag of a click

export class Score {
  /**
   * @param player gets `goTo(seconds, note)`, `loopBars(first, last)` and `extendLoop(bar)`.
   */
  constructor(player) {
    this.player = player;
    this.frame = make("div", { class: "score", tabindex: 0, role: "group" });
    this.frame.addEventListener("pointerdown", (event) => this.down(event));
    this.frame.addEventListener("pointermove", (event) => this.move(event));
    this.frame.addEventListener("pointerup", (event) => this.up(event));
    this.frame.addEventListener("pointercancel", () => (this.pressed = null));
    this.clear();
  }

  clear() {
    this.noteheads = new Map();
    this.measures = [];
    this.lit = new Set();
    this.shaded = [];
    this.system = null;
    this.pressed = null;
  }

  /** Another picture: an SVG text in which notehead i of the sheet has the id `n{i}`, its tied parts `n{i}-1` ... */
  show(picture, sheet) {
    this.clear();
    const page = document.importNode(new DOMParser().parseFromString(picture, "image/svg+xml").documentElement, true);
    page.querySelectorAll("script, foreignObject").forEach((element) => element.remove());
    page.removeAttribute("width");
    page.removeAttribute("height");
    page.style.aspectRatio = page.getAttribute("viewBox").split(" ").slice(2).join(" / ");
    for (const note of page.querySelectorAll("g.note[id]")) {
      const [, index] = /n(\d+)(-\d+)?$/.exec(note.id) ?? [];
      if (index === undefined || !sheet.notes[index]) continue;
      note.classList.add(`v${sheet.notes[index][4] % 8}`);
      this.noteheads.set(note.id, note);
    }
    this.measures = [...page.querySelectorAll("g.measure")];
    this.frame.replaceChildren(page);
    this.frame.scrollTop = 0;
    this.frame.setAttribute("aria-label", `Score of ${sheet.title || "an untitled piece"}. Space plays and pauses, the question mark lists all keys.`);
    this.frame.dataset.voices = sheet.voices.map(voiceName).join(", ");
  }

  /** Light these noteheads and no others, and bring them into sight. */
  light(ids, follow) {
    if (ids === this.lit) return;
    for (const id of this.lit) if (!ids.has(id)) this.noteheads.get(id)?.classList.remove("lit");
    let first;
    for (const id of ids) {
      const note = this.noteheads.get(id);
      if (note && !this.lit.has(id)) note.classList.add("lit");
      first ??= note;
    }
    this.lit = ids;
    if (follow && first) this.follow(first);
  }

  follow(note) {
    const system = note.closest("g.system");
    const frame = this.frame;
    const wide = frame.scrollWidth > frame.clientWidth + 1;
    if (system === this.system && !wide) return;
    const outer = frame.getBoundingClientRect();
    const to = { behavior: calm() ? "auto" : "smooth" };
    if (system && (system !== this.system || wide)) {
      const inner = system.getBoundingClientRect();
      if (inner.top < outer.top - 2 || inner.bottom > outer.bottom + 2) to.top = frame.scrollTop + inner.top - outer.top - 12;
    }
    if (wide) {
      const inner = note.getBoundingClientRect();
      if (inner.left < outer.left + 16 || inner.right > outer.right - 32) to.left = frame.scrollLeft + inner.left - outer.left - outer.width / 4;
    }
    this.system = system;
    if (to.top !== undefined || to.left !== undefined) frame.scrollTo(to);
  }

  /** Shade the bars from one to another; none if left out. */
  shade(first, last) {
    this.shaded.forEach((shape) => shape.remove());
    this.shaded = [];
    if (first === undefined) return;
    for (const measure of this.measures.slice(first, last + 1)) {
      const boxes = [...measure.querySelectorAll(":scope > g.staff > path:first-of-type")].map((line) => line.getBBox());
      const staves = [...measure.querySelectorAll(":scope > g.staff")].map((staff) => staff.getBBox());
      if (!boxes.length) continue;
      const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...staves.map((box) => box.y))];
      const right = Math.max(...boxes.map((box) => box.x + box.width));
      const bottom = Math.max(...staves.map((box) => box.y + box.height));
      const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [name, value] of Object.entries({ x, y: y - 120, width: right - x, height: bottom - y + 240, class: "loop" })) {
        shape.setAttribute(name, value);
      }
      measure.prepend(shape);
      this.shaded.push(shape);
    }
  }

  down(event) {
    if (event.button !== 0) return;
    this.pressed = { x: event.clientX, y: event.clientY, bar: this.barUnder(event), dragged: false };
  }

  move(event) {
    const { pressed } = this;
    if (!pressed || event.pointerType === "touch" || pressed.bar < 0 || !(event.buttons & 1)) return;
    const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (far < DRAG && !pressed.dragged) return;
    const bar = this.barUnder(event);
    if (bar < 0) return;
    pressed.dragged = true;
    pressed.to = bar;
    this.shade(Math.min(bar, pressed.bar), Math.max(bar, pressed.bar));
  }

  up(event) {
    const { pressed } = this;
    this.pressed = null;
    if (!pressed || pressed.bar < 0) return;
    if (pressed.dragged) this.player.loopBars(Math.min(pressed.to, pressed.bar), Math.max(pressed.to, pressed.bar));
    else if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) >= DRAG) return;
    else if (event.shiftKey) this.player.extendLoop(pressed.bar);
    else this.click(event, pressed.bar);
  }

  click(event, bar) {
    let [nearest, distance] = [null, Infinity];
    for (const note of this.measures[bar].querySelectorAll("g.note[id]")) {
      const box = (note.querySelector(".notehead") ?? note).getBoundingClientRect();
      const away = Math.hypot(event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
      if (away < distance && this.noteheads.has(note.id)) [nearest, distance] = [note.id, away];
    }
    this.player.goToNotehead(bar, nearest, distance < NEAR);
  }

  /** Which bar lies under the pointer, counted from 0; -1 if none does. */
  barUnder(event) {
    const [x, y] = [event.clientX, event.clientY];
    let [found, smallest] = [-1, Infinity];
    this.measures.forEach((measure, i) => {
      const box = measure.getBoundingClientRect();
      if (x < box.left || x > box.right || y < box.top - 8 || y > box.bottom + 8) return;
      const away = Math.abs(y - box.top - box.height / 2);
      if (away < smallest) [found, smallest] = [i, away];
    });
    return found;
  }
}
