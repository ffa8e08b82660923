"""The network by hand, against numerical gradients, a plain loop and Keras."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab import rnn

RNG = np.random.default_rng(7)
N_IN, N_HIDDEN, N_OUT, N_STEPS, N_BATCH = 3, 5, 4, 6, 2


@pytest.fixture
def network():
    rng = np.random.default_rng(7)
    params = rnn.init_params(N_IN, N_HIDDEN, N_OUT, rng)
    params["b_h"], params["b_y"] = rng.normal(size=N_HIDDEN), rng.normal(size=N_OUT)
    inputs, targets = rng.normal(size=(N_BATCH, N_STEPS, N_IN)), rng.uniform(size=(N_BATCH, N_STEPS, N_OUT))
    return params, inputs, targets, rng.normal(size=(N_BATCH, N_HIDDEN))


@given(st.floats(-700, 700))
def test_the_sigmoid_is_one_over_one_plus_exp(z):
    assert np.isclose(rnn.sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-12, atol=1e-15)


@pytest.mark.filterwarnings("error")
def test_the_sigmoid_never_overflows():
    assert rnn.sigmoid(np.array([-1e308, 1e308])).tolist() == [0, 1]


def test_starting_weights_have_the_stated_spread():
    w = rnn.init_weights(400, 300, np.random.default_rng(0))
    assert w.shape == (400, 300) and abs(w.std() * 20 - 1) < 0.02 and abs(w.mean()) < 0.001


def test_the_delta_rule_goes_down_the_slope_of_e():
    x, w = RNG.normal(size=4), RNG.normal(size=4)
    kept = w.copy()
    grad = rnn.numerical_gradient(lambda: rnn.squared_error(rnn.sigmoid(x @ w), np.float64(0.3)), w)
    assert np.allclose(rnn.delta_rule(x, 0.3, w, lr=0.1), w - 0.1 * grad)
    assert (w == kept).all()


def test_a_batch_gives_what_its_sequences_give_one_by_one(network):
    params, inputs, targets, h0 = network
    states, outputs = rnn.rnn_forward(inputs, h0, params)
    for b in range(N_BATCH):
        h = h0[b]
        for t in range(N_STEPS):
            h, y = rnn.rnn_step(inputs[b, t], h, params)
            assert np.allclose(states[b, t], h) and np.allclose(outputs[b, t], y)
    whole = rnn.bptt(inputs, targets, h0, params)
    parts = [rnn.bptt(inputs[b], targets[b], h0[b], params) for b in range(N_BATCH)]
    for name in params:
        assert np.allclose(whole[name], sum(part[name] for part in parts))


def test_nothing_that_goes_in_is_changed(network):
    params, inputs, targets, h0 = network
    before = [a.copy() for a in (inputs, targets, h0, *params.values())]
    rnn.bptt(inputs, targets, h0, params)
    assert all((a == b).all() for a, b in zip(before, (inputs, targets, h0, *params.values())))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_bptt_agrees_with_numerical_gradients(network, activation):
    params, inputs, targets, h0 = network
    grads = rnn.bptt(inputs, targets, h0, params, activation)

    def error():
        return rnn.squared_error(rnn.rnn_forward(inputs, h0, params, activation)[1], targets)

    for name, p in params.items():
        assert grads[name].shape == p.shape
        assert rnn.relative_error(grads[name], rnn.numerical_gradient(error, p)) < 1e-6, name


def test_errors_of_different_shapes_are_refused_not_stretched():
    with pytest.raises(ValueError, match=r"shape \(3,\) and targets \(3, 1\)"):
        rnn.rmse(np.zeros(3), np.zeros((3, 1)))


def test_clipping_keeps_the_direction_and_leaves_short_gradients_alone():
    grads = {"a": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    clipped = rnn.clip_global_norm(grads, 1.0)
    assert np.allclose(clipped["a"], [0.6, 0.0]) and np.allclose(clipped["b"], [[0.8]])
    assert rnn.clip_global_norm(grads, 10.0)["b"] == 4.0


def test_gradient_by_lag_agrees_with_differences(network):
    params, inputs, _, h0 = network
    states, _ = rnn.rnn_forward(inputs[0], h0[0], params)
    lag, measured = 2, []
    for t in range(lag, N_STEPS):
        start = states[t - lag].copy()
        jacobian = np.empty((N_HIDDEN, N_HIDDEN))
        for j in range(N_HIDDEN):

            def reached(j=j, t=t, start=start):
                return rnn.rnn_forward(inputs[0, t - lag + 1 : t + 1], start, params)[0][-1, j]

            jacobian[:, j] = rnn.numerical_gradient(reached, start)
        measured.append(np.linalg.norm(jacobian, 2))
    norms = rnn.grad_norm_by_lag(states, params)
    assert norms.shape == (N_STEPS,) and norms[0] == 1
    assert np.isclose(norms[lag], np.mean(measured), rtol=1e-6)


@pytest.mark.slow
def test_rnn_and_lstm_equal_keras_with_the_same_weights(network):
    import keras

    params, inputs, _, h0 = network
    simple = keras.layers.SimpleRNN(N_HIDDEN, activation="sigmoid", return_sequences=True)
    simple.build(inputs.shape)
    simple.set_weights([params["W_xh"], params["W_hh"], params["b_h"]])
    keras_states = keras.ops.convert_to_numpy(simple(inputs.astype("float32"), initial_state=h0.astype("float32")))
    assert np.abs(keras_states - rnn.rnn_forward(inputs, h0, params)[0]).max() < 1e-5

    cell = {
        "W_x": RNG.normal(size=(N_IN, 4 * N_HIDDEN)),
        "W_h": RNG.normal(size=(N_HIDDEN, 4 * N_HIDDEN)),
        "b": RNG.normal(size=4 * N_HIDDEN),
    }
    layer = keras.layers.LSTM(N_HIDDEN, return_sequences=True)
    layer.build(inputs.shape)
    layer.set_weights(list(cell.values()))
    keras_said = keras.ops.convert_to_numpy(layer(inputs.astype("float32")))
    zero = np.zeros((N_BATCH, N_HIDDEN))
    said, (h, _) = rnn.lstm_forward(inputs, (zero, zero), cell)
    assert np.abs(keras_said - said).max() < 1e-5 and (said[:, -1] == h).all()
