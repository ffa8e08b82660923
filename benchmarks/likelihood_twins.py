"""Test pieces that a training piece resembles: a network that only remembers does well on them."""

from collections import Counter, defaultdict

import numpy as np

from musiclab.duplicates import grams, group


def same_tune(train, test, top):
    """Which test pieces share their top line with a training piece, in any key.

    The rule of `musiclab.duplicates`: at least 8 runs of 10 intervals in common, or all runs of the shorter line. `top(frame)` is the
    pitch of the top line, None for silence; a pitch that stays counts once.
    """
    runs = [grams(_changes(map(top, piece))) for piece in [*train, *test]]
    return _with_training(group(runs), len(train))


def near_duplicates(train, test, length=3, share=0.2):
    """Which test pieces are, in all voices, nearly a training piece, in any key.

    A fifth of the test piece's runs of 3 successive different frames stand in one and the same training piece. Two chorales that only
    share their tune have hardly any such run in common.

    >>> scale = np.arange(20)[:, None] % 7
    >>> near_duplicates([scale], [scale + 3, scale**2])
    [True, False]
    """
    owners = defaultdict(set)
    for index, piece in enumerate(train):
        for run in _frame_runs(piece, length):
            owners[run].add(index)
    found = []
    for piece in test:
        runs = _frame_runs(piece, length)
        shared = Counter(index for run in runs for index in owners.get(run, ()))
        found.append(bool(runs) and max(shared.values(), default=0) >= share * len(runs))
    return found


def _frame_runs(piece, length):
    """All runs of so many successive different frames, as differences from the first value of the first frame."""
    frames = _changes(map(tuple, np.asarray(piece).tolist()))
    runs = (frames[i : i + length] for i in range(len(frames) - length + 1))
    return {tuple(value - run[0][0] for frame in run for value in frame) for run in runs}


def _changes(values):
    """The values, each stretch of equal ones as one; None is passed over."""
    kept = []
    for value in values:
        if value is not None and value != (kept[-1] if kept else None):
            kept.append(value)
    return kept


def _with_training(groups, n_train):
    return [name in set(groups[:n_train]) for name in groups[n_train:]]
