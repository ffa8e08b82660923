"""Drawing symbols from a network, one after the other.

A *model* is anything with `start() -> state` and `step(state, id) -> (state, logits)`, whose states are never changed in place:
a recurrent network, a table of bigrams, your own class. Networks see whole numbers only, and so does this module; id 0 means
`<start>`. *Controls* (hard rules, such as "every bar is full") have `start() -> state`, `step(state, id) -> state`,
`allowed(state) -> (n_symbols,) bool` and `done(state) -> bool`.
"""

from typing import Any, NamedTuple

import numpy as np

START = 0


class Place(NamedTuple):
    """Where a generation stands: the model's state, the last id, which the model has not read yet, and the controls' state."""

    memory: Any
    id: int = START
    rules: Any = None


def sample(logits, temperature=1.0, rng=None):
    """Draw one symbol id from a model's logits.

    Args:
        logits: (n_symbols,) unnormalised log-probabilities.
        temperature: >= 0; below 1 is safer, 0 takes the best.
        rng: numpy Generator; a fresh one if None.

    Returns:
        int in [0, n_symbols).

    Raises:
        ValueError: temperature is negative, or no symbol has a finite logit.

    >>> sample(np.array([0.0, 9.0]), temperature=0)
    1
    """
    logits = np.asarray(logits, dtype=np.float64)
    if not 0 <= temperature < np.inf:
        raise ValueError(f"temperature {temperature}: expected 0 (always the best) or more; 1 draws as the model learned")
    best = _best(logits)
    if temperature == 0:
        return int(logits.argmax())
    weights = _weights(logits, best, temperature)
    edges = weights.cumsum()
    draw = (np.random.default_rng() if rng is None else rng).random() * edges[-1]
    id = int(edges.searchsorted(draw, side="right"))  # "right" never lands on a symbol of weight 0 ...
    return id if id < logits.size else int(weights.nonzero()[0][-1])  # ... nor may rounding push the draw past the last


def temperature_probs(logits, t):
    """The chances of all symbols at a temperature: the softmax of logits / t.

    Args:
        logits: (n_symbols,) unnormalised log-probabilities; -inf has no chance.
        t: > 0; below 1 the likely become likelier, above 1 all become more alike.

    Returns:
        (n_symbols,) chances that add up to 1.

    Raises:
        ValueError: t is not above 0, or no symbol has a finite logit.

    >>> temperature_probs(np.log([0.8, 0.2]), 0.5).round(4)
    array([0.9412, 0.0588])
    """
    logits = np.asarray(logits, dtype=np.float64)
    if not 0 < t < np.inf:
        raise ValueError(f"temperature {t}: expected a number above 0; 1 leaves the chances as the model learned them")
    weights = _weights(logits, _best(logits), t)
    return weights / weights.sum()


def _best(logits):
    """The highest logit."""
    best = logits.max(initial=-np.inf)
    if not np.isfinite(best):
        raise ValueError(f"the best of {logits.size} logits is {best}: expected a finite one; was every symbol masked?")
    return best


def _weights(logits, best, temperature):
    """Chances but for a factor, 1 for the best."""
    with np.errstate(over="ignore"):  # at tiny temperatures all but the best become -inf, as they should
        return np.exp((logits - best) / temperature)


def mask_logits(logits, allowed):
    """Forbid symbols: their logits become -inf.

    Args:
        logits: (n_symbols,) unnormalised log-probabilities.
        allowed: (n_symbols,) bool.

    Returns:
        (n_symbols,) a new array.

    Raises:
        ValueError: nothing is allowed, or the shapes differ.

    >>> mask_logits(np.array([0.5, 2.0]), np.array([True, False]))
    array([ 0.5, -inf])
    """
    logits, allowed = np.asarray(logits), np.asarray(allowed, dtype=bool)
    if logits.shape != allowed.shape:
        raise ValueError(f"allowed has shape {allowed.shape}, expected that of the logits, {logits.shape}: one answer a symbol")
    if not allowed.any():
        raise ValueError(f"none of the {allowed.size} symbols is allowed: loosen the controls until at least one is left")
    return np.where(allowed, logits, -np.inf)


def generate(model, prompt, n, *, sample=sample, controls=None, rng=None):
    """Let a model write up to n symbols after a prompt.

    The model reads `<start>` first, then the prompt, then each symbol that was drawn.

    Args:
        model: see the top of this module.
        prompt: ids to begin with; may be empty.
        n: how many symbols to draw; fewer come where the controls are done before.
        sample: `sample(logits, rng=rng) -> id`.
        controls: see the top of this module; None allows everything.
        rng: numpy Generator; a fresh one if None.

    Returns:
        list of int: the new ids, without the prompt.

    >>> class Up:  # always one more than the last
    ...     start = lambda self: None
    ...     step = lambda self, state, id: (None, np.eye(9)[(id + 1) % 9])
    >>> generate(Up(), [3], 4, sample=lambda logits, rng: int(logits.argmax()))
    [4, 5, 6, 7]
    """
    place = read(model, prompt, controls=controls)
    return continue_from(model, place, n, sample=sample, controls=controls, rng=rng)[0]


def read(model, prompt, *, controls=None):
    """Feed `<start>` and a prompt to a model.

    Returns:
        Place, from which `continue_from` goes on.
    """
    memory, rules, last = model.start(), controls and controls.start(), START
    for id in prompt:
        memory, _ = model.step(memory, last)
        rules = controls and controls.step(rules, id)
        last = int(id)
    return Place(memory, last, rules)


def continue_from(model, state, n, *, sample=sample, controls=None, rng=None):
    """Go on from where an earlier generation stopped; in pieces or in one go, the result is the same.

    Args:
        state: a `Place`, as `read` and this function return it.
        model, n, sample, controls, rng: as for `generate`.

    Returns:
        `(ids, state)`: the list of new ids and the `Place` after them.
    """
    if n < 0:
        raise ValueError(f"n is {n}: expected the number of symbols to draw, 0 or more")
    memory, last, rules = Place(*state)
    rng = np.random.default_rng() if rng is None else rng
    ids = []
    while len(ids) < n and not (controls and controls.done(rules)):
        memory, logits = model.step(memory, last)
        if controls:
            logits = mask_logits(logits, controls.allowed(rules))
        last = int(sample(logits, rng=rng))
        rules = controls and controls.step(rules, last)
        ids.append(last)
    return ids, Place(memory, last, rules)
