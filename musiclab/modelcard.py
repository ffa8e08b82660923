"""The card of a trained model: what it learned from, how, and how well, beside models that only count."""

import os
import platform
from importlib.metadata import version

import numpy as np

from musiclab.evaluate import nats
from musiclab.ngram import Bigram, Cached, KneserNey

HOW = (
    "Nats of all symbols together, the head, bar lines and the end included, divided by the number of notes that sound. "
    "An interval_95 holds the middle 95 % of what comes out when the test tunes are drawn anew, with replacement, 2,000 times."
)
FEWEST_TESTS = 5  # tunes; of fewer, an interval says nothing
KINDS = {  # rows of the table in `words`, from the one that knows nothing
    "uniform": "every symbol equally likely",
    "bigram": "counts of pairs of symbols",
    "kneser_ney": "counts of longer runs (Kneser-Ney)",
    "kneser_ney_with_cache": "the same, with a memory of this tune",
    "lstm": "**this model**",
}


def describe(training, dataset, command=""):
    """The card as a dict that JSON can hold.

    Args:
        training: a `Training`.
        dataset: what it was made from, for its title, source and licence.
        command: the command line that makes the model.
    """
    tunes, model, history = training.tunes, training.model, training.history
    n_layers = training.settings.get("n_layers", 1)
    best_epoch = max((record["epoch"] for record in history if record["best"]), default=None)
    return {
        "model": f"LSTM of {f'{n_layers} layers of ' if n_layers > 1 else ''}{training.settings['n_hidden']} units",
        "sees": f"each symbol with {', '.join(model.context.names[1:])}",
        "command": command,
        "data": {
            "title": dataset.title,
            "source": getattr(dataset, "source", ""),
            "licence": getattr(dataset, "licence", ""),
            "split": tunes.divided,
            "tunes": {split: len(ids) for split, ids in tunes.ids.items()},
            "notes": {split: tunes.n_notes(split) for split in tunes.ids},
            "symbols": {split: sum(map(len, ids)) for split, ids in tunes.ids.items()},
            "left_out": len(tunes.left_out),
            "reasons": dict(tunes.reasons.most_common(10)),
        },
        "settings": training.settings,
        "vocabulary": len(model.vocabulary),
        "parameters": int(sum(array.size for array in model.weights.values())),
        "epochs": len(history),
        "best_epoch": best_epoch,
        "best_epoch_was": _ending(best_epoch, len(history), "valid" in tunes.missing),
        "seconds": round(sum(record["seconds"] for record in history)),
        "cpu_seconds": round(sum(record["cpu_seconds"] for record in history)),
        "made_with": {name: version(name) for name in ("musiclab", "keras", "numpy")} | {"python": platform.python_version()},
        "threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS", os.cpu_count())),
        "history": list(history),
        **compare(model, tunes),
    }


def _ending(best_epoch, n_epochs, no_valid):
    if no_valid:
        return "the last one: there was no valid to choose by"
    if n_epochs > 1 and best_epoch == n_epochs:
        return "the last one: valid was still falling, so more epochs might do better"
    return "the one with the lowest valid"


def words(card):
    """The card as a page of Markdown for a teacher.

    Args:
        card: dict, as `describe` makes it.
    """
    data, settings, figures = card["data"], card["settings"], card["nats_a_note"]
    counts = ", ".join(f"{n:,} tune{'s' * (n != 1)} for {split}" for split, n in data["tunes"].items())
    times = round(sum(record.get("symbols", 0) for record in card["history"][:1]) / data["symbols"]["train"])
    times = f", each {times} times through the tunes," if times > 1 else ","
    lines = [f"# Model card: {data['title']}", ""]
    lines += [f"An {card['model']} ({card['parameters']:,} parameters) that writes tunes of one voice, symbol by symbol.", ""]
    lines += [f"- **Data.** {data['title']}: {counts}; {data['left_out']:,} left out. Split: {data['split']}."]
    lines += [f"- **{name}.** {data[key]}." for name, key in (("Source", "source"), ("Licence", "licence")) if data[key]]
    lines += [f"- **Settings.** {', '.join(f'{name} {value}' for name, value in settings.items() if name != 'data')}."]
    lines += [f"- **Command.** `{card['command']}`"]
    lines += [
        f"- **Training.** Epochs: {card['epochs']}{times} in {card['seconds']:,} s; kept: epoch {card['best_epoch']}, {card['best_epoch_was']}."
    ]
    lines += [
        "- **What it cannot do.** It knows no chords, no second voice and no words, only styles and meters that its data has; it"
    ]
    lines[-1] += (
        " may repeat what it has learned by heart, and the figures say how well it foresees tunes, not whether anybody likes them."
    )
    if "beside_people" in card:
        lines += [f"- **Beside people's.** {card['beside_people']}"]
    if not figures:
        return "\n".join([*lines, "", "No tunes were left to measure it on.", ""])
    lines += [
        "",
        "Nats a note: how surprised each is by tunes that none of them learned from; less is better. Valid chose the epoch, test chose nothing.",
        "",
    ]
    lines += ["| | " + " | ".join(figures) + " |", "|---|" + "---|" * len(figures)]
    for name, what in KINDS.items():
        lines.append(f"| {what} | " + " | ".join(f"{column[name]:.2f}" for column in figures.values()) + " |")
    if "interval_95" in card:
        lines += ["", f"{_sure(card)} {card['how']}"]
    return "\n".join([*lines, ""])


def _sure(card):
    """How far the figures on test are to be trusted."""
    n, below = card["data"]["tunes"]["test"], card["below_kneser_ney_with_cache"]
    if n < FEWEST_TESTS:
        return f"Test has {n} tune{'s' * (n != 1)}, too few to say how sure these figures are."
    low, high = card["interval_95"]
    side, sign = ("above", -1) if below["nats_a_note"] < 0 else ("below", 1)
    least, most = sorted(sign * end for end in below["interval_95"])
    return (
        f"On test this model lies between {low:.2f} and {high:.2f}, and {sign * below['nats_a_note']:.2f} (between {least:.2f} and "
        f"{most:.2f}) {side} the counts with a memory."
    )


def compare(model, tunes):
    """How surprised the model and those that only count are by tunes that none of them learned from.

    `HOW` says what is measured, and how.

    Returns:
        dict: `nats_a_note` (split -> model -> float), `how`, and on test, where there is one: `interval_95`,
        `below_kneser_ney_with_cache` (with its interval_95) and `nats_a_symbol`.
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
            result["interval_95"] = interval(lstm, notes)
            result["below_kneser_ney_with_cache"] = {
                "nats_a_note": round(float(gain.sum() / notes.sum()), 4),
                "interval_95": interval(gain, notes),
            }
            n = sum(map(len, tunes.ids[split]))
            result["nats_a_symbol"] = round(float(lstm.sum() / n), 4)
    return {"nats_a_note": nats_a_note, "how": HOW, **result}


def interval(values, weights, n=2000):
    """95 % interval of `sum(values) / sum(weights)` over pieces drawn with replacement."""
    draws = np.random.default_rng(0).integers(0, len(values), (n, len(values)))
    return [round(float(q), 4) for q in np.quantile(values[draws].sum(axis=1) / weights[draws].sum(axis=1), [0.025, 0.975])]
