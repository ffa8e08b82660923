// In the background: samples are decoded for those who play, and music is written to a WAV file.
import { Desk } from "./desk.js";
import { Samples, decoderReady } from "./samples.js";
import { wavBytes } from "../wav.js";

const RATE = 44_100;
const BLOCK = 128; // frames
const TURN = 0.05; // seconds of work between two looks at what was asked meanwhile
const TAIL = 5; // seconds at most in which the last note rings out
const SILENCE = 1e-3; // of the peak: where the ringing has ended
const STILL = 1e-6; // as good as silent
const PEAK = 10 ** (-1 / 20); // -1 dBFS, as musiclab.sound has it

export function serveWorker(scope) {
  let samples;
  let font;
  let player; // port to those who play
  const sent = new Set();
  const stopped = new Set();
  let writing = Promise.resolve(); // one file after the other; who wants to play does not wait for them

  scope.onmessage = ({ data }) => {
    if (data.do === "begin") {
      ({ font, player } = data);
      try {
        samples = new Samples(font);
      } catch {
        // the audio thread reads the same sound font, and says what is wrong with it
      }
    } else if (data.do === "stop") stopped.add(data.id);
    else if (data.do === "decode") answer(data, decoderReady.then(() => decode(data)));
    else if (data.do === "wav") {
      const file = writing.then(() => wav(data));
      writing = file.catch(() => {});
      answer(data, file);
    }
  };

  function answer({ id }, doing) {
    doing.then(
      (done) => scope.postMessage({ id, done }, done instanceof Uint8Array ? [done.buffer] : []),
      (problem) => scope.postMessage({ id, failed: problem.message }),
    );
  }

  /** Decode what a voice needs for some notes, or for all that it can play. */
  function decode({ voices }) {
    for (const { voice, notes } of voices) {
      for (const index of samples.needed(voice, notes)) {
        if (sent.has(index)) continue;
        sent.add(index);
        const data = samples.decoded(index);
        player.postMessage({ index, data }, [data.buffer]);
      }
    }
    return true;
  }

  async function wav({ id, sheet }) {
    const desk = new Desk(RATE);
    await decoderReady;
    desk.instruments.load(font);
    desk.track({ id, sheet });
    desk.limiter = { process() {} }; // the level is known in the end
    desk.play({ id, serial: 0, at: 0 });
    const written = Math.ceil(sheet.seconds * RATE);
    const length = written + TAIL * RATE;
    const [left, right] = [new Float32Array(length), new Float32Array(length)];
    let looked = performance.now();
    let peak = 0;
    let heard = 0;
    for (let frame = 0; frame < length; frame += BLOCK) {
      const end = Math.min(frame + BLOCK, length);
      const [l, r] = [left.subarray(frame, end), right.subarray(frame, end)];
      desk.render(l, r);
      let loudest = 0;
      for (let i = 0; i < l.length; i += 1) loudest = Math.max(loudest, Math.abs(l[i]), Math.abs(r[i]));
      peak = Math.max(peak, loudest);
      if (loudest > SILENCE * peak) heard = end;
      else if (frame > written && frame - heard > RATE / 2) break;
      if (performance.now() - looked > TURN * 1000) {
        scope.postMessage({ id, progress: Math.min(1, frame / written) });
        await new Promise((resolve) => setTimeout(resolve));
        looked = performance.now();
        if (stopped.delete(id)) throw new Error("stopped");
      }
    }
    return wavBytes(left.subarray(0, Math.max(written, heard)), right, RATE, peak > STILL ? PEAK / peak : 1);
  }
}
