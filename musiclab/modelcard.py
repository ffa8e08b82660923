"""The card of a trained model: what it learned from, how, and how well, beside models that only count."""

import os
import platform
from collections import Counter
from importlib.metadata import version

import numpy as np

from musiclab.evaluate import nats
from musiclab.lstm import WEIGHTS
from musiclab.ngram import Bigram, Cached, KneserNey


def describe(training, dataset, command=""):
    """The card as a dict that JSON can hold.

    Args:
        training: a `Training`.
        dataset: what it was made from, for its title, source and licence.
        command: the command line that makes the model.
    """
    tunes, model, history = training.tunes, training.model, training.history
    reasons = Counter(reason.split(":")[0].split(" at tick")[0] for _, reason in tunes.left_out)
    return {
        "model": f"LSTM of {training.settings['n_hidden']} units",
        "sees": f"each symbol with {', '.join(model.context.names[1:])}",
        "command": command,
        "data": {
            "title": dataset.title,
            "source": getattr(dataset, "source", ""),
            "licence": getattr(dataset, "licence", ""),
            "split": "by group of near-duplicates: no tune has a near-duplicate in another part",
            "tunes": {split: len(ids) for split, ids in tunes.ids.items()},
            "notes": {split: tunes.n_notes(split) for split in tunes.ids},
            "symbols": {split: sum(map(len, ids)) for split, ids in tunes.ids.items()},
            "left_out": len(tunes.left_out),
            "reasons": dict(reasons.most_common(10)),
        },
        "settings": training.settings,
        "vocabulary": len(model.vocabulary),
        "parameters": int(sum(model.weights[name].size for name in WEIGHTS)),
        "epochs": len(history),
        "best_epoch": max((record["epoch"] for record in history if record["best"]), default=None),
        "seconds": round(sum(record["seconds"] for record in history)),
        "cpu_seconds": round(sum(record["cpu_seconds"] for record in history)),
        "made_with": {name: version(name) for name in ("musiclab", "keras", "numpy")} | {"python": platform.python_version()},
        "threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS", os.cpu_count())),
        "history": list(history),
        **compare(model, tunes),
    }


def compare(model, tunes):
    """How surprised the model and those that only count are by tunes that none of them learned from.

    Nats of all symbols together, the head, bar lines and the end included, divided by the number of notes that sound. Intervals
    are of 95 %, from drawing the tunes anew 2,000 times.

    Returns:
        dict: `nats_a_note` (split -> model -> float), `interval` and `below_cached` (with its interval) on test where there is one.
    """
    n_symbols, learned = len(model.vocabulary), tunes.ids["train"]
    counting = KneserNey(learned, n_symbols)
    models = {"uniform": Bigram([], n_symbols), "bigram": Bigram(learned, n_symbols), "kneser_ney": counting}
    models |= {"kneser_ney_with_cache": Cached(counting), "lstm": model}
    nats_a_note, result = {}, {}
    for split in ("valid", "test"):
        if not tunes.ids[split]:
            continue
        notes = np.array([(tunes.vocabulary.pitches[ids] >= 0).sum() for ids in tunes.ids[split]])
        surprise = {name: np.array([nats(other, ids).sum() for ids in tunes.ids[split]]) for name, other in models.items()}
        nats_a_note[split] = {name: round(float(values.sum() / notes.sum()), 4) for name, values in surprise.items()}
        if split == "test":
            lstm, gain = surprise["lstm"], surprise["kneser_ney_with_cache"] - surprise["lstm"]
            result["interval"] = _interval(lstm, notes)
            result["below_cached"] = {
                "nats_a_note": round(float(gain.sum() / notes.sum()), 4),
                "interval": _interval(gain, notes),
            }
            n = sum(map(len, tunes.ids[split]))
            result["nats_a_symbol"] = round(float(lstm.sum() / n), 4)
    return {"nats_a_note": nats_a_note, **result}


def _interval(values, weights, n=2000):
    """95 % interval of `sum(values) / sum(weights)` over tunes drawn with replacement."""
    draws = np.random.default_rng(0).integers(0, len(values), (n, len(values)))
    return [round(float(q), 4) for q in np.quantile(values[draws].sum(axis=1) / weights[draws].sum(axis=1), [0.025, 0.975])]
