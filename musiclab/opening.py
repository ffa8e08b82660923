"""The beginning of a tune that a network is to go on from, put in the network's own words."""

from dataclasses import replace

from musiclab.symbols import LENGTH, PITCH, REST, TIE, encode, read_symbol

HEAD_SYMBOLS = 4  # style, meter, mode, number of bars
EIGHTH, TRIPLET, BREATH = 12, 8, 6  # ticks: of an eighth, of an eighth in a triplet, and of a rest that is no breath any more


def opening(given, meter, key):
    """Write a tune as symbols, as far as its last note goes.

    Args:
        given: a `Piece` of one voice.
        meter, key: those to read it in.

    Returns:
        `(symbols, tonic, n_bars)`: without head and `<end>`; the pitch that C5 stands for; full bars that have begun.

    >>> from musiclab.piece import Key, Meter, Note, Piece
    >>> opening(Piece([Note(0, 24, 67), Note(24, 24, 71)]), Meter(2, 2), Key("G"))
    (['C5', '1/4', 'E5', '1/4'], 67, 1)
    """
    notes = [note._replace(duration=end - note.start) for note, end in zip(given.notes, _ends(given.notes))]
    given = replace(given, notes=notes, keys=[(0, key)], meters=[(0, meter)], pickup=given.pickup % meter.bar)
    symbols, tonic = encode(given)
    symbols = symbols[HEAD_SYMBOLS:-1]
    if (given.end - given.pickup) % meter.bar:  # the last bar is open: take back the rest that filled it
        symbols.pop()
        if symbols[-2] == REST:
            del symbols[-2:]
    return symbols, tonic, len(given.bars) - (given.pickup > 0)


def _ends(notes):
    """Where notes end on paper: a breath before the next one is how it is played, not how it is written."""
    for note, following in zip(notes, notes[1:]):
        yield following.start if 0 < following.start - note.end < BREATH else note.end
    for note in notes[-1:]:
        missing = -note.end % EIGHTH
        yield note.end + (missing if missing < EIGHTH - TRIPLET else 0)


def legible(symbols, vocabulary, controls):
    """Symbols as ids; what the model has no symbol for is put in its words: another octave, a length in several parts.

    Raises:
        ValueError: a length that no sum of known lengths makes up.
    """
    known = {int(pitch): i for i, pitch in enumerate(vocabulary.pitches) if pitch >= 0}
    ids, pitch = [], None
    for symbol in symbols:
        kind, value = read_symbol(symbol)
        if kind == PITCH and value not in (REST, TIE):
            pitch = known[min(known, key=lambda other, value=value: ((other - value) % 12 > 0, abs(other - value)))]
        elif kind == PITCH:
            (pitch,) = vocabulary.ids([symbol])
        elif kind == LENGTH:
            parts = controls.parts(value)
            if not parts:
                raise ValueError(f"a note of {symbol} in the tune to go on from: this model knows no lengths that make it up")
            ids.extend(id for part in parts for id in (pitch, part))
        else:
            ids.extend(vocabulary.ids([symbol]))
    return ids
