import pytest

from musiclab.controls import TuneControls
from musiclab.opening import legible, opening
from musiclab.piece import Key, Meter, Note, Piece
from musiclab.symbols import Vocabulary

VOCABULARY = Vocabulary(["<reel>", "<4/4>", "<major>", "<4 bars>", "C5", "D5", "C4", "1/8", "1/4", "1/2", "R", "~"])
CONTROLS = TuneControls(VOCABULARY, style="reel", meter=Meter(4, 4), mode="major", bars=1)


def begin(notes, meter="4/4", **more):
    symbols, tonic, n_bars = opening(Piece([Note(*note) for note in notes], **more), Meter.parse(meter), Key("C"))
    assert tonic % 12 == 0
    return " ".join(symbols), n_bars


def test_an_open_bar_is_left_open_and_a_full_one_closed():
    assert begin([(0, 48, 72)]) == ("C5 1/2", 1)
    assert begin([(0, 96, 72)]) == ("C5 1 |", 1)
    assert begin([(0, 120, 72)]) == ("C5 1 | ~ 1/4", 2)
    assert begin([(0, 24, 72), (24, 72, 74)], pickup=24) == ("C5 1/4 | D5 3/4", 1)  # as a tune with a pickup ends
    assert begin([(0, 24, 72)], pickup=24) == ("C5 1/4 |", 0)
    assert begin([(0, 12, 72)], pickup=24) == ("C5 1/8", 0)
    assert begin([(24, 24, 72)]) == ("R 1/4 C5 1/4", 1)


def test_a_breath_between_notes_is_not_written():
    assert begin([(0, 22, 72), (24, 20, 74), (48, 11, 76)]) == ("C5 1/4 D5 1/4 E5 1/8", 1)
    assert begin([(0, 18, 72), (24, 8, 74)]) == ("C5 3/16 R 1/16 D5 1/12", 1)  # a rest and a triplet are


def test_what_the_model_has_no_symbol_for_is_put_in_its_words():
    read = lambda *symbols: VOCABULARY.names(legible(symbols, VOCABULARY, CONTROLS))  # noqa: E731
    assert read("C5", "1/4", "|", "~", "1/8") == ["C5", "1/4", "|", "~", "1/8"]
    assert read("C7", "1/4", "C3", "1/4", "D4", "1/4") == ["C5", "1/4", "C4", "1/4", "D5", "1/4"]
    assert read("F#5", "1/4") == ["D5", "1/4"]  # no F sharp at all: the nearest pitch
    assert read("C5", "7/8") == ["C5", "1/2", "C5", "1/4", "C5", "1/8"]
    with pytest.raises(ValueError, match="a note of 1/96 in the tune to go on from"):
        read("C5", "1/96")
