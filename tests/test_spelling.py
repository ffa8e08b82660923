"""Spelling, case by case."""

import pytest

from musiclab.piece import DRUMS, Key, Note, Piece
from musiclab.spelling import signature, spelling


def spelled(key, *pitches):
    piece = Piece([Note(24 * i, 24, pitch) for i, pitch in enumerate(pitches)], keys=[(0, Key.parse(key))])
    return " ".join(f"{letter}{'#' * alter}{'b' * -alter}{octave}" for letter, alter, octave in spelling(piece))


@pytest.mark.parametrize(
    "key, pitches, names",
    [
        ("A minor", (69, 68, 69), "A4 G#4 A4"),
        ("F major", (65, 70, 71, 72), "F4 Bb4 B4 C5"),
        ("D minor", (62, 61, 62, 70), "D4 C#4 D4 Bb4"),
        ("C major", (60, 61, 62, 63, 64, 65, 66, 67), "C4 C#4 D4 D#4 E4 F4 F#4 G4"),  # rising
        ("C major", (72, 71, 70, 69, 68, 67, 66, 65), "C5 B4 Bb4 A4 Ab4 G4 F#4 F4"),  # falling
        ("G major", (65, 66, 67), "F4 F#4 G4"),  # the low seventh stays before the leading note
        ("E dorian", (64, 61, 62, 67), "E4 C#4 D4 G4"),
        ("A mixolydian", (69, 67, 68, 69), "A4 G4 G#4 A4"),
        ("Gb major", (71, 70), "Cb5 Bb4"),
        ("C# major", (72, 73), "B#4 C#5"),
        ("C# major", (73, 74, 75), "C#5 D5 D#5"),  # rather than C double sharp
        ("C minor", (70, 71, 72), "Bb4 B4 C5"),
        ("Bb major", (60, 59, 60, 61, 62), "C4 B3 C4 C#4 D4"),
    ],
)
def test_notes_are_written_as_musicians_write_them(key, pitches, names):
    assert spelled(key, *pitches) == names


def test_a_spelling_always_sounds_as_the_pitch():
    for key in [Key.from_fifths(fifths, mode) for fifths in range(-7, 8) for mode in ("major", "minor", "dorian", "mixolydian")]:
        piece = Piece([Note(i, 1, i) for i in range(128)], keys=[(0, key)])
        for pitch, (letter, alteration, octave) in enumerate(spelling(piece)):
            assert 12 * (octave + 1) + {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter] + alteration == pitch


def test_drums_have_no_letter():
    assert spelling(Piece([Note(0, 24, 38)], voices=[("Kit", DRUMS)])) == [None]


def test_signatures_of_the_modes():
    assert signature(Key("E", "dorian")) == {"F": 1, "C": 1}
    assert signature(Key("C", "minor")) == {"B": -1, "E": -1, "A": -1}
