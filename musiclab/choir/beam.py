"""Writing with a view to what comes of it: several ways are followed side by side, and the best is kept (a beam).

One way alone draws as `musiclab.generate.sample` does, at the same temperature. Models are those of `musiclab.generate`; controls
have besides `costs(state) -> (n_symbols,)`: nats that an id costs though it is allowed.
"""

from typing import NamedTuple

import numpy as np

from musiclab.generate import Place


class Way(NamedTuple):
    """One way of going on.

    Args:
        place: where it stands.
        score: what it is worth: the higher the better.
        nats: how surprising the model finds the ids that were chosen, not forced.
        choices: how many these are.
        trail: the last id and the trail before it; () at the beginning.
    """

    place: Place
    score: float = 0.0
    nats: float = 0.0
    choices: int = 0
    trail: tuple = ()

    @property
    def ids(self):
        """The new ids."""
        ids, trail = [], self.trail
        while trail:
            id, trail = trail
            ids.append(id)
        return ids[::-1]


def follow(model, place, n, controls, *, width=8, temperature=0.0, rng=None, shape=None, tick=None):
    """Write n symbols by a beam.

    A way is worth the model's log-probability of its ids, forced ones included, less what the controls say they cost.

    Args:
        model, controls: see the top of this module.
        place: a `Place` to start from, as from `musiclab.generate.read`; its rules are those of the controls.
        n: how many symbols to write.
        width: how many ways are followed, at least 1.
        temperature: of the chance (Gumbel noise, the same for all ways) in each choice; 0 is none.
        rng: numpy Generator; a fresh one if None.
        shape: called with the logits and the state of the controls: other logits, from which is drawn; None to keep the model's.
        tick: told before each symbol how much is done, from 0 to 1; what it raises ends the writing.

    Returns:
        Way: the best.
    """
    rng = np.random.default_rng() if rng is None else rng
    ways = [Way(Place(*place))]
    for i in range(n):
        if tick:
            tick(i / n)
        found, luck = [], None
        for way in ways:
            memory, logits = model.step(way.place.memory, way.place.id)
            allowed = np.flatnonzero(controls.allowed(way.place.rules))
            logits = np.asarray(logits, dtype=np.float64)
            if shape:
                logits = shape(logits, way.place.rules)
            chances = logits[allowed] - np.logaddexp.reduce(logits)
            worth, chosen = chances, len(allowed) > 1
            if chosen:
                luck = temperature * rng.gumbel(size=len(logits)) if luck is None else luck  # the same for all ways
                worth = chances - controls.costs(way.place.rules)[allowed] + luck[allowed]
            for j in np.argsort(-worth, kind="stable")[:width]:
                found.append((way.score + worth[j], way, memory, int(allowed[j]), -chances[j] * chosen, chosen))
        found.sort(key=lambda step: -step[0])
        ways = [
            Way(
                Place(memory, id, controls.step(way.place.rules, id)),
                float(score),
                way.nats + float(nats),
                way.choices + chosen,
                (id, way.trail),
            )
            for score, way, memory, id, nats, chosen in found[:width]
        ]
    return ways[0]
