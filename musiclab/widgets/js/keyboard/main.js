// The on-screen keyboard as a widget: what is played goes to Python, and is played back.
import palette from "../player/player.css";
import { button, make, press, write } from "../player/dom.js";
import { icon, redraw } from "../player/icons.js";
import { orchestra, prepare } from "../player/hearing.js";
import { watch } from "../player/theme.js";
import { playByKeys } from "./computer.js";
import styles from "./keyboard.css";
import { Piano } from "./piano.js";
import { Recorder } from "./recorder.js";

const METERS = ["2/4", "3/4", "4/4", "2/2", "3/8", "6/8", "9/8", "12/8"];
const SOON = 150; // milliseconds in which changes are gathered for Python

export const HELP = "Play with the mouse, with fingers, or with the letters on the keys (Z and X: an octave lower, higher).";

export const MUTE = "This page cannot make sound by itself: browsers allow it only where the address begins with https or localhost.";
export const audible = () => globalThis.isSecureContext && typeof AudioWorkletNode !== "undefined";

/** An element with a shadow in the looks of the player; `told` is called with the theme. */
export function dressed(host, more, told = () => {}) {
  const root = make("div", { class: "player" });
  host.attachShadow({ mode: "open" }).append(make("style", {}, palette + more), root);
  watch(host, (theme) => {
    root.dataset.theme = theme;
    told(theme);
  });
  return root;
}

/** Plays notes by hand, if the page can make sound. */
export class Hand {
  /** `sound()` says what plays: `{plays, ...}`. */
  constructor(sound) {
    this.sound = sound;
    this.pressed = new Map(); // pitch -> the sound with which it was struck
  }

  /** Get ready, so that the first note is not late. */
  prepare() {
    prepare();
    if (audible()) orchestra().then((players) => players.prepare(this.sound())).catch(() => {});
  }

  async press(pitch, velocity) {
    const sound = this.sound();
    this.pressed.set(pitch, sound);
    try {
      this.players ??= await orchestra();
      if (this.pressed.get(pitch) !== sound) return; // it came too late
      await this.players.strike(pitch, velocity, sound);
      if (this.pressed.get(pitch) !== sound) this.players.release(pitch, sound);
    } catch {
      // without sound a key is still pressed
    }
  }

  release(pitch) {
    const sound = this.pressed.get(pitch);
    this.pressed.delete(pitch);
    if (sound) this.players?.release(pitch, sound);
  }
}

export function keyboard({ model, el }) {
  const host = make("div", { class: "musiclab-keyboard" });
  el.append(host);
  const root = dressed(host, styles);
  const sound = () => ({ plays: model.get("plays") });
  const hand = new Hand(sound);
  const recorder = new Recorder(orchestra, changed);
  const piano = new Piano({
    press(pitch, velocity) {
      hand.press(pitch, velocity);
      recorder.press(pitch, velocity);
    },
    release(pitch) {
      hand.release(pitch);
      recorder.release(pitch);
    },
  });
  const [record, play, clear] = [
    button("Record", icon("record"), { label: "Record", class: "record", onclick: toggleRecording }),
    button("Play back", icon("play"), { label: "Play back", onclick: togglePlaying }),
    button("Clear", icon("close"), { label: "Clear", onclick: () => recorder.clear() }),
  ];
  const metronome = button("Metronome", icon("metronome"), { label: "Metronome", onclick: () => give({ metronome: !model.get("metronome") }) });
  metronome.title = "Clicks while you record, after one bar of counting";
  const tempo = make("input", { type: "number", min: 10, max: 400, step: 1 });
  tempo.addEventListener("change", () => {
    const beats = Math.min(400, Math.max(10, Math.round(tempo.valueAsNumber || model.get("tempo"))));
    tempo.value = beats;
    give({ tempo: beats });
  });
  const meter = make("select", {}, ...METERS.map((name) => make("option", { value: name }, name)));
  meter.addEventListener("change", () => give({ meter: meter.value }));
  const labelled = (words, control) => make("label", { class: "labelled" }, words, control);
  const told = make("p", { class: "told", role: "status" });
  const buttons = make("div", { class: "tools" }, record, play, clear, metronome, labelled("Tempo", tempo), labelled("Meter", meter));
  root.append(buttons, piano.element, make("div", { class: "below" }, piano.octaves, make("p", { class: "sentence" }, HELP)), told);
  playByKeys(host, piano);
  for (const sign of ["pointerenter", "focusin"]) host.addEventListener(sign, () => hand.prepare(), { once: true });

  let later = 0;
  function give(what) {
    for (const [name, value] of Object.entries(what)) model.set(name, value);
    later ||= setTimeout(save, SOON);
  }
  function save() {
    clearTimeout(later);
    later = 0;
    model.save_changes();
  }

  function toggleRecording() {
    if (recorder.state === "recording") return recorder.stop();
    return recorder.record({ tempo: model.get("tempo"), meter: model.get("meter"), metronome: model.get("metronome") });
  }

  async function togglePlaying() {
    if (recorder.state === "playing") return recorder.stop();
    try {
      await recorder.play(sound());
    } catch (problem) {
      write(told, audible() ? problem.message : MUTE);
    }
    return undefined;
  }

  /** The recorder has other notes, or does something else. */
  function changed() {
    show();
    give({ notes: recorder.notes.map((note) => [...note]), recording: recorder.state === "recording", counted: recorder.counted });
    if (recorder.state === "idle") save();
  }

  function show() {
    const { state } = recorder;
    const label = (made, words, picture) => {
      write(made.querySelector(".word"), words);
      made.title = words;
      redraw(made, picture);
    };
    label(record, state === "recording" ? "Stop" : "Record", state === "recording" ? "stop" : "record");
    label(play, state === "playing" ? "Stop playing" : "Play back", state === "playing" ? "stop" : "play");
    root.classList.toggle("recording", state === "recording");
    play.disabled = state === "recording" || !recorder.notes.length;
    clear.disabled = state !== "idle" || !recorder.notes.length;
    press(metronome, Boolean(model.get("metronome")));
    if (!METERS.includes(model.get("meter")) && !meter.querySelector("[data-other]")) meter.append(make("option", { "data-other": true }));
    for (const other of meter.querySelectorAll("[data-other]")) if (!METERS.includes(model.get("meter"))) other.value = other.textContent = model.get("meter");
    if (meter.value !== model.get("meter")) meter.value = model.get("meter");
    tempo.value = model.get("tempo");
    for (const control of [metronome, tempo, meter]) control.disabled = state === "recording";
    const many = recorder.notes.length;
    const recorded = many ? `${many} ${many === 1 ? "note" : "notes"}, ${recorder.seconds.toFixed(1)} seconds.` : "";
    if (state === "recording") write(told, model.get("metronome") ? "Recording: one bar is counted, then play." : "Recording: play.");
    else write(told, recorded || "Nothing recorded yet: press Record, then play.");
  }

  const fromPython = {
    "change:recording": () => {
      if (model.get("recording") !== (recorder.state === "recording")) toggleRecording();
    },
    "change:notes": () => {
      if (recorder.state === "recording" || JSON.stringify(model.get("notes")) === JSON.stringify(recorder.notes)) return;
      recorder.notes = model.get("notes").map((note) => [...note]);
      recorder.counted = model.get("counted");
      show();
    },
    "change:plays": () => hand.prepare(),
    "change:metronome": show,
    "change:tempo": show,
    "change:meter": show,
  };
  for (const [event, act] of Object.entries(fromPython)) model.on(event, act);
  recorder.notes = model.get("notes").map((note) => [...note]);
  recorder.counted = model.get("counted");
  show();

  return () => {
    for (const [event, act] of Object.entries(fromPython)) model.off(event, act);
    piano.dispose();
    recorder.stop();
    if (later) save();
    host.remove();
  };
}
