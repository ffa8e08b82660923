import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.controls import TuneControls
from musiclab.form import LETTERS, Formed, bars_of, draw_form, form_of, forms, likeness, read_form
from musiclab.generate import generate
from musiclab.piece import Key, Meter, Note, Piece
from musiclab.symbols import C5, Vocabulary, decode
from tests.strategies import melodies

VOCABULARY = Vocabulary(["<4 bars>", "<8 bars>", *"<reel> <2/4> <major> C5 D5 E5 F5 G5 R ~ 1/8 1/4 1/2".split()])
HEAD = ["<reel>", "<2/4>", "<major>", "<4 bars>"]


class Plain:
    """A model that likes every symbol alike."""

    start = staticmethod(lambda: 0)

    def __init__(self, vocabulary=VOCABULARY):
        self.n = len(vocabulary)

    def step(self, state, id):
        return state + 1, np.zeros(self.n)


def tune(bars, pickup=0, key="C"):
    """Bars of 2/4 as lists of quarter notes, two a bar, after a pickup."""
    pitches = [pitch for bar in bars for pitch in bar]
    notes = [Note(24 * i, 24, pitch) for i, pitch in enumerate(pitches)]
    return Piece(notes, meters=[(0, Meter(2, 4))], pickup=pickup, keys=[(0, Key(key))])


def gains(form, symbols, n_bars=4, contrast=1):
    """How much each symbol that is not left alone gains or loses after some symbols, by name."""
    model = Formed(Plain(), VOCABULARY, form, n_bars, (2, contrast, 4))
    state, logits = model.step(model.start(), 0)
    for id in VOCABULARY.ids([*HEAD, *symbols.split()]):
        state, logits = model.step(state, id)
    return {VOCABULARY[i]: logits[i] for i in logits.nonzero()[0]}


# Forms read off pieces


def test_a_tune_of_eight_bars_in_letters_by_hand():
    a, b, c, d = [60, 64], [65, 62], [67, 69], [62, 60]
    assert form_of(tune([a, b, a, d, c, c, a, d])) == "ABAC.DDAC."
    assert form_of(tune([a, b, a, d, c, c, a, d]), 2) == "AA.BA."  # A and A share three strokes of four
    assert form_of(tune([a, b, a, d, c, c, a, d]), 4) == "A.A."  # half of the strokes are enough
    assert form_of(tune([a, b, a, d, c, c, a, d]), 3) == "AB"  # the last two bars fill no part


def test_a_part_that_is_like_two_takes_the_letter_of_the_likest():
    assert form_of(tune([[60, 64], [67, 65], [60, 65], [67, 65]])) == "ABAB"  # the third is half like each, so like the first


def test_the_pickup_is_no_bar_and_what_leads_on_is_no_ending():
    piece = tune([[67], [64, 60], [62, 67], [64, 60], [62]], pickup=24)  # the first beat of bars two and four is the ending
    assert bars_of(piece)[0] == {(0, 64), (24, 60)}
    assert form_of(piece, 2) == "AA"
    ending = tune([[67], [64, 65], [60, 67], [64, 65], [60]], pickup=24)
    assert form_of(ending, 2) == "A.A."
    assert form_of(ending.transposed(2), 2) == "A.A."


def test_a_note_held_from_the_bar_before_is_no_stroke():
    piece = Piece([Note(0, 72, 60), Note(72, 24, 62)], meters=[(0, Meter(2, 4))])
    assert bars_of(piece) == [{(0, 60)}, {(24, 62)}]


def test_likeness_counts_equal_strokes_of_bars_in_order():
    a, b = [{(0, 60), (24, 62)}, {(0, 64)}], [{(0, 60), (12, 62)}, {(0, 64)}]
    assert likeness(a, b) == likeness(b, a) == pytest.approx(2 * 2 / 6)
    assert likeness(a, a[::-1]) == 0
    assert likeness([set()], [set()]) == 1


@given(melodies(), st.integers(1, 4))
def test_every_piece_has_a_form_that_can_be_read(piece, n_bars):
    form = form_of(piece, n_bars)
    n_parts = len(bars_of(piece)) // n_bars
    assert form == "" if n_parts == 0 else len(read_form(form)[0]) == n_parts
    letters = form.replace(".", "")
    assert all(letter in letters[:i] or letter == LETTERS[len(set(letters[:i]))] for i, letter in enumerate(letters))


def test_there_are_letters_for_the_longest_tune():
    piece = Piece([Note(96 * i + i // 100, 48, i % 100) for i in range(200)])  # 100 pitches on the beat, then a tick later
    letters, dots = read_form(form_of(piece))
    assert len(set(letters)) == len(dots) == 200


@pytest.mark.parametrize("form", ["", "A B", "A..", ".A", "A1", "AB-"])
def test_what_is_no_form_is_refused(form):
    with pytest.raises(ValueError, match="expected letters, each with a dot after it or not, such as AABB or AA.BB."):
        read_form(form)


# Forms asked of a network


def test_what_stood_in_the_part_before_weighs_more():
    bars = "C5 1/4 D5 1/4 | E5 1/2 |"
    assert gains("AA", bars) == {"C5": 2}
    assert gains("AA", f"{bars} C5") == {"1/4": 2}
    assert gains("AA", f"{bars} C5 1/4") == {"D5": 2}
    assert gains("AA", f"{bars} C5 1/4 F5 1/4") == {"|": 2}
    assert gains("AA", f"{bars} C5 1/8") == {}  # nothing began there
    assert gains("AA", f"{bars} C5 1/4 D5 1/4 |") == {"E5": 2}
    assert gains("AA", "C5 1/4") == {}


def test_the_latest_of_several_is_recalled():
    assert gains("AAA", "C5 1/2 | D5 1/2 |", 3) == {"D5": 2}


def test_a_new_part_keeps_away_from_the_pitches_of_all_others():
    assert gains("ABC", "C5 1/4 D5 1/4 | E5 1/4 D5 1/4 |", 3) == {"C5": -1, "E5": -1}
    assert gains("ABC", "C5 1/4 D5 1/4 | E5 1/4 D5 1/4 | F5 1/4", 3) == {"D5": -1}
    assert gains("ABC", "C5 1/4 D5 1/4 | E5 1/4 D5 1/4 | F5", 3) == {}  # lengths and bar lines stay as they are


def test_the_tonic_ends_a_part_with_a_dot_and_no_other():
    assert gains("A.B", "D5 1/2 | E5 1/4", contrast=0) == {"C5": 4}
    assert gains("A.B", "D5 1/2 |", contrast=0) == {}  # a half note before the end, the last note is not yet due
    assert gains("AB.", "D5 1/2 | E5 1/4", contrast=0) == {"C5": -4}
    assert gains("AB", "D5 1/2 | E5 1/4", contrast=0) == {}  # a form without dots says nothing of endings


def test_a_pickup_is_no_bar_of_the_form():
    assert gains("AA", "F5 1/8 | C5 1/4 D5 1/4 | E5 1/2 |") == {"C5": 2}
    assert gains("A.A", "F5 1/8 | C5 1/2 | D5 1/4") == {"C5": 4}
    assert gains("A.A", "F5 1/4 | C5 1/2 | D5 1/4") == {}  # here the upbeat to the next part begins


def test_beyond_the_form_the_network_is_left_alone():
    assert gains("AA", "C5 1/2 | C5 1/2 |", 2) == {}
    model = Formed(Plain(), VOCABULARY, "AA", 2)
    state = model.start()
    for id in VOCABULARY.ids([*HEAD, *"C5 1/2 |".split() * 100]):
        state, _ = model.step(state, id)
    assert len(state.bars) == 3


@given(st.lists(st.integers(0, len(VOCABULARY) - 1), max_size=60), st.lists(st.integers(0, len(VOCABULARY) - 1), max_size=20))
def test_states_are_never_changed_in_place(first, second):
    model = Formed(Plain(), VOCABULARY, "ABA.", 3)

    def run(state):
        logits = []
        for id in second:
            state, row = model.step(state, id)
            logits.append(row.tolist())
        return logits

    state = model.start()
    for id in first:
        state, _ = model.step(state, id)
    assert run(state) == run(state)


@given(st.integers(0, 2**32), st.sampled_from(["AABB", "ABAB", "AA.BA.", "ABCD"]), st.sampled_from([0, 12, 24]))
def test_an_endlessly_strong_wish_is_fulfilled_by_a_network_that_knows_nothing(seed, form, pickup):
    vocabulary = Vocabulary([name for name in VOCABULARY.symbols if name not in "R~"])  # a hold needs a note before it
    controls = TuneControls(vocabulary, style="reel", meter=Meter(2, 4), mode="major", bars=8, pickup=pickup)
    model = Formed(Plain(vocabulary), vocabulary, form, 8, (50, 50, 0))
    symbols = vocabulary.names(generate(model, [], 1000, controls=controls, rng=np.random.default_rng(seed)))
    bars = bars_of(decode(symbols, C5))
    letters = read_form(form)[0]
    for i, letter in enumerate(letters):
        for j in range(i):
            if letter == letters[j] and i < 3:  # the last part must close the tune
                assert bars[2 * i : 2 * i + 2] == bars[2 * j : 2 * j + 2]


@pytest.mark.parametrize(("form", "n_bars"), [("AAB", 16), ("AABB", 2), ("AABB", 18)])
def test_letters_that_do_not_divide_the_bars_are_refused(form, n_bars):
    message = f"form '{form}' has {len(form)} letters: they do not divide {n_bars} bars equally; change one or the other"
    with pytest.raises(ValueError, match=message):
        Formed(Plain(), VOCABULARY, form, n_bars)


# Forms that are usual


def test_forms_are_counted_by_length_a_letter_for_two_bars():
    a, b, c = [64, 65], [67, 62], [62, 60]
    assert forms([tune([a, b, a, c]), tune([a, b, a, b]), tune([b, a, b, c]), tune([a] * 6), tune([a] * 5), tune([a] * 2)]) == {
        "4": {"AA.": 2, "AA": 1},
        "6": {"AAA": 1},
    }


def test_a_form_is_drawn_as_often_as_it_is_found():
    habits = {"reel": {"forms": {"8": {"AAAA": 30, "ABAB.": 10}}}, "jig": {"forms": {"8": {"ABCD": 19}}}, "air": {}}
    drawn = [draw_form(habits, "reel", 8, np.random.default_rng(seed)) for seed in range(400)]
    assert set(drawn) == {"AAAA", "ABAB."} and 60 < drawn.count("ABAB.") < 140
    too_few = [draw_form(habits, "jig", 8, np.random.default_rng(seed)) for seed in range(100)]
    assert set(too_few) == {"AAAA", "ABAB.", "ABCD"}
    assert draw_form(habits, "jig", 9, np.random.default_rng(0)) == ""
    assert draw_form({}, "reel", 8, np.random.default_rng(0)) == ""
