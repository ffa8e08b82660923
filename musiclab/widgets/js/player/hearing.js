// Where the sound comes from: the page's orchestra; where there is none, an `<audio>` element; where there is none, the kernel.
import { elementPerformance } from "../sound/element.js";

const PATIENCE = 30_000; // milliseconds to wait for what a kernel sends

export const RUN_AGAIN = "Run this cell again to hear it: the sound comes from the notebook while it runs.";
export const SILENT = "This page came without its sound, so it can be read but not heard.";
const NOT_LIVE = "The mix cannot change here: this page plays a sound that is already finished. In the notebook, every voice has its own.";
const NOT_SAFE =
  "The mix cannot change here: browsers let a page play instruments only where its address begins with https or localhost. You hear the finished sound.";

let arrived; // {synth, font}: the code of the synthesiser and the sound font, as a kernel sent them
let lacking = ""; // why a kernel could not send it
let awaiting = [];
let made = null; // promise of the page's one orchestra
let home = null; // address of the folder in which player.js lies, on a page without a kernel
export const stages = new Set(); // what sends to a kernel and awaits its answer, one a kernel

/** A page without a kernel has the synthesiser beside player.js. */
export function liveIn(address) {
  home = /^https?:/.test(address ?? "") ? new URL(".", address) : null;
}

/** A kernel has sent the synthesiser and the sound font, or a sentence that says why it cannot. The first that comes stays. */
export function bring(synth, font, problem = "") {
  if (problem) lacking = problem;
  else arrived ??= { synth, font };
  awaiting.forEach(([resolve, reject]) => (arrived ? resolve(arrived) : reject(new Error(lacking))));
  awaiting = [];
}

const able = () => globalThis.isSecureContext && typeof AudioWorkletNode !== "undefined";

/** Make the orchestra ready, where nothing has to be fetched for it over a net that may be slow. */
export function prepareQuietly() {
  const later = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 200));
  if (arrived && able() && !made) later(() => orchestra().catch(() => {}), { timeout: 2000 });
}

/** Make the orchestra ready, because somebody is about to play. */
export function prepare() {
  if ((arrived || home) && able()) orchestra().catch(() => {});
}

/** The page's orchestra, opened when it is first asked for. */
export function orchestra() {
  made ??= make().catch((problem) => {
    made = null; // a kernel may come later
    throw problem;
  });
  return made;
}

async function make() {
  if (!able()) throw new Error(NOT_SAFE);
  if (globalThis.musiclab.synth === undefined || !arrived) {
    const { synth, font } = await assets();
    if (globalThis.musiclab.synth === undefined) await run(synth);
    arrived ??= { synth, font };
  }
  return globalThis.musiclab.synth({ font: arrived.font });
}

async function assets() {
  if (arrived) return arrived;
  if (home) {
    const answer = await fetch(new URL("soundfont.sf3", home));
    if (!answer.ok) throw new Error(NOT_LIVE);
    return { synth: new URL("synth.js", home), font: await answer.arrayBuffer() };
  }
  if (!stages.size) throw new Error(NOT_LIVE);
  if (lacking) throw new Error(lacking);
  return within(PATIENCE, new Promise((...settle) => awaiting.push(settle)));
}

/** Run a script: at an address, or its text as bytes. */
export async function run(script) {
  const own = script instanceof URL ? null : URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const element = document.createElement("script");
  element.src = own ?? script;
  await new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(new Error("The synthesiser could not be started."));
    document.head.append(element);
  });
  element.remove();
  if (own) URL.revokeObjectURL(own);
}

function within(milliseconds, promise) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(RUN_AGAIN)), milliseconds));
  return Promise.race([promise, late]);
}

/**
 * A Performance of a sheet. Its `why` says why the mix cannot change, if it cannot.
 *
 * @param audio the figure's own `<audio>`, or null.
 * @throws an Error whose message is a sentence for the listener.
 */
export async function perform(sheet, audio) {
  try {
    return await (await orchestra()).perform(sheet);
  } catch (problem) {
    const sounding = audio ?? (await fromKernel(sheet));
    const performance = elementPerformance(sounding, sheet);
    performance.why = able() ? NOT_LIVE : NOT_SAFE;
    performance.problem = problem;
    return performance;
  }
}

/** The finished sound, made by a kernel: whichever answers first. */
async function fromKernel(sheet) {
  if (!stages.size) throw new Error(home || location.protocol === "file:" ? SILENT : RUN_AGAIN);
  let answer;
  try {
    answer = await Promise.any([...stages].map((stage) => within(PATIENCE, stage.ask({ want: "sound", midi: sheet.midi }))));
  } catch {
    throw new Error(RUN_AGAIN);
  }
  if (!answer.sound) throw new Error(answer.problem ?? RUN_AGAIN);
  return new Audio(URL.createObjectURL(new Blob([answer.sound], { type: answer.mime })));
}
