"""From the times of a stranger's MIDI file to whole ticks, 24 a quarter note.

Three kinds of file are told apart by how far, on average, their notes begin from a grid (thresholds measured on 150 tunes,
chorales and ragtimes, with jitter added or played in free time against an unrelated clock):

- written by a notation program: on the grid of ticks but for rounding, up to 1/8 of a tick; random times give 1/4;
- played to a click and roughly quantised: each quarter note is near sixteenths or near eighth triplets. Normal jitter of 0.75 ticks
  (16 ms at 120 quarters a minute) gives 0.6 ticks, and 98 notes in 100 find their place;
- played freely: 1.0 ticks or more, 1.25 on average. Such a file has no grid and is refused.
"""

import numpy as np

from musiclab.piece import TICKS_PER_QUARTER

ROUNDING = 1 / 8  # ticks
ROUGH = 0.8  # ticks


def snapped(parts, ticks_per_quarter):
    """Move notes to the grid.

    Args:
        parts: columns of notes, of which the first two are their starts and durations, sorted by start.
        ticks_per_quarter: the unit of these times.

    Raises:
        ValueError: there is no grid.

    >>> snapped([([0, 481], [455, 455])], 480)
    [[[0, 24], [24, 24]]]
    """
    if not parts:
        return parts
    scale = TICKS_PER_QUARTER / ticks_per_quarter
    begin = scale * np.concatenate([np.array([*starts]) for starts, *_ in parts])
    last = scale * np.concatenate([np.array([*durations]) for _, durations, *_ in parts])
    starts, ends = np.rint(begin), np.rint(begin + last)
    if _off(begin, starts) > ROUNDING:
        starts, ends = _on_beats(begin), _on_beats(begin + last)
        if _off(begin, starts) > ROUGH:
            raise ValueError(
                f"its notes begin {_off(begin, starts) / TICKS_PER_QUARTER:.3f} quarter notes off the nearest sixteenth or triplet on "
                f"average, expected at most {ROUGH / TICKS_PER_QUARTER:.3f}: it was played freely and has no grid; "
                "quantise it in the program that recorded it and export it again"
            )
    elif _off(begin + last, ends) > ROUNDING:
        ends = starts + _as_written(last)
    durations = np.maximum(ends - starts, 1).astype(int).tolist()
    starts, at, moved = starts.astype(int).tolist(), 0, []
    for part in parts:
        there = slice(at, at := at + len(part[0]))
        moved.append([starts[there], durations[there], *part[2:]])
    return moved


def _off(times, grid):
    """How far times are from the grid on average, in ticks."""
    return np.abs(times - grid).mean()


def _on_beats(times):
    """The nearest sixteenths or eighth triplets, whichever fits the times within a quarter note better."""
    quarter = np.floor((times + 1) / TICKS_PER_QUARTER).astype(int)  # a little too early is this quarter already
    phase = times - quarter * TICKS_PER_QUARTER
    grids = [np.rint(phase / step) * step for step in (6, 8)]
    straight, triplet = [np.bincount(quarter, np.abs(phase - grid)) for grid in grids]
    return quarter * TICKS_PER_QUARTER + np.where((triplet < straight)[quarter], grids[1], grids[0])


def _as_written(durations):
    """Note values from sounding lengths: programs let notes sound a little shorter, usually 95 %, so that repeated ones separate."""
    values = np.rint(durations)
    for step in (8, 6, 4, 3):  # the coarser grids would hold too many values among long notes
        value = np.ceil(durations / step) * step
        values = np.where((durations >= 0.9 * value) & ((step > 4) | (durations < TICKS_PER_QUARTER)), value, values)
    return values
