import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import lstm
from musiclab.context import Context
from musiclab.lstm import build_lstm, freeze, load, save
from musiclab.stepping import BLOCK, LSTM, NEVER, SMALL, product, weight_names
from musiclab.symbols import Vocabulary

VOCABULARY = Vocabulary(["<reel>", "<2/4>", "<major>", "<4 bars>", "C5", "D5", "E5", "R", "~", "1/8", "1/4"])
CONTEXT = Context(VOCABULARY.kinds, VOCABULARY.ticks, VOCABULARY.bars)
N = len(VOCABULARY)


def some_weights(n_hidden=8, n_embedding=5, plain=False, seed=0, n_layers=1):
    """Random weights, as they are saved."""
    rng = np.random.default_rng(seed)
    rows, copied = (N, 0) if plain else (sum(CONTEXT.sizes), len(CONTEXT.copied))
    shapes = [(rows, n_embedding)]
    for i in range(n_layers):
        shapes += [(n_hidden if i else n_embedding, 4 * n_hidden), (n_hidden, 4 * n_hidden), (4 * n_hidden,)]
    shapes += [(n_hidden + n_embedding, N + copied), (N + copied,)]
    return {name: rng.normal(scale=0.3, size=shape).astype(np.float16) for name, shape in zip(weight_names(n_layers), shapes)}


def run(model, ids):
    """All logits, (n_steps, n_symbols)."""
    state, rows = model.start(), []
    for id in ids:
        state, logits = model.step(state, id)
        rows.append(logits)
    return np.array(rows)


def some_tune(n=200, seed=0):
    rng = np.random.default_rng(seed)
    phrase = VOCABULARY.ids("C5 1/8 D5 1/8 E5 1/4 |".split())
    return [
        0,
        *VOCABULARY.ids(["<reel>", "<2/4>", "<major>", "<4 bars>"]),
        *phrase * 3,
        *rng.integers(1, N, n).tolist(),
        *phrase * 2,
    ]


@pytest.mark.slow
@pytest.mark.parametrize("plain, n_layers", [(False, 1), (True, 1), (False, 2), (True, 3)])
def test_logits_equal_those_of_keras(plain, n_layers):
    model = build_lstm(N, None if plain else CONTEXT, n_hidden=64, n_embedding=24, n_layers=n_layers)
    weights = some_weights(64, 24, plain, n_layers=n_layers)
    model.set_weights([np.float32(weights[name]) for name in weight_names(n_layers)])
    ids = some_tune()
    inputs = np.array(ids)
    if not plain:
        state, rows = CONTEXT.start(), []
        for id in ids:
            state, features = CONTEXT.step(state, id)
            rows.append(features)
        inputs = np.array(rows)
    expected = model.predict_on_batch(inputs[None])[0]
    frozen = freeze(model, VOCABULARY)
    assert all(np.array_equal(frozen.weights[name], weights[name]) for name in weight_names(n_layers))
    assert expected[:, 1:].std() > 0.3
    assert np.abs(run(frozen, ids) - expected)[:, 1:].max() < 5e-5  # float32, through up to three layers
    assert (expected[:, 0] < NEVER / 2).all()


def test_a_plain_step_is_the_formula_of_the_lstm():
    weights = some_weights(plain=True)
    embedding, kernel, recurrent, bias, head, head_bias = (np.float64(weights[name]) for name in weight_names())
    ids = some_tune(20)
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    h = c = np.zeros(8)
    expected = []
    for id in ids:
        x = embedding[id]
        i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        expected.append(np.concatenate([h, x]) @ head + head_bias)
    logits = run(LSTM(weights, VOCABULARY), ids)
    assert np.abs(logits - expected)[:, 1:].max() < 1e-5
    assert (logits[:, 0] == NEVER).all()


def test_the_arithmetic_is_that_of_the_first_edition():
    """Logits that were printed before several layers and several pieces at once were possible."""
    logits = run(LSTM(some_weights(), VOCABULARY), some_tune())[-1]
    kept = [1.87078, 0.69597, 0.41677, 0.90906, 0.21358, 0.85396, 0.16834]
    assert logits[1:] == pytest.approx([*kept, -1.17362, 0.62063, -1.15542, 0.02847, 0.40329, -1.46373], abs=2e-5)


def test_the_shipped_model_gives_the_logits_that_it_gave_when_it_was_made():
    model = load()
    tune = ["<jig>", "<6/8>", "<major>", "<16 bars>", *"C5 1/8 E5 1/8 G5 1/8 E5 1/4 C5 1/8 | C5 1/8".split()]
    logits = run(model, [0, *model.vocabulary.ids(tune)])[-1]
    chosen = model.vocabulary.ids(["<12/8>", "<3 bars>", "D3", "G4", "C6", "3/32", "3/4"])
    # Whoever trains it anew prints these anew.
    assert logits[chosen] == pytest.approx([-7.626, -8.3529, -8.1741, 1.6039, 1.5746, -5.4535, -6.4709], abs=2e-4)
    assert model.vocabulary[int(logits.argmax())] == "E5"


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("n_layers", [1, 2])
def test_pieces_side_by_side_are_each_as_if_alone(plain, n_layers):
    model = LSTM(some_weights(plain=plain, n_layers=n_layers), VOCABULARY)
    tunes = [some_tune(60, seed) for seed in range(5)]
    alone = np.stack([run(model, ids) for ids in tunes], axis=1)  # (n_steps, n_pieces, n_symbols)
    state, together = model.start(5), []
    for ids in zip(*tunes):
        before, kept = state, [np.copy(part) for part in (*state.cells, *state.ahead)]
        state, logits = model.step(state, ids)
        together.append(logits)
        assert all(np.array_equal(a, b) for a, b in zip(kept, (*before.cells, *before.ahead)))
    assert np.abs(together - alone)[..., 1:].max() < 1e-5
    assert alone.std(axis=1).max() > 0.1  # the tunes differ
    assert model.step(model.start(1), [3])[1].shape == (1, N)


@pytest.mark.parametrize("n_columns", [1, 69, 70, 138, 139])  # as many as fit into whole blocks, into halves, and more
def test_a_product_by_blocks_is_the_product(n_columns):
    assert 69 * 300 * BLOCK <= SMALL < 70 * 300 * BLOCK and 138 * 300 * BLOCK // 2 <= SMALL < 139 * 300 * BLOCK // 2
    rng = np.random.default_rng(0)
    weights, columns = rng.integers(-9, 10, (2 * BLOCK, 300)), rng.integers(-9, 10, (300, n_columns))
    assert np.array_equal(product(np.float32(weights), np.float32(columns)), weights @ columns)


def test_stacked_layers_are_saved_and_loaded(tmp_path):
    model = LSTM(some_weights(n_layers=3), VOCABULARY)
    save(model, tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    assert again.n_layers == 3
    assert np.array_equal(run(again, some_tune(30)), run(model, some_tune(30)))


def test_a_gate_raises_the_symbol_that_the_context_guesses():
    weights = {name: array * 0 for name, array in some_weights().items()}
    weights["head_bias"][N + CONTEXT.copied.index(CONTEXT.names.index("match"))] = 3
    logits = run(LSTM(weights, VOCABULARY), VOCABULARY.ids("C5 1/8 D5 1/8 C5".split()))[-1]
    assert VOCABULARY[int(logits.argmax())] == "1/8"
    assert logits.max() == 3
    assert (np.delete(logits, logits.argmax())[1:] == 0).all()


@given(st.lists(st.integers(0, N - 1), max_size=40), st.lists(st.integers(0, N - 1), min_size=1, max_size=10))
@settings(max_examples=30)
def test_states_stay_as_they_are(ids, others):
    model = LSTM(some_weights(), VOCABULARY)
    state = model.start()
    for id in ids:
        state, _ = model.step(state, id)
    kept = [np.copy(part) for part in state[1:]]
    state_2, first = model.step(state, others[0])
    first = first.copy()
    run(model, others)
    for other in others:
        state_2, _ = model.step(state_2, other)
    assert all(np.array_equal(a, b) for a, b in zip(kept, state[1:]))
    assert np.array_equal(model.step(state, others[0])[1], first)


def test_logits_of_one_step_are_not_overwritten_by_the_next():
    model = LSTM(some_weights(), VOCABULARY)
    state, first = model.step(model.start(), 0)
    kept = first.copy()
    model.step(state, 3)
    assert np.array_equal(first, kept)


def test_what_was_saved_is_loaded_again(tmp_path):
    model = LSTM(some_weights(), VOCABULARY, {"data": "a few tunes", "title": "é"})
    save(model, tmp_path / "new folder" / "model.npz")
    again = load(tmp_path / "new folder" / "model.npz")
    assert again.vocabulary.symbols == VOCABULARY.symbols
    assert again.card == model.card
    assert np.array_equal(run(again, some_tune()), run(model, some_tune()))
    assert sorted(os.listdir(tmp_path / "new folder")) == ["model.json", "model.npz"]


def test_a_model_without_a_card_is_loaded_too(tmp_path):
    save(LSTM(some_weights(plain=True), VOCABULARY), tmp_path / "model.npz")
    (tmp_path / "model.json").unlink()
    assert load(tmp_path / "model.npz").card == {}


def test_a_full_disk_is_an_oserror_and_leaves_nothing_half_done(tmp_path, monkeypatch):
    model = LSTM(some_weights(), VOCABULARY)

    def full(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="cannot write the model to .*model.npz: No space left on device; make room"):
        save(model, tmp_path / "model.npz")
    assert os.listdir(tmp_path) == []
    assert run(model, [0, 1]).shape == (2, N)


def test_missing_and_wrong_files_are_refused_by_name(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere.npz: no such file; `musiclab train` makes a model"):
        load(tmp_path / "nowhere.npz")
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(ValueError, match="text.npz is no saved model"):
        load(tmp_path / "text.npz")
    (tmp_path / "empty.npz").write_bytes(b"")
    with pytest.raises(ValueError, match="empty.npz is no saved model"):
        load(tmp_path / "empty.npz")
    np.savez(tmp_path / "other.npz", anything=np.zeros(3))
    with pytest.raises(ValueError, match="other.npz is no saved model"):
        load(tmp_path / "other.npz")


def test_weights_of_wrong_shapes_are_refused():
    weights = some_weights() | {"head": np.zeros((3, 3), np.float16)}
    with pytest.raises(ValueError, match=r"weights 'head' have shape \(3, 3\)"):
        LSTM(weights, VOCABULARY)


def test_the_shipped_model_knows_the_styles_and_any_number_of_bars():
    model = load()
    assert {"<reel>", "<jig>", "<slip jig>", "<hornpipe>", "<strathspey>", "<16 bars>", "<13 bars>", "<64 bars>"} <= set(
        model.vocabulary.symbols
    )
    prompt = [0, *model.vocabulary.ids(["<jig>", "<6/8>", "<major>", "<16 bars>"])]
    assert np.isfinite(run(model, prompt)).all()


def test_a_length_that_training_never_showed_does_no_harm():
    model = load()
    known, _ = model.vocabulary.ids(["<16 bars>", "C5"])
    match = model.context.names.index("match")  # a symbol that was never seen was never repeated
    rows = model.weights["embedding"][sum(model.context.sizes[:match]) :]
    unseen = [i for i in np.flatnonzero(model.vocabulary.bars) if not rows[i].any()]
    assert unseen  # else the vocabulary has nothing to spare
    ids = model.vocabulary.ids(["<reel>", "<2/2>", "<major>"])
    for id in unseen[:3]:
        logits = run(model, [0, *ids, int(id)])[-1]
        usual = run(model, [0, *ids, known])[-1]
        assert logits.argmax() in np.argsort(usual)[-10:]


def test_the_shipped_card_says_what_a_card_must():
    card = json.loads(lstm.SHIPPED.with_suffix(".json").read_text())
    figures = card["nats_a_note"]["test"]
    assert figures["lstm"] <= 1.75
    assert figures["kneser_ney_with_cache"] - figures["lstm"] >= 0.45
    assert figures["uniform"] > figures["bigram"] > figures["kneser_ney"] > figures["kneser_ney_with_cache"]
    assert card["command"].startswith("musiclab train --data tunes --out")
    assert card["settings"]["seed"] == 1
    assert card["parameters"] == sum(array.size for array in load().weights.values())
    assert os.path.getsize(lstm.SHIPPED) < 10 * 2**20


def test_loading_and_stepping_need_no_keras():
    code = "import sys; from musiclab.lstm import load; m = load(); m.step(m.start(), 0); print({'keras', 'tensorflow', 'music21'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
