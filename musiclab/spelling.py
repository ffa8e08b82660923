"""How pitches are written: which letter, which accidental."""

from itertools import pairwise

from musiclab.key import LINE_OF_FIFTHS, NATURALS
from musiclab.piece import DRUMS


def spelling(piece):
    """How each note is written: `(letter, alteration, octave)`, None for drums.

    `Key.spell`, but a note foreign to the key that rises by a semitone is written on the letter below its goal (C sharp to D).
    Against the spelling in 40 of Bach's chorales this leaves 99 wrong names in 8,818 notes, `Key.spell` alone 287.

    >>> from musiclab.piece import Key, Note, Piece
    >>> spelling(Piece([Note(0, 24, 61), Note(24, 24, 62)], keys=[(0, Key("C"))]))  # C sharp leads to D
    [('C', 1, 4), ('D', 0, 4)]
    """
    onsets = [{} for _ in piece.voices]
    for note in piece.notes:
        onsets[note.voice].setdefault(note.start, []).append(note.pitch)
    following = [dict(pairwise([*places, None])) for places in onsets]
    written = []
    for note in piece.notes:
        if piece.voices[note.voice].program == DRUMS:
            written.append(None)
            continue
        key = piece.key_at(note.start)
        here, goal = key.spell(note.pitch), key.spell(note.pitch + 1)
        after = onsets[note.voice].get(following[note.voice][note.start], ())
        low_seventh = (note.pitch + 2 - key.pitch_class) % 12 == 0  # before the leading note it stays what it is: F, F sharp in G
        if note.pitch + 1 in after and in_key(goal, key) and not in_key(here, key) and not low_seventh:
            here = _leading_to(goal, note.pitch, here)
        written.append(here)
    return written


def signature(key):
    """The letters that a key alters.

    >>> from musiclab.piece import Key
    >>> signature(Key("D")), signature(Key("F"))
    ({'F': 1, 'C': 1}, {'B': -1})
    """
    return dict.fromkeys(LINE_OF_FIFTHS[: max(0, key.fifths)], 1) | dict.fromkeys(LINE_OF_FIFTHS[::-1][: max(0, -key.fifths)], -1)


def in_key(written, key):
    """Whether a written note needs no accidental in this key."""
    return signature(key).get(written[0], 0) == written[1]


def _leading_to(goal, pitch, otherwise):
    """Write a pitch on the letter below its goal, unless that takes a double sharp."""
    place = 7 * goal[2] + "CDEFGAB".index(goal[0]) - 1
    letter, octave = "CDEFGAB"[place % 7], place // 7
    alteration = pitch - 12 * (octave + 1) - NATURALS[letter]
    return (letter, alteration, octave) if alteration < 2 else otherwise
