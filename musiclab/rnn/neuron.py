"""One neuron: how it squashes, how it starts, how it learns (lesson 3)."""

import numpy as np


def sigmoid(z):
    """Squash numbers into the range from 0 to 1: formula (3), 1 / (1 + exp(-z)).

    For z below -700 the exponential is too big for a computer and becomes inf, and 1 / inf is the 0 that we want.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(z)))


def sigmoid_grad(a):
    """The slope of the sigmoid, given its *output* a.

    >>> sigmoid_grad(0.5)
    0.25
    """
    return a * (1 - a)


def init_weights(n_in, n_out, rng):
    """Draw starting weights (n_in, n_out): normal, mean 0, standard deviation 1/sqrt(n_in).

    Sums of n_in signals of size 1 then have size 1, where the sigmoid is steep (LeCun et al., Efficient BackProp, 1998). They
    differ, because neurons of a layer that start alike stay alike.

    >>> init_weights(10000, 3, np.random.default_rng(0)).std(axis=0).round(2)
    array([0.01, 0.01, 0.01])
    """
    return rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out))


def saturated_fraction(a, eps):
    """The share of sigmoid outputs, of any shape, that are within eps of 0 or of 1, where a neuron hardly learns.

    >>> saturated_fraction([0.01, 0.5, 0.99, 0.6], eps=0.05)
    0.5
    """
    a = np.asarray(a)
    return float(np.mean((a < eps) | (a > 1 - eps)))


def delta_rule(x, target, w, lr):
    """One step of formula (2) for one sigmoid neuron; returns new weights and leaves w as it was.

    Args:
        x: (n_in,) signals.
        target: what the neuron should have said, in [0, 1].
        w: (n_in,) weights.
        lr: learning rate, > 0.

    >>> delta_rule(np.array([1.0, 0.0]), 1.0, np.zeros(2), lr=8.0)
    array([1., 0.])
    """
    y = sigmoid(x @ w)
    delta = (target - y) * sigmoid_grad(y)  # -dE/dz, with E = (target - y)^2 / 2
    return w + lr * delta * x
