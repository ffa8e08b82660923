"""Several ways side by side: one alone draws as ever, many find what one would miss."""

from itertools import product

import numpy as np
import pytest

from musiclab.choir.beam import follow
from musiclab.generate import Place, generate, read, sample, temperature_probs

LOGITS = np.log([[0.0001, 0.6, 0.3999], [0.05, 0.5, 0.45], [0.0001, 0.0009, 0.999]])  # after 0, 1 and 2


class Pairs:
    """After each id the next is as likely as LOGITS says: 1 looks better at first, but 2 leads on to a safe 2."""

    def start(self):
        return None

    def step(self, state, id):
        return None, LOGITS[id]


class Free:
    """Controls that allow everything, the ids 1 and 2 at a price."""

    def __init__(self, prices=(0, 0, 0), forced=()):
        self.prices, self.forced = np.array(prices, dtype=float), forced

    def start(self):
        return 0

    def step(self, state, id):
        return state + 1

    def done(self, state):
        return False

    def allowed(self, state):
        return np.arange(3) == 1 if state in self.forced else np.ones(3, dtype=bool)

    def costs(self, state):
        return self.prices


def followed(n, controls=None, **wishes):
    controls = controls or Free()
    return follow(Pairs(), read(Pairs(), [], controls=controls), n, controls, **wishes)


def test_one_way_alone_takes_what_looks_best_and_a_beam_what_is_best():
    assert followed(3, width=1).ids == generate(Pairs(), [], 3, sample=lambda logits, rng: sample(logits, 0)) == [1, 1, 1]
    best = followed(3, width=9)
    by_hand = max(
        product(range(3), repeat=3), key=lambda ids: LOGITS[0, ids[0]] + LOGITS[ids[0], ids[1]] + LOGITS[ids[1], ids[2]]
    )
    assert tuple(best.ids) == by_hand == (2, 2, 2)
    assert best.score == pytest.approx(-best.nats) == pytest.approx(np.log(0.3999 * 0.999**2)) and best.choices == 3


def test_what_costs_more_than_it_is_worth_is_left():
    assert followed(2, Free((0, 0, 2)), width=9).ids == [1, 1]
    assert followed(2, Free((0, 3, 2)), width=9).ids == [2, 2]


def test_what_is_forced_counts_for_the_way_but_is_no_choice():
    way = followed(2, Free(forced=(1,)), width=9)
    assert way.ids == [1, 1] and way.choices == 1
    assert way.nats == pytest.approx(-np.log(0.6)) and way.score == pytest.approx(np.log(0.6 * 0.5))


def test_one_way_alone_draws_as_often_as_the_temperature_says():
    rng = np.random.default_rng(0)
    drawn = np.array([followed(1, width=1, temperature=0.5, rng=rng).ids for _ in range(2000)])
    assert np.bincount(drawn[:, 0], minlength=3) / 2000 == pytest.approx(temperature_probs(LOGITS[0], 0.5), abs=0.04)


def test_what_is_drawn_from_can_be_shaped_after_where_the_controls_are():
    shape = lambda logits, state: logits[::-1] if state else logits
    assert followed(2, width=1, shape=shape).ids == [1, 1]
    assert followed(3, width=1, shape=lambda logits, state: logits[[2, 0, 1]]).ids == [2, 0, 2]


def test_in_two_goes_it_is_the_same_as_in_one_where_only_one_way_is_followed():
    first = followed(2, width=1, temperature=1, rng=(rng := np.random.default_rng(5)))
    rest = follow(Pairs(), first.place, 3, Free(), width=1, temperature=1, rng=rng)
    assert first.ids + rest.ids == followed(5, width=1, temperature=1, rng=np.random.default_rng(5)).ids
    assert isinstance(rest.place, Place)


def test_who_waits_is_told_how_far_it_is_and_can_end_it():
    told = []
    assert followed(4, width=2, tick=told.append) == followed(4, width=2)
    assert told == [0, 0.25, 0.5, 0.75]

    def enough(share):
        if share == 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        followed(4, width=2, tick=enough)
