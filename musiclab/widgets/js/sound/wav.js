// Samples as the bytes of a WAV file: 16 bits, stereo.

const HEADER = 44; // bytes

export function wavBytes(left, right, rate, gain = 1) {
  const bytes = new ArrayBuffer(HEADER + left.length * 4);
  const view = new DataView(bytes);
  const text = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, bytes.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // whole numbers
  view.setUint16(22, 2, true); // left and right
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 4, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, left.length * 4, true);
  const samples = new Int16Array(bytes, HEADER);
  const whole = (x) => Math.round(Math.max(-1, Math.min(1, x * gain)) * 32767);
  for (let i = 0; i < left.length; i += 1) {
    samples[2 * i] = whole(left[i]);
    samples[2 * i + 1] = whole(right[i]);
  }
  return new Uint8Array(bytes);
}
