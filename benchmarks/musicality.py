"""Is it music? Generated tunes and chorales beside human ones that no network has learned from, feature by feature.

Each generated tune is asked for the style, key, meter, pickup and number of bars of one held-out human tune (valid and test, in an
order drawn once; a tune in a meter too rare in its style to be asked for is passed over), with seeds 0, 1, 2 ...; all else is the
model's. A Kneser-Ney 7-gram is asked the same, under the same rules. Chorales are asked for key, meter, pickup and number of bars of
the held-out chorales by Bach in the same way, gone through more than once if there are too few.

A mean stands with its 95 % interval (bootstrap over pieces, `scipy.stats.bootstrap`). "off" is how far the generated mean lies from
the human one in standard deviations of human pieces (of the bootstrap for overlaps, which no single piece has). An overlap is that of
the histogram of all pieces with that of training pieces, of tunes with one each in the same style and meter; drawing pieces anew
makes it a little smaller, so its interval lies low. The run of notes is better if it is shorter. Then

    alike    the difference may be chance: its 95 % interval holds 0
    near     it is more than chance, yet within the human spread: less than a fifth of a standard deviation ("small", Cohen 1988)
    OFF      it is more than that
    forced   rules make it so, whatever the network prefers

    python benchmarks/musicality.py [number of tunes] [number of chorales]
"""

import json
import os
import sys
from functools import partial

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
from features import CHORALE_HISTOGRAMS, CHORALES, TUNE_HISTOGRAMS, TUNES  # noqa: E402
from scipy.stats import bootstrap  # noqa: E402

from musiclab import lstm  # noqa: E402
from musiclab.compose import compose  # noqa: E402
from musiclab.corpus import Corpus, beside  # noqa: E402
from musiclab.datasets import load  # noqa: E402
from musiclab.evaluate import longest_copy  # noqa: E402
from musiclab.form import bars_of  # noqa: E402
from musiclab.generate import generate, sample  # noqa: E402
from musiclab.ngram import KneserNey  # noqa: E402
from musiclab.symbols import BAR_LINE, C5, END, LENGTH, decode, encode, read_symbol  # noqa: E402
from musiclab.tunes import Tunes  # noqa: E402

SMALL = 0.2  # standard deviations


def main(n_tunes=400, n_chorales=100):
    """Measure, print the tables, and print the figures that goals are set for as one line of JSON."""
    print(json.dumps((tunes(n_tunes) if n_tunes else {}) | (chorales(n_chorales) if n_chorales else {})))


# The table, whatever the pieces --------------------------------------------------------------------------------------------------


def table(features, histograms, groups, known):
    """Print a line for each feature.

    Args:
        features: name -> function of a piece -> float, NaN where it does not apply; a name that ends in * is forced by rules.
        histograms: name -> function of a piece -> list of things to count.
        groups: name -> pieces; the human ones first, then the generated ones, then any for orientation.
        known: pieces over whose histograms those of the groups are laid.

    Returns:
        dict: feature -> [human mean, generated mean, verdict].
    """
    lines = {name: [Mean(feature, pieces) for pieces in groups.values()] for name, feature in features.items()}
    lines |= {name: overlaps(count, groups.values(), known) for name, count in histograms.items()}
    human, generated, *others = groups
    print(f"{'':46}{human:25}{generated:25}{'off':>6}  {'':7}" + "".join(f"{other:>9}" for other in others))
    found = {}
    for name, (first, second, *rest) in lines.items():
        means, (spread, own) = (first.mean(), second.mean()), (interval(first.at, first.n), interval(second.at, second.n))
        low, high = interval(partial(gap, first, second), first.n, second.n)
        off = (means[1] - means[0]) / first.sd if first.sd else 0.0
        verdict = "forced" if name.endswith("*") else "alike" if low <= 0 <= high else "near" if abs(off) < SMALL else "OFF"
        cells = "".join(f"{f'{mean:.3g} ({low:.3g} to {high:.3g})':25}" for mean, (low, high) in zip(means, (spread, own)))
        print(f"{name:46}{cells}{off:+6.2f}  {verdict:7}" + "".join(f"{other.mean():9.3g}" for other in rest))
        found[name.rstrip(" *")] = [round(float(means[0]), 4), round(float(means[1]), 4), verdict]
    return found


class Mean:
    """The mean of a feature over pieces, and over any choice of them."""

    def __init__(self, feature, pieces):
        values = np.array([feature(piece) for piece in pieces], dtype=float)
        self._values = values[~np.isnan(values)]
        self.n, self.sd = len(self._values), self._values.std()

    def at(self, numbers, axis=-1):
        """The means of the pieces with these numbers, (..., n) -> (...)."""
        return self._values[numbers].mean(axis=axis)

    def mean(self):
        return self._values.mean()


class Overlap:
    """What the histogram of some pieces together shares with that of all known ones.

    Both are shares that add up to 1; the overlap adds up the smaller ones, and is 1 where they are the same.
    """

    def __init__(self, counts, expected):
        self._counts, self._expected, self.n = counts, expected, len(counts)
        self.sd = np.subtract(*interval(self.at, self.n)[::-1]) / 3.92  # as if normal

    def at(self, numbers, axis=-1):
        """The overlaps of the pieces with these numbers, (..., n) -> (...)."""
        often = np.apply_along_axis(np.bincount, -1, numbers, minlength=self.n)  # how often each piece was drawn
        sums = often @ self._counts
        return np.minimum(sums / sums.sum(axis=-1, keepdims=True), self._expected).sum(axis=-1)

    def mean(self):
        return self.at(np.arange(self.n))


def overlaps(count, groups, known):
    """The `Overlap` of each group of pieces with the known ones; `count` lists what is to be counted in a piece."""
    counted = [[count(piece) for piece in pieces] for pieces in (known, *groups)]
    bins = {thing: i for i, thing in enumerate({thing for lists in counted for line in lists for thing in line})}
    known, *rows = [
        np.array([np.bincount([bins[thing] for thing in line], minlength=len(bins)) for line in lists], dtype=float)
        for lists in counted
    ]
    return [Overlap(some, known.sum(axis=0) / known.sum()) for some in rows]


def gap(first, second, numbers, others, axis=-1):
    """How much more the second is than the first, each over some of its pieces."""
    return second.at(others, axis) - first.at(numbers, axis)


def interval(statistic, *sizes):
    """95 % interval of a statistic of the numbers of pieces, when so many pieces are drawn anew, with replacement."""
    numbers = [np.arange(n) for n in sizes]
    drawn = bootstrap(
        numbers, statistic, n_resamples=2000, batch=100, method="percentile", vectorized=True, rng=np.random.default_rng(0)
    )
    return drawn.confidence_interval


# Tunes ---------------------------------------------------------------------------------------------------------------------------


def tunes(n):
    """Compare tunes; returns the table's figures as JSON can hold them."""
    dataset = load("tunes")
    model, corpus = lstm.load(), Corpus.load(beside(lstm.SHIPPED))
    human, generated = asked_like(dataset.valid + dataset.test, n, model, corpus)
    learned = Tunes.of(dataset)
    counting = KneserNey(learned.ids["train"], len(learned.vocabulary))
    counting.vocabulary = learned.vocabulary
    _, counted = asked_like(human, len(human), counting, corpus)
    print(f"{len(human)} held-out human tunes; as many by the shipped {model.card['model']}; as many by a Kneser-Ney 7-gram\n")
    features = TUNES | {"longest run of notes from a known tune": lambda tune: longest_copy(tune, corpus).notes}
    groups = {"human": human, "generated": generated, "7-gram": counted}
    found = table(features, TUNE_HISTOGRAMS, groups, matched(human, dataset.train))
    full, tonic, as_asked = unruled(model, human[:100])
    print(
        f"\nWithout rules, told only the heads of {len(human[:100])} of these tunes, the network by itself fills {full:.1%} of its"
    )
    print(f"bars; {tonic:.0%} of its tunes end on the tonic, and {as_asked:.0%} after just as many bars as asked for.\n")
    return {"tunes": found, "without rules": {"full bars": full, "ends on the tonic": tonic, "bars as asked": as_asked}}


def asked_like(models, n, model, corpus):
    """Human tunes, and for each one that a network was asked to write in its style, key, meter, pickup and number of bars."""
    human, written = [], []
    for i in np.random.default_rng(0).permutation(len(models)) if n < len(models) else range(len(models)):
        tune = models[i]
        wishes = {"style": tune.style, "key": tune.key, "meter": tune.meter, "pickup": f"{tune.pickup}/96"}
        try:
            piece, _ = compose(bars=len(bars_of(tune)), seed=len(human), model=model, corpus=corpus, **wishes)
        except ValueError:  # more than 64 bars, or a meter that is too rare in the style
            continue
        human.append(tune)
        written.append(piece)
        if len(human) == n:
            break
    return human, written


def matched(tunes, known):
    """For each tune one of the known ones in its style and meter, or where there is none, in its meter; so both are equally mixed."""
    rng, found = np.random.default_rng(1), []
    for tune in tunes:
        alike = [other for other in known if (other.style, other.meter) == (tune.style, tune.meter)]
        alike = alike or [other for other in known if other.meter == tune.meter]
        found += [alike[rng.integers(len(alike))]] if alike else []
    return found


class Ending:
    """Controls that allow everything, and are done once `<end>` is read."""

    def __init__(self, vocabulary):
        self._end, self._all = vocabulary.ids([END])[0], np.ones(len(vocabulary), dtype=bool)

    def start(self):
        return False

    def step(self, state, id):
        return state or id == self._end

    def allowed(self, state):
        return self._all

    def done(self, state):
        return state


def unruled(model, models):
    """What a network does without rules: the shares of bars that are full, of tunes that end on the tonic, and after as many bars."""
    full, tonic, as_asked = [], [], []
    for seed, tune in enumerate(models):
        ids, draw = model.vocabulary.ids(encode(tune)[0][:4]), partial(sample, temperature=0.9)
        ids += generate(model, ids, 3000, sample=draw, controls=Ending(model.vocabulary), rng=np.random.default_rng(seed))
        symbols, bars = model.vocabulary.names(ids), [0]
        for kind, value in map(read_symbol, symbols):
            if kind == LENGTH:
                bars[-1] += value
            elif kind == BAR_LINE:
                bars.append(0)
        pickup = bars[0] if bars[0] < tune.meter.bar else 0
        bars = bars[pickup > 0 : -1]
        full += [ticks == tune.meter.bar - pickup * (i == len(bars)) for i, ticks in enumerate(bars, start=1)]
        notes = decode(symbols, C5).notes
        tonic.append(bool(notes) and notes[-1].pitch % 12 == 0)
        as_asked.append(symbols[-1] == END and len(bars) == len(bars_of(tune)))
    return [round(float(np.mean(found)), 3) for found in (full, tonic, as_asked)]


# Chorales ------------------------------------------------------------------------------------------------------------------------


def chorales(n):
    """Compare chorales; returns the table's figures as JSON can hold them."""
    dataset = load("chorales")
    human, generated = chorales_like(dataset.valid + dataset.test, n)
    corpus = Corpus.of(dataset.train)
    print(f"{len(human)} held-out chorales by Bach; {n} generated\n")
    features = CHORALES | {"longest run of notes from a known voice": lambda piece: longest_copy(piece, corpus).notes}
    return {"chorales": table(features, CHORALE_HISTOGRAMS, {"human": human, "generated": generated}, dataset.train)}


def chorales_like(models, n):
    """Chorales by Bach that can be asked for, and n by the network, each asked for as one of them."""
    human, written = [models[i] for i in np.random.default_rng(0).permutation(len(models))], []
    while len(written) < n:
        model = human[len(written) % len(human)]
        wishes = {"key": model.key, "meter": model.meter, "pickup": f"{model.pickup}/96"}
        try:
            bars = len(model.bars) - (model.pickup > 0)
            written.append(compose("chorale", bars=bars, seed=len(written), **wishes)[0])
        except ValueError:  # a meter or a pickup that is too rare
            human.remove(model)
    return human, written


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
