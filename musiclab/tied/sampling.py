"""Writing a roll with the tied network, with a gate for its rhythm."""

import numpy as np

from musiclab.rnn import lstm_step, sigmoid
from musiclab.tied.network import silence, told_before, windows_of
from musiclab.tied.rolls import HELD, SILENT, STRUCK, opening_chord


def rhythm_gate(p, onsets):
    """Scale the chances of a stroke by an onset pattern, the control of Arrais and Avila.

    Args:
        p: (n_steps, n) chances.
        onsets: (n_steps,) 0 shuts the gate, 1 leaves a step as it is, 2 makes strokes twice as likely.

    Returns:
        (n_steps, n) a new array; no chance is above 1.

    Raises:
        ValueError: not one onset a step, or a negative one.

    >>> rhythm_gate(np.array([[0.5, 0.8], [0.5, 0.8]]), [0, 2]).tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    p, onsets = np.asarray(p, dtype=float), np.asarray(onsets, dtype=float)
    if onsets.shape != p.shape[:1] or not (onsets >= 0).all():
        raise ValueError(f"onsets {onsets.tolist()} for p of shape {p.shape}: expected {len(p)} numbers, one a step, from 0 on")
    return np.minimum(p * onsets[:, None], 1)


def sample_roll(params, n_steps, rng, *, opening=None, onsets=None, temperature=1.0, gate=None):
    """Let the whole network write a roll, step by step, and from the lowest note upwards within a step.

    Args:
        params: of both axes.
        n_steps: rows of the roll, the opening among them.
        rng: numpy Generator.
        opening: (m, n_pitches) rows to begin with; None for one chord of C major. The network cannot tell C from D flat: the opening
            gives the key.
        onsets: rhythm for the gate, one number >= 0 a step, repeated to the end; None leaves the network its own.
        temperature: > 0; below 1 is safer.
        gate: `rhythm_gate`, or one like it; needed where there are onsets. It scales the chance that a note is struck and the chance that
            one ends, so at 0 all that sounds goes on.

    Returns:
        (n_steps, n_pitches) int8, as `chord_roll` makes it.

    Raises:
        ValueError: a temperature of 0 or less, an empty pattern, or onsets without a gate.
    """
    if not temperature > 0:
        raise ValueError(f"temperature {temperature}: expected more than 0; 1 draws as the network learned")
    if onsets is not None and not np.size(onsets):
        raise ValueError("onsets is empty: expected one number a step, such as [1, 0, 0, 0] for every second beat")
    if onsets is not None and gate is None:
        raise ValueError("onsets without a gate: pass the function that scales the chances too, such as gate=rhythm_gate")
    opening = np.array(opening_chord()[None] if opening is None else opening, np.int8)[:n_steps]
    roll = np.zeros((n_steps, opening.shape[1]), np.int8)
    roll[: len(opening)] = opening
    state, windows = silence(roll.shape[1], params)
    sounded = np.zeros(roll.shape[1], bool)
    for t, row in enumerate(roll):
        if t >= len(opening):
            told = told_before(state[0], windows, np.array(t), params)
            onset = None if onsets is None else np.ravel(onsets)[[t % np.size(onsets)]]
            for k in range(len(row)):
                chances = _events(told[k], sounded[k], params, temperature)
                struck, ends = chances if onset is None else np.asarray(gate(chances[None], onset))[0]
                draw = rng.random()
                row[k] = STRUCK if draw < struck else HELD if sounded[k] and draw >= struck + ends else SILENT
                if row[k]:
                    told[k + 1 :] += params["note_below"][: len(row) - k - 1, row[k] - 1]
        windows = windows_of(row, len(params["W_x"]))
        state = lstm_step(windows, state, params)
        sounded = row > 0
    return roll


def _events(told, sounded, params, temperature):
    """The chances that a pitch is struck now, and that it ends."""
    sounds, again = sigmoid((np.maximum(told, 0) @ params["note_out"] + params["note_bias"]) / temperature)
    return np.array([sounds * again, 1 - sounds] if sounded else [sounds, 0.0])
