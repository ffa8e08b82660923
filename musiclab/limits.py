"""Limits that a tune can be asked to keep: its range, its density, its swing. `musiclab.controls` sees to it that they
are kept; swing is put into the notes that the network wrote, for it read music as it is printed, in even eighths."""

import re
from dataclasses import replace

from musiclab.piece import TICKS_PER_QUARTER
from musiclab.symbols import PITCH, read_symbol

OCTAVE = 12  # semitones: any range that wide has a tonic to end on
MOST_NOTES = 96
HALF = TICKS_PER_QUARTER // 2  # of a beat
LONG = 2 * TICKS_PER_QUARTER // 3  # the longer one of a pair of notes that swing


def read_range(text):
    """The lowest and the highest MIDI pitch of a range such as "D4-B5".

    Raises:
        ValueError: it is not made of two pitches, or less than an octave wide.

    >>> read_range("D4-B5")
    (62, 83)
    """
    pitches = [read_symbol(name.strip()) for name in str(text).split("-", 1)]
    if [kind for kind, _ in pitches] != [PITCH, PITCH] or not all(isinstance(pitch, int) for _, pitch in pitches):
        raise ValueError(f"range {text!r}: expected the lowest and the highest pitch, such as D4-B5")
    low, high = (pitch for _, pitch in pitches)
    if high - low < OCTAVE:
        raise ValueError(f"range {text!r}: {high - low} semitones; expected an octave (12) or more, upwards, as in D4-B5")
    return low, high


def read_density(text):
    """The fewest and the most notes in a bar, such as "6-8", or "8" for just so many.

    Raises:
        ValueError: it is not made of one or two whole numbers from 1 to 96, the smaller one first.

    >>> read_density("6-8"), read_density(8)
    ((6, 8), (8, 8))
    """
    match = re.fullmatch(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))?", str(text).strip())
    fewest, most = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= fewest <= most <= MOST_NOTES:
        raise ValueError(f"density {text!r}: expected notes a bar, from 1 to {MOST_NOTES}, such as 8, or 6-8 for 6 to 8")
    return fewest, most


def straight_places(meter):
    """Where notes may begin in a bar that is to swing: at quarters of its beats, never at thirds.

    Args:
        meter: a `Meter` of quarter notes or half notes.

    Returns:
        range of ticks from the bar line.

    Raises:
        ValueError: a meter such as 6/8, whose beats are threes already.
    """
    if meter.denominator not in (2, 4):
        raise ValueError(f"swing in {meter}: its eighth notes are not in pairs; expected a meter such as 4/4, 2/2 or 3/4")
    return range(0, meter.bar, HALF // 2)


def swung(piece, since=0):
    """The piece with its eighth notes in pairs, long and short: what began at half of a beat begins at two thirds.

    Args:
        piece: a `Piece` of one meter, whose notes begin and end at quarters of beats.
        since: the tick before which notes stay as they are.

    >>> from musiclab.piece import Note, Piece
    >>> [note[:2] for note in swung(Piece([Note(0, 12, 60), Note(12, 6, 62), Note(18, 6, 64), Note(24, 24, 65)])).notes]
    [(0, 16), (16, 4), (20, 4), (24, 24)]
    """

    def later(tick):  # from the bar line
        beat, rest = divmod(tick, 2 * HALF)
        return 2 * HALF * beat + (rest * LONG // HALF if rest <= HALF else LONG + (rest - HALF) * (2 * HALF - LONG) // HALF)

    pickup = piece.pickup if since else -later(-piece.pickup)
    notes = []
    for note in piece.notes:
        if note.start >= since:
            start, end = (later(tick - piece.pickup) + pickup for tick in (note.start, note.end))
            note = note._replace(start=start, duration=end - start)
        notes.append(note)
    return replace(piece, notes=notes, pickup=pickup)
