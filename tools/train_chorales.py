"""Train the network that writes chorales and harmonises tunes, and write its cards: musiclab/data/chorales.npz, .json and .md.

    python tools/train_chorales.py                  train (about 20 minutes of one core), write weights, melodies and cards
    python tools/train_chorales.py --card           measure the shipped weights again, write only the cards

A training that was stopped goes on where it was, from the folder --checkpoints. With the same versions of everything and the same number of
threads (`TF_NUM_INTRAOP_THREADS=1`) the same weights come out.
"""

import argparse
from pathlib import Path

from chorale_figures import music, soprano, surprise, words

from musiclab import datasets
from musiclab.choir import SHIPPED, load_choir
from musiclab.chorales import LAYOUT, frames_of
from musiclab.corpus import Corpus, beside
from musiclab.phrases import phrase_habits
from musiclab.voices import Voices, columns, save_voices, transposed

SETTINGS = {"epochs": 40, "every": 4, "n_batch": 8, "n_hidden": 256, "n_embedding": 24, "n_head": 128, "dropout": 0.3, "seed": 1}
TRAINED = (
    "settings parameters epochs best_epoch best_epoch_was seconds cpu_seconds history".split()
)  # what only a training can say
UNSEEN = 0.5  # share of the draws in which the melody ahead is hidden
UNPHRASED = 0.25  # share in which nobody says where the fermatas stand
MOVED = 0.5  # share in which a piece is written up to FURTHEST semitones away from C
FURTHEST = 3


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
    """Chorales as columns, drawn anew for each epoch."""

    def __init__(self, pieces):
        self.frames = [frames_of(piece) for piece in pieces]
        self.tables = [columns(LAYOUT, frames, plan.given()) for frames, plan in self.frames]

    def table(self, i, *, melody, phrased=True, shift=0):
        """The columns of one piece, with or without the melody ahead and the fermatas, so many semitones higher."""
        plan, table = self.frames[i][1], transposed(LAYOUT, self.tables[i], shift)
        line = table[:, 0] if melody else None
        table[:, LAYOUT.places["given"]] = plan.given(line, phrased, tonic=shift % 12)
        return table

    def __call__(self, rng):
        """An epoch: every piece once."""
        chosen = []
        for i, table in enumerate(self.tables):
            symbols = table[:, :4][(table[:, :4] <= LAYOUT.n_pitches)]
            low, high = max(-FURTHEST, 1 - symbols.min()), min(FURTHEST, LAYOUT.n_pitches - symbols.max())
            melody, phrased, moved = rng.random(3) > (UNSEEN, UNPHRASED, 1 - MOVED)
            shift = int(rng.integers(low, high + 1))
            chosen.append(self.table(i, melody=melody, phrased=phrased, shift=shift * moved))
        return chosen

    def fixed(self):
        """Every piece twice, to be written freely and to be harmonised."""
        return [self.table(i, melody=melody) for i in range(len(self.tables)) for melody in (False, True)]


def train(parts, checkpoints, settings):
    """Train, and give back voices and what the card says of the training."""
    from musiclab.voices.training import train_voices

    training = train_voices(
        LAYOUT, Drawn(parts["train"]), Drawn(parts["valid"]).fixed(), checkpoints=checkpoints, progress=True, **settings
    )
    history = training.history
    best = max(record["epoch"] for record in history if record["best"])
    return training.voices, {
        "settings": training.settings
        | {"hidden_melody": UNSEEN, "hidden_fermatas": UNPHRASED, "moved": MOVED, "furthest": FURTHEST},
        "parameters": int(sum(array.size for array in training.voices.weights.values())),
        "epochs": len(history),
        "best_epoch": best,
        "best_epoch_was": "the last one: valid was still falling" if best == len(history) else "the one with the lowest valid",
        "seconds": round(sum(record["seconds"] for record in history)),
        "cpu_seconds": round(sum(record["cpu_seconds"] for record in history)),
        "history": list(history),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--card", action="store_true", help="measure the shipped weights again, write only the cards")
    parser.add_argument("--checkpoints", metavar="FOLDER", help="where a training is kept, so that it can go on")
    parser.add_argument("--epochs", type=int, default=SETTINGS["epochs"])
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
        voices, about = train(parts, arguments.checkpoints, SETTINGS | {"epochs": arguments.epochs})
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
