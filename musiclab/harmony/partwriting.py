"""Part-writing: what the rules of the textbook find in a piece of several voices.

Voices are numbered as in `piece.voices`, the highest first; drums are left out. A voice that sounds several notes at once is read by
its highest. A *moment* is a tick at which some voice begins a note. A *move* is a pair of voices that both go to another pitch from one
moment to the next, without a rest of a sixteenth or more between. Faults for 1000 moves make pieces comparable; Bach's own rate is the
measure.
"""

from itertools import combinations, pairwise
from typing import NamedTuple

from musiclab.harmony.chord import QUALITIES, TRIADS, chord_of, sonorities
from musiclab.piece import DRUMS

RANGES = {"soprano": (60, 81), "alto": (53, 74), "tenor": (47, 69), "bass": (36, 64)}  # by the name of a voice; C4 to A5 ...
OCTAVE, FIFTH = 12, 7
REST = 6  # ticks; a shorter gap is how a note is played, not a rest
DISSONANT = {1, 2, 6, 10, 11}  # semitones, octaves taken away
KINDS = (
    "parallel fifths",  # two voices a fifth apart go the same way to another fifth
    "parallel octaves",  # the same with octaves and unisons
    "hidden fifths",  # the outer voices go the same way into a fifth, and the upper one leaps
    "hidden octaves",
    "crossing",  # of two neighbours, the upper voice goes below the lower one
    "overlap",  # a voice goes beyond where its neighbour just was
    "spacing",  # more than an octave between neighbours, the bass not counted
    "range",  # a note beyond what choirs sing, for voices called Soprano, Alto, Tenor, Bass
    "leading note",  # the third of a dominant seventh in the highest voice does not rise to the root that the chord leads to
    "seventh",  # the seventh of a dominant seventh neither falls by a step nor stays
)


class Place(NamedTuple):
    """Where a fault lies: the tick at which it is heard, and the voices in it, the upper one first."""

    tick: int
    voices: tuple


def parallel_fifths(piece, *, contrary=False):
    """Where two voices a fifth apart go in the same direction to another fifth, in any octave.

    A chord that is repeated is no motion, and a rest between the two breaks the line.

    Args:
        contrary: count those in contrary motion too (a fifth that goes apart to a twelfth), as stricter books do.

    Returns:
        list of Place, which equals the plain `(tick of the second fifth, (upper voice, lower voice))`.

    >>> from musiclab.piece import Note, Piece
    >>> piece = Piece([Note(0, 24, 67, voice=0), Note(24, 24, 69, voice=0), Note(0, 24, 48, voice=1), Note(24, 24, 50, voice=1)])
    >>> parallel_fifths(piece)
    [Place(tick=24, voices=(0, 1))]
    """
    return _parallels(_moments(piece), FIFTH, contrary)


def parallel_octaves(piece):
    """Where two voices in octaves or in unison go in the same direction and stay so; as `parallel_fifths`."""
    return _parallels(_moments(piece), 0)


def faults(piece):
    """All part-writing faults.

    Returns:
        dict: each of KINDS -> list of Place, in order of time.
    """
    moments = _moments(piece)
    found = {kind: [] for kind in KINDS}
    found["parallel fifths"], found["parallel octaves"] = _parallels(moments, FIFTH), _parallels(moments, 0)
    names = [voice.name.lower() for voice in piece.voices]
    for tick, before, now, struck in moments:
        voices = sorted(now)
        for upper, lower in pairwise(voices):
            place = Place(tick, (upper, lower))
            new = upper in struck or lower in struck
            if new and now[upper] < now[lower]:
                found["crossing"].append(place)
            if new and now[upper] - now[lower] > OCTAVE and lower != voices[-1]:
                found["spacing"].append(place)
            if {upper, lower} <= before.keys() and now[upper] >= now[lower] and before[upper] >= before[lower]:
                if now[upper] < before[lower] or now[lower] > before[upper]:
                    found["overlap"].append(place)
        for voice in struck:
            low, high = RANGES.get(names[voice], (0, 127))
            if not low <= now[voice] <= high:
                found["range"].append(Place(tick, (voice,)))
        _hidden(before, tick, now, found)
        _dominant(before, tick, now, found)
    return found


def moves(piece):
    """How often two voices both go to another pitch at the same moment."""
    return sum(1 for _ in _moves(_moments(piece)))


def fault_rates(pieces):
    """Faults of each of KINDS per 1000 moves, over some pieces together; 0 where nothing moves.

    >>> fault_rates([])["parallel fifths"]
    0.0
    """
    counts, n_moves = dict.fromkeys(KINDS, 0), 0
    for piece in pieces:
        n_moves += moves(piece)
        for kind, places in faults(piece).items():
            counts[kind] += len(places)
    return {kind: 1000 * count / n_moves if n_moves else 0.0 for kind, count in counts.items()}


def triad_share(pieces):
    """Of the time in which at least three notes sound, the share in which they form a triad, in any inversion."""
    whole = triads = 0
    for piece in pieces:
        for start, end, pitches in sonorities(piece):
            if len(pitches) >= 3:
                chord = chord_of(pitches)
                whole += end - start
                triads += (end - start) * (chord is not None and chord.quality in TRIADS)
    return triads / whole if whole else 0.0


def dissonance(pieces):
    """Of the pairs of notes that sound together, by time, the share a second, a tritone or a seventh apart, in any octave."""
    whole = dissonant = 0
    for piece in pieces:
        for start, end, pitches in sonorities(piece):
            for low, high in combinations(pitches, 2):
                whole += end - start
                dissonant += (end - start) * ((high - low) % 12 in DISSONANT)
    return dissonant / whole if whole else 0.0


def _moments(piece):
    """`(tick, before, now, struck)` at each tick where a note begins.

    `before` and `now` are dicts voice -> pitch, of what sounded at the moment before and lasted up to this one, and of what sounds now;
    `struck` are the voices that begin a note.
    """
    lines = {}  # voice -> start -> (pitch, end) of the highest note that begins there
    for note in piece.notes:
        if piece.voices[note.voice].program != DRUMS:
            line = lines.setdefault(note.voice, {})
            if note.start not in line or line[note.start][0] < note.pitch:
                line[note.start] = (note.pitch, note.end)
    latest, now, found = {}, {}, []
    for tick in sorted({start for line in lines.values() for start in line}):
        before = {voice: pitch for voice, pitch in now.items() if latest[voice][1] > tick - REST}
        struck = [voice for voice in sorted(lines) if tick in lines[voice]]
        latest |= {voice: lines[voice][tick] for voice in struck}
        now = {voice: pitch for voice, (pitch, end) in latest.items() if end > tick}
        found.append((tick, before, now, struck))
    return found


def _moves(moments):
    """`(tick, upper, lower, pitches of both before, pitches of both now)` of every move."""
    for tick, before, now, struck in moments:
        moved = [voice for voice in struck if voice in before and before[voice] != now[voice]]
        for upper, lower in combinations(moved, 2):
            yield tick, upper, lower, (before[upper], before[lower]), (now[upper], now[lower])


def _parallels(moments, interval, contrary=False):
    return [
        Place(tick, (upper, lower))
        for tick, upper, lower, (a, b), (c, d) in _moves(moments)
        if abs(a - b) % 12 == abs(c - d) % 12 == interval and (contrary or (c > a) == (d > b))
    ]


def _hidden(before, tick, now, found):
    """Hidden fifths and octaves between the outer voices."""
    if len(now) < 2 or now.keys() != before.keys():
        return
    top, bottom = min(now), max(now)
    up, down = now[top] - before[top], now[bottom] - before[bottom]
    if up * down > 0 and abs(up) > 2:
        interval, earlier = (now[top] - now[bottom]) % 12, (before[top] - before[bottom]) % 12
        if interval in (0, FIFTH) and interval != earlier:
            found["hidden octaves" if interval == 0 else "hidden fifths"].append(Place(tick, (top, bottom)))


def _dominant(before, tick, now, found):
    """How a dominant seventh resolves into the chord whose root lies a fourth above its own."""
    first = chord_of(list(before.values()), incomplete=True)
    if not first or first.quality != "dominant seventh" or now.keys() != before.keys():
        return
    second = chord_of(list(now.values()), incomplete=True)
    if not second or (second.root - first.root) % 12 != 5:
        return
    leading, seventh = ((first.root + QUALITIES[first.quality][i]) % 12 for i in (1, 3))
    top = min(now)
    for voice, pitch in before.items():
        step = now[voice] - pitch
        if voice == top and pitch % 12 == leading and step != 1:
            found["leading note"].append(Place(tick, (voice,)))
        if pitch % 12 == seventh and step not in (0, -1, -2):
            found["seventh"].append(Place(tick, (voice,)))
