"""Models together: networks averaged, and an n-gram model over whole frames mixed with them."""

from collections import Counter, defaultdict

import numpy as np

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48)  # frames of context
PRIOR = 0.1, 2.0  # of the weights: as if the n-gram had been right a tenth of a time in two


class Repeats:
    """Foresees a frame as the training set went on after the longest context that occurs in it.

    Args:
        pieces: arrays (n_frames, n_slots) to learn from.
        n_pitches: ids 1 to n_pitches are pitches.
        any_key: whether a context in another key is the same one.
    """

    def __init__(self, pieces, n_pitches, any_key):
        self.n_pitches, self.any_key = n_pitches, any_key
        self._after = {length: defaultdict(Counter) for length in LENGTHS}
        for piece in pieces:
            for t in range(1, len(piece)):
                for length in LENGTHS:
                    if length <= t:
                        context, frame = self._seen(piece, t, length)
                        self._after[length][context][frame] += 1

    def _seen(self, piece, t, length):
        """The context and the frame after it, as bytes; in any key measured from the first pitch of the frame before."""
        excerpt = piece[t - length : t + 1].astype(np.int16)
        if self.any_key:
            sounding = [p for p in excerpt[-2] if 1 <= p <= self.n_pitches]
            if sounding:
                is_pitch = (excerpt >= 1) & (excerpt <= self.n_pitches)
                excerpt = np.where(is_pitch, excerpt - sounding[0] + 256, excerpt)
        return excerpt[:-1].tobytes(), excerpt[-1].tobytes()

    def foresee(self, pieces):
        """For each frame of all pieces `(probability, kind)`: what the n-gram gave it, and which kind of context that was.

        Kind 0 is no context at all; other kinds tell apart lengths and how often (1, 2, 3 or more) the context was seen.
        """
        probability, kinds = [], []
        for piece in pieces:
            for t in range(len(piece)):
                found = 0.0, 0
                for i, length in reversed(list(enumerate(LENGTHS))):
                    if length <= t:
                        context, frame = self._seen(piece, t, length)
                        if counts := self._after[length].get(context):
                            n = sum(counts.values())
                            found = counts[frame] / n, 1 + 3 * i + min(n, 3) - 1
                            break
                probability.append(found[0])
                kinds.append(found[1])
        return np.array(probability), np.array(kinds)


def fit_weights(surprise, probability, kinds, rounds=100):
    """How far to trust the n-gram for each kind of context: expectation-maximisation on frames held out from training.

    Args:
        surprise: (n_frames,) nats, by the network.
        probability, kinds: as `Repeats.foresee` gives them.

    Returns:
        dict kind -> weight; kinds that do not occur weigh nothing.
    """
    weights = {}
    for kind in np.unique(kinds[kinds > 0]):
        network, counted = np.exp(-surprise[kinds == kind]), probability[kinds == kind]
        weight = 0.1
        for _ in range(rounds):
            share = weight * counted / np.maximum(weight * counted + (1 - weight) * network, 1e-300)
            weight = (share.sum() + PRIOR[0]) / (len(share) + PRIOR[1])
        weights[int(kind)] = float(weight)
    return weights


def mixed(surprise, probability, kinds, weights):
    """(n_frames,) nats of network and n-gram together."""
    weight = np.array([weights.get(int(kind), 0.0) for kind in kinds])
    return -np.logaddexp(np.log1p(-weight) - surprise, np.log(np.maximum(weight * probability, 1e-300)))


def mean_of_probabilities(surprise):
    """The surprise of a model that averages the probabilities of several; along the first axis.

    >>> round(float(mean_of_probabilities([[0.0], [np.inf]])[0]), 3)
    0.693
    """
    surprise = np.asarray(surprise)
    return -np.logaddexp.reduce(-surprise, axis=0) + np.log(len(surprise))
