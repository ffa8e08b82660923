"""Train the tied network of lesson 9 and its plain peers, and write weights and card: musiclab/data/tied.npz, tied.json and tied.md.

python tools/train_tied.py          train (about 5 minutes of one core; a training that was killed goes on), write weights and card
python tools/train_tied.py --card   measure the shipped weights again, write only the card
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from musiclab import datasets
from musiclab.atomic import atomic_write
from musiclab.checkpoints import Checkpoints
from musiclab.piece import Meter
from musiclab.tied import (
    LOWEST,
    PLACES,
    STRUCK,
    chord_roll,
    note_logits,
    plain_forward,
    rhythm_gate,
    sample_roll,
    shipped_params,
    tied_forward,
)
from musiclab.tied.network import goes_on, sounding_nats, stroke_nats
from musiclab.tied.rolls import first_sounding
from musiclab.tied.shipped import WEIGHTS

N_EPOCHS, SEED = 24, 9
PLAIN_EPOCHS = 40
CARD, JSON = WEIGHTS.with_suffix(".md"), WEIGHTS.with_suffix(".json")
PARTS = ("train", "valid", "test")
TRIADS = ((0, 4, 7), (0, 3, 7), (0, 3, 6), (0, 4, 8))  # major, minor, diminished, augmented
N_READ, READ_STEPS = 20, 128  # generated rolls that are read, and their length


def rolls():
    """The chorales in 4/4 from beginning to end, as rolls: dict by part."""
    chorales = datasets.load("chorales")
    fitting = lambda piece: [meter for _, meter in piece.meters] == [Meter(4, 4)]  # noqa: E731
    return {part: [chord_roll(piece) for piece in getattr(chorales, part) if fitting(piece)] for part in PARTS}


def train(parts, keep):
    """Train both networks; dict of name -> (parameters, float16, and how it went)."""
    from musiclab.tied import training

    plans = {
        "tied": (training.build_tied(seed=SEED), training.tied_params, {"n_epochs": N_EPOCHS}),
        "plain": (training.build_plain(seed=SEED), training.plain_params, {"n_epochs": PLAIN_EPOCHS}),
    }
    made = {}
    for name, (model, params, plan) in plans.items():
        checkpoints = Checkpoints(keep / name, plan | {"seed": SEED, "n": model.count_params()})
        say = lambda entry, name=name: print(f"{name}: {json.dumps(entry)} CPU s {time.process_time():.0f}", flush=True)  # noqa: E731
        history = training.train_tied(
            model, parts["train"], parts["valid"], checkpoints=checkpoints, on_epoch=say, seed=SEED, **plan
        )
        best = min(history, key=lambda entry: entry["valid"])["epoch"]
        about = {"parameters": model.count_params(), "epochs": len(history), "best epoch": best}
        made[name] = {key: np.asarray(array, np.float16) for key, array in params(model).items()}, about
    return made


def counted(train, cases):
    """Logits of a chance counted on train: `cases(roll)` gives (n_steps, n_pitches) whole numbers, equal where a chance is shared."""
    yes, all_ = np.full(10_000, 0.5), np.full(10_000, 1.0)
    for roll in train:
        np.add.at(yes, cases(roll), roll > 0)
        np.add.at(all_, cases(roll), 1)
    return lambda roll: np.log(yes / (all_ - yes))[cases(roll)]


def by_place(roll):
    """A chance for each pitch and place in the bar."""
    return np.arange(len(roll))[:, None] % PLACES * roll.shape[1] + np.arange(roll.shape[1])


def by_pair(roll):
    """A chance for each pitch, place in the bar, and whether the pitch sounded at the step before."""
    return by_place(roll) + PLACES * roll.shape[1] * np.vstack([np.zeros(roll.shape[1], int), roll[:-1] > 0])


def counted_strokes(train):
    """Logits that what goes on is struck again, by place in the bar, counted on train."""
    yes, all_ = np.full(PLACES, 0.5), np.full(PLACES, 1.0)
    for roll in train:
        again = goes_on(roll)
        np.add.at(yes, np.arange(len(roll)) % PLACES, ((roll == STRUCK) & again).sum(axis=1))
        np.add.at(all_, np.arange(len(roll)) % PLACES, again.sum(axis=1))
    return lambda roll: np.broadcast_to(np.log(yes / (all_ - yes))[np.arange(len(roll)) % PLACES, None], roll.shape)


def models(train):
    """Name -> function of a roll that gives two arrays of logits, of what sounds and of what is struck again."""
    tied, plain, strokes = shipped_params("tied"), shipped_params("plain"), counted_strokes(train)
    logit = lambda p: np.log(p) - np.log1p(-p)  # noqa: E731
    independent = {
        "chances by pitch and place in the bar": counted(train, by_place),
        "and by whether the pitch sounded before": counted(train, by_pair),
        "plain LSTM": lambda roll: logit(plain_forward(roll, plain)),
        "tied, time axis alone": lambda roll: logit(tied_forward(roll, tied)),
    }
    said = {name: lambda roll, logits=logits: (logits(roll), strokes(roll)) for name, logits in independent.items()}
    said["tied, both axes"] = lambda roll: np.moveaxis(note_logits(roll, tied), -1, 0)
    return said


def figures(parts, only=("valid", "test")):
    """Name -> part of `only` -> nats a frame: `sounds`, `strokes`, `both`, and `error`, the standard error of `both` over chorales."""
    found = {}
    for name, says in models(parts["train"]).items():
        found[name] = {}
        for part in only:
            nats, n_frames = [], []
            for roll in parts[part]:
                silent = first_sounding(roll)
                sounds, again = says(roll)
                nats.append([sounding_nats(roll, sounds)[silent:].sum(), stroke_nats(roll, again)[silent:].sum()])
                n_frames.append(len(roll) - silent)
            nats, n_frames = np.array(nats), np.array(n_frames)
            sounds, strokes = nats.sum(axis=0) / n_frames.sum()
            off = nats.sum(axis=1) - (sounds + strokes) * n_frames  # of a ratio of sums
            error = np.sqrt((off**2).sum()) / n_frames.sum()
            row = {"sounds": sounds, "strokes": strokes, "both": sounds + strokes, "error": error}
            found[name][part] = {key: round(float(value), 3) for key, value in row.items()}
    return found


def reading(roll):
    """What a reader of a roll counts; shares are of the steps at which something sounds."""
    sounds = roll > 0
    voices = sounds.sum(axis=1)
    heard = voices > 0
    chords = [set(((row.nonzero()[0] + LOWEST) % 12).tolist()) for row in sounds[heard]]
    triads = {frozenset((root + tone) % 12 for tone in triad) for root in range(12) for triad in TRIADS}
    pitches = sounds.nonzero()[1] + LOWEST
    centre = lambda rows: (rows.nonzero()[1] + LOWEST).mean() if rows.any() else np.nan  # noqa: E731
    return {
        "notes at once": voices[heard].mean(),
        "% steps of four notes": 100 * (voices[heard] == 4).mean(),
        "% steps on which nothing sounds": 100 * (1 - heard.mean()),
        "% triads": 100 * np.mean([chord in triads for chord in chords]),
        "strokes a step": (roll == STRUCK).sum() / len(roll),
        "% strokes on a beat": 100 * (roll[::2] == STRUCK).sum() / (roll == STRUCK).sum(),
        "lowest pitch": pitches.min(),
        "highest pitch": pitches.max(),
        "semitones higher in the last quarter than in the first": centre(sounds[-len(roll) // 4 :])
        - centre(sounds[: len(roll) // 4]),
    }


def readings(test):
    """Name -> what is read, mean and standard deviation over rolls: Bach's held-out ones, and generated ones by seed 0, 1, 2 ..."""
    params = shipped_params()
    patterns = {"tied": None, "gate: beats 1 and 3": [1, 0, 0, 0, 1, 0, 0, 0], "gate: strokes twice as likely": [2]}
    kinds = {"Bach, test": [roll[first_sounding(roll) :][:READ_STEPS] for roll in test]}
    for name, onsets in patterns.items():
        kinds[name] = [
            sample_roll(params, READ_STEPS, np.random.default_rng(seed), onsets=onsets, gate=rhythm_gate)
            for seed in range(N_READ)
        ]
    found = {}
    for name, some in kinds.items():
        read = [reading(roll) for roll in some]
        found[name] = {key: [float(f([row[key] for row in read])) for f in (np.nanmean, np.nanstd)] for key in read[0]}
    return found


def table(found):
    """The rows of the card's table of figures."""
    for name, figures_of in found.items():
        cells = [
            f"{row['sounds']:.2f} | {row['strokes']:.2f} | **{row['both']:.2f}** ± {row['error']:.2f}"
            for row in figures_of.values()
        ]
        yield f"| {name} | {' | '.join(cells)} |"


def reading_table(found):
    """What was read, a row a count, a column a kind of roll."""
    kinds = list(found)
    yield f"| | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}"
    for row in found[kinds[0]]:
        yield f"| {row} | {' | '.join('{:.1f} ± {:.1f}'.format(*found[kind][row]) for kind in kinds)} |"


def card(about, parts):
    """The model card, in words."""
    chorales = datasets.load("chorales")
    n_rolls = ", ".join(f"{len(parts[part])} ({sum(map(len, parts[part])):,} steps) for {part}" for part in PARTS)
    how = "; ".join(
        f"{title}: {about[name]['parameters']:,} parameters, {about[name]['epochs']} epochs, the best on valid was {about[name]['best epoch']}"
        for title, name in {"tied": "tied", "plain LSTM": "plain"}.items()
    )
    return f"""# Model card: the tied network

A Tied Parallel Network after Daniel D. Johnson, Generating Polyphonic Music Using Tied Parallel Networks (EvoMUSART 2017), {about["tied"]["parameters"]:,}
parameters: an LSTM cell shared by all pitches (48 units, each pitch sees two octaves below and above itself), and a NADE, tied in the
same way, that chooses the notes of a step from the lowest upwards. It is smaller than Johnson's and simpler: no pitch class, no height,
and nothing of what was struck before reaches the memory, only what sounded. Weights are kept in float16, {WEIGHTS.stat().st_size // 1000} kB with the plain LSTM beside it.

- **Data.** Bach's chorales in 4/4 from beginning to end, in their own keys, as rolls of C2 to B5, a step an eighth note; what is shorter than
  a step is lost: {n_rolls}. Split by group of near-duplicates: no chorale has a near-duplicate in another part.
- **Source.** {chorales.source}.
- **Licence.** {chorales.licence}.
- **Settings.** {how}. AdamW, at most 5e-3, cosine to 0, gradients clipped to norm 1, 4 rolls of 64 steps an update, dropout 0.1,
  seed {SEED}. One seed each: the spread over seeds was not measured. Settings were not searched; test chose nothing.
- **Command.** `python tools/train_tied.py`
- **What it cannot do.** It does not know how high a pitch is, so the first chord must be given, and the music may wander off. It knows no
  phrases, no fermatas and no end. It hears no words, and nothing shorter than an eighth note. Where the gate holds it back too long, it
  may fall silent, and it hardly finds back from silence.

## How surprised it is

Nats a frame (a step of an eighth note), exact, by numpy with the shipped weights, less is better: of which pitches sound, of which of those that
go on are struck again, and both together, ± the standard error over the chorales of that part. The models above the last line
choose each pitch by itself; their strokes are chances by place in the bar, counted on train. The plain LSTM and the time axis alone know the same, the rows
so far, and have about as many parameters; what they differ in is that one has weights for each pitch and the other is tied. The last model is told the place in
the bar as well, and which notes below were chosen; what each of the two adds was not measured. The plain LSTM was not shown the chorales
in other keys, which would help it and not the tied network. Rows before a pickup are not counted. Figures published for chorales are for
other rolls, a quarter note a step and without strokes, and cannot be compared with these.

| | valid: sounds | strokes | both | test: sounds | strokes | both |
|---|---|---|---|---|---|---|
{chr(10).join(table(about["figures"]))}

## What it writes

{N_READ} rolls of {READ_STEPS} steps, seeds 0 to {N_READ - 1}, all begun with one chord of C major, beside the first {READ_STEPS} steps of the chorales of test; mean ± standard
deviation over rolls (of the last row, over those in which something sounds at the end). Triads are the steps whose pitch classes are exactly those of a major, minor, diminished or augmented triad.

{chr(10).join(reading_table(about["readings"]))}
"""


def main(argv=None):
    """Train unless asked for the card only; returns the exit code."""
    parser = argparse.ArgumentParser(description="Train the tied network of lesson 9 and its plain peers.")
    parser.add_argument("--card", action="store_true", help="measure the shipped weights again, write only the card")
    parser.add_argument(
        "--keep", type=Path, default=Path("tied.training"), help="folder for the state after each epoch (tied.training)"
    )
    args = parser.parse_args(argv)
    parts = rolls()
    if args.card:
        about = json.loads(JSON.read_text(encoding="utf-8"))
    else:
        made = train(parts, args.keep)
        with atomic_write(WEIGHTS) as file:
            np.savez_compressed(file, **{f"{name}/{key}": p for name, (params, _) in made.items() for key, p in params.items()})
        about = {name: how for name, (_, how) in made.items()}
    about["figures"] = figures(parts)
    about["readings"] = readings(parts["test"])
    JSON.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    CARD.write_text(card(about, parts), encoding="utf-8")
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1000:.0f} kB; its card is {CARD.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
