import pytest

from musiclab.piece import Key, Meter
from musiclab.widgets import Keyboard

SCALE = [[0.6 * i + 0.02, 0.6 * i + 0.55, pitch, 80] for i, pitch in enumerate((67, 69, 71, 72, 74))]


def test_what_was_recorded_becomes_a_tune_on_the_metronomes_grid():
    keyboard = Keyboard(tempo=100, meter="3/4")
    keyboard.set_state({"notes": SCALE, "counted": True})  # as the page does
    piece = keyboard.piece(key="G")
    assert [(note.start, note.duration, note.pitch) for note in piece.notes] == [
        (24 * i, 24, pitch) for i, (*_, pitch, _) in enumerate(SCALE)
    ]
    assert (piece.meter, piece.key, piece.tempos[0][1]) == (Meter(3, 4), Key("G"), 600_000)


def test_another_tempo_or_meter_can_be_said_afterwards():
    keyboard = Keyboard()
    keyboard.notes = SCALE
    piece = keyboard.piece(tempo=50, meter="2/4")
    assert (piece.meter, piece.notes[1].start) == (Meter(2, 4), 12)


def test_without_a_metronome_the_first_note_is_on_the_beat():
    keyboard = Keyboard(tempo=100)
    keyboard.notes = [[start + 0.29, end + 0.29, *more] for start, end, *more in SCALE]
    assert keyboard.piece().notes[0].start == 0
    keyboard.counted = True
    assert keyboard.piece().notes[0].start == 12


def test_where_nothing_was_played_a_sentence_says_what_to_do():
    with pytest.raises(ValueError, match="press Record, play some notes, and press Stop"):
        Keyboard().piece()


def test_the_instrument_is_one_that_the_sound_font_has():
    assert Keyboard(program=66).plays == 71  # a clarinet for the saxophone
