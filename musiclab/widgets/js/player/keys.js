// The keyboard: every key that does something, and the list of them.
import { make } from "./dom.js";

const KEYS = [
  [["Space"], "play and pause"],
  [["←", "→"], "a beat back, a beat on"],
  [["Shift ←", "Shift →"], "a bar back, a bar on"],
  [["Home"], "to the beginning"],
  [["L"], "repeat this bar; again: stop repeating"],
  [["Shift L"], "repeat from where it repeats up to this bar"],
  [["-", "+", "="], "slower, faster, full speed"],
  [["M"], "metronome"],
  [["C"], "count-in"],
  [["1", "…", "9"], "mute a voice; with Shift: it alone"],
  [["X"], "mixer"],
  [["R"], "piano roll"],
  [["I"], "lights"],
  [["W"], "say where it is"],
  [["?"], "this list"],
  [["Escape"], "close what is open"],
];

export function keyList() {
  const list = make("dl", { class: "keys" });
  for (const [keys, does] of KEYS) {
    const names = keys.flatMap((key, i) => [i ? " " : "", key === "…" ? "…" : make("kbd", {}, key)]);
    list.append(make("div", {}, make("dt", {}, ...names), make("dd", {}, does)));
  }
  return list;
}

const OWN = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);

/** Whether the element under the focus needs this key itself. */
function needed(element, key) {
  const kind = element?.localName === "input" ? element.type : element?.localName;
  if (key === "Tab") return true;
  if (kind === "button" || kind === "summary") return key === " " || key === "Enter";
  if (kind === "range") return OWN.has(key);
  if (kind === "number") return key.length === 1 || OWN.has(key) || ["Backspace", "Delete", "Enter"].includes(key);
  return ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "End"].includes(key); // they scroll
}

/** Do what a key means; says whether it means something. */
function act(player, event) {
  const { key, shiftKey, code } = event;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
  if (digit && player.sheet.voices[digit - 1]) {
    if (player.mixer.desk.disabled) player.say(player.mixer.sentence.textContent);
    else player.mixer.toggle(shiftKey ? "solo" : "muted", digit - 1);
    return true;
  }
  const { more } = player;
  const does = {
    " ": () => player.toggle(),
    arrowleft: () => player.step(shiftKey ? "bar" : "beat", -1),
    arrowright: () => player.step(shiftKey ? "bar" : "beat", 1),
    home: () => player.toStart(),
    l: () => (shiftKey ? player.extendLoop(player.timeline.barAt(player.position)) : player.loopHere()),
    m: () => player.setSwitch("metronome", !player.settings.metronome),
    c: () => player.setSwitch("countIn", !player.settings.countIn),
    x: () => more.open("mixer"),
    r: () => more.open("roll"),
    i: () => more.open("lights"),
    w: () => player.where(),
    "?": () => more.open("keys"),
    "-": () => player.setSpeed(player.settings.rate * 100 - 5),
    "+": () => player.setSpeed(player.settings.rate * 100 + 5),
    "=": () => player.setSpeed(100),
    escape: () => close(player),
  }[key.toLowerCase()];
  does?.();
  return Boolean(does);
}

function close(player) {
  const { more } = player;
  if (more.save.stop && !more.save.making.hidden) more.save.stop.abort();
  else if (!more.element.hidden) {
    for (const name of ["mixer", "save", "keys"]) more.open(name, false);
    more.toggle(false);
    player.row.door.focus();
  } else if (player.loop) player.endLoop();
}

/**
 * Listen before anybody else on the page: JupyterLab's own keys (D D deletes a cell) begin at the document, so a plain key that is
 * pressed inside a player goes no further. What is pressed together with Ctrl, Alt or the command key stays JupyterLab's.
 *
 * @param playerOf finds the player of an element, or undefined.
 */
export function listen(playerOf) {
  globalThis.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.key === "Enter" && event.shiftKey)) return;
      const path = event.composedPath();
      const player = path.map(playerOf).find(Boolean);
      if (!player) return;
      event.stopImmediatePropagation();
      if (needed(path[0], event.key)) return;
      if (act(player, event)) event.preventDefault();
    },
    { capture: true },
  );
}
