// The MIDI file of a sheet with the mix as it is heard: its controllers 7, 10 and 91 are set anew, all else stays.

const CONTROLLERS = new Map([
  [7, ({ volume, muted }) => (muted ? 0 : volume)],
  [10, ({ balance }) => balance],
  [91, ({ space }) => space],
]);

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** The bytes of the file, with each voice's `{volume, balance, space, muted}` in it. */
export function mixedMidi(sheet, mix) {
  const bytes = fromBase64(sheet.midi);
  const view = new DataView(bytes.buffer);
  const tracksOn = new Map(); // channel -> how many tracks were seen on it
  for (let at = 14; at + 8 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at + 4);
    const found = [...controls(bytes, at + 8, end)];
    const seen = new Set(found.map(({ channel }) => channel));
    for (const { channel, controller, place } of found) {
      const voices = sheet.voices.map((_, i) => i).filter((i) => sheet.voices[i].channels.includes(channel));
      const voice = voices[Math.min(tracksOn.get(channel) ?? 0, voices.length - 1)];
      const value = CONTROLLERS.get(controller);
      if (value && voice !== undefined) bytes[place] = value(mix[voice]);
    }
    for (const channel of seen) tracksOn.set(channel, (tracksOn.get(channel) ?? 0) + 1);
    at = end;
  }
  return bytes;
}

/** Where in a track controllers are set. */
function* controls(bytes, at, end) {
  const length = () => {
    let value = 0;
    for (;;) {
      const byte = bytes[at++];
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  };
  let status = 0;
  while (at < end) {
    length(); // of time
    if (bytes[at] >= 0x80) status = bytes[at++];
    if (status >= 0xf0) {
      if (status === 0xff) at += 1;
      const skipped = length();
      at += skipped;
    } else {
      if (status >> 4 === 0xb) yield { channel: status & 15, controller: bytes[at], place: at + 1 };
      at += status >> 4 === 0xc || status >> 4 === 0xd ? 1 : 2;
    }
  }
}
