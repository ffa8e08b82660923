"""A trained LSTM that steps through music in numpy, one piece at a time or many side by side.

A step reads the recurrent weights once, and hardly anything else costs time: what a symbol adds to the gates is looked up in a table,
and one tanh serves all gates. Of many pieces, each is a column.
"""

from functools import cached_property
from operator import add
from typing import NamedTuple

import numpy as np

from musiclab.context import Context

BLOCK = 48  # rows of weights at a time
SMALL = 1_000_000  # multiplications up to which OpenBLAS, where it knows AVX-512, does not copy the matrices first
NEVER = -1e9  # logit of what cannot come, such as `<start>`; a guess of "no symbol" points there too


def weight_names(n_layers=1):
    """What the weights of a model are called, in the order of `keras.Model.get_weights`.

    >>> weight_names()
    ('embedding', 'kernel', 'recurrent', 'bias', 'head', 'head_bias')
    """
    layers = [f"{name}{f'_{i}' if i > 1 else ''}" for i in range(1, n_layers + 1) for name in ("kernel", "recurrent", "bias")]
    return ("embedding", *layers, "head", "head_bias")


def offsets(sizes):
    """Where each feature's rows begin in the one table that holds them all."""
    return np.cumsum([0, *sizes[:-1]])


def for_one_tanh(*arrays):
    """Arrays whose last axis is Keras's gates (i, f, c, o), made ready for a step in which one tanh serves all gates.

    sigmoid(x) = (1 + tanh(x / 2)) / 2, so i, f, o are halved, and they come first: (i, f, o, c).
    """
    n_hidden = arrays[0].shape[-1] // 4
    i, f, c, o = np.split(np.arange(4 * n_hidden), 4)
    order, halved = np.concatenate([i, f, o, c]), np.repeat(np.float32([0.5, 0.5, 0.5, 1]), n_hidden)
    return [array[..., order] * halved for array in arrays]


def product(weights, columns):
    """`weights @ columns`, a few rows at a time, which is up to twice as fast for few columns.

    Args:
        weights: (n_rows, n), n_rows a multiple of BLOCK.
        columns: (n, n_columns).
    """
    n_rows = next((rows for rows in (BLOCK, BLOCK // 2) if rows * columns.size <= SMALL), len(weights))
    return (weights.reshape(-1, n_rows, weights.shape[1]) @ columns).reshape(len(weights), -1)


class State(NamedTuple):
    """Where an `LSTM` stands in a tune, or in each of n pieces.

    Args:
        seen: the context's state, n of them for n pieces; None for a plain model.
        cells: for each layer (n_hidden,) or (n_hidden, n), the LSTM's memory.
        ahead: for each layer (4 * n_hidden,) or (4 * n_hidden, n), what the hidden values will add to the gates of the next step.
    """

    seen: tuple | None
    cells: tuple
    ahead: tuple


class LSTM:
    """A trained model that steps through music; `musiclab.lstm.load` and `freeze` make one.

    Args:
        weights: arrays by name, as in `weight_names`, in Keras's shapes and its order of gates (i, f, c, o).
        vocabulary: the `Vocabulary`.
        card: dict that says how the model was made.

    Raises:
        ValueError: arrays whose shapes do not go together.
    """

    def __init__(self, weights, vocabulary, card=None):
        self.weights, self.vocabulary, self.card = weights, vocabulary, dict(card or {})
        self.n_layers = max(1, sum(name.startswith("recurrent") for name in weights))
        n_symbols = len(vocabulary)
        plain = len(weights["embedding"]) == n_symbols
        self.context = None if plain else Context(vocabulary.kinds, vocabulary.ticks, vocabulary.bars)
        sizes, copied = ((n_symbols,), ()) if plain else (self.context.sizes, self.context.copied)
        names = weight_names(self.n_layers)
        embedding, *layers, head, head_bias = (np.asarray(weights[name], dtype=np.float32) for name in names)
        (n_inputs, n_hidden), n_logits = (layers[0].shape[0], len(layers[1])), n_symbols + len(copied)
        shapes = [(sum(sizes), n_inputs)]
        for i in range(self.n_layers):
            shapes += [(n_hidden if i else n_inputs, 4 * n_hidden), (n_hidden, 4 * n_hidden), (4 * n_hidden,)]
        for name, expected in zip(names, [*shapes, (n_hidden + n_inputs, n_logits), (n_logits,)]):
            if weights[name].shape != expected:
                raise ValueError(f"weights {name!r} have shape {weights[name].shape}: {n_symbols} symbols need {expected}")

        layers = for_one_tanh(*layers)
        kernels, recurrents, biases = layers[::3], layers[1::3], layers[2::3]
        # All that depends on the features is a sum of rows, one of each feature: its part of the gates, then of the logits.
        self._table = np.hstack([embedding @ kernels[0], embedding @ head[n_hidden:]])
        self._table[: sizes[0]] += np.concatenate([biases[0], head_bias])  # the first feature, the symbol, is always there
        # What hidden values do next: they go into their own gates a step later, and at once one layer up, or into the logits.
        above = [*kernels[1:], head[:n_hidden]]
        self._from_hidden = [np.hstack(pair) * np.float32(0.5) for pair in zip(recurrents, above)]
        self._biases = biases
        self._offsets, self._copied = offsets(sizes).tolist(), copied
        self._n_symbols, self._n_hidden = n_symbols, n_hidden

    def start(self, n=None):
        """The state before the first symbol: of one piece, or of n that are to be stepped side by side."""
        seen = self.context and (self.context.start() if n is None else (self.context.start(),) * n)
        shape = () if n is None else (n,)
        cells = (np.zeros((self._n_hidden, *shape), np.float32),) * self.n_layers
        return State(seen, cells, (np.zeros((4 * self._n_hidden, *shape), np.float32),) * self.n_layers)

    def step(self, state, id):
        """Take one symbol in, or one for each of n pieces.

        Args:
            state: a `State`; it stays as it is.
            id: the symbol; for n pieces (n,) symbols.

        Returns:
            `(state, logits)`: logits (n_symbols,) or (n, n_symbols) float32 of the symbol that follows.
        """
        n, cells, ahead = self._n_hidden, [], []
        alone = state.cells[0].ndim == 1
        seen, features, summed = (self._of_one if alone else self._of_many)(state.seen, id)
        from_below = summed[: 4 * n]
        for i, weights in enumerate(self._from_hidden):
            gates = from_below + state.ahead[i]
            if i:  # the first layer's bias is in the table
                gates += self._biases[i] if alone else self._biases[i][:, None]
            np.tanh(gates, gates)
            twice = gates[: 3 * n]  # twice the sigmoids, from here on
            twice += 1
            cell = gates[n : 2 * n] * state.cells[i]
            cell += gates[:n] * gates[3 * n :]
            cell *= 0.5
            hidden = np.tanh(cell)
            hidden *= gates[2 * n : 3 * n]  # twice the hidden values; the weights that take them are halved
            onward = hidden @ weights if alone else product(self._to_columns[i], hidden)[: weights.shape[1]]
            cells.append(cell)
            ahead.append(onward[: 4 * n])
            from_below = onward[4 * n :]
        logits = from_below + summed[4 * n :]
        pieces = () if alone else (np.arange(logits.shape[1]),)
        for gate, i in enumerate(self._copied, start=self._n_symbols):
            logits[(features[i], *pieces)] += logits[gate]
        logits[0] = NEVER
        logits = logits[: self._n_symbols]
        return State(seen, tuple(cells), tuple(ahead)), logits if alone else logits.T

    @cached_property
    def _to_columns(self):
        """The weights from hidden values once more, turned for `product` and filled up with zeros to whole blocks."""
        return [np.pad(weights.T, [(0, -weights.shape[1] % BLOCK), (0, 0)]) for weights in self._from_hidden]

    def _of_one(self, seen, id):
        """`(seen, features, sum of their rows in the table)`."""
        if self.context is None:
            return None, (id,), self._table[id]
        seen, features = self.context.step(seen, id)
        rows = self._table.take(list(map(add, features, self._offsets)), 0, None, "clip")  # "clip" skips a check of bounds
        return seen, features, np.add.reduce(rows)

    def _of_many(self, seen, ids):
        """The same for n pieces: each feature is (n,), and a column of the sum is a piece."""
        if self.context is None:
            return None, (ids,), np.ascontiguousarray(self._table.take(ids, 0).T)
        seen, features = zip(*map(self.context.step, seen, map(int, ids)))
        features = np.array(features).T
        summed = self._table[features[0]]
        for feature, offset in zip(features[1:], self._offsets[1:]):
            summed += self._table[feature + offset]
        return seen, features, np.ascontiguousarray(summed.T)
