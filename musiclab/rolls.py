"""Tunes as rolls that a network by hand can read and write, a row a step.

A roll here is one-hot: `(n_steps, 128)`, a 1 in the column of the pitch that sounds and an empty row where none does. Column 0, a
pitch that no tune has, stays empty: its number, 0, stands for silence, before the tune and in rests, as it is `<start>` for `generate`.
"""

from copy import deepcopy
from itertools import groupby

import numpy as np

from musiclab.generate import generate, sample
from musiclab.piece import TICKS_PER_QUARTER, Key, Note, Piece


def on_grid(piece, steps_per_quarter=2):
    """Does every note begin and end on a step?

    >>> on_grid(Piece([Note(0, 24, 60)])), on_grid(Piece([Note(0, 18, 60)]))
    (True, False)
    """
    return not (piece.array[:, :2] % _ticks(steps_per_quarter)).any()


def _ticks(steps_per_quarter):
    """Length of a step in ticks."""
    if steps_per_quarter not in range(1, TICKS_PER_QUARTER + 1) or TICKS_PER_QUARTER % steps_per_quarter:
        raise ValueError(
            f"{steps_per_quarter} steps per quarter: expected a divisor of {TICKS_PER_QUARTER}, such as 1, 2, 3 or 4"
        )
    return TICKS_PER_QUARTER // steps_per_quarter


def melody_roll(piece, steps_per_quarter=2):
    """A tune as a roll, moved to the nearest key on C, so that all tunes share one home note.

    Args:
        piece: one voice; where notes overlap, the later one counts.
        steps_per_quarter: 2 makes a step an eighth note.

    Returns:
        (n_steps, 128) array of 0 and 1; a note fills the steps on which it sounds at their beginning.

    Raises:
        ValueError: a note would leave pitches 1 to 127.

    >>> melody_roll(Piece([Note(0, 24, 62), Note(24, 12, 64)], keys=[(0, Key("D"))])).argmax(axis=1).tolist()
    [60, 60, 62]
    """
    step = _ticks(steps_per_quarter)
    shift = (piece.key.pitch_class + 6) % 12 - 6  # -6 to 5: the nearest C
    roll, one_hot = np.zeros((-(-piece.end // step), 128)), np.eye(128)
    for note in piece.notes:
        if not 0 < note.pitch - shift < 128:
            raise ValueError(f"pitch {note.pitch} of a tune in {piece.key} is {note.pitch - shift} in C: expected 1 to 127")
        first, last = -(-note.start // step), -(-note.end // step)
        roll[first:last] = one_hot[note.pitch - shift]
    return roll


def next_steps(rolls, n_steps):
    """What a network hears and what it should say: inputs, and as targets the same one step later.

    Rolls are cut into windows of n_steps, one after the other; a shorter rest at the end is left out. No window mixes two
    tunes. Input at the first step of a tune is silence.

    Returns:
        `(inputs, targets)`, both (n_windows, n_steps, n).

    Raises:
        ValueError: no roll is as long as a window.

    >>> inputs, targets = next_steps([np.eye(4)[[1, 2, 3]]], 2)
    >>> inputs.argmax(axis=2).tolist(), targets.argmax(axis=2).tolist()
    ([[0, 1]], [[1, 2]])
    """
    if n_steps < 1:
        raise ValueError(f"windows of {n_steps} steps: expected at least 1")
    inputs, targets = [], []
    for roll in rolls:
        heard = np.concatenate([np.zeros_like(roll[:1]), roll[:-1]])
        for start in range(0, len(roll) - n_steps + 1, n_steps):
            inputs.append(heard[start : start + n_steps])
            targets.append(roll[start : start + n_steps])
    if not inputs:
        raise ValueError(f"none of {len(rolls)} rolls has {n_steps} steps: ask for shorter windows")
    return np.stack(inputs), np.stack(targets)


class ByHand:
    """A network that somebody wrote, as a model that `generate` and `forget_curve` can ask.

    Args:
        step: `(x, state) -> (state, y)`, x (n,) one-hot or empty, y (n,) in [0, 1]; the logits are log y. What it does to the
            state it began with stays between the two of them.
        state: what it has in mind before the first step.
        n: number of columns.
    """

    def __init__(self, step, state, n=128):
        self._step, self._state, self._n = step, state, n

    def start(self):
        """The state before anything was heard."""
        return deepcopy(self._state)

    def step(self, state, id):
        """Hear one id (0 is silence); the new state and (n,) logits.

        Raises:
            ValueError: there is no such id, or the network gave no (n,) numbers from 0 on of which one at least has a chance.
        """
        if not 0 <= id < self._n:
            raise ValueError(f"id {id}: expected 0 (silence) to {self._n - 1}")
        x = np.zeros(self._n)
        x[id] = id > 0
        state, y = self._step(x, state)
        y = np.asarray(y, dtype=float)
        if y.shape != (self._n,) or not (y >= 0).all() or not 0 < y.sum() < np.inf:
            found = f"shape {y.shape}" + (f" and values from {y.min():.3g} to {y.max():.3g}" if y.size else "")
            raise ValueError(
                f"the network says y of {found}: expected ({self._n},) with values in [0, 1], not all 0; is (h, y) swapped?"
            )
        with np.errstate(divide="ignore"):  # what has no chance at all gets -inf
            return state, np.log(y)


def melody(ids, like, steps_per_quarter=2, lowest=0):
    """The tune that a list of ids means: an id that repeats holds its note, 0 is silence.

    Args:
        ids: whole numbers, one a step; `lowest + id` is the pitch.
        like: a `Piece` that lends tempo, meter, pickup and voice; the key is C in its mode.

    >>> melody([60, 60, 0, 62], Piece([Note(0, 24, 60)])).notes[1]
    Note(start=36, duration=12, pitch=62, velocity=80, voice=0)
    """
    step, notes, start = _ticks(steps_per_quarter), [], 0
    for id, group in groupby(map(int, ids)):
        end = start + sum(1 for _ in group)
        if id:
            notes.append(Note(start * step, (end - start) * step, lowest + id))
        start = end
    keys = [(0, Key("C", like.key.mode))]
    return Piece(notes, like.voices[:1], like.tempos[:1], like.meters[:1], keys, like.pickup)


def sing(step, state, n_steps, rng, like, opening=(), temperature=1.0, lowest=0, n=128):
    """Let a network by hand sing: it draws a pitch a step with the chances `y / sum(y)`, hears it, and goes on.

    Args:
        step, state, n: as for `ByHand`.
        opening: ids that it is given to begin with.
        like, lowest: as for `melody`.

    Returns:
        a `Piece` of n_steps steps, the opening among them.
    """
    opening = [int(id) for id in opening][:n_steps]
    model, draw = ByHand(step, state, n), lambda logits, rng=None: sample(logits, temperature, rng)
    ids = generate(model, opening, n_steps - len(opening), sample=draw, rng=rng)
    return melody([*opening, *ids], like, lowest=lowest)
