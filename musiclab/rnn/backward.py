"""Learning backwards through time, and the tools that prove and tame a gradient (lesson 5)."""

import numpy as np

from musiclab.rnn.network import ACTIVATIONS, rnn_forward, same_shape, time_first
from musiclab.rnn.neuron import sigmoid_grad


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
    same_shape(outputs, targets)
    inputs, targets, states, outputs = map(time_first, (inputs, targets, states, outputs))
    dz_y = outputs - targets
    dz_y *= sigmoid_grad(outputs)  # minus delta of formula (2)
    dz_h = dz_y @ params["W_hy"].T  # to begin with, what each step's output asks of h
    W_back, later = params["W_hh"].T, 0.0
    for dz, slope_now in zip(dz_h[::-1], slope(states)[::-1]):  # from the last step to the first
        dz += later  # what all later steps ask of h
        dz *= slope_now
        later = dz @ W_back
    first = np.full_like(dz_h[:1], h0)  # the state that entered the first step; each other step was entered by the one before
    return {
        "W_xh": _rows(inputs).T @ _rows(dz_h),
        "W_hh": _rows(first).T @ _rows(dz_h[:1]) + _rows(states[:-1]).T @ _rows(dz_h[1:]),
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
    return norms_by_lag(params["W_hh"] * slope(states)[:, None, :])


def norms_by_lag(steps):
    """For each lag k, the spectral norm of the product of k steps that follow one another, mean over where they end; 1 at lag 0.

    Args:
        steps: (n_steps, n, n): steps[t] is dstate_t/dstate_(t-1), row to column.
    """
    norms, reach = np.ones(len(steps)), np.broadcast_to(np.eye(steps.shape[-1]), steps.shape)
    for lag in range(1, len(steps)):
        reach = reach[:-1] @ steps[lag:]  # one step longer, for every t >= lag
        norms[lag] = np.linalg.norm(reach, 2, axis=(1, 2)).mean()
    return norms
