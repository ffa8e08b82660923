"""Which keys the hand takes for a chord: near those it has just left."""

from musiclab.harmony.chord import QUALITIES


def voicing(chord, n_tones, low, high, last=()):
    """A chord in close position, as near to the last one as can be.

    Args:
        chord: a `Chord`.
        n_tones: 3 or 4. Of a seventh chord in three tones the fifth is left out; a triad in four has its lowest tone twice.
        low, high: MIDI pitches that may sound; at least 17 semitones apart, so that every chord fits.
        last: the voicing before; the middle of the range counts if there is none.

    Returns:
        tuple of pitches, from low to high.

    >>> from musiclab.harmony import Chord
    >>> first = voicing(Chord(0, "major", 0), 3, 48, 67)
    >>> first, voicing(Chord(5, "major", 5), 3, 48, 67, first)
    ((52, 55, 60), (53, 57, 60))
    """
    tones = list(chord.pitch_classes)
    if len(tones) > n_tones:
        tones.remove((chord.root + QUALITIES[chord.quality][2]) % 12)
    candidates = []
    for lowest in range(low, high + 1):
        pitches = [pitch for pitch in range(lowest, lowest + 13) if pitch % 12 in tones][:n_tones]
        if lowest % 12 in tones and len(pitches) == n_tones and pitches[-1] <= high:
            candidates.append(tuple(pitches))
    if not candidates:
        raise ValueError(f"no {chord.symbol()} in {n_tones} tones between {low} and {high}: widen the range to 17 semitones")
    off_centre = lambda pitches: abs(2 * sum(pitches) - n_tones * (low + high))  # noqa: E731
    way = lambda pitches: sum(abs(a - b) for a, b in zip(pitches, last))  # noqa: E731
    return min(candidates, key=lambda pitches: (way(pitches), off_centre(pitches)))


def nearest(pitch_class, low, high, last=None):
    """The pitch of a class between low and high that is nearest to the last one, or lowest if there is none; the lower of two.

    >>> nearest(7, 28, 48, 36), nearest(7, 28, 48)
    (31, 31)
    """
    pitches = [pitch for pitch in range(low, high + 1) if pitch % 12 == pitch_class]
    if not pitches:
        raise ValueError(f"no pitch of class {pitch_class} between {low} and {high}: widen the range to an octave")
    return min(pitches, key=lambda pitch: (abs(pitch - last) if last is not None else 0, pitch))
