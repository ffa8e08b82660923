"""What can be counted in a piece of music: the features that `musicality.py` compares people and networks by.

Each is a function of a `Piece`: a number, NaN where the feature does not apply, or, in the dictionaries of histograms, a list of
things to be counted. A name that ends in * is forced on generated pieces by rules.
"""

import numpy as np

from musiclab.compose import HIGH, LOW
from musiclab.form import bars_of, form_of, likeness, read_form
from musiclab.harmony import chord_of, dissonance, faults, moves, triad_share
from musiclab.harmony.partwriting import KINDS
from musiclab.key import TONES
from musiclab.piece import TICKS_PER_QUARTER

NAN = float("nan")


def share(things, test):
    """Of all things, the share that pass a test."""
    return np.mean([test(thing) for thing in things]) if len(things) else NAN


def steps(notes):
    """The intervals from note to note, in semitones."""
    return [b.pitch - a.pitch for a, b in zip(notes, notes[1:])]


def above_tonic(piece):
    """The pitches as semitones above the tonic, octaves taken away."""
    return [(note.pitch - piece.key.pitch_class) % 12 for note in piece.notes]


# Tunes -------------------------------------------------------------------------------------------------------------------------


def returns(tune, apart):
    """Whether two bars in a row come back note for note, so many bars later or more."""
    bars = bars_of(tune)
    pairs = list(zip(bars, bars[1:]))
    return any(pair in pairs[i + apart :] for i, pair in enumerate(pairs))


def familiar(tune):
    """The share of bars, after the first, that are at least three quarters like one of the bars before."""
    bars = bars_of(tune)
    return share(range(1, len(bars)), lambda i: max(likeness([bars[i]], [earlier]) for earlier in bars[:i]) >= 0.75)


def closes(tune, bar):
    """Whether the fourth, eighth, ... full bar ends on the tonic, the notes that lead on left out."""
    dots = read_form(form_of(tune, 4))[1] if len(bars_of(tune)) >= 4 else ()
    return dots[bar // 4 - 1] if bar // 4 <= len(dots) else NAN


def phrase(tune):
    """Bars from one resting point to the next, on average: a note at least twice as long as the median, or one before a rest."""
    usual = np.median([note.duration for note in tune.notes])
    ends = [
        note.end
        for note, following in zip(tune.notes, tune.notes[1:])
        if note.duration >= 2 * usual or following.start > note.end
    ] + [tune.end]
    apart = [end for end, following in zip(ends, ends[1:]) if following - end > tune.meter.beat]  # in a row they are one
    return tune.end / tune.meter.bar / (len(apart) + 1)


def enough(feature, n_bars):
    """The feature, where the tune has so many bars or more."""
    return lambda tune: feature(tune, bars_of(tune)) if len(bars_of(tune)) >= n_bars else NAN


TUNES = {
    "last bar full, with the pickup *": lambda tune: (
        (tune.end - tune.pickup) % tune.meter.bar in (0, tune.meter.bar - tune.pickup)
    ),
    "last note is the tonic *": lambda tune: above_tonic(tune)[-1] == 0,
    "last note a quarter or longer *": lambda tune: tune.notes[-1].duration >= TICKS_PER_QUARTER,
    "notes of the scale *": lambda tune: share(above_tonic(tune), lambda step: step in TONES[tune.key.mode]),
    "notes in a fiddle's range *": lambda tune: share(tune.notes, lambda note: LOW <= note.pitch <= HIGH),
    "form: bars 1-4 like bars 5-8": enough(lambda tune, bars: likeness(bars[:4], bars[4:8]), 8),
    "form: two bars return note for note": lambda tune: returns(tune, 3),
    "form: ... eight bars later or more": enough(lambda tune, bars: returns(tune, 8), 16),
    "form: bars that were there before": familiar,
    "form: letters in the first 16 bars": enough(lambda tune, bars: len(set(read_form(form_of(tune, 4))[0][:4])), 16),
    "form: last two bars like bars 7-8": enough(lambda tune, bars: likeness(bars[6:8], bars[-2:]), 16),
    "form: bar 4 ends on the tonic": lambda tune: closes(tune, 4),
    "form: bar 8 ends on the tonic": enough(lambda tune, bars: closes(tune, 8), 12),
    "form: bars to a phrase": phrase,
    "notes a bar": lambda tune: len(tune.notes) / len(tune.bars),
    "lowest to highest note, semitones": lambda tune: np.ptp([note.pitch for note in tune.notes]),
    "mean pitch": lambda tune: np.mean([note.pitch for note in tune.notes]),
    "the same pitch again": lambda tune: share(steps(tune.notes), lambda step: step == 0),
    "steps of at most a tone": lambda tune: share(steps(tune.notes), lambda step: 0 < abs(step) <= 2),
    "leaps wider than a fifth": lambda tune: share(steps(tune.notes), lambda step: abs(step) > 7),
    "notes of the tonic chord": lambda tune: share(
        above_tonic(tune), lambda step: step in (0, 7, 4 if tune.key.mode in ("major", "mixolydian") else 3)
    ),
    "rests, share of the time": lambda tune: 1 - sum(note.duration for note in tune.notes) / tune.end,
}
TUNE_HISTOGRAMS = {
    "pitches above the tonic, overlap": above_tonic,
    "intervals, overlap": lambda tune: steps(tune.notes),
    "note lengths, overlap": lambda tune: [note.duration for note in tune.notes],
    "rhythms of bars, overlap": lambda tune: [(tune.meter, tuple(sorted(place for place, _ in bar))) for bar in bars_of(tune)],
}


# Chorales ----------------------------------------------------------------------------------------------------------------------


RULED = ("crossing", "range")  # faults that rules keep from generated chorales


def a_thousand_moves(*kinds):
    """How many faults of part-writing there are to a thousand moves of a pair of voices."""

    def rate(piece):
        found = faults(piece)
        return 1000 * sum(len(found[kind]) for kind in kinds) / max(1, moves(piece))

    return rate


def at_fermatas(test):
    """Of the places where a fermata stands, the share whose chord passes a test of chord and piece."""

    def cadences(piece):
        chords = [
            chord_of([n.pitch for n in piece.notes if n.start <= tick < n.end], key=piece.key, incomplete=True)
            for tick in piece.fermatas
        ]
        return share(chords, lambda chord: chord is not None and test(chord, piece))

    return cadences


def between_fermatas(piece):
    """Bars from one fermata to the next, on average."""
    return np.diff([0, *piece.fermatas]).mean() / piece.meter.bar if piece.fermatas else NAN


def voice(i, feature):
    """A feature of one voice's notes, 0 for the soprano."""
    return lambda piece: feature([note for note in piece.notes if note.voice == i])


def last_chord(piece):
    """The chord that sounds at the end."""
    return chord_of([note.pitch for note in piece.notes if note.end == piece.end], key=piece.key, incomplete=True)


CHORALES = {
    "triads, share of the time": lambda piece: triad_share([piece]),
    "dissonant pairs, share of the time": lambda piece: dissonance([piece]),
    **{f"{kind} to 1000 moves{' *' * (kind in RULED)}": a_thousand_moves(kind) for kind in KINDS},
    "all faults to 1000 moves": a_thousand_moves(*KINDS),
    "last chord on the tonic *": lambda piece: (chord := last_chord(piece)) is not None and chord.root == piece.key.pitch_class,
    "fermatas: a triad": at_fermatas(lambda chord, piece: len(chord.pitch_classes) == 3),
    "fermatas: in root position": at_fermatas(lambda chord, piece: chord.inversion == 0),
    "fermatas: on tonic or dominant": at_fermatas(lambda chord, piece: (chord.root - piece.key.pitch_class) % 12 in (0, 7)),
    "fermatas: bars to the next": between_fermatas,
    "notes a bar": lambda piece: len(piece.notes) / len(piece.bars),
}
for number, name in enumerate(("soprano", "alto", "tenor", "bass")):
    CHORALES |= {
        f"{name}: mean pitch": voice(number, lambda notes: np.mean([note.pitch for note in notes])),
        f"{name}: lowest to highest note": voice(number, lambda notes: np.ptp([note.pitch for note in notes])),
        f"{name}: steps of at most a tone": voice(number, lambda notes: share(steps(notes), lambda step: 0 < abs(step) <= 2)),
    }
CHORALE_HISTOGRAMS = {
    "pitches above the tonic, overlap": above_tonic,
    "intervals within a voice, overlap": lambda piece: [
        step for i in range(len(piece.voices)) for step in steps([note for note in piece.notes if note.voice == i])
    ],
    "note lengths, overlap": lambda piece: [note.duration for note in piece.notes],
}
