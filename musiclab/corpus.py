"""What is kept of the tunes a network learned from: their melodies, to look for copies in, and the habits of their styles.

A melody is written as its *intervals*, one byte each, so that a transposed copy is the same string and the search for it runs at
the speed of C. Reading thousands of MIDI files would take minutes; this takes milliseconds.
"""

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from musiclab.form import forms
from musiclab.piece import DRUMS

BETWEEN = b"\x00"  # stands between melodies; an interval of i semitones is the byte 128 + i


@dataclass(frozen=True)
class Corpus:
    """Tunes, ready to be searched.

    Args:
        intervals: the melodies' intervals, joined by zero bytes.
        titles: of the tune that each melody belongs to.
        habits: style -> what is usual in it, see `habits`.
        held_out: for each human tune that was kept out of training the most notes in a row that it shares; in order, empty if
            unknown.

    >>> from musiclab.piece import Note, Piece
    >>> corpus = Corpus.of([Piece([Note(0, 24, 60), Note(24, 24, 64)], title="Two notes")])
    >>> corpus.intervals, corpus.titles
    (b'\\x84', ('Two notes',))
    """

    intervals: bytes
    titles: tuple
    habits: dict
    held_out: tuple = ()

    @classmethod
    def of(cls, pieces, held_out=()):
        """Make a corpus of pieces; `held_out` are human pieces to measure by, which the network has not seen."""
        pieces = list(pieces)
        found = [(line, piece.title or piece.id) for piece in pieces for line in melodies(piece)]
        corpus = cls(BETWEEN.join(line for line, _ in found), tuple(title for _, title in found), habits(pieces))
        copies = [max((corpus.longest_run(line)[0] + 1 for line in melodies(piece)), default=0) for piece in held_out]
        return replace(corpus, held_out=tuple(sorted(copies)))

    def longest_run(self, melody):
        """The longest part of a melody that stands somewhere in the corpus: (intervals, start in the melody, place in `intervals`).

        >>> Corpus(b"abcd", ("A tune",), {}).longest_run(b"xbcx")
        (2, 1, 1)
        """
        n = start = place = 0
        for i in range(len(melody)):  # only ever a longer run is looked for, so there are few searches
            while i + n < len(melody) and (found := self.intervals.find(melody[i : i + n + 1])) >= 0:
                n, start, place = n + 1, i, found
        return n, start, place

    def title_at(self, place):
        """Whose melody stands at a place in `intervals`."""
        return self.titles[self.intervals.count(BETWEEN, 0, place)]

    def save(self, path):
        """Write to one compressed file, the same bytes for the same corpus."""
        words = json.dumps({"titles": self.titles, "habits": self.habits, "held_out": self.held_out}, ensure_ascii=False)
        arrays = {"intervals": self.intervals, "words": words.encode()}
        np.savez_compressed(path, **{name: np.frombuffer(data, dtype=np.uint8) for name, data in arrays.items()})

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: no such file.
            ValueError: the file is something else.
        """
        try:
            with np.load(path) as file:
                intervals, words = (file[name].tobytes() for name in ("intervals", "words"))
            words = json.loads(words)
            return cls(intervals, tuple(words["titles"]), words["habits"], tuple(words["held_out"]))
        except (ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ValueError(f"{path}: not a file of training melodies ({error}); train the model again to write one") from error


def beside(model_path):
    """Where the corpus of a model lies: `tunes.npz` has its melodies in `tunes.melodies.npz`."""
    return Path(model_path).with_suffix(".melodies.npz")


def melodies(piece):
    """The intervals of each voice, as bytes; drums are no melody.

    >>> from musiclab.piece import Note, Piece
    >>> list(melodies(Piece([Note(0, 24, 60), Note(24, 24, 64), Note(48, 24, 62)])))
    [b'\\x84~']
    """
    for voice, instrument in enumerate(piece.voices):
        pitches = [note.pitch for note in piece.notes if note.voice == voice]
        if pitches and instrument.program != DRUMS:
            yield bytes([128 + b - a for a, b in zip(pitches, pitches[1:])])


def habits(pieces):
    """What is usual in each style.

    Returns:
        dict: style -> {"meters", "keys": {name: how many tunes, most frequent first}, "pickups": {meter: {ticks: how many}},
        "tempos": {meter: the median in microseconds a quarter note}, "forms": as from `musiclab.form.forms`}; all names are str, as
        in JSON.
    """
    styles = {}
    for piece in pieces:
        styles.setdefault(piece.style, []).append(piece)
    return {style: _habits(tunes) for style, tunes in sorted(styles.items())}


def _habits(tunes):
    count = lambda values: dict(Counter(str(value) for value in values).most_common())  # noqa: E731
    by_meter = {}
    for tune in tunes:
        by_meter.setdefault(str(tune.meter), []).append(tune)
    return {
        "meters": count(tune.meter for tune in tunes),
        "keys": count(tune.key for tune in tunes if tune.keys),
        "pickups": {meter: count(tune.pickup for tune in some) for meter, some in by_meter.items()},
        "tempos": {meter: sorted(tune.tempos[0][1] for tune in some)[len(some) // 2] for meter, some in by_meter.items()},
        "forms": forms(tunes),
    }
