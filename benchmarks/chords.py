"""Chords under a tune: how often they are Bach's own, and how they go with dance tunes, which have none to compare with.

Bach: the soprano alone of each chorale of the test split, a chord a beat; the root is compared with that of the chord that all four
voices form. Beside it, rules that need no search: always the tonic; I, IV and V by the step of the scale (1, 3, 5 -> I; 4, 6 -> IV; 2, 7
-> V); the root that Bach most often sets under this step (counted in training, by mode); and what is left of the choice if only chords
of the mode are allowed (the ceiling). The interval is a bootstrap over chorales, 95 %.

Tunes: of the notes on strong beats, how many belong to the chord; how often the last chord is the tonic, among tunes whose last note
allows it; how many chords a bar. Beside it, always the tonic.

    python benchmarks/chords.py
"""

import json
from collections import Counter, defaultdict

import numpy as np

from musiclab import datasets
from musiclab.harmony import chord_of, chords_in, chords_under
from musiclab.harmony.chord import scale
from musiclab.harmony.progression import SIMPLER
from musiclab.harmony.pulse import beats, spans, strong_beats

BY_STEP = (0, 7, 0, 5, 0, 5, 7)  # semitones above the tonic of the root under each step of the scale


def at(soundings, tick):
    """The chord at a tick; None before the first."""
    return next((chord for start, end, chord in reversed(soundings) if start <= tick < end), None)


def soprano_at(piece, tick):
    return next((note.pitch for note in piece.notes if note.voice == 0 and note.start <= tick < note.end), None)


def beats_of(piece):
    """`(tick, step of the soprano above the tonic or None, Bach's chord)` of each beat whose chord is known."""
    own, tonic = chords_in(piece), piece.key.pitch_class
    for start, _, _ in spans(piece, beats):
        pitch, chord = soprano_at(piece, start), at(own, start)
        if chord:
            yield start, None if pitch is None else (pitch - tonic) % 12, chord


def by_custom(pieces):
    """(mode, step) -> the root that most often stands under it."""
    counts = defaultdict(Counter)
    for piece in pieces:
        for _, step, chord in beats_of(piece):
            counts[piece.key.mode, step][(chord.root - piece.key.pitch_class) % 12] += 1
    return {place: roots.most_common(1)[0][0] for place, roots in counts.items()}


def rule(piece, step):
    steps = [(pitch_class - piece.key.pitch_class) % 12 for pitch_class in scale(piece.key)]
    if step is None:
        return 0
    nearest = min(range(7), key=lambda i: abs(steps[i] - step))
    return BY_STEP[nearest]


def bach():
    chorales = datasets.load("chorales")
    custom = by_custom(chorales.train)
    hits = defaultdict(list)  # name -> for each chorale (beats right, beats)
    for piece in chorales.test:
        tonic, soprano = piece.key.pitch_class, [note for note in piece.notes if note.voice == 0]
        tune = type(piece)(soprano, piece.voices[:1], piece.tempos, piece.meters, piece.keys, piece.pickup)
        found = {"of the mode": chords_under(tune, beats), "any chord": chords_under(tune, beats, chromatic=True)}
        right, n = Counter(), 0
        members = set(scale(piece.key)) | ({(tonic - 1) % 12} if piece.key.mode == "minor" else set())
        for tick, step, chord in beats_of(piece):
            if not any(tick < note.end for note in soprano):
                continue
            n += 1
            root = (chord.root - tonic) % 12
            right["always the tonic"] += root == 0
            right["I, IV, V by step"] += root == rule(piece, step)
            right["Bach's commonest by step"] += root == custom.get((piece.key.mode, step), 0)
            triad = chord._replace(quality=SIMPLER.get(chord.quality, chord.quality), bass=chord.root)
            right["ceiling: chord of the mode"] += set(triad.pitch_classes) <= members
            for name, soundings in found.items():
                guess = at(soundings, tick)
                right[f"chords_under, {name}"] += guess is not None and guess.root == chord.root
        for name in right:
            hits[name].append((right[name], n))
    rng, shares = np.random.default_rng(0), {}
    n_beats = sum(n for _, n in hits["always the tonic"])
    print(f"Roots under Bach's sopranos: {len(chorales.test)} chorales for testing, {n_beats} beats with a known chord")
    for name, counts in hits.items():
        table = np.array(counts)
        draws = table[rng.integers(0, len(table), (1000, len(table)))].sum(axis=1)
        low, high = np.percentile(draws[:, 0] / draws[:, 1], [2.5, 97.5])
        shares[name] = table[:, 0].sum() / table[:, 1].sum()
        print(f"{name:30}{100 * shares[name]:6.1f} %   ({100 * low:.1f} to {100 * high:.1f})")
    ours, theirs = (np.array(hits[name]) for name in ("chords_under, any chord", "Bach's commonest by step"))
    chosen = rng.integers(0, len(ours), (1000, len(ours)))
    gains = 100 * (ours[chosen, 0] - theirs[chosen, 0]).sum(axis=1) / ours[chosen, 1].sum(axis=1)
    low, high = np.percentile(gains, [2.5, 97.5])
    print(f"any chord, less Bach's commonest by step, on the same chorales: {gains.mean():.1f} points ({low:.1f} to {high:.1f})")
    return shares


def tunes():
    pieces = [piece for piece in datasets.load("tunes").test if piece.notes]
    print(f"\nChords under {len(pieces)} tunes for testing")
    print(
        f"{'':12}{'tunes':>7}{'met on strong beats':>21}{'by the tonic alone':>20}{'closes on the tonic':>21}{'chords a bar':>14}"
    )
    shares = {}
    for mode in ("major", "minor", "dorian", "mixolydian"):
        met = alone = strong = closed = may_close = chords = bars = 0
        chosen = [piece for piece in pieces if piece.key.mode == mode]
        for piece in chosen:
            found, tonic = chords_under(piece), piece.key.pitch_class
            third = 4 if (tonic + 4) % 12 in scale(piece.key) else 3
            home = chord_of([tonic, tonic + third, tonic + 7]).pitch_classes
            places = {start for start, _, _ in spans(piece, strong_beats)}
            here = [note for note in piece.notes if note.start in places]
            met += sum(note.pitch % 12 in at(found, note.start).pitch_classes for note in here)
            alone += sum(note.pitch % 12 in home for note in here)
            strong += len(here)
            may_close += piece.notes[-1].pitch % 12 in home
            closed += piece.notes[-1].pitch % 12 in home and found[-1].chord.pitch_classes == home
            chords, bars = chords + len(found), bars + len(piece.bars)
        shares[mode] = met / strong
        print(
            f"{mode:12}{len(chosen):7}{100 * met / strong:19.1f} %{100 * alone / strong:18.1f} %{closed:14} of {may_close:3}"
            f"{chords / bars:14.2f}"
        )
    return shares


def main():
    roots, met = bach(), tunes()
    summary = {f"root as Bach's, {name}": share for name, share in roots.items()}
    summary |= {f"met on strong beats, {mode}": share for mode, share in met.items()}
    print(json.dumps({name: round(float(share), 3) for name, share in summary.items()}))


if __name__ == "__main__":
    main()
