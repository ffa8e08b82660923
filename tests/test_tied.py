"""The tied network: what numpy says, against a slow hand-made reading, against Keras, and against the laws of chance."""

import itertools
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import datasets, tied
from musiclab.checkpoints import Checkpoints
from musiclab.key import Key
from musiclab.piece import TICKS_PER_QUARTER, Meter, Note, Piece
from musiclab.rnn import lstm_step, sigmoid
from musiclab.tied import HELD, LOWEST, N_PITCHES, PLACES, SILENT, STRUCK

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import train_tied  # noqa: E402

sys.path.pop(0)
QUARTER, EIGHTH = TICKS_PER_QUARTER, TICKS_PER_QUARTER // 2


def small_params(seed=0, n_window=5, n_hidden=3, n_head=4, n_pitches=30, size=1.0):
    """A network of random numbers, biases not zero, sizes all different."""
    draw = lambda *shape: np.random.default_rng((seed, *shape)).normal(0, size, shape)  # noqa: E731
    return {
        "W_x": draw(n_window, 4 * n_hidden),
        "W_h": draw(n_hidden, 4 * n_hidden),
        "b": draw(4 * n_hidden),
        "w_y": draw(n_hidden),
        "b_y": np.array(-0.7),
        "note_time": draw(n_hidden, n_head),
        "note_window": draw(n_window, n_head),
        "note_place": draw(PLACES, n_head),
        "note_below": draw(n_pitches - 1, 2, n_head),
        "note_out": draw(n_head, 2),
        "note_bias": np.array([-0.5, 0.3]),
    }


def random_roll(n_steps, n_pitches, rng, low=0, high=None):
    """Sounds of all kinds between two columns; a pitch is held only where it sounded before."""
    roll = np.zeros((n_steps, n_pitches), np.int8)
    roll[:, low:high] = rng.choice(3, (n_steps, n_pitches), p=(0.7, 0.15, 0.15))[:, low:high]
    roll[(roll == HELD) & ~tied.network.goes_on(roll)] = STRUCK
    return roll


# The axis over time, as lesson 9 builds it


def test_each_pitch_by_itself_through_the_cell_of_lesson_7_gives_the_same():
    params, roll = small_params(), random_roll(6, 9, np.random.default_rng(1))
    for k in range(9):
        state = np.zeros(3), np.zeros(3)
        for t in range(6):
            expected = sigmoid(state[0] @ params["w_y"] + params["b_y"])
            assert np.isclose(tied.tied_forward(roll, params)[t, k], expected)
            window = [float(0 <= k + d < 9 and roll[t, k + d] > 0) for d in (-2, -1, 0, 1, 2)]
            state = lstm_step(np.array(window), state, params)


def test_a_two_step_roll_worked_out_by_hand():
    # One hidden unit without memory, all gates half open: h = tanh(tanh(x) / 2) / 2, where x is 1 above a note, 3 below it
    params = {"W_x": np.array([[0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 3, 0]], float), "W_h": np.zeros((1, 4)), "b": np.zeros(4)}
    p = tied.tied_forward(np.array([[0, 0, 1, 0, 0], [0] * 5]), params | {"w_y": np.array([2.0]), "b_y": np.array(0.0)})
    assert np.allclose(p[0], 0.5)
    h = lambda x: np.tanh(np.tanh(x) / 2) / 2  # noqa: E731
    assert np.allclose(p[1], sigmoid(2 * np.array([0, h(3), 0, h(1), 0])))


def test_it_says_before_it_hears():
    params, rng = small_params(), np.random.default_rng(2)
    roll = random_roll(7, 12, rng)
    for t in range(7):
        other = roll.copy()
        other[t:] = random_roll(7 - t, 12, rng)
        assert (tied.tied_forward(other, params)[: t + 1] == tied.tied_forward(roll, params)[: t + 1]).all()
        assert (tied.note_logits(other, params)[:t] == tied.note_logits(roll, params)[:t]).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.integers(-6, 6))
def test_music_moved_up_gives_chances_moved_up_away_from_the_edges(seed, up):
    params, roll = small_params(seed), random_roll(4, 40, np.random.default_rng(seed), 17, 23)
    roll = np.pad(roll[:, 10:30], ((0, 0), (10, 10)))
    moved, n = np.roll(roll, up, axis=1), 2 * 4  # what stands further in than 2 columns a step hears no edge
    p, p_moved = tied.tied_forward(roll, params), tied.tied_forward(moved, params)
    inner = slice(n + 6, 40 - n - 6)
    assert (np.roll(p_moved, -up, axis=1)[:, inner] == p[:, inner]).all()


def test_the_whole_network_moves_with_the_music_as_well():
    params = small_params(n_pitches=40)
    roll = np.zeros((5, 40), np.int8)
    roll[:, 15:22] = random_roll(5, 7, np.random.default_rng(3))
    logits, moved = tied.note_logits(roll, params), tied.note_logits(np.roll(roll, 3, axis=1), params)
    assert np.allclose(moved[:, 13:30], logits[:, 10:27], rtol=0, atol=1e-12)


def test_a_plain_lstm_does_not_move_with_the_music():
    params, roll = tied.shipped_params("plain"), np.zeros((3, N_PITCHES))
    roll[:, 20] = 1
    p, moved = tied.plain_forward(roll, params), tied.plain_forward(np.roll(roll, 2, axis=1), params)
    assert not np.allclose(moved[1:, 12:30], p[1:, 10:28], atol=1e-3)


def test_strokes_and_ones_are_the_same_to_the_axis_over_time():
    params, roll = small_params(), random_roll(5, 9, np.random.default_rng(4))
    assert (tied.tied_forward(roll, params) == tied.tied_forward((roll > 0).astype(float), params)).all()


def test_nothing_that_is_handed_over_is_changed():
    params, roll = small_params(), random_roll(5, 30, np.random.default_rng(5))
    kept, kept_roll = {name: array.copy() for name, array in params.items()}, roll.copy()
    tied.frame_nats(roll, params)
    tied.sample_roll(params, 6, np.random.default_rng(0), opening=roll[:2], onsets=[1, 0.5], gate=tied.rhythm_gate)
    assert (roll == kept_roll).all() and all((params[name] == kept[name]).all() for name in kept)


# The axis over notes, and chance


@pytest.mark.parametrize("seed", range(3))
def test_the_chances_of_all_chords_add_up_to_one(seed):
    params = small_params(seed, n_pitches=4)
    before = np.array([[STRUCK, SILENT, STRUCK, SILENT], [HELD, SILENT, SILENT, STRUCK]])
    choices = [(SILENT, HELD, STRUCK) if sounded else (SILENT, STRUCK) for sounded in before[-1] > 0]
    chances = [np.exp(-tied.frame_nats(np.vstack([before, row]), params)[-1]) for row in itertools.product(*choices)]
    assert len(chances) == 36 and np.isclose(sum(chances), 1) and max(chances) < 0.9


def test_a_note_hears_only_those_below_it():
    params, roll = small_params(), random_roll(3, 30, np.random.default_rng(6))
    other = roll.copy()
    other[2, 14] = STRUCK if roll[2, 14] == SILENT else SILENT
    told, otherwise = tied.note_logits(roll, params)[2], tied.note_logits(other, params)[2]
    assert (told[:15] == otherwise[:15]).all() and (told[15:] != otherwise[15:]).any()


def test_held_and_struck_notes_below_are_told_apart():
    params, roll = small_params(), np.zeros((2, 30), np.int8)
    roll[0, 10], roll[1, 10] = STRUCK, HELD
    other = roll.copy()
    other[1, 10] = STRUCK
    assert not np.allclose(tied.note_logits(roll, params)[1, 11:], tied.note_logits(other, params)[1, 11:])


def test_the_place_in_the_bar_matters_and_comes_round_again():
    params, roll = small_params(), np.zeros((2 * PLACES + 1, 30), np.int8)
    still = {**params, "W_x": 0 * params["W_x"], "W_h": 0 * params["W_h"], "b": 0 * params["b"]}
    logits = tied.note_logits(roll, still)
    assert np.allclose(logits[PLACES : 2 * PLACES], logits[:PLACES]) and not np.allclose(logits[0], logits[1])


def test_what_is_drawn_comes_as_often_as_its_chance_says():
    params = small_params(3, n_pitches=3, size=0.7)
    opening = np.array([[SILENT, STRUCK, SILENT]], np.int8)
    rng, n = np.random.default_rng(0), 3000
    drawn = [tuple(tied.sample_roll(params, 2, rng, opening=opening)[1].tolist()) for _ in range(n)]
    for row in itertools.product((SILENT, STRUCK), (SILENT, HELD, STRUCK), (SILENT, STRUCK)):
        chance = np.exp(-tied.frame_nats(np.vstack([opening, row]), params)[1])
        assert abs(drawn.count(row) / n - chance) < 4 * np.sqrt(chance * (1 - chance) / n) + 1e-9


@pytest.mark.slow
def test_numpy_says_what_keras_says():
    from musiclab.tied import training

    roll = np.stack([random_roll(11, 20, np.random.default_rng(seed)) for seed in (7, 8)]).astype(np.int32)
    model = training.build_tied(n_window=7, n_hidden=5, n_head=6, n_pitches=20)
    rng = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(rng.normal(0, 0.5, variable.shape))
    said, params = np.asarray(model(roll)), training.tied_params(model)
    for row, logits in zip(roll, said):
        assert np.allclose(sigmoid(logits[..., 0]), tied.tied_forward(row, params), rtol=0, atol=1e-5)
        assert np.allclose(logits[..., 1:], tied.note_logits(row, params), rtol=0, atol=1e-5)
    plain = training.build_plain(5, n_pitches=20)
    said, params = np.asarray(plain(roll)), training.plain_params(plain)
    assert np.allclose(sigmoid(said[0]), tied.plain_forward(roll[0], params), rtol=0, atol=1e-5)


# The rhythm gate


def test_gate_zero_is_silence_and_gate_one_changes_nothing():
    p = np.random.default_rng(0).random((3, 4))
    gated = tied.rhythm_gate(p, [0, 1, True])
    assert (gated[0] == 0).all() and (gated[1:] == p[1:]).all() and gated is not p


def test_no_gate_makes_a_chance_larger_than_one():
    assert tied.rhythm_gate(np.array([[0.2, 0.8]]), [2]).tolist() == [[0.4, 1.0]]


@pytest.mark.parametrize("onsets", [[1, 1], [-1, 1, 1], [[1], [1], [1]]])
def test_a_gate_that_does_not_fit_is_refused(onsets):
    with pytest.raises(ValueError, match="expected 3 numbers, one a step, from 0 on"):
        tied.rhythm_gate(np.zeros((3, 4)), onsets)


def test_a_shut_gate_writes_nothing_and_lets_nothing_go():
    params, opening = small_params(), random_roll(2, 30, np.random.default_rng(9))
    silence = tied.sample_roll(
        params, 9, np.random.default_rng(0), opening=opening[:0].reshape(0, 30), onsets=[0], gate=tied.rhythm_gate
    )
    assert silence.shape == (9, 30) and not silence.any()
    frozen = tied.sample_roll(params, 9, np.random.default_rng(0), opening=opening, onsets=[0], gate=tied.rhythm_gate)
    assert (frozen[:2] == opening).all() and (frozen[2:] == (opening[1] > 0) * HELD).all()


def test_an_open_gate_changes_no_note():
    params = tied.shipped_params()
    free = tied.sample_roll(params, 40, np.random.default_rng(5))
    assert (tied.sample_roll(params, 40, np.random.default_rng(5), onsets=[1, 1, 1], gate=tied.rhythm_gate) == free).all()


def test_strokes_come_only_where_the_pattern_lets_them():
    roll = tied.sample_roll(
        tied.shipped_params(), 64, np.random.default_rng(1), onsets=[1, 0, 0, 0, 1, 0, 0, 0], gate=tied.rhythm_gate
    )
    struck = (roll == STRUCK).any(axis=1)
    assert not struck[np.arange(64) % 4 != 0].any() and struck[np.arange(64) % 4 == 0].mean() > 0.8


def test_the_students_own_gate_goes_in():
    params, asked = small_params(), []

    def gate(p, onsets):
        asked.append((np.shape(p), np.asarray(onsets).tolist()))
        return np.zeros(np.shape(p))

    roll = tied.sample_roll(params, 3, np.random.default_rng(0), opening=np.zeros((1, 30)), onsets=[1, 2], gate=gate)
    assert not roll.any() and asked == [((1, 2), [2.0])] * 30 + [((1, 2), [1.0])] * 30


# Writing


def test_the_same_seed_writes_the_same_roll_and_another_seed_another():
    params = tied.shipped_params()
    first, again, other = (tied.sample_roll(params, 24, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()


def test_what_is_written_begins_with_the_opening_and_is_a_roll():
    opening = np.vstack([tied.opening_chord(), (tied.opening_chord() > 0) * HELD])
    roll = tied.sample_roll(tied.shipped_params(), 50, np.random.default_rng(3), opening=opening)
    assert roll.shape == (50, N_PITCHES) and (roll[:2] == opening).all()
    assert not ((roll == HELD) & ~tied.network.goes_on(roll)).any(), "a pitch is held that did not sound"
    assert (tied.chord_roll(tied.roll_piece(roll)) == roll[: tied.roll_piece(roll).end // EIGHTH]).all()


def test_an_opening_longer_than_the_roll_is_cut():
    opening = random_roll(5, 30, np.random.default_rng(0))
    assert (tied.sample_roll(small_params(), 3, np.random.default_rng(0), opening=opening) == opening[:3]).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"temperature": 0}, "temperature 0: expected more than 0"),
        ({"onsets": []}, "onsets is empty: expected one number a step"),
    ],
)
def test_writing_refuses_what_cannot_be(wrong, message):
    with pytest.raises(ValueError, match=message):
        tied.sample_roll(small_params(n_pitches=N_PITCHES), 3, np.random.default_rng(0), **wrong)


# Rolls and pieces


def test_two_bars_as_a_roll_written_out():
    notes = [Note(0, 24, 60), Note(24, 36, 60, voice=1), Note(60, 6, 62), Note(66, 6, 64), Note(30, 4, 70)]
    roll = tied.chord_roll(Piece(notes, pickup=24))
    assert roll.shape == (12, N_PITCHES) and not roll[:6].any(), "a pickup of a quarter stands on the last beat of the first bar"
    assert roll[6:, 60 - LOWEST].tolist() == [2, 1, 2, 1, 1, 0]
    assert roll[11].nonzero()[0].tolist() == [62 - LOWEST], "the note at 66 begins between two steps and ends on the next"
    assert not roll[:, 70 - LOWEST].any()


@st.composite
def rolls(draw):
    """Rolls that end on a sounding row, up to six notes at once."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    roll = np.zeros((draw(st.integers(1, 20)), N_PITCHES), np.int8)
    columns = rng.choice(N_PITCHES, draw(st.integers(1, 6)), replace=False)
    roll[:, columns] = random_roll(len(roll), len(columns), rng)
    roll[-1, columns[0]] = STRUCK
    return roll


@settings(deadline=None, max_examples=60)
@given(rolls())
def test_a_roll_becomes_a_piece_and_a_roll_again(roll):
    piece = tied.roll_piece(roll)
    assert (tied.chord_roll(piece) == roll).all()
    for voice in range(len(piece.voices)):
        line = [note for note in piece.notes if note.voice == voice]
        assert all(a.end <= b.start for a, b in zip(line, line[1:])), "a voice sings one note at a time"


def test_notes_go_to_the_nearest_free_voice_that_crosses_none():
    roll = np.zeros((3, N_PITCHES), np.int8)
    for t, row in enumerate(({72: 2, 48: 2}, {72: 1, 48: 1, 50: 2}, {50: 1, 52: 2})):
        roll[t, np.array(list(row)) - LOWEST] = list(row.values())
    voices = {note.pitch: note.voice for note in tied.roll_piece(roll).notes}
    assert voices == {72: 0, 48: 3, 50: 2, 52: 1}, "52 is nearest to the bass, which would cross the tenor's 50"


def test_two_voices_on_one_pitch_are_one_note_until_one_strikes_again():
    roll = tied.chord_roll(Piece([Note(0, 48, 60), Note(0, 24, 60, voice=1), Note(24, 12, 60, voice=1)]))
    assert roll[:, 60 - LOWEST].tolist() == [2, 1, 2, 1]


def test_chorales_keep_their_four_voices_and_seldom_cross():
    piece = next(piece for piece in datasets.load("chorales").valid if piece.meters == ((0, Meter(4, 4)),))
    again = tied.roll_piece(tied.chord_roll(piece), key=piece.key)
    assert [voice.name for voice in again.voices] == ["Soprano", "Alto", "Tenor", "Bass"]
    starts = lambda piece, shift: {(n.start + shift, n.pitch) for n in piece.notes if n.start % EIGHTH == 0}  # noqa: E731
    assert starts(again, 0) == starts(piece, -piece.pickup % 96)
    roll, tops = tied.chord_roll(piece), {}
    for note in again.notes:
        for t in range(note.start // EIGHTH, note.end // EIGHTH):
            tops.setdefault(t, {})[note.voice] = note.pitch
    in_order = [list(v.values()) == sorted(v.values(), reverse=True) for v in (dict(sorted(v.items())) for v in tops.values())]
    assert np.mean(in_order) > 0.95 and len(roll)


def test_zeros_and_ones_are_heard_as_held_notes():
    roll = np.zeros((3, N_PITCHES))
    roll[:2, 24] = 1
    assert [(n.start, n.duration, n.pitch) for n in tied.roll_piece(roll).notes] == [(0, 2 * EIGHTH, 60)]
    assert tied.roll_piece(np.zeros((3, N_PITCHES))).notes == ()
    assert tied.roll_piece(roll, tempo=60, key=Key("D")).tempos == ((0, 1_000_000),)


@pytest.mark.parametrize(
    ("piece", "message"),
    [
        (
            Piece([Note(0, 24, 60)], meters=[(0, Meter(3, 4))], title="Waltz"),
            "'Waltz' is in 3/4: a roll of chords holds pieces in 4/4",
        ),
        (Piece([Note(0, 24, 20)]), "pitch 20 in .*: expected 36 to 83; transpose the piece first"),
    ],
)
def test_pieces_that_no_roll_holds_are_refused(piece, message):
    with pytest.raises(ValueError, match=message):
        tied.chord_roll(piece)


@pytest.mark.parametrize("roll", [np.zeros(5), np.full((2, 2), 0.5)])
def test_what_is_no_roll_is_refused(roll):
    with pytest.raises(ValueError, match=re.escape("expected (n_steps, n_pitches) of 0 (silent), 1 (goes on) and 2 (struck)")):
        tied.roll_piece(roll)


# Training


@pytest.mark.slow
def test_training_learns_and_goes_on_after_a_kill_as_if_nothing_had_happened(tmp_path):
    from musiclab.tied import training

    up_and_down = np.zeros((24, 20), np.int8)  # one note, a fifth up and down again, a step each
    up_and_down[np.arange(24), np.where(np.arange(24) % 2, 5, 12)] = STRUCK
    rolls = [np.roll(up_and_down, up, axis=1) for up in range(6)]

    def trained(n_epochs, folder, killed_after=None):
        def on_epoch(entry):
            if entry["epoch"] == killed_after:
                raise KeyboardInterrupt

        model = training.build_tied(n_window=15, n_hidden=6, n_head=8, n_pitches=20)
        checkpoints = Checkpoints(tmp_path / folder, {"n_epochs": n_epochs})
        plan = {"n_epochs": n_epochs, "learning_rate": 0.05, "n_batch": 2, "n_steps": 16}
        history = training.train_tied(model, rolls[:5], rolls[5:], checkpoints=checkpoints, on_epoch=on_epoch, **plan)
        return history, training.tied_params(model)

    history, params = trained(30, "whole")
    assert history[-1]["valid"] < history[0]["valid"] / 5
    assert tied.frame_nats(rolls[5], params)[2:].mean() < 0.3, "a roll it never heard, moved up: the same to a tied network"
    with pytest.raises(KeyboardInterrupt):
        trained(30, "killed", killed_after=11)
    history_again, params_again = trained(30, "killed")
    assert history_again == history and all((params_again[name] == params[name]).all() for name in params)


@pytest.mark.slow
def test_a_plain_lstm_learns_as_well_and_its_surprise_is_that_of_numpy():
    from musiclab.tied import training

    rng = np.random.default_rng(11)
    rolls, model = [random_roll(n, 20, rng, 6, 14) for n in (9, 20, 30)], training.build_plain(5, n_pitches=20)
    history = training.train_tied(model, rolls[:2], rolls[2:], n_epochs=3, n_batch=2, n_steps=16)
    assert history[-1]["valid"] < history[0]["valid"]
    p = tied.plain_forward(rolls[2], training.plain_params(model))
    assert np.isclose(train_tied.sounding_nats(rolls[2], np.log(p / (1 - p))).mean(), history[-1]["valid"], rtol=1e-4)


def test_a_training_batch_counts_neither_padding_nor_the_rows_before_a_pickup():
    from musiclab.tied import training

    roll = np.zeros((5, 4), np.int8)
    roll[3] = STRUCK
    inputs, targets = training._batch([roll, roll[3:4]], 8)
    assert inputs.shape == (2, 8, 4) and inputs.sum() == 2 * 4 * STRUCK
    assert (targets[:, :, 0] != training.NOT_COUNTED).tolist() == [[0, 0, 0, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0]]


def test_parts_begin_on_downbeats_and_reach_to_the_end():
    from musiclab.tied import training

    roll = np.zeros((45, 20), np.int8)
    roll[:, 2] = 1 + np.arange(45) % PLACES  # which place in the bar, seen in the value
    rng = np.random.default_rng(0)
    parts = [training._part(roll, 16, rng) for _ in range(200)]
    assert {int(part.max(axis=1)[0]) for part in parts} == {1} and {len(part) for part in parts} == {16, 13}


# What ships


def test_the_shipped_network_has_the_shapes_of_its_interface():
    params = tied.shipped_params()
    n_window, n_hidden = len(params["W_x"]), len(params["W_h"])
    assert (
        n_window % 2
        and params["W_x"].shape[1] == 4 * n_hidden
        and params["w_y"].shape == (n_hidden,)
        and params["b_y"].shape == ()
    )
    assert params["note_below"].shape[:2] == (N_PITCHES - 1, 2) and len(params["note_place"]) == PLACES
    plain = tied.shipped_params("plain")
    assert len(plain["W_x"]) == N_PITCHES and plain["b_y"].shape == (N_PITCHES,)
    params["w_y"][:] = 0
    assert tied.shipped_params()["w_y"].any(), "each call gives fresh arrays"


def test_the_weights_are_small_enough_to_ship():
    assert train_tied.WEIGHTS.stat().st_size < 500_000


def test_an_unknown_network_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="no trained network is called 'best': expected one of 'tied', 'plain'"):
        tied.shipped_params("best")


def test_the_card_says_what_the_shipped_weights_do():
    parts = train_tied.rolls()

    measured, written = train_tied.figures(parts, only=("valid",)), tied.shipped_card()
    for name, figures in measured.items():
        for key, value in figures["valid"].items():
            assert abs(written["figures"][name]["valid"][key] - value) < 2e-3, "run `python tools/train_tied.py --card`"
    assert set(written["figures"]) == set(measured)
    both = {name: row["test"]["both"] for name, row in written["figures"].items()}
    assert both["tied, both axes"] < both["tied, time axis alone"] < both["and by whether the pitch sounded before"]
    card = train_tied.CARD.read_text(encoding="utf-8")
    assert all(row in card for row in train_tied.table(written["figures"]))
    assert all(row in card for row in train_tied.reading_table(written["readings"]))


def test_surprise_adds_up_to_that_of_both_questions():
    roll, params = random_roll(6, 30, np.random.default_rng(10)), small_params()
    logits = tied.note_logits(roll, params)
    nats = train_tied.sounding_nats(roll, logits[..., 0]) + train_tied.stroke_nats(roll, logits[..., 1])
    assert np.allclose(tied.frame_nats(roll, params), nats)


def test_counted_chances_are_those_that_were_counted():
    roll = np.zeros((16, 4), np.int8)
    roll[[0, 8], 2] = STRUCK
    by_place = sigmoid(train_tied.counted([roll], train_tied.by_place)(roll))
    assert np.isclose(by_place[0, 2], 2.5 / 3) and np.isclose(by_place[1, 2], 0.5 / 3)
    roll[9, 2] = HELD
    by_pair = sigmoid(train_tied.counted([roll], train_tied.by_pair)(roll))
    assert np.allclose(by_pair[[1, 9], 2], 1.5 / 3) and np.isclose(by_pair[2, 2], 0.5 / 2)
    assert np.isclose(sigmoid(train_tied.counted_strokes([roll])(roll))[9, 0], 0.5 / 2)


def test_a_roll_is_read_as_a_musician_reads_it():
    c_major, cluster = np.zeros((2, N_PITCHES), np.int8)
    c_major[np.array([48, 60, 64, 67]) - LOWEST], cluster[np.array([60, 61, 62]) - LOWEST] = STRUCK, STRUCK
    read = train_tied.reading(np.stack([c_major, (c_major > 0) * HELD, cluster, 0 * cluster]))
    assert read["% triads"] == pytest.approx(200 / 3) and read["notes at once"] == pytest.approx(11 / 3)
    assert (
        read["strokes a step"] == 7 / 4 and read["% strokes on a beat"] == 100 and read["% steps on which nothing sounds"] == 25
    )
    assert (read["lowest pitch"], read["highest pitch"]) == (48, 67)
