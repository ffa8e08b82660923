"""What somebody played, in seconds, written down as a tune on the grid of its bars."""

import math

from musiclab.commission import microseconds
from musiclab.encoding import quantise
from musiclab.key import Key
from musiclab.piece import TICKS_PER_QUARTER, Meter, Note, Piece

QUICKEST = 0.11  # seconds: a grid that is finer than that catches more slips than notes
STEPS = (6, 12, 24)  # ticks: sixteenths, eighths, quarters
SHORTEST = 0.02  # seconds: what is shorter was hardly meant
STANDARD = 90  # beats a minute, where nobody says


def written(notes, tempo, meter, bar_line):
    """Notes on the grid, one at a time: of those struck together the highest, and each ends at the latest where the next begins.

    A short breath before the next note is not written.

    Args:
        notes: lists of start and end in seconds, pitch and velocity, in any order; what else they hold is passed over.
        tempo: microseconds a quarter note.
        meter: a `Meter`.
        bar_line: seconds at which a bar line is, before or after the notes.

    Returns:
        `(notes, bars)`: `Note` records that begin in the bar from tick 0 on; and how many bars after `bar_line` that bar begins.

    >>> written([[2.02, 2.4, 60, 80], [2.49, 2.7, 64, 90]], 500_000, Meter(4, 4), 0)
    ([Note(start=0, duration=24, pitch=60, velocity=80, voice=0), Note(start=24, duration=12, pitch=64, velocity=90, voice=0)], 1)
    """
    played = sorted(tuple(note[:4]) for note in notes if note[1] - note[0] >= SHORTEST)
    if not played:
        return [], 0
    step = next((step for step in STEPS if step * tempo >= QUICKEST * 1e6 * TICKS_PER_QUARTER), STEPS[-1])
    step = step if meter.bar % step == 0 else STEPS[0]
    bar_s = meter.bar * tempo / TICKS_PER_QUARTER / 1e6
    before = max(0, math.ceil((bar_line - played[0][0]) / bar_s) + 1)  # so that no time is below 0
    times = [[start - bar_line + before * bar_s, end - bar_line + before * bar_s] for start, end, _, _ in played]
    grid = quantise(times, 60e6 / tempo, TICKS_PER_QUARTER // step) * step
    first = grid[0, 0] // meter.bar
    highest = {}  # tick -> of the notes that begin there
    for (start, end), (_, _, pitch, velocity) in zip(grid.tolist(), played):
        if start not in highest or pitch > highest[start][1]:
            highest[start] = (max(end, start + step), pitch, velocity)
    starts = sorted(highest)
    result = []
    for start, following in zip(starts, [*starts[1:], None]):
        end, pitch, velocity = highest[start]
        if following and (end > following or following - end <= step):
            end = following
        result.append(Note(int(start - first * meter.bar), int(end - start), int(pitch), _velocity(velocity)))
    return result, int(first) - before


def played_tune(notes, *, tempo=STANDARD, meter="4/4", key=None, bar_line=None, title="Played by hand"):
    """A tune from the notes of a keyboard.

    Args:
        notes: as for `written`.
        tempo: beats a minute, in the beat of the meter.
        meter: such as "6/8" or a `Meter`.
        key: such as "E dorian" or a `Key`; None where nobody knows.
        bar_line: seconds at which a bar begins, as of a metronome; with the first note if None. What comes less than half a bar before
            the first full bar is a pickup.
        title: of the piece.

    Raises:
        ValueError: nothing was played, or tempo, meter or key are none.

    >>> played_tune([[3.0, 3.4, 60, 80], [3.5, 4.0, 62, 80]], tempo=120, key="C")
    Piece('Played by hand', 2 notes, 1 voice, 4/4, C major)
    """
    meter = meter if isinstance(meter, Meter) else Meter.parse(str(meter))
    key = key if key is None or isinstance(key, Key) else Key.parse(str(key))
    if not notes:
        raise ValueError("nothing was played yet: press Record, play some notes, and press Stop")
    if not 10 <= tempo <= 400:
        raise ValueError(f"tempo {tempo}: expected beats a minute, from 10 to 400")
    tempo = microseconds(tempo, meter)
    first = min(note[0] for note in notes)
    tune, _ = written(notes, tempo, meter, first if bar_line is None else bar_line)
    if not tune:
        raise ValueError("all notes were too short to be heard: hold the keys a little longer")
    silence = tune[0].start
    pickup = meter.bar - silence if 2 * silence > meter.bar else 0
    if pickup:
        tune = [note._replace(start=note.start - silence) for note in tune]
    keys = [] if key is None else [(0, key)]
    return Piece(tune, tempos=[(0, tempo)], meters=[(0, meter)], keys=keys, pickup=pickup, title=title)


def _velocity(velocity):
    return min(127, max(1, int(velocity)))
