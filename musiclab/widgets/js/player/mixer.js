// How loud, where and in how much space each voice plays, and which ones are silent.
import { button, make, press, write } from "./dom.js";
import { voiceName, mark, shape } from "./voices.js";

const KNOBS = [
  ["volume", "Volume", (value) => `${Math.round((value / 127) * 100)} percent`],
  ["balance", "Balance", (value) => side(value)],
  ["space", "Space", (value) => `${Math.round((value / 127) * 100)} percent`],
];

function side(value) {
  const away = Math.round((Math.abs(value - 64) / 63) * 100);
  return away === 0 ? "middle" : `${Math.min(100, away)} percent ${value < 64 ? "left" : "right"}`;
}

export class Mixer {
  constructor(player) {
    this.player = player;
    this.sentence = make("p", { class: "sentence", hidden: true });
    this.desk = make("fieldset", { class: "desk" });
    this.element = make("div", { class: "mixer" }, this.sentence, this.desk);
    this.voices = []; // what is heard: {volume, balance, space, muted} each
  }

  show(voices) {
    this.muted = voices.map(() => false);
    this.solo = voices.map(() => false);
    this.voices = voices.map(({ volume, balance, space }) => ({ volume, balance, space, muted: false }));
    this.buttons = [];
    this.knobs = [];
    const head = ["Voice", ...KNOBS.map(([, name]) => name), ""].map((name) => make("span", { class: "head", "aria-hidden": "true" }, name));
    this.desk.replaceChildren(make("legend", { class: "said" }, "Mixer"), ...head, ...voices.flatMap((voice, i) => this.strip(voice, i)));
    this.able(true);
  }

  strip(voice, i) {
    const name = voiceName(voice, i);
    const byKind = {};
    this.knobs.push(byKind);
    const knobs = KNOBS.map(([kind, label, words]) => {
      const knob = make("input", { type: "range", min: 0, max: 127, ".value": voice[kind], "aria-label": `${label} of ${name}`, "data-knob": kind });
      knob.tell = () => knob.setAttribute("aria-valuetext", words(Number(knob.value)));
      byKind[kind] = knob;
      knob.addEventListener("input", () => {
        this.voices[i][kind] = Number(knob.value);
        knob.tell();
        this.player.mixed(i, this.voices[i]);
      });
      if (kind === "balance") knob.addEventListener("dblclick", () => ((knob.value = 64), knob.dispatchEvent(new Event("input"))));
      knob.tell();
      return make("label", { class: "knob" }, make("span", { class: "label", "aria-hidden": "true" }, label), knob);
    });
    const mute = button(`Mute ${name}`, "Mute", { "aria-pressed": "false", onclick: () => this.toggle("muted", i) });
    const solo = button(`${name} alone`, "Solo", { "aria-pressed": "false", onclick: () => this.toggle("solo", i) });
    this.buttons.push({ muted: mute, solo });
    return [make("span", { class: `name v${i % 8}` }, mark(shape(i)), make("span", {}, name)), ...knobs, make("span", { class: "switches" }, mute, solo)];
  }

  /** Mute a voice, or let it play alone, or the other way round. */
  toggle(kind, i) {
    this[kind][i] = !this[kind][i];
    press(this.buttons[i][kind], this[kind][i]);
    const alone = this.solo.includes(true);
    this.voices.forEach((voice, j) => {
      const muted = this.muted[j] || (alone && !this.solo[j]);
      if (muted !== voice.muted) {
        voice.muted = muted;
        this.player.mixed(j, voice);
      }
    });
    this.player.say(kind === "solo" ? `${this.player.nameOf(i)} ${this.solo[i] ? "alone" : "with the others"}` : `${this.player.nameOf(i)} ${this.muted[i] ? "muted" : "heard"}`);
  }

  /** A mix that was set elsewhere: the knobs follow. */
  set(mix) {
    mix.forEach((voice, i) => {
      const now = this.voices[i];
      if (!now || KNOBS.every(([kind]) => now[kind] === voice[kind]) && now.muted === voice.muted) return;
      Object.assign(now, voice);
      for (const [kind] of KNOBS) {
        const knob = this.knobs[i][kind];
        knob.value = voice[kind];
        knob.tell();
      }
      this.muted[i] = voice.muted;
      press(this.buttons[i].muted, voice.muted);
      if (this.player.performance?.live) this.player.performance.setVoice(i, now);
    });
  }

  /** Whether the mix can change while it plays; if not, why. */
  able(live, why = "") {
    this.desk.disabled = !live;
    this.sentence.hidden = live;
    write(this.sentence, live ? "" : why);
  }
}
