"""Train the network that writes chorales and harmonises tunes, and write its cards: musiclab/data/chorales.npz, .json and .md.

    python tools/train_chorales.py                  train (about 20 minutes of one core), write weights, melodies and cards
    python tools/train_chorales.py --first FILE     the same, from the weights of the first training on
    python tools/train_chorales.py --card           measure the shipped weights again, write only the cards

It learns twice: from Bach's past alone, and then to go on as Bach does from a past that is partly its own. A training that was stopped
goes on where it was, from the folder --checkpoints. With the same versions of everything and the same number of threads
(`TF_NUM_INTRAOP_THREADS=1`) the same weights come out.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from chorale_astray import astray, own_voices, plain
from chorale_figures import music, soprano, surprise, words

from musiclab import datasets
from musiclab.choir import SHIPPED, load_choir
from musiclab.choir.frames import LAYOUT, frames_of
from musiclab.choir.phrases import phrase_habits
from musiclab.corpus import Corpus, beside
from musiclab.voices import Voices, columns, load_voices, save_voices, transposed
from musiclab.voices.stepping import weight_shapes

WIDTHS = {"every": 4, "n_batch": 8, "n_hidden": 256, "n_embedding": 24, "n_head": 128, "dropout": 0.3, "weight_decay": 0.3, "seed": 1}
SETTINGS = {"first": WIDTHS | {"epochs": 40}, "second": WIDTHS | {"epochs": 32, "learning_rate": 0.002}}
TRAINED = (
    "settings parameters epochs best_epoch best_epoch_was seconds cpu_seconds history_of_the_first history".split()
)  # what only a training can say
UNSEEN = 0.5  # share of the draws in which the melody ahead is hidden
UNPHRASED = 0.25  # share in which nobody says where the fermatas stand
MOVED = 0.5  # share in which a piece is written up to FURTHEST semitones away from C
FURTHEST = 3
FIRST = replace(LAYOUT, given=LAYOUT.given[:-2])  # what the first training is given
PLAIN = 0.5  # in the second training: share of the harmonisings in which the lower voices move on beats only
ASTRAY = 0.6  # and of the draws in which the past is not all Bach's


def usable(pieces):
    """The pieces that the frames can hold, and why the others are left out: `(pieces, [(id, reason)])`."""
    kept, left_out = [], []
    for piece in pieces:
        try:
            frames_of(piece)
            kept.append(piece)
        except ValueError as error:
            left_out.append((piece.id, str(error)))
    return kept, left_out


class Drawn:
    """Chorales as columns, drawn anew for each epoch.

    Args:
        pieces: the chorales.
        layout: LAYOUT, or FIRST without its last columns.
        own: for each piece what a network wrote under its soprano: frames as Bach's, and plain ones. If there is none, the past is
            always Bach's, and the voices move as he has them.
    """

    def __init__(self, pieces, layout=LAYOUT, own=()):
        self.layout, self.own = layout, own
        self.frames, self.plans = [], []
        for frames, plan in map(frames_of, pieces):
            self.frames.append((frames, plain(frames)))
            self.plans.append(plan)

    def table(self, i, *, melody, phrased=True, moved=0, simple=False, lost=None):
        """The columns of one piece.

        Args:
            i: its number.
            melody: whether the melody ahead is known.
            phrased: whether it is known where the fermatas stand.
            moved: semitones that it is written higher than on C.
            simple: whether the lower voices move on beats only.
            lost: `(share, rng)` for `astray`, or None.
        """
        plan, frames = self.plans[i], self.frames[i][simple]
        past, frames = astray(frames, self.own[i][simple], *lost) if lost else (frames, frames)
        table = columns(LAYOUT, past, plan.given())
        table[:, : LAYOUT.n_slots] = frames
        table = transposed(LAYOUT, table, moved)
        line = table[:, 0] if melody else None
        table[:, LAYOUT.places["given"]] = plan.given(line, phrased, moved=moved, plain=simple)
        return table[:, : self.layout.n_columns]

    def __call__(self, rng):
        """An epoch: every piece once."""
        chosen = []
        for i, (frames, _) in enumerate(self.frames):
            symbols = np.concatenate([frames, *(self.own[i] if self.own else ())])
            symbols = symbols[symbols <= LAYOUT.n_pitches]
            low, high = max(-FURTHEST, 1 - symbols.min()), min(FURTHEST, LAYOUT.n_pitches - symbols.max())
            melody, phrased, moves = rng.random(3) > (UNSEEN, UNPHRASED, 1 - MOVED)
            wishes = {"melody": melody, "phrased": phrased, "moved": int(rng.integers(low, high + 1)) * moves}
            if self.own:
                simple, share, lost = rng.random(3)
                wishes |= {"simple": int(melody and simple < PLAIN), "lost": (share, rng) if lost < ASTRAY else None}
            chosen.append(self.table(i, **wishes))
        return chosen

    def fixed(self):
        """Every piece twice, to be written freely and to be harmonised; once more, to be harmonised beat by beat."""
        kinds = [(False, 0), (True, 0)] + [(True, 1)] * (self.layout == LAYOUT)
        return [self.table(i, melody=melody, simple=simple) for i in range(len(self.plans)) for melody, simple in kinds]


def widened(voices):
    """The network of the first training with room for the last columns, which change nothing yet."""
    n_hidden, n_embedding = len(voices.weights["recurrent"]), voices.weights["symbols"].shape[1]
    found = {}
    for name, shape in weight_shapes(LAYOUT, n_hidden, n_embedding, len(voices.weights["again"])).items():
        old = voices.weights.get(name, np.zeros((0, *shape[1:]), np.float16))
        found[name] = np.pad(old, [(0, new - n) for new, n in zip(shape, old.shape)])
        if name not in voices.weights:
            found[name] = np.random.default_rng(0).normal(size=shape).astype(np.float16)
    return Voices(found, LAYOUT)


def learn(parts, checkpoints, settings, first=None):
    """Train twice, and give back voices and what the card says of the training.

    The first network learns from Bach's past alone. It harmonises the sopranos of the training chorales; then it learns to go on as
    Bach does when what sounds is its own.
    """
    from musiclab.voices.training import train_voices

    folder = lambda name: checkpoints and Path(checkpoints) / name
    if first is None:
        drawn, fixed = Drawn(parts["train"], FIRST), Drawn(parts["valid"], FIRST).fixed()
        training = train_voices(FIRST, drawn, fixed, checkpoints=folder("first"), progress=True, **settings["first"])
        first = Voices(training.voices.weights, FIRST, {"history": list(training.history)})
    own = [own_voices(first, piece, i) for i, piece in enumerate(parts["train"])]
    drawn, fixed = Drawn(parts["train"], own=own), Drawn(parts["valid"]).fixed()
    second = settings["second"] | {"begun": widened(first), "checkpoints": folder("second")}
    training = train_voices(LAYOUT, drawn, fixed, progress=True, **second)
    history, before = training.history, first.card["history"]
    best = max(record["epoch"] for record in history if record["best"])
    return training.voices, {
        "settings": training.settings
        | {"hidden_melody": UNSEEN, "hidden_fermatas": UNPHRASED, "moved": MOVED, "furthest": FURTHEST, "plain": PLAIN}
        | {"astray": ASTRAY, "first_epochs": len(before)},
        "parameters": int(sum(array.size for array in training.voices.weights.values())),
        "epochs": f"{len(before)} and then {len(history)}",
        "best_epoch": best,
        "best_epoch_was": "the last one: valid was still falling" if best == len(history) else "the one with the lowest valid",
        "seconds": round(sum(record["seconds"] for record in [*before, *history])),
        "cpu_seconds": round(sum(record["cpu_seconds"] for record in [*before, *history])),
        "history_of_the_first": before,
        "history": list(history),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--card", action="store_true", help="measure the shipped weights again, write only the cards")
    parser.add_argument("--checkpoints", metavar="FOLDER", help="where a training is kept, so that it can go on")
    parser.add_argument("--first", type=Path, metavar="FILE", help="weights of the first training, where they are there already")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    dataset = datasets.load("chorales")
    parts, left_out = {}, []
    for name in ("train", "valid", "test"):
        parts[name], without = usable(getattr(dataset, name))
        left_out += without
    if arguments.card:
        voices = load_choir(arguments.out)
        about = {name: voices.card[name] for name in TRAINED}
    else:
        voices, about = learn(parts, arguments.checkpoints, SETTINGS, arguments.first and load_voices(arguments.first))
    card = {
        "model": f"one LSTM of {len(voices.weights['recurrent'])} units for four voices",
        "command": "python tools/train_chorales.py",
        "data": {
            "title": dataset.title,
            "source": dataset.source,
            "licence": dataset.licence,
            "split": "by group of near-duplicates: no chorale has a near-duplicate in another part",
            "pieces": {name: len(pieces) for name, pieces in parts.items()},
            "notes": {name: sum(len(piece.notes) for piece in pieces) for name, pieces in parts.items()},
            "left_out": left_out,
        },
        **about,
        "phrases": phrase_habits(parts["train"]),
    }
    voices = Voices(voices.weights, LAYOUT, card)
    save_voices(voices, arguments.out)  # before what takes longer
    sopranos = {name: [soprano(piece) for piece in pieces] for name, pieces in parts.items()}
    Corpus.of(sopranos["train"], held_out=sopranos["valid"] + sopranos["test"]).save(beside(arguments.out))
    card |= surprise(voices, parts) | {"music": music(voices, parts, Corpus.load(beside(arguments.out)))}
    save_voices(Voices(voices.weights, LAYOUT, card), arguments.out)
    arguments.out.with_suffix(".md").write_text(words(card), encoding="utf-8")


if __name__ == "__main__":
    main()
