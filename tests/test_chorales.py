"""Chorales as frames, what is known beforehand, and the phrases of a plan."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab import datasets
from musiclab.choir.frames import AHEAD, GIVEN, LAYOUT, SINGERS, frames_of, given_columns, piece_of, sounding
from musiclab.choir.phrases import draw_phrases, phrase_habits
from musiclab.key import MODES, Key
from musiclab.piece import Meter, Note, Piece, Voice
from musiclab.voices import columns


def chord(start, duration, *pitches):
    """Notes of soprano, alto, tenor, bass that sound together."""
    return [Note(start, duration, pitch, voice=voice) for voice, pitch in enumerate(pitches)]


@st.composite
def chorales(draw):
    notes = []
    for voice in range(4):
        now = 6 * draw(st.integers(0, 3))
        for _ in range(draw(st.integers(1, 6))):
            length = 6 * draw(st.integers(1, 9))
            notes.append(Note(now, length, draw(st.sampled_from([50, 51, 60, 62])), voice=voice))
            now += length + 6 * draw(st.sampled_from([0, 0, 0, 1, 4]))
    meter = draw(st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(3, 2), Meter(12, 8)]))
    return Piece(
        notes,
        voices=draw(st.sampled_from([SINGERS, [Voice()] * 4])),
        tempos=[(0, draw(st.integers(300_000, 900_000)))],
        meters=[(0, meter)],
        keys=draw(
            st.one_of(
                st.just([]),
                st.builds(lambda f, m: [(0, Key.from_fifths(f, m))], st.integers(-5, 6), st.sampled_from(list(MODES))),
            )
        ),
        pickup=draw(st.sampled_from(range(0, meter.bar, 6))),
        fermatas=draw(st.lists(st.integers(0, 300), max_size=3)),
        title="Any",
        style="chorale",
    )


@given(chorales())
def test_a_chorale_comes_back_from_its_frames(piece):
    frames, plan = frames_of(piece)
    assert piece_of(frames, plan) == piece
    assert frames.shape == (piece.end // 6, 4)
    assert columns(LAYOUT, frames, plan.given()).shape == (len(frames), LAYOUT.n_columns)  # which checks every id


def test_two_bars_by_hand():
    notes = [*chord(0, 24, 67, 62, 59, 43), Note(24, 12, 67), Note(36, 12, 69), *chord(24, 24, 67, 62, 60, 45)[1:]]
    piece = Piece(notes, keys=[(0, Key("G"))], pickup=24)
    frames, plan = frames_of(piece)
    assert plan.shift == 5  # G is written as the C above it
    again = LAYOUT.again_id
    c, g, e, d, bass = (pitch - LAYOUT.lowest + 1 for pitch in (72, 67, 64, 74, 48))
    f, low_d = 65 - LAYOUT.lowest + 1, 50 - LAYOUT.lowest + 1
    assert frames.tolist() == [[c, bass, g, e]] * 4 + [[again, low_d, again, f], [c, low_d, g, f]] + [[d, low_d, g, f]] * 2
    assert sounding(frames)[:, 0].tolist() == [c] * 6 + [d] * 2


def test_all_chorales_come_back_and_the_few_left_out_say_why():
    reasons = []
    for piece in datasets.load("chorales").pieces:
        try:
            frames, plan = frames_of(piece)
        except ValueError as error:
            reasons.append(str(error))
            continue
        assert piece_of(frames, plan) == piece
    assert len(reasons) == 15
    assert all("the meter changes" in reason or "not on the grid of sixteenth notes" in reason for reason in reasons)


@given(st.lists(st.lists(st.integers(0, LAYOUT.n_symbols - 1), min_size=4, max_size=4), max_size=12))
def test_any_ids_can_be_read(rows):
    _, plan = frames_of(Piece(chord(0, 6, 72, 67, 64, 48)))
    piece = piece_of(np.array(rows, dtype=int).reshape(-1, 4), plan)
    assert piece.end <= 6 * len(rows)


@pytest.mark.parametrize(
    ("piece", "message"),
    [
        (Piece(chord(0, 24, 72, 67, 64)), "3 of 3 voices play; expected four, soprano first"),
        (Piece(chord(0, 24, 72, 67, 64, 48, 50)), "5 of 5 voices"),
        (Piece(chord(0, 24, 72, 67, 64, 48), meters=[(0, (4, 4)), (96, (3, 4))]), "the meter changes at tick 96"),
        (Piece(chord(0, 20, 72, 67, 64, 48)), "tick 20 is not on the grid of sixteenth notes"),
        (Piece([*chord(0, 24, 72, 67, 64, 48), Note(12, 24, 74)]), "voice 0 has two notes at tick 12"),
        (Piece(chord(0, 24, 72, 67, 64, 12)), "pitch 12 at tick 0 lies outside what singers sing"),
    ],
)
def test_what_is_no_chorale_is_said(piece, message):
    with pytest.raises(ValueError, match=message):
        frames_of(piece)


def test_what_is_given_says_where_one_is_and_what_comes():
    piece = Piece(
        chord(0, 192, 72, 67, 64, 48), keys=[(0, Key("A", "minor"))], meters=[(0, (3, 4))], pickup=24, fermatas=[72, 168]
    )
    frames, plan = frames_of(piece)
    known = dict(zip(GIVEN, plan.given().T))
    assert set(known["mode"]) == {list(MODES).index("minor")} and set(known["bar"]) == {2}
    assert known["place"].tolist()[:6] == [8, 9, 10, 11, 0, 1]
    assert np.flatnonzero(known["fermata"] == 2).tolist() == [12, 28]
    assert known["to_fermata"][[11, 12, 13, 29]].tolist() == [3, 2, 2 + 15, 1]
    assert known["to_end"][[0, 30, 31]].tolist() == [16 + (32 - 16) // 4, 2, 1]
    assert not any(known[f"melody_{ahead}"].any() for ahead in AHEAD)
    assert set(known["higher"]) == {9 + 3} and set(known["plain"]) == {0}  # A minor is written three semitones higher
    hidden = dict(zip(GIVEN, plan.given(frames[:, 0], phrased=False, plain=True, moved=-2).T))
    assert set(hidden["higher"]) == {9 + 1} and set(hidden["tonic"]) == {10} and set(hidden["plain"]) == {1}
    assert not hidden["fermata"].any() and not hidden["to_fermata"].any()
    assert set(hidden["melody_0"]) == {frames[0, 0]}
    assert hidden["melody_16"].tolist() == [frames[0, 0]] * 16 + [LAYOUT.none] * 16


@given(st.sampled_from(list(MODES)), st.integers(1, 400), st.lists(st.integers(0, 400)), st.integers(0, 30), st.integers(-20, 20))
def test_given_columns_are_within_their_sizes(mode, n_frames, fermatas, place, higher):
    stand, places = [f for f in fermatas if f < n_frames], (np.arange(n_frames) + place) % 30
    table = given_columns(mode, 16, places, stand, np.ones(n_frames, int), higher)
    assert (table >= 0).all() and (table < np.array(list(GIVEN.values()))).all()


@given(st.sampled_from([(16, 0), (16, 12), (12, 8)]), st.integers(1, 60), st.integers(0, 99))
def test_phrases_follow_on_each_other_and_end_where_they_should(bar_and_place, beats, seed):
    bar, place = bar_and_place
    habits = {
        "between": {"0": {"32 8": 3, "12 4": 1}, "12": {"32 4": 2, "16 4": 1}, "8": {"24 4": 1}},
        "last": {"0": {"32 8": 1}, "12": {"32 4": 1}, "8": {"24 4": 1}},
    }
    phrases = draw_phrases(habits, 4 * beats, bar, place, np.random.default_rng(seed))
    assert [begin for begin, _, _ in phrases] == [0, *(end for _, _, end in phrases[:-1])] and phrases[-1][2] == 4 * beats
    assert all(begin <= stroke < end for begin, stroke, end in phrases)
    if len(phrases) > 1:
        assert {f"{end - begin} {end - stroke}" for begin, stroke, end in phrases} <= {"32 8", "12 4", "32 4", "16 4", "24 4"}


def test_phrases_are_drawn_as_often_as_they_are_usual():
    habits = {"between": {"0": {"16 4": 3, "32 4": 1}}, "last": {"0": {"16 4": 1}}}
    rng = np.random.default_rng(0)
    drawn = [len(draw_phrases(habits, 48, 16, 0, rng)) for _ in range(400)]
    # three phrases of 16: 3/4 * 3/4; 32 and 16: 1/4; each ends in a last one
    assert np.mean(np.array(drawn) == 3) == pytest.approx(9 / 13, abs=0.06) and set(drawn) == {2, 3}


def test_habits_of_phrases_are_those_of_the_chorales():
    habits = phrase_habits(datasets.load("chorales").train)
    assert json.loads(json.dumps(habits)) == habits
    after_pickup = habits["4/4"]["between"]["12"]
    assert next(iter(after_pickup)) == "32 4"  # two bars, the last beat but one struck and held for a beat
