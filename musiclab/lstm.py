"""An LSTM that writes music: built and trained in Keras, saved, and played from in numpy.

Only `build_lstm` touches Keras. A saved model is a file of float16 arrays with a card in JSON beside it; `load` reads it with
numpy alone, in milliseconds, and `musiclab.stepping.LSTM` steps through a tune.
"""

import json
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from musiclab.checkpoints import write_model
from musiclab.hoisted import import_keras, lstm_layer
from musiclab.stepping import LSTM, NEVER, offsets, weight_names
from musiclab.symbols import Vocabulary

SHIPPED = Path(__file__).parent / "data" / "tunes.npz"


def build_lstm(
    n_symbols, context=None, n_hidden=256, n_embedding=96, dropout=0.25, learning_rate=4e-3, seed=1, n_layers=1, weight_decay=0.3
):
    """A Keras model, ready to train, that gives the logits of the next symbol at every step.

    Each feature has an embedding of its own; their sum goes into an LSTM and, past it, straight into the logits. The logit of each
    symbol that the context guesses ("four bars ago there stood ...") is raised by a gate: how far to trust that guess now.

    Args:
        n_symbols: size of the vocabulary.
        context: a `Context`, for inputs (n_batch, n_steps, n_features); None for a plain LSTM on ids (n_batch, n_steps).
        n_hidden, n_embedding: widths.
        dropout: share of each LSTM's inputs and outputs that each training step leaves out.
        learning_rate, weight_decay: of AdamW, with gradients clipped to norm 1.
        seed: of the initial weights and of dropout.
        n_layers: LSTMs one above the other, each of n_hidden units.

    Returns:
        `keras.Model` with outputs (n_batch, n_steps, n_symbols); targets (n_batch, n_steps) are ids; 0 counts for nothing.
    """
    keras = import_keras()
    keras.utils.set_random_seed(seed)
    sizes, copied = (context.sizes, context.copied) if context else ((n_symbols,), ())
    inputs = keras.Input((None, len(sizes)) if context else (None,), dtype="int32")
    features = inputs if context else keras.ops.expand_dims(inputs, -1)
    # Zeros at first: a symbol that training never shows adds nothing to the sum, then or later.
    embedding = keras.layers.Embedding(sum(sizes), n_embedding, "zeros" if context else "uniform", name="embedding")
    embedded = keras.ops.sum(embedding(features + offsets(sizes).astype("int32")), axis=2)  # (n_batch, n_steps, n_embedding)
    embedded = keras.layers.Dropout(dropout)(embedded)
    hidden = embedded
    for i in range(1, n_layers + 1):
        hidden = lstm_layer(n_hidden, return_sequences=True, name=f"lstm_{i}" if i > 1 else "lstm")(hidden)
        hidden = keras.layers.Dropout(dropout)(hidden)
    head = keras.layers.Dense(n_symbols + len(copied), name="head")(keras.ops.concatenate([hidden, embedded], axis=-1))
    logits = head[..., :n_symbols]
    for gate, i in enumerate(copied, start=n_symbols):
        logits += keras.ops.one_hot(features[..., i], n_symbols) * head[..., gate : gate + 1]
    logits += NEVER * np.eye(1, n_symbols, dtype=np.float32)[0]
    model = keras.Model(inputs, logits)
    model.compile(
        keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay, global_clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0),
    )
    return model


def freeze(model, vocabulary, card=None):
    """The numpy `LSTM` with the weights of a Keras model, rounded to float16 as they are saved."""
    arrays = model.get_weights()
    names = weight_names((len(arrays) - 3) // 3)
    return LSTM({name: np.float16(array) for name, array in zip(names, arrays)}, vocabulary, card)


def save(model, path):
    """Write an `LSTM` to a .npz file, and its card to a .json file beside it.

    Raises:
        OSError: the file cannot be written; nothing is left half done, and the model is as it was.
    """
    write_model(path, {"symbols": np.array(model.vocabulary.symbols), **model.weights}, model.card)


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
            weights = {name: array for name, array in file.items() if name != "symbols"}
            vocabulary = Vocabulary(file["symbols"].tolist())
        card = path.with_suffix(".json")
        return LSTM(weights, vocabulary, json.loads(card.read_text(encoding="utf-8")) if card.exists() else {})
    except FileNotFoundError:
        raise FileNotFoundError(f"{path}: no such file; `musiclab train` makes a model") from None
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, BadZipFile) as error:
        why = f" ({error})" if str(error).startswith("weights") else ""
        raise ValueError(f"{path} is no saved model{why}; `musiclab train` makes one") from error
