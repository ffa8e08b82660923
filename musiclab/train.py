"""Training a network on tunes.

Every epoch leaves a checkpoint, so that a training that was killed goes on where it stood, with the same curve as if nothing had
happened: all that is random in an epoch follows from the seed and the epoch's number, and the optimizer is kept with the weights.
"""

import json
import time
import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from musiclab.checkpoints import Checkpoints, check_settings
from musiclab.context import Context
from musiclab.hoisted import forward, training_step
from musiclab.lstm import build_lstm, freeze
from musiclab.progress import Progress, stream
from musiclab.stepping import LSTM
from musiclab.symbols import HEAD
from musiclab.tunes import Parts, Tunes, batches, padded

FEWEST_STEPS = 50  # in an epoch: where once through the tunes takes fewer, an epoch goes through them several times
WARM_UP = 50  # steps in which the learning rate rises
LAST = 0.02  # share of the learning rate that is left at the end
RANGES = {  # whole numbers where the lowest is one
    "epochs": (1, 10_000),
    "n_hidden": (1, 4096),
    "n_layers": (1, 8),
    "n_embedding": (1, 4096),
    "dropout": (0.0, 0.95),
    "learning_rate": (1e-6, 1.0),
    "weight_decay": (0.0, 10.0),
    "n_batch": (1, 4096),
    "patience": (1, 10_000),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True)
class Training:
    """What `train` gives back.

    Args:
        model: the `LSTM` of the best epoch, rounded as it will be saved.
        tunes: the `Tunes` it learned from.
        history: a dict for each epoch: epoch, loss (nats a symbol, training), valid (nats a note), best, symbols (learned from),
            seconds, cpu_seconds.
        settings: dict, all that decides the result.
        finished: False if it was cancelled or interrupted.
    """

    model: LSTM
    tunes: Tunes
    history: tuple
    settings: dict
    finished: bool


def train(
    dataset,
    *,
    epochs=10,
    n_hidden=256,
    n_layers=1,
    n_embedding=96,
    dropout=0.25,
    learning_rate=4e-3,
    weight_decay=0.3,
    n_batch=16,
    patience=3,
    seed=1,
    checkpoints=None,
    on_epoch=None,
    cancelled=None,
    progress=False,
):
    """Train an LSTM on the tunes of a data set, and keep the epoch that does best on valid.

    Interrupted (Ctrl-C, or the notebook's stop button), it gives back what it has learned so far. Where the disk fills up meanwhile,
    it says so and goes on.

    Args:
        dataset: has `.train`, `.valid`, `.test` (sequences of `Piece`) and `.title`; what is no tune of one voice is left out.
        epochs: times through the data, an epoch of few tunes going through them several times, until it has 50 steps; the learning
            rate falls in a line over all of them.
        n_hidden, n_layers, n_embedding, dropout, learning_rate, weight_decay: see `build_lstm`.
        n_batch: tunes in a step.
        patience: epochs without progress on valid after which it stops.
        seed: of all that is random.
        checkpoints: folder for the state after each epoch; a training found there is gone on with.
        on_epoch: called with the history so far after each epoch.
        cancelled: called before each step; True ends the training with what it has learned.
        progress: whether to say what there is to learn from and what was left out, and to show a bar with the loss and the time
            left, and in a notebook the curve as it grows.

    Returns:
        Training.

    Raises:
        ValueError: too few tunes, a setting out of its range, or a checkpoint of other settings or data.
        OSError: the folder for checkpoints cannot be written to.
    """
    settings = {"epochs": epochs, "n_hidden": n_hidden, "n_layers": n_layers, "n_embedding": n_embedding, "dropout": dropout}
    settings |= {
        "learning_rate": learning_rate,
        "weight_decay": weight_decay,
        "n_batch": n_batch,
        "patience": patience,
        "seed": seed,
    }
    check_settings(settings, RANGES)
    tunes = Tunes.of(dataset)
    vocabulary = tunes.vocabulary
    if progress:
        print(*tunes.report, sep="\n", file=stream(), flush=True)
    settings["data"] = sha256(json.dumps([vocabulary.symbols, tunes.ids]).encode()).hexdigest()[:16]
    place = Checkpoints(checkpoints, settings) if checkpoints else None
    context = Context(vocabulary.kinds, vocabulary.ticks, vocabulary.bars)
    parts = {split: Parts(context, tunes.ids[split]) for split in ("train", "valid")}
    model = build_lstm(len(vocabulary), context, n_hidden, n_embedding, dropout, learning_rate, seed, n_layers, weight_decay)
    history, best = place.restore(model) if place else ([], model.get_weights())
    n_notes, learn, listen = tunes.n_notes("valid"), training_step(model), forward(model)

    n_steps = len(batches(parts["train"].lengths, n_batch, seed, 0, FEWEST_STEPS))
    finished = True
    with Progress(epochs, n_steps, history) if progress else nullcontext() as shown:
        try:
            while finished and len(history) < epochs and not _stale(history, patience):
                epoch, began, cpu_began = len(history), time.perf_counter(), time.process_time()
                surprise, n_symbols = 0.0, 0
                drawn = batches(parts["train"].lengths, n_batch, seed, epoch, FEWEST_STEPS)
                for step, batch in enumerate(drawn, start=epoch * n_steps):
                    if cancelled and cancelled():
                        finished = False
                        break
                    falling = max(LAST, 1 - step / (epochs * n_steps))
                    model.optimizer.learning_rate = learning_rate * min(1, (step + 1) / WARM_UP) * falling
                    features, targets = padded([parts["train"][i] for i in batch])
                    n_symbols += (n_targets := int((targets > 0).sum()))
                    surprise += learn(features, targets) * n_targets
                    loss = surprise / n_symbols  # the epoch's mean so far
                    if shown:
                        shown.step(loss)
                else:
                    valid = _surprise(listen, parts["valid"]) / n_notes if n_notes else None
                    is_best = valid is None or valid < min((old["valid"] for old in history), default=np.inf)
                    record = {"epoch": epoch + 1, "loss": loss, "valid": valid, "best": is_best, "symbols": n_symbols}
                    record["seconds"] = round(time.perf_counter() - began, 1)
                    record["cpu_seconds"] = round(time.process_time() - cpu_began, 1)
                    best = model.get_weights() if is_best else best
                    history.append(record)
                    if place:
                        _keep(place, model, history, best, shown.say if shown else warnings.warn)
                    if shown:
                        shown.epoch(record)
                    if shown and len(history) < epochs and _stale(history, patience):
                        shown.say(f"valid got no better in {patience} epochs: stopped; the best epoch is kept")
                    if on_epoch:
                        on_epoch(tuple(history))
        except KeyboardInterrupt:
            finished = False
    model.set_weights([_without_strangers(best[0], tunes), *best[1:]])
    return Training(freeze(model, vocabulary), tunes, tuple(history), settings, finished)


def _stale(history, patience):
    """Whether so many epochs in a row have brought nothing new."""
    return len(history) >= patience and not any(record["best"] for record in history[-patience:])


def _keep(place, model, history, best, say):
    """Write the checkpoint, or say why not: a full disk is no reason to stop, for it may have room again after the next epoch."""
    try:
        place.keep(model, history, best)
    except OSError as error:
        say(f"{error}; the training goes on, but whoever stops it now loses what came after the last checkpoint")


def _without_strangers(embedding, tunes):
    """The embedding, in which each symbol that training never showed has become the average of its kind."""
    vocabulary, embedding = tunes.vocabulary, embedding.copy()
    counts = np.bincount(np.concatenate(tunes.ids["train"]), minlength=len(vocabulary))
    kinds = list(zip(vocabulary.kinds, vocabulary.bars > 0, (vocabulary.kinds == HEAD) & (vocabulary.ticks > 0)))
    for i in np.flatnonzero(counts == 0)[1:]:  # all but `<start>`, which is never a target but well known
        alike = [j for j in np.flatnonzero(counts) if kinds[j] == kinds[i]]
        if alike:
            embedding[i] = np.average(embedding[alike], axis=0, weights=counts[alike])
    return embedding


def _surprise(listen, parts):
    """Nats of all symbols together, by the Keras model, of which `listen` gives the logits."""
    from scipy.special import log_softmax

    parts, total = sorted(parts, key=lambda part: len(part[1])), 0.0
    for i in range(0, len(parts), 16):
        features, targets = padded(parts[i : i + 16])
        log_p = log_softmax(listen(features), axis=-1)
        total -= float(np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0][targets > 0].sum())
    return total
