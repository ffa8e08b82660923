"""Tunes one symbol a note, windows to learn from, and a plain LSTM to learn with: the functions of lesson 8.

A symbol is a pitch and a length: `C5 1/8` is the C above middle C, an eighth of a whole note long; `R 1/4` is a rest. Tunes stand
in C, so that all share one home note. Networks read ids: whole numbers from 1 on, and 0 (`<start>`) before a tune and as padding.
"""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

import numpy as np

from musiclab.encoding import name_to_midi
from musiclab.hoisted import import_keras
from musiclab.key import Key
from musiclab.piece import DRUMS, TICKS_PER_WHOLE, Note


def tune_in_c(piece):
    """The tune of a piece as one voice, moved to the nearest key on C.

    Of notes that begin together the highest is kept, and each ends where the next begins, if not before. Drums are left out.

    Raises:
        ValueError: there is nothing but drums.

    >>> from musiclab.piece import Piece
    >>> duet = Piece([Note(0, 48, 50), Note(0, 24, 62), Note(24, 24, 66)], keys=[(0, Key("D"))])
    >>> [note.pitch for note in tune_in_c(duet).notes]
    [60, 64]
    """
    heard = [note for note in piece.notes if piece.voices[note.voice].program != DRUMS]
    if not heard:
        raise ValueError(f"{piece.title or 'this piece'} has no notes but drums: give one with a tune")
    top = [max(together, key=lambda note: note.pitch) for _, together in groupby(heard, key=lambda note: note.start)]
    ends = [min(note.end, after.start) for note, after in zip(top, top[1:])] + [top[-1].end]
    line = [note._replace(duration=end - note.start, voice=0) for note, end in zip(top, ends)]
    shift = (piece.key.pitch_class + 6) % 12 - 6  # -6 to 5: the nearest C
    return replace(piece, notes=line, voices=[piece.voices[top[0].voice]]).transposed(-shift)


def notes_to_symbols(piece):
    """A tune as symbols, one for each note and one for each rest before a note.

    Args:
        piece: one note at a time.

    >>> from musiclab.piece import Piece
    >>> notes_to_symbols(Piece([Note(0, 24, 72), Note(36, 12, 70)]))
    ['C5 1/4', 'R 1/8', 'Bb4 1/8']
    """
    symbols, now = [], 0
    for note in piece.notes:
        if note.start > now:
            symbols.append(f"R {Fraction(note.start - now, TICKS_PER_WHOLE)}")
        symbols.append(f"{Key().name(note.pitch)} {Fraction(note.duration, TICKS_PER_WHOLE)}")
        now = note.end
    return symbols


def symbols_to_notes(symbols):
    """The notes that symbols mean, one after the other; rests move time on.

    >>> symbols_to_notes(["R 1/8", "C5 1/4"])
    [Note(start=12, duration=24, pitch=72, velocity=80, voice=0)]
    """
    notes, now = [], 0
    for symbol in symbols:
        name, length = symbol.split()
        ticks = int(Fraction(length) * TICKS_PER_WHOLE)
        if name != "R":
            notes.append(Note(now, ticks, name_to_midi(name)))
        now += ticks
    return notes


def make_windows(pieces, n):
    """What a network hears, and what it should say: the same one step later.

    Each piece begins with 0 in the inputs and is cut into windows of n steps; the last is filled up with zeros, as
    targets and then as inputs.

    Args:
        pieces: lists of ids from 1 on.

    Returns:
        `(inputs, targets)`, both (n_windows, n) of int; no window mixes two pieces, and each id is a target once.

    >>> inputs, targets = make_windows([[5, 6, 7], [8]], 2)
    >>> inputs.tolist(), targets.tolist()
    ([[0, 5], [6, 7], [0, 8]], [[5, 6], [7, 0], [8, 0]])
    """
    inputs, targets = [], []
    for ids in pieces:
        row = [0, *ids, *[0] * (-len(ids) % n)]
        for start in range(0, len(ids), n):
            inputs.append(row[start : start + n])
            targets.append(row[start + 1 : start + n + 1])
    return np.array(inputs, dtype=int).reshape(-1, n), np.array(targets, dtype=int).reshape(-1, n)


def bigram_perplexity(train, test, alpha=0.1):
    """Among how many equally likely symbols a table of pairs would have to guess.

    The table counts in `train` which symbol follows which, `<start>` (0) before the first, and adds `alpha` to each count. Its
    columns are the different symbols of `train`, and one more for all others.

    Args:
        train, test: lists of lists of ids.

    Returns:
        e to the power of the mean of -log p over all symbols of `test`.

    >>> round(bigram_perplexity([[1, 2, 1, 2]], [[1, 2]]), 3)
    1.138
    """
    pairs = Counter(pair for ids in train for pair in zip([0, *ids], ids))
    before = Counter(id for ids in train for id in [0, *ids][:-1])
    n = len({id for ids in train for id in ids}) + 1
    p = [(pairs[a, b] + alpha) / (before[a] + n * alpha) for ids in test for a, b in zip([0, *ids], ids)]
    return float(np.exp(-np.mean(np.log(p))))


def build_lstm(n_symbols, n_embedding, n_hidden, learning_rate=0.01):
    """A plain LSTM in Keras, compiled: ids (n_batch, n_steps) in, logits of the next id (n_batch, n_steps, n_symbols) out.

    Three layers (Embedding, LSTM, Dense), trained with Adam on the cross-entropy of targets that are ids; 0 counts for nothing.
    """
    keras = import_keras()
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(n_symbols, n_embedding),
            keras.layers.LSTM(n_hidden, return_sequences=True),
            keras.layers.Dense(n_symbols),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0)
    model.compile(keras.optimizers.Adam(learning_rate), loss)
    return model
