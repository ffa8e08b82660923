"""The command `musiclab train`: what can be asked for, and where the model goes, even if the disk is full."""

import os
import shlex
import shutil
import sys
from contextlib import suppress
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from musiclab.checkpoints import check_settings
from musiclab.corpus import Corpus, beside
from musiclab.lstm import save
from musiclab.modelcard import KINDS, describe, words
from musiclab.train import RANGES, train


def add_arguments(parser):
    """The options of `musiclab train`."""
    usual = signature(train).parameters
    add = parser.add_argument
    add("names", nargs="*", metavar="FOLDER|NAME", help="a folder of MIDI files to learn from, or names such as tunes or reels")
    add("--data", nargs="+", metavar="FOLDER|NAME", help="the same")
    add(
        "--out",
        metavar="FILE",
        help="the model to write, a .npz file; its card is written beside it, as .json and .md (default: named after the data)",
    )
    for option, name, what in (
        ("--epochs", "epochs", "times through the data, of few tunes each several times"),
        ("--hidden", "n_hidden", "units of each LSTM"),
        ("--layers", "n_layers", "LSTMs one above the other"),
        ("--embedding", "n_embedding", "width of the embeddings"),
        ("--dropout", "dropout", "share left out while training"),
        ("--learning-rate", "learning_rate", "the highest, of AdamW"),
        ("--weight-decay", "weight_decay", "of AdamW"),
        ("--batch", "n_batch", "tunes in a step"),
        ("--patience", "patience", "epochs without progress after which to stop"),
        ("--seed", "seed", "of all that is random"),
    ):
        default = usual[name].default
        add(option, dest=name, type=type(default), default=default, metavar="N", help=f"{what} (default: {default})")


def run(arguments):
    """Train, write model, melodies and card, and say what came of it; after an interruption, with the best so far."""
    if bool(arguments.names) == bool(arguments.data):
        raise ValueError("expected a folder of MIDI files, as in `musiclab train my-tunes`, or names, such as tunes or reels")
    arguments.data = arguments.data or arguments.names
    out = arguments.out = Path(arguments.out or f"{'-'.join(Path(name).resolve().name for name in arguments.data)}.npz")
    if out.suffix != ".npz":
        raise ValueError(f"--out {out}: expected a file that ends in .npz, such as {out.with_suffix('.npz')}")
    settings = {name: getattr(arguments, name) for name in RANGES}
    check_settings(settings, RANGES)
    folder = out.with_suffix(".training")
    dataset = _load(arguments.data)
    training = train(dataset, **settings, checkpoints=folder, progress=True)
    if not training.history:
        raise KeyboardInterrupt  # before anything was learned
    training.model.card.update(describe(training, dataset, command=_command(arguments, settings)))
    written = _write(training, out, folder)
    print(f"Written: {written}, {beside(written)}, {written.with_suffix('.json')} and {written.with_suffix('.md')}")
    for line in _figures(training.model.card["nats_a_note"]):
        print(line)
    if written != out:
        print(f"{out} is not there: make room, then move the four files, or give the same command again.", file=sys.stderr)
        return 2
    if training.finished:
        shutil.rmtree(folder)
        return 0
    print(f"Stopped after epoch {len(training.history)} of {settings['epochs']}; the same command goes on from there.")
    return 130


def _write(training, out, folder):
    """Write the model and what belongs to it, if not to `out`, then elsewhere; returns where."""
    for place in _places(out):
        try:
            _write_all(training, place)
            return place
        except OSError as error:
            reason = error.__cause__ or error  # the system's own words, where one of our sentences stands around them
            print(f"cannot write the model to {place}: {reason.strerror or reason}", file=sys.stderr)
    raise OSError(f"the model is written nowhere; make room and give the same command again: it goes on from {folder}")


def _places(out):
    """Where to write a model, one place after another: nobody should train again because a disk is full.

    The folder for temporary files often lies on another disk; after it, whoever sits at the keyboard is asked.
    """
    yield out
    with suppress(OSError):
        yield Path(mkdtemp(prefix="musiclab-")) / out.name
    with suppress(EOFError):
        while sys.stdin.isatty():
            yield Path(input("Another folder to write it to (or make room, and press Enter): ") or out.parent) / out.name


def _write_all(training, out):
    """Write model, melodies, card and page: all four files or, on an error, none."""
    out.parent.mkdir(parents=True, exist_ok=True)
    pieces, card = training.tunes.pieces, training.model.card
    with TemporaryDirectory(prefix=".", dir=out.parent) as aside:
        model = Path(aside) / out.name
        save(training.model, model)
        Corpus.of(pieces["train"], held_out=pieces["test"]).save(beside(model))
        model.with_suffix(".md").write_text(words(card), encoding="utf-8")
        for file in sorted(Path(aside).iterdir()):
            os.replace(file, out.with_name(file.name))


def _figures(nats_a_note):
    """Lines of a table: how surprised this model and those that count are by tunes that none of them learned from."""
    if not nats_a_note:
        return
    yield f"{'nats a note, less is better':45}" + "".join(f"{split:>8}" for split in nats_a_note)
    for name, what in KINDS.items():
        yield f"{what.strip('*'):45}" + "".join(f"{figures[name]:8.2f}" for figures in nats_a_note.values())


def _load(data):
    """The data set that `--data` names."""
    from musiclab import datasets

    if len(data) == 1 and (Path(data[0]).is_dir() or len(Path(data[0]).parts) > 1):
        return datasets.load_folder(data[0])
    return datasets.load(*data)


def _command(arguments, settings):
    """The shortest command that does the same; the seed is always named."""
    usual = signature(train).parameters
    options = {"n_hidden": "hidden", "n_layers": "layers", "n_embedding": "embedding", "n_batch": "batch"}
    changed = [name for name, value in settings.items() if value != usual[name].default or name == "seed"]
    named = [f"--{options.get(name, name).replace('_', '-')} {settings[name]}" for name in changed]
    out = Path(arguments.out)
    words = [*arguments.data, "--out", out.name if out.is_absolute() else out.as_posix()]
    return " ".join(["musiclab train --data", *map(shlex.quote, words), *named])
