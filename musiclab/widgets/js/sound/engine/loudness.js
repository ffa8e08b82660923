// How much louder a piece is played than its notes say, so that a lone flute is heard and a full band does not crackle.

const USUAL = (100 / 127) ** 2; // volume 100
const PEAK = 0.25; // what one note at full velocity and volume 127 peaks at, and so do two at half its power; measured, within 4 dB
const WANTED = 0.6; // of the largest sample
const SHORTEST = 0.05; // seconds that a note is taken to sound

export const MOST = 12;
export const BY_HAND = 5; // for single notes, and for music that is not known yet

/** The factor for a piece: from its densest moment, at the usual volume. What the mix says comes on top. */
export function loudness(notes) {
  const changes = notes.flatMap(([start, end, , velocity]) => {
    const power = ((velocity / 127) ** 2 * USUAL) ** 2;
    return [
      [start, power],
      [Math.max(end, start + SHORTEST), -power],
    ];
  });
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let [power, most] = [0, 0];
  for (const [, change] of changes) most = Math.max(most, (power += change));
  return most > 0 ? Math.min(MOST, WANTED / (PEAK * Math.sqrt(most))) : BY_HAND;
}
