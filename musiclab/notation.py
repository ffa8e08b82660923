"""How musicians write what a `Piece` says: bars, layers, rests, ties, triplets and beams.

Conventions: inside a bar, places are counted from where a full bar would begin, so that a
pickup of a quarter in 4/4 lies at 72 to 96. A *layer* is what one stem direction writes: events end to end, never overlapping.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from musiclab.rhythm import TRIPLET_VALUES, VALUES, bar_tree, beam_spans, split, triplet, triplets

BEAMS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4}  # type -> how many beams


class Bar(NamedTuple):
    """A bar: its ticks, its number (0 for a pickup), its meter, and how far into a full bar it begins."""

    start: int
    end: int
    number: int
    meter: object
    offset: int = 0

    @property
    def full(self):
        """Whether the bar lasts as long as its meter says."""
        return self.end - self.start == self.meter.bar


@dataclass
class Event:
    """A chord, note, rest or gap as written: one value, at most two dots.

    `notes` are indices into `piece.notes` (empty for a rest, None for a gap that is not drawn); `part` counts the pieces of a
    tied note, from 1, for each of the notes; `triplet` is the stretch of the bar written in three, if it lies in one.
    """

    start: int
    end: int
    notes: tuple
    part: int = 1
    tied: bool = False  # to the following event
    type: str = ""
    dots: int = 0
    triplet: object = None
    opens: bool = False  # the first of its triplet
    closes: bool = False
    beams: tuple = ()
    whole_bar: bool = False


def bars(piece):
    """The bars as written: the last one gives back what a pickup took, and a piece without notes has one bar of rest.

    >>> from musiclab.piece import Note, Piece
    >>> [(bar.number, bar.start, bar.end) for bar in bars(Piece([Note(0, 24, 60), Note(24, 72, 62)], pickup=24))]
    [(0, 0, 24), (1, 24, 96)]
    """
    spans = piece.bars or ((0, piece.meter.bar),)
    written, number = [], 0
    for start, end in spans:
        pickup = start == 0 and piece.pickup > 0
        meter = piece.meter_at(start)
        number += not pickup
        written.append(Bar(start, end, number, meter, meter.bar - (end - start) if pickup else 0))
    last = written[-1]
    complement = last.start + last.meter.bar - piece.pickup
    if piece.pickup and last.number and last.full and piece.end <= complement:
        written[-1] = last._replace(end=complement)
    return written


def layers(piece, indices, all_bars):
    """Write some of a piece's notes on one staff: for each bar a list of layers, each a list of `Event`.

    Args:
        indices: which of `piece.notes`.
        all_bars: from `bars`.
    """
    chords = {}
    for i in indices:
        note, copy = piece.notes[i], 0
        while note.pitch in [piece.notes[j].pitch for j in chords.get((note.start, note.end, copy), ())]:
            copy += 1  # the same note twice at once needs two stems
        chords.setdefault((note.start, note.end, copy), []).append(i)
    waiting = sorted(chords.items(), key=lambda chord: (-chord[0][0], max(piece.notes[i].pitch for i in chord[1])))
    written, first, held = [], 0, 0
    stretch = []  # layers since the last bar line that no note sounds across, each a list of (start, end, indices)
    for here, bar in enumerate(all_bars):
        while waiting and waiting[-1][0][0] < bar.end:
            (start, end, _), members = waiting.pop()
            layer = next((layer for layer in stretch if layer[-1][1] <= start), None)
            if layer is None:
                stretch.append(layer := [])
            layer.append((start, end, tuple(sorted(members, key=lambda i: piece.notes[i].pitch))))
            held = max(held, end)
        if held <= bar.end or here == len(all_bars) - 1:
            written += _write_stretch(piece, stretch, all_bars[first : here + 1])
            first, stretch = here + 1, []
    parts = Counter()
    for event in (event for bar in written for layer in bar for event in layer if event.notes):
        parts[event.notes] += 1
        event.part = parts[event.notes]
    return written


def _write_stretch(piece, stretch, some_bars):
    """Cut layers at bar lines, fill them up with rests and gaps, and write each bar."""
    stretch.sort(key=lambda layer: -sum(piece.notes[notes[-1]].pitch for _, _, notes in layer) / len(layer))  # high first
    cells = [[[] for _ in stretch] for _ in some_bars]
    starts = [bar.start for bar in some_bars]
    for number, layer in enumerate(stretch):
        for start, end, notes in layer:
            for place in range(bisect_right(starts, start) - 1, bisect_left(starts, end)):
                bar = some_bars[place]
                cells[place][number].append((max(start, bar.start), min(end, bar.end), notes))
    return [_write_bar(piece, [layer for layer in cell if layer] or [[]], bar) for cell, bar in zip(cells, some_bars)]


def _write_bar(piece, sounding, bar):
    """The layers of one bar, each filled from bar line to bar line."""
    written = []
    for number, layer in enumerate(sounding):
        others = [(start, end) for other in sounding if other is not layer for start, end, _ in other]
        tiles, now = [], bar.start
        for start, end, notes in [*layer, (bar.end, bar.end, ())]:
            tiles += _silence(now, start, others, number > 0)
            tiles += [(start, end, notes)] if notes else []
            now = end
        written.append(_values(piece, tiles, bar))
    return written


def _silence(start, end, others, hidden):
    """Rests where the staff is silent, gaps (None) where another layer speaks or this is not the first layer."""
    if hidden:
        return [(start, end, None)] if start < end else []
    tiles, gap = [], start
    for other_start, other_end in [*sorted(others), (end, end)]:
        if other_start > gap and gap < end:
            tiles += [(start, gap, None)] if start < gap else []
            start = min(other_start, end)
            tiles.append((gap, start, ()))
        gap = min(end, max(gap, other_end, start))
    return tiles + ([(start, gap, None)] if start < gap else [])


def _values(piece, tiles, bar):
    """Tiles of any length as events of one written value each."""
    if tiles == [(bar.start, bar.end, ())] and bar.full:
        return [Event(bar.start, bar.end, (), whole_bar=True)]
    shift = bar.start - bar.offset
    tree = bar_tree(bar.meter)
    spans = triplets([(start - shift, end - shift, notes) for start, end, notes in tiles], tree)
    events = []
    for start, end, notes in tiles:
        for a, b in _cut(start - shift, end - shift, spans):
            span = next((span for span in spans if span.start <= a and b <= span.end), None)
            values = TRIPLET_VALUES if span else VALUES
            for s, e in split(a, b, triplet(span) if span else tree, values, rest=not notes):
                kind, dots = values[e - s]
                event = Event(s + shift, e + shift, notes, type=kind, dots=dots, triplet=span)
                event.tied = any(piece.notes[i].end > event.end for i in notes or ())
                events.append(event)
    for event, before, after in zip(events, [None, *events], [*events[1:], None]):
        if event.triplet:
            event.opens = before is None or before.triplet != event.triplet
            event.closes = after is None or after.triplet != event.triplet
    _beam(events, bar)
    return events


def _cut(start, end, spans):
    """A tile cut where triplets begin and end."""
    edges = {edge for span in spans for edge in span[:2] if start < edge < end}
    return list(pairwise(sorted({start, end} | edges)))


def _beam(events, bar):
    """Set the beams of a layer's events."""
    narrow, wide = beam_spans(bar.meter)
    shift = bar.start - bar.offset
    beamed = [event for event in events if event.notes and event.type in BEAMS]
    group = {event.start: next(span for span in narrow if event.start - shift < span[1]) for event in beamed}
    for span in wide:
        inside = [event for event in beamed if span[0] <= event.start - shift < span[1]]
        if all((event.end - event.start, event.triplet) == (12, None) for event in inside):
            group.update({event.start: span for event in inside})
    members = Counter(event.triplet for event in events if event.triplet)
    for span, run in groupby(events, key=lambda event: group.get(event.start)):
        run = list(run) if span else []
        inside = Counter(event.triplet for event in run if event.triplet)
        # A beam holds whole triplets (of two notes or more, or Verovio goes wrong) or lies in one.
        cut = any(inside[triplet] < max(2, members[triplet]) for triplet in inside)
        for _, part in groupby(run, key=lambda event: event.triplet if cut else None):
            _join(list(part))


def _join(run):
    """MusicXML's words for the beams of notes that hang together."""
    counts = [BEAMS[event.type] for event in run]
    for i, event in enumerate(run if len(run) > 1 else ()):
        words = []
        for level in range(1, counts[i] + 1):
            before, after = i > 0 and counts[i - 1] >= level, i + 1 < len(run) and counts[i + 1] >= level
            forward = i == 0 or (i + 1 < len(run) and run[i + 1].dots > run[i - 1].dots)
            hook = "forward hook" if forward else "backward hook"
            words.append({(0, 1): "begin", (1, 1): "continue", (1, 0): "end", (0, 0): hook}[before, after])
        event.beams = tuple(words)
