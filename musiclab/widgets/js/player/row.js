// The one row of the player: play, where it is, how fast, and a door to everything else.
import { button, clock, make, write } from "./dom.js";
import { icon, redraw } from "./icons.js";
import { barName } from "./timeline.js";

export class Row {
  constructor(player) {
    this.player = player;
    this.play = button("Play", icon("play"), { class: "play", onclick: () => player.toggle() });
    this.position = make("input", { type: "range", min: 0, max: 1, step: 0.01, ".value": 0, class: "position", "aria-label": "Position" });
    this.position.addEventListener("input", () => player.goTo(Number(this.position.value)));
    this.time = make("span", { class: "time" }, "0:00");
    this.speed = make("input", { type: "range", min: 25, max: 200, step: 5, ".value": 100, "aria-label": "Speed", "aria-valuetext": "100 percent" });
    this.speed.addEventListener("input", () => player.setSpeed(Number(this.speed.value)));
    this.percent = button("Back to full speed", "100 %", { class: "percent", onclick: () => player.setSpeed(100) });
    this.door = button("More", icon("more"), { label: "More", class: "door", "aria-expanded": "false", onclick: () => player.more.toggle() });
    this.element = make(
      "div",
      { class: "row" },
      this.play,
      make("span", { class: "where" }, this.position, this.time),
      make("span", { class: "speed" }, make("span", { class: "word", "aria-hidden": "true" }, "Speed"), this.speed, this.percent),
      this.door,
    );
  }

  show(sheet) {
    this.sheet = sheet;
    this.position.max = sheet.seconds;
  }

  showSpeed(percent) {
    this.speed.value = percent;
    this.speed.setAttribute("aria-valuetext", `${percent} percent`);
    write(this.percent, `${percent} %`);
  }

  /** Say what Play is waiting for; "" when it waits no more. */
  wait(words) {
    const { waiting } = this;
    this.waiting = Boolean(words);
    if (words) {
      redraw(this.play, "wait");
      write(this.time, words);
      this.player.say(words);
    } else if (waiting) this.text = this.at = undefined; // what stood there is painted again
  }

  paint(time, playing) {
    const { sheet, player } = this;
    if (!this.waiting) redraw(this.play, playing ? "pause" : "play");
    if (this.shown !== playing) {
      this.shown = playing;
      this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
      this.play.title = playing ? "Pause (space)" : "Play (space)";
    }
    if (this.at === time || this.waiting) return;
    this.at = time;
    this.position.value = time;
    const bar = barName(sheet.bars[player.timeline.barAt(time)]);
    const text = `${clock(time)}, ${bar}`;
    if (this.text === text) return;
    this.text = text;
    this.position.setAttribute("aria-valuetext", text);
    write(this.time, `${clock(time)} / ${clock(sheet.seconds)}`);
  }

  /** The line that says which bars repeat, with a way to stop it. */
  tellLoop(line, words) {
    line.hidden = !words;
    line.replaceChildren(...(words ? [icon("repeat"), words, button("Stop repeating", icon("close"), { label: "Stop", onclick: () => this.player.endLoop() })] : []));
  }
}
