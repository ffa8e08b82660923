// The live corner: music without end, knobs that change it as it goes, a roll that shows it, and a piano to play into it.
import { HELP, Hand, MUTE, audible, dressed } from "../keyboard/main.js";
import { playByKeys } from "../keyboard/computer.js";
import keyboardStyles from "../keyboard/keyboard.css";
import { Piano } from "../keyboard/piano.js";
import { button, make, write } from "../player/dom.js";
import { orchestra } from "../player/hearing.js";
import { icon, redraw } from "../player/icons.js";
import { Roll } from "../player/roll.js";
import styles from "./live.css";
import { Stream } from "./stream.js";

const RECENT = 15; // seconds for which what was played before Start counts as a beginning
const PAUSE = 2; // seconds between two phrases
const [LOWEST, HIGHEST] = [53, 88]; // pitches that the roll shows
const IDLE = "Press Start and listen; or play something first, and it goes on from there.";
const MEANWHILE = "Play something yourself: it listens, and goes on from what you played.";

const a = (noun) => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;

export function live({ model, el }) {
  const host = make("div", { class: "musiclab-live" });
  el.append(host);
  const seen = { theme: "light", goTo() {}, position: 0, nameOf: (i) => ["the network:", "you:"][i] };
  const roll = new Roll(seen);
  const root = dressed(host, keyboardStyles + styles, (theme) => {
    seen.theme = theme;
    paint();
  });
  const sound = () => ({ plays: model.get("plays") });
  const hand = new Hand(sound);
  let before = []; // what was played while nothing sounded: [start, end, pitch, velocity], in seconds of the page
  const down = new Map();
  const clock = () => performance.now() / 1000;
  const stream = new Stream({
    orchestra,
    ask(message) {
      try {
        model.send(message);
      } catch {
        // the kernel is gone: no answer will come, and the stream says so
      }
    },
    changed: () => show(),
    ended(words) {
      model.set("running", false);
      model.save_changes();
      say(words && !audible() ? MUTE : words || IDLE);
      show();
    },
  });
  const piano = new Piano({
    press(pitch, velocity) {
      hand.press(pitch, velocity);
      if (stream.running) stream.press(pitch, velocity);
      else down.set(pitch, [clock(), velocity]);
    },
    release(pitch) {
      hand.release(pitch);
      stream.release(pitch);
      const pressed = down.get(pitch);
      down.delete(pitch);
      if (!pressed) return;
      if (before.length && pressed[0] - before.at(-1)[1] > PAUSE) before = [];
      before.push([pressed[0], clock(), pitch, pressed[1]]);
    },
  });

  const start = button("Start", icon("play"), { label: "Start", class: "start", onclick: toggle });
  const told = make("p", { class: "now", role: "status" }, IDLE);
  const choice = (name, list) => {
    const made = make("select", { "data-knob": name }, ...model.get(list).map((each) => make("option", { value: each }, each)));
    let pointed = false;
    made.addEventListener("pointerdown", () => (pointed = true));
    made.addEventListener("keydown", () => (pointed = false));
    made.addEventListener("change", () => {
      give({ [name]: made.value });
      if (pointed) piano.focus(); // so that letters play again, and do not choose from the list
      pointed = false;
    });
    return made;
  };
  const knobs = { style_name: choice("style_name", "styles"), key: choice("key", "key_names"), instrument: choice("instrument", "instruments") };
  knobs.temperature = make("input", { type: "range", min: 0, max: 2, step: 0.1, "data-knob": "temperature" });
  knobs.tempo = make("input", { type: "number", min: 10, max: 400, step: 1, "data-knob": "tempo" });
  const degree = make("span", { class: "degree" });
  knobs.temperature.addEventListener("input", () => warm(knobs.temperature.valueAsNumber));
  knobs.temperature.addEventListener("change", () => give({ temperature: knobs.temperature.valueAsNumber }));
  knobs.tempo.addEventListener("change", () => {
    const beats = Math.min(400, Math.max(10, Math.round(knobs.tempo.valueAsNumber || model.get("tempo"))));
    knobs.tempo.value = beats;
    give({ tempo: beats });
  });
  const labelled = (words, control, ...more) => make("label", { class: "labelled" }, make("span", {}, words), control, ...more);
  const words = button("Bars in words", icon("keys"), { label: "Bars in words", "aria-expanded": "false", onclick: openWords });
  const list = make("ol", { class: "bars-in-words", hidden: true, tabindex: 0, "aria-label": "The last bars, the newest below" });
  root.append(
    make("div", { class: "tools" }, start, told),
    make(
      "div",
      { class: "tools knobs" },
      labelled("Style", knobs.style_name),
      labelled("Key", knobs.key),
      labelled("Temperature", knobs.temperature, degree),
      labelled("Tempo", knobs.tempo),
      labelled("Instrument", knobs.instrument),
      words,
    ),
    roll.element,
    list,
    piano.element,
    make("div", { class: "below" }, piano.octaves, make("p", { class: "sentence" }, `${MEANWHILE} ${HELP}`)),
  );
  playByKeys(host, piano, (key) => key === "Escape" && stream.running && (stream.stop(), true));
  for (const sign of ["pointerenter", "focusin"]) host.addEventListener(sign, () => hand.prepare(), { once: true });

  function give(what) {
    for (const [name, value] of Object.entries(what)) model.set(name, value);
    model.save_changes();
  }

  function toggle() {
    if (stream.running) return stream.stop();
    const recent = before.length && clock() - before.at(-1)[1] < RECENT ? before : [];
    const first = recent.length ? recent[0][0] : 0;
    before = [];
    say("The music is on its way …");
    give({ running: true });
    return stream.start(sound(), recent.map(([from, to, ...rest]) => [from - first, to - first, ...rest]));
  }

  function warm(value) {
    write(degree, value.toFixed(1));
    knobs.temperature.setAttribute("aria-valuetext", `${value.toFixed(1)}, ${value < 0.6 ? "careful" : value > 1.2 ? "wild" : "lively"}`);
  }

  function say(sentence) {
    write(told, sentence);
  }

  function openWords() {
    list.hidden = !list.hidden;
    words.setAttribute("aria-expanded", !list.hidden);
    tell();
  }

  let shownBar = null;

  /** Notes and bars are others than before. */
  function show() {
    const { running, listening } = stream;
    write(start.querySelector(".word"), running ? "Stop" : "Start");
    start.title = running ? "Stop" : "Start";
    redraw(start, running ? "stop" : "play");
    const bars = [...stream.shown, ...stream.queue];
    const notes = [...bars.flatMap((bar) => bar.notes.map((note) => [...note.slice(0, 4), 0])), ...stream.played.map((note) => [...note, 1])];
    roll.show({ notes, bars: bars.map((bar) => [bar.number + 1, bar.start, bar.end]), voices: [{}, {}] });
    Object.assign(roll, { low: LOWEST, high: HIGHEST });
    if (listening) say("You play; the network listens.");
    tell();
    paint();
    if (running) frame ||= requestAnimationFrame(move);
  }

  let frame = 0;
  function move() {
    frame = 0;
    if (!stream.running || !host.isConnected) {
      if (stream.running && !host.closest(".jp-Cell")) stream.stop();
      piano.light(new Set());
      return;
    }
    paint();
    frame = requestAnimationFrame(move);
  }

  function paint() {
    if (!roll.notes) return;
    seen.position = stream.position;
    roll.paint(seen.position, stream.running);
    piano.light(stream.running ? stream.sounding() : new Set());
    const bar = stream.running ? stream.barAt(seen.position) : null;
    if (bar && bar !== shownBar) {
      shownBar = bar;
      const sentence = `It plays ${a(bar.style)} in ${model.get("key")}.`;
      if (!stream.listening) say(sentence);
      tell();
    }
  }

  /** The bars in words, if they are asked for. */
  function tell() {
    if (list.hidden) return;
    const past = stream.shown.filter((bar) => bar.start <= stream.position).slice(-8);
    list.replaceChildren(
      ...past.map((bar) => make("li", { value: bar.number + 1, "aria-current": bar === shownBar ? "true" : null }, bar.words)),
    );
    list.scrollTop = list.scrollHeight;
  }

  function refresh() {
    for (const name of ["style_name", "key", "instrument"]) knobs[name].value = model.get(name);
    knobs.temperature.value = model.get("temperature");
    knobs.tempo.value = Math.round(model.get("tempo"));
    warm(model.get("temperature"));
  }

  const fromPython = {
    "change:style_name change:key change:instrument change:temperature change:tempo": refresh,
    "change:plays": () => (stream.setSound(sound()), hand.prepare()),
    "change:problem": () => model.get("problem") && say(model.get("problem")),
    "change:running": () => model.get("running") || stream.stop(),
    "msg:custom": (message) => stream.take(message),
  };
  const events = Object.entries(fromPython).flatMap(([names, act]) => names.split(" ").map((name) => [name, act]));
  for (const [name, act] of events) model.on(name, act);
  refresh();
  show();
  if (model.get("running")) give({ running: false }); // the page was loaded anew

  return () => {
    for (const [name, act] of events) model.off(name, act);
    stream.stop();
    cancelAnimationFrame(frame);
    piano.dispose();
    host.remove();
  };
}
