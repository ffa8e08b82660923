from collections import Counter, defaultdict
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.evaluate import nats
from musiclab.ngram import Bigram, Cached, KneserNey

N = 5
tunes = st.lists(st.lists(st.integers(1, N - 1), min_size=1, max_size=20), min_size=1, max_size=8)
TUNES = [[1, 2, 1, 2, 3], [1, 2, 4], [2, 1, 2, 3, 3], [4, 4, 1]]
MODELS = {
    "bigram": lambda tunes: Bigram(tunes, N),
    "kneser_ney": lambda tunes: KneserNey(tunes, N, order=4),
    "cached": lambda tunes: Cached(KneserNey(tunes, N, order=3), order=4),
}


def probabilities(model, ids):
    """What the model expects after `<start>` and these ids."""
    state = model.start()
    for id in [0, *ids]:
        state, logits = model.step(state, id)
    return np.exp(logits)


@pytest.mark.parametrize("name", MODELS)
@given(tunes, st.lists(st.integers(0, N - 1), max_size=15))
def test_probabilities_are_positive_and_sum_to_1(name, tunes, ids):
    p = probabilities(MODELS[name](tunes), ids)
    assert p.shape == (N,)
    assert p.min() > 0
    assert p.sum() == pytest.approx(1)


@pytest.mark.parametrize("name", MODELS)
def test_states_stay_as_they_are(name):
    model = MODELS[name](TUNES)
    state, _ = model.step(model.start(), 0)
    first = model.step(state, 1)[1].copy()
    model.step(model.step(state, 2)[0], 3)
    assert np.array_equal(model.step(state, 1)[1], first)


def test_a_bigram_counts_pairs_by_hand():
    p = probabilities(Bigram([[1, 2], [1, 1], [2, 1]], N, alpha=0.5), [1])
    assert p == pytest.approx(np.array([0.5, 1.5, 1.5, 0.5, 0.5]) / 4.5)
    assert probabilities(Bigram([[1, 2], [1, 1], [2, 1]], N, alpha=0.5), []) == pytest.approx(
        np.array([0.5, 2.5, 1.5, 0.5, 0.5]) / 5.5
    )


def test_a_bigram_that_saw_nothing_is_uniform():
    assert nats(Bigram([], N), [1, 2, 3]) == pytest.approx([log(N)] * 3)


def test_kneser_ney_of_order_1_discounts_symbols_by_hand():
    p = probabilities(KneserNey([[1, 1, 1, 2]], N, order=1), [])
    # 3 and 1 of 4, each less 1/2; the two halves that are left, 1/4 of all, go to five symbols alike
    assert p == pytest.approx([0.05, 2.5 / 4 + 0.05, 0.5 / 4 + 0.05, 0.05, 0.05])


def test_kneser_ney_counts_in_how_many_places_a_symbol_was_seen_not_how_often():
    # 3 is frequent but only follows 2; 4 is rare but follows 1, 2 and 3: in a new place 4 is likelier
    model = KneserNey([[2, 3, 2, 3, 2, 3, 2, 3], [1, 4], [2, 4], [3, 4]], N, order=2)
    p = probabilities(model, [4])
    assert p[4] > p[3]


def slow_kneser_ney(tunes, n_symbols, order, text):
    """The formula of Chen & Goodman (1999), written out for the last symbol of `text`."""
    counts = [None] * (order + 1)
    counts[order] = Counter(
        tuple(padded[i : i + order]) for tune in tunes for padded in [[0] * (order - 1) + tune] for i in range(len(tune))
    )
    for k in range(order - 1, 0, -1):
        before = defaultdict(set)
        for gram in counts[k + 1]:
            before[gram[1:]].add(gram[0])
        counts[k] = {gram: len(symbols) for gram, symbols in before.items()}
    p = 1 / n_symbols
    for k in range(1, order + 1):
        gram = tuple(text[len(text) - k :])
        total = sum(count for other, count in counts[k].items() if other[:-1] == gram[:-1])
        if not total:
            break
        kinds = sum(other[:-1] == gram[:-1] for other in counts[k])
        once, twice = (sum(count == n for count in counts[k].values()) for n in (1, 2))
        discount = once / (once + 2 * twice) if once and k > 1 else 0.5
        p = max(counts[k].get(gram, 0) - discount, 0) / total + discount * kinds / total * p
    return p


@given(tunes, st.lists(st.integers(1, N - 1), min_size=1, max_size=8), st.integers(1, 4))
def test_kneser_ney_agrees_with_the_formula_written_out(tunes, ids, order):
    p = probabilities(KneserNey(tunes, N, order), ids[:-1])
    assert p[ids[-1]] == pytest.approx(slow_kneser_ney(tunes, N, order, [0] * order + ids))


class Flat:
    """Knows nothing."""

    def start(self):
        return None

    def step(self, state, id):
        return None, np.full(N, -log(N))


def test_a_cache_counts_this_tune_by_hand():
    # after "1 2 1 2 1": 1 was followed by 2 twice, and "2 1" and "1 2 1" by 2 once
    p = probabilities(Cached(Flat(), order=4, weight=2), [1, 2, 1, 2, 1])[2]
    expected = 1 / N
    for seen in (2, 1, 1):
        expected = (seen + 2 * expected) / (seen + 2)
    assert p == pytest.approx(expected)


def test_a_cache_expects_more_that_is_new_where_much_was_new():
    # 1 was followed by 2, 3 and 4: weight 2 times 3 kinds against 3 times seen
    p = probabilities(Cached(Flat(), order=2, weight=2), [1, 2, 1, 3, 1, 4, 1])
    assert p[1] == pytest.approx(6 / 9 / N)
    assert p[2] == pytest.approx(6 / 9 / N + 1 / 9)


def test_a_cache_forgets_between_tunes_and_learns_within_one():
    model = Cached(Flat())
    first = nats(model, [1, 2, 3] * 6)
    assert np.array_equal(nats(model, [1, 2, 3] * 6), first)
    assert first[:3] == pytest.approx(np.full(3, log(N)))
    assert first[-1] < 0.1


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: Bigram([], N, alpha=0), "alpha 0: expected a number above 0"),
        (lambda: KneserNey([], N, order=0), "order 0: expected at least 1"),
        (lambda: Cached(Flat(), order=1), "order 1 and weight"),
        (lambda: Cached(Flat(), weight=0), "weight 0"),
    ],
)
def test_settings_without_sense_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
