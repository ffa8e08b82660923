"""Hard rules for four singers: kept whatever the network wants, and never a dead end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab.chorales import LAYOUT, sounding
from musiclab.generate import generate, sample
from musiclab.part_rules import HOLD, MOVE, RANGES, STRIKE, PartRules

AGAIN, NONE = LAYOUT.again_id, LAYOUT.none


def id_of(pitch):
    return pitch - LAYOUT.lowest + 1


class Noise:
    """A model that says anything, at length and at random, but the same for one seed."""

    def __init__(self, seed, strength=1.0, liked=None):
        self.seed, self.strength, self.liked = seed, strength, liked

    def start(self, given=None):
        return 0

    def step(self, state, id):
        logits = self.strength * np.random.default_rng([self.seed, state]).normal(size=LAYOUT.n_symbols)
        if self.liked is not None:
            logits[self.liked] += 50
        return state + 1, logits


class Checked(PartRules):
    """The rules, which count how few ids they ever left."""

    fewest = LAYOUT.n_symbols

    def allowed(self, state):
        mask = super().allowed(state)
        self.fewest = min(self.fewest, int(mask.sum()))
        return mask


def sung(rules, n_frames, model):
    draw = lambda logits, rng: sample(logits, 1.0, rng)
    ids = generate(model, [], 4 * n_frames + 9, sample=draw, controls=rules, rng=np.random.default_rng(model.seed))
    return np.array(ids).reshape(-1, 4)


acts = st.lists(st.sampled_from([MOVE, STRIKE, HOLD]), min_size=1, max_size=24).map(lambda acts: [STRIKE, *acts[1:]])


@given(
    acts,
    st.integers(-6, 5),
    st.integers(0, 2**20),
    st.sampled_from([None, NONE, AGAIN, 1, LAYOUT.n_pitches]),
    st.sampled_from([1, 30]),
)
def test_four_singers_keep_the_rules_whatever_the_network_wants(acts, shift, seed, liked, strength):
    ranges = [(low + shift, high + shift) for low, high in RANGES]
    rules = Checked(acts, ranges)
    frames = sung(rules, len(acts), Noise(seed, strength, liked))
    assert rules.fewest >= 1 and len(frames) == len(acts)
    pitches = sounding(frames) + LAYOUT.lowest - 1
    soprano, bass, alto, tenor = pitches.T
    for line, (low, high) in zip(pitches.T, ranges):
        assert (low <= line).all() and (line <= high).all()
    assert (soprano >= alto).all() and (alto >= tenor).all() and (tenor >= bass).all()
    struck = np.append([[True] * 4], frames[1:] != sounding(frames)[:-1], axis=0)
    for act, row in zip(acts, struck):
        assert row.all() if act == STRIKE else not row.any() if act == HOLD else True
    last = max(i for i, act in enumerate(acts) if act == STRIKE)
    classes = set(pitches[last] % 12)
    assert bass[last] % 12 == 0 and (classes <= {0, 4, 7} or classes <= {0, 3, 7}) and classes & {3, 4}


@given(
    acts, st.lists(st.tuples(st.integers(1, LAYOUT.n_pitches), st.booleans()), min_size=24, max_size=24), st.integers(0, 2**20)
)
def test_under_a_given_melody_of_any_kind_there_is_always_a_way_below_it(acts, notes, seed):
    line = [notes[0][0]]
    for id, again in notes[1 : len(acts)]:
        line.append(AGAIN if again else id)
    rules = Checked(acts, melody=line)
    frames = sung(rules, len(acts), Noise(seed, 5))
    assert rules.fewest >= 1 and frames[:, 0].tolist() == line[: len(acts)]
    soprano, bass, alto, tenor = sounding(frames).T
    assert (alto >= tenor).all() and (tenor >= bass).all()
    assert (soprano >= alto).all()  # while a chord is held too: it was put below the lowest note to come


def test_parallel_fifths_and_octaves_are_avoided_while_there_is_another_way():
    rules = PartRules([STRIKE, MOVE], melody=[id_of(72), id_of(74)])
    state = rules.start()
    for pitch in (72, 53, 69, 60):
        state = rules.step(state, id_of(pitch))
    state = rules.step(state, id_of(74))  # the fifth from F to C cannot go up to G and D ...
    allowed = rules.allowed(state)
    assert not allowed[id_of(55)] and not allowed[id_of(43)] and allowed[id_of(53)] and allowed[id_of(57)]
    narrow = PartRules([STRIKE, MOVE], [(60, 81), (55, 55), (53, 74), (48, 69)], melody=[id_of(72), id_of(74)])
    moved = narrow.step(narrow.start()._replace(frame=1, before=tuple(map(id_of, (72, 53, 69, 60)))), id_of(74))
    assert np.flatnonzero(narrow.allowed(moved)).tolist() == [id_of(55)]  # ... unless there is nothing else


def test_nothing_is_struck_again_at_the_beginning_and_a_pitch_that_stays_can_be():
    rules = PartRules([MOVE, MOVE, STRIKE])
    assert not rules.allowed(rules.start())[[0, NONE, AGAIN]].any()
    state = rules.start()
    for pitch in (72, 48, 67, 64):
        state = rules.step(state, id_of(pitch))
    assert rules.allowed(state)[[id_of(72), AGAIN]].all()
    for _ in range(4):
        state = rules.step(state, AGAIN)
    assert state.before == tuple(map(id_of, (72, 48, 67, 64)))
    allowed = rules.allowed(state)
    assert allowed[AGAIN] and not allowed[id_of(72)]  # struck: not held on


def test_a_silent_voice_stays_silent_while_nothing_moves():
    rules = PartRules([MOVE, HOLD])
    state = rules.start()
    for id in (id_of(72), NONE, id_of(67), id_of(64)):
        state = rules.step(state, id)
    state = rules.step(state, id_of(72))
    assert np.flatnonzero(rules.allowed(state)).tolist() == [NONE]


def test_ranges_without_a_tonic_triad_are_refused():
    with pytest.raises(ValueError, match="no tonic triad lies within them; widen one"):
        PartRules([STRIKE], [(61, 62), (38, 62), (53, 74), (48, 69)])


@settings(max_examples=20)
@given(st.integers(60, 88), st.integers(0, 99))
def test_a_tune_that_ends_on_another_note_gets_another_chord(pitch, seed):
    frames = sung(PartRules([STRIKE], melody=[id_of(pitch)]), 1, Noise(seed))
    classes = set((frames[0] + LAYOUT.lowest - 1) % 12)
    closes = any({0} < classes <= set(triad) for triad in ((0, 4, 7), (0, 3, 7))) and bool(classes & {3, 4})
    assert closes == (pitch % 12 in (0, 3, 4, 7))
