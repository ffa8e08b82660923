// The piece to take home: MIDI and WAV with the mix as it is heard, MusicXML for programs that print scores.
import { bytes, button, make, write } from "./dom.js";
import { icon } from "./icons.js";

export class Save {
  constructor(player) {
    this.player = player;
    this.bar = make("progress", { max: 1, ".value": 0, "aria-label": "Making the WAV file" });
    this.cancel = button("Cancel", icon("close"), { label: "Cancel", onclick: () => this.stop?.abort() });
    this.making = make("span", { class: "making", hidden: true }, this.bar, this.cancel);
    this.line = make("p", { class: "sentence", hidden: true });
    this.wav = this.offer("WAV", "the sound", () => this.sound());
    this.element = make(
      "div",
      { class: "save" },
      this.offer("MIDI", "for other music programs", () => this.midi()),
      this.offer("MusicXML", "for programs that print scores", () => this.musicxml()),
      this.wav,
      this.making,
      this.line,
    );
  }

  offer(kind, use, act) {
    return button(`Save as ${kind}, ${use}`, icon("save"), { label: kind, "data-kind": kind.toLowerCase(), onclick: () => this.attempt(act) });
  }

  async attempt(act) {
    this.tell("");
    try {
      await act();
    } catch (problem) {
      if (problem.name !== "AbortError") this.tell(problem.message);
    }
  }

  tell(words) {
    this.line.hidden = !words;
    write(this.line, words);
    if (words) this.player.say(words);
  }

  async midi() {
    const { performance, sheet } = this.player;
    const mixed = performance ?? (this.player.mixer.voices.some((voice) => voice.muted) ? await this.player.hear() : null);
    this.hand(mixed?.live ? await mixed.exportMidi() : bytes(sheet.midi), "mid", "audio/midi");
  }

  async musicxml() {
    const unpacked = new Blob([bytes(this.player.sheet.musicxml)]).stream().pipeThrough(new DecompressionStream("deflate"));
    this.hand(await new Response(unpacked).arrayBuffer(), "musicxml", "application/vnd.recordare.musicxml+xml");
  }

  async sound() {
    const performance = await this.player.hear();
    this.stop = new AbortController();
    this.making.hidden = false;
    this.wav.disabled = true;
    this.bar.value = 0;
    this.cancel.focus();
    try {
      const made = await performance.exportWav((part) => (this.bar.value = part), this.stop.signal);
      if (this.stop.signal.aborted) throw new DOMException("", "AbortError");
      this.hand(made, "wav", "audio/wav");
    } finally {
      this.making.hidden = true;
      this.wav.disabled = false;
      this.wav.focus();
    }
  }

  hand(content, ending, type) {
    const name = (this.player.sheet.title || "piece").normalize("NFKD").replace(/[^\w]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase() || "piece";
    const address = URL.createObjectURL(new Blob([content], { type }));
    make("a", { href: address, download: `${name}.${ending}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    this.tell(`Saved as ${name}.${ending}`);
  }
}
