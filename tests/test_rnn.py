"""The network by hand, against numerical gradients, a plain loop, Keras and PyTorch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab import rnn

RNG = np.random.default_rng(7)
N_IN, N_HIDDEN, N_OUT, N_STEPS, N_BATCH = 3, 5, 4, 6, 2


def drawn(n_batch, n_steps, seed=7):
    """Parameters, inputs, targets and a starting state; n_batch None draws one sequence."""
    rng, batch = np.random.default_rng(seed), () if n_batch is None else (n_batch,)
    params = rnn.init_params(N_IN, N_HIDDEN, N_OUT, rng)
    params["b_h"], params["b_y"] = rng.normal(size=N_HIDDEN), rng.normal(size=N_OUT)
    inputs, targets = rng.normal(size=(*batch, n_steps, N_IN)), rng.uniform(size=(*batch, n_steps, N_OUT))
    return params, inputs, targets, rng.normal(size=(*batch, N_HIDDEN))


@pytest.fixture
def network():
    return drawn(N_BATCH, N_STEPS)


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
@pytest.mark.parametrize("n_batch", [None, 1, 3])
@pytest.mark.parametrize("n_steps", [1, 6])
def test_bptt_agrees_with_numerical_gradients(activation, n_batch, n_steps):
    params, inputs, targets, h0 = drawn(n_batch, n_steps)
    grads = rnn.bptt(inputs, targets, h0, params, activation)

    def error():
        return rnn.squared_error(rnn.rnn_forward(inputs, h0, params, activation)[1], targets)

    for name, p in params.items():
        assert grads[name].shape == p.shape
        assert rnn.relative_error(grads[name], rnn.numerical_gradient(error, p)) < 1e-6, name


def test_a_starting_state_is_shared_by_the_batch_where_only_one_is_given(network):
    params, inputs, targets, h0 = network
    shared = rnn.bptt(inputs, targets, h0[0], params)
    repeated = rnn.bptt(inputs, targets, np.stack([h0[0]] * N_BATCH), params)
    assert all((shared[name] == repeated[name]).all() for name in params)


def test_no_steps_ask_for_nothing(network):
    params, inputs, targets, h0 = network
    grads = rnn.bptt(inputs[:, :0], targets[:, :0], h0, params)
    assert all(grads[name].shape == p.shape and not grads[name].any() for name, p in params.items())


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_what_is_float32_stays_float32_whatever_the_starting_state(network, activation):
    params, inputs, targets, h0 = network
    small = {name: np.float32(p) for name, p in params.items()}
    inputs, targets = np.float32(inputs), np.float32(targets)
    exact = rnn.bptt(inputs, targets, h0, params, activation)
    assert {a.dtype for a in rnn.rnn_forward(inputs, h0, small, activation)} == {np.dtype("float32")}
    grads = rnn.clip_global_norm(rnn.bptt(inputs, targets, h0, small, activation), 1e9)
    assert {grad.dtype for grad in [*grads.values(), *rnn.sgd_step(small, grads, 0.1).values()]} == {np.dtype("float32")}
    assert all(rnn.relative_error(grads[name], exact[name]) < 1e-5 for name in params)


def test_an_lstm_in_float32_stays_in_float32():
    cell = {name: np.float32(p) for name, p in rnn.init_lstm_params(N_IN, N_HIDDEN, np.random.default_rng(0)).items()}
    zero = np.zeros(N_HIDDEN, np.float32)
    said, (h, c) = rnn.lstm_forward(np.ones((N_STEPS, N_IN), np.float32), (zero, zero), cell)
    assert {said.dtype, h.dtype, c.dtype} == {np.dtype("float32")}


SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))
def test_the_gradient_of_two_batches_together_is_the_sum_of_theirs(seed, n_first, n_second, n_steps):
    params, inputs, targets, h0 = drawn(n_first + n_second, n_steps, seed)
    whole = rnn.bptt(inputs, targets, h0, params)
    parts = [rnn.bptt(inputs[part], targets[part], h0[part], params) for part in (slice(n_first), slice(n_first, None))]
    for name in params:
        assert np.allclose(whole[name], parts[0][name] + parts[1][name], rtol=1e-9, atol=1e-12)


@given(SEEDS, st.permutations(range(4)))
def test_the_order_within_a_batch_does_not_matter(seed, order):
    params, inputs, targets, h0 = drawn(4, 3, seed)
    one, other = rnn.bptt(inputs, targets, h0, params), rnn.bptt(inputs[order], targets[order], h0[order], params)
    assert all(np.allclose(one[name], other[name], rtol=1e-9, atol=1e-12) for name in params)


@given(SEEDS, st.integers(1, 5))
def test_what_comes_later_never_changes_what_was_said(seed, n_heard):
    params, inputs, _, h0 = drawn(2, 6, seed)
    states, outputs = rnn.rnn_forward(inputs, h0, params)
    earlier_states, earlier_outputs = rnn.rnn_forward(inputs[:, :n_heard], h0, params)
    assert np.allclose(states[:, :n_heard], earlier_states) and np.allclose(outputs[:, :n_heard], earlier_outputs)
    rest = rnn.rnn_forward(inputs[:, n_heard:], earlier_states[:, -1], params)
    assert np.allclose(states[:, n_heard:], rest[0]) and np.allclose(outputs[:, n_heard:], rest[1])


FLOATS = st.floats(-1e6, 1e6)
ARRAYS = st.lists(st.lists(FLOATS, min_size=1, max_size=4).map(np.array), min_size=1, max_size=4)


@given(ARRAYS, st.floats(1e-3, 1e6))
def test_clipped_gradients_point_the_same_way_and_are_short_enough(arrays, c):
    grads = dict(enumerate(arrays))
    kept = {name: grad.copy() for name, grad in grads.items()}
    clipped = rnn.clip_global_norm(grads, c)
    before, after = np.concatenate(arrays), np.concatenate(list(clipped.values()))
    long, length = np.linalg.norm(after), np.linalg.norm(before)
    assert np.isclose(long, min(c, length), rtol=1e-9)
    assert np.allclose(after * length, before * long, rtol=1e-9, atol=1e-9 * (1 + length**2))
    assert all((grads[name] == kept[name]).all() for name in grads)
    assert clipped.keys() == grads.keys()


@given(ARRAYS, FLOATS)
def test_a_step_of_sgd_goes_against_each_gradient_and_a_step_back_undoes_it(arrays, lr):
    params, grads = dict(enumerate(arrays)), {i: grad[::-1].copy() for i, grad in enumerate(arrays)}
    kept = {name: p.copy() for name, p in params.items()}
    stepped = rnn.sgd_step(params, grads, lr)
    for name, p in params.items():
        assert (p == kept[name]).all() and stepped[name] is not p
        assert stepped[name].tolist() == [float(a) - lr * float(b) for a, b in zip(p, grads[name])]
        size = np.abs(p).max() + abs(lr) * np.abs(grads[name]).max()
        assert np.allclose(rnn.sgd_step(stepped, grads, -lr)[name], p, atol=1e-12 * size, rtol=0)


@given(
    st.lists(st.text(max_size=3), unique=True, max_size=60),
    st.lists(st.integers(0, 9), min_size=1, max_size=5).filter(any),
    SEEDS,
)
def test_splitting_deals_each_piece_to_exactly_one_part_of_the_right_size(ids, shares, seed):
    fractions = [share / sum(shares) for share in shares]
    parts = rnn.split_pieces(ids, fractions, np.random.default_rng(seed))
    assert len(parts) == len(fractions)
    assert sorted(id for part in parts for id in part) == sorted(ids)
    assert all(abs(len(part) - fraction * len(ids)) <= 1 for part, fraction in zip(parts, fractions))
    assert parts == rnn.split_pieces(ids, fractions, np.random.default_rng(seed))


@given(st.integers(1, 200), st.integers(1, 40))
def test_silence_on_a_one_hot_roll_has_the_rmse_of_one_in_n(n, n_steps):
    targets = np.eye(n)[np.arange(n_steps) % n]
    assert np.isclose(rnn.silence_rmse(targets), n**-0.5)
    assert np.isclose(rnn.silence_rmse(targets), rnn.rmse(np.zeros_like(targets), targets))


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


def drawn_cell():
    """Parameters of an LSTM cell, and a state (h, c) of a batch."""
    rng = np.random.default_rng(3)
    cell = rnn.init_lstm_params(N_IN, N_HIDDEN, rng)
    return cell | {"b": rng.normal(size=4 * N_HIDDEN)}, tuple(rng.normal(size=(2, N_BATCH, N_HIDDEN)))


def numerical_lstm_gradients(inputs, aims, state, cell):
    """Of half the sum of squared differences between what the cell says and the aims."""
    return {
        name: rnn.numerical_gradient(lambda: rnn.squared_error(rnn.lstm_forward(inputs, state, cell)[0], aims), p)
        for name, p in cell.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_states_outputs_and_gradients_are_those_of_keras_with_the_same_weights(network, activation):
    import keras
    import tensorflow as tf

    params, inputs, targets, h0 = network
    recurrent = keras.layers.SimpleRNN(N_HIDDEN, activation=activation, return_sequences=True, dtype="float64")
    dense = keras.layers.Dense(N_OUT, activation="sigmoid", dtype="float64")
    recurrent.build(inputs.shape), dense.build((N_BATCH, N_STEPS, N_HIDDEN))
    recurrent.set_weights([params["W_xh"], params["W_hh"], params["b_h"]])
    dense.set_weights([params["W_hy"], params["b_y"]])
    variables = [*recurrent.trainable_variables, *dense.trainable_variables]
    with tf.GradientTape() as tape:
        their_states = recurrent(inputs, initial_state=tf.constant(h0))
        their_outputs = dense(their_states)
        error = tf.reduce_sum((their_outputs - targets) ** 2) / 2
    their_grads = dict(zip(["W_xh", "W_hh", "b_h", "W_hy", "b_y"], tape.gradient(error, [v.value for v in variables])))

    states, outputs = rnn.rnn_forward(inputs, h0, params, activation)
    assert np.allclose(states, their_states, atol=1e-12) and np.allclose(outputs, their_outputs, atol=1e-12)
    assert np.isclose(rnn.squared_error(outputs, targets), float(error))
    for name, grad in rnn.bptt(inputs, targets, h0, params, activation).items():
        assert rnn.relative_error(grad, their_grads[name].numpy()) < 1e-10, name


@pytest.mark.slow
def test_the_lstm_cell_and_its_gradients_are_those_of_keras_with_the_same_weights(network):
    import keras
    import tensorflow as tf

    _, inputs, _, _ = network
    cell, (h0, c0) = drawn_cell()
    layer = keras.layers.LSTM(N_HIDDEN, return_sequences=True, return_state=True, dtype="float64")
    layer.build(inputs.shape)
    layer.set_weights(list(cell.values()))
    aims = np.random.default_rng(5).normal(size=(N_BATCH, N_STEPS, N_HIDDEN))
    with tf.GradientTape() as tape:
        theirs = layer(inputs, initial_state=[tf.constant(h0), tf.constant(c0)])
        error = tf.reduce_sum((theirs[0] - aims) ** 2) / 2
    their_grads = dict(zip(cell, tape.gradient(error, [v.value for v in layer.trainable_variables])))

    said, (h, c) = rnn.lstm_forward(inputs, (h0, c0), cell)
    assert all(np.allclose(ours, their, atol=1e-12) for ours, their in zip((said, h, c), theirs))
    for name, grad in numerical_lstm_gradients(inputs, aims, (h0, c0), cell).items():
        assert rnn.relative_error(grad, their_grads[name].numpy()) < 1e-6, name


@pytest.mark.slow
def test_states_outputs_and_gradients_are_those_of_pytorch_with_the_same_weights(network):
    torch = pytest.importorskip("torch")
    params, inputs, targets, h0 = network
    recurrent = torch.nn.RNN(N_IN, N_HIDDEN, nonlinearity="tanh", batch_first=True, dtype=torch.float64)
    dense = torch.nn.Linear(N_HIDDEN, N_OUT, dtype=torch.float64)
    places = {  # PyTorch keeps weights the other way round, and a second bias
        "W_xh": recurrent.weight_ih_l0,
        "W_hh": recurrent.weight_hh_l0,
        "b_h": recurrent.bias_ih_l0,
        "W_hy": dense.weight,
        "b_y": dense.bias,
    }
    with torch.no_grad():
        recurrent.bias_hh_l0.zero_()
        for name, place in places.items():
            place.copy_(torch.tensor(params[name].T))
    their_states, _ = recurrent(torch.tensor(inputs), torch.tensor(h0)[None])
    their_outputs = torch.sigmoid(dense(their_states))
    (((their_outputs - torch.tensor(targets)) ** 2).sum() / 2).backward()

    states, outputs = rnn.rnn_forward(inputs, h0, params, "tanh")
    assert np.allclose(states, their_states.detach(), atol=1e-12) and np.allclose(outputs, their_outputs.detach(), atol=1e-12)
    for name, grad in rnn.bptt(inputs, targets, h0, params, "tanh").items():
        assert rnn.relative_error(grad, places[name].grad.numpy().T) < 1e-10, name


@pytest.mark.slow
def test_the_lstm_cell_and_its_gradients_are_those_of_pytorch_with_the_same_weights(network):
    torch = pytest.importorskip("torch")
    _, inputs, _, _ = network
    cell, (h0, c0) = drawn_cell()
    layer = torch.nn.LSTM(N_IN, N_HIDDEN, batch_first=True, dtype=torch.float64)
    places = {"W_x": layer.weight_ih_l0, "W_h": layer.weight_hh_l0, "b": layer.bias_ih_l0}
    with torch.no_grad():
        layer.bias_hh_l0.zero_()
        for name, place in places.items():
            place.copy_(torch.tensor(cell[name].T))
    their_said, (their_h, their_c) = layer(torch.tensor(inputs), (torch.tensor(h0)[None], torch.tensor(c0)[None]))
    aims = np.random.default_rng(5).normal(size=(N_BATCH, N_STEPS, N_HIDDEN))
    (((their_said - torch.tensor(aims)) ** 2).sum() / 2).backward()

    said, (h, c) = rnn.lstm_forward(inputs, (h0, c0), cell)
    for ours, their in ((said, their_said), (h, their_h[0]), (c, their_c[0])):
        assert np.allclose(ours, their.detach(), atol=1e-12)
    for name, grad in numerical_lstm_gradients(inputs, aims, (h0, c0), cell).items():
        assert rnn.relative_error(grad, places[name].grad.numpy().T) < 1e-6, name
