"""The recurrent network of the paper, by hand: what the lessons build, under the same names.

Conventions: a sequence is `(n_steps, n)`, a batch of them `(n_batch, n_steps, n)`; every function takes either. Parameters and
gradients are dicts of arrays, `W_xh (n_in, n_hidden)`, `W_hh (n_hidden, n_hidden)`, `W_hy (n_hidden, n_out)`, `b_h`, `b_y`.
Numbers in brackets are the paper's formulas, in our reading: (1) E = 1/2 sum_j (t_j - y_j)^2, summed over time;
(2) dw_ij = lr delta_j y_i with delta_j = (t_j - y_j) y_j (1 - y_j) = -dE/dz_j; (3) y = 1 / (1 + exp(-z)).
"""

import numpy as np

# --- one neuron (lesson 03) -------------------------------------------------------------------------------------------


def sigmoid(z):
    """Squash numbers into (0, 1): formula (3).

    Written with tanh, which never overflows.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))


def sigmoid_grad(a):
    """The slope of the sigmoid, given its *output* a.

    >>> sigmoid_grad(0.5)
    0.25
    """
    return a * (1 - a)


def init_weights(n_in, n_out, rng):
    """Draw starting weights (n_in, n_out): normal, mean 0, standard deviation 1/sqrt(n_in).

    Sums of n_in signals of size 1 then have size 1, where the sigmoid is steep (LeCun et al., Efficient BackProp, 1998).
    """
    return rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out))


def saturated_fraction(a, eps=0.05):
    """The share of sigmoid outputs within eps of 0 or 1, where they hardly learn.

    >>> saturated_fraction(np.array([0.01, 0.5, 0.99, 0.6]))
    0.5
    """
    a = np.asarray(a)
    return float(np.mean((a < eps) | (a > 1 - eps)))


def delta_rule(x, target, w, lr):
    """One step of formula (2) for one sigmoid neuron; returns new weights and leaves w as it was.

    Args:
        x: (n_in,) signals; w: (n_in,) weights.
        target: in [0, 1]; lr: learning rate, > 0.

    >>> delta_rule(np.array([1.0, 0.0]), 1.0, np.zeros(2), lr=8.0)
    array([1., 0.])
    """
    y = sigmoid(x @ w)
    delta = (target - y) * sigmoid_grad(y)
    return w + lr * delta * x


# --- a network that remembers (lesson 04) -----------------------------------------------------------------------------

ACTIVATIONS = {"sigmoid": (sigmoid, sigmoid_grad), "tanh": (np.tanh, lambda a: 1 - a * a)}  # each with its slope at output a


def init_params(n_in, n_hidden, n_out, rng):
    """Starting parameters: weights by `init_weights`, biases zero."""
    return {
        "W_xh": init_weights(n_in, n_hidden, rng),
        "W_hh": init_weights(n_hidden, n_hidden, rng),
        "W_hy": init_weights(n_hidden, n_out, rng),
        "b_h": np.zeros(n_hidden),
        "b_y": np.zeros(n_out),
    }


def rnn_step(x, h, params, activation="sigmoid"):
    """One moment: the new state and what the network says.

    Args:
        x: (..., n_in) input now; h: (..., n_hidden) state before.
        activation: of the hidden layer, "sigmoid" or "tanh"; the output is a sigmoid.

    Returns:
        `(h, y)`: (..., n_hidden) and (..., n_out).
    """
    squash, _ = ACTIVATIONS[activation]
    h = squash(x @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
    return h, sigmoid(h @ params["W_hy"] + params["b_y"])


def rnn_forward(inputs, h0, params, activation="sigmoid"):
    """A whole sequence, or a batch of them.

    Args:
        inputs: (n_steps, n_in) or (n_batch, n_steps, n_in).
        h0: (n_hidden,), or (n_batch, n_hidden); never changed.

    Returns:
        `(states, outputs)`: (..., n_steps, n_hidden), where states[..., t, :] is the state after step t, and (..., n_steps, n_out).
    """
    states = _states(inputs, h0, params, activation)
    return states, sigmoid(states @ params["W_hy"] + params["b_y"])


def _states(inputs, h0, params, activation):
    squash, _ = ACTIVATIONS[activation]
    heard = inputs @ params["W_xh"] + params["b_h"]  # all steps at once: only the loop through h has to wait
    heard = np.ascontiguousarray(np.moveaxis(heard, -2, 0))  # (n_steps, ..., n_hidden)
    h, W_hh = np.broadcast_to(h0, heard.shape[1:]), params["W_hh"]
    for step in heard:  # each row of `heard` turns into the state at its step
        step += h @ W_hh
        step[...] = h = squash(step)
    return np.moveaxis(heard, 0, -2)


def squared_error(outputs, targets):
    """E of formula (1): half the sum of squared differences, over outputs, time and batch.

    >>> squared_error(np.array([[0.0, 1.0]]), np.array([[1.0, 1.0]]))
    0.5
    """
    _same_shape(outputs, targets)
    return float(0.5 * np.sum((targets - outputs) ** 2))


def rmse(outputs, targets):
    """Root of the mean squared difference.

    >>> rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0]))
    3.5355339059327378
    """
    _same_shape(outputs, targets)
    return float(np.sqrt(np.mean((targets - outputs) ** 2)))


def _same_shape(outputs, targets):
    if np.shape(outputs) != np.shape(targets):
        raise ValueError(
            f"outputs have shape {np.shape(outputs)} and targets {np.shape(targets)}: numpy would stretch one over the other; "
            "give both the same shape"
        )


# --- learning backwards (lesson 05) -----------------------------------------------------------------------------------


def bptt(inputs, targets, h0, params, activation="sigmoid"):
    """Gradients of E by backpropagation through time.

    Args:
        inputs: (n_steps, n_in) or (n_batch, n_steps, n_in); targets likewise with n_out; h0 as in `rnn_forward`.

    Returns:
        dict of dE/dparam, each of its parameter's shape, summed over time and batch.

    Source: Rumelhart, Hinton and Williams 1986; Werbos 1990.
    """
    _, slope = ACTIVATIONS[activation]
    states, outputs = rnn_forward(inputs, h0, params, activation)
    _same_shape(outputs, targets)
    dz_y = (outputs - targets) * sigmoid_grad(outputs)  # minus delta of formula (2)
    dh_from_y = np.moveaxis(dz_y @ params["W_hy"].T, -2, 0)  # (n_steps, ..., n_hidden)
    slopes = np.moveaxis(slope(states), -2, 0)
    dz_h = np.empty_like(dh_from_y)
    W_back, later = params["W_hh"].T, 0.0
    for t in range(len(dz_h) - 1, -1, -1):
        dz_h[t] = (dh_from_y[t] + later) * slopes[t]  # what this step's output and all later steps ask of h
        later = dz_h[t] @ W_back
    dz_h = np.moveaxis(dz_h, 0, -2)
    first = np.broadcast_to(np.asarray(h0)[..., None, :], states[..., :1, :].shape)
    before = np.concatenate([first, states[..., :-1, :]], axis=-2)  # the state that entered each step
    return {
        "W_xh": _rows(inputs).T @ _rows(dz_h),
        "W_hh": _rows(before).T @ _rows(dz_h),
        "W_hy": _rows(states).T @ _rows(dz_y),
        "b_h": _rows(dz_h).sum(axis=0),
        "b_y": _rows(dz_y).sum(axis=0),
    }


def _rows(x):
    """All steps of all sequences, one below the other: (n_rows, n)."""
    return np.reshape(x, (-1, np.shape(x)[-1]))


def numerical_gradient(f, p, eps=1e-5):
    """The gradient of f() with respect to the array p, by central differences.

    Args:
        f: function without arguments that reads p and returns a number.
        p: float array; changed for each measurement and put back.

    >>> p = np.array([3.0])
    >>> numerical_gradient(lambda: p[0] ** 2, p).round(6)
    array([6.])
    """
    grad = np.zeros_like(p)
    for i in np.ndindex(p.shape):
        kept = p[i]
        p[i] = kept + eps
        above = f()
        p[i] = kept - eps
        below = f()
        p[i] = kept
        grad[i] = (above - below) / (2 * eps)
    return grad


def relative_error(a, b):
    """How far two arrays differ, compared with their size: |a - b| / (|a| + |b|), 0 if both are zero.

    >>> relative_error(np.array([1.0, 0.0]), np.array([1.0, 0.0]))
    0.0
    """
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(np.subtract(a, b)) / size) if size else 0.0


def clip_global_norm(grads, c):
    """Shorten all gradients together to a length of at most c; their direction stays (Pascanu et al. 2013).

    >>> clip_global_norm({"w": np.array([3.0, 4.0])}, 1.0)["w"]
    array([0.6, 0.8])
    """
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    scale = min(1.0, c / norm) if norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def grad_norm_by_lag(states, params, activation="sigmoid"):
    """How much the state still depends on the state k steps before.

    Args:
        states: (n_steps, n_hidden).

    Returns:
        (n_steps,) for each lag k, the largest stretch (spectral norm) of dh_t/dh_(t-k), mean over t; 1 at lag 0.
    """
    _, slope = ACTIVATIONS[activation]
    n_steps, n_hidden = states.shape
    steps = params["W_hh"] * slope(states)[:, None, :]  # steps[t] = dh_t/dh_(t-1), (n_hidden, n_hidden), row to column
    norms = np.ones(n_steps)
    reach = np.broadcast_to(np.eye(n_hidden), (n_steps, n_hidden, n_hidden))
    for lag in range(1, n_steps):
        reach = reach[:-1] @ steps[lag:]  # one step longer, for every t >= lag
        norms[lag] = np.linalg.norm(reach, 2, axis=(1, 2)).mean()
    return norms


# --- remembering longer (lesson 07) -----------------------------------------------------------------------------------


def lstm_step(x, state, params):
    """One moment of an LSTM cell (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000).

    Args:
        x: (..., n_in) input now.
        state: `(h, c)`, both (..., n_hidden): what the cell says and what it keeps.
        params: `W_x (n_in, 4 n_hidden)`, `W_h (n_hidden, 4 n_hidden)`, `b (4 n_hidden,)`, the gates side by side in the
            order input i, forget f, candidate c, output o (as Keras stores them).

    Returns:
        the new `(h, c)`; the old one is left as it was.
    """
    h, c = state
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4, axis=-1)
    c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_c)
    h = sigmoid(z_o) * np.tanh(c)
    return h, c


def lstm_forward(inputs, state, params):
    """A whole sequence through an LSTM cell, or a batch of them.

    Args:
        inputs: (n_steps, n_in) or (n_batch, n_steps, n_in); state and params as in `lstm_step`.

    Returns:
        `(states, state)`: (..., n_steps, n_hidden) with what the cell says at each step, and the last `(h, c)`.
    """
    said = []
    for t in range(np.shape(inputs)[-2]):
        state = lstm_step(inputs[..., t, :], state, params)
        said.append(state[0])
    return np.stack(said, axis=-2), state
