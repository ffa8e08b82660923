"""Music as small frozen records: what every part of musiclab hands to every other.

Conventions: times and lengths are whole ticks, 24 to a quarter note, counted from the start of the piece; pitches are MIDI
numbers (middle C, "C4", is 60); loudness is MIDI velocity, 1 to 127. A *map* (`tempos`, `meters`, `keys`) is a tuple of
`(tick, value)` pairs in order of time, each value holding until the next.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from musiclab.key import Key

TICKS_PER_QUARTER = 24
TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER
DRUMS = 128  # as a Voice's program: the General MIDI drum kit, which lives on channel 10


class Note(NamedTuple):
    """One sounding note.

    Args:
        start: tick at which it begins, >= 0.
        duration: length in ticks, >= 1.
        pitch: MIDI number, 0 to 127.
        velocity: loudness, 1 to 127.
        voice: index into `Piece.voices`.

    >>> sorted([Note(24, 12, 62), Note(0, 24, 60)])[0].pitch
    60
    """

    start: int
    duration: int
    pitch: int
    velocity: int = 80
    voice: int = 0

    @property
    def end(self):
        """The tick at which the note stops sounding."""
        return self.start + self.duration


class Voice(NamedTuple):
    """One part of the music: who plays it, and how it stands in the mix.

    Args:
        name: as printed before its staff.
        program: of General MIDI, 0 to 127; `DRUMS` for the drum kit.
        volume: MIDI controller 7, 0 to 127: 40 log10(volume / 127) decibels.
        balance: MIDI controller 10, from 0, the left, to 127, the right; None: a seat beside the other voices.
        space: MIDI controller 91, 0 to 127: how much of the sound goes into the room and comes back.
    """

    name: str = ""
    program: int = 0
    volume: int = 100
    balance: int | None = None
    space: int = 40


class Meter(NamedTuple):
    """A time signature.

    >>> jig = Meter.parse("6/8")
    >>> jig.bar, jig.beat  # in ticks: two dotted quarters
    (72, 36)
    """

    numerator: int = 4
    denominator: int = 4

    @classmethod
    def parse(cls, text):
        """Read "6/8", "C" or "C|" (common and cut time)."""
        text = {"C": "4/4", "C|": "2/2"}.get(text.strip(), text.strip())
        match = re.fullmatch(r"(\d{1,2})/(1|2|4|8|16|32)", text)
        if not match or int(match[1]) == 0:
            raise ValueError(f"meter {text!r}: expected beats over note value, such as '4/4' or '6/8'")
        return cls(int(match[1]), int(match[2]))

    @property
    def bar(self):
        """Length of a full bar in ticks."""
        return self.numerator * TICKS_PER_WHOLE // self.denominator

    @property
    def beat(self):
        """Length of the felt beat in ticks: three written units in compound time (6/8, 9/8, 12/8 ...), else one."""
        compound = self.denominator >= 8 and self.numerator > 3 and self.numerator % 3 == 0
        return (3 if compound else 1) * TICKS_PER_WHOLE // self.denominator

    def __str__(self):
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, repr=False)
class Piece:
    """A piece of music.

    Args:
        notes: `Note` records, kept sorted.
        voices: `Voice` records; as many unnamed ones as the notes ask for, if left out.
        tempos: map of whole microseconds a quarter note (500000 is 120 quarters a minute).
        meters: map of `Meter`.
        keys: map of `Key`; empty where nobody knows.
        pickup: ticks before the first full bar, 0 if the piece starts on one.
        fermatas: ticks at which a fermata stands.
        title: as printed above the score.
        style: "reel", "chorale" ...; "" if unknown.
        id, collection, group: where a dataset keeps the piece and which near-duplicates it belongs with; these
            are labels, not music: they are neither compared nor written to MIDI.

    Raises:
        ValueError: a record is out of its range; the message names it.

    >>> piece = Piece([Note(24, 24, 64), Note(0, 24, 60)], keys=[(0, Key("C"))], title="Two notes")
    >>> piece
    Piece('Two notes', 2 notes, 1 voice, 4/4, C major)
    >>> piece.transposed(2).notes[0].pitch
    62
    """

    notes: tuple = ()
    voices: tuple = ()
    tempos: tuple = ((0, 500_000),)
    meters: tuple = ((0, Meter(4, 4)),)
    keys: tuple = ()
    pickup: int = 0
    fermatas: tuple = ()
    title: str = ""
    style: str = ""
    id: str = field(default="", compare=False)
    collection: str = field(default="", compare=False)
    group: str = field(default="", compare=False)

    def __post_init__(self):
        set_field = object.__setattr__  # the class is frozen
        set_field(self, "notes", tuple(sorted([note if type(note) is Note else Note(*note) for note in self.notes])))
        voices = tuple(Voice(*voice) for voice in self.voices)
        set_field(self, "voices", voices or (Voice(),) * (1 + max((note.voice for note in self.notes), default=0)))
        set_field(self, "tempos", _checked_map("tempos", self.tempos, int))
        set_field(self, "meters", _checked_map("meters", self.meters, lambda pair: Meter(*pair)))
        set_field(self, "keys", _checked_map("keys", self.keys, lambda key: key))
        set_field(self, "fermatas", tuple(sorted(set(self.fermatas))))
        _check(self)

    @cached_property
    def end(self):
        """The tick at which the last note stops sounding (0 if there is none)."""
        return max((note.start + note.duration for note in self.notes), default=0)

    @property
    def meter(self):
        """The first meter."""
        return self.meters[0][1]

    @property
    def key(self):
        """The first key; C major where none is known."""
        return self.keys[0][1] if self.keys else Key()

    @property
    def array(self):
        """The notes as integers, shape (n_notes, 5): start, duration, pitch, velocity, voice."""
        import numpy as np

        return np.array(self.notes, dtype=np.int64).reshape(-1, 5)

    @cached_property
    def bars(self):
        """`(start, end)` ticks of each bar, the pickup bar first if there is one; the last bar contains the last note.

        A new meter begins a new bar, even in the middle of an old one.

        >>> Piece([Note(0, 100, 60)], pickup=24).bars
        ((0, 24), (24, 120))
        """
        bars, start = [], 0
        changes = [tick for tick, _ in self.meters[1:]]
        while start < self.end:
            length = self.pickup if start == 0 and self.pickup else self.meter_at(start).bar
            following = changes[bisect_right(changes, start) :][:1]
            stop = min([start + length, *following])
            bars.append((start, stop))
            start = stop
        return tuple(bars)

    def bar_number(self, tick):
        """The number of the bar that a tick lies in, as printed: 1 is the first full bar, 0 the pickup.

        >>> piece = Piece([Note(0, 100, 60)], pickup=24)
        >>> piece.bar_number(0), piece.bar_number(24)
        (0, 1)
        """
        return sum(start <= tick for start, _ in self.bars) - (self.pickup > 0)

    def meter_at(self, tick):
        """The meter in force at a tick."""
        return self.meters[bisect_right(self.meters, tick, key=lambda change: change[0]) - 1][1]

    def key_at(self, tick):
        """The key in force at a tick; C major where none is known."""
        before = bisect_right(self.keys, tick, key=lambda change: change[0])
        return self.keys[before - 1][1] if before else self.key

    def seconds(self, tick):
        """The time at which a tick falls, in seconds from the start, by the tempo map.

        >>> Piece(tempos=[(0, 500_000), (48, 1_000_000)]).seconds(72)
        2.0
        """
        microseconds = 0
        for (start, tempo), following in zip(self.tempos, [*self.tempos[1:], (tick, 0)]):
            if start >= tick:
                break
            microseconds += (min(following[0], tick) - start) * tempo
        return microseconds / TICKS_PER_QUARTER / 1e6

    def transposed(self, semitones):
        """The same music that many semitones higher; drums stay as they are.

        Raises:
            ValueError: a note would leave 0 to 127.
        """
        drums = {i for i, voice in enumerate(self.voices) if voice.program == DRUMS}
        notes = [note if note.voice in drums else note._replace(pitch=note.pitch + semitones) for note in self.notes]
        return replace(self, notes=notes, keys=[(tick, key.transposed(semitones)) for tick, key in self.keys])

    def between(self, start, end):
        """What begins in [start, end), moved to the front; notes that sound beyond `end` are cut there."""
        notes = [
            n._replace(start=n.start - start, duration=min(n.duration, end - n.start))
            for n in self.notes
            if start <= n.start < end
        ]
        full_bars = [bar for bar, _ in self.bars]
        full_bars[:1] = [self.bars[0][1]] if self.pickup and self.bars else full_bars[:1]
        next_bar = min((bar for bar in full_bars if bar >= start), default=start)
        return replace(
            self,
            notes=notes,
            tempos=_cut(self.tempos, start, end) or self.tempos[-1:],
            meters=_cut(self.meters, start, end) or self.meters[-1:],
            keys=_cut(self.keys, start, end),
            pickup=next_bar - start if next_bar < end else 0,
            fermatas=[tick - start for tick in self.fermatas if start <= tick < end],
        )

    def __repr__(self):
        count = lambda n, word: f"{n} {word}{'' if n == 1 else 's'}"  # noqa: E731
        parts = [count(len(self.notes), "note"), count(len(self.voices), "voice"), str(self.meter)]
        return f"Piece({self.title!r}, {', '.join(parts + [str(key) for _, key in self.keys[:1]])})"


def _cut(changes, start, end):
    """What of a map holds in [start, end), moved to the front."""
    following = [*(tick for tick, _ in changes[1:]), end]
    return tuple((max(tick - start, 0), value) for (tick, value), stop in zip(changes, following) if tick < end and stop > start)


def _checked_map(name, changes, convert):
    """A `(tick, value)` map in order, with its values converted."""
    changes = tuple((tick, convert(value)) for tick, value in changes)
    ticks = [tick for tick, _ in changes]
    if ticks != sorted(set(ticks)) or (name != "keys" and not ticks) or (ticks and ticks[0] != 0):
        raise ValueError(f"{name} change at ticks {ticks}: expected a first value at tick 0 and later ones in order of time")
    return changes


def _check(piece):
    """Raise ValueError at the first record out of range. Columns are checked first, whole, because they are fast."""
    if piece.notes:
        ranges = ((0, 2**28), (1, 2**28), (0, 127), (1, 127), (0, len(piece.voices) - 1))
        ways_out = (
            "move the piece later",
            "leave the note out",
            "transpose it into range",
            "use 1 for silence",
            "add a Voice to voices",
        )
        for name, column, (low, high), way_out in zip(Note._fields, zip(*piece.notes), ranges, ways_out):
            if set(map(type, column)) != {int}:
                wrong = next(note for note in piece.notes if type(getattr(note, name)) is not int)
                raise ValueError(f"{name} {getattr(wrong, name)!r} in {wrong}: expected a whole number (int)")
            if min(column) < low or max(column) > high:
                wrong = next(note for note in piece.notes if not low <= getattr(note, name) <= high)
                raise ValueError(f"{name} {getattr(wrong, name)} in {wrong}: expected {low} to {high}; {way_out}")
    for voice in piece.voices:
        if not 0 <= voice.program <= DRUMS:
            raise ValueError(f"program {voice.program} in {voice}: expected 0 to 127, or {DRUMS} for drums")
        for name in ("volume", "balance", "space"):
            value = getattr(voice, name)
            if not (value is None and name == "balance") and (type(value) is not int or not 0 <= value <= 127):
                raise ValueError(f"{name} {value!r} in {voice}: expected a whole number from 0 to 127")
    for tick, tempo in piece.tempos:
        if not 1 <= tempo < 2**24:
            raise ValueError(f"tempo {tempo} at tick {tick}: expected 1 to {2**24 - 1} microseconds a quarter note")
    for tick, meter in piece.meters:
        if meter.numerator < 1 or meter.denominator not in (1, 2, 4, 8, 16, 32):
            raise ValueError(f"meter {meter} at tick {tick}: expected a numerator of at least 1 over 1, 2, 4, 8, 16 or 32")
    if not 0 <= piece.pickup < piece.meter.bar:
        raise ValueError(f"pickup {piece.pickup}: expected less than a full bar of {piece.meter.bar} ticks")
