"""How a length of time is written: note values that show the beats, triplets, and which notes share a beam.

Spans are `(start, end)` in ticks, counted from where a full bar begins.
"""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

TYPES = {192: "breve", 96: "whole", 48: "half", 24: "quarter", 12: "eighth", 6: "16th", 3: "32nd", 1.5: "64th"}
VALUES = {  # length in ticks -> (type, dots)
    int(base * (2 - 0.5**dots)): (name, dots)
    for base, name in TYPES.items()
    for dots in (0, 1, 2)
    if base * (2 - 0.5**dots) % 1 == 0
}
TRIPLET_VALUES = {length * 2 // 3: value for length, value in VALUES.items() if length * 2 % 3 == 0} | {1: ("64th", 0)}


class Span(NamedTuple):
    """A stretch of a bar and the equal or unequal stretches it is felt to consist of."""

    start: int
    end: int
    parts: tuple = ()


@lru_cache
def bar_tree(meter):
    """The bar as halves or thirds, beats, and parts of beats down to a 32nd note.

    >>> from musiclab.piece import Meter
    >>> [(part.start, part.end) for part in bar_tree(Meter(6, 8)).parts]
    [(0, 36), (36, 72)]
    """
    return _beats(0, meter.bar // meter.beat, meter.beat)


def _beats(start, n, beat):
    if n == 1:
        return _halves_or_thirds(start, beat)
    if n in (2, 3):
        sizes = (1,) * n
    elif n == 5:
        sizes = (3, 2)
    elif n % 2 == 0:
        sizes = (n // 2,) * 2
    else:
        sizes = (n // 3,) * 3 if n % 3 == 0 else (n - 3, 3)
    parts = []
    for size in sizes:
        parts.append(_beats(start if not parts else parts[-1].end, size, beat))
    return Span(start, parts[-1].end, tuple(parts))


def _halves_or_thirds(start, length):
    n = 3 if length % 9 == 0 else 2
    if length < 6:
        return Span(start, start + length)
    return Span(start, start + length, tuple(_halves_or_thirds(start + i * length // n, length // n) for i in range(n)))


def triplet(span):
    """The same span felt in three."""
    third = (span.end - span.start) // 3
    return Span(span.start, span.end, tuple(_binary(span.start + i * third, third) for i in range(3)))


def _binary(start, length):
    parts = tuple(_binary(start + i * length // 2, length // 2) for i in (0, 1)) if length % 2 == 0 else ()
    return Span(start, start + length, parts)


def split(start, end, span, values=VALUES, rest=False):
    """Cut a note (or rest) into written values that show where the beats are.

    >>> from musiclab.piece import Meter
    >>> split(36, 60, bar_tree(Meter(4, 4)))  # an off-beat quarter does not hide the middle of the bar
    [(36, 48), (48, 60)]
    >>> split(24, 72, bar_tree(Meter(4, 4)))  # but quarter, half, quarter is read at once
    [(24, 72)]
    """
    for part in span.parts:
        if part.start <= start and end <= part.end:
            return split(start, end, part, values, rest)
    if end - start in values and (_rest_fits if rest else _note_fits)(start, end, span):
        return [(start, end)]
    cuts = [part.start for part in span.parts if start < part.start < end]
    cuts = cuts[::-1] if start == span.start else cuts  # whole beats together: in 9/8 a dotted half, then a dotted quarter
    ways = [split(start, cut, span, values, rest) + split(cut, end, span, values, rest) for cut in cuts]
    return min(ways, key=len)


def _note_fits(start, end, span):
    """Whether one note may cover these ticks, given that it crosses a boundary of the span (or fills the span)."""
    if (start, end) == span[:2]:
        return len({part.end - part.start for part in span.parts}) < 2  # in 7/8 a double dot would hide how the beats lie
    for left, right in pairwise(span.parts):
        half = left.end - left.start
        if start < left.start or end > right.end or half != right.end - right.start:
            continue
        if (start, end) == (left.start, right.end):
            return True
        if len(left.parts) == 2:
            quarter, length = half // 2, end - start
            dotted = length == 3 * quarter and (start == left.start or end == right.end)
            double_dotted = 2 * length == 7 * quarter and start == left.start
            syncopated = start == left.start + quarter and end == right.end - quarter
            if dotted or double_dotted or syncopated:
                return True
    return False


def _rest_fits(start, end, span):
    """Rests are stricter: a whole stretch of the bar, or the first two thirds of a beat in three."""
    two_thirds = len(span.parts) == 3 and span.end - span.start <= 36 and (start, end) == (span.start, span.parts[1].end)
    return (start, end) == span[:2] or two_thirds


def triplets(tiles, tree):
    """The spans to be written as triplets: wherever something begins or ends off the grid of 32nds."""
    edges = {edge for start, end, notes in tiles for edge in (start, end)}
    found = set()
    for odd in sorted(edge for edge in edges if edge % 3):
        span, ways = tree, []
        while span:
            length = span.end - span.start
            if length in (96, 48, 24, 12, 6, 3):
                inside = [edge for edge in edges if span.start < edge < span.end]
                cuts = [notes for a, b, notes in tiles for edge in span[:2] if a < edge < b and notes is not None]
                broken, off = sum(map(bool, cuts)), sum((edge - span.start) % (length // 3) > 0 for edge in inside)
                ways.append((broken, off, len(cuts), -length, span))
            span = next((part for part in span.parts if part.start < odd < part.end), None)
        found.add(min(ways)[-1])
    inner = {a for a in found for b in found if a != b and b.start <= a.start and a.end <= b.end}
    return sorted(found - inner)


@lru_cache
def beam_spans(meter):
    """The stretches under one beam, and the wider ones under which plain eighths are joined.

    >>> from musiclab.piece import Meter
    >>> beam_spans(Meter(6, 8))
    (((0, 36), (36, 72)), ())
    >>> beam_spans(Meter(2, 4))
    (((0, 24), (24, 48)), ((0, 48),))
    """
    narrow, wide = [], []

    def visit(span):
        length = span.end - span.start
        if length <= max(24, meter.beat if meter.beat % 9 == 0 else 24) or (length == 36 and len(span.parts) == 3):
            narrow.append(span[:2])
            return
        if [part.end - part.start for part in span.parts] in ([24] * 2, [24] * 3):
            wide.append(span[:2])
        for part in span.parts:
            visit(part)

    visit(bar_tree(meter))
    return tuple(narrow), tuple(wide)
