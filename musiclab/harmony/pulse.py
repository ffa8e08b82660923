"""Where a bar is felt: its beats, and the places where tunes change their chord."""

from musiclab.piece import TICKS_PER_WHOLE


def beats(meter):
    """The ticks of a bar's beats: three written units each in compound time, 6/4 and 9/4 too, else one.

    Uneven bars of short notes (5/8, 7/8) go in twos, with a three at the end.

    >>> from musiclab.piece import Meter
    >>> beats(Meter(3, 4)), beats(Meter(6, 8)), beats(Meter(7, 8))
    ((0, 24, 48), (0, 36), (0, 24, 48))
    """
    unit, n = TICKS_PER_WHOLE // meter.denominator, meter.numerator
    if n > 3 and n % 3 == 0:
        return tuple(range(0, n * unit, 3 * unit))
    if n > 3 and n % 2 and meter.denominator >= 8:
        return tuple(range(0, (n - 1) * unit, 2 * unit))
    return tuple(range(0, n * unit, unit))


def is_compound(meter):
    """Whether the beats of a bar divide into three.

    >>> from musiclab.piece import Meter
    >>> is_compound(Meter(9, 8)), is_compound(Meter(3, 8))
    (True, False)
    """
    return meter.numerator > 3 and meter.numerator % 3 == 0


def strong_beats(meter):
    """The beats on which a bass plays and a tune changes its chord.

    Of four beats the first and third; of three the first, if they are quarters or shorter; of five or seven the first and then every
    second one after a three; else all.

    >>> from musiclab.piece import Meter
    >>> [strong_beats(Meter.parse(text)) for text in ("4/4", "2/2", "3/4", "9/8", "5/4")]
    [(0, 48), (0, 48), (0,), (0, 36, 72), (0, 72)]
    """
    places = beats(meter)
    if is_compound(meter):
        return places[::2] if len(places) == 4 else places
    if meter.numerator == 3:
        return places[:1] if meter.denominator > 2 else places
    if len(places) < 4:
        return places
    return places[::2] if len(places) % 2 == 0 else (places[0], *places[3::2])


def spans(piece, places=strong_beats):
    """A piece cut at `places` of every bar: `(start, end, place)`, where place is the tick in a full bar; a pickup has the last ones.

    >>> from musiclab.piece import Note, Piece
    >>> spans(Piece([Note(0, 120, 60)], pickup=24))
    [(0, 24, 72), (24, 72, 0), (72, 120, 48)]
    """
    found = []
    for start, end in piece.bars:
        meter = piece.meter_at(start)
        offset = meter.bar - (end - start) if start == 0 and piece.pickup else 0
        cuts = [place - offset for place in places(meter) if offset < place < offset + min(end, piece.end) - start]
        edges = [start, *(start + cut for cut in cuts), min(end, piece.end)]
        found += [(a, b, a - start + offset) for a, b in zip(edges, edges[1:])]
    return found
