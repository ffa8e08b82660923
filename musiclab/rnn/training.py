"""Training until a goal is reached, as the flow chart of the paper has it (lesson 6)."""

import numpy as np

from musiclab.rnn.backward import bptt, clip_global_norm
from musiclab.rnn.network import rnn_forward, squared_error


def sgd_step(params, grads, lr):
    """One step down the slope: every parameter minus lr times its gradient.

    Returns:
        dict of new arrays; those that went in stay as they were.

    >>> sgd_step({"w": np.array([1.0, 2.0])}, {"w": np.array([10.0, -10.0])}, lr=0.1)["w"]
    array([0., 3.])
    """
    return {name: p - lr * grads[name] for name, p in params.items()}


def train_until(params, data, lr, rng, target=0.1, max_epochs=500):
    """Train until the RMSE on the training data falls below a target, or max_epochs are over.

    Each epoch goes once through the training data, in a new random order: forward, error, backward, one step of `sgd_step`
    with gradients clipped to length 1. Then it measures.

    Args:
        params: as `init_params` makes them; changed in place, so that the caller's network has learned.
        data: `(train, valid)`, each a list of `(inputs, targets)`: one sequence, or a batch of them (n_batch, n_steps, n).
        lr: learning rate, > 0.
        rng: numpy Generator, for the order.

    Returns:
        dict with `rmse_train` and `rmse_valid`, lists of one number an epoch, and `converged`: did the last epoch reach
        an `rmse_train` below the target?
    """
    (train, valid), h0 = data, np.zeros(len(params["b_h"]))
    history = {"rmse_train": [], "rmse_valid": [], "converged": False}
    while not history["converged"] and len(history["rmse_train"]) < max_epochs:
        for i in rng.permutation(len(train)):
            inputs, targets = train[i]
            grads = clip_global_norm(bptt(inputs, targets, h0, params), 1.0)
            params.update(sgd_step(params, grads, lr))
        history["rmse_train"].append(rmse_over(train, params))
        history["rmse_valid"].append(rmse_over(valid, params))
        history["converged"] = history["rmse_train"][-1] < target
    return history


def rmse_over(pairs, params):
    """RMSE of a network over a list of `(inputs, targets)`: every number counts once, however the list is cut."""
    h0 = np.zeros(len(params["b_h"]))
    errors = [squared_error(rnn_forward(inputs, h0, params)[1], targets) for inputs, targets in pairs]
    return float(np.sqrt(2 * sum(errors) / sum(targets.size for _, targets in pairs)))


def split_pieces(ids, fractions, rng):
    """Deal pieces out at random, each to exactly one part.

    Args:
        ids: n names of pieces, or of groups of near-duplicates, all different.
        fractions: of each part, such as (0.8, 0.1, 0.1); their sum is 1.

    Returns:
        a list of ids for each fraction, cut where the running sum of fractions times n, rounded, says.

    >>> [len(part) for part in split_pieces(list("abcdefghij"), (0.8, 0.1, 0.1), np.random.default_rng(0))]
    [8, 1, 1]
    """
    order = [ids[i] for i in rng.permutation(len(ids))]
    cuts = [0, *(round(share * len(ids)) for share in np.cumsum(fractions).tolist())]
    return [order[start:end] for start, end in zip(cuts, cuts[1:])]


def silence_rmse(targets):
    """The RMSE of a network that says 0 to everything: what every other has to beat.

    >>> silence_rmse(np.eye(128)[[60, 62, 64]])
    0.08838834764831845
    """
    return float(np.sqrt(np.mean(np.square(targets))))
