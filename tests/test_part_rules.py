"""Hard rules for four singers: kept whatever the network wants, and never a dead end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab.choir import part_rules
from musiclab.choir.frames import LAYOUT, sounding
from musiclab.choir.part_rules import (
    ABROAD,
    CADENCE,
    FOREIGN,
    HIDDEN,
    HOLD,
    LEAP,
    MOVE,
    OVERLAP,
    RANGES,
    REPEAT,
    RESTLESS,
    ROUGH,
    SPACING,
    STRAIN,
    STRIKE,
    PartRules,
    State,
)
from musiclab.generate import generate, sample
from musiclab.key import MODES

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


@settings(max_examples=40)
@given(st.integers(60, 88), st.integers(0, 99), st.sampled_from(list(MODES)))
def test_a_tune_that_ends_on_another_note_gets_another_triad(pitch, seed, mode):
    frames = sung(PartRules([STRIKE], melody=[id_of(pitch)], mode=mode), 1, Noise(seed))
    soprano, bass, *_ = frames[0] + LAYOUT.lowest - 1
    classes = {int(x - bass) % 12 for x in frames[0] + LAYOUT.lowest - 1}
    assert classes <= {0, 4, 7} or classes <= {0, 3, 7} and classes & {3, 4}
    assert (bass % 12 == 0) == (pitch % 12 in (0, 3, 4, 7))
    if pitch % 12 in (0, 7) and mode in ("major", "mixolydian"):
        assert 3 not in classes


@pytest.mark.parametrize(("mode", "thirds"), [("major", {4}), ("mixolydian", {4}), ("minor", {3}), ("dorian", {3})])
def test_the_first_chord_is_in_the_mode(mode, thirds):
    for seed in range(20):
        frames = sung(PartRules([STRIKE, STRIKE], melody=[id_of(67), id_of(72)], mode=mode), 2, Noise(seed, 9))
        assert not {int(x) % 12 for x in frames[0] + LAYOUT.lowest - 1} & ({3, 4} - thirds)


def before_an_alto(*, then, now):
    """The costs of the alto (soprano, bass, alto, tenor before; soprano and bass now), as a function of its MIDI pitch."""
    rules = PartRules([STRIKE, MOVE, STRIKE])
    costs = rules.costs(State(1, tuple(map(id_of, then)), tuple(map(id_of, now))))
    return lambda pitch: costs[id_of(pitch)]


def test_what_is_allowed_but_not_liked_has_a_cost():
    cost = before_an_alto(then=(72, 48, 67, 60), now=(76, 48))
    assert cost(67) == cost(69) == cost(65) == 0
    assert cost(74) == pytest.approx(OVERLAP + LEAP[2] + 5 * STRAIN[2])  # above where the soprano was; as high as an alto can
    assert cost(62) == SPACING + LEAP[2] and cost(59) == SPACING + OVERLAP + LEAP[2]  # too far below the soprano; below the tenor
    assert cost(66) == FOREIGN  # an F sharp in C major
    held = PartRules([STRIKE, MOVE, STRIKE]).costs(State(1, tuple(map(id_of, (76, 48, 70, 60))), tuple(map(id_of, (76, 48)))))
    assert held[id_of(70)] == 0 and held[AGAIN] == FOREIGN + STRAIN[2] + REPEAT  # paid once, unless it is struck again
    rules = PartRules([STRIKE, *[MOVE] * 8, STRIKE])
    costs = rules.costs(State(1, tuple(map(id_of, (67, 48, 64, 60))), (id_of(72),)))
    assert costs[id_of(53)] == HIDDEN + LEAP[1]  # the soprano leaps up to C, the bass goes up to F below it: a hidden fifth
    assert costs[id_of(45)] == costs[id_of(52)] == LEAP[1] and costs[id_of(47)] == costs[id_of(50)] == 0


@pytest.mark.parametrize("melody", [None, [id_of(67)] * 4])
def test_a_phrase_comes_to_rest_on_a_whole_triad_in_root_position(melody):
    rules, abroad = PartRules([STRIKE, HOLD, STRIKE, HOLD], melody=melody), 0 if melody else ABROAD
    cost = lambda pitch, *now: rules.costs(State(0, (), tuple(map(id_of, now))))[id_of(pitch)]
    assert cost(48, 67) == cost(55, 67) == 0 and cost(52, 67) == abroad  # C, E and G bear a soprano on G
    assert cost(53, 67) == RESTLESS + abroad  # F does not
    assert cost(60, 67, 48) == cost(64, 67, 48) == cost(67, 67, 48) == 0 and cost(65, 67, 48) == RESTLESS
    assert cost(60, 67, 48, 64) == cost(55, 67, 48, 64) == 0 and cost(57, 67, 48, 64) == RESTLESS
    assert cost(64, 67, 48, 67) == 0 and cost(60, 67, 48, 67) == RESTLESS  # the third is still wanted
    assert cost(62, 67, 55) == 0 and cost(67, 67, 55) == RESTLESS  # three on G leave no room for both third and fifth


@pytest.mark.parametrize(
    "now, seventh", [((67, 55, 65, 59), 2), ((65, 43, 62, 59), 0), ((71, 53, 67, 62), 1), ((67, 55, 65, 62), None)]
)
def test_the_seventh_of_a_dominant_seventh_stays_or_falls_by_a_step(now, seventh, monkeypatch):
    monkeypatch.setattr(part_rules, "UNRESOLVED", 100.0)  # more than all others together
    before = tuple(map(id_of, now))
    for slot in range(1, 4):
        free = PartRules([STRIKE, *[MOVE] * 8, STRIKE]).costs(State(1, before, before[:slot]))
        bound = PartRules([STRIKE, *[MOVE] * 8, STRIKE], melody=[before[0]] * 10).costs(State(1, before, before[:slot]))
        for step in (-4, -2, -1, 0, 1, 2, 4):
            dear = free[before[slot] + step] >= 100
            assert dear == (slot == seventh and step not in (-2, -1, 0))
            assert bound[before[slot] + step] < 100


def test_under_a_melody_the_network_knows_better():
    before, now = tuple(map(id_of, (67, 48, 64, 60))), (id_of(67), id_of(48))
    costs = lambda melody: PartRules([STRIKE, *[MOVE] * 8, STRIKE], melody=melody).costs(State(4, before, now))
    drawn, sought = costs(None), costs([id_of(67)] * 10)
    assert sought[id_of(67)] == sought[AGAIN] == sought[id_of(65)] == 0
    assert drawn[id_of(67)] == LEAP[2] and drawn[AGAIN] == REPEAT and drawn[id_of(65)] == ROUGH  # a leap, a note again, a clash


def test_what_clashes_on_a_beat_was_there_before():
    rules = PartRules([STRIKE, *[MOVE] * 8, STRIKE])
    costs = lambda frame, *held: rules.costs(State(frame, tuple(map(id_of, (72, 48, *held))), tuple(map(id_of, (72, 48)))))
    assert costs(4, 64, 60)[id_of(65)] == 0 and costs(4, 64, 60)[id_of(62)] == ROUGH
    assert costs(5, 64, 60)[id_of(62)] == 0  # a passing note
    assert costs(4, 62, 60)[id_of(62)] == 0 and costs(4, 62, 60)[AGAIN] == ROUGH + REPEAT  # prepared, unless it is struck


def test_the_dominant_is_asked_for_before_the_last_chord_if_the_melody_lets_it():
    costs = lambda rules, frame: rules.costs(State(frame, tuple(map(id_of, (71, 48, 67, 64))), (id_of(71),)))
    close = [STRIKE, HOLD, MOVE, *[HOLD] * 3, STRIKE]
    with_leading_note = PartRules(close, melody=[id_of(x) for x in (72, 72, 71, 71, 71, 71, 72)])
    assert costs(with_leading_note, 2)[id_of(55)] == 0 and costs(with_leading_note, 2)[id_of(48)] == CADENCE
    assert costs(with_leading_note, 0)[id_of(52)] == 0
    without = PartRules(close, melody=[id_of(x) for x in (72, 72, 69, 69, 69, 69, 72)])
    elsewhere = PartRules(close, melody=[id_of(x) for x in (72, 72, 71, 71, 71, 71, 69)])
    assert costs(without, 2)[id_of(48)] == costs(elsewhere, 2)[id_of(48)] == 0
