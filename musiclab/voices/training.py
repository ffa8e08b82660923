"""Training the network for chords in time, so that it can go on after a kill with the same curve."""

import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from musiclab.checkpoints import Checkpoints, check_settings
from musiclab.voices.network import build_voices, padded, surprises
from musiclab.voices.saving import freeze_voices
from musiclab.voices.stepping import Voices, weight_shapes

WARM_UP = 30  # steps in which the learning rate rises
LAST = 0.01  # share of the learning rate that is left at the end
RANGES = {  # whole numbers where the lowest is one
    "epochs": (1, 100_000),
    "every": (1, 100_000),
    "n_batch": (1, 4096),
    "n_hidden": (1, 4096),
    "n_embedding": (1, 4096),
    "n_head": (1, 4096),
    "dropout": (0.0, 0.95),
    "learning_rate": (1e-6, 1.0),
    "weight_decay": (0.0, 10.0),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True)
class VoicesTraining:
    """What `train_voices` gives back.

    Args:
        voices: the `Voices` of the best epoch, rounded to float16 as they will be saved.
        model: the `keras.Model` with the same weights, not rounded.
        history: a dict for each epoch: epoch, loss (nats a frame, training), valid (nats a frame, None where it was not measured),
            best, seconds, cpu_seconds.
        settings: dict, all that decides the result.
        finished: False if it was cancelled.
    """

    voices: Voices
    model: Any
    history: tuple
    settings: dict
    finished: bool


def train_voices(
    layout,
    draw,
    valid,
    *,
    epochs,
    seed,
    every=5,
    n_batch=16,
    n_hidden=256,
    n_embedding=24,
    n_head=128,
    dropout=0.4,
    learning_rate=3e-3,
    weight_decay=0.02,
    begun=None,
    checkpoints=None,
    on_epoch=None,
    cancelled=None,
    progress=False,
):
    """Train a network, and keep the epoch whose averaged weights do best on valid.

    Args:
        layout: a `Layout`.
        draw: `draw(rng) -> list of column arrays`, the pieces of one epoch; what is drawn anew in each (another key, another
            excerpt) follows from `rng` alone.
        valid: list of column arrays; if empty, the last epoch is kept.
        epochs: times through the data; the learning rate falls as a cosine over all of them.
        seed: of all that is random.
        every: epochs from one look at valid to the next; the last epoch is always looked at.
        n_batch: pieces in a step.
        n_hidden, n_embedding, n_head, dropout, learning_rate, weight_decay: see `build_voices`.
        begun: `Voices` of the same layout and widths, whose weights the training begins with; fresh ones if None.
        checkpoints: folder for the state after each epoch; a training found there is gone on with.
        on_epoch: called with the history so far after each epoch.
        cancelled: called before each step; True ends the training with what it has learned.
        progress: whether to show a bar with the time left.

    Returns:
        VoicesTraining.

    Raises:
        ValueError: nothing was drawn, a setting out of its range, or a checkpoint of other settings or data.
        OSError: the folder for checkpoints cannot be written to.
    """
    settings = {"epochs": epochs, "every": every, "n_batch": n_batch, "n_hidden": n_hidden, "n_embedding": n_embedding}
    settings |= {"n_head": n_head, "dropout": dropout, "learning_rate": learning_rate}
    settings |= {"weight_decay": weight_decay, "seed": seed}
    check_settings(settings, RANGES)
    drawn = lambda epoch: draw(np.random.default_rng([seed, epoch]))
    first = drawn(0)
    if not first:
        raise ValueError("draw(rng) gave no pieces: expected a list of column arrays, one a piece")
    settings["data"] = sha256(b"".join(np.ascontiguousarray(table).tobytes() for table in [*first, *valid])).hexdigest()[:16]
    settings["layout"] = repr(layout)
    if begun:
        settings["begun"] = sha256(b"".join(begun.weights[name].tobytes() for name in sorted(begun.weights))).hexdigest()[:16]
    place = Checkpoints(checkpoints, settings) if checkpoints else None
    model = build_voices(layout, n_hidden, n_embedding, n_head, dropout, learning_rate, seed, weight_decay)
    if begun:
        model.set_weights([begun.weights[name] for name in weight_shapes(layout, n_hidden, n_embedding, n_head)])
    history, best = place.restore(model) if place else ([], model.get_weights())
    history = list(history)

    bar = _bar(epochs, len(history)) if progress else None
    finished = True
    while finished and len(history) < epochs:
        epoch, began, cpu_began = len(history), time.perf_counter(), time.process_time()
        pieces = drawn(epoch)
        batches = _batches(pieces, n_batch, np.random.default_rng([seed, epoch, 1]))
        surprise, n_frames = 0.0, 0
        for i, batch in enumerate(batches):
            if cancelled and cancelled():
                finished = False
                break
            share, step = (epoch + i / len(batches)) / epochs, epoch * len(batches) + i
            falling = LAST + (1 - LAST) * (1 + np.cos(np.pi * share)) / 2
            model.optimizer.learning_rate = learning_rate * min(1, (step + 1) / WARM_UP) * falling
            inputs = padded(layout, [pieces[j] for j in batch])
            targets = inputs[..., : layout.n_slots]
            n_here = sum(len(pieces[j]) for j in batch)
            surprise += float(model.train_on_batch(inputs, targets)) * layout.n_slots * n_here
            n_frames += n_here
        else:
            record = {"epoch": epoch + 1, "loss": surprise / n_frames, "valid": None, "best": not valid}
            if not valid or (epoch + 1) % every == 0 or epoch + 1 == epochs:
                own = model.get_weights()
                model.optimizer.finalize_variable_values(model.trainable_variables)  # the averaged ones
                if valid:
                    record["valid"] = float(np.concatenate(surprises(model, layout, valid)).sum(axis=1).mean())
                    record["best"] = record["valid"] < min(
                        (old["valid"] for old in history if old["valid"] is not None), default=np.inf
                    )
                best = model.get_weights() if record["best"] else best
                model.set_weights(own)
            record["seconds"] = round(time.perf_counter() - began, 1)
            record["cpu_seconds"] = round(time.process_time() - cpu_began, 1)
            history.append(record)
            if place:
                place.keep(model, history, best)
            if bar is not None:
                bar.update()
                bar.set_postfix(loss=f"{record['loss']:.3f}", refresh=False)
                if record["valid"] is not None:
                    bar.write(_words(record, epochs), file=bar.fp)
            if on_epoch:
                on_epoch(tuple(history))
    if bar is not None:
        bar.close()
    model.set_weights(best)
    return VoicesTraining(freeze_voices(model, layout), model, tuple(history), settings, finished)


def _batches(pieces, n_batch, rng):
    """Pieces of about the same length together, in any order: lists of indices."""
    lengths = np.array([len(piece) for piece in pieces])
    order = np.argsort(lengths * (1 + 0.1 * rng.random(len(lengths))), kind="stable").tolist()
    batches = [order[i : i + n_batch] for i in range(0, len(order), n_batch)]
    return [batches[i] for i in rng.permutation(len(batches))]


def _words(record, epochs):
    best = " (best)" if record["best"] else ""
    return f"epoch {record['epoch']} of {epochs}: loss {record['loss']:.4f}, valid {record['valid']:.4f}{best} nats a frame"


def _bar(total, done):
    from tqdm import tqdm

    return tqdm(total=total, initial=done, unit="epoch", dynamic_ncols=True)
