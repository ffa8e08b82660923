"""Tunes as readable symbols, and symbols as numbers.

A tune is written like a line of folk notation: first what it is (`<reel> <2/2> <dorian> <16 bars>`), then note after note a pitch
and its length (`C5 1/8`), a `|` at the end of every bar, and `<end>`. All tunes stand on the tonic C, near the middle of the
staff. `R` is a rest and `~` holds the note before it across a bar line. Lengths are fractions of a whole note.

Domain: one voice without overlaps in one meter. In that domain nothing but tempo, loudness, title and voice is lost, and
`decode` understands *any* sequence of symbols: what makes no sense is passed over.
"""

import re
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, cached_property, lru_cache

import numpy as np

from musiclab.key import MODES, NATURALS, Key
from musiclab.piece import TICKS_PER_WHOLE, Meter, Note, Piece

START, END, BAR, REST, TIE = "<start>", "<end>", "|", "R", "~"
UNKNOWN_STYLE = "tune"
MAX_BARS = 64
C5 = 72
HEAD, PITCH, LENGTH, BAR_LINE, STOP = range(5)  # the kinds of symbol


def encode(piece):
    """Write a tune as symbols.

    Args:
        piece: a `Piece` with one voice, no overlapping notes, one meter.

    Returns:
        `(symbols, tonic)`: list of str, and the MIDI pitch that `C5` stands for.

    Raises:
        ValueError: the piece is outside the domain; the message says where.

    >>> piece = Piece([Note(0, 12, 67), Note(12, 24, 71)], keys=[(0, Key("G"))], meters=[(0, Meter(3, 8))], style="jig")
    >>> symbols, tonic = encode(piece)
    >>> " ".join(symbols)
    '<jig> <3/8> <major> <1 bars> C5 1/8 E5 1/4 | <end>'
    >>> decode(symbols, tonic) == piece
    True
    """
    _check_domain(piece)
    pitches = sorted(note.pitch for note in piece.notes)
    median = pitches[len(pitches) // 2]
    tonic = min(range(piece.key.pitch_class, 128, 12), key=lambda t: (abs(median - t), t))
    bar, pickup = piece.meter.bar, piece.pickup
    n_bars = len(piece.bars) - (pickup > 0)
    symbols = [f"<{piece.style or UNKNOWN_STYLE}>", f"<{piece.meter}>", f"<{piece.key.mode}>", f"<{n_bars} bars>"]

    def write(name, start, end):  # one note or rest, divided where a bar line crosses it
        while start < end:
            bar_end = start + bar - (start - pickup) % bar
            stop = min(end, bar_end)
            symbols.extend((name, _length(stop - start)))
            if stop == bar_end:
                symbols.append(BAR)
            name, start = (REST if name == REST else TIE), stop

    now = 0
    for note in piece.notes:
        write(REST, now, note.start)
        write(_name(note.pitch - tonic + C5), note.start, note.end)
        now = note.end
    into_bar = (now - pickup) % bar
    if into_bar:  # the last bar is full, or completes the pickup
        write(REST, now, now + (bar - pickup if into_bar <= bar - pickup else bar) - into_bar)
        if symbols[-1] != BAR:
            symbols.append(BAR)
    return [*symbols, END], tonic


@cache
def _name(pitch):
    return Key().name(pitch)


@cache
def _length(ticks):
    return str(Fraction(ticks, TICKS_PER_WHOLE))


def _check_domain(piece):
    name = repr(piece.title) if piece.title else "this piece"
    if not piece.notes:
        raise ValueError(f"{name} has no notes: nothing to write as symbols")
    if n := len({note.voice for note in piece.notes}) - 1:
        raise ValueError(f"{name} has {n + 1} voices that play: a tune has one; take one of them out first")
    if len({meter for _, meter in piece.meters}) > 1:
        tick, meter = next(change for change in piece.meters if change[1] != piece.meter)
        raise ValueError(
            f"{name} changes its meter to {meter} in bar {piece.bar_number(tick)}: a tune keeps one; give a part that does"
        )
    for note, following in zip(piece.notes, piece.notes[1:]):
        if following.start < note.end:
            bar = piece.bar_number(following.start)
            raise ValueError(f"{name} plays several notes at once in bar {bar}: a tune has one at a time; give one voice")


def decode(symbols, tonic):
    """Read symbols back into a tune; never raises on any sequence of symbols.

    A `|` moves on to the next bar line; a first bar shorter than the meter is a pickup. Lengths without a pitch, holds
    without a note and whatever else makes no sense are passed over.

    Args:
        symbols: iterable of str.
        tonic: MIDI pitch that `C5` stands for.
    """
    meter, mode, style = Meter(), "major", ""
    notes, now, pickup, pitch = [], 0, None, None
    held = False  # whether a `~` would prolong the last note
    for symbol in symbols:
        kind, value = read_symbol(symbol)
        if kind == STOP:
            break
        elif kind == BAR_LINE:
            if pickup is None and now:
                pickup = now if now < meter.bar else 0
            now += 0 if pickup is None else (pickup - now) % meter.bar
            pitch = None
        elif kind == HEAD and now == 0:
            if isinstance(value, Meter):
                meter = value
            elif value in MODES:
                mode = value
            elif isinstance(value, str):
                style = value
        elif kind == PITCH:
            pitch = value
        elif kind == LENGTH and pitch is not None:
            if pitch == TIE and held:
                notes[-1] = notes[-1]._replace(duration=now + value - notes[-1].start)
            elif held := pitch not in (TIE, REST):
                notes.append(Note(now, value, _within_midi(pitch - C5 + tonic)))
            now, pitch = now + value, None
    key = Key.from_fifths((7 * tonic + MODES[mode] + 5) % 12 - 5, mode)
    return Piece(notes, meters=[(0, meter)], keys=[(0, key)], pickup=pickup or 0, style=style)


def _within_midi(pitch):
    """The pitch, moved by octaves into 0 to 127."""
    return max(pitch % 12, min(pitch, 127 - (127 - pitch) % 12))


@lru_cache(4096)
def read_symbol(symbol):
    """What one symbol means: `(kind, value)`.

    HEAD with a Meter, a mode or style (str) or a number of bars (int); PITCH with a MIDI pitch, REST or TIE; LENGTH with
    ticks; BAR_LINE, STOP and what is no symbol at all (kind None) with None.

    >>> read_symbol("Eb5"), read_symbol("3/8"), read_symbol("<16 bars>")
    ((1, 75), (2, 36), (0, 16))
    """
    if symbol in (BAR, END):
        return (BAR_LINE if symbol == BAR else STOP), None
    if symbol in (REST, TIE):
        return PITCH, symbol
    if match := re.fullmatch(r"<(\d{1,3}) bars>", symbol):
        return HEAD, int(match[1])
    if match := re.fullmatch(r"<([1-9]\d?)/(1|2|4|8|16|32)>", symbol):
        return HEAD, Meter(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"<([^<>]+)>", symbol):
        return HEAD, (None if symbol == START else "" if match[1] == UNKNOWN_STYLE else match[1])
    if match := re.fullmatch(r"([A-G])(#*|b*)(-?\d{1,2})", symbol):
        return PITCH, NATURALS[match[1]] + len(match[2]) * (1 if "#" in match[2] else -1) + 12 * (int(match[3]) + 1)
    if re.fullmatch(r"[1-9]\d{0,2}(/[1-9]\d?)?", symbol):
        ticks = Fraction(symbol) * TICKS_PER_WHOLE
        if ticks.denominator == 1:
            return LENGTH, int(ticks)
    return None, None


class Vocabulary:
    """The symbols a network knows, numbered; id 0 is `<start>`.

    Args:
        symbols: iterable of str, in any order, repeats allowed.

    >>> vocabulary = Vocabulary(["C5", "1/8"])
    >>> vocabulary.ids(["C5", "1/8"]), vocabulary.symbols
    ([1, 2], ('<start>', 'C5', '1/8', '|', '<end>'))
    """

    def __init__(self, symbols):
        every = {START, END, BAR, *symbols} - {START}
        self.symbols = (START, *sorted(every, key=_order))
        self._ids = {symbol: i for i, symbol in enumerate(self.symbols)}

    def __len__(self):
        return len(self.symbols)

    def __getitem__(self, id):
        return self.symbols[id]

    def __contains__(self, symbol):
        return symbol in self._ids

    def ids(self, symbols):
        """Numbers for symbols; a KeyError names the first that is not known."""
        try:
            return [self._ids[symbol] for symbol in symbols]
        except KeyError as unknown:
            near = get_close_matches(unknown.args[0], self.symbols, n=3)
            hint = f"; near it: {', '.join(near)}" if near else ""
            raise KeyError(f"symbol {unknown.args[0]!r} is not among the {len(self)} that this vocabulary knows{hint}") from None

    def names(self, ids):
        """Symbols for numbers."""
        return [self.symbols[i] for i in ids]

    @cached_property
    def kinds(self):
        """(n_symbols,) kind of each symbol: HEAD, PITCH (rests and holds too), LENGTH, BAR_LINE or STOP."""
        return np.array([read_symbol(symbol)[0] for symbol in self.symbols])

    @cached_property
    def ticks(self):
        """(n_symbols,) the ticks of each length, and of a full bar for each meter; 0 for all others."""
        meanings = [read_symbol(symbol) for symbol in self.symbols]
        return np.array([v if kind == LENGTH else v.bar if isinstance(v, Meter) else 0 for kind, v in meanings])

    @cached_property
    def pitches(self):
        """(n_symbols,) MIDI pitch of each pitch as written (on the tonic C); -1 for all others."""
        meanings = [read_symbol(symbol) for symbol in self.symbols]
        return np.array([v if kind == PITCH and isinstance(v, int) else -1 for kind, v in meanings])

    @cached_property
    def bars(self):
        """(n_symbols,) the number that a `<16 bars>` symbol names; 0 for all others."""
        meanings = [read_symbol(symbol) for symbol in self.symbols]
        return np.array([v if kind == HEAD and isinstance(v, int) else 0 for kind, v in meanings])


def _order(symbol):
    """Sort key: what the tune is, then pitches from low to high, lengths from short to long, bar line, end."""
    kind, value = read_symbol(symbol)
    if kind is None:
        raise ValueError(
            f"symbol {symbol!r} means nothing: expected a pitch (C5), a length (1/8), {BAR}, {REST}, {TIE} or <words>"
        )
    return kind, value if isinstance(value, int) else -1, symbol
