"""The small functions of lessons 1 and 2, against other ways of computing the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import stats

from musiclab.encoding import (
    midi_to_hz,
    minmax_score,
    name_to_midi,
    notes_from_events,
    one_hot,
    piano_roll,
    quantise,
    standardise,
    sublevel_score,
)
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


numbers = st.floats(-1000, 1000).map(lambda value: round(value, 2))
tables = arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=numbers)
columns = arrays(float, st.integers(1, 9), elements=numbers)


@given(tables)
def test_standardised_columns_are_the_z_scores_of_scipy(X):
    changing = np.ptp(X, axis=0) > 0
    Z, _, _ = standardise(X)
    np.testing.assert_allclose(Z[:, changing], stats.zscore(X[:, changing], axis=0, ddof=0), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(Z[:, ~changing], 0, atol=1e-9)


def test_new_rows_are_measured_by_the_library_as_in_scipy():
    rng = np.random.default_rng(0)
    X, new = rng.normal(size=(20, 4)) * [1, 10, 100, 0.1], rng.normal(size=(3, 4))
    _, mean, std = standardise(X)
    np.testing.assert_allclose(standardise(new, mean, std)[0], stats.zmap(new, X, axis=0, ddof=0))


@given(tables, st.floats(0.1, 100), numbers)
def test_standardised_columns_forget_unit_and_zero(X, unit, shift):
    clear = X[:, np.ptp(X, axis=0) > 0.1]  # a change that rounding does not drown
    np.testing.assert_allclose(standardise(unit * clear + shift)[0], standardise(clear)[0], atol=1e-6)


@given(tables)
def test_standardising_can_be_undone_and_changes_nothing_in_place(X):
    before = X.copy()
    Z, mean, std = standardise(X)
    np.testing.assert_allclose(Z * std + mean, X, atol=1e-9)
    assert np.array_equal(X, before)


@pytest.mark.parametrize("value", [80, 0.1, 1 / 3, 1e9 + 0.1, -0.7])
@pytest.mark.parametrize("n", [1, 3, 10])
def test_a_column_that_never_changes_becomes_0_even_where_its_mean_is_rounded(value, n):
    Z, _, std = standardise(np.full((n, 1), value))
    assert np.abs(Z).max() < 1e-6 and std.tolist() == [0]


def test_new_rows_are_measured_by_the_old_numbers_and_may_be_lists():
    Z, mean, std = standardise([[5, 1], [9, 4]], mean=[3, 1], std=[2, 0])
    assert Z.tolist() == [[1, 0], [3, 3]] and mean.tolist() == [3, 1] and std.tolist() == [2, 0]


@given(columns)
def test_benefits_lie_on_the_straight_line_from_lowest_to_highest(x):
    score, low, high = minmax_score(x, "benefit")
    assert low == x.min() and high == x.max()
    np.testing.assert_allclose(score, np.interp(x, [low, high], [0, 1]) if low < high else np.zeros(len(x)), atol=1e-12)


@given(columns)
def test_a_cost_is_the_benefit_of_the_negative(x):
    np.testing.assert_allclose(minmax_score(x, "cost")[0], minmax_score(-x, "benefit")[0], atol=1e-9)


@given(columns)
def test_a_cost_and_a_benefit_add_up_to_1_unless_nothing_changes(x):
    total = minmax_score(x, "benefit")[0] + minmax_score(x, "cost")[0]
    np.testing.assert_allclose(total, 1 if np.ptp(x) else 0)


def test_new_values_beyond_old_limits_score_beyond_0_and_1():
    score, low, high = minmax_score([-1, 1, 5], "benefit", 0, 4)
    assert score.tolist() == [-0.25, 0.25, 1.25] and (low, high) == (0, 4)
    assert minmax_score([-1, 1, 5], "cost", 0, 4)[0].tolist() == [1.25, 0.75, -0.25]


def test_equal_limits_score_0_for_both_kinds():
    for kind in ("benefit", "cost"):
        assert minmax_score([7, 7], kind)[0].tolist() == [0, 0]
        assert minmax_score([5, 9], kind, 7, 7)[0].tolist() == [0, 0]


def test_an_indicator_that_is_neither_benefit_nor_cost_is_refused():
    with pytest.raises(ValueError, match="kind 'Cost': expected 'benefit' where more is better, 'cost' where less is"):
        minmax_score([1, 2], "Cost")


@given(st.lists(st.text(), min_size=2, max_size=9, unique=True))
def test_levels_score_equal_steps_from_0_to_1_in_the_order_given(levels):
    np.testing.assert_allclose([sublevel_score(level, levels) for level in levels], np.linspace(0, 1, len(levels)))


@pytest.mark.parametrize("label, levels", [("fff", ("pp", "ff")), ("pp", ["pp"]), ("PP", ["pp", "ff"])])
def test_a_label_that_is_no_level_is_refused_with_the_levels_there_are(label, levels):
    with pytest.raises(ValueError, match="expected one of at least two levels, got \\['pp'"):
        sublevel_score(label, levels)


@given(st.integers(1, 40))
def test_the_one_hot_rows_of_all_places_are_the_unit_matrix(n):
    assert np.array_equal([one_hot(i, n) for i in range(n)], np.eye(n))


@pytest.mark.parametrize("i", [-1, 4, 5])
def test_a_place_outside_the_row_is_refused(i):
    with pytest.raises(ValueError, match=f"place {i}: expected 0 to 3"):
        one_hot(i, 4)
