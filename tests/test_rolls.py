"""Tunes as rolls: there and back, cut into windows, and sung by a network that somebody wrote."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.generate import generate
from musiclab.piece import TICKS_PER_QUARTER, Key, Meter, Note, Piece, Voice
from musiclab.rnn import forget_curve, init_params, rnn_step
from musiclab.rolls import ByHand, melody, melody_roll, next_steps, on_grid, sing

LIKE = Piece([Note(0, 24, 60)], [Voice("Fiddle", 40)], [(0, 400_000)], [(0, Meter(2, 2))], [(0, Key("D", "minor"))], pickup=12)
GRIDS = st.sampled_from([1, 2, 3, 4, 6, 8, 12, 24])


@st.composite
def ids(draw, lowest=1, highest=127):
    """Ids, one a step, in which no pitch follows itself but as the same note; the last one is no rest."""
    heard = draw(st.lists(st.tuples(st.integers(lowest, highest) | st.just(0), st.integers(1, 5)), max_size=12))
    together = [id for id, n in heard for _ in range(n)]
    while together and together[-1] == 0:
        together.pop()
    return together


@given(ids(), GRIDS)
def test_ids_become_a_tune_and_the_tune_the_same_ids(ids, steps_per_quarter):
    tune = melody(ids, LIKE, steps_per_quarter)
    roll = melody_roll(tune, steps_per_quarter)
    assert on_grid(tune, steps_per_quarter)
    assert roll.shape == (len(ids), 128) and roll.argmax(axis=1).tolist() == ids
    assert roll.sum(axis=1).tolist() == [float(id > 0) for id in ids]


@given(ids(20, 100), GRIDS, st.integers(-7, 7), st.sampled_from(["major", "minor", "dorian"]))
def test_a_tune_on_the_grid_becomes_a_roll_and_the_roll_the_same_tune_in_c(ids, steps_per_quarter, fifths, mode):
    key = Key.from_fifths(fifths, mode)
    in_c = melody(ids, LIKE, steps_per_quarter)
    up = key.pitch_class if key.pitch_class < 6 else key.pitch_class - 12
    notes = [note._replace(pitch=note.pitch + up) for note in in_c.notes]
    tune = Piece(notes, LIKE.voices, LIKE.tempos, LIKE.meters, [(0, key)], LIKE.pickup)
    back = melody(melody_roll(tune, steps_per_quarter).argmax(axis=1), tune, steps_per_quarter)
    assert back.notes == in_c.notes
    assert back.key == Key("C", mode)
    assert (back.voices, back.tempos, back.meters, back.pickup) == (LIKE.voices, LIKE.tempos, LIKE.meters, LIKE.pickup)


def test_all_twelve_keys_move_by_half_an_octave_at_most_to_the_same_home_note():
    for fifths in range(-7, 8):
        key = Key.from_fifths(fifths, "major")
        roll = melody_roll(Piece([Note(0, 12, 60 + key.pitch_class)], keys=[(0, key)]))
        assert roll.argmax() in (60, 72) and abs(60 + key.pitch_class - roll.argmax()) <= 6


def test_rests_are_empty_rows_before_the_tune_too():
    roll = melody_roll(Piece([Note(24, 12, 60), Note(60, 12, 62)]))
    assert roll.argmax(axis=1).tolist() == [0, 0, 60, 0, 0, 62]
    assert roll.any(axis=1).tolist() == [False, False, True, False, False, True]


def test_of_overlapping_notes_the_later_one_counts():
    assert melody_roll(Piece([Note(0, 48, 60), Note(24, 24, 64)])).argmax(axis=1).tolist() == [60, 60, 64, 64]


def test_a_note_off_the_grid_fills_the_steps_at_whose_beginning_it_sounds():
    assert melody_roll(Piece([Note(0, 18, 60), Note(18, 30, 62)])).argmax(axis=1).tolist() == [60, 60, 62, 62]
    assert not on_grid(Piece([Note(0, 18, 60), Note(18, 30, 62)]))


def test_a_piece_without_notes_is_an_empty_roll_and_an_empty_roll_such_a_piece():
    assert melody_roll(Piece()).shape == (0, 128) and on_grid(Piece())
    assert melody([], LIKE).notes == () == melody([0, 0], LIKE).notes


@pytest.mark.parametrize(("pitch", "key"), [(0, "C"), (3, "F"), (123, "G"), (2, "D")])
def test_a_pitch_that_leaves_the_roll_is_refused(pitch, key):
    with pytest.raises(ValueError, match=rf"pitch {pitch} of a tune in {key} major is -?\d+ in C: expected 1 to 127"):
        melody_roll(Piece([Note(0, 12, pitch)], keys=[(0, Key(key))]))


@pytest.mark.parametrize("steps_per_quarter", [0, 5, -2, 48])
def test_a_step_that_is_no_whole_number_of_ticks_is_refused(steps_per_quarter):
    for call in (lambda n: on_grid(LIKE, n), lambda n: melody_roll(LIKE, n), lambda n: melody([60], LIKE, n)):
        with pytest.raises(ValueError, match=f"{steps_per_quarter} steps per quarter: expected a divisor of {TICKS_PER_QUARTER}"):
            call(steps_per_quarter)


ROLLS = st.lists(st.integers(0, 9), max_size=6)


@given(ROLLS, st.integers(1, 4))
def test_windows_hear_what_came_before_in_the_same_tune_and_never_mix_two(lengths, n_steps):
    rolls = [100 * (tune + 1) + np.arange(n).reshape(n, 1) for tune, n in enumerate(lengths)]
    if all(n < n_steps for n in lengths):
        with pytest.raises(ValueError, match=f"none of {len(lengths)} rolls has {n_steps} steps: ask for shorter windows"):
            next_steps(rolls, n_steps)
        return
    inputs, targets = next_steps(rolls, n_steps)
    expected = [  # counted out, window by window
        [100 * (tune + 1) + window * n_steps + t for t in range(n_steps)]
        for tune, n in enumerate(lengths)
        for window in range(n // n_steps)
    ]
    assert targets[..., 0].tolist() == expected
    assert inputs[..., 0].tolist() == [[0 if said % 100 == 0 else said - 1 for said in window] for window in expected]


def test_windows_leave_the_rolls_as_they_were():
    roll = np.eye(5)
    inputs, targets = next_steps([roll], 5)
    inputs[:], targets[:] = 7, 7
    assert (roll == np.eye(5)).all()


@pytest.mark.parametrize("n_steps", [0, -3])
def test_windows_of_no_steps_are_refused(n_steps):
    with pytest.raises(ValueError, match=f"windows of {n_steps} steps: expected at least 1"):
        next_steps([np.eye(4)], n_steps)


@pytest.fixture
def network():
    """A network by hand, untrained, with strong opinions."""
    params = init_params(128, 16, 128, np.random.default_rng(1))
    params["W_hy"] *= 8
    return lambda x, h: rnn_step(x, h, params)


def test_generate_draws_from_a_network_by_hand_what_a_plain_loop_draws(network):
    opening = [60, 0, 64]
    drawn = generate(ByHand(network, np.zeros(16)), opening, 30, rng=np.random.default_rng(3))
    rng, h, heard, said = np.random.default_rng(3), np.zeros(16), [0, *opening], []
    for t in range(33):
        x = np.zeros(128)
        if heard[t] > 0:
            x[heard[t]] = 1
        h, y = network(x, h)
        if t >= 3:
            said.append(int(np.searchsorted(np.cumsum(y) / np.sum(y), rng.random(), side="right")))
            heard.append(said[-1])
    assert drawn == said and len(set(drawn)) > 5


def test_a_pitch_is_heard_as_one_hot_and_silence_as_an_empty_row():
    heard = []

    def listen(x, state):
        heard.append(x.tolist())
        return state, np.ones(4)

    model = ByHand(listen, None, n=4)
    model.step(None, 2), model.step(None, 0)
    assert heard == [[0, 0, 1, 0], [0, 0, 0, 0]]


def test_sing_returns_the_opening_and_what_was_drawn_as_a_tune(network):
    opening = [60, 60, 0, 64]
    tune = sing(network, np.zeros(16), 20, np.random.default_rng(5), LIKE, opening)
    drawn = generate(ByHand(network, np.zeros(16)), opening, 16, rng=np.random.default_rng(5))
    assert tune == melody([*opening, *drawn], LIKE)
    assert tune.notes[0] == Note(0, 24, 60) and tune.end <= 20 * 12


def test_sing_depends_on_the_generator_alone(network):
    tunes = [sing(network, np.zeros(16), 40, np.random.default_rng(seed), LIKE) for seed in (1, 1, 2)]
    assert tunes[0] == tunes[1] != tunes[2]


def test_an_opening_longer_than_the_tune_is_cut(network):
    opening = np.array([60, 62, 64, 65])
    assert sing(network, np.zeros(16), 3, np.random.default_rng(0), LIKE, opening) == melody([60, 62, 64], LIKE)


def test_at_temperature_zero_the_best_is_sung():
    def always_up(x, state):
        return state, np.eye(8)[(x.argmax() + 1) % 8] + 0.1

    tune = sing(always_up, None, 7, np.random.default_rng(0), LIKE, temperature=0, lowest=60, n=8)
    assert [note.pitch for note in tune.notes] == [61, 62, 63, 64, 65, 66, 67]


def test_what_has_no_chance_is_never_sung():
    def two_notes(x, state):
        return state, np.isin(np.arange(128), (60, 67)) * 0.5

    pitches = {note.pitch for note in sing(two_notes, None, 200, np.random.default_rng(0), LIKE).notes}
    assert pitches == {60, 67}


def test_a_step_that_changes_its_state_in_place_spoils_no_second_tune():
    def sloppy(x, h):
        h += 1
        return h, np.full(128, 1 / h[0])

    h0 = np.zeros(2)
    model = ByHand(sloppy, h0)
    first = model.step(model.start(), 0)[1]
    assert (model.step(model.start(), 0)[1] == first).all() and (h0 == 0).all()


def test_a_forget_curve_is_drawn_of_a_network_by_hand(network):
    curve = forget_curve(ByHand(network, np.zeros(16)), 10)
    assert curve.shape == (11,) and curve[0] == 1 and curve[-1] < 0.1


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (np.zeros(128), r"values from 0 to 0"),
        (np.full(128, np.nan), r"values from nan to nan"),
        (np.full(128, -0.1), r"values from -0\.1 to -0\.1"),
        (np.full((1, 128), 0.5), r"shape \(1, 128\)"),
        (np.zeros(16), r"shape \(16,\)"),
        (np.zeros(0), r"shape \(0,\)"),
    ],
)
def test_a_network_that_says_no_chances_is_told_what_was_expected(said, found):
    with pytest.raises(ValueError, match=rf"the network says y of .*{found}.*: expected \(128,\) with values in \[0, 1\]"):
        sing(lambda x, h: (h, said), None, 4, np.random.default_rng(0), LIKE)


@pytest.mark.parametrize("id", [128, -1, 500])
def test_an_opening_with_an_id_that_is_no_pitch_is_refused(network, id):
    with pytest.raises(ValueError, match=rf"id {id}: expected 0 \(silence\) to 127"):
        sing(network, np.zeros(16), 8, np.random.default_rng(0), LIKE, opening=[60, id])
