// Everything that a listener opens on demand: mixer, views, practice, files, and the list of keys.
import { button, make, press } from "./dom.js";
import { icon } from "./icons.js";
import { keyList } from "./keys.js";
import { Lights } from "./lights.js";
import { Roll } from "./roll.js";
import { Save } from "./save.js";

export class More {
  constructor(player) {
    this.player = player;
    this.roll = new Roll(player);
    this.lights = new Lights(player);
    this.save = new Save(player);
    this.keys = keyList();
    this.switches = {
      metronome: this.switch("Metronome", "metronome", "metronome"),
      countIn: this.switch("Count-in", "count", "countIn", "One bar of clicks before the music"),
    };
    this.from = make("input", { type: "number", min: 0, "aria-label": "Repeat from bar" });
    this.to = make("input", { type: "number", min: 0, "aria-label": "Repeat to bar" });
    this.from.addEventListener("change", () => this.typed());
    this.to.addEventListener("change", () => this.typed());
    this.doors = {};
    this.tools = make("div", { class: "tools" });
    this.element = make("div", { class: "more", hidden: true }, this.tools);
    this.views = make("div", { class: "views" });
    this.observer = new ResizeObserver(() => player.sheet && player.paint());
    this.observer.observe(this.views);
  }

  /** The tools are made when the player is complete, because the mixer is one of them. */
  furnish() {
    if (this.tools.childElementCount) return;
    const panel = (element) => {
      element.hidden = true;
      this.element.append(element);
      return element;
    };
    const view = (part) => {
      part.element.hidden = true;
      this.views.append(part.element);
      return part.element;
    };
    this.tools.append(
      this.door("mixer", "Mixer", panel(this.player.mixer.element)),
      this.door("roll", "Piano roll", view(this.roll)),
      this.door("lights", "Lights", view(this.lights)),
      this.switches.metronome,
      this.switches.countIn,
      make("span", { class: "bars" }, icon("repeat"), make("span", { "aria-hidden": "true" }, "Repeat bars"), this.from, make("span", { "aria-hidden": "true" }, "to"), this.to),
      this.door("save", "Save", panel(this.save.element)),
      this.door("keys", "Keys", panel(this.keys)),
    );
  }

  door(name, label, panel) {
    const made = button(label, icon(name), { label, "aria-expanded": "false", "data-door": name, onclick: () => this.open(name) });
    this.doors[name] = { button: made, panel };
    return made;
  }

  switch(label, picture, setting, title = label) {
    const made = button(label, icon(picture), { label, "aria-pressed": "false", "data-switch": setting });
    made.title = title;
    made.addEventListener("click", () => this.player.setSwitch(setting, !this.player.settings[setting]));
    return made;
  }

  show(sheet) {
    this.furnish();
    this.roll.show(sheet);
    this.lights.show(sheet);
    this.save.tell("");
    const numbers = sheet.bars.map(([number]) => number);
    for (const box of [this.from, this.to]) {
      box.min = numbers[0];
      box.max = numbers.at(-1);
      box.value = "";
    }
    this.numbers = numbers;
  }

  toggle(open = this.element.hidden) {
    this.element.hidden = !open;
    this.player.row.door.setAttribute("aria-expanded", open);
  }

  /** Open or close one of the panels and views. */
  open(name, open = this.doors[name].panel.hidden) {
    const { panel, button: opener } = this.doors[name];
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", open);
    if (open && this.element.contains(panel)) this.toggle(true);
    this.player.root.classList.toggle("viewing", [this.roll, this.lights].some((view) => !view.element.hidden));
    this.player.state();
    if (open) panel.scrollIntoView({ block: "nearest" });
  }

  /** Bars to repeat, typed as numbers. */
  typed() {
    const place = (box) => this.numbers.indexOf(Number(box.value));
    if (this.from.value === "" && this.to.value === "") return this.player.endLoop();
    const [first, last] = [place(this.from.value === "" ? this.to : this.from), place(this.to.value === "" ? this.from : this.to)];
    if (first < 0 || last < 0) {
      const [low, high] = [this.numbers[0], this.numbers.at(-1)];
      return this.player.complain(`There is no such bar: type numbers from ${low} to ${high}.`);
    }
    this.player.complain("");
    return this.player.loopBars(Math.min(first, last), Math.max(first, last));
  }

  tellLoop(loop) {
    if (!this.numbers) return;
    const typing = this.element.getRootNode().activeElement;
    const [first, last] = loop ? [this.numbers[loop[0]], this.numbers[loop[1]]] : ["", ""];
    if (typing !== this.from || loop) this.from.value = first;
    if (typing !== this.to || loop) this.to.value = last;
  }

  showSwitch(name, on) {
    press(this.switches[name], on);
  }

  paint(time, playing) {
    if (!this.roll.element.hidden) this.roll.paint(time, playing);
    if (!this.lights.element.hidden) this.lights.paint(time, playing);
  }

  /** Whether a view moves on although nothing plays. */
  moving() {
    return !this.lights.element.hidden && this.lights.moving();
  }

  dispose() {
    this.observer.disconnect();
  }
}
