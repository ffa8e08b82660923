"""Classroom MIDI: the collections in `datasets/`, and your own folders.

A collection is a folder with an `index.csv` (one row a piece), the MIDI files that it names, and `TERMS.txt`, which says where the
music comes from and what may be done with it. The folder of collections is the one that the environment variable
MUSICLAB_DATASETS names, else `datasets/` beside the package, else the copy inside the installed package.
"""

import csv
import gc
import os
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from musiclab.duplicates import SPLITS, grams, group, melody, split
from musiclab.midi import read_midi

FEWEST_GROUPS = 5  # of near-duplicates in a folder of one's own; fewer are all needed for training


@dataclass(frozen=True, repr=False)
class Dataset:
    """Pieces to train on, to choose settings by, and to test on; near-duplicates never stand in two of the three.

    Args:
        train, valid, test: tuples of `Piece`, each with its id, style, title, collection and group.
        title: what was loaded, in words.
        source: where the music comes from.
        licence: what may be done with it.
        left_out: `(file, reason)` of each file that could not be taken.
    """

    train: tuple
    valid: tuple
    test: tuple
    title: str
    source: str = ""
    licence: str = ""
    left_out: tuple = ()

    @property
    def pieces(self):
        """All pieces: train, then valid, then test."""
        return self.train + self.valid + self.test

    def __repr__(self):
        counts = ", ".join(f"{len(getattr(self, name))} {name}" for name in SPLITS)
        lines = [f"Dataset({self.title!r}: {counts})"]
        empty = [name for name in SPLITS if not getattr(self, name)]
        if empty:
            lines.append(f"no {' or '.join(empty)} tunes: too few ({self._amount()}, which are never divided)")
        if self.left_out:
            lines.append(f"left out {len(self.left_out)} files:")
            lines += [f"  {file}: {reason}" for file, reason in self.left_out]
        return "\n".join(lines)

    def _amount(self):
        """How much there is to divide, such as "2 tunes in 1 group of near-duplicates"."""
        n, n_groups = len(self.pieces), len({piece.group for piece in self.pieces})
        return f"{n} tune{'s' * (n != 1)} in {n_groups} group{'s' * (n_groups != 1)} of near-duplicates"


def names():
    """What `load` understands: the collections, the styles in the plural, and "tunes" for all tunes of one voice."""
    collections = _collections()
    styles = {row["style"] for collection in collections for row in _rows(collection)}
    return tuple(sorted({collection.name for collection in collections} | {_plural(style) for style in styles} | {"tunes"}))


def load(*wanted, by="split"):
    """Load collections or styles, by one or more of `names()`.

    Args:
        by: the split, a column of the index that says what is for training and what for testing; chorales also have
            "split_jsb", the division with which most published figures were made. Pieces where it is blank are left out.

    Returns:
        Dataset; pieces in the order of the index.

    Raises:
        ValueError: a name that is none of `names()`, or a split that not all of the collections asked for have.
        FileNotFoundError: no collections where they are looked for.
    """
    if not wanted:
        raise ValueError(f"load() without a name: expected one or more of {', '.join(names())}")
    chosen, terms, titles = {}, {}, {}  # `titles` for its keys, in order and each once
    collections = {collection: _rows(collection) for collection in _collections()}
    for name in wanted:
        plain = " ".join(str(name).lower().replace("_", " ").replace("-", " ").split())
        found = False
        for collection, rows in collections.items():
            about = _terms(collection)
            named = plain == collection.name.lower()
            whole = named or (plain == "tunes" and about["Voices"] == "one")
            for row in rows:
                if whole or plain in (row["style"].lower(), _plural(row["style"]).lower()):
                    chosen[collection / row["file"]] = (collection.name, row)
                    terms[collection.name] = about
                    title = about["Title"] if named else "tunes" if whole else _plural(row["style"])
                    titles.setdefault(title[0].upper() + title[1:])
                    found = True
        if not found:
            known = names()
            near = get_close_matches(plain, known, cutoff=0.5)
            hint = f"did you mean {' or '.join(map(repr, near))}? There are" if near else "there are"
            raise ValueError(f"no collection or style {name!r}: {hint} {', '.join(known)}; load_folder takes your own files")
    for collection, rows in collections.items():
        known = [column for column in rows[0] if column.partition("_")[0] == "split"] if rows else []
        if collection.name in terms and by not in known:
            raise ValueError(
                f"by={by!r}: no split of the collection {collection.name!r}, expected {' or '.join(map(repr, known))}"
            )
    parts = {part: [] for part in SPLITS}
    with _no_garbage():
        for path, (collection, row) in chosen.items():
            if part := row[by]:
                parts[part].append(_labelled(read_midi(path), row["id"], collection, row["group"], row["title"], row["style"]))
    return Dataset(
        **{part: tuple(pieces) for part, pieces in parts.items()},
        title=", ".join(titles),
        source="; ".join(about["Source"] for about in terms.values()),
        licence="; ".join(f"{about['Title']}: {about['Licence']}" for about in terms.values()),
    )


def load_folder(path):
    """Load your own MIDI files: all .mid and .midi files in a folder and the folders inside it.

    Bad files are gone past; the result's `left_out` says which and why, and so does printing it. Near-duplicates are found and
    kept together, and about a tenth of the pieces each goes to valid and test; from fewer than five different tunes none is spared.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder.
        ValueError: no file in it could be read.
    """
    folder = Path(path)
    if not folder.exists():
        raise FileNotFoundError(f"{folder}: no such folder; give the path of a folder that holds .mid files")
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: a file, where a folder is expected; read one file with musiclab.midi.read_midi")
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".mid", ".midi"))
    pieces, left_out = [], []
    for file in files:
        name = file.relative_to(folder).as_posix()
        try:
            piece = read_midi(file)
        except (ValueError, OSError) as error:
            left_out.append((name, str(error).removeprefix(f"{file}: ")))
            continue
        if piece.notes:
            pieces.append(
                _labelled(piece, name.rpartition(".")[0], folder.resolve().name, "", piece.title or file.stem, piece.style)
            )
        else:
            left_out.append((name, "it has no notes"))
    if not pieces:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out[:3]) or "it holds no .mid or .midi files"
        raise ValueError(f"{folder}: nothing to load: {reasons}")
    firsts = group([grams(melody(piece)) for piece in pieces])
    for piece, first in zip(pieces, firsts):
        vars(piece)["group"] = pieces[first].id
    groups = [piece.group for piece in pieces]
    dealt = split(groups) if len(set(groups)) >= FEWEST_GROUPS else ["train"] * len(groups)
    return Dataset(
        **{name: tuple(piece for piece, part in zip(pieces, dealt) if part == name) for name in SPLITS},
        title=folder.resolve().name,
        source=str(folder),
        left_out=tuple(left_out),
    )


@contextmanager
def _no_garbage():
    """While half a million notes are made, Python need not look again and again which of them are no longer wanted."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _labelled(piece, id, collection, group, title, style):
    """The piece, just read and not yet seen by anyone, with its labels; through its dictionary, because a `Piece` is frozen."""
    vars(piece).update(id=id, collection=collection, group=group, title=title, style=style)
    return piece


def _plural(style):
    """The name under which pieces of a style are loaded.

    >>> _plural("slip jig"), _plural("march"), _plural("waltz")
    ('slip jigs', 'marches', 'waltzes')
    """
    return style + ("es" if style.endswith(("ch", "z", "s")) else "s")


def _collections():
    """The folders of the collections, sorted by name."""
    package = Path(__file__).parent
    own = os.environ.get("MUSICLAB_DATASETS")
    places = [Path(own)] if own else [package.parent / "datasets", package / "data" / "datasets"]
    for place in places:
        collections = sorted(index.parent for index in place.glob("*/index.csv"))
        if collections:
            return collections
    way_out = "MUSICLAB_DATASETS names that folder" if own else "set MUSICLAB_DATASETS to the folder `datasets` of the course"
    raise FileNotFoundError(f"no collections (folders with an index.csv) in {' or '.join(map(str, places))}: {way_out}")


def _rows(collection):
    with open(collection / "index.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _terms(collection):
    """The fields at the top of a collection's TERMS.txt, up to the first blank line."""
    head = (collection / "TERMS.txt").read_text(encoding="utf-8").split("\n\n")[0]
    return dict(line.split(": ", 1) for line in head.splitlines())
