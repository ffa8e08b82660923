// The player: what plays, where it is, how fast and how loud; the parts that are seen ask it and are told by it.
import sheetOfStyle from "./player.css";
import { clock, make, write } from "./dom.js";
import { perform, prepare, prepareQuietly } from "./hearing.js";
import { Mixer } from "./mixer.js";
import { More } from "./more.js";
import { Row } from "./row.js";
import { Score } from "./score.js";
import { Timeline, barName, barsName } from "./timeline.js";
import { voiceName } from "./voices.js";

const WAITING = 250; // milliseconds after which waiting is put into words
const [SLOWEST, FASTEST] = [25, 200]; // percent
const STRUCK = 600; // milliseconds that a clicked note sounds

const heard = new Set(); // the players that hold a Performance

export class Player {
  /**
   * @param host the element that shows the player, in a shadow of its own.
   * @param changed called with what the listener changes: {mix} or {position}.
   */
  constructor(host, { changed = () => {} } = {}) {
    this.host = host;
    this.changed = changed;
    this.settings = { rate: 1, metronome: false, countIn: false };
    this.loop = null; // [first, last] bar, counted from 0
    this.score = new Score(this);
    this.row = new Row(this);
    this.more = new More(this);
    this.mixer = new Mixer(this);
    this.looping = make("p", { class: "looping", hidden: true });
    this.problem = make("p", { class: "problem", hidden: true });
    this.said = make("p", { class: "said", role: "status" });
    this.root = make("div", { class: "player", role: "group" }, this.score.frame, this.more.views, this.looping, this.row.element, this.problem, this.more.element, this.said);
    this.shadow = host.attachShadow({ mode: "open" });
    this.shadow.append(make("style", {}, sheetOfStyle), this.root);
    this.root.addEventListener("pointerenter", prepare, { once: true });
    this.root.addEventListener("focusin", prepare, { once: true });
    this.frame = () => this.tick();
  }

  /** Show a piece; what was playing stops, and speed, metronome and open views stay. */
  show(sheet, picture, audio = null) {
    this.forget();
    this.sheet = sheet;
    this.audio = audio;
    this.timeline = new Timeline(sheet);
    this.resting = 0; // where it stands while nothing has sounded yet
    this.touched = false;
    this.loop = null;
    this.root.setAttribute("aria-label", `Player of ${sheet.title || "an untitled piece"}`);
    this.score.show(picture, sheet);
    this.mixer.show(sheet.voices);
    this.more.show(sheet);
    this.row.show(sheet);
    this.complain("");
    this.tellLoop();
    this.paint();
    prepareQuietly();
  }

  /** Let go of the sound. */
  forget() {
    cancelAnimationFrame(this.frameAsked);
    this.frameAsked = 0;
    this.wanted = false;
    heard.delete(this);
    const { hearing } = this;
    this.hearing = this.performance = null;
    hearing?.then((performance) => performance.dispose(), () => {});
  }

  /** The Performance, made when it is first asked for. */
  hear() {
    if (this.hearing) return this.hearing;
    heard.forEach((player) => player.gone() && player.forget());
    heard.add(this);
    const hearing = perform(this.sheet, this.audio).then((performance) => {
      if (this.hearing !== hearing) return performance; // another piece is here by now
      this.performance = performance;
      performance.rate = this.settings.rate;
      performance.metronome = this.settings.metronome;
      performance.countIn = this.settings.countIn;
      performance.seek(this.resting);
      this.giveLoop();
      this.mixer.voices.forEach((voice, i) => performance.live && performance.setVoice(i, voice));
      performance.onstate = () => this.state();
      this.mixer.able(performance.live, performance.why);
      return performance;
    });
    this.hearing = hearing;
    hearing.catch(() => this.hearing === hearing && (this.hearing = null)); // it may come right later
    return hearing;
  }

  get playing() {
    return this.performance?.playing ?? false;
  }

  get position() {
    return this.performance ? this.performance.position : this.resting;
  }

  async toggle() {
    if (this.playing || this.wanted) {
      this.wanted = false;
      this.performance?.pause();
      this.row.wait("");
      this.state();
      return;
    }
    this.wanted = true;
    this.complain("");
    this.paint();
    const waiting = setTimeout(() => this.wanted && this.row.wait("The sound is on its way …"), WAITING);
    try {
      const performance = await this.hear();
      if (this.wanted && performance === this.performance) {
        this.touched = true;
        if (performance.position >= this.sheet.seconds - 0.02) performance.seek(this.startOfLoop());
        await performance.play();
      }
    } catch (problem) {
      this.complain(problem.message);
    } finally {
      clearTimeout(waiting);
      this.wanted = false;
      this.row.wait("");
      this.state();
    }
  }

  /** Something began or stopped. */
  state() {
    this.paint();
    if (!this.frameAsked) this.frameAsked = requestAnimationFrame(this.frame);
  }

  tick() {
    this.frameAsked = 0;
    if (this.gone()) {
      this.forget();
      return;
    }
    this.paint();
    if (this.playing || this.more.moving()) this.frameAsked = requestAnimationFrame(this.frame);
  }

  /** Whether the page has taken the player away; a notebook's cell that is only scrolled out of the page comes back. */
  gone() {
    return !this.host.isConnected && !this.host.closest(".jp-Cell");
  }

  paint() {
    const time = this.position;
    const { playing } = this;
    this.root.classList.toggle("playing", playing);
    this.score.light(this.touched ? this.timeline.at(time) : NONE, this.touched);
    this.row.paint(time, playing || this.wanted);
    this.more.paint(time, playing);
  }

  goTo(seconds) {
    const time = Math.min(Math.max(0, seconds), this.sheet.seconds);
    this.resting = time;
    this.touched = true;
    this.performance?.seek(time);
    this.paint();
    if (this.more.moving() && !this.frameAsked) this.frameAsked = requestAnimationFrame(this.frame);
    this.changed({ position: time });
  }

  goToNotehead(bar, id, meant) {
    const time = id === null ? this.sheet.bars[bar][1] : this.timeline.begins.get(id);
    this.goTo(time ?? this.sheet.bars[bar][1]);
    if (meant && !this.playing) this.strike(this.sheet.notes[/n(\d+)(-\d+)?$/.exec(id)[1]]);
  }

  async strike([, , pitch, velocity, voice]) {
    try {
      const performance = await this.hear();
      await performance.strike(pitch, velocity, voice);
      setTimeout(() => performance.release(pitch, voice), STRUCK);
    } catch {
      // a click goes to the note in any case; Play says what is wrong
    }
  }

  step(kind, by) {
    const { timeline } = this;
    this.goTo(kind === "bar" ? timeline.barFrom(this.position, by) : timeline.beatFrom(this.position, by));
  }

  startOfLoop() {
    return this.loop ? this.sheet.bars[this.loop[0]][1] : 0;
  }

  toStart() {
    this.goTo(this.startOfLoop());
  }

  setSpeed(percent) {
    const whole = Math.min(FASTEST, Math.max(SLOWEST, Math.round(percent)));
    this.settings.rate = whole / 100;
    if (this.performance) this.performance.rate = whole / 100;
    this.row.showSpeed(whole);
  }

  loopBars(first, last) {
    this.loop = [first, last];
    this.anchor = first;
    this.giveLoop();
    const [from, to] = this.loopSeconds();
    if (this.position < from || this.position >= to) this.goTo(from);
    this.tellLoop();
  }

  extendLoop(bar) {
    const anchor = this.loop ? this.anchor : bar;
    this.loopBars(Math.min(anchor, bar), Math.max(anchor, bar));
    this.anchor = anchor;
  }

  /** Repeat the bar that sounds now; or stop repeating. */
  loopHere() {
    const here = this.timeline.barAt(this.position);
    if (this.loop) this.endLoop();
    else this.loopBars(here, here);
  }

  endLoop() {
    this.loop = null;
    this.giveLoop();
    this.tellLoop();
  }

  loopSeconds() {
    const { bars } = this.sheet;
    return this.loop && [bars[this.loop[0]][1], bars[this.loop[1]][2]];
  }

  giveLoop() {
    if (this.performance) this.performance.loop = this.loopSeconds();
  }

  tellLoop() {
    const { bars } = this.sheet;
    const words = this.loop ? `${barsName(bars[this.loop[0]], bars[this.loop[1]])} ${this.loop[0] === this.loop[1] ? "repeats" : "repeat"}` : "";
    this.score.shade(...(this.loop ?? []));
    this.row.tellLoop(this.looping, words);
    this.more.tellLoop(this.loop);
    if (this.loopWords !== words && (words || this.loopWords)) this.say(words || "Nothing repeats any more");
    this.loopWords = words;
  }

  setSwitch(name, on) {
    this.settings[name] = on;
    if (this.performance) this.performance[name] = on;
    this.more.showSwitch(name, on);
    this.say(`${{ metronome: "Metronome", countIn: "Count-in" }[name]} ${on ? "on" : "off"}`);
  }

  /** A voice sounds otherwise from now on. */
  mixed(i, voice) {
    if (this.performance?.live) this.performance.setVoice(i, voice);
    this.changed({ mix: this.mixer.voices.map((each) => ({ ...each })) });
  }

  where() {
    const bar = this.sheet.bars[this.timeline.barAt(this.position)];
    this.say(`${barName(bar)}, ${clock(this.position)} of ${clock(this.sheet.seconds)}`);
  }

  nameOf(i) {
    return voiceName(this.sheet.voices[i], i);
  }

  /** Say something to those who listen to the page. */
  say(words) {
    write(this.said, "");
    write(this.said, words);
  }

  complain(words) {
    this.problem.hidden = !words;
    write(this.problem, words);
    if (words) this.say(words);
  }

  dispose() {
    this.forget();
    this.more.dispose();
    this.host.replaceChildren();
  }
}

const NONE = new Set();
