"""A data set as ids in batches, the way a network is trained on it."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from musiclab.symbols import MAX_BARS, REST, TIE, UNKNOWN_STYLE, Vocabulary, encode

SPLITS = ("train", "valid", "test")
LONGEST = 1024  # symbols; longer tunes are cut, or one of them would make a whole batch long
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
    rows, targets = np.array(rows, dtype=np.int32), np.array(ids, dtype=np.int32)
    return [(rows[i : i + LONGEST], targets[i : i + LONGEST]) for i in range(0, len(ids), LONGEST)]


def batches(parts, n_batch, seed, epoch):
    """Which tunes go together in each step: of similar length, in an order that is drawn anew for each epoch."""
    rng = np.random.default_rng([seed, epoch])
    order, found = rng.permutation(len(parts)), []
    for i in range(0, len(order), 20 * n_batch):
        chunk = sorted(order[i : i + 20 * n_batch], key=lambda j: len(parts[j][1]))
        found += [chunk[j : j + n_batch] for j in range(0, len(chunk), n_batch)]
    return [found[i] for i in rng.permutation(len(found))]


def padded(parts):
    """Tunes as arrays of one length: zeros at their ends, as features and as targets."""
    n_steps = max(len(targets) for _, targets in parts)
    pad = lambda array: np.pad(array, [(0, n_steps - len(array)), *[(0, 0)] * (array.ndim - 1)])  # noqa: E731
    return np.stack([pad(features) for features, _ in parts]), np.stack([pad(targets) for _, targets in parts])
