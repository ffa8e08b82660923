"""The network in Keras: what it is equal to, what it cannot see, and that a training goes on after a kill."""

import json

import numpy as np
import pytest
from test_voices import CHOIR, run, some_frames, some_given

from musiclab.voices import Layout, build_voices, columns, freeze_voices, padded, surprises, train_voices
from musiclab.voices.stepping import weight_shapes

pytestmark = pytest.mark.slow
SMALL = {"n_hidden": 16, "n_embedding": 6, "n_head": 12}
LAYOUTS = {
    "sets": Layout(60, 7, ordered=True),
    "sets of up to six": Layout(60, 20, n_slots=6, ordered=True, given=(3,)),
    "voices, strokes, four frames a beat": CHOIR,
    "one voice over three octaves": Layout(30, 70, n_slots=1),
}


@pytest.fixture(scope="module")
def models():
    """One network a layout, with weights that have moved away from their beginnings."""
    built, rng = {}, np.random.default_rng(0)
    for name, layout in LAYOUTS.items():
        built[name] = build_voices(layout, **SMALL)
        built[name].set_weights([np.float16(w + rng.normal(scale=0.1, size=w.shape)) for w in built[name].get_weights()])
    return built


def logits_of(model, layout, frames, known):
    table = columns(layout, frames, known)
    return model.predict_on_batch(padded(layout, [table]))[0][: len(frames)]


@pytest.mark.parametrize("name", LAYOUTS)
def test_numpy_gives_the_logits_of_keras(models, name):
    layout, model = LAYOUTS[name], models[name]
    assert [w.shape for w in model.get_weights()] == list(weight_shapes(layout, 16, 6, 12).values())
    frames, known = some_frames(layout, 50), some_given(layout, 50)
    expected = logits_of(model, layout, frames, known).reshape(frames.size, -1)
    found = run(freeze_voices(model, layout), [0, *frames.ravel().tolist()[:-1]], known)
    possible = expected > -1e8
    assert np.array_equal(found > -1e8, possible) and 0 < possible.mean() < 1
    assert expected[possible].std() > 0.3
    assert np.abs(found - expected)[possible].max() < 1e-4
    assert possible[np.arange(frames.size), frames.ravel()].all()  # whatever stands in a piece was possible


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_slot_is_foreseen_from_the_past_and_from_the_slots_written_before_it(models, name):
    layout, model = LAYOUTS[name], models[name]
    frames, known = some_frames(layout, 24), some_given(layout, 24)
    first = logits_of(model, layout, frames, known)
    for t, slot in ((0, 0), (5, layout.n_slots - 1), (10, layout.n_slots // 2), (13, 0)):
        other = frames.copy()
        other[t, slot:] = layout.none
        other[t + 1 :] = np.roll(frames, 3, axis=0)[t + 1 :]
        if layout.again:
            other[t + 1 :][other[t + 1 :] == layout.again_id] = 1
        second = logits_of(model, layout, other, known)
        assert np.array_equal(first[:t], second[:t])
        assert np.allclose(first[t, : slot + 1], second[t, : slot + 1], atol=1e-6)
        assert not np.allclose(first[t + 1 :], second[t + 1 :], atol=1e-3)


def test_a_piece_is_as_surprising_alone_as_in_company(models):
    layout, model = CHOIR, models["voices, strokes, four frames a beat"]
    tables = [columns(layout, some_frames(layout, n, n), some_given(layout, n, n)) for n in (30, 7, 64, 1)]
    together = surprises(model, layout, tables)
    assert [len(piece) for piece in together] == [30, 7, 64, 1]
    for table, piece in zip(tables, together):
        assert np.allclose(surprises(model, layout, [table], at_once=1)[0], piece, atol=1e-5)
        voices, ids = freeze_voices(model, layout), table[:, : layout.n_slots].ravel()
        logits = run(voices, [0, *ids[:-1].tolist()], table[:, layout.places["given"]])
        nats = np.logaddexp.reduce(np.float64(logits), axis=1) - logits[np.arange(len(ids)), ids]
        assert np.allclose(nats, piece.ravel(), atol=1e-4)


def some_training(tmp_path=None, **others):
    layout = Layout(60, 7, n_slots=2)
    pieces = [columns(layout, np.tile([[1, 2], [3, 2], [5, 8], [3, 4]], (n, 1))) for n in (4, 5, 6, 7, 8)]
    draw = lambda rng: [pieces[i] for i in rng.permutation(5)] + [pieces[0]] * int(rng.integers(3))
    options = {"epochs": 6, "seed": 3, "every": 2, "n_batch": 2, "dropout": 0.2, **SMALL, **others}
    return train_voices(layout, draw, pieces[:2], checkpoints=tmp_path, **options)


def test_a_training_that_was_killed_goes_on_with_the_same_curve(tmp_path):
    def killed():
        killed.steps += 1
        if killed.steps == 14:  # in the middle of the fourth epoch or so
            raise KeyboardInterrupt
        return False

    killed.steps = 0
    whole = some_training()
    with pytest.raises(KeyboardInterrupt):
        some_training(tmp_path, cancelled=killed)
    kept = json.loads(str(np.load(tmp_path / "checkpoint.npz")["about"]))["history"]
    assert 1 < len(kept) < 6
    rest = some_training(tmp_path)
    curve = lambda training: np.array([(r["epoch"], r["loss"], r["valid"] or 0, r["best"]) for r in training.history])
    assert np.allclose(curve(rest), curve(whole), rtol=1e-6)  # threads may add up in another order
    assert [r["valid"] is not None for r in whole.history] == [False, True] * 3
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(rest.model.get_weights(), whole.model.get_weights()))
    with pytest.raises(ValueError, match="other settings .*dropout was 0.2, now 0.1"):
        some_training(tmp_path, dropout=0.1)


def test_training_learns_and_keeps_the_best_epoch_and_tells_of_each():
    told = []
    training = some_training(epochs=30, every=10, dropout=0.0, on_epoch=lambda history: told.append(len(history)))
    assert told == list(range(1, 31)) and training.finished
    best = min(r["valid"] for r in training.history if r["valid"] is not None)
    assert best < 0.6 * training.history[0]["loss"]
    layout = training.voices.layout
    table = columns(layout, np.tile([[1, 2], [3, 2], [5, 8], [3, 4]], (4, 1)))
    other = columns(layout, np.tile([[1, 2], [3, 2], [5, 8], [3, 4]], (5, 1)))
    measured = np.concatenate(surprises(training.model, layout, [table, other])).sum(axis=1).mean()
    assert np.isclose(measured, best, atol=1e-6)


def test_a_training_can_begin_with_the_weights_of_another(tmp_path):
    taught = some_training(epochs=30, every=10, dropout=0.0)
    further = some_training(tmp_path, begun=taught.voices, epochs=1, every=1, learning_rate=1e-6, dropout=0.0)
    assert further.history[0]["valid"] == pytest.approx(taught.history[-1]["valid"], abs=1e-3)
    with pytest.raises(ValueError, match="other settings .*begun"):
        some_training(tmp_path, begun=further.voices, epochs=1, every=1, learning_rate=1e-6, dropout=0.0)


def test_a_cancelled_training_keeps_what_it_learned_so_far():
    steps = iter(range(100))
    training = some_training(cancelled=lambda: next(steps) >= 8)
    assert not training.finished and 1 <= len(training.history) < 6
    assert training.voices.weights


def test_wrong_settings_are_named():
    with pytest.raises(ValueError, match="dropout 1.5: expected a number from 0 to 0.95"):
        some_training(dropout=1.5)
    with pytest.raises(ValueError, match="epochs 0: expected a whole number"):
        some_training(epochs=0)
    with pytest.raises(ValueError, match="draw.rng. gave no pieces"):
        train_voices(CHOIR, lambda rng: [], [], epochs=1, seed=1)
