"""One neuron, against scipy's sigmoid and slopes measured with small differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from musiclab.rnn import delta_rule, init_weights, saturated_fraction, sigmoid, sigmoid_grad

NUMBERS = st.floats(allow_nan=False)  # infinities too
OUTPUTS = st.floats(0.001, 0.999)


@given(NUMBERS)
@pytest.mark.filterwarnings("error")
def test_the_sigmoid_is_scipys_for_every_number_and_never_warns(z):
    assert np.isclose(sigmoid(z), expit(z), rtol=1e-12, atol=1e-16)


def test_the_sigmoid_keeps_the_shape_of_an_array_and_leaves_it_as_it_was():
    z = np.random.default_rng(0).normal(scale=5, size=(3, 4, 2))
    before = z.copy()
    assert np.allclose(sigmoid(z), expit(z), rtol=1e-12) and (z == before).all()


@given(OUTPUTS)
def test_the_slope_of_an_output_is_that_measured_around_its_sum(a):
    z, eps = logit(a), 1e-5
    assert np.isclose(sigmoid_grad(a), (expit(z + eps) - expit(z - eps)) / (2 * eps), rtol=1e-5)


@pytest.mark.parametrize("shape", [(7, 5), (1, 4), (60, 1)])
def test_sums_of_signals_of_size_one_start_with_size_one(shape):
    n_in, n_out = shape
    rng = np.random.default_rng(2)
    sums = [rng.choice([-1.0, 1.0], n_in) @ init_weights(n_in, n_out, rng) for _ in range(4000)]
    assert np.shape(sums) == (4000, n_out)
    assert abs(np.std(sums) - 1) < 0.05 and abs(np.mean(sums)) < 0.05


def test_starting_weights_come_from_the_generator_alone():
    again = [init_weights(6, 5, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert (again[0] == again[1]).all() and not np.isclose(again[0], again[2]).any()


def test_saturated_are_outputs_near_either_end_counted_by_hand():
    outputs = [[0.01, 0.96, 0.5], [0.04, 0.94, 0.06]]
    assert saturated_fraction(outputs, 0.05) == 3 / 6
    assert saturated_fraction(outputs, 0.1) == 5 / 6
    assert saturated_fraction(np.array(outputs), 0.001) == 0


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_a_step_of_the_delta_rule_is_minus_the_measured_slope_of_the_error(seed, target):
    rng = np.random.default_rng(seed)
    x, w, eps = rng.normal(size=5), rng.normal(size=5), 1e-6
    kept = x.copy(), w.copy()
    slope = [
        ((target - expit(x @ (w + step))) ** 2 - (target - expit(x @ (w - step))) ** 2) / (4 * eps) for step in eps * np.eye(5)
    ]
    assert np.allclose(delta_rule(x, target, w, 0.5), w - 0.5 * np.array(slope), atol=1e-8)
    assert (x == kept[0]).all() and (w == kept[1]).all()


def test_a_neuron_learns_and_from_four_examples():
    """Logical and, with a third signal that is always 1; by hand no single threshold on one input does it."""
    x, targets, w = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1.0]]), [0, 0, 0, 1], np.zeros(3)
    for _ in range(500):
        for signals, target in zip(x, targets):
            w = delta_rule(signals, target, w, 1.0)
    assert ((sigmoid(x @ w) > 0.5) == targets).all()


def test_a_saturated_neuron_that_is_wrong_learns_a_thousandth_of_what_an_open_one_learns():
    x = np.ones(1)
    steps = {w: abs(delta_rule(x, 0.0, np.array([w]), 1.0) - w).item() for w in (0.0, 12.0)}
    assert 0 < steps[12.0] < steps[0.0] / 1000
