import pickle
import resource
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import lstm
from musiclab.corpus import Corpus, beside
from musiclab.evaluate import longest_copy
from musiclab.improvise import OFTEN, REMEMBERED, Improvisation
from musiclab.key import TONES, Key
from musiclab.piece import Note, Piece

STYLES = ["reel", "jig", "slip jig", "air", "strathspey", "march"]


@pytest.fixture(scope="module")
def known():
    """The model that ships, and what it learned from."""
    return {"model": lstm.load(), "corpus": Corpus.load(beside(lstm.SHIPPED))}


def music(known, **wishes):
    return Improvisation(**known, **{"style": "reel", "key": "G", "seed": 7} | wishes)


def whole(bars, improvisation):
    """Every bar begins where the one before ends, and its notes fill no more than it."""
    for bar, following in pairwise(bars):
        assert bar.end == following.start and bar.number + 1 == following.number
    for bar in bars:
        assert bar.end > bar.start
        ends = [bar.start, *(note[1] for note in bar.notes)]
        for (start, end, pitch, velocity, voice), before in zip(bar.notes, ends):
            assert before <= start < end <= bar.end and voice == 0 and 1 <= velocity <= 127
            assert (pitch - improvisation.key.pitch_class) % 12 in TONES[improvisation.key.mode]


@pytest.mark.parametrize("style", STYLES)
def test_bars_follow_each_other_without_a_gap_and_keep_the_key(known, style):
    improvisation = music(known, style=style, key="D mixolydian")
    bars = improvisation.bars(60)
    assert bars[0].start == 0 and improvisation.seconds == bars[-1].end
    whole(bars, improvisation)
    sounding = sum(end - start for bar in bars for start, end, *_ in bar.notes)
    assert sounding > 0.8 * bars[-1].end
    assert len({bar.words for bar in bars}) > 20


@given(st.lists(st.integers(0, 9), max_size=6))
@settings(max_examples=8, deadline=None)
def test_in_pieces_or_in_one_go_the_music_is_the_same(known, chunks):
    piecewise = music(known)
    assert [note for n in chunks for note in piecewise.play(n)] == music(known).play(sum(chunks))


def test_another_seed_is_other_music(known):
    assert music(known).play(8) != music(known, seed=8).play(8)


def test_a_bar_does_not_go_round_and_round(known):
    words = [bar.words for bar in music(known, temperature=0.7).bars(150)]
    stuck = [i for i in range(8, len(words)) if words[i - 8 : i].count(words[i]) >= OFTEN]
    assert len(stuck) < 6


def test_it_does_not_copy_more_than_people_do(known):
    corpus = known["corpus"]
    notes = [Note(i, 1, note[2]) for i, note in enumerate(music(known).play(64))]
    assert longest_copy(Piece(notes), corpus).notes <= corpus.held_out[int(0.95 * len(corpus.held_out))]


def test_what_is_changed_holds_from_the_next_bar_on(known):
    improvisation = music(known)
    improvisation.bars(5)
    improvisation.style = "jig"
    improvisation.tempo = 60
    bars = improvisation.bars(3)
    assert [bar.style for bar in bars] == ["jig"] * 3
    assert bars[0].end - bars[0].start == pytest.approx(2)  # two dotted quarters
    improvisation.key = "A minor"
    whole(improvisation.bars(12), improvisation)
    improvisation.temperature = 0
    assert improvisation.temperature == 0 and improvisation.key == Key("A", "minor") and improvisation.style == "jig"


def test_temperature_changes_what_is_played(known):
    def surprises(temperature):
        improvisation = music(known)
        improvisation.bars(4)
        improvisation.temperature = temperature
        return len({bar.words for bar in improvisation.bars(30)})

    assert surprises(0) < surprises(0.9) < surprises(3)


def test_bars_that_have_not_sounded_yet_can_be_taken_back(known):
    improvisation = music(known)
    bars = improvisation.bars(10)
    improvisation.change(bar=6, temperature=1.1)
    again = improvisation.bars(4)
    assert again[0].number == 6 and again[0].start == bars[6].start
    assert [bar.words for bar in again] != [bar.words for bar in bars[6:]]
    improvisation.change(bar=8, style="jig")
    assert improvisation.temperature == 1.1  # what was asked for before still holds
    improvisation.bars(2 * REMEMBERED)
    improvisation.change(bar=0)
    assert improvisation.number == 8 + 2 * REMEMBERED - REMEMBERED


def test_another_style_goes_on_from_the_last_bars(known):
    improvisation = music(known, seed=2)
    last = improvisation.bars(8)
    assert "/16" not in str([bar.words for bar in last])  # what is faster than eighths is read as eighths
    improvisation.style = "hornpipe"
    kept = improvisation._network.notes(improvisation._now.kept, improvisation._now.order, improvisation._now.tonic)
    assert [note.pitch for note in kept] == [note[2] for bar in last for note in bar.notes]
    improvisation.style = "jig"  # of each bar some notes find no room
    kept = improvisation._network.notes(improvisation._now.kept, improvisation._now.order, improvisation._now.tonic)
    assert len(improvisation._now.kept) == 8 and len(kept) > 24


def phrase(improvisation, at=0.0, pitches=(67, 71, 74, 71, 67, 71, 74, 79, 78, 76, 74, 72, 71, 69, 67)):
    """Eighth notes as somebody might play them."""
    eighth = 12 * improvisation._now.order.tempo / 24e6
    return [[at + i * eighth + 0.01, at + (i + 0.8) * eighth, pitch, 80] for i, pitch in enumerate(pitches)]


THEME = (67, 71, 74, 71, 67, 71, 74, 79)


def takes_up(known, seed, heard):
    """Whether four notes of the theme come in what is played, in whatever octave."""
    improvisation = music(known, seed=seed, temperature=0.8)
    if heard:
        assert improvisation.hear(phrase(improvisation, pitches=heard)) == 1
    bars = improvisation.bars(12)
    whole(bars, improvisation)
    pitches = [note[2] % 12 for bar in bars for note in bar.notes]
    return any(pitches[i : i + 6] == [pitch % 12 for pitch in THEME[:6]] for i in range(len(pitches)))


@pytest.mark.parametrize("octaves", [0, -3, 2])
def test_it_goes_on_from_what_was_played_at_the_next_bar_line(known, octaves):
    heard = [pitch + 12 * octaves for pitch in THEME]
    assert sum(takes_up(known, seed, heard) for seed in range(8)) >= 4
    assert sum(takes_up(known, seed, ()) for seed in range(8)) <= 1


def test_who_plays_into_the_music_takes_back_what_had_not_sounded(known):
    improvisation = music(known)
    bars = improvisation.bars(10)
    number = improvisation.hear(phrase(improvisation, at=bars[2].start))
    assert number == 4 and improvisation.seconds == bars[4].start


def test_while_somebody_plays_bars_pass(known):
    improvisation = music(known)
    (bar,) = improvisation.bars(1)
    length = bar.end - bar.start
    assert improvisation.hear(phrase(improvisation, at=2 * length), until=6.5 * length) == 7
    assert improvisation.seconds == pytest.approx(7 * length)
    whole(improvisation.bars(3), improvisation)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("play"), st.integers(0, 12)),
            st.tuples(st.just("style"), st.sampled_from(STYLES)),
            st.tuples(st.just("temperature"), st.floats(0, 5)),
            st.tuples(st.just("tempo"), st.floats(10, 400)),
            st.tuples(st.just("key"), st.sampled_from(["C", "F# minor", "Ab", "E dorian"])),
            st.tuples(
                st.just("hear"),
                st.lists(st.tuples(st.floats(0, 40), st.floats(0, 40), st.integers(0, 127), st.integers(1, 127)), max_size=12),
            ),
        ),
        max_size=8,
    )
)
@settings(max_examples=25, deadline=None)
def test_whatever_happens_it_plays_on(known, acts):
    improvisation = music(known)
    now = 0.0
    for act, what in acts:
        if act == "play":
            bars = improvisation.bars(what)
            whole(bars, improvisation)
            assert not bars or bars[0].start == pytest.approx(now)
        elif act == "hear":
            improvisation.hear(what)
        else:
            setattr(improvisation, act, what)
        now = improvisation.seconds
    whole(improvisation.bars(2), improvisation)


def test_wishes_that_cannot_be_had_change_nothing(known):
    improvisation = music(known)
    improvisation.bars(3)
    for wish in ({"style": "tango"}, {"temperature": -1}, {"tempo": 0}, {"key": "H"}):
        with pytest.raises(ValueError, match="expected"):
            improvisation.change(**wish)
    assert improvisation.style == "reel" and improvisation.number == 3


def test_no_more_is_remembered_the_longer_it_plays(known):
    improvisation, sizes = music(known), []
    for _ in range(3):
        improvisation.bars(70)
        sizes.append(len(pickle.dumps((improvisation._now, improvisation._past))))
    assert max(sizes) < 1.1 * min(sizes)


@pytest.mark.slow
def test_memory_does_not_grow_in_five_thousand_bars(known):
    improvisation = music(known)

    def most(n_bars):
        for i in range(n_bars // 50):
            improvisation.change(style=STYLES[i % 6], temperature=0.8 + i % 3 / 10)
            improvisation.bars(50)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    begun = most(1_000)
    assert most(4_000) - begun < 4e6
