"""The tied network in numpy: through time, upwards over the notes, and how surprised it is."""

import numpy as np

from musiclab.rnn import lstm_step, sigmoid
from musiclab.tied.rolls import HELD, STRUCK


def tied_forward(roll, params):
    """The chance that each pitch sounds at each step, given the steps before it: first say, then hear.

    One LSTM cell serves all pitches: each has a state of its own, the weights are the same. A pitch hears the window of the row whose
    middle it is; beyond the edges of the range nothing sounds. So the keyboard is a batch.

    Args:
        roll: (n_steps, n_pitches) of 0 and 1, or as in `chord_roll`; what sounds is above 0.
        params: `W_x (n_window, 4 n_hidden)`, n_window odd, `W_h` and `b` as in `lstm_step`; `w_y (n_hidden,)`, `b_y ()`.

    Returns:
        (n_steps, n_pitches) chances; row t depends on roll[:t] only.

    >>> params = {"W_x": np.ones((1, 4)), "W_h": np.zeros((1, 4)), "b": np.zeros(4), "w_y": np.ones(1), "b_y": 0.0}
    >>> tied_forward(np.array([[0, 1], [0, 0]]), params).round(2).tolist()
    [[0.5, 0.5], [0.5, 0.59]]
    """
    return sigmoid(_heard(roll, params)[0] @ params["w_y"] + params["b_y"])


def windows_of(row, n_window):
    """(n_pitches, n_window) what each pitch sees of a row: as much below as above, itself in the middle."""
    padded = np.pad(np.asarray(row) > 0, n_window // 2).astype(float)
    return np.lib.stride_tricks.sliding_window_view(padded, n_window)


def silence(n_pitches, params):
    """`(state, windows)` before anything was heard."""
    state = np.zeros((n_pitches, len(params["W_h"])))
    return (state, state), windows_of(np.zeros(n_pitches), len(params["W_x"]))


def _heard(roll, params):
    """What each pitch remembers and sees before each step: (n_steps, n_pitches, n_hidden) and (n_steps, n_pitches, n_window)."""
    n_steps, n_pitches = np.shape(roll)
    state, windows = silence(n_pitches, params)
    hidden, seen = np.zeros((n_steps, *state[0].shape)), np.zeros((n_steps, *windows.shape))
    for t, row in enumerate(roll):
        hidden[t], seen[t] = state[0], windows
        windows = windows_of(row, len(params["W_x"]))
        state = lstm_step(windows, state, params)
    return hidden, seen


def note_logits(roll, params):
    """The two questions of the axis over notes, for every pitch and step: does it sound, and, if it did before, is it struck again?

    The hidden layer of a pitch adds up what it remembers, what it sees, the place in the bar, and a row of `note_below` for each
    note below that was chosen in this step, by distance and by whether it is held or struck (a NADE, tied: Johnson 2017).

    Returns:
        (n_steps, n_pitches, 2) logits; [t, k] depends on roll[:t] and roll[t, :k] only.
    """
    roll = np.asarray(roll)
    told = told_before(*_heard(roll, params), np.arange(len(roll)), params)
    for k in range(roll.shape[1]):
        for state in (HELD, STRUCK):
            told[roll[:, k] == state, k + 1 :] += params["note_below"][: roll.shape[1] - k - 1, state - 1]
    return np.maximum(told, 0) @ params["note_out"] + params["note_bias"]


def told_before(hidden, windows, steps, params):
    """The hidden layer of the axis over notes before any note of the step is chosen: (..., n_pitches, n_head)."""
    place = params["note_place"][steps % len(params["note_place"])]
    return hidden @ params["note_time"] + windows @ params["note_window"] + place[..., None, :]


def frame_nats(roll, params):
    """How surprising each row is after those before it: -log of its exact chance.

    Args:
        roll: as `chord_roll` makes it, row 0 a downbeat.

    Returns:
        (n_steps,) nats.
    """
    roll = np.asarray(roll)
    logits = note_logits(roll, params)
    return sounding_nats(roll, logits[..., 0]) + stroke_nats(roll, logits[..., 1])


def sounding_nats(roll, logits):
    """(n_steps,) surprise of what sounds, by logits (n_steps, n_pitches)."""
    return np.logaddexp(0, np.where(np.asarray(roll) > 0, -logits, logits)).sum(axis=-1)


def stroke_nats(roll, logits):
    """(n_steps,) surprise of what is struck again; only a pitch that sounds and sounded before leaves a choice."""
    return (np.logaddexp(0, np.where(roll == STRUCK, -logits, logits)) * goes_on(roll)).sum(axis=-1)


def goes_on(roll):
    """Where a pitch sounds that sounded at the step before."""
    sounds = np.asarray(roll) > 0
    return sounds & np.pad(sounds, ((1, 0), (0, 0)))[:-1]
