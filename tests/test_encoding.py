"""The small functions of lesson 1, against other ways of computing the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.encoding import midi_to_hz, name_to_midi, notes_from_events, piano_roll, quantise
from musiclab.piece import Key


def test_frequencies_agree_with_pretty_midi():
    pretty_midi = pytest.importorskip("pretty_midi")
    pitches = np.arange(128)
    np.testing.assert_allclose(midi_to_hz(pitches), pretty_midi.note_number_to_hz(pitches), rtol=1e-12)


def test_frequencies_survive_small_integers():
    np.testing.assert_allclose(midi_to_hz(np.array([57, 81], dtype=np.uint8)), [220, 880])


def test_an_octave_is_twice_the_frequency_and_shapes_are_kept():
    pitches = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_allclose(midi_to_hz(pitches + 12), 2 * midi_to_hz(pitches))


@given(st.integers(0, 127), st.sampled_from(["C", "F#", "Db", "E", "Bb"]))
def test_every_name_that_a_key_writes_is_read_back(pitch, tonic):
    assert name_to_midi(Key(tonic).name(pitch)) == pitch


@given(st.sampled_from("CDEFGAB"), st.sampled_from(["", "#", "##", "###", "b", "bb", "bbb"]), st.integers(-1, 9))
def test_names_agree_with_music21(letter, accidentals, octave):
    from music21.pitch import Pitch

    theirs = Pitch(letter + accidentals.replace("b", "-"))
    theirs.octave = octave
    assert name_to_midi(f"{letter}{accidentals}{octave}") == theirs.ps


@pytest.mark.parametrize("name", ["", "H4", "c4", "C", "C#b4", "C4#", "C 4", "4", "C4\n"])
def test_other_names_are_refused_with_the_form_they_should_have(name):
    with pytest.raises(ValueError, match="expected a letter A to G, then '#' or 'b'"):
        name_to_midi(name)


def test_events_become_notes_by_the_four_rules():
    events = [
        (0.0, "off", 72, 0),  # nothing sounds: passed over
        (0.0, "on", 60, 80),
        (0.5, "on", 64, 90),
        (1.0, "on", 60, 70),  # ends the first note, starts another
        (1.5, "on", 64, 0),  # is an off
        (3.0, "off", 60, 33),
        (4.0, "on", 65, 50),  # never ends: left out
    ]
    assert notes_from_events(events) == [(0.0, 1.0, 60, 80), (0.5, 1.0, 64, 90), (1.0, 2.0, 60, 70)]


notes_of_one_pitch = st.lists(st.integers(1, 9), min_size=2, max_size=20)  # distances: silence, note, silence, note ...


@given(st.dictionaries(st.integers(0, 127), notes_of_one_pitch, max_size=4), st.booleans())
def test_events_of_notes_give_the_notes_back(lengths, as_velocity_0):
    notes = []
    for pitch, distances in lengths.items():
        times = np.cumsum(distances).tolist()
        notes += [(start, end - start, pitch, 1 + start % 127) for start, end in zip(times[::2], times[1::2])]
    events = [(start, "on", pitch, velocity) for start, _, pitch, velocity in notes]
    events += [(start + duration, "on" if as_velocity_0 else "off", pitch, 0) for start, duration, pitch, _ in notes]
    events.sort(key=lambda event: event[0])
    assert notes_from_events(events) == sorted(notes)


def test_halves_go_up():
    assert quantise(np.array([0.25, 0.75, 1.25, 1.75]), 60, 2).tolist() == [1, 2, 3, 4]


@given(st.lists(st.floats(0, 1000), max_size=20), st.floats(20, 400), st.sampled_from([1, 2, 3, 4, 12, 24]))
def test_no_time_moves_by_more_than_half_a_step(times, tempo, steps_per_quarter):
    steps = quantise(times, tempo, steps_per_quarter)
    step = 60 / tempo / steps_per_quarter
    assert steps.dtype.kind == "i" and steps.shape == (len(times),)
    assert np.all(np.abs(steps * step - times) <= step / 2 * (1 + 1e-9) + 1e-9)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9), st.integers(0, 127), st.integers(1, 127)), max_size=12))
def test_a_roll_is_1_exactly_where_a_note_sounds(notes):
    roll = piano_roll(notes, 16)
    assert roll.shape == (16, 128)
    for step in range(16):
        sounding = {pitch for start, duration, pitch, _ in notes if start <= step < start + duration}
        assert set(np.flatnonzero(roll[step]).tolist()) == sounding
    assert set(np.unique(roll)) <= {0.0, 1.0}
