"""Measures of a piece: how surprising it is to a model, and how much of it was there before."""

from typing import NamedTuple

import numpy as np

from musiclab.corpus import Corpus, melodies


class Copy(NamedTuple):
    """A run of notes that two pieces share: how many (0 if not even two), the number of the first in its voice, and whose it was."""

    notes: int = 0
    start: int = 0
    title: str = ""


def nats(model, ids):
    """How surprised a model is by symbols: `-log p` each, in nats (1 nat is 1.44 bits).

    Args:
        model: has `start()` and `step(state, id)`; it reads `<start>` (0) first.
        ids: whole numbers.

    Returns:
        (n_symbols,) float; 0 is no surprise at all.

    >>> class Coin:
    ...     start = lambda self: None
    ...     step = lambda self, state, id: (None, np.zeros(2))
    >>> nats(Coin(), [1, 0, 1]).round(3)
    array([0.693, 0.693, 0.693])
    """
    state, last, surprises = model.start(), 0, []
    for id in ids:
        state, logits = model.step(state, last)
        logits = np.asarray(logits, dtype=np.float64)
        best = logits.max()
        surprises.append(best + np.log(np.exp(logits - best).sum()) - logits[id])
        last = int(id)
    return np.array(surprises)


def longest_copy(piece, corpus):
    """The longest run of successive notes that a piece shares with any tune, in any transposition.

    What is compared are the intervals from note to note; rhythm does not count, so a copy in another rhythm is found too.

    Args:
        piece: a `Piece`; each of its voices is looked for.
        corpus: a `Corpus`, or pieces.

    Returns:
        Copy: notes shared, number of the first within its voice, title of the (first) tune that has them.

    >>> from musiclab.piece import Note, Piece
    >>> tune = Piece([Note(0, 24, 60), Note(24, 24, 64), Note(48, 24, 67)], title="Arpeggio")
    >>> longest_copy(tune.transposed(5), [tune])
    Copy(notes=3, start=0, title='Arpeggio')
    """
    corpus = corpus if isinstance(corpus, Corpus) else Corpus.of(corpus)
    runs = [corpus.longest_run(melody) for melody in melodies(piece)]
    n, start, place = max(runs, default=(0, 0, 0), key=lambda run: run[0])
    return Copy(n + 1, start, corpus.title_at(place)) if n else Copy()
