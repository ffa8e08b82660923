"""Tunes one symbol a note, and the plain LSTM that learns from them (lesson 8)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import melodies, pieces

from musiclab import datasets
from musiclab.evaluate import nats
from musiclab.key import Key
from musiclab.ngram import Bigram
from musiclab.notewise import bigram_perplexity, build_lstm, make_windows, notes_to_symbols, symbols_to_notes, tune_in_c
from musiclab.piece import DRUMS, Note, Piece, Voice
from musiclab.rnn import lstm_forward

tunes_of_ids = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=12), min_size=1, max_size=5)


def heard(notes):
    return [note[:3] for note in notes]


# symbols ----------------------------------------------------------------------------------------------------------------


def test_two_bars_with_a_rest_are_the_symbols_a_musician_would_write():
    piece = Piece([Note(12, 12, 60), Note(24, 36, 63), Note(60, 12, 66), Note(96, 96, 70)])
    assert notes_to_symbols(piece) == ["R 1/8", "C4 1/8", "Eb4 3/8", "F#4 1/8", "R 1/4", "Bb4 1"]


@given(melodies())
def test_notes_come_back_from_their_symbols_rests_and_all(piece):
    assert heard(symbols_to_notes(notes_to_symbols(piece))) == heard(piece.notes)


def test_every_jig_comes_back_from_its_symbols():
    for piece in map(tune_in_c, datasets.load("jigs").valid):
        assert heard(symbols_to_notes(notes_to_symbols(piece))) == heard(piece.notes)


@given(pieces())
def test_the_tune_of_any_piece_is_one_line_on_c(piece):
    if not any(piece.voices[note.voice].program != DRUMS for note in piece.notes):
        with pytest.raises(ValueError, match="no notes but drums"):
            tune_in_c(piece)
        return
    try:
        tune = tune_in_c(piece)
    except ValueError as error:  # transposing leaves 0 to 127
        assert "127" in str(error)
        return
    assert all(note.end <= after.start for note, after in zip(tune.notes, tune.notes[1:]))
    assert tune.key.pitch_class == 0 and len(tune.voices) == 1
    assert heard(symbols_to_notes(notes_to_symbols(tune))) == heard(tune.notes)


def test_of_a_chord_the_top_note_is_the_tune_and_drums_are_none():
    voices = [Voice("drums", DRUMS), Voice("piano", 0), Voice("flute", 73)]
    notes = [Note(0, 96, 99, 80, 0), Note(0, 96, 55, 80, 1), Note(0, 24, 76, 80, 2), Note(24, 24, 79, 80, 2)]
    tune = tune_in_c(Piece(notes, voices, keys=[(0, Key("E", "minor"))]))
    assert heard(tune.notes) == [(0, 24, 72), (24, 24, 75)] and tune.voices == (Voice("flute", 73),)


# windows ----------------------------------------------------------------------------------------------------------------


def test_windows_of_two_pieces_by_hand():
    inputs, targets = make_windows([[1, 2, 3, 4, 5], [6, 7]], 3)
    assert inputs.tolist() == [[0, 1, 2], [3, 4, 5], [0, 6, 7]]
    assert targets.tolist() == [[1, 2, 3], [4, 5, 0], [6, 7, 0]]


@given(tunes_of_ids, st.integers(1, 15))
def test_every_id_is_a_target_once_after_all_of_its_window(tunes, n):
    inputs, targets = make_windows(tunes, n)
    assert inputs.shape == targets.shape == (sum(-(-len(ids) // n) for ids in tunes), n)
    assert targets[targets > 0].tolist() == [id for ids in tunes for id in ids]
    later = targets[:, :-1] > 0
    assert (inputs[:, 1:][later] == targets[:, :-1][later]).all()


def test_no_pieces_give_no_windows():
    assert make_windows([], 4)[0].shape == (0, 4)


# bigram -----------------------------------------------------------------------------------------------------------------


def test_perplexity_of_one_note_by_hand():
    # after <start> training had 1 twice; three columns (1, 2, other) with 0.1 each
    assert bigram_perplexity([[1, 2], [1]], [[1]]) == pytest.approx(2.3 / 2.1)
    assert bigram_perplexity([[1, 2], [1]], [[7]]) == pytest.approx(2.3 / 0.1)


@given(tunes_of_ids)
def test_perplexity_agrees_with_the_bigram_that_networks_are_measured_against(tunes):
    train, test = [*tunes, list(range(1, 10))], tunes  # all ids are known, and 0 is the column of all others
    surprises = np.concatenate([nats(Bigram(train, 10), ids) for ids in test])
    assert bigram_perplexity(train, test) == pytest.approx(np.exp(surprises.mean()))


def test_who_counts_nothing_guesses_among_all_symbols():
    assert bigram_perplexity([[1], [2], [3]], [[1, 2]], alpha=1e9) == pytest.approx(4)


# network ----------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_network_is_the_cell_of_lesson_7_between_an_embedding_and_a_dense_layer():
    ids = np.array([[0, 1, 2, 3], [0, 4, 8, 8]])
    model = build_lstm(9, 4, 6)
    embedding, kernel, recurrent, bias, head, head_bias = model.get_weights()
    assert embedding.shape == (9, 4) and head.shape == (6, 9)
    cell = {"W_x": kernel, "W_h": recurrent, "b": bias}
    states = [lstm_forward(embedding[row], (np.zeros(6), np.zeros(6)), cell)[0] for row in ids]
    assert np.allclose(np.array(states) @ head + head_bias, model(ids), atol=1e-5)


@pytest.mark.slow
def test_the_loss_is_nats_a_target_and_zeros_count_for_nothing():
    logits = np.log(np.array([[[0.1, 0.7, 0.2], [0.1, 0.4, 0.5], [0.8, 0.1, 0.1]]], np.float32))
    loss = build_lstm(3, 2, 2).compute_loss(y=np.array([[1, 2, 0]]), y_pred=logits)
    assert float(loss) == pytest.approx(-(np.log(0.7) + np.log(0.5)) / 2, rel=1e-5)


@pytest.mark.slow
def test_it_learns_a_scale_by_heart():
    inputs, targets = make_windows([[1, 2, 3, 4, 5, 6, 7, 8]] * 4, 8)
    model = build_lstm(9, 8, 16)
    model.fit(inputs, targets, epochs=80, verbose=0)
    assert (np.asarray(model(inputs[:1]))[0].argmax(axis=1) == np.arange(1, 9)).all()
