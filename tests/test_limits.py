import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.limits import read_density, read_range, straight_places, swung
from musiclab.piece import Meter, Note, Piece


def test_a_range_is_two_pitches():
    assert read_range("G3-D6") == (55, 86)
    assert read_range(" Bb3 - C5 ") == (58, 72)


@pytest.mark.parametrize("text", ["", "D4", "D4-", "D4-H5", "D4-R", "D4-1/8", "4-5", "D4-B5-C6", None])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ValueError, match="expected the lowest and the highest pitch, such as D4-B5"):
        read_range(text)


@pytest.mark.parametrize(("text", "semitones"), [("D4-C5", 10), ("D5-D4", -12), ("C4-B4", 11)])
def test_a_range_of_less_than_an_octave_is_refused(text, semitones):
    with pytest.raises(ValueError, match=f"range '{text}': {semitones} semitones; expected an octave"):
        read_range(text)


def test_a_density_is_one_number_or_two():
    assert read_density("4") == read_density(4) == read_density("4-4") == (4, 4)
    assert read_density(" 2 - 16 ") == (2, 16)


@pytest.mark.parametrize("text", ["", "0", "0-4", "8-6", "97", "4.5", "4-", "-4", "1-2-3", "many", None])
def test_what_is_no_density_is_refused(text):
    with pytest.raises(ValueError, match="expected notes a bar, from 1 to 96, such as 8, or 6-8 for 6 to 8"):
        read_density(text)


def test_what_begins_at_half_of_a_beat_begins_at_two_thirds():
    even = [Note(tick, 6, 60) for tick in range(0, 96, 6)]
    starts = [0, 8, 16, 20, 24, 32, 40, 44, 48, 56, 64, 68, 72, 80, 88, 92]
    assert [(note.start, note.end) for note in swung(Piece(even)).notes] == list(zip(starts, [*starts[1:], 96]))


def test_a_pickup_swings_as_the_end_of_a_bar():
    piece = Piece([Note(0, 12, 60), Note(12, 12, 62), Note(24, 84, 60)], pickup=12, meters=[(0, Meter(2, 2))])
    found = swung(piece)
    assert found.pickup == 8
    assert [note[:2] for note in found.notes] == [(0, 8), (8, 16), (24, 80)]


def test_notes_that_were_there_already_stay_as_they_are():
    piece = Piece([Note(0, 12, 60), Note(12, 12, 62), Note(24, 12, 60), Note(36, 12, 62), Note(48, 12, 62)], pickup=12)
    found = swung(piece, since=36)
    assert (found.pickup, found.notes[:3]) == (12, piece.notes[:3])
    assert [note[:2] for note in found.notes[3:]] == [(36, 16), (52, 8)]


@given(st.lists(st.sampled_from([6, 12, 18, 24, 36, 48]), min_size=1), st.sampled_from([0, 6, 12, 24]))
def test_swing_keeps_notes_in_order_and_beats_where_they_are(lengths, pickup):
    ends = np.cumsum(lengths).tolist()
    piece = Piece([Note(end - length, length, 60) for end, length in zip(ends, lengths)], pickup=pickup)
    found = swung(piece)
    assert all(a.end == b.start for a, b in zip(found.notes, found.notes[1:]))
    for note, other in zip(piece.notes, found.notes):
        if (note.start - pickup) % 24 == 0:
            assert other.start - found.pickup == note.start - pickup


def test_only_beats_of_two_can_swing():
    assert list(straight_places(Meter(2, 4))) == [0, 6, 12, 18, 24, 30, 36, 42]
    with pytest.raises(ValueError, match="swing in 6/8: its eighth notes are not in pairs"):
        straight_places(Meter(6, 8))
