"""The tied network that ships with the course, its card, and the plain LSTM that it is compared with."""

import json
from pathlib import Path

import numpy as np

from musiclab.rnn import lstm_step, sigmoid

WEIGHTS = Path(__file__).parents[1] / "data" / "tied.npz"  # made by tools/train_tied.py; tied.md says what they can do
NAMES = ("tied", "plain")


def shipped_params(name="tied"):
    """Trained parameters.

    Args:
        name: "tied" for both axes of the tied network, or "plain" for an LSTM of about as many parameters, trained on the same rolls,
            in which each pitch has weights of its own.

    Returns:
        fresh dict of float64 arrays.

    Raises:
        ValueError: no such network.

    >>> sorted(shipped_params("plain"))
    ['W_h', 'W_x', 'W_y', 'b', 'b_y']
    """
    if name not in NAMES:
        raise ValueError(f"no trained network is called {name!r}: expected one of {', '.join(map(repr, NAMES))}")
    with np.load(WEIGHTS) as file:
        return {key.split("/")[1]: file[key].astype(float) for key in file.files if key.split("/")[0] == name}


def shipped_card():
    """How they were made and what they can do: dict; `["figures"]` holds nats a frame by name of the model and part of the data."""
    return json.loads(WEIGHTS.with_suffix(".json").read_text(encoding="utf-8"))


def plain_forward(roll, params):
    """As `tied_forward`, by an ordinary LSTM that hears a whole row at once: `W_x (n_pitches, 4 n_hidden)`, `W_y (n_hidden, n_pitches)`.

    >>> zero = {"W_x": np.zeros((3, 4)), "W_h": np.zeros((1, 4)), "b": np.zeros(4), "W_y": np.ones((1, 3)), "b_y": np.zeros(3)}
    >>> plain_forward(np.eye(3)[:2], zero)
    array([[0.5, 0.5, 0.5],
           [0.5, 0.5, 0.5]])
    """
    state, p = (np.zeros(len(params["W_h"])),) * 2, np.zeros(np.shape(roll))
    for t, row in enumerate(roll):
        p[t] = sigmoid(state[0] @ params["W_y"] + params["b_y"])
        state = lstm_step((np.asarray(row) > 0).astype(float), state, params)
    return p
