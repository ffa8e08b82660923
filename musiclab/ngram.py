"""Models that only count: what a network has to beat.

All are models like any other, with `start() -> state` and `step(state, id) -> (state, logits)`, so they can be measured and played
from in the same way. Histories are kept as characters (`chr(id)`), which Python counts and searches quickly.
"""

from collections import Counter

import numpy as np


class Bigram:
    """The next symbol depends on the last one: counts of pairs, with `alpha` added to each. Alpha without end is uniform.

    Args:
        sequences: lists of ids; `<start>` (0) is put before each.
        n_symbols: size of the vocabulary.
        alpha: > 0.

    >>> _, logits = Bigram([[1, 2], [1, 1]], 3, alpha=1).step(None, 1)
    >>> np.exp(logits).round(2)
    array([0.2, 0.4, 0.4])
    """

    def __init__(self, sequences, n_symbols, alpha=0.1):
        if alpha <= 0:
            raise ValueError(f"alpha {alpha}: expected a number above 0, for pairs never seen must stay possible")
        counts = np.full((n_symbols, n_symbols), float(alpha))
        for ids in sequences:
            np.add.at(counts, ([0, *ids[:-1]], ids), 1)
        self._logits = np.log(counts / counts.sum(axis=1, keepdims=True))

    def start(self):
        """No memory but the last symbol, which `step` is given."""
        return None

    def step(self, state, id):
        """The same state, and log-probabilities."""
        return None, self._logits[id]


class KneserNey:
    """Interpolated Kneser-Ney n-grams: the longest context that was seen, smoothed by all shorter ones.

    A discount for each order, n1 / (n1 + 2 n2), where n1 and n2 are the numbers of n-grams seen once and twice; below the highest
    order an n-gram counts once for each symbol that it was seen to follow. After Chen & Goodman, "An empirical study of smoothing
    techniques for language modeling" (1999).

    Args:
        sequences: lists of ids.
        n_symbols: size of the vocabulary.
        order: symbols of the longest n-gram, >= 1.
    """

    def __init__(self, sequences, n_symbols, order=7):
        if order < 1:
            raise ValueError(f"order {order}: expected at least 1, the length of the longest n-gram")
        self.order, self._n_symbols = order, n_symbols
        counts = Counter()
        for ids in sequences:
            text = "\0" * (order - 1) + "".join(map(chr, ids))
            counts.update([text[i : i + order] for i in range(len(ids))])
        self._tables = []
        for _ in range(order):
            self._tables.insert(0, _discounted(counts))
            counts = Counter(gram[1:] for gram in counts)

    def start(self):
        """Nothing but starts so far."""
        return "\0" * self.order

    def step(self, state, id):
        """Take one symbol in: the last symbols as characters, and log-probabilities."""
        state = (state + chr(id))[1:]
        p = np.full(self._n_symbols, 1 / self._n_symbols)
        for length, (index, bounds, symbols, shares, lower) in enumerate(self._tables):
            i = index.get(state[self.order - length :])
            if i is None:
                break
            part = slice(bounds[i], bounds[i + 1])
            p *= lower[i]
            p[symbols[part]] += shares[part]
        return state, np.log(p)


def _discounted(counts):
    """One order's n-grams, sorted: where each context's symbols stand, their shares, and what is left to the lower orders."""
    grams = sorted(counts)
    values = np.array([counts[gram] for gram in grams], dtype=float)
    once, twice = (values == 1).sum(), (values == 2).sum()
    discount = once / (once + 2 * twice) if once and len(grams[0]) > 1 else 0.5
    contexts, bounds = [], []
    for i, gram in enumerate(grams):
        if not contexts or contexts[-1] != gram[:-1]:
            contexts.append(gram[:-1])
            bounds.append(i)
    bounds = np.array([*bounds, len(grams)])
    totals = np.add.reduceat(values, bounds[:-1])
    shares = (values - discount) / np.repeat(totals, np.diff(bounds))
    symbols = np.array([ord(gram[-1]) for gram in grams])
    return dict(zip(contexts, range(len(contexts)))), bounds.tolist(), symbols, shares, discount * np.diff(bounds) / totals


class Cached:
    """A model that also counts the tune so far: n-grams of this tune, backing off (Witten-Bell) to what the model says.

    A tune repeats itself, so an honest baseline must be allowed to notice.

    Args:
        model: any model whose logits are log-probabilities, such as `KneserNey`.
        order: symbols of the longest n-gram of this tune.
        weight: of what the shorter context says: the chance of something new is `weight` times the number of different symbols
            that followed, over that plus the number of times the context was seen.
    """

    def __init__(self, model, order=16, weight=10.0):
        if order < 2 or weight <= 0:
            raise ValueError(f"order {order} and weight {weight}: expected an order of at least 2 and a weight above 0")
        self.model, self.order, self.weight = model, order, weight

    def start(self):
        """The model's own start, and a tune without symbols."""
        return self.model.start(), ""

    def step(self, state, id):
        """Take one symbol in: the model's own state and the tune so far as characters, and log-probabilities."""
        inner, logits = self.model.step(state[0], id)
        tune = state[1] + chr(id)
        p = np.exp(logits)
        end = len(tune)
        places = [i for i in range(1, end) if tune[i - 1] == tune[-1]]  # what stood there followed the context
        for length in range(1, self.order):
            if length > 1:
                places = [i for i in places if i >= length and tune[i - length] == tune[end - length]]
            if not places:
                break
            followers = Counter([ord(tune[i]) for i in places])
            new = self.weight * len(followers)
            p *= new / (len(places) + new)
            p[list(followers)] += np.array(list(followers.values())) / (len(places) + new)
        return (inner, tune), np.log(p)
