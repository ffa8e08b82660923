// The keys of a piano: two octaves, for the mouse, for fingers and for the keyboard alone; on a narrow page one octave.
import { button, make, write } from "../player/dom.js";

const STEPS = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
const BLACK = new Set([1, 3, 6, 8, 10]);
const KEYS = 25; // from C to C
const [LOWEST, HIGHEST] = [24, 84]; // of the first key
const NARROW = 13; // keys on a narrow page
const SOFT = 56;
const LOUD = 108;
const PLAIN = 88; // velocity of a key that is pressed on the computer's keyboard

export const nameOf = (pitch) => `${STEPS[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
const spoken = (pitch) => nameOf(pitch).replace("♯", " sharp ");

export class Piano {
  /** `press(pitch, velocity)` and `release(pitch)` are called when a key goes down and comes up, by whatever means. */
  constructor({ press: down, release: up, low = 60 }) {
    this.down = down;
    this.up = up;
    this.low = low;
    this.held = new Map(); // what holds a key down -> its pitch
    this.lit = new Set();
    this.keys = Array.from({ length: KEYS }, (_, i) => this.key(i));
    this.board = make("div", { class: "piano", role: "group", "aria-label": "Piano" }, ...this.keys);
    this.range = make("span", { class: "range" });
    this.lower = button("An octave lower", "", { label: "Lower", onclick: () => this.shift(-12) });
    this.higher = button("An octave higher", "", { label: "Higher", onclick: () => this.shift(12) });
    this.octaves = make("div", { class: "octaves" }, this.lower, this.range, this.higher);
    this.element = make("div", { class: "keyboard" }, this.board);
    this.listen();
    this.rename();
  }

  key(i) {
    const white = !BLACK.has(i % 12);
    const before = [...Array(i).keys()].filter((j) => !BLACK.has(j % 12)).length; // white keys to the left
    const made = make("button", { type: "button", class: `key ${white ? "white" : "black"}${i >= NARROW ? " second" : ""}`, tabindex: i ? -1 : 0 });
    made.append(make("span", { class: "letter", "aria-hidden": "true" }), make("span", { class: "pitch", "aria-hidden": "true" }));
    made.style.setProperty("--at", before);
    made.dataset.key = i;
    return made;
  }

  rename() {
    this.keys.forEach((key, i) => {
      const pitch = this.low + i;
      key.setAttribute("aria-label", spoken(pitch));
      write(key.querySelector(".pitch"), pitch % 12 ? "" : nameOf(pitch));
    });
    write(this.range, `${nameOf(this.low)} to ${nameOf(this.low + KEYS - 1)}`);
    this.lower.disabled = this.low <= LOWEST;
    this.higher.disabled = this.low >= HIGHEST;
    this.relight();
  }

  /** Letters on the keys, by their place. */
  letter(letters) {
    this.keys.forEach((key, i) => write(key.querySelector(".letter"), letters[i] ?? ""));
  }

  shift(semitones) {
    const low = Math.min(HIGHEST, Math.max(LOWEST, this.low + semitones));
    if (low === this.low) return;
    this.releaseAll();
    this.low = low;
    this.rename();
  }

  // What holds a key down is a pointer (its number) or a key of the computer (its code); the same pitch may be held twice.

  hold(by, pitch, velocity = PLAIN) {
    if (this.held.get(by) === pitch || pitch < 0 || pitch > 127) return;
    this.let(by);
    const again = [...this.held.values()].includes(pitch);
    this.held.set(by, pitch);
    if (!again) this.down(pitch, velocity);
    this.relight();
  }

  let(by) {
    const pitch = this.held.get(by);
    if (pitch === undefined) return;
    this.held.delete(by);
    if (![...this.held.values()].includes(pitch)) this.up(pitch);
    this.relight();
  }

  releaseAll() {
    for (const by of [...this.held.keys()]) this.let(by);
  }

  /** Show which pitches sound by themselves. */
  light(pitches) {
    if (pitches.size === this.lit.size && [...pitches].every((pitch) => this.lit.has(pitch))) return;
    this.lit = new Set(pitches);
    this.relight();
  }

  relight() {
    const held = new Set(this.held.values());
    this.keys.forEach((key, i) => {
      key.classList.toggle("down", held.has(this.low + i));
      key.classList.toggle("sounds", this.lit.has(this.low + i));
    });
  }

  listen() {
    const { board } = this;
    const strike = (event) => {
      const under = board.getRootNode().elementFromPoint(event.clientX, event.clientY)?.closest?.(".key");
      if (!under || !board.contains(under)) return this.let(event.pointerId);
      const box = under.getBoundingClientRect();
      const depth = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
      return this.hold(event.pointerId, this.low + Number(under.dataset.key), Math.round(SOFT + (LOUD - SOFT) * depth));
    };
    board.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault(); // no text is selected, no picture dragged
      event.target.closest(".key")?.focus({ preventScroll: true });
      board.setPointerCapture(event.pointerId);
      strike(event);
    });
    board.addEventListener("pointermove", (event) => this.held.has(event.pointerId) && event.buttons && strike(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) board.addEventListener(end, (event) => this.let(event.pointerId));
    board.addEventListener("contextmenu", (event) => event.preventDefault());
    board.addEventListener("focusin", (event) => this.rove(event.target));
    board.addEventListener("click", (event) => event.detail || this.tap(event.target)); // by a screen reader
  }

  rove(key) {
    for (const each of this.keys) each.tabIndex = each === key ? 0 : -1;
  }

  focus() {
    this.keys.find((key) => key.tabIndex === 0).focus({ preventScroll: true });
  }

  tap(key) {
    const pitch = this.low + Number(key.closest(".key").dataset.key);
    if (this.held.has("tap")) return;
    this.hold("tap", pitch);
    setTimeout(() => this.let("tap"), 300);
  }

  /** Which keys are to be seen. */
  get shown() {
    return this.keys.filter((key) => getComputedStyle(key).display !== "none");
  }

  /** Move the focus: by steps, or to the first (-Infinity) or last (Infinity) key. */
  step(from, by) {
    const { shown } = this;
    shown[Math.min(shown.length - 1, Math.max(0, shown.indexOf(from) + by))].focus();
  }

  dispose() {
    this.releaseAll();
  }
}
