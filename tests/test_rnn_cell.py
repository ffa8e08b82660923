"""The LSTM cell by hand: its gradients against numerical differences, its memory against what can be worked out on paper."""

import numpy as np
import pytest

from musiclab import rnn
from musiclab.probes import Echo

N_IN, N_HIDDEN, N_STEPS = 3, 5, 6


@pytest.fixture
def cell():
    rng = np.random.default_rng(7)
    params = rnn.init_lstm_params(N_IN, N_HIDDEN, rng)
    params["b"] = params["b"] + rng.normal(size=4 * N_HIDDEN)
    return params, rng.normal(size=(N_STEPS, N_IN)), (rng.normal(size=N_HIDDEN), rng.normal(size=N_HIDDEN))


@pytest.mark.parametrize("lag", [1, 2, 4])
def test_gradient_by_lag_agrees_with_differences(cell, lag):
    params, inputs, state = cell
    states = [np.concatenate(state)]
    for x in inputs:
        states.append(np.concatenate(rnn.lstm_step(x, np.split(states[-1], 2), params)))
    measured = []
    for t in range(lag, N_STEPS):  # from the state after input t - lag to that after input t
        start, jacobian = states[t - lag + 1].copy(), np.empty((2 * N_HIDDEN, 2 * N_HIDDEN))
        for j in range(2 * N_HIDDEN):

            def reached(j=j, t=t, start=start):
                _, last = rnn.lstm_forward(inputs[t - lag + 1 : t + 1], np.split(start, 2), params)
                return np.concatenate(last)[j]

            jacobian[:, j] = rnn.numerical_gradient(reached, start)
        measured.append(np.linalg.norm(jacobian, 2))
    norms = rnn.lstm_grad_norm_by_lag(inputs, state, params)
    assert norms.shape == (N_STEPS,) and norms[0] == 1
    assert np.isclose(norms[lag], np.mean(measured), rtol=1e-6)


def test_a_cell_cut_off_from_itself_forgets_at_the_pace_of_its_forget_gate(cell):
    params, inputs, state = cell
    params = {**params, "W_x": 0 * params["W_x"], "W_h": 0 * params["W_h"], "b": np.repeat([0.0, 2.0, 0.0, -60.0], N_HIDDEN)}
    norms = rnn.lstm_grad_norm_by_lag(inputs, state, params)
    assert np.allclose(norms, rnn.sigmoid(2.0) ** np.arange(N_STEPS))


def test_a_step_leaves_its_state_as_it_was(cell):
    params, inputs, state = cell
    kept = [part.copy() for part in state]
    rnn.lstm_step(inputs[0], state, params)
    rnn.lstm_forward(inputs, state, params)
    rnn.lstm_grad_norm_by_lag(inputs, state, params)
    assert all((a == b).all() for a, b in zip(kept, state))


def test_an_echo_is_forgotten_at_the_pace_at_which_it_fades():
    curve = rnn.forget_curve(Echo((0.3, 0.9, 0.5)), 3)
    assert np.allclose(curve, [np.sqrt((0.9 ** (2 * k) + 0.5 ** (2 * k)) / 2) for k in range(4)])
