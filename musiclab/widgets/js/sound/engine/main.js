// What runs beside the page: in an AudioWorklet it makes the sound, in a Worker it decodes samples and writes files.
import { Desk } from "./desk.js";
import { serveWorker } from "./background.js";
import { decoderReady } from "./samples.js";

const TOLD = new Set(["track", "drop", "play", "pause", "set", "voice", "push", "strike", "release"]);

if (typeof registerProcessor === "function") {
  registerProcessor(
    "musiclab",
    class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.desk = new Desk(sampleRate, (message) => this.port.postMessage(message));
        this.port.onmessage = ({ data }) => {
          if (TOLD.has(data.do)) this.desk[data.do](data);
          else this.begin(data);
        };
      }

      async begin({ font, decoder }) {
        const { instruments } = this.desk;
        try {
          instruments.load(font);
          decoder.onmessage = ({ data: { index, data } }) => instruments.samples.place(index, data);
          await decoderReady;
          this.port.postMessage({ say: "ready" });
        } catch (problem) {
          this.port.postMessage({ say: "failed", problem: problem.message });
        }
      }

      process(_, [[left, right]]) {
        this.desk.frame = currentFrame;
        this.desk.render(left, right);
        return true;
      }
    },
  );
} else {
  serveWorker(self);
}
