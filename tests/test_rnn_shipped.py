"""The small networks that ship for lesson 4: they load, they are what their card says, and training has helped."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from musiclab.rnn import init_params, rmse, rnn_forward, shipped_params, silence_rmse
from musiclab.rnn.shipped import STAGES, WEIGHTS

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import train_by_hand  # noqa: E402

sys.path.pop(0)
NUMBER = r"\d+\.\d+"


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_has_the_parameters_of_lesson_4(name):
    params, like = shipped_params(name), init_params(128, 64, 128, np.random.default_rng(0))
    assert {key: p.shape for key, p in params.items()} == {key: p.shape for key, p in like.items()}
    assert all(p.dtype == float and np.isfinite(p).all() for p in params.values())


def test_the_untrained_network_is_as_it_was_drawn():
    drawn = init_params(128, 64, 128, np.random.default_rng(train_by_hand.SEED))
    assert all(np.allclose(p, drawn[key], atol=1e-3) for key, p in shipped_params("untrained").items())


def test_each_call_gives_fresh_parameters():
    shipped_params("trained")["b_h"][:] = 0
    assert shipped_params("trained")["b_h"].any()


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(
        ValueError, match="no network by hand is called 'best': expected one of 'untrained', 'epoch 10', 'trained'"
    ):
        shipped_params("best")


def test_the_weights_are_small_enough_to_ship():
    assert WEIGHTS.stat().st_size < 300_000


def test_the_card_says_what_the_shipped_weights_do():
    written, measured = train_by_hand.CARD.read_text(encoding="utf-8"), train_by_hand.card()
    assert re.sub(NUMBER, "#", written) == re.sub(NUMBER, "#", measured), "run `python tools/train_by_hand.py --card`"
    pairs = zip(re.findall(NUMBER, written), re.findall(NUMBER, measured), strict=True)
    assert all(abs(float(a) - float(b)) <= 1.5 * 10 ** -len(a.split(".")[1]) for a, b in pairs)


def test_training_has_helped_on_reels_that_it_never_heard():
    inputs, targets = train_by_hand.windows()[1]["test"]
    errors = [rmse(rnn_forward(inputs, np.zeros(64), shipped_params(name))[1], targets) for name in STAGES]
    counted = rmse(train_by_hand.bigram(*train_by_hand.windows()[1]["train"])[inputs.argmax(axis=-1)], targets)
    assert errors[0] > silence_rmse(targets) > errors[1] > counted > errors[2]


def test_nats_of_even_chances_are_the_logarithm_of_their_number():
    targets = np.eye(4)[[0, 3]]
    targets[1] = 0  # nothing sounds: left out
    assert np.isclose(train_by_hand.nats(np.full((2, 4), 0.1), targets), np.log(4))


def test_counts_of_pairs_are_chances_and_favour_what_was_counted():
    inputs, targets = np.eye(128)[[[0, 60, 62]]], np.eye(128)[[[60, 62, 60]]]
    table = train_by_hand.bigram(inputs, targets)
    assert np.allclose(table.sum(axis=1), 1) and np.isclose(table[60, 62], 1.1 / (1 + 12.8))


def test_training_a_little_makes_three_stages_in_half_precision(monkeypatch):
    monkeypatch.setattr(train_by_hand, "PLAN", ((0.5, 8), (0.2, 4)))
    ids = np.tile([60, 62, 64, 65], 16)
    roll = np.eye(128)[ids][None]
    stages = train_by_hand.trained_stages(np.roll(roll, 1, axis=1), roll)
    assert set(stages) == set(STAGES) and all(p.dtype == np.float16 for p in stages["trained"].values())
    assert (stages["untrained"]["W_hh"] != stages["epoch 10"]["W_hh"]).any()
    assert (stages["epoch 10"]["W_hh"] != stages["trained"]["W_hh"]).any()
