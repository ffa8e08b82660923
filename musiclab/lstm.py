"""An LSTM that writes music: built and trained in Keras, played from in numpy.

Only `build_lstm` touches Keras. A saved model is a file of float16 arrays with a card in JSON beside it; `load` reads it with
numpy alone, in milliseconds, and a step through a tune costs about as much as reading the recurrent weights once.
"""

import json
import os
from operator import add
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np

from musiclab.atomic import atomic_write
from musiclab.context import Context
from musiclab.probes import quiet
from musiclab.symbols import Vocabulary

SHIPPED = Path(__file__).parent / "data" / "tunes.npz"
NEVER = -1e9  # logit of `<start>`, which stands in no tune; a guess of "no symbol" points there too
WEIGHTS = ("embedding", "kernel", "recurrent", "bias", "head", "head_bias")  # in the order of `keras.Model.get_weights`


def build_lstm(n_symbols, context=None, n_hidden=256, n_embedding=96, dropout=0.1, learning_rate=4e-3, seed=1):
    """A Keras model, ready to train, that gives the logits of the next symbol at every step.

    Each feature has an embedding of its own; their sum goes into an LSTM and, past it, straight into the logits. The logit of each
    symbol that the context guesses ("four bars ago there stood ...") is raised by a gate: how far to trust that guess now.

    Args:
        n_symbols: size of the vocabulary.
        context: a `Context`, for inputs (n_batch, n_steps, n_features); None for a plain LSTM on ids (n_batch, n_steps).
        n_hidden, n_embedding: widths.
        dropout: share of the LSTM's inputs and outputs that each training step leaves out.
        learning_rate: of AdamW, with weight decay 0.01 and gradients clipped to norm 1.
        seed: of the initial weights and of dropout.

    Returns:
        `keras.Model` with outputs (n_batch, n_steps, n_symbols); targets (n_batch, n_steps) are ids; 0 counts for nothing.
    """
    keras = _keras()
    keras.utils.set_random_seed(seed)
    sizes, copied = (context.sizes, context.copied) if context else ((n_symbols,), ())
    inputs = keras.Input((None, len(sizes)) if context else (None,), dtype="int32")
    features = inputs if context else keras.ops.expand_dims(inputs, -1)
    # Zeros at first: a symbol that training never shows adds nothing to the sum, then or later.
    embedding = keras.layers.Embedding(sum(sizes), n_embedding, "zeros" if context else "uniform", name="embedding")
    embedded = keras.ops.sum(embedding(features + _offsets(sizes).astype("int32")), axis=2)  # (n_batch, n_steps, n_embedding)
    embedded = keras.layers.Dropout(dropout)(embedded)
    hidden = keras.layers.LSTM(n_hidden, return_sequences=True, name="lstm")(embedded)
    hidden = keras.layers.Dropout(dropout)(hidden)
    head = keras.layers.Dense(n_symbols + len(copied), name="head")(keras.ops.concatenate([hidden, embedded], axis=-1))
    logits = head[..., :n_symbols]
    for gate, i in enumerate(copied, start=n_symbols):
        logits += keras.ops.one_hot(features[..., i], n_symbols) * head[..., gate : gate + 1]
    logits += NEVER * np.eye(1, n_symbols, dtype=np.float32)[0]
    model = keras.Model(inputs, logits)
    model.compile(
        keras.optimizers.AdamW(learning_rate, weight_decay=0.01, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0),
    )
    return model


def _keras():
    """Keras, imported without the lines that TensorFlow writes to stderr."""
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # its products of narrow matrices are twice as fast as TensorFlow's own
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet():
        import keras

        keras.ops.zeros(1)
    return keras


class State(NamedTuple):
    """Where an `LSTM` stands in a tune.

    Args:
        seen: the context's state; None for a plain model.
        cell: (n_hidden,) the LSTM's memory.
        ahead: (4 * n_hidden,) what the hidden values will add to the gates of the next step.
    """

    seen: tuple | None
    cell: np.ndarray
    ahead: np.ndarray


class LSTM:
    """A trained model that steps through a tune in numpy; `load` and `freeze` make one.

    Args:
        weights: arrays by name, as in WEIGHTS, in Keras's shapes and its order of gates (i, f, c, o).
        vocabulary: the `Vocabulary`.
        card: dict that says how the model was made.

    Raises:
        ValueError: arrays whose shapes do not go together.
    """

    def __init__(self, weights, vocabulary, card=None):
        self.weights, self.vocabulary, self.card = weights, vocabulary, dict(card or {})
        n_symbols = len(vocabulary)
        plain = len(weights["embedding"]) == n_symbols
        self.context = None if plain else Context(vocabulary.kinds, vocabulary.ticks, vocabulary.bars)
        sizes, copied = ((n_symbols,), ()) if plain else (self.context.sizes, self.context.copied)
        embedding, kernel, recurrent, bias, head, head_bias = (np.asarray(weights[name], dtype=np.float32) for name in WEIGHTS)
        n_hidden = len(recurrent)
        shapes = [(sum(sizes), kernel.shape[0]), (kernel.shape[0], 4 * n_hidden), (n_hidden, 4 * n_hidden), (4 * n_hidden,)]
        shapes += [(n_hidden + kernel.shape[0], n_symbols + len(copied)), (n_symbols + len(copied),)]
        for name, expected in zip(WEIGHTS, shapes):
            if weights[name].shape != expected:
                raise ValueError(f"weights {name!r} have shape {weights[name].shape}: {n_symbols} symbols need {expected}")

        # sigmoid(x) = (1 + tanh(x / 2)) / 2: with i, f, o halved in the weights, and in the order i, f, o, c, one tanh serves all
        i, f, c, o = np.split(np.arange(4 * n_hidden), 4)
        order = np.concatenate([i, f, o, c])
        halved = np.repeat(np.float32([0.5, 0.5, 0.5, 1]), n_hidden)
        kernel, recurrent, bias = (array[..., order] * halved for array in (kernel, recurrent, bias))
        # All that depends on the features is a sum of rows, one of each feature: its part of the gates, then of the logits.
        self._table = np.hstack([embedding @ kernel, embedding @ head[n_hidden:]])
        self._table[: sizes[0]] += np.concatenate([bias, head_bias])  # the first feature, the symbol, is always there
        self._from_hidden = np.hstack([recurrent, head[:n_hidden]]) * np.float32(0.5)
        self._offsets, self._copied = _offsets(sizes).tolist(), copied
        self._n_symbols, self._n_hidden = n_symbols, n_hidden

    def start(self):
        """The state before the first symbol."""
        nothing = np.zeros(self._n_hidden, np.float32)
        return State(self.context.start() if self.context else None, nothing, np.zeros(4 * self._n_hidden, np.float32))

    def step(self, state, id):
        """Take one symbol in.

        Args:
            state: a `State`; it stays as it is.
            id: the symbol.

        Returns:
            `(state, logits)`: logits (n_symbols,) float32 of the symbol that follows.
        """
        seen, cell, ahead = state
        n = self._n_hidden
        if self.context is None:
            features = (id,)
            summed = self._table[id]
        else:
            seen, features = self.context.step(seen, id)
            rows = self._table.take(list(map(add, features, self._offsets)), 0, None, "clip")  # "clip" skips a check of bounds
            summed = np.add.reduce(rows)
        gates = summed[: 4 * n] + ahead
        np.tanh(gates, gates)
        twice = gates[: 3 * n]  # twice the sigmoids, from here on
        twice += 1
        cell = gates[n : 2 * n] * cell
        cell += gates[:n] * gates[3 * n :]
        cell *= 0.5
        hidden = np.tanh(cell)
        hidden *= gates[2 * n : 3 * n]  # twice the hidden values; the weights that take them are halved
        onward = hidden @ self._from_hidden
        logits = onward[4 * n :] + summed[4 * n :]
        for gate, i in enumerate(self._copied, start=self._n_symbols):
            logits[features[i]] += logits[gate]
        logits[0] = NEVER
        return State(seen, cell, onward[: 4 * n]), logits[: self._n_symbols]


def freeze(model, vocabulary, card=None):
    """The numpy `LSTM` with the weights of a Keras model, rounded to float16 as they are saved."""
    return LSTM({name: np.float16(array) for name, array in zip(WEIGHTS, model.get_weights())}, vocabulary, card)


def save(model, path):
    """Write an `LSTM` to a .npz file, and its card to a .json file beside it.

    Raises:
        OSError: the file cannot be written; nothing is left half done, and the model is as it was.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as file:
            np.savez_compressed(file, symbols=np.array(model.vocabulary.symbols), **model.weights)
        with atomic_write(path.with_suffix(".json")) as file:
            file.write((json.dumps(model.card, indent=2, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise OSError(
            f"cannot write the model to {path}: {error.strerror or error}; make room or choose another place"
        ) from error


def load(path=None):
    """Read a saved model with numpy alone.

    Args:
        path: a .npz file that `save` wrote; the model of all tunes that ships with the package if None.

    Returns:
        `LSTM`, with `.vocabulary` and `.card`.

    Raises:
        FileNotFoundError: no such file.
        ValueError: the file holds no such model.
    """
    path = Path(path or SHIPPED)
    try:
        with np.load(path) as file:
            weights = {name: file[name] for name in WEIGHTS}
            vocabulary = Vocabulary(file["symbols"].tolist())
        card = path.with_suffix(".json")
        return LSTM(weights, vocabulary, json.loads(card.read_text(encoding="utf-8")) if card.exists() else {})
    except FileNotFoundError:
        raise FileNotFoundError(f"{path}: no such file; `musiclab train` makes a model") from None
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, BadZipFile) as error:
        why = f" ({error})" if str(error).startswith("weights") else ""
        raise ValueError(f"{path} is no saved model{why}; `musiclab train` makes one") from error


def _offsets(sizes):
    """Where each feature's rows begin in the one table that holds them all."""
    return np.cumsum([0, *sizes[:-1]])
