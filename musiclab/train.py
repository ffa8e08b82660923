"""Training a network on tunes, and the `musiclab train` command.

Every epoch leaves a checkpoint, so that a training that was killed goes on where it stood, with the same curve as if nothing had
happened: all that is random in an epoch follows from the seed and the epoch's number, and the optimizer is kept with the weights.
"""

import json
import shlex
import shutil
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from inspect import signature
from pathlib import Path

import numpy as np

from musiclab.checkpoints import Checkpoints
from musiclab.context import Context
from musiclab.corpus import Corpus, beside
from musiclab.lstm import LSTM, build_lstm, freeze, save
from musiclab.modelcard import describe, words
from musiclab.symbols import HEAD
from musiclab.tunes import Tunes, batches, padded, with_features

WARM_UP = 50  # steps in which the learning rate rises
LAST = 0.02  # share of the learning rate that is left at the end
RANGES = {  # whole numbers where the lowest is one
    "epochs": (1, 10_000),
    "n_hidden": (1, 4096),
    "n_embedding": (1, 4096),
    "dropout": (0.0, 0.95),
    "learning_rate": (1e-6, 1.0),
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
        history: a dict for each epoch: epoch, loss (nats a symbol, training), valid (nats a note), best, seconds, cpu_seconds.
        settings: dict, all that decides the result.
        finished: False if it was cancelled.
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
    n_embedding=96,
    dropout=0.1,
    learning_rate=4e-3,
    n_batch=16,
    patience=3,
    seed=1,
    checkpoints=None,
    on_epoch=None,
    cancelled=None,
    progress=False,
):
    """Train an LSTM on the tunes of a data set, and keep the epoch that does best on valid.

    Args:
        dataset: has `.train`, `.valid`, `.test` (sequences of `Piece`) and `.title`; what is no tune of one voice is left out.
        epochs: times through the data; the learning rate falls in a line over all of them.
        n_hidden, n_embedding, dropout, learning_rate: see `build_lstm`.
        n_batch: tunes in a step.
        patience: epochs without progress on valid after which it stops.
        seed: of all that is random.
        checkpoints: folder for the state after each epoch; a training found there is gone on with.
        on_epoch: called with the history so far after each epoch.
        cancelled: called before each step; True ends the training with what it has learned.
        progress: whether to show a bar with the time left.

    Returns:
        Training.

    Raises:
        ValueError: too few tunes, a setting out of its range, or a checkpoint of other settings or data.
        OSError: the folder for checkpoints cannot be written to.
    """
    settings = {"epochs": epochs, "n_hidden": n_hidden, "n_embedding": n_embedding, "dropout": dropout}
    settings |= {"learning_rate": learning_rate, "n_batch": n_batch, "patience": patience, "seed": seed}
    _check(settings)
    tunes = Tunes.of(dataset)
    vocabulary = tunes.vocabulary
    if progress and tunes.missing:
        print(
            f"no tunes are left for {' and '.join(tunes.missing)}, so nothing will say how well the model does there; "
            "give it more tunes, and tunes that differ",
            file=sys.stderr,
        )
    settings["data"] = sha256(json.dumps([vocabulary.symbols, tunes.ids]).encode()).hexdigest()[:16]
    place = Checkpoints(checkpoints, settings) if checkpoints else None
    context = Context(vocabulary.kinds, vocabulary.ticks, vocabulary.bars)
    parts = {split: [part for ids in tunes.ids[split] for part in with_features(context, ids)] for split in ("train", "valid")}
    model = build_lstm(len(vocabulary), context, n_hidden, n_embedding, dropout, learning_rate, seed)
    history, best = place.restore(model) if place else ([], model.get_weights())
    n_notes = tunes.n_notes("valid")

    n_steps = len(batches(parts["train"], n_batch, seed, 0))
    bar = _bar(epochs * n_steps, len(history) * n_steps) if progress else None
    finished = True
    while finished and len(history) < epochs and not _stale(history, patience):
        epoch, began, cpu_began = len(history), time.perf_counter(), time.process_time()
        surprise, n_symbols = 0.0, 0
        for step, batch in enumerate(batches(parts["train"], n_batch, seed, epoch), start=epoch * n_steps):
            if cancelled and cancelled():
                finished = False
                break
            falling = max(LAST, 1 - step / (epochs * n_steps))
            model.optimizer.learning_rate = learning_rate * min(1, (step + 1) / WARM_UP) * falling
            features, targets = padded([parts["train"][i] for i in batch])
            n_symbols += (n_targets := int((targets > 0).sum()))
            surprise += float(model.train_on_batch(features, targets)) * n_targets
            loss = surprise / n_symbols  # the epoch's mean so far
            if bar is not None:
                bar.update()
                bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
        else:
            valid = _surprise(model, parts["valid"]) / n_notes if n_notes else None
            is_best = valid is None or valid < min((old["valid"] for old in history), default=np.inf)
            best = model.get_weights() if is_best else best
            record = {"epoch": epoch + 1, "loss": loss, "valid": valid, "best": is_best}
            record["seconds"] = round(time.perf_counter() - began, 1)
            record["cpu_seconds"] = round(time.process_time() - cpu_began, 1)
            history.append(record)
            if place:
                place.keep(model, history, best)
            if bar is not None:
                on_valid = "" if valid is None else f", valid {valid:.4f} nats a note{' (best)' if is_best else ''}"
                bar.write(f"epoch {epoch + 1} of {epochs}: loss {loss:.4f} nats a symbol{on_valid}", file=sys.stderr)
            if on_epoch:
                on_epoch(tuple(history))
    if bar is not None:
        bar.close()
    model.set_weights([_without_strangers(best[0], tunes), *best[1:]])
    return Training(freeze(model, vocabulary), tunes, tuple(history), settings, finished)


def _check(settings):
    for name, (low, high) in RANGES.items():
        value, whole = settings[name], isinstance(low, int)
        if not low <= value <= high or (whole and value != int(value)):
            raise ValueError(f"{name} {value}: expected a {'whole ' if whole else ''}number from {low:g} to {high:g}")


def _stale(history, patience):
    """Whether so many epochs in a row have brought nothing new."""
    return len(history) >= patience and not any(record["best"] for record in history[-patience:])


def _bar(total, done):
    from tqdm import tqdm

    return tqdm(total=total, initial=done, unit="step", mininterval=0.5, dynamic_ncols=True)


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


def _surprise(model, parts):
    """Nats of all symbols together, by the Keras model."""
    parts, total = sorted(parts, key=lambda part: len(part[1])), 0.0
    for i in range(0, len(parts), 32):
        features, targets = padded(parts[i : i + 32])
        logits = model.predict_on_batch(features)
        best = logits.max(axis=-1, keepdims=True)
        log_p = logits - best - np.log(np.exp(logits - best).sum(axis=-1, keepdims=True))
        total -= float(np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0][targets > 0].sum())
    return total


def add_arguments(parser):
    """The options of `musiclab train`."""
    usual = signature(train).parameters
    add = parser.add_argument
    add("--data", required=True, nargs="+", metavar="NAME|FOLDER", help="names such as tunes or reels, or a folder of MIDI files")
    add(
        "--out",
        required=True,
        metavar="FILE",
        help="the model to write, a .npz file; its card is written beside it, as .json and .md",
    )
    for option, name, what in (
        ("--epochs", "epochs", "times through the data"),
        ("--hidden", "n_hidden", "units of the LSTM"),
        ("--embedding", "n_embedding", "width of the embeddings"),
        ("--dropout", "dropout", "share left out while training"),
        ("--learning-rate", "learning_rate", "the highest, of AdamW"),
        ("--batch", "n_batch", "tunes in a step"),
        ("--patience", "patience", "epochs without progress after which to stop"),
        ("--seed", "seed", "of all that is random"),
    ):
        default = usual[name].default
        add(option, dest=name, type=type(default), default=default, metavar="N", help=f"{what} (default: {default})")


def run(arguments):
    """Train, write model, melodies and card, and say what came of it."""
    out = Path(arguments.out)
    if out.suffix != ".npz":
        raise ValueError(f"--out {out}: expected a file that ends in .npz, such as {out.with_suffix('.npz')}")
    settings = {name: getattr(arguments, name) for name in RANGES}
    _check(settings)
    folder = out.with_suffix(".training")
    dataset = _load(arguments.data)
    training = train(dataset, **settings, checkpoints=folder, progress=True)
    for name, reason in training.tunes.left_out[:5]:
        print(f"left out: {name}: {reason}", file=sys.stderr)
    if (n := len(training.tunes.left_out)) > 5:
        print(f"left out: {n} in all, see the card", file=sys.stderr)
    training.model.card.update(describe(training, dataset, command=_command(arguments, settings)))
    save(training.model, out)
    pieces = training.tunes.pieces
    Corpus.of(pieces["train"], held_out=pieces["test"]).save(beside(out))
    out.with_suffix(".md").write_text(words(training.model.card), encoding="utf-8")
    shutil.rmtree(folder)
    print(f"Written: {out}, {beside(out)}, {out.with_suffix('.json')} and {out.with_suffix('.md')}")
    for split, figures in training.model.card["nats_a_note"].items():
        print(f"nats a note on {split}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))


def _load(data):
    """The data set that `--data` names."""
    from musiclab import datasets

    if len(data) == 1 and (Path(data[0]).is_dir() or len(Path(data[0]).parts) > 1):
        return datasets.load_folder(data[0])
    return datasets.load(*data)


def _command(arguments, settings):
    """The shortest command that does the same; the seed is always named."""
    usual = signature(train).parameters
    options = {"n_hidden": "hidden", "n_embedding": "embedding", "n_batch": "batch"}
    changed = [name for name, value in settings.items() if value != usual[name].default or name == "seed"]
    named = [f"--{options.get(name, name).replace('_', '-')} {settings[name]}" for name in changed]
    out = Path(arguments.out)
    words = [*arguments.data, "--out", out.name if out.is_absolute() else out.as_posix()]
    return " ".join(["musiclab train --data", *map(shlex.quote, words), *named])
