"""Accompaniment patterns: how a chord is played while it lasts.

A pattern is a function `(meter, start, end) -> [Stroke]`: the strokes for one chord that holds from `start` to `end`, in ticks from where
its full bar begins. A stroke lasts until the next; a chord always sounds at its start.
"""

from typing import NamedTuple

from musiclab.harmony.pulse import beats, is_compound, strong_beats
from musiclab.piece import TICKS_PER_WHOLE

BASS = ()  # as a Stroke's tones: the chord's bass note, below the others
ALL = (0, 1, 2, 3)  # a chord of three notes has no fourth to play
UPPER = (1, 2, 3)
LOUD, PLAIN, SOFT = 1.0, 0.9, 0.8  # velocity, of what the part has


class Stroke(NamedTuple):
    """Some tones of a chord, struck together: which (0 is the lowest), from when, how long, how loud."""

    start: int
    length: int
    tones: tuple
    loudness: float = PLAIN


def block(meter, start, end):
    """The whole chord, held."""
    return [Stroke(start, end - start, ALL, LOUD)]


def broken(meter, start, end):
    """The tones one by one, up to the octave and down again, anew on each strong beat (in compound time on each beat).

    >>> from musiclab.piece import Meter
    >>> [stroke.tones for stroke in broken(Meter(3, 4), 0, 72)]
    [(0,), (1,), (2,), (3,), (2,), (1,)]
    """
    return _figure(meter, start, end, lambda i: (3 - abs(3 - i % 6),))


def alberti(meter, start, end):
    """Low, high, middle, high: the left hand of Mozart's sonatas.

    >>> from musiclab.piece import Meter
    >>> [stroke.tones for stroke in alberti(Meter(4, 4), 0, 48)]
    [(0,), (2,), (1,), (2,)]
    """
    return _figure(meter, start, end, lambda i: (0 if i == 0 else 2 if i % 2 else 1,))


def waltz(meter, start, end):
    """The bass note, then the chord: oom-pah-pah in threes, oom-pah in twos.

    >>> from musiclab.piece import Meter
    >>> [(stroke.start, stroke.tones) for stroke in waltz(Meter(3, 4), 0, 72)]
    [(0, ()), (24, (0, 1, 2, 3)), (48, (0, 1, 2, 3))]
    """
    strong = strong_beats(meter)
    every_beat_strong = len(strong) == len(beats(meter))
    weak = _steps(meter) if every_beat_strong or is_compound(meter) else beats(meter)
    places = dict.fromkeys(weak, (ALL, PLAIN)) | dict.fromkeys(_figures(meter), (BASS, LOUD))
    return _played(places, start, end, places.get(start, (ALL, PLAIN)))


def strum(meter, start, end):
    """A guitar: down over all strings, up over the upper ones; down, down-up, up-down-up in fours, long-short in compound time.

    >>> from musiclab.piece import Meter
    >>> [(stroke.start, len(stroke.tones)) for stroke in strum(Meter(6, 8), 0, 36)]
    [(0, 4), (24, 3)]
    """
    hand = {"D": (ALL, PLAIN), "U": (UPPER, SOFT)}
    all_beats = beats(meter)
    if is_compound(meter):
        unit = TICKS_PER_WHOLE // meter.denominator
        places = {beat + offset: hand[way] for beat in all_beats for offset, way in ((0, "D"), (2 * unit, "U"))}
    else:
        ways = "D.DUDU" if meter.numerator == 3 else "D.DU.UDU" if meter.numerator in (2, 4) else "D." * len(all_beats)
        places = {i * meter.bar // len(ways): hand[way] for i, way in enumerate(ways) if way in hand}
        if meter.numerator not in (2, 3, 4):
            places = dict.fromkeys(all_beats, hand["D"])
    return _played(places, start, end, (ALL, LOUD))  # a new chord begins with a downstroke


PATTERNS = {"block": block, "broken": broken, "alberti": alberti, "waltz": waltz, "strum": strum}


def _steps(meter):
    """The ticks of a bar's shortest steps: written units in compound time and where units are eighths or shorter, else half units."""
    unit = TICKS_PER_WHOLE // meter.denominator
    return range(0, meter.bar, unit if is_compound(meter) or meter.denominator >= 8 else unit // 2)


def _figures(meter):
    """Where a figure begins anew."""
    return beats(meter) if is_compound(meter) else strong_beats(meter)


def _figure(meter, start, end, tones):
    """A stroke a step; `tones(i)` are those of the step i of a figure."""
    places, i = {}, 0
    for tick in sorted({start, *(tick for tick in _steps(meter) if start <= tick < end)}):
        i = 0 if tick == start or tick in _figures(meter) else i + 1
        places[tick] = (tones(i), LOUD if i == 0 else PLAIN if i % 2 == 0 else SOFT)
    return _played(places, start, end, places[start])


def _played(places, start, end, first):
    """Strokes from `tick -> (tones, loudness)`, those between start and end, the first of them `first`."""
    ticks = sorted({start, *(tick for tick in places if start <= tick < end)})
    places = {start: first} | {tick: places[tick] for tick in ticks if tick > start}
    return [Stroke(tick, following - tick, *places[tick]) for tick, following in zip(ticks, [*ticks[1:], end])]
