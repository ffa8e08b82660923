"""A network that remembers: forward through time, and how wrong it is (lesson 4)."""

import numpy as np

from musiclab.rnn.neuron import init_weights, sigmoid, sigmoid_grad

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
    squash, _ = ACTIVATIONS[activation]
    states = time_first(inputs) @ params["W_xh"]  # of all steps at once: only the loop through h has to wait
    states += params["b_h"]
    h = np.broadcast_to(h0, states.shape[1:])
    for state in states:  # what the step has heard turns into its state
        state += h @ params["W_hh"]
        state[...] = h = squash(state)
    outputs = sigmoid(states @ params["W_hy"] + params["b_y"])
    return np.moveaxis(states, 0, -2), np.moveaxis(outputs, 0, -2)


def time_first(x):
    """View (n_batch, n_steps, n) as (n_steps, n_batch, n), in which x[t] is one moment; (n_steps, n) stays as it is."""
    return np.moveaxis(x, -2, 0)


def squared_error(outputs, targets):
    """E of formula (1): half the sum of squared differences, over outputs, time and batch.

    >>> squared_error(np.array([[0.0, 1.0]]), np.array([[1.0, 1.0]]))
    0.5
    """
    same_shape(outputs, targets)
    return float(0.5 * np.sum((targets - outputs) ** 2))


def rmse(outputs, targets):
    """Root of the mean squared difference.

    >>> rmse(np.array([0.0, 0.0]), np.array([3.0, 4.0]))
    3.5355339059327378
    """
    same_shape(outputs, targets)
    return float(np.sqrt(np.mean((targets - outputs) ** 2)))


def same_shape(outputs, targets):
    if np.shape(outputs) != np.shape(targets):
        raise ValueError(
            f"outputs have shape {np.shape(outputs)} and targets {np.shape(targets)}: numpy would stretch one over the other; "
            "give both the same shape"
        )
