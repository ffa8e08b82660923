"""Finds pieces that are nearly the same tune, and splits a collection so that such pieces stay together.

Collections of folk tunes are full of twins: the same tune printed twice, in another key, with another turn in bar 3. If one twin is
trained on and the other tested on, a network that only remembers seems to compose. So whole groups of twins go to one side.
"""

from collections import Counter
from hashlib import sha256
from itertools import combinations

SPLITS = ("train", "valid", "test")


def melody(piece):
    """The pitches of the tune: at each onset the highest note, drums aside.

    >>> from musiclab.piece import Note, Piece
    >>> melody(Piece([Note(0, 24, 60), Note(0, 24, 76), Note(24, 24, 74)]))
    [76, 74]
    """
    drums = {index for index, voice in enumerate(piece.voices) if voice.program == 128}
    highest = {}
    for start, _, pitch, _, voice in piece.notes:
        if voice not in drums and pitch >= highest.get(start, 0):
            highest[start] = pitch
    return list(highest.values())


def grams(pitches, length=10):
    """All runs of that many intervals in a melody, as a set; a shorter melody is one run.

    Intervals, not pitches: a tune in another key has the same runs.

    >>> sorted(grams([60, 62, 64, 65], length=2))
    [(2, 1), (2, 2)]
    """
    intervals = tuple(b - a for a, b in zip(pitches, pitches[1:]))
    return {intervals[i : i + length] for i in range(max(1, len(intervals) - length + 1))} - {()}


def group(runs, shared=8):
    """Number the groups of near-duplicates among sets of runs (`grams`).

    Two pieces belong together if they share at least `shared` runs, or all the runs of the shorter one; and so do two pieces that
    each belong with a third.

    Args:
        runs: one set a piece.

    Returns:
        For each piece the index of the first piece of its group.

    >>> group([{1, 2, 3}, {4, 5}, {2, 3, 9}], shared=2)
    [0, 1, 0]
    """
    owners = {}
    for index, piece_runs in enumerate(runs):
        for run in piece_runs:
            owners.setdefault(run, []).append(index)
    in_common = Counter()
    for pieces in owners.values():
        in_common.update(combinations(pieces, 2))
    first = list(range(len(runs)))

    def root(index):
        while first[index] != index:
            first[index] = first[first[index]]
            index = first[index]
        return index

    for (a, b), n_shared in in_common.items():
        if n_shared >= min(shared, len(runs[a]), len(runs[b])):
            a, b = sorted((root(a), root(b)))
            first[b] = a
    return [root(index) for index in range(len(runs))]


def split(groups, kinds=None, fraction=0.1):
    """Deal whole groups into train, valid and test, about 80, 10 and 10 % of each kind.

    Groups are dealt in the order of a hash of their name, so that the outcome depends on nothing but the names.

    Args:
        groups: the name of each piece's group, the same for all its pieces.
        kinds: what each piece is (a style, say), so that each kind gets its tests; a group counts as what its first piece is.
        fraction: the share of valid, and of test.

    Returns:
        "train", "valid" or "test" for each piece. The largest part is always train; with fewer than three groups of a kind
        there is no valid, with one no test.

    >>> split(["a", "b", "c", "a"])
    ['train', 'valid', 'test', 'train']
    """
    kinds = kinds or [""] * len(groups)
    sizes, kind_of = Counter(groups), {}
    for name, kind in zip(groups, kinds):
        kind_of.setdefault(name, kind)
    dealt = {}
    for kind in dict.fromkeys(kinds):
        names = sorted((name for name in sizes if kind_of[name] == kind), key=lambda name: sha256(name.encode()).digest())
        target = fraction * sum(sizes[name] for name in names)
        # the largest group is for training: dealt last, it is reached only if nothing else is left
        largest = max(sizes[name] for name in names) if names else 0
        names.sort(key=lambda name: sizes[name] == largest)
        for part in ("test", "valid"):
            n_dealt = 0
            while len(names) > 1 and n_dealt < target:
                n_dealt += sizes[names[0]]
                dealt[names.pop(0)] = part
        dealt.update(dict.fromkeys(names, "train"))
    return [dealt[name] for name in groups]
