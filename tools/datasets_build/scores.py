"""Reads a score with music21 (here and nowhere else in the project): chorales, quartets, and whatever else its corpus holds."""

from fractions import Fraction

from datasets_build.abc import LeftOut
from musiclab.piece import TICKS_PER_QUARTER, Key, Meter, Note, Piece, Voice


def read_score(score):
    """The piece in a music21 score: repeats stand once, of first and second endings the second; no grace notes.

    Bars that are split by the end of a part are made whole; a bar of another length gets a meter of its own.

    Args:
        score: a music21 Score, or the path of a file that music21 can read.

    Raises:
        LeftOut: a part holds more than its bar does.
    """
    from music21 import converter, stream

    if not isinstance(score, stream.Stream):
        score = converter.parse(score, forceSource=True)  # not from music21's cache, which another version may have written
    parts = list(score.parts) or [score]
    measures = [list(part.getElementsByClass("Measure")) for part in parts]
    if not measures[0]:
        raise ValueError("no bars")
    kept = _without_first_endings(score, measures[0])
    measures = [[bars[i] for i in kept if i < len(bars)] for bars in measures]
    lengths = [_length(bars) for bars in zip(*measures)]
    meters, keys, starts, pickup = _bars(measures[0], lengths)
    notes, fermatas = [], set()
    for voice, bars in enumerate(measures):
        found = _notes(bars, starts, lengths, voice)
        notes += found[0]
        if voice == 0:
            fermatas |= found[1]
    voices = [Voice(part.partName or "") for part in parts]
    return Piece(notes, voices, meters=meters, keys=keys, pickup=pickup, fermatas=tuple(fermatas))


def _ticks(quarters):
    """Quarter notes as the nearest whole number of ticks."""
    return round(Fraction(quarters) * TICKS_PER_QUARTER)


def _length(bars):
    """How many ticks a bar takes, as most parts have it; whole 32nds, because files round the sums of tuplets."""
    lengths = sorted(3 * round(bar.duration.quarterLength * 8) for bar in bars)
    return max(lengths, key=lengths.count)


def _without_first_endings(score, measures):
    """Indices of the bars to keep."""
    first = {
        measure.number
        for bracket in score.recurse().getElementsByClass("RepeatBracket")
        if str(bracket.number).startswith("1")
        for measure in bracket.getSpannedElements()
    }
    second = any(str(b.number).startswith("2") for b in score.recurse().getElementsByClass("RepeatBracket"))
    return [i for i, measure in enumerate(measures) if not (second and measure.number in first)]


def _bars(measures, lengths):
    """Meter map, key map, the tick at which each written bar starts, and the pickup."""
    meters, keys, starts = [], [], []
    tick, meter, pickup = 0, Meter(4, 4), 0
    open_bar = None  # (its start, ticks it holds) of a bar of which only a part has been read
    for index, (measure, length) in enumerate(zip(measures, lengths)):
        for signature in measure.getElementsByClass("TimeSignature"):
            meter = Meter(signature.numerator, signature.denominator)
        for signature in measure.getElementsByClass("KeySignature"):
            key = _key(signature)
            if not keys or keys[-1][1] != key:
                keys.append((tick, key))
        starts.append(tick)
        if index == 0 and length < meter.bar:
            pickup = length
            meters.append((0, meter))
        elif open_bar and open_bar[1] + length <= meter.bar:
            open_bar = (open_bar[0], open_bar[1] + length)
            _set_meter(meters, open_bar[0], meter, open_bar[1])
            if open_bar[1] == meter.bar:
                open_bar = None
        else:
            open_bar = (tick, length) if length < meter.bar else None
            last = index == len(measures) - 1
            _set_meter(meters, tick, meter, meter.bar if last else length)
        tick += length
    return _changes(meters), _changes(keys), starts, pickup


def _set_meter(meters, tick, meter, length):
    """From this tick on bars are that long: the meter itself if they are full, else the same note value counted out."""
    unit = meter.bar // meter.numerator
    while length % unit:
        unit //= 2
    written = meter if length == meter.bar else Meter(length // unit, 96 // unit)
    if meters and meters[-1][0] == tick:
        meters.pop()
    meters.append((tick, written))


def _changes(changes):
    """Only the entries that change something."""
    return [change for before, change in zip([(0, None), *changes], changes) if change[1] != before[1]]


def _key(signature):
    mode = getattr(signature, "mode", None)
    return Key.from_fifths(signature.sharps, mode if mode in ("major", "minor", "dorian", "mixolydian") else "major")


def _notes(measures, starts, lengths, voice):
    """The notes of one part, and the ticks at which fermatas stand; tied notes are one."""
    notes, fermatas, open_ties = [], set(), {}
    for measure, start, bar in zip(measures, starts, lengths):
        for element in measure.recurse().notes:
            if element.duration.isGrace or "ChordSymbol" in element.classes or "Unpitched" in element.classes:
                continue
            offset = element.getOffsetInHierarchy(measure)
            begin = start + _ticks(offset)
            length = start + _ticks(offset + element.duration.quarterLength) - begin
            if begin + length > start + bar + 1:  # one tick for rounding
                raise LeftOut("a part that holds more than its bar")
            if any("Fermata" in mark.classes for mark in element.expressions):
                fermatas.add(begin)
            for sound in getattr(element, "notes", None) or [element]:
                pitch = sound.pitch.midi
                tie = sound.tie or element.tie
                joined = tie is not None and tie.type in ("stop", "continue") and pitch in open_ties
                if joined and notes[open_ties[pitch]].end == begin:
                    index = open_ties.pop(pitch)
                    notes[index] = notes[index]._replace(duration=notes[index].duration + length)
                elif length > 0:
                    index = len(notes)
                    notes.append(Note(begin, length, pitch, voice=voice))
                else:
                    continue
                if tie is not None and tie.type in ("start", "continue"):
                    open_ties[pitch] = index
    return notes, fermatas
