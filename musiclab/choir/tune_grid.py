"""A tune in any meter on the grid of a chorale: one beat of the tune is one quarter note of the choir.

So a jig's dotted quarter and a reel's half note are each harmonised by one chord, and triplets and short notes pass between chords.
"""

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musiclab.choir.frames import FRAMES_A_BEAT, LAYOUT, given_columns, to_c
from musiclab.choir.part_rules import HOLD, MOVE, RANGES, STRIKE
from musiclab.commission import likely_key
from musiclab.harmony.pulse import beats, is_compound, spans
from musiclab.piece import DRUMS, TICKS_PER_QUARTER, Piece

PARTS = {
    False: (0, 1 / 4, 1 / 2, 3 / 4),
    True: (0, 1 / 3, 2 / 3, 5 / 6),
}  # where in a beat its frames lie; True: in compound time
LOWEST_SUNG = 21  # A0: below it no voice may be pushed with a low tune


class TuneGrid(NamedTuple):
    """A tune as a choir hears it.

    Args:
        melody: the tune, a `Piece` of one voice with a key.
        ticks: (n_frames,) where the frames begin; the first is the first beat on which the tune sounds or has sounded.
        line: (n_frames,) ids of the tune, written on the tonic C; a rest prolongs the note before it.
        acts: (n_frames,) what the other voices do, for `PartRules`.
        given: what the network is given, (n_frames, n_given).
        shift: semitones by which the frames are higher than the tune.
        ranges: of the four voices as they are written.
    """

    melody: Piece
    ticks: list
    line: np.ndarray
    acts: np.ndarray
    given: np.ndarray
    shift: int
    ranges: list


def tune_grid(melody, passing=False):
    """Put a tune on the grid of a chorale.

    Args:
        melody: a `Piece` with one voice, one note at a time.
        passing: whether the other voices may move in the middle of a beat too (in compound time on its last third).

    Returns:
        TuneGrid

    Raises:
        ValueError: no notes, several voices, several notes at once, or a tune so low that no voice can be put under it.
    """
    notes = _line(melody)
    melody = melody if melody.keys else replace(melody, keys=[(0, likely_key(melody))])
    heard = [beat for beat in _sung(melody) if beat.start >= notes[0].start]
    if not heard:
        raise ValueError(f"{_name(melody)} ends before its first beat: there is no place for a chord; give a longer tune")
    higher = to_c(melody.key)
    shift, ranges = higher + 12 * _octaves(notes), [(low + higher, high + higher) for low, high in RANGES]
    if ranges[1][0] - shift < LOWEST_SUNG:
        raise ValueError(f"{_name(melody)} lies too low to put three voices under it: transpose it up by an octave or two first")

    starts = [beat.start for beat in heard]
    last = min(bisect_left(starts, notes[-1].start), len(heard) - 1)  # beats after it keep the closing chord
    stops = {max(bisect_right(starts, tick) - 1, 0) for tick in melody.fermatas}
    ticks, acts = [], []
    for i, beat in enumerate(heard):
        ticks += [beat.start + int(beat.length * part) for part in PARTS[beat.compound]]
        rests = not any(note.start <= beat.start < note.end for note in notes)
        first = STRIKE if i in stops or i in (0, last) else HOLD if rests or i > last else MOVE
        middle = MOVE if passing and i < last and i not in stops and not rests else HOLD
        acts += [first, HOLD, middle, HOLD]
    which = np.searchsorted([note.start for note in notes], ticks, side="right") - 1
    ids = np.array([_folded(notes[i].pitch + shift - LAYOUT.lowest + 1) for i in which])
    again = np.append(False, (np.diff(which) > 0) & (np.diff(ids) == 0))
    line = np.where(again, LAYOUT.again_id, ids)
    bar = 3 if len(sung_beats(melody.meter)) % 3 == 0 else 4
    places = [FRAMES_A_BEAT * beat.place + part for beat in heard for part in range(FRAMES_A_BEAT)]
    known = [FRAMES_A_BEAT * i for i in sorted(stops)] if stops else None
    given = given_columns(melody.key.mode, FRAMES_A_BEAT * bar, places, known, line, higher, plain=not passing)
    return TuneGrid(melody, ticks, line, np.array(acts), given, shift, ranges)


def sung_beats(meter):
    """The ticks of a bar at which a choir changes its chord: its beats, those shorter than a quarter note taken together.

    >>> from musiclab.piece import Meter
    >>> [sung_beats(Meter.parse(text)) for text in ("2/2", "6/8", "3/8", "5/8")]
    [(0, 48), (0, 36), (0,), (0, 24)]
    """
    places = beats(meter)
    if len(places) > 1 and places[1] < TICKS_PER_QUARTER and not is_compound(meter):
        return tuple(range(0, max(1, meter.bar - TICKS_PER_QUARTER + 1), TICKS_PER_QUARTER))
    return tuple(places)


def _line(melody):
    """The notes of the only voice."""
    name = _name(melody)
    if not melody.notes:
        raise ValueError(f"{name} has no notes: there is nothing to harmonise")
    playing = {note.voice for note in melody.notes}
    if len(playing) > 1:
        raise ValueError(f"{name} has {len(playing)} voices that play: expected one; take the tune out first")
    if melody.voices[playing.pop()].program == DRUMS:
        raise ValueError(f"{name} is for drums: expected a voice with pitches")
    for note, following in zip(melody.notes, melody.notes[1:]):
        if following.start < note.end:
            bar = melody.bar_number(following.start)
            raise ValueError(f"{name} plays several notes at once in bar {bar}: expected one at a time; take the tune out first")
    return melody.notes


def _octaves(notes):
    """By how many octaves the tune goes up to lie where sopranos sing, as little as may be."""
    low, high = RANGES[0]
    outside = lambda octaves: sum(  # noqa: E731
        note.duration * max(low - note.pitch - 12 * octaves, note.pitch + 12 * octaves - high, 0) for note in notes
    )
    return min(range(-10, 11), key=lambda octaves: (outside(octaves), abs(octaves)))


def _folded(id):
    """The id of a pitch that the network knows, in another octave if need be."""
    while id < 1:
        id += 12
    while id > LAYOUT.n_pitches:
        id -= 12
    return id


class _Beat(NamedTuple):
    """A beat that a choir sings: its place is counted in beats, from the last bar line in bars as the network knows them."""

    start: int
    length: int
    place: int
    compound: bool


def _sung(melody):
    """The beats of a tune. Bars of one or two beats are joined to bars of four."""
    found = []
    for start, _, tick in spans(melody, sung_beats):
        meter = melody.meter_at(start)
        places = sung_beats(meter)
        if tick in places:
            i = places.index(tick)
            place = i % 3 if len(places) % 3 == 0 else min(i, 3)
            if len(places) < 3:
                place = (melody.bar_number(start) * len(places) - len(places) + i) % 4
            found.append(_Beat(start, (*places, meter.bar)[i + 1] - tick, place, is_compound(meter)))
    return found


def _name(melody):
    return repr(melody.title) if melody.title else "this piece"
