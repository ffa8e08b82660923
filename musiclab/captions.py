"""What the pictures of `plots` say in words, for whoever cannot see them."""

import numpy as np

from musiclab.piece import Key


def of_roll(grid, low, high, steps_per_bar):
    together = np.count_nonzero(grid, axis=1)
    length = f"Piano roll of {len(grid)} steps" + (f" ({len(grid) / steps_per_bar:.3g} bars)" if steps_per_bar else "")
    if not together.any():
        return f"{length}. All of it is silent."
    silent = int(np.sum(together == 0))
    silence = {0: "no step is silent", 1: "1 step is silent"}.get(silent, f"{silent} steps are silent")
    most = int(together.max())
    return (
        f"{length}. Lowest {Key().name(low)} ({low}), highest {Key().name(high)} ({high}); "
        f"{silence}, at most {most} pitch{'' if most == 1 else 'es'} at a time."
    )


def of_line(x, y, marks):
    """One line: where it starts and ends, its lowest and highest, and when it crosses each mark.

    Args:
        x, y: (n,) floats; y is NaN where nothing is drawn.
        marks: name -> level.

    >>> of_line(np.arange(3), np.array([0.5, 0.2, 0.05]), {"goal": 0.1})
    'starts at 0.5 and falls to 0.05; it goes below goal (0.1) at 2'
    """
    drawn = np.isfinite(y)
    left_out = "" if drawn.all() else f"; {np.sum(~drawn)} of {len(y)} values cannot be drawn"
    x, y = x[drawn], y[drawn]
    if not len(y):
        return "has no values to draw" + left_out
    return "; ".join([_course(x, y), *(_crossings(x, y, name, level) for name, level in marks.items())]) + left_out


def _course(x, y):
    start, end = y[0], y[-1]
    if len(y) == 1:
        return f"is {number(end)} at {number(x[0])}"
    if y.min() == y.max():
        return f"stays at {number(end)}"
    verb = "falls" if end < start else "rises" if end > start else "comes back"
    said = [f"starts at {number(start)} and {verb} to {number(end)}"]
    for word, i in (("lowest", y.argmin()), ("highest", y.argmax())):
        if y[i] not in (start, end):
            said.append(f"{word} {number(y[i])} at {number(x[i])}")
    return "; ".join(said)


def _crossings(x, y, name, level):
    level_in_words, side = f"{name} ({number(level)})", np.where(y < level, "below", "above")
    turns = np.flatnonzero(side[1:] != side[:-1]) + 1
    if not len(turns):
        return f"it {'stays' if len(y) > 1 else 'is'} {side[0]} {level_in_words}"
    if len(turns) > 3:
        first, last = number(x[turns[0]]), number(x[turns[-1]])
        return f"it crosses {level_in_words} {len(turns)} times, first at {first}, last at {last}, and ends {side[-1]}"
    first, *others = turns
    also = "".join(f", {side[turn]} again at {number(x[turn])}" for turn in others)
    return f"it goes {side[first]} {level_in_words} at {number(x[first])}{also}"


def of_states(states, labels, title):
    """States over time: how long, how far, which unit moves most and least, and when most changes."""
    n_steps, n_hidden = states.shape
    heard = f", from {labels[0]} to {labels[-1]}," if labels else ""
    said = f"{title or 'States'}: {_count(n_steps, 'step')}{heard} of {_count(n_hidden, 'unit')}."
    if not states.size:
        return said
    low, high = states.min(axis=0), states.max(axis=0)
    most, least = (high - low).argmax(), (high - low).argmin()
    said += f" Values from {number(low.min())} to {number(high.max())}."
    if n_steps == 1:
        return said
    said += f" Unit {most} moves most ({number(low[most])} to {number(high[most])}),"
    said += f" unit {least} least ({number(low[least])} to {number(high[least])})."
    step = int(np.linalg.norm(np.diff(states, axis=0), axis=1).argmax()) + 1
    said += f" The biggest change of all units together is at step {step}" + (f" ({labels[step]})." if labels else ".")
    return said


def number(value):
    """A number in few digits, whole where it is whole.

    >>> number(0.0884), number(500.0), number(12345.6), number(2.0**80)
    ('0.0884', '500', '12346', '1.21e+24')
    """
    return f"{value:.0f}" if abs(value) < 1e6 and (value % 1 == 0 or abs(value) >= 1000) else f"{value:.3g}"


def _count(n, what):
    return f"{n} {what}" + ("" if n == 1 else "s")
