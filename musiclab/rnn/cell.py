"""An LSTM cell by hand, which remembers longer (lesson 7)."""

import numpy as np

from musiclab.rnn.backward import norms_by_lag
from musiclab.rnn.neuron import init_weights, sigmoid, sigmoid_grad


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
    i, f, candidate, o = _gates(x, h, params)
    c = f * c + i * candidate
    h = o * np.tanh(c)
    return h, c


def _gates(x, h, params):
    """How far to let in, to keep and to say, each in (0, 1), and the candidate in (-1, 1), in the order i, f, c, o."""
    z_i, z_f, z_c, z_o = np.split(x @ params["W_x"] + h @ params["W_h"] + params["b"], 4, axis=-1)
    return sigmoid(z_i), sigmoid(z_f), np.tanh(z_c), sigmoid(z_o)


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


def init_lstm_params(n_in, n_hidden, rng):
    """Starting parameters of a cell: weights by `init_weights`, biases zero but for the forget gates', which begin at 1.

    A forget gate that starts open lets the cell remember before it has learned to (Jozefowicz et al. 2015); Keras does the same.
    """
    return {
        "W_x": init_weights(n_in, 4 * n_hidden, rng),
        "W_h": init_weights(n_hidden, 4 * n_hidden, rng),
        "b": np.repeat([0.0, 1.0, 0.0, 0.0], n_hidden),
    }


def lstm_grad_norm_by_lag(inputs, state, params):
    """How much the state (h, c) of an LSTM cell still depends on the state k steps before.

    Args:
        inputs: (n_steps, n_in); state and params as in `lstm_step`.

    Returns:
        (n_steps,) as `grad_norm_by_lag`: for each lag k, the largest stretch (spectral norm) of d(h_t, c_t)/d(h_(t-k), c_(t-k)),
        mean over t; 1 at lag 0.
    """
    (h, c), steps = state, []
    for x in inputs:
        i, f, candidate, o = _gates(x, h, params)
        slopes = np.concatenate([sigmoid_grad(i), sigmoid_grad(f), 1 - candidate**2, sigmoid_grad(o)])
        di, df, dcandidate, do = np.split(params["W_h"] * slopes, 4, axis=1)  # row to column: from h to each gate
        dc = c * df + candidate * di + i * dcandidate
        c = f * c + i * candidate
        h, slope = o * np.tanh(c), o * (1 - np.tanh(c) ** 2)
        steps.append(np.block([[np.tanh(c) * do + slope * dc, dc], [np.diag(slope * f), np.diag(f)]]))
    return norms_by_lag(np.array(steps))


def forget_curve(model, lag):
    """How long a model's answers still tell which of two symbols it heard first.

    Two runs hear id 1 and id 2, then both hear id 0, again and again. The distance of their logits (Euclidean) is measured
    after the first symbol and after each of the `lag` that follow, and divided by the distance after the first.

    Args:
        model: anything with `start() -> state` and `step(state, id) -> (state, logits)`.
        lag: how many steps to wait, >= 0.

    Returns:
        (lag + 1,) 1 at the start, 0 where all is forgotten.
    """
    runs = [model.step(model.start(), first) for first in (1, 2)]
    distances = []
    for _ in range(lag + 1):
        distances.append(np.linalg.norm(np.subtract(runs[0][1], runs[1][1])))
        runs = [model.step(state, 0) for state, _ in runs]
    return np.array(distances) / distances[0]
