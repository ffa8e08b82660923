// The computer's keyboard as a piano: two rows of letters, wherever they stand on it.

// From C on; the black keys in the upper row, as most programs have it.
const CODES = ["KeyA", "KeyW", "KeyS", "KeyE", "KeyD", "KeyF", "KeyT", "KeyG", "KeyY", "KeyH", "KeyU", "KeyJ", "KeyK", "KeyO", "KeyL", "KeyP", "Semicolon", "Quote"];
const SHIFTS = { KeyZ: -12, KeyX: 12 };
const QWERTY = { Semicolon: ";", Quote: "'" };
const PLACES = new Map(CODES.map((code, i) => [code, i]));
const MOVES = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

const pianos = new WeakMap(); // host -> {piano, also}
const holding = new Map(); // code of a key that is down -> its piano

/** Whether the element under the focus needs this key itself. */
function needed(element, event) {
  const kind = element.localName === "input" ? element.type : element.localName;
  if (kind === "select" || kind === "text" || kind === "textarea") return true;
  return (kind === "number" || kind === "range") && !PLACES.has(event.code) && !(event.code in SHIFTS);
}

const hostOf = (event) => event.composedPath().find((element) => pianos.has(element));

function down(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab" || event.isComposing) return;
  const host = hostOf(event);
  if (!host || (event.key === "Enter" && event.shiftKey)) return;
  event.stopImmediatePropagation(); // JupyterLab's own keys (D D deletes a cell) begin later than here
  const [element] = event.composedPath();
  if (needed(element, event)) return;
  const { piano, also } = pianos.get(host);
  const key = element.closest?.(".key");
  const place = PLACES.get(event.code);
  const hold = (pitch) => {
    holding.set(event.code, piano);
    piano.hold(event.code, pitch);
  };
  if (event.repeat && (place !== undefined || key)) event.preventDefault();
  else if (place !== undefined) hold(piano.low + place);
  else if (event.code in SHIFTS) piano.shift(SHIFTS[event.code]);
  else if (key && (event.key === " " || event.key === "Enter")) hold(piano.low + Number(key.dataset.key));
  else if (key && event.key in MOVES) piano.step(key, MOVES[event.key]);
  else if (!also(event.key)) return;
  event.preventDefault();
}

function up(event) {
  const piano = holding.get(event.code);
  if (piano) {
    holding.delete(event.code);
    piano.let(event.code);
    if (event.key === " ") event.preventDefault(); // which would be a click
  }
  if (hostOf(event) && event.key !== "Tab") event.stopImmediatePropagation();
}

let listening = false;

/**
 * Let the computer's keys play a piano while the focus is inside a host. `also(key)` does what other keys mean, and says whether they
 * mean something.
 */
export function playByKeys(host, piano, also = () => false) {
  pianos.set(host, { piano, also });
  lettersOf().then((letters) => piano.letter(letters));
  if (listening) return;
  listening = true;
  globalThis.addEventListener("keydown", down, { capture: true });
  globalThis.addEventListener("keyup", up, { capture: true });
  globalThis.addEventListener("blur", () => {
    for (const [code, held] of holding) held.let(code);
    holding.clear();
  });
}

/** What is printed on these keys: on a French keyboard other letters stand there. */
async function lettersOf() {
  const layout = await navigator.keyboard?.getLayoutMap?.().catch(() => undefined);
  return CODES.map((code) => (layout?.get(code) ?? QWERTY[code] ?? code.slice(3)).toUpperCase());
}
