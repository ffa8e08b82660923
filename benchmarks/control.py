"""Does the network do what it is asked? How often each wish is obeyed, and whether music without end stays within bounds.

Hard wishes are kept by rules (masks over the vocabulary, `musiclab.controls`): each should be obeyed in 100 % of tunes. One wish at a
time is drawn at random and all else left to the network, then all are drawn together. A wish that is refused, with a message before
the first note, is counted apart. That no rule ever leaves nothing to choose is tried with random logits under random wishes.

Soft wishes are weighed by the network: the form (`musiclab.form`), beside tunes of which no form was asked; and the style, which a judge
recognises that has nothing to do with the network: a softmax regression on counted features, trained on the training tunes. What it
makes of held-out human tunes is what generated ones can reach.

    python benchmarks/control.py [number of tunes for each line]
"""

import json
import os
import sys
import tracemalloc

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

from functools import partial  # noqa: E402

import numpy as np  # noqa: E402
from features import above_tonic, steps  # noqa: E402
from musicality import asked_like  # noqa: E402
from scipy.optimize import minimize  # noqa: E402
from scipy.special import log_softmax, softmax  # noqa: E402

from musiclab import lstm  # noqa: E402
from musiclab.compose import compose  # noqa: E402
from musiclab.controls import TuneControls  # noqa: E402
from musiclab.corpus import Corpus, beside  # noqa: E402
from musiclab.datasets import load  # noqa: E402
from musiclab.form import bars_of, form_of  # noqa: E402
from musiclab.generate import continue_from, generate, read, sample  # noqa: E402
from musiclab.key import TONES, Key  # noqa: E402
from musiclab.piece import Meter  # noqa: E402
from musiclab.symbols import Vocabulary  # noqa: E402

FORMS = ("AABB", "AABA", "ABAB", "AA.BB.", "AA.BA.")
FEWEST = 30  # tunes of a style that the judge needs to learn it
ENDLESS = 20_000  # symbols


def main(n=100):
    """Measure, print, and print the figures that goals are set for as one line of JSON."""
    model, corpus, dataset = lstm.load(), Corpus.load(beside(lstm.SHIPPED)), load("tunes")
    write = partial(compose, model=model, corpus=corpus)
    result = {"obeyed": hard(n, write, corpus, dataset.test), "dead ends": dead_ends(10 * n), "form": form(n, write)}
    result["style"] = style(4 * n, model, corpus, dataset)
    result["endless"] = endless(model)
    print(json.dumps(result))


# Wishes that rules keep ----------------------------------------------------------------------------------------------------------


def draw_wishes(rng, corpus, tunes):
    """A wish of each kind, drawn at random: name -> (arguments of `compose`, whether a tune obeys them)."""
    style = str(rng.choice([name for name in corpus.habits if name]))
    key = Key.from_fifths(int(rng.integers(-5, 7)), str(rng.choice(list(TONES))))
    meter, bars, low, fewest = (
        str(rng.choice(["4/4", "6/8", "2/4", "3/4"])),
        int(rng.integers(1, 33)),
        int(rng.integers(55, 72)),
        int(rng.integers(2, 8)),
    )
    high, most = low + int(rng.integers(12, 25)), fewest + int(rng.integers(0, 5))
    name = lambda pitch: Key().name(pitch)  # noqa: E731
    pickup = str(rng.choice(["0", "1/8", "1/4"]))
    tune = tunes[rng.integers(len(tunes))]
    opening = tune.between(0, tune.bars[min(4, len(tune.bars)) - 1][1])
    return {
        "key": (
            {"key": key},
            lambda piece: piece.key == key and set(above_tonic(piece)) <= set(TONES[key.mode]) and above_tonic(piece)[-1] == 0,
        ),
        "meter": ({"meter": meter}, lambda piece: str(piece.meter) == meter and whole(piece)),
        "length": ({"bars": bars}, lambda piece: len(bars_of(piece)) == bars and whole(piece)),
        "pickup": ({"pickup": pickup}, lambda piece: piece.pickup == {"0": 0, "1/8": 12, "1/4": 24}[pickup] and whole(piece)),
        "range": ({"range_": f"{name(low)}-{name(high)}"}, lambda piece: all(low <= note.pitch <= high for note in piece.notes)),
        "density": (
            {"density": f"{fewest}-{most}"},
            lambda piece: all(fewest <= len(bar) <= most for bar in bars_of(piece)[:-1]),
        ),
        "swing": (
            {"swing": True, "meter": "4/4"},
            lambda piece: all((note.start - piece.pickup) % 24 in (0, 8, 16, 20) for note in piece.notes),
        ),
        "opening tune": (
            {"continue_": opening},
            lambda piece: piece.notes[: len(opening.notes)] == opening.notes and len(piece.notes) > len(opening.notes),
        ),
        "style's name": ({"style": style}, lambda piece: piece.style == style),
    }


def whole(piece):
    """Whether the last note ends where a bar does, or where it leaves room for the pickup."""
    return (piece.end - piece.pickup) % piece.meter.bar in (0, piece.meter.bar - piece.pickup)


TOGETHER = ("key", "length", "range", "density", "swing")


def hard(n, write, corpus, tunes):
    """Print how often each wish is obeyed; wish -> [obeyed, refused, asked]."""
    found = {}
    print(f"{'asked for':30}{'obeyed':>8}{'refused':>9}{'asked':>7}")
    for i in range(len(draw_wishes(np.random.default_rng(0), corpus, tunes)) + 1):
        obeyed = refused = 0
        for seed in range(n):
            wishes = draw_wishes(np.random.default_rng([seed, i]), corpus, tunes)
            names = [list(wishes)[i]] if i < len(wishes) else TOGETHER
            asked = {}
            for name in names:
                asked |= wishes[name][0]
            try:
                piece, _ = write(seed=seed, **asked)
            except ValueError:
                refused += 1
            else:
                obeyed += all(wishes[name][1](piece) for name in names)
        name = " + ".join(names)
        found[name] = [obeyed, refused, n]
        print(f"{name:30}{obeyed / max(1, n - refused):8.1%}{refused:9}{n:7}")
    return found


class Chance:
    """A model that has learned nothing: other random logits at each step."""

    def __init__(self, rng, n):
        self.rng, self.n = rng, n

    def start(self):
        return None

    def step(self, state, id):
        return None, self.rng.normal(0, 4, self.n)


def dead_ends(n):
    """Of n random settings with random logits, how many come to a step at which nothing is allowed."""
    rng, stuck, refused = np.random.default_rng(0), 0, 0
    lengths = "1/32 1/24 1/16 1/12 3/32 1/8 1/6 3/16 1/4 3/8 1/2 3/4 1".split()
    for _ in range(n):
        meter = Meter.parse(str(rng.choice(["2/2", "4/4", "2/4", "3/4", "6/8", "9/8", "12/8", "3/8", "5/4", "7/8"])))
        some = [str(name) for name in rng.choice(lengths, rng.integers(1, len(lengths)), replace=False)]
        vocabulary = Vocabulary(
            ["<reel>", f"<{meter}>", "<major>", "<4 bars>", "C5", "D5", *some, *["R", "~"][: rng.integers(3)]]
        )
        settings = {"style": "reel", "meter": meter, "mode": "major", "bars": int(rng.integers(1, 5))}
        settings["pickup"] = [int(ticks) for ticks in rng.choice([0, 6, 8, 12, 24, 36], rng.integers(1, 4))]
        if rng.random() < 0.5:
            settings["places"] = range(0, meter.bar, int(rng.choice([6, 12, 24])))
        if rng.random() < 0.5:
            fewest = int(rng.integers(1, 7))
            settings["density"] = fewest, fewest + int(rng.integers(0, 4))
        try:
            controls = TuneControls(vocabulary, **settings)
        except ValueError:
            refused += 1
            continue
        try:
            generate(Chance(rng, len(vocabulary)), [], 10_000, controls=controls, rng=rng)
        except ValueError:
            stuck += 1
    print(
        f"\n{n} random settings with random logits: {refused} refused before the first symbol, {stuck} dead ends in the others\n"
    )
    return stuck


# Wishes that the network weighs --------------------------------------------------------------------------------------------------


def form(n, write):
    """Print how often a form of 16 bars comes out as asked; form -> [share, share among tunes of which no form was asked]."""
    found = {}
    print(f"{'form of 16 bars':30}{'as asked':>9}{'not asked':>11}")
    free = [form_of(write(bars=16, seed=seed, form="free")[0], 4) for seed in range(n)]
    for asked in FORMS:
        plain = (lambda form: form) if "." in asked else (lambda form: form.replace(".", ""))
        forms = [form_of(write(bars=16, seed=seed, form=asked)[0], 4) for seed in range(n)]
        share, chance = (float(np.mean([plain(form) == asked for form in some])) for some in (forms, free))
        found[asked] = [share, chance]
        print(f"{asked:30}{share:9.0%}{chance:11.0%}")
    print()
    return found


def counted(tune):
    """What the judge sees of a tune: its meter, and how often which length, place in the bar, interval and pitch comes."""
    lengths, places = (
        np.array([note.duration for note in tune.notes]),
        np.array([(n.start - tune.pickup) % tune.meter.bar for n in tune.notes]),
    )
    meters = [str(tune.meter) == name for name in METERS]
    rows = [
        np.bincount(np.minimum(lengths // 2, 48), minlength=49),
        np.bincount(np.minimum(places // 6, 23), minlength=24),
        np.bincount(np.clip(steps(tune.notes), -13, 13) + 13, minlength=27),
        np.bincount(above_tonic(tune), minlength=12),
    ]
    return np.concatenate([meters, *[np.sqrt(row / max(1, row.sum())) for row in rows], [len(tune.notes) / len(tune.bars) / 10]])


METERS = ("2/2", "4/4", "2/4", "3/4", "6/8", "9/8")


class Judge:
    """A softmax regression that tells styles apart, with a penalty on large weights that valid tunes chose from four."""

    def __init__(self, tunes, penalty):
        self.styles = sorted({tune.style for tune in tunes})
        features = self._features(tunes)
        targets = np.eye(len(self.styles))[[self.styles.index(tune.style) for tune in tunes]]

        def loss(flat):
            weights = flat.reshape(features.shape[1], -1)
            scores = features @ weights
            slope = features.T @ (softmax(scores, axis=1) - targets) / len(tunes) + 2 * penalty * weights
            value = -(targets * log_softmax(scores, axis=1)).sum() / len(tunes) + penalty * (weights**2).sum()
            return value, slope.ravel()

        self._weights = minimize(loss, np.zeros(features.shape[1] * len(self.styles)), jac=True, method="L-BFGS-B").x
        self._weights = self._weights.reshape(features.shape[1], -1)

    def _features(self, tunes):
        rows = np.array([counted(tune) for tune in tunes])
        return np.hstack([rows, np.ones((len(rows), 1))])

    def right(self, tunes, styles):
        """The share of tunes that are recognised as of these styles."""
        found = (self._features(tunes) @ self._weights).argmax(axis=1)
        return float(np.mean([self.styles[i] == style for i, style in zip(found, styles)]))


def style(n, model, corpus, dataset):
    """Print how often the judge recognises human and generated tunes; line -> [human, generated, number of tunes]."""
    count = {name: sum(tune.style == name for tune in dataset.train) for name in corpus.habits if name}
    known = {name for name, tunes in count.items() if tunes >= FEWEST}
    some = lambda tunes: [tune for tune in tunes if tune.style in known]  # noqa: E731
    valid = some(dataset.valid)
    judges = [Judge(some(dataset.train), penalty) for penalty in (1e-2, 1e-3, 1e-4, 1e-5)]
    judge = max(judges, key=lambda judge: judge.right(valid, [tune.style for tune in valid]))
    human, generated = asked_like(some(dataset.test), n, model, corpus)
    styles, found = [tune.style for tune in human], {}
    print(f"{'style recognised, test':30}{'human':>8}{'generated':>11}{'tunes':>7}")
    for line, chosen in (("all meters", human), ("4/4 only", [tune for tune in human if str(tune.meter) == "4/4"])):
        rows = [i for i, tune in enumerate(human) if tune in chosen]
        names = [styles[i] for i in rows]
        right = [judge.right([tunes[i] for i in rows], names) for tunes in (human, generated)]
        commonest = max(names.count(name) for name in names) / len(names)
        found[line] = [*right, commonest, len(rows)]
        print(f"{line:30}{right[0]:8.1%}{right[1]:11.1%}{len(rows):7}   (always the commonest: {commonest:.1%})")
    print(f"styles: {', '.join(sorted(known))}\n")
    return found


# Music without end ---------------------------------------------------------------------------------------------------------------


def endless(model):
    """Print whether music in chunks equals music in one go, and the memory that it takes after each quarter of the way, in KiB."""
    rules = {"style": "reel", "meter": Meter(2, 2), "mode": "major", "bars": 10**9}
    controls = TuneControls(model.vocabulary, **rules)
    place = read(model, controls.head, controls=controls)
    go_on = partial(continue_from, model, controls=controls, sample=partial(sample, temperature=0.9))
    tracemalloc.start()
    whole, state, rng, kib = [], place, np.random.default_rng(0), []
    for _ in range(4):
        ids, state = go_on(state, ENDLESS // 4, rng=rng)
        whole += ids
        kib.append(round((tracemalloc.get_traced_memory()[0] - sys.getsizeof(whole)) / 1024))
    tracemalloc.stop()
    equal = True
    for size in (1, 7, 100):
        ids, state, rng = [], place, np.random.default_rng(0)
        while len(ids) < 3000:
            more, state = go_on(state, min(size, 3000 - len(ids)), rng=rng)
            ids += more
        equal &= ids == whole[:3000]
    print(f"{ENDLESS:,} symbols without end: in chunks of 1, 7 and 100 {'the same' if equal else 'DIFFERENT'};")
    print(f"KiB in use after each quarter: {', '.join(map(str, kib))}\n")
    return {"chunks equal": bool(equal), "KiB": kib}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
