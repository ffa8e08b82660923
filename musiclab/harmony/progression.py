"""Chords in time: those that several voices sound, and those that go well under a tune."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musiclab.harmony.chord import QUALITIES, Chord, chord_of, scale, sonorities
from musiclab.harmony.pulse import beats, spans, strong_beats
from musiclab.piece import DRUMS

COUNTS = Path(__file__).parent.parent / "data" / "chords.json"  # made by tools/count_chords.py
COUNTED = ("major", "minor", "diminished", "dominant seventh")
SIMPLER = {  # what a rarer chord counts as
    "minor seventh": "minor",
    "major seventh": "major",
    "half-diminished seventh": "diminished",
    "diminished seventh": "diminished",
}
CHANGE_AT_BAR, CHANGE_INSIDE = (
    0.7,
    0.3,
)  # how readily a tune changes its chord; no collection of ours could say, for tunes have no chords
OFF_BEAT = 0.5  # what a note that begins off the beat, or before it, counts beside one that begins on it
TRUST = 2.0  # how much the notes of a span count against the custom of progressions; chosen on Bach's chorales for validation
ALSO = 0.5  # added to each count of notes
CUSTOM = 15  # changes that every chord is taken to have made besides those counted, to where chords go overall


class Sounding(NamedTuple):
    """A chord and the ticks between which it holds."""

    start: int
    end: int
    chord: Chord


def chords_in(piece, places=beats):
    """The chords that the voices of a piece form, beat by beat.

    A beat has the first chord that is heard in it, so that a suspension counts as what it resolves to; where none is, the chord before
    holds on. Fifths may be missing.

    Args:
        places: `places(meter)` gives the ticks of a bar at which a chord may begin.

    Returns:
        list of Sounding, without gaps from the first chord on; equal neighbours are one.

    >>> from musiclab.piece import Note, Piece
    >>> piece = Piece([Note(0, 24, 60), Note(0, 24, 64), Note(0, 24, 67), Note(24, 24, 59), Note(24, 24, 62), Note(24, 24, 67)])
    >>> [(start, chord.symbol()) for start, _, chord in chords_in(piece)]
    [(0, 'C'), (24, 'G/B')]
    """
    changes, i, found = sonorities(piece), 0, []
    for start, end, _ in spans(piece, places):
        while i < len(changes) and changes[i][1] <= start:
            i += 1
        here, k = [], i
        while k < len(changes) and changes[k][0] < end:
            here.append(chord_of(changes[k][2], key=piece.key_at(start), incomplete=True))
            k += 1
        found.append((start, end, next((chord for chord in here if chord), None)))
    return _joined(found)


def chords_under(piece, places=strong_beats, *, chromatic=False):
    """Chords for a tune: at each place the one that is likeliest, given all of the tune.

    A hidden Markov model: chords follow each other as in Bach's chorales, and the tune touches their notes as Bach's melodies do
    (`tools/count_chords.py` counts both); a run forwards and one backwards through the tune give the chances of each chord at each
    place. The chords are the major and minor triads of the mode and, in major, the dominant seventh; in minor, where the tune raises its
    seventh at least as often as not, the major dominant and its seventh in place of the minor one. The last chord is the tonic if the
    last note belongs to it.

    Args:
        piece: of several voices, the first is the tune.
        places: `places(meter)` gives the ticks of a bar at which a chord may begin; for a chorale's melody,
            `musiclab.harmony.pulse.beats`.
        chromatic: allow every chord that Bach uses, whether in the mode or not.

    Returns:
        list of Sounding, in root position, from tick 0 to the end of the piece; empty for a piece without notes.

    >>> from musiclab.piece import Key, Note, Piece
    >>> tune = Piece([Note(24 * i, 24, p) for i, p in enumerate([67, 64, 60, 64, 65, 69, 65, 62, 67, 65, 62, 59])] + [Note(288, 96, 60)])
    >>> [chord.symbol() for _, _, chord in chords_under(tune)]
    ['C', 'Dm', 'G7', 'C']
    """
    first = min((note.voice for note in piece.notes if piece.voices[note.voice].program != DRUMS), default=None)
    tune = [note for note in piece.notes if note.voice == first]
    if not tune:
        return []
    all_spans, found = spans(piece, places), []
    runs = {}  # a key's spans; the tonic is another after a change of key
    for span in all_spans:
        runs.setdefault(max((tick for tick, _ in piece.keys if tick <= span[0]), default=0), []).append(span)
    for run in runs.values():
        key = piece.key_at(run[0][0])
        touching = _touching(tune, run)
        states = _states(key, tune, chromatic)
        fit = np.array(
            [_fit(states, notes, start, _beat(piece, start), key) for (start, _, _), notes in zip(run, touching)],
        )
        if run[-1] == all_spans[-1]:
            tonic = (0, "minor" if (key.pitch_class + 3) % 12 in scale(key) else "major")
            if (tune[-1].pitch - key.pitch_class) % 12 in {0, 7, 3 if tonic[1] == "minor" else 4}:
                fit[-1] += [0 if state == tonic else -np.inf for state in states]
        stays = [_stays(places is beats)[place == 0] for _, _, place in run]
        for (start, end, _), i in zip(run, _likeliest(states, fit, stays, key.mode)):
            root = (states[i][0] + key.pitch_class) % 12
            found.append((start, end, Chord(root, states[i][1], root)))
    return _joined(found)


def _beat(piece, tick):
    places = beats(piece.meter_at(tick))
    return places[1] if len(places) > 1 else piece.meter_at(tick).bar


def _states(key, tune, chromatic):
    """The chords to choose from, as `(semitones above the tonic, quality)`."""
    if chromatic:
        return [(degree, quality) for degree in range(12) for quality in COUNTED]
    members = {(pitch_class - key.pitch_class) % 12 for pitch_class in scale(key)}
    in_mode = lambda root, quality: all((root + i) % 12 in members for i in QUALITIES[quality])  # noqa: E731
    states = [(root, quality) for root in sorted(members) for quality in ("major", "minor") if in_mode(root, quality)]
    if key.mode == "major":
        states.append((7, "dominant seventh"))
    if key.mode == "minor":
        raised, natural = (sum(n.duration for n in tune if (n.pitch - key.pitch_class) % 12 == step) for step in (11, 10))
        if raised >= natural:
            states = [state for state in states if state != (7, "minor")] + [(7, "major"), (7, "dominant seventh")]
    return states


def _touching(tune, run):
    """For each span, the notes that sound in it, as `(start, ticks in the span, pitch)`."""
    found, i = [], 0
    for start, end, _ in run:
        while i < len(tune) and tune[i].end <= start:
            i += 1
        k, here = i, []
        while k < len(tune) and tune[k].start < end:
            ticks = min(end, tune[k].end) - max(start, tune[k].start)
            if ticks > 0:
                here.append((tune[k].start, ticks, tune[k].pitch))
            k += 1
        found.append(here)
    return found


def _fit(states, notes, start, beat, key):
    """How well notes go with each chord, (n_states,): log-probabilities, weighed by length in beats."""
    tones, total = _tones(), np.zeros(len(states))
    for onset, ticks, pitch in notes:
        on_beat = onset >= start and (onset - start) % beat == 0
        weight = (1.0 if on_beat else OFF_BEAT) * ticks / beat
        total += [weight * tones[quality][(pitch - key.pitch_class - degree) % 12] for degree, quality in states]
    return TRUST * total


def _likeliest(states, fit, stays, mode):
    """At each place the root with the best chances, and its best quality, as an index into `states`.

    Args:
        fit: (n_places, n_states) log-probability of the notes, given each chord.
        stays: how often a chord holds on at each place.
    """
    use, moves = _steps(tuple(states), mode)
    n_places, n_states = fit.shape
    steps = [np.log(np.eye(n_states) * stay + moves * (1 - stay)) for stay in stays]
    forwards, backwards = np.empty_like(fit), np.zeros_like(fit)
    forwards[0] = np.log(use) + fit[0]
    for i in range(1, n_places):
        forwards[i] = fit[i] + np.logaddexp.reduce(forwards[i - 1][:, None] + steps[i], axis=0)
    for i in range(n_places - 1, 0, -1):
        backwards[i - 1] = np.logaddexp.reduce(steps[i] + (fit[i] + backwards[i]), axis=1)
    chances = forwards + backwards
    chances = np.exp(chances - chances.max(axis=1, keepdims=True))
    of_root = chances @ np.array([[a[0] == b[0] for b in states] for a in states])  # of all chords on the same root
    return np.lexsort((chances, of_root.round(9)), axis=1)[:, -1].tolist()


@cache
def _counts():
    return json.loads(COUNTS.read_text(encoding="utf-8"))


@cache
def _tones():
    """Quality -> log-probability of each of the twelve intervals above the root."""
    counts = {quality: np.array(table) + ALSO for quality, table in _counts()["tones"].items()}
    return {quality: np.log(table / table.sum()).tolist() for quality, table in counts.items()}


@cache
def _steps(states, mode):
    """How often each chord is used, (n_states,), and where each goes when it changes, (n_states, n_states); rows add up to 1."""
    moves = _counts()["moves"][mode]
    counts = np.array([[moves.get(_label(a), {}).get(_label(b), 0) * (a != b) for b in states] for a in states], dtype=float)
    use = counts.sum(axis=0) + ALSO
    use /= use.sum()
    counts += CUSTOM * use * (1 - np.eye(len(states)))
    return use, counts / counts.sum(axis=1, keepdims=True)


def _stays(on_every_beat):
    """How often a chord holds on (inside a bar, at a bar line): in Bach, beat by beat, or in dance tunes."""
    if not on_every_beat:
        return 1 - CHANGE_INSIDE, 1 - CHANGE_AT_BAR
    table = _counts()["stays"]
    return tuple(held / whole for held, whole in (table["inside"], table["bar line"]))


def _label(state):
    return f"{state[0]} {state[1]}"


def _joined(found):
    """Spans with chords, equal neighbours made one, and gaps filled by the chord before."""
    joined = []
    for start, end, chord in found:
        if joined and (chord is None or chord == joined[-1].chord):
            joined[-1] = joined[-1]._replace(end=end)
        elif chord:
            joined.append(Sounding(start, end, chord))
    return joined
