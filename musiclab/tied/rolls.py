"""Chorales as rolls of chords, a row an eighth note, and rolls as a `Piece` again.

A roll is (n_steps, N_PITCHES) of SILENT, HELD (goes on sounding) and STRUCK. Row 0 is a downbeat of a 4/4 bar, and column 0 is the pitch
LOWEST. So `roll > 0` is what sounds, and `roll == STRUCK` what begins.
"""

import numpy as np

from musiclab.key import Key
from musiclab.piece import TICKS_PER_QUARTER, Meter, Note, Piece, Voice

SILENT, HELD, STRUCK = 0, 1, 2
LOWEST, N_PITCHES = 36, 48  # C2 to B5
STEP = TICKS_PER_QUARTER // 2
PLACES = 8  # steps in a bar of 4/4
NAMES = ("Soprano", "Alto", "Tenor", "Bass")
CHOIR = 52  # General MIDI's "Choir Aahs"


def chord_roll(piece):
    """A piece of any number of voices as a roll.

    A note fills the steps on which it sounds at their beginning, and is struck on the first of them; one that stands between two steps
    is lost. A pickup stands at the end of the first bar, silence before it.

    Args:
        piece: in 4/4 from beginning to end, pitches LOWEST to LOWEST + N_PITCHES - 1.

    Returns:
        (n_steps, N_PITCHES) int8.

    Raises:
        ValueError: another meter, or a pitch outside.

    >>> roll = chord_roll(Piece([Note(0, 24, 60), Note(24, 12, 60), Note(24, 12, 64)]))
    >>> roll[:, [60 - LOWEST, 64 - LOWEST]].tolist()
    [[2, 0], [1, 0], [2, 2]]
    """
    if [meter for _, meter in piece.meters] != [Meter(4, 4)]:
        meters = ", ".join(str(meter) for _, meter in piece.meters)
        raise ValueError(f"{piece.title!r} is in {meters}: a roll of chords holds pieces in 4/4 only; choose others")
    shift = -piece.pickup % piece.meter.bar
    roll = np.zeros((-(-(shift + piece.end) // STEP) if piece.notes else 0, N_PITCHES), np.int8)
    for note in piece.notes:
        if not LOWEST <= note.pitch < LOWEST + N_PITCHES:
            expected = f"{LOWEST} to {LOWEST + N_PITCHES - 1}"
            raise ValueError(f"pitch {note.pitch} in {note} of {piece.title!r}: expected {expected}; transpose the piece first")
        start, end = (-(-(shift + tick) // STEP) for tick in (note.start, note.end))
        column = roll[start:end, note.pitch - LOWEST]
        column[:] = HELD  # notes come in order of time, so no stroke is lost
        column[:1] = STRUCK
    return roll


def first_sounding(roll):
    """How many silent rows stand at the beginning, which only put a pickup in its place."""
    return int((np.asarray(roll) > 0).any(axis=1).argmax())


def roll_piece(roll, tempo=80, title="", key=None):
    """A roll as a `Piece`, its notes dealt to as many voices as sound at once at most.

    Args:
        roll: (n_steps, n) with SILENT, HELD and STRUCK, or of 0 and 1 for what sounds; a held pitch that did not sound before is struck.
        tempo: quarter notes a minute.
        title: of the piece.
        key: `Key` for the spelling; C major if None.

    Returns:
        `Piece` in 4/4, voices from the top down. At each step the notes keep their voice while they sound; new notes go, in order of
        pitch, to the free voices that cross the fewest others.

    >>> piece = roll_piece(chord_roll(Piece([Note(0, 24, 60), Note(0, 48, 48)])))
    >>> [(note.start, note.duration, note.pitch, note.voice) for note in piece.notes]
    [(0, 24, 60, 1), (0, 48, 48, 3)]
    """
    roll = np.asarray(roll)
    if roll.ndim != 2 or not np.isin(roll, (SILENT, HELD, STRUCK)).all():
        raise ValueError(f"a roll of shape {roll.shape}: expected (n_steps, n_pitches) of 0 (silent), 1 (goes on) and 2 (struck)")
    n_voices = max(1, int((roll > 0).sum(axis=1).max(initial=0)))
    names = NAMES if n_voices <= len(NAMES) else [f"Voice {i + 1}" for i in range(n_voices)]
    voices = [Voice(name, CHOIR) for name in names]
    notes, sounding = [], {}  # column -> (step at which it was struck, voice)

    def end(column, t):
        start, voice = sounding.pop(column)
        notes.append(Note(start * STEP, (t - start) * STEP, LOWEST + column, voice=voice))

    last = [N_PITCHES * (len(voices) - voice) // (len(voices) + 1) for voice in range(len(voices))]  # evenly spread at first
    for t, row in enumerate(roll):
        for column in [c for c in sounding if row[c] != HELD]:
            end(column, t)
        new = [int(c) for c in row.nonzero()[0][::-1] if c not in sounding]
        for column, voice in zip(new, _dealt(new, {voice: c for c, (_, voice) in sounding.items()}, last)):
            sounding[column], last[voice] = (t, voice), column
    for column in list(sounding):
        end(column, len(roll))
    tempos = [(0, round(60e6 / tempo))]
    return Piece(notes, voices, tempos, keys=[(0, key or Key("C"))], title=title, style="chorale")


def _dealt(new, taken, last):
    """A voice for each new column, from the top down, so that the fewest lines cross and the steps are smallest.

    Args:
        new: columns, falling; taken: voice -> column of what goes on; last: of each voice, the column it sang last.
    """

    def price(voice, column):
        crossed = sum((other - voice) * (sung - column) > 0 for other, sung in taken.items())
        return 1000 * crossed + abs(last[voice] - column)

    free = [voice for voice in range(len(last)) if voice not in taken]
    ways = [(0, ())] * (len(free) + 1)  # the cheapest deal of the columns so far among the first few free voices
    for column in new:
        longer = [(np.inf, ())]
        for (cost, voices), voice in zip(ways, free):
            longer.append(min(longer[-1], (cost + price(voice, column), (*voices, voice))))
        ways = longer
    return ways[-1][1]


def opening_chord():
    """A row in which one chord of C major is struck: C3, G3, E4, C5.

    >>> (opening_chord().nonzero()[0] + LOWEST).tolist()
    [48, 55, 64, 72]
    """
    row = np.zeros(N_PITCHES, np.int8)
    row[np.array([48, 55, 64, 72]) - LOWEST] = STRUCK
    return row
