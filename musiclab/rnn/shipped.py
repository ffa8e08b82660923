"""The small networks by hand that ship with the course, for lessons that sing before they train (lesson 4)."""

from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).parents[1] / "data" / "by_hand.npz"  # made by tools/train_by_hand.py; by_hand.md says what they can do
STAGES = ("untrained", "epoch 10", "trained")


def shipped_params(name):
    """Parameters of a network with 64 hidden units that hears reels as rolls `(n_steps, 128)` and says the next step.

    Args:
        name: "untrained" as it started, "epoch 10" after ten epochs of training, or "trained" at the end.

    Returns:
        fresh dict of float64 arrays, as `init_params` makes it.

    Raises:
        ValueError: no such network.

    >>> shipped_params("trained")["W_xh"].shape
    (128, 64)
    """
    if name not in STAGES:
        raise ValueError(f"no network by hand is called {name!r}: expected one of {', '.join(map(repr, STAGES))}")
    with np.load(WEIGHTS) as file:
        return {key.split("/")[1]: file[key].astype(float) for key in file.files if key.split("/")[0] == name}
