from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.controls import TuneControls, bars_symbol
from musiclab.filling import after
from musiclab.generate import generate
from musiclab.piece import Meter
from musiclab.symbols import C5, MAX_BARS, Vocabulary, decode, encode

METERS = ["2/2", "4/4", "2/4", "3/4", "6/8", "9/8", "12/8", "3/8", "5/4", "7/8"]
LENGTHS = ["1/32", "1/24", "1/16", "1/12", "3/32", "1/8", "3/16", "1/4", "3/8", "1/2", "3/4", "1", "1/48", "5/16"]
PITCHES = ["G4", "A4", "B4", "C5", "D5", "E5", "F#5", "G5", "A5", "C6", "C4"]
HEAD = ["<reel>", "<major>", "<minor>", "<tune>", *(f"<{meter}>" for meter in METERS), "<4 bars>", "<16 bars>"]
VOCABULARY = Vocabulary([*HEAD, *PITCHES, *LENGTHS, "R", "~"])


class Chance:
    """A model that has learned nothing: other random logits at each step."""

    def __init__(self, seed, n, spread=3.0):
        self.rng, self.n, self.spread = np.random.default_rng(seed), n, spread

    def start(self):
        return None

    def step(self, state, id):
        return None, self.rng.normal(0, self.spread, self.n)


def write(seed, vocabulary=VOCABULARY, **settings):
    """Symbols of a tune under controls, from a model that knows nothing."""
    settings = {"style": "reel", "meter": Meter(4, 4), "mode": "major", "bars": 4} | settings
    controls = TuneControls(vocabulary, **settings)
    ids = generate(Chance(seed, len(vocabulary)), [], 100_000, controls=controls, rng=np.random.default_rng(seed))
    return vocabulary.names(ids)


def events(symbols):
    """Each bar as a list of (pitch, ticks)."""
    bars, ticks = [[]], {length: int(Fraction(length) * 96) for length in LENGTHS}
    for symbol, following in zip(symbols[4:], symbols[5:]):
        if symbol == "|":
            bars.append([])
        elif following in ticks:
            bars[-1].append((symbol, ticks[following]))
    return [bar for bar in bars if bar]


@given(
    seed=st.integers(0, 2**32),
    meter=st.sampled_from(METERS),
    bars=st.integers(1, 5),
    pickups=st.lists(st.sampled_from([0, 6, 12, 24, 36]), min_size=1, max_size=3),
    closing=st.sampled_from([0, 12, 24, 36]),
)
def test_any_model_writes_full_bars_that_end_on_the_tonic(seed, meter, bars, pickups, closing):
    meter = Meter.parse(meter)
    symbols = write(seed, meter=meter, bars=bars, pickup=[p for p in pickups if p < meter.bar] or 0, closing=closing)
    written = events(symbols)
    pickup = sum(ticks for _, ticks in written[0]) % meter.bar if len(written) > bars else 0
    assert len(written) == bars + (pickup > 0)
    assert pickup == 0 or pickup in pickups
    totals = [sum(ticks for _, ticks in bar) for bar in written]
    assert totals[pickup > 0 : -1] == [meter.bar] * (bars - 1)
    assert totals[-1] == meter.bar - pickup
    sounding = [pitch for bar in written for pitch, _ in bar if pitch != "~"][-1]
    assert sounding in ("C4", "C5", "C6") and written[-1][-1][1] >= min(closing, totals[-1])
    assert symbols[-2:] == ["|", "<end>"] and symbols.count("<end>") == 1


@given(
    seed=st.integers(0, 2**32),
    lengths=st.sets(st.sampled_from(LENGTHS), min_size=1),
    pitches=st.sets(st.sampled_from(PITCHES)),
    meter=st.sampled_from(METERS),
    bars=st.integers(1, 3),
    pickup=st.sampled_from([0, 3, 5, 12, 24, 48]),
)
def test_there_are_no_dead_ends_whatever_the_vocabulary(seed, lengths, pitches, meter, bars, pickup):
    vocabulary = Vocabulary([*HEAD, *lengths, *pitches, "C5", *(["~"] if seed % 2 else []), *(["R"] if seed % 3 else [])])
    try:
        symbols = write(seed, vocabulary, meter=Meter.parse(meter), bars=bars, pickup=pickup)
    except ValueError as error:
        assert "cannot be filled by notes" in str(error)  # said before the first symbol, never on the way
    else:
        assert symbols[-1] == "<end>"


@given(st.integers(0, 2**32), st.sampled_from([0, 12, (0, 12, 24)]))
def test_what_is_written_under_controls_survives_the_codec(seed, pickup):
    symbols = write(seed, pickup=pickup)
    piece = decode(symbols, C5)
    assert (piece.style, piece.meter, piece.key.mode) == ("reel", Meter(4, 4), "major")
    assert len(piece.bars) == 4 + (piece.pickup > 0)
    assert decode(*encode(piece)) == piece


@given(st.integers(0, 2**32))
def test_a_hold_stands_only_behind_a_bar_line_after_a_note(seed):
    bars = events(write(seed, bars=6))
    for before, bar in zip([[("R", 0)], *bars], bars):
        assert all(pitch != "~" for pitch, _ in bar[1:])
        assert bar[0][0] != "~" or before[-1][0] != "R"


@given(st.integers(0, 2**32), st.sampled_from(["2/4", "4/4", "6/8"]))
def test_triplets_are_whole_and_stay_within_their_beat(seed, meter):
    for bar in events(write(seed, meter=Meter.parse(meter))):
        place, opened, notes = 0, None, 0
        for _, ticks in bar:
            if ticks % 3:
                opened, notes = (place, 1) if opened is None else (opened, notes + 1)
            else:
                assert opened is None
            place += ticks
            if opened is not None and (place - opened) % 3 == 0:
                assert notes > 1 and place - opened in (6, 12, 24) and opened % min(place - opened, 12) == 0
                opened = None
        assert opened is None


PLACES = {"2/4": 12, "4/4": 12, "6/8": 12, "3/4": 24}  # meter -> ticks between the places where notes may begin


@given(
    seed=st.integers(0, 2**32),
    meter=st.sampled_from(sorted(PLACES)),
    bars=st.integers(1, 4),
    pickup=st.sampled_from([0, 12, 24, (0, 24)]),
    fewest=st.integers(1, 6),
    more=st.integers(0, 4),
)
def test_density_is_kept_in_every_bar_but_pickup_and_last(seed, meter, bars, pickup, fewest, more):
    try:
        symbols = write(seed, meter=Meter.parse(meter), bars=bars, pickup=pickup, density=(fewest, fewest + more))
    except ValueError as error:
        assert f"{fewest} to {fewest + more} of them a bar: allow others" in str(error)
    else:
        written = events(symbols)
        assert symbols[-1] == "<end>"
        struck = [sum(pitch not in ("R", "~") for pitch, _ in bar) for bar in written]
        assert all(fewest <= n <= fewest + more for n in struck[len(written) > bars : -1])


@given(
    seed=st.integers(0, 2**32),
    meter=st.sampled_from(sorted(PLACES)),
    bars=st.integers(1, 4),
    pickup=st.sampled_from([0, 12, 24, (0, 24)]),
    density=st.sampled_from([None, (2, 3)]),
)
def test_notes_begin_only_where_they_may(seed, meter, bars, pickup, density):
    every, meter = PLACES[meter], Meter.parse(meter)
    places = range(0, meter.bar, every)
    try:
        symbols = write(seed, meter=meter, bars=bars, pickup=pickup, places=places, density=density)
    except ValueError as error:
        assert "allow others" in str(error)
    else:
        written = events(symbols)
        for i, bar in enumerate(written):
            ticks = [ticks for _, ticks in bar]
            shift = meter.bar - sum(ticks) if i == 0 and len(written) > bars else 0
            assert all((shift + sum(ticks[:k])) % every == 0 for k in range(len(ticks)))


@pytest.mark.parametrize(
    ("read", "following"),
    [
        ("D5", ["1/6", "1/4"]),
        ("D5 1/6 D5", ["1/12"]),  # the triplet is completed
        ("D5 1/6 D5 1/12 D5", ["1/4"]),  # the third of three notes fills the bar
        ("D5 1/4 D5", ["1/6"]),  # a quarter note would make two
        ("D5 1/4 D5 1/6 D5 1/12", ["|"]),
    ],
)
def test_a_bar_of_three_swinging_notes_by_hand(read, following):
    vocabulary = Vocabulary(["<reel>", "<2/4>", "<major>", "<2 bars>", "C5", "D5", "1/12", "1/8", "1/6", "1/4", "1/2"])
    controls = TuneControls(
        vocabulary, style="reel", meter=Meter(2, 4), mode="major", bars=2, places=[0, 16, 24, 40], density=(3, 3)
    )
    state = controls.start()
    for id in [*controls.head, *vocabulary.ids(read.split())]:
        assert controls.allowed(state)[id]
        state = controls.step(state, id)
    assert vocabulary.names(controls.allowed(state).nonzero()[0]) == following


def test_density_and_places_that_no_bar_can_have_are_refused():
    with pytest.raises(ValueError, match="at 0, 1/4 of a bar: allow others"):
        write(0, places=[0, 24], lengths={24})
    with pytest.raises(ValueError, match="that last 1/4 of a whole note, 5 to 6 of them a bar: allow others"):
        write(0, density=(5, 6), lengths={24})


def test_range_and_rhythm_are_kept():
    symbols = write(1, pitches=range(71, 76), lengths={24, 12}, bars=16)
    assert set(symbols[4:]) <= {"B4", "C5", "D5", "R", "~", "1/4", "1/8", "|", "<end>"}


def test_the_head_comes_first_and_in_order():
    assert write(3, style="", mode="minor", meter=Meter(6, 8), bars=14)[:4] == ["<tune>", "<6/8>", "<minor>", "<16 bars>"]
    assert [bars_symbol(VOCABULARY, n) for n in (1, 10, 11, MAX_BARS)] == ["<4 bars>", "<4 bars>", "<16 bars>", "<16 bars>"]


def test_states_are_never_changed_in_place():
    controls = TuneControls(VOCABULARY, style="reel", meter=Meter(4, 4), mode="major", bars=1)
    state = controls.start()
    later = controls.step(state, controls.head[0])
    assert (state.read, later.read) == (0, 1)
    before = controls.allowed(later).copy()
    controls.step(later, controls.head[1])
    assert (controls.allowed(later) == before).all()


def test_the_controls_of_a_two_bar_tune_by_hand():
    vocabulary = Vocabulary(["<reel>", "<2/4>", "<major>", "<2 bars>", "C5", "D5", "R", "~", "1/4", "1/2"])
    controls = TuneControls(vocabulary, style="reel", meter=Meter(2, 4), mode="major", bars=2)
    expected = [  # symbol read -> symbols that may follow
        ("<start>", ["<reel>"]),
        ("<reel>", ["<2/4>"]),
        ("<2/4>", ["<major>"]),
        ("<major>", ["<2 bars>"]),
        ("<2 bars>", ["R", "C5", "D5"]),
        ("D5", ["1/4", "1/2"]),
        ("1/4", ["R", "C5", "D5"]),
        ("C5", ["1/4"]),
        ("1/4", ["|"]),
        ("|", ["R", "~", "C5", "D5"]),
        ("~", ["1/4", "1/2"]),  # a C held through the bar would close it
        ("1/4", ["C5"]),
        ("C5", ["1/4"]),
        ("1/4", ["|"]),
        ("|", ["<end>"]),
    ]
    state = controls.start()
    for symbol, following in expected:
        if symbol != "<start>":
            state = controls.step(state, vocabulary.ids([symbol])[0])
        assert vocabulary.names(controls.allowed(state).nonzero()[0]) == following
    assert not controls.done(state)
    assert controls.done(controls.step(state, vocabulary.ids(["<end>"])[0]))


def test_a_tune_may_choose_among_pickups_but_not_others():
    found = {decode(write(seed, pickup=(0, 12, 24), bars=1), C5).pickup for seed in range(200)}
    assert found == {0, 12, 24}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bars": 0}, "bars is 0: expected 1 or more"),
        ({"pitches": [74]}, "no C, the tonic on which a tune ends, is among the allowed pitches"),
        ({"lengths": [9]}, "bars of 4/4 with pickup none cannot be filled by notes that last 3/32 of a whole note"),
        ({"lengths": []}, "cannot be filled by notes that last none"),
        ({"pickup": 5}, "with pickup 5/96 cannot be filled"),
        ({"pickup": 96}, "with pickup 1 cannot be filled"),
        ({"pickup": ()}, "cannot be filled"),
    ],
)
def test_rules_that_no_tune_can_keep_are_refused_at_once(settings, message):
    with pytest.raises(ValueError, match=message):
        write(0, **settings)


def test_lengths_without_a_symbol_are_made_up_of_others():
    controls = TuneControls(VOCABULARY, style="reel", meter=Meter(4, 4), mode="major", bars=1)
    assert VOCABULARY.names(controls.parts(60)) == ["1/2", "1/8"]
    assert VOCABULARY.names(controls.parts(36)) == ["3/8"]
    assert controls.parts(1) == []


def test_where_triplets_and_32nds_may_stand():
    assert [after(*note) for note in ((12, 0, 8), (20, 36, 8), (28, 36, 8), (28, 36, 4))] == [36, 36, 0, 36]
    assert [after(*note) for note in ((8, 24, 8), (8, 24, 16), (16, 24, 16), (8, 24, 12), (6, 0, 8), (0, 0, 28))] == [
        24,
        0,
        *[None] * 4,
    ]
    assert [after(*note) for note in ((0, 0, 2), (2, 6, 4), (6, 0, 4), (0, 0, 4), (4, 12, 8))] == [6, 0, None, 12, 0]
    assert [after(*note) for note in ((0, 0, 3), (3, 0, 3), (3, 0, 9), (3, 0, 6))] == [0, 0, 0, None]
