"""Where a piece comes from, as its card says it: the model that wrote it, and how much of it was there before."""

import hashlib
from pathlib import Path

from musiclab.corpus import Corpus, beside
from musiclab.evaluate import longest_copy
from musiclab.piece import Piece

TUNE = 60  # notes; fewer are too short a piece to compare with whole tunes by people


def loaded(model, corpus, shipped, load):
    """A model, and what is known of it.

    Args:
        model: a model, the path of its file, or None for the one that ships with the package.
        corpus: a `Corpus` of what it learned from; if None, the one beside its file.
        shipped: the path of the one that ships.
        load: reads a file.

    Returns:
        `(model, corpus, about)`: the corpus is None where nobody knows what the model learned from; `about` is a dict for the card.
    """
    if hasattr(model, "step"):
        return model, corpus, {"kind": type(model).__name__}
    path = Path(model or shipped)
    model = load(path)
    if corpus is None and beside(path).exists():
        corpus = Corpus.load(beside(path))
    return model, corpus, {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def originality(new, piece, corpus):
    """What the card says about copying; None where nobody knows what the model learned from.

    Args:
        new: the notes that were written, in order of time.
        piece: the `Piece` in which they stand.
        corpus: a `Corpus`, or None.

    Returns:
        dict: the longest copy in notes, the bar where it begins, whose it was, what was compared, and how many of 100 human
        tunes share as much (None where the piece is too short to compare).
    """
    if corpus is None:
        return None
    copy = longest_copy(Piece(new), corpus)
    found = {
        "longest_copy": copy.notes,
        "from_bar": piece.bar_number(new[copy.start].start) if copy.notes else None,
        "tune": copy.title,
        "compared_with": f"{len(corpus.titles)} melodies the model learned from, in every transposition; rhythm does not count",
        "human_tunes_that_share_as_much": None,
        "human_median": None,
    }
    if corpus.held_out and len(new) >= TUNE:
        found["human_tunes_that_share_as_much"] = round(sum(h >= copy.notes for h in corpus.held_out) / len(corpus.held_out), 3)
        found["human_median"] = corpus.held_out[len(corpus.held_out) // 2]
    return found


def originality_line(card):
    """One line in plain words on how much of a piece was there before.

    >>> originality_line({"notes": 99, "originality": None})
    'Originality: unknown, for nothing says what this model learned from.'
    """
    found = card["originality"]
    if not found:
        return "Originality: unknown, for nothing says what this model learned from."
    if not found["longest_copy"]:
        return "Originality: no two notes in a row are in a tune that the network learned from."
    notes = found.get("notes", card["notes"])
    line = f"Originality: at most {found['longest_copy']} of {notes} notes in a row are also in a tune it learned from"
    line += f' ("{found["tune"]}", here from bar {found["from_bar"]})'
    if found["human_median"]:
        share = round(100 * found["human_tunes_that_share_as_much"])
        line += f"; {share} of 100 tunes by people share as many or more"
    elif notes < TUNE:
        line += "; the piece is too short to compare with tunes by people"
    return line + "."
