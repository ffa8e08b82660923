import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.generate import Place, continue_from, generate, mask_logits, read, sample, temperature_probs


class Table:
    """A bigram table: `logits[id]` are those of what follows `id`."""

    def __init__(self, logits):
        self.logits, self.seen = np.asarray(logits, dtype=float), []

    def start(self):
        return "nothing read"

    def step(self, state, id):
        self.seen.append(id)
        return f"read {id}", self.logits[id]


class Counting:
    """A model with a memory: the state counts the steps, and the logits depend on it."""

    def start(self):
        return 0

    def step(self, state, id):
        return state + 1, np.sin(np.arange(7) * (state + 1) + id)


class UpTo:
    """Controls: only rising ids, done at the last."""

    def __init__(self, n):
        self.n = n

    def start(self):
        return -1

    def step(self, state, id):
        return id

    def allowed(self, state):
        return np.arange(self.n) > state

    def done(self, state):
        return state == self.n - 1


def test_chances_at_a_temperature_are_powers_of_the_chances_made_to_add_up_to_1():
    chances = np.array([0.5, 0.3, 0.2, 0.0])
    with np.errstate(divide="ignore"):
        logits = np.log(chances) + 5
    assert np.allclose(temperature_probs(logits, 1), chances)
    assert np.allclose(temperature_probs(logits, 0.5), chances**2 / (chances**2).sum())
    assert np.allclose(temperature_probs(logits, 2), chances**0.5 / (chances**0.5).sum())
    assert np.allclose(temperature_probs([5000, 4990], 1e-9), [1, 0]) and np.allclose(temperature_probs([-2000, -2000], 3), 0.5)


def test_draws_and_chances_are_the_same_thing():
    logits, rng = np.random.default_rng(1).normal(size=5), np.random.default_rng(2)
    drawn = np.bincount([sample(logits, 0.7, rng) for _ in range(20_000)], minlength=5) / 20_000
    assert np.abs(drawn - temperature_probs(logits, 0.7)).max() < 0.015


@pytest.mark.parametrize("t", [0, -1, np.nan, np.inf])
def test_chances_need_a_temperature_above_zero(t):
    with pytest.raises(ValueError, match="expected a number above 0"):
        temperature_probs([1.0, 2.0], t)


def test_chances_of_nothing_are_refused():
    with pytest.raises(ValueError, match="was every symbol masked"):
        temperature_probs([-np.inf, -np.inf], 1)


def test_draws_follow_the_softmax_of_the_logits():
    logits, rng = np.log([0.5, 0.3, 0.2]), np.random.default_rng(0)
    drawn = np.bincount([sample(logits, rng=rng) for _ in range(20_000)], minlength=3) / 20_000
    assert np.abs(drawn - [0.5, 0.3, 0.2]).max() < 0.015
    cold = np.bincount([sample(logits, 0.5, rng) for _ in range(20_000)], minlength=3) / 20_000
    assert np.abs(cold - np.array([25, 9, 4]) / 38).max() < 0.015  # squared and made to sum to 1 again


@given(
    st.lists(st.one_of(st.floats(-1e300, 1e300), st.just(-np.inf)), min_size=1, max_size=9),
    st.floats(0, 1e6),
    st.integers(0, 99),
)
def test_a_masked_symbol_is_never_drawn(logits, temperature, seed):
    if np.isfinite(max(logits)):
        id = sample(logits, temperature, np.random.default_rng(seed))
        assert type(id) is int and np.isfinite(logits[id])


def test_a_draw_at_the_very_edge_stays_among_the_possible():
    class Edge:
        def random(self):
            return 1.0  # numpy never gives it, but rounding may come as near

    assert sample([0.0, 0.0, -np.inf], rng=Edge()) == 1

    class Zero:
        def random(self):
            return 0.0

    assert sample([-np.inf, 0.0, 0.0], rng=Zero()) == 1


def test_temperature_zero_takes_the_best_and_tiny_ones_do_not_overflow():
    assert sample([1.0, 3.0, 2.0], 0) == 1
    with np.errstate(all="raise", under="ignore"):
        assert sample([1.0, 3.0, 2.0], 1e-310) == 1


@pytest.mark.parametrize("temperature", [-0.1, float("nan"), float("inf")])
def test_a_senseless_temperature_is_refused_by_value(temperature):
    with pytest.raises(ValueError, match=f"temperature {temperature}: expected 0 .* or more"):
        sample([0.0, 1.0], temperature)


@pytest.mark.parametrize("logits", [[-np.inf, -np.inf], [0.0, np.nan], [0.0, np.inf], []])
def test_logits_without_a_finite_best_are_refused(logits):
    with pytest.raises(ValueError, match="expected a finite one"):
        sample(logits)


def test_a_mask_leaves_allowed_logits_and_the_given_array_as_they_are():
    logits = np.array([1.0, 2.0, 3.0])
    assert mask_logits(logits, [True, False, True]).tolist() == [1.0, -np.inf, 3.0]
    assert logits.tolist() == [1.0, 2.0, 3.0]


def test_a_mask_that_allows_nothing_says_what_to_do():
    with pytest.raises(ValueError, match="none of the 2 symbols is allowed: loosen the controls"):
        mask_logits([1.0, 2.0], [False, False])
    with pytest.raises(ValueError, match=r"allowed has shape \(3,\), expected that of the logits, \(2,\)"):
        mask_logits([1.0, 2.0], [True, True, False])


def test_the_model_reads_start_then_the_prompt_then_what_was_drawn():
    table = Table(np.eye(5)[[1, 2, 3, 4, 0]] * 1000)  # each id is followed by the next
    assert generate(table, [1, 2], 2) == [3, 4]
    assert table.seen == [0, 1, 2, 3]


def test_without_a_prompt_the_first_symbol_follows_start():
    assert generate(Table(np.eye(5)[[3, 2, 3, 4, 0]] * 1000), [], 1) == [3]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 999), st.booleans())
def test_generation_in_pieces_equals_one_go(chunks, seed, controlled):
    model, controls = Counting(), UpTo(7) if controlled else None
    whole = generate(model, [1], sum(chunks), controls=controls, rng=np.random.default_rng(seed))
    rng, place, pieces = np.random.default_rng(seed), read(model, [1], controls=controls), []
    for n in chunks:
        ids, place = continue_from(model, place, n, controls=controls, rng=rng)
        pieces += ids
    assert pieces == whole


def test_the_state_given_can_be_used_again():
    place = read(Counting(), [2, 3])
    first, _ = continue_from(Counting(), place, 9, rng=np.random.default_rng(5))
    assert place == Place(2, 3, None)
    assert continue_from(Counting(), place, 9, rng=np.random.default_rng(5))[0] == first


def test_your_own_sample_is_the_one_that_is_called():
    calls = []

    def mine(logits, temperature=1.0, rng=None):
        calls.append(rng)
        return int(np.argmin(logits))

    rng = np.random.default_rng(0)
    assert generate(Table(np.eye(2)), [], 3, sample=mine, rng=rng) == [1, 0, 1]
    assert calls == [rng] * 3


def test_controls_hold_whatever_the_model_prefers_and_end_the_piece():
    table = Table(np.full((4, 4), -50.0) + 100 * np.eye(4)[0])  # always wants 0
    ids = generate(table, [], 99, controls=UpTo(4), rng=np.random.default_rng(0))
    assert ids == sorted(set(ids)) and ids[-1] == 3
    assert generate(table, [3], 99, controls=UpTo(4)) == []


def test_a_negative_number_of_symbols_is_refused():
    with pytest.raises(ValueError, match="n is -1: expected the number of symbols"):
        generate(Counting(), [], -1)
