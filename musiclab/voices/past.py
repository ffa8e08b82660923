"""All that the network reads before it writes a frame: what sounded, how long, and what followed the last time it sounded so.

`columns` lays a whole piece out for training; `begin`, `extend` and `look_back` do the same frame by frame.
"""

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from musiclab.voices.layout import LAST_BEAT, LONGEST_RUN, MATCHES, START

KEPT = 1024  # frames searched for repeats, so that music without end needs no memory without end


class Past(NamedTuple):
    """What is kept of the frames so far; never changed in place.

    Args:
        frames: (n_kept, n_slots) the latest frames as they were written.
        sounding: (longest lag, n_slots) what the latest frames sound, the last one last; `<start>` before the piece.
        runs: (n_slots,) for how many frames before the last one each slot's symbol has lasted.
        keys: (2, n_kept) a number for each kept frame, and for its first slot alone; the same number for the same sound.
        matches: (2, n_kept) how many frames up to each kept one, and first slots alone, equal those up to the last one.
        n_frames: how many frames there were.
    """

    frames: np.ndarray
    sounding: np.ndarray
    runs: np.ndarray
    keys: np.ndarray
    matches: np.ndarray
    n_frames: int


def begin(layout):
    """The past before the first frame."""
    sounding = np.full((layout.lags[-1], layout.n_slots), START, np.int32)
    runs = np.full(layout.n_slots, LONGEST_RUN + 1, np.int32)
    return Past(sounding[:0], sounding, runs, np.zeros((2, 0), np.int64), np.zeros((2, 0), np.int32), 0)


def extend(layout, past, frame):
    """The past after one more frame, (n_slots,) ids; the one given stays as it is."""
    frame = np.asarray(frame, np.int32)
    before = past.sounding[-1]
    if layout.again:
        now = np.where(frame == layout.again_id, before, frame)
        lasts = frame == before
        key = now + layout.n_symbols * lasts  # a pitch that is struck is another sound than one that goes on
    else:
        now, lasts, key = frame, frame == before, frame
    runs = np.where(lasts, np.minimum(past.runs + 1, LONGEST_RUN), 0).astype(np.int32)
    latest = np.array([[hash(tuple(key.tolist()))], [key[0]]])
    grown = np.zeros((2, past.keys.shape[1] + 1), np.int32)
    grown[:, 1:] = past.matches
    grown[:, :-1] = (grown[:, :-1] + 1) * (past.keys == latest)
    grown[:, -1] = 0  # the last frame is no repeat of itself
    return Past(
        np.concatenate([past.frames, frame[None]])[-KEPT:],
        np.concatenate([past.sounding[1:], now[None]]),
        runs,
        np.concatenate([past.keys, latest], axis=1)[:, -KEPT:],
        grown[:, -KEPT:],
        past.n_frames + 1,
    )


def look_back(layout, past, given=()):
    """What is read before the next frame: a row of `columns` without the frame itself, as a list.

    The *candidate* is what followed the last of the places that equal the present one for longest; *top* the same of the first slot.
    """
    row = past.sounding[[-lag for lag in layout.lags]].ravel().tolist()
    candidate, top, lengths = [START] * layout.n_slots, START, (0, 0)
    if past.n_frames > 1:
        latest = past.matches.shape[1] - 1 - past.matches[:, ::-1].argmax(axis=1)
        lengths = past.matches[[0, 1], latest].tolist()
        if lengths[0]:
            candidate = past.frames[latest[0] + 1].tolist()
        if lengths[1]:
            top = int(past.frames[latest[1] + 1, 0])
    beat, phase = past.n_frames // layout.frames_a_beat, past.n_frames % (layout.frames_a_beat * layout.beats_a_bar)
    known = (bisect_right(MATCHES, length) for length in lengths)
    return [*row, *candidate, top, *known, *past.runs.tolist(), phase, min(beat, LAST_BEAT), *given]


def columns(layout, frames, given=None):
    """All that the network reads of a piece, one row a frame.

    A row holds the frame itself, which is what the network has to foresee, and what was known before it: see `Layout.places`.

    Args:
        frames: (n_frames, n_slots) ids, see `Layout`.
        given: (n_frames, len(layout.given)) whole numbers, where the layout has such columns.

    Returns:
        (n_frames, n_columns) int32.

    Raises:
        ValueError: a shape or an id that the layout does not have, or a stroke again where nothing sounds.

    >>> from musiclab.voices.layout import Layout
    >>> layout = Layout(lowest=60, n_pitches=12, n_slots=1)
    >>> table = columns(layout, [[1], [3], [5], [1]])
    >>> table[:, layout.places["lags"]].tolist()
    [[0, 0, 0], [1, 0, 0], [3, 1, 0], [5, 3, 0]]
    >>> table[:, layout.places["candidate"]].ravel().tolist()
    [0, 0, 0, 0]
    """
    frames = np.asarray(frames)
    if frames.ndim != 2 or frames.shape[1] != layout.n_slots:
        raise ValueError(f"frames have shape {frames.shape}: expected (n_frames, {layout.n_slots}), a column a slot")
    if frames.size and not (1 <= frames.min() and frames.max() < layout.n_symbols):
        moment, slot = np.argwhere((frames < 1) | (frames >= layout.n_symbols))[0]
        raise ValueError(
            f"frame {moment}, slot {slot} is {frames[moment, slot]}: expected an id from 1 to {layout.n_symbols - 1}"
        )
    given = check_given(layout, given, len(frames))
    past, rows = begin(layout), np.empty((len(frames), layout.n_columns), np.int32)
    for moment, frame in enumerate(frames):
        silent = past.sounding[-1] % layout.none == 0  # `<start>` or none
        if layout.again and (silent & (frame == layout.again_id)).any():
            slot = int(np.argmax(silent & (frame == layout.again_id)))
            raise ValueError(f"frame {moment}, slot {slot} strikes a pitch again, but none sounds before it: write the pitch")
        rows[moment] = [*frame.tolist(), *look_back(layout, past, given[moment])]
        past = extend(layout, past, frame)
    return rows


def check_given(layout, given, n_frames):
    """The given columns as lists, a row a frame; ValueError where they are not as the layout has them."""
    if given is None and not layout.given:
        return [()] * n_frames
    shape = (n_frames, len(layout.given))
    table = np.asarray([] if given is None else given)
    if table.shape != shape:
        found = "nothing is given" if given is None else f"given has shape {table.shape}"
        raise ValueError(
            f"{found}: expected (n_frames, n_given) = {shape}, one row a frame and one column for each of layout.given"
        )
    wrong = np.argwhere((table < 0) | (table >= np.array(layout.given, dtype=int)))
    if len(wrong):
        moment, column = wrong[0]
        size = layout.given[column]
        raise ValueError(f"given column {column} is {table[moment, column]} at frame {moment}: expected 0 to {size - 1}")
    return table.astype(int).tolist()


def transposed(layout, table, semitones):
    """The columns of the same piece, so many semitones higher; given columns stay as they are.

    Raises:
        ValueError: a pitch would leave the layout's range.

    >>> from musiclab.voices.layout import Layout
    >>> layout = Layout(lowest=60, n_pitches=12, n_slots=1)
    >>> transposed(layout, columns(layout, [[1], [3]]), 2)[:, layout.places["frame"]].tolist()
    [[3], [5]]
    """
    table = table.copy()
    symbols = table[:, : layout.places["top"].stop]
    is_pitch = (symbols >= 1) & (symbols <= layout.n_pitches)
    symbols[is_pitch] += semitones
    moved = symbols[is_pitch]
    if moved.size and not 1 <= moved.min() <= moved.max() <= layout.n_pitches:
        found = f"{moved.min() + layout.lowest - 1} to {moved.max() + layout.lowest - 1}"
        raise ValueError(f"{semitones:+d} semitones lead to pitches {found}: this layout has {layout.lowest} to {layout.highest}")
    return table
