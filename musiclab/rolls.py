"""Tunes as rolls that a network by hand can read and write, a row a step.

A roll here is one-hot: `(n_steps, 128)`, a 1 in the column of the pitch that sounds and an empty row where none does. Column 0, a
pitch that no tune has, stays empty: its number, 0, stands for silence, before the tune and in rests, as it is `<start>` for `generate`.
"""

import numpy as np

from musiclab.generate import generate, sample
from musiclab.piece import TICKS_PER_QUARTER, Key, Note, Piece


def on_grid(piece, steps_per_quarter=2):
    """Does every note begin and end on a step?

    >>> on_grid(Piece([Note(0, 24, 60)])), on_grid(Piece([Note(0, 18, 60)]))
    (True, False)
    """
    return not (piece.array[:, :2] % (TICKS_PER_QUARTER // steps_per_quarter)).any()


def melody_roll(piece, steps_per_quarter=2):
    """A tune as a roll, moved to the nearest key on C, so that all tunes share one home note.

    Args:
        piece: one voice; where notes overlap, the later one counts.
        steps_per_quarter: 2 makes a step an eighth note.

    Returns:
        (n_steps, 128) array of 0 and 1; a note fills the steps on which it sounds at their beginning.

    >>> melody_roll(Piece([Note(0, 24, 62), Note(24, 12, 64)], keys=[(0, Key("D"))])).argmax(axis=1).tolist()
    [60, 60, 62]
    """
    step = TICKS_PER_QUARTER // steps_per_quarter
    shift = (piece.key.pitch_class + 6) % 12 - 6  # -6 to 5: the nearest C
    roll = np.zeros((-(-piece.end // step), 128))
    for note in piece.notes:
        first, last = -(-note.start // step), -(-note.end // step)
        roll[first:last] = np.eye(128)[note.pitch - shift]
    return roll


def next_steps(rolls, n_steps):
    """What a network hears and what it should say: inputs, and as targets the same one step later.

    Rolls are cut into windows of n_steps, one after the other; a shorter rest at the end is left out. No window mixes two
    tunes. Input at the first step of a tune is silence.

    Returns:
        `(inputs, targets)`, both (n_windows, n_steps, n).
    """
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
        step: `(x, state) -> (state, y)`, x (n,) one-hot or empty, y (n,) in [0, 1]; the logits are log y.
        state: what it has in mind before the first step.
        n: number of columns.
    """

    def __init__(self, step, state, n=128):
        self._step, self._state, self._n = step, state, n

    def start(self):
        """The state before anything was heard."""
        return self._state

    def step(self, state, id):
        """Hear one id (0 is silence); the new state and (n,) logits."""
        x = np.zeros(self._n)
        x[id] = id > 0
        state, y = self._step(x, state)
        with np.errstate(divide="ignore"):  # what has no chance at all gets -inf
            return state, np.log(np.asarray(y, dtype=float))


def melody(ids, like, steps_per_quarter=2, lowest=0):
    """The tune that a list of ids means: an id that repeats holds its note, 0 is silence.

    Args:
        ids: whole numbers, one a step; `lowest + id` is the pitch.
        like: a `Piece` that lends tempo, meter and voice; the key is C in its mode.

    >>> melody([60, 60, 0, 62], Piece([Note(0, 24, 60)])).notes[1]
    Note(start=36, duration=12, pitch=62, velocity=80, voice=0)
    """
    step, notes, edges = TICKS_PER_QUARTER // steps_per_quarter, [], np.flatnonzero(np.diff(ids, prepend=-1, append=-1))
    for start, end in zip(edges.tolist(), edges[1:].tolist()):
        if ids[start]:
            notes.append(Note(start * step, (end - start) * step, lowest + int(ids[start])))
    keys = [(0, Key("C", like.key.mode))]
    return Piece(notes, like.voices[:1], like.tempos[:1], like.meters[:1], keys)


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
