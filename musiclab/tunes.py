"""A data set as ids in batches, the way a network is trained on it."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np

from musiclab.symbols import MAX_BARS, REST, TIE, UNKNOWN_STYLE, Vocabulary, encode

SPLITS = ("train", "valid", "test")
FEW = 5  # names in a report
LONGEST = 512  # symbols; longer tunes are cut, or one of them would make a whole batch long, and take hundreds of megabytes
COMMON = (  # known to every vocabulary, so that a stranger's tune can be read too
    f"<{UNKNOWN_STYLE}> <major> <minor> <dorian> <mixolydian> <2/2> <2/4> <3/4> <4/4> <3/2> <3/8> <6/8> <9/8> <12/8>",
    " ".join(f"{name}{octave}" for octave in (3, 4, 5, 6) for name in "C Db D Eb E F F# G Ab A Bb B".split()),
    "1/48 1/32 1/24 1/16 1/12 3/32 1/8 1/6 3/16 7/32 1/4 5/16 1/3 3/8 7/16 1/2 9/16 5/8 3/4 7/8 1 9/8 3/2",
)


@dataclass(frozen=True)
class Tunes:
    """A data set as ids, ready to train on.

    Args:
        vocabulary: of all symbols in it and those that tunes commonly have.
        ids: split -> list of lists of ids.
        pieces: split -> list of the pieces that could be written as symbols.
        left_out: `(name, reason)` of each piece that could not.
    """

    vocabulary: Vocabulary
    ids: dict
    pieces: dict
    left_out: tuple

    @classmethod
    def of(cls, dataset):
        """Write all pieces of a data set as symbols.

        Raises:
            ValueError: fewer than two tunes to train on.
        """
        symbols, pieces, left_out = {}, {}, [tuple(pair) for pair in getattr(dataset, "left_out", ())]
        for split in SPLITS:
            symbols[split], pieces[split] = [], []
            for piece in getattr(dataset, split):
                try:
                    symbols[split].append(encode(piece)[0])
                    pieces[split].append(piece)
                except ValueError as error:
                    named = repr(piece.title) if piece.title else "this piece"
                    left_out.append((piece.id or piece.title, str(error).removeprefix(named).lstrip(": ")))
        if len(symbols["train"]) < 2:
            n, why = len(symbols["train"]), ""
            if left_out:
                (reason, n_alike), *_ = _kinds(left_out).most_common(1)
                why = f"; {len(left_out)} left out, {n_alike} of them because: {reason}"
            raise ValueError(
                f"{dataset.title}: {n} tune{'' if n == 1 else 's'} to train on, expected at least 2{why}; "
                "choose data with more tunes of one voice"
            )
        lengths = {f"<{n} bars>" for n in range(1, MAX_BARS + 1)}
        seen = {symbol for split in SPLITS for tune in symbols[split] for symbol in tune}
        vocabulary = Vocabulary({*seen, *lengths, REST, TIE, *" ".join(COMMON).split()})
        ids = {split: [vocabulary.ids(tune) for tune in symbols[split]] for split in SPLITS}
        return cls(vocabulary, ids, pieces, tuple(left_out))

    @property
    def reasons(self):
        """Counter of why pieces were left out, like reasons counted as one."""
        return _kinds(self.left_out)

    @property
    def missing(self):
        """The splits other than train that have no tune."""
        return [split for split in SPLITS[1:] if not self.ids[split]]

    @property
    def divided(self):
        """How the tunes were divided, in words; where a split is empty, why."""
        if not self.missing:
            return "by group of near-duplicates: no tune has a near-duplicate in another part"
        tunes = [piece for split in SPLITS for piece in self.pieces[split]]
        n, n_groups = len(tunes), len({piece.group or i for i, piece in enumerate(tunes)})
        return (
            f"no tunes were left for {' and '.join(self.missing)}: too few to divide ({n} tunes in {n_groups} "
            f"group{'s' * (n_groups != 1)} of near-duplicates, which are never divided)"
        )

    @property
    def report(self):
        """Lines for whoever owns the music: what there is to learn from, what was left out and why, and what that means."""
        n_train, *others = (len(self.ids[split]) for split in SPLITS)
        lines = [f"{n_train:,} tunes to learn from, {others[0]:,} for valid, {others[1]:,} for test"]
        lines += [f"left out: {name}: {reason}" for name, reason in self.left_out[:FEW]]
        if len(self.left_out) > FEW:
            reasons = "; ".join(f"{n:,} times: {reason}" for reason, n in self.reasons.most_common(FEW))
            lines.append(f"left out in all: {len(self.left_out):,} ({reasons})")
        if self.missing:
            so = "the last epoch is kept, and " if "valid" in self.missing else ""
            lines.append(
                f"{self.divided}; so {so}nothing will say how well the model does on other tunes. "
                "More tunes, and tunes that differ, would."
            )
        return lines

    def n_notes(self, split):
        """The number of notes that sound: pitches that are neither a rest nor held over from before."""
        return int(sum((self.vocabulary.pitches[ids] >= 0).sum() for ids in self.ids[split]))


def _kinds(left_out):
    """Counter of the reasons, without what is of one piece only: the bar, the tick, what was expected."""
    return Counter(re.split(r":| in bar | at tick |; ", reason)[0] for _, reason in left_out)


def with_features(context, ids):
    """`(features, targets)` of one tune, (n_steps, n_features) and (n_steps,); several where the tune is long."""
    state, rows = context.start(), []
    for id in [0, *ids[:-1]]:
        state, features = context.step(state, id)
        rows.append(features)
    rows, targets = np.array(rows, dtype=np.int16), np.array(ids, dtype=np.int16)  # kept for all tunes: small numbers, small room
    return [(rows[i : i + LONGEST], targets[i : i + LONGEST]) for i in range(0, len(ids), LONGEST)]


class Parts:
    """Tunes as `with_features` gives them, each made when it is first asked for: training begins without waiting for the last.

    Args:
        context: a `Context`.
        tunes: lists of ids.
    """

    def __init__(self, context, tunes):
        self._make = cache(lambda tune: with_features(context, tunes[tune]))
        self._places = [(tune, k) for tune, ids in enumerate(tunes) for k in range(-(-len(ids) // LONGEST))]
        self.lengths = [min(LONGEST, len(tunes[tune]) - k * LONGEST) for tune, k in self._places]

    def __len__(self):
        return len(self._places)

    def __getitem__(self, i):
        tune, k = self._places[i]
        return self._make(tune)[k]


def batches(lengths, n_batch, seed, epoch, fewest=1):
    """Which tunes go together in each step: of similar length, in an order that is drawn anew for each epoch.

    Where that makes fewer than `fewest` steps, the tunes are gone through again, in another order, until there are so many.
    """
    times = -(-fewest // -(-len(lengths) // n_batch))
    return [batch for i in range(times) for batch in _once(lengths, n_batch, [seed, times * epoch + i])]


def _once(lengths, n_batch, seed):
    rng = np.random.default_rng(seed)
    order, found = rng.permutation(len(lengths)), []
    for i in range(0, len(order), 20 * n_batch):
        chunk = sorted(order[i : i + 20 * n_batch], key=lambda j: lengths[j])
        found += [chunk[j : j + n_batch] for j in range(0, len(chunk), n_batch)]
    return [found[i] for i in rng.permutation(len(found))]


def padded(parts):
    """Tunes as arrays of one length: zeros at their ends, as features and as targets."""
    n_steps = max(len(targets) for _, targets in parts)
    pad = lambda array: np.pad(np.int32(array), [(0, n_steps - len(array)), *[(0, 0)] * (array.ndim - 1)])  # noqa: E731
    return np.stack([pad(features) for features, _ in parts]), np.stack([pad(targets) for _, targets in parts])
