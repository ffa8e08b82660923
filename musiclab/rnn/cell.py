"""An LSTM cell by hand, which remembers longer (lesson 7)."""

import numpy as np

from musiclab.rnn.neuron import init_weights, sigmoid


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


def init_lstm_params(n_in, n_hidden, rng):
    """Starting parameters of a cell: weights by `init_weights`, biases zero but for the forget gates', which begin at 1.

    A forget gate that starts open lets the cell remember before it has learned to (Jozefowicz et al. 2015); Keras does the same.
    """
    return {
        "W_x": init_weights(n_in, 4 * n_hidden, rng),
        "W_h": init_weights(n_hidden, 4 * n_hidden, rng),
        "b": np.repeat([0.0, 1.0, 0.0, 0.0], n_hidden),
    }


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
