"""Training the tied network, and its plain peers, in Keras; what comes out are dicts of arrays for numpy."""

import numpy as np

from musiclab.hoisted import import_keras
from musiclab.tied.rolls import HELD, N_PITCHES, PLACES, STRUCK, first_sounding

NOT_COUNTED = -1  # in targets: rows after the end, and those that only put a pickup in its place


def build_tied(n_window=49, n_hidden=48, n_head=64, dropout=0.1, n_pitches=N_PITCHES, seed=1):
    """The tied network as a Keras model, teacher-forced.

    Args:
        n_window: odd; how many pitches a pitch sees, itself in the middle.
        n_hidden, n_head: units of the LSTM in time, and of the hidden layer on the axis over notes.
        dropout: share of the LSTM's outputs that each training step leaves out.

    Returns:
        `keras.Model`: rolls (n_batch, n_steps, n_pitches) of 0, 1, 2 -> logits (n_batch, n_steps, n_pitches, 3): the time axis alone says
        that the pitch sounds (`tied_forward`), both axes say it, both axes say that it is struck again.
    """
    keras = import_keras()
    ops = keras.ops

    keras.utils.set_random_seed(seed)

    class Tied(keras.Model):
        def __init__(self):
            super().__init__()
            self.time_axis = keras.layers.LSTM(n_hidden, return_sequences=True)
            self.dropout = keras.layers.Dropout(dropout)
            self.alone = keras.layers.Dense(1)
            self.note_axis = {}
            for name, shape, starts in (
                ("note_time", (n_hidden, n_head), "glorot_uniform"),
                ("note_window", (n_window, n_head), "glorot_uniform"),
                ("note_place", (PLACES, n_head), "zeros"),
                ("note_below", (n_pitches - 1, 2, n_head), "zeros"),  # row d - 1 is for a note d semitones below
                ("note_out", (n_head, 2), "glorot_uniform"),
                ("note_bias", (2,), "zeros"),
            ):
                self.note_axis[name] = self.add_weight(name=name, shape=shape, initializer=starts)

        def call(self, roll, training=False):
            n_steps = ops.shape(roll)[1]
            padded = ops.pad(ops.cast(roll > 0, "float32")[:, :-1], ((0, 0), (0, 0), (n_window // 2,) * 2))
            seen = ops.stack([padded[..., i : i + n_pitches] for i in range(n_window)], axis=-1)
            of_a_pitch = ops.reshape(ops.transpose(seen, (0, 2, 1, 3)), (-1, n_steps - 1, n_window))  # the keyboard is a batch
            hidden = ops.reshape(self.time_axis(of_a_pitch), (-1, n_pitches, n_steps - 1, n_hidden))
            hidden = self.dropout(ops.transpose(hidden, (0, 2, 1, 3)), training=training)
            heard = ((0, 0), (1, 0), (0, 0), (0, 0))  # first say, then hear: at the first step nothing was heard
            hidden, seen = ops.pad(hidden, heard), ops.pad(seen, heard)
            return ops.concatenate([self.alone(hidden), self.over_notes(hidden, seen, roll)], axis=-1)

        def over_notes(self, hidden, seen, roll):
            """(n_batch, n_steps, n_pitches, 2) logits, from what each pitch remembers and sees, and from the notes below it."""
            weights, n_steps = self.note_axis, ops.shape(roll)[1]
            above = np.subtract.outer(np.arange(n_pitches), np.arange(n_pitches)).T  # [j, k]: how far k is above j
            table = ops.take(weights["note_below"], np.maximum(above - 1, 0), axis=0)
            table = table * (above > 0)[..., None, None].astype(np.float32)
            table = ops.reshape(ops.transpose(table, (0, 2, 1, 3)), (n_pitches * 2, n_pitches * n_head))
            chosen = ops.stack([ops.cast(roll == state, "float32") for state in (HELD, STRUCK)], axis=-1)
            told = ops.reshape(chosen, (-1, n_steps, n_pitches * 2)) @ table
            told = (
                ops.reshape(told, (-1, n_steps, n_pitches, n_head))
                + hidden @ weights["note_time"]
                + seen @ weights["note_window"]
            )
            told += ops.take(weights["note_place"], ops.arange(n_steps) % PLACES, axis=0)[:, None]
            return ops.relu(told) @ weights["note_out"] + weights["note_bias"]

    model = Tied()
    model(np.zeros((1, 2, n_pitches), np.int32))
    return model


def tied_params(model):
    """The arrays of a model by `build_tied`, by the names that `tied_forward` and `note_logits` use."""
    W_x, W_h, b = model.time_axis.get_weights()
    w_y, b_y = model.alone.get_weights()
    return {"W_x": W_x, "W_h": W_h, "b": b, "w_y": w_y[:, 0], "b_y": b_y[0]} | {
        name: np.asarray(weight) for name, weight in model.note_axis.items()
    }


def build_plain(n_hidden=64, dropout=0.1, n_pitches=N_PITCHES, seed=1):
    """An ordinary LSTM that hears whole rows and gives each pitch an output of its own, as a Keras model.

    Returns:
        `keras.Model`: rolls (n_batch, n_steps, n_pitches) of 0, 1, 2 -> logits, of the same shape, that a pitch sounds.
    """
    keras = import_keras()
    ops = keras.ops

    keras.utils.set_random_seed(seed)
    roll = keras.Input((None, n_pitches), dtype="int32")
    rows = ops.cast(roll > 0, "float32")[:, :-1]
    hidden = keras.layers.LSTM(n_hidden, return_sequences=True, name="time_axis")(rows)
    hidden = ops.pad(keras.layers.Dropout(dropout)(hidden), ((0, 0), (1, 0), (0, 0)))
    return keras.Model(roll, keras.layers.Dense(n_pitches, name="alone")(hidden))


def plain_params(model):
    """The arrays of a model by `build_plain`, by the names that `plain_forward` uses."""
    names = ("W_x", "W_h", "b", "W_y", "b_y")
    return dict(zip(names, model.get_layer("time_axis").get_weights() + model.get_layer("alone").get_weights()))


def train_tied(
    model,
    train,
    valid,
    *,
    n_epochs,
    learning_rate=5e-3,
    n_batch=4,
    n_steps=64,
    seed=1,
    checkpoints=None,
    on_epoch=None,
):
    """Train a model by `build_tied` or `build_plain`; it ends with the weights of the epoch that was best on valid.

    AdamW, the learning rate rising in 50 steps and falling to 0 along a cosine, gradients clipped to norm 1. An epoch goes through all
    rolls once, in a random order; of a longer one than n_steps it takes a random part that begins on a downbeat.

    Args:
        train, valid: lists of rolls, as `chord_roll` makes them.
        checkpoints: `Checkpoints`, which keep each epoch; a training found there is gone on with, as if nothing had happened.
        on_epoch: called with a dict after each epoch: `epoch`, `train`, `valid`, nats a frame (on train with dropout; for the tied
            network the whole and the time axis alone, added).

    Returns:
        list of these dicts.
    """
    keras = import_keras()
    n_updates = n_epochs * -(-len(train) // n_batch)
    rate = keras.optimizers.schedules.CosineDecay(0.0, n_updates, warmup_target=learning_rate, warmup_steps=50)
    model.compile(keras.optimizers.AdamW(rate, weight_decay=0.01, global_clipnorm=1.0), _surprise)
    history, best = checkpoints.restore(model) if checkpoints else ([], model.get_weights())
    for epoch in range(len(history) + 1, n_epochs + 1):
        rng, losses = np.random.default_rng((seed, epoch)), []
        order = rng.permutation(len(train))
        for first in range(0, len(train), n_batch):
            rolls = [_part(train[i], n_steps, rng) for i in order[first : first + n_batch]]
            losses.append(float(model.train_on_batch(*_batch(rolls, n_steps))))
            model.reset_metrics()
        history.append({"epoch": epoch, "train": float(np.mean(losses)), "valid": _nats(model, valid)})
        if history[-1]["valid"] <= min(entry["valid"] for entry in history):
            best = model.get_weights()
        if checkpoints:
            checkpoints.keep(model, history, best)
        if on_epoch:
            on_epoch(history[-1])
    model.set_weights(best)
    return history


def _part(roll, n_steps, rng):
    """n_steps rows of a roll at most, from a downbeat on."""
    first = PLACES * int(rng.integers(max(0, len(roll) - n_steps + PLACES - 1) // PLACES + 1))
    return roll[first : first + n_steps]


def _batch(rolls, n_steps):
    """`(inputs, targets)`, filled up to n_steps; rows that are not to be counted are NOT_COUNTED in the targets."""
    inputs = np.zeros((len(rolls), n_steps, rolls[0].shape[1]), np.int32)
    targets = np.full_like(inputs, NOT_COUNTED)
    for roll, row, target in zip(rolls, inputs, targets):
        silent = first_sounding(roll)
        row[: len(roll)], target[silent : len(roll)] = roll, roll[silent:]
    return inputs, targets


def _nats(model, rolls):
    """Mean surprise of a frame, over all frames of all rolls."""
    total = n_frames = 0
    for roll in rolls:
        inputs, targets = _batch([roll], -(-len(roll) // 64) * 64)  # few lengths, so that Keras compiles few graphs
        n = len(roll) - first_sounding(roll)
        total, n_frames = total + n * float(_surprise(targets, model.predict_on_batch(inputs))), n_frames + n
    return total / n_frames


def _surprise(targets, logits):
    """Nats a frame. Of a tied network: of the whole, to which the time axis alone is added, so that it learns to speak for itself."""
    ops = import_keras().ops
    targets = ops.cast(targets, "int32")
    logits = logits if len(logits.shape) == 4 else logits[..., None]  # a plain LSTM says one thing a pitch
    sounds, counted = targets > 0, ops.cast(targets != NOT_COUNTED, "float32")
    before = ops.pad(sounds[:, :-1], ((0, 0), (1, 0), (0, 0)))
    nats = 0.0
    for i in range(logits.shape[-1]):
        asked, yes = (ops.cast(sounds & before, "float32"), targets == STRUCK) if i == 2 else (counted, sounds)
        nats += ops.sum(asked * ops.softplus(ops.where(yes, -logits[..., i], logits[..., i])))
    return nats / ops.sum(counted[..., 0])
