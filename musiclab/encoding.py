"""Sound, pitch and score as numbers: the small functions of lessons 1 and 2, under the names the lessons use.

Conventions: pitches are MIDI numbers (middle C, "C4", is 60); an *event* is `(time, kind, pitch, velocity)` with kind "on" or
"off"; a *note* is `(start, duration, pitch, velocity)`, its times in whatever unit the events or steps have.
"""

import re

import numpy as np

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # letter -> semitones above the C below it


def midi_to_hz(m):
    """Frequency of a MIDI pitch in equal temperament: `440 * 2 ** ((m - 69) / 12)`.

    Args:
        m: a number, or a numpy array of any shape; fractions of a semitone are welcome.

    Returns:
        hertz, in the shape of `m`.

    >>> midi_to_hz(69), midi_to_hz(np.array([57, 81])).tolist()
    (440.0, [220.0, 880.0])
    """
    return 440.0 * 2.0 ** ((m - 69.0) / 12.0)


def name_to_midi(name):
    """MIDI pitch of a note name: a capital letter, any number of `#` or `b`, and the octave, which belongs to the letter.

    Raises:
        ValueError: the name does not have this form.

    >>> [name_to_midi(name) for name in ("C4", "Bb3", "B#3", "Cb4", "C-1")]
    [60, 58, 60, 59, 0]
    """
    match = re.fullmatch(r"([A-G])(#*|b*)(-?\d+)", name)
    if not match:
        raise ValueError(
            f"note name {name!r}: expected a letter A to G, then '#' or 'b' if altered, then the octave, as in 'Bb4'"
        )
    letter, accidentals, octave = match.groups()
    return 12 * (int(octave) + 1) + SEMITONES[letter] + accidentals.count("#") - accidentals.count("b")


def notes_from_events(events):
    """Join key presses and releases into notes.

    An "on" of velocity 0 is an "off". An "on" of a pitch that still sounds ends the old note and begins a new one. An "off" of
    a silent pitch means nothing, and a note that nothing ends is left out.

    Args:
        events: `(time, kind, pitch, velocity)` in order of time, kind "on" or "off".

    Returns:
        `(start, duration, pitch, velocity)` tuples sorted by start.

    >>> notes_from_events([(0.0, "on", 60, 80), (0.5, "on", 64, 90), (1.0, "off", 60, 0), (2.0, "on", 64, 0)])
    [(0.0, 1.0, 60, 80), (0.5, 1.5, 64, 90)]
    """
    sounding, notes = {}, []
    for time, kind, pitch, velocity in events:
        if pitch in sounding:
            start, loudness = sounding.pop(pitch)
            notes.append((start, time - start, pitch, loudness))
        if kind == "on" and velocity > 0:
            sounding[pitch] = (time, velocity)
    return sorted(notes)


def quantise(times, tempo, steps_per_quarter):
    """Number of the nearest grid step for each time, halves up.

    Args:
        times: (n,) seconds from the start, >= 0.
        tempo: quarter notes a minute.
        steps_per_quarter: grid steps in a quarter note.

    Returns:
        (n,) whole numbers.

    >>> quantise(np.array([0.0, 0.26, 0.5, 1.25]), 60, 2).tolist()
    [0, 1, 1, 3]
    """
    steps = np.asarray(times) * tempo * steps_per_quarter / 60  # seconds -> minutes -> quarters -> steps
    return np.floor(steps + 0.5).astype(int)  # np.round would send 2.5 to 2


def piano_roll(notes, n_steps):
    """Picture of the music as a grid: a row a step, a column a MIDI pitch.

    Args:
        notes: `(start, duration, pitch, velocity)` with start and duration in whole steps.
        n_steps: rows of the grid; what lies beyond is cut off.

    Returns:
        (n_steps, 128) array: 1 where the pitch sounds during the step, 0 elsewhere.

    >>> piano_roll([(1, 2, 60, 80)], 4)[:, 60].tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    roll = np.zeros((n_steps, 128))
    for start, duration, pitch, _ in notes:
        roll[start : start + duration, pitch] = 1
    return roll


def standardise(X, mean=None, std=None):
    """Move and stretch each column so that its mean is 0 and its standard deviation 1.

    Args:
        X: (n, n_features) numbers, a row a piece.
        mean, std: (n_features,) of the data that was fitted; taken from X where they are None. New data must be moved and
            stretched by the *old* numbers.

    Returns:
        `(Z, mean, std)`; std has ddof 0, and a column that never changes (std 0) is only moved, so it becomes 0.

    >>> Z, mean, std = standardise(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> Z.tolist(), mean.tolist(), std.tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [2.0, 5.0], [1.0, 0.0])
    """
    X = np.asarray(X, dtype=float)
    mean = X.mean(axis=0) if mean is None else np.asarray(mean)
    if std is None:
        std = np.where(np.ptp(X, axis=0) == 0, 0, X.std(axis=0))  # the mean of three 0.1 is not quite 0.1
    std = np.asarray(std)
    return (X - mean) / np.where(std == 0, 1, std), mean, std


def minmax_score(x, kind, low=None, high=None):
    """Score a quantity between its lowest value and its highest, as engineering economics scores indicators.

    Args:
        x: (n,) numbers.
        kind: "benefit" where more is better, `(x - low) / (high - low)`; "cost" where less is, `(high - x) / (high - low)`.
        low, high: the limits; taken from x where they are None. New values beyond old limits score below 0 or above 1.

    Returns:
        `(score, low, high)`; where low and high are equal every score is 0.

    Raises:
        ValueError: kind is neither.

    >>> minmax_score(np.array([2.0, 3.0, 6.0]), "cost")[0].tolist()
    [1.0, 0.75, 0.0]
    """
    if kind not in ("benefit", "cost"):
        raise ValueError(f"kind {kind!r}: expected 'benefit' where more is better, 'cost' where less is")
    x = np.asarray(x, dtype=float)
    low = x.min() if low is None else low
    high = x.max() if high is None else high
    if high == low:
        return np.zeros_like(x), low, high
    return (x - low if kind == "benefit" else high - x) / (high - low), low, high


def sublevel_score(label, levels):
    """Score an ordered quality by the number of its level: k / (m - 1) for level k of m, counted from 0.

    Args:
        levels: at least two labels, lowest first.

    Returns:
        number in [0, 1].

    Raises:
        ValueError: the label is no level, or there are fewer than two.

    >>> [sublevel_score(label, ["pp", "p", "mf", "f", "ff"]) for label in ("pp", "mf", "ff")]
    [0.0, 0.5, 1.0]
    """
    if len(levels) < 2 or label not in levels:
        raise ValueError(f"level {label!r}: expected one of at least two levels, got {list(levels)}")
    return list(levels).index(label) / (len(levels) - 1)


def one_hot(i, n):
    """A row of n zeros with a single 1, at place i: for what has no order.

    Raises:
        ValueError: i is not in 0 to n - 1.

    >>> one_hot(2, 4).tolist()
    [0.0, 0.0, 1.0, 0.0]
    """
    if not 0 <= i < n:
        raise ValueError(f"place {i}: expected 0 to {n - 1}")
    row = np.zeros(n)
    row[i] = 1
    return row
