"""The benchmarks that ask whether it is music, and whether the network does as it is asked, measure what they say."""

import sys
from pathlib import Path

import numpy as np
import pytest

from musiclab.datasets import load
from musiclab.key import Key
from musiclab.piece import Meter, Note, Piece

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import control  # noqa: E402
import features  # noqa: E402
import musicality  # noqa: E402


def tune(*bars, pickup=0, key="C"):
    """Bars of 2/4 as lists of quarter notes."""
    pitches = [pitch for bar in bars for pitch in bar]
    notes = [Note(24 * i, 24, pitch) for i, pitch in enumerate(pitches)]
    return Piece(notes, meters=[(0, Meter(2, 4))], keys=[(0, Key(key))], pickup=pickup)


A, B, C, D = [60, 64], [65, 67], [69, 71], [62, 60]


@pytest.mark.parametrize(
    ("piece", "apart", "expected"),
    [
        (tune(A, B, C, A, B), 3, True),
        (tune(A, B, C, A, B), 4, False),
        (tune(A, B, A, B), 3, False),  # adjacent
        (tune(A, B, C, A, D), 3, False),
        (tune(A), 3, False),
    ],
)
def test_a_theme_of_two_bars_returns(piece, apart, expected):
    assert features.returns(piece, apart) is expected


def test_features_of_a_tune_of_eight_bars_by_hand():
    piece = tune(A, B, C, D, A, B, C, [62, 64])
    found = {name: feature(piece) for name, feature in features.TUNES.items()}
    assert found["last bar full, with the pickup *"] and not found["last note is the tonic *"]
    assert found["form: bars 1-4 like bars 5-8"] == 7 / 8
    assert found["form: two bars return note for note"]
    assert found["form: bars that were there before"] == pytest.approx(3 / 7)
    assert found["form: bar 4 ends on the tonic"]
    assert np.isnan(found["form: bar 8 ends on the tonic"]) and np.isnan(found["form: letters in the first 16 bars"])
    assert (found["notes a bar"], found["lowest to highest note, semitones"], found["rests, share of the time"]) == (2, 11, 0)
    assert found["form: bars to a phrase"] == 8  # no note is longer than the others


def test_phrases_end_with_long_notes_and_before_rests():
    lengths = [24, 24, 24, 72, 24, 24, 24, 24, 24, 24, 96]
    starts = np.cumsum([0, *lengths[:-1]]).tolist()
    piece = Piece([Note(start, ticks, 60) for start, ticks in zip(starts, lengths)])
    assert features.phrase(piece) == 4 / 2
    rest = Piece([Note(0, 24, 60), Note(24, 24, 60), Note(72, 24, 60), Note(96, 24, 60), Note(120, 72, 60)])
    assert features.phrase(rest) == 2 / 2


def test_features_of_a_chorale_by_hand():
    chords = [(67, 64, 60, 48), (69, 65, 62, 50), (71, 67, 62, 55), (72, 67, 64, 48)]  # the second in parallel with the first
    notes = [Note(24 * i, 24, pitch, voice=voice) for i, chord in enumerate(chords) for voice, pitch in enumerate(chord)]
    voices = [(name, 52) for name in ("Soprano", "Alto", "Tenor", "Bass")]
    piece = Piece(notes, voices=voices, keys=[(0, Key("C"))], fermatas=[48, 72])
    found = {name: feature(piece) for name, feature in features.CHORALES.items()}
    assert found["triads, share of the time"] == 1 and found["dissonant pairs, share of the time"] == 0
    assert found["last chord on the tonic *"] and found["fermatas: a triad"] == found["fermatas: in root position"] == 1
    assert found["fermatas: on tonic or dominant"] == 1
    assert found["fermatas: bars to the next"] == pytest.approx(72 / 2 / 96)
    assert found["parallel fifths to 1000 moves"] == pytest.approx(1000 * 2 / 12)  # over tenor and bass; of 6 + 3 + 3 moves
    assert found["soprano: mean pitch"] == 69.75 and found["bass: lowest to highest note"] == 7


def test_the_same_pieces_are_alike_and_others_are_not(capsys):
    rng = np.random.default_rng(0)
    low, high = ([tune(*rng.choice(pitches, (8, 2)).tolist()) for _ in range(30)] for pitches in ([60, 62], [72, 76]))
    features_, histograms = {"mean": lambda piece: piece.array[:, 2].mean(), "set *": len_of}, {"pitches": features.above_tonic}
    found = musicality.table(features_, histograms, {"human": low, "generated": low, "again": high}, low)
    assert found["mean"][2] == found["pitches"][2] == "alike" and found["set"][2] == "forced"
    assert found["pitches"][0] == found["pitches"][1] == 1
    found = musicality.table(features_, histograms, {"human": low, "generated": high}, low)
    assert found["mean"][2] == found["pitches"][2] == "OFF" and found["pitches"][1] < 0.6
    assert "mean" in capsys.readouterr().out


def len_of(piece):
    return len(piece.notes)


def test_intervals_hold_the_mean_as_often_as_they_say():
    rng, hits = np.random.default_rng(0), 0
    for _ in range(200):
        mean = musicality.Mean(float, rng.normal(5, 2, 60))
        low, high = musicality.interval(mean.at, mean.n)
        hits += low <= 5 <= high
    assert 180 <= hits <= 198


def test_people_beside_people_are_alike_on_most_lines():
    chorales = load("chorales")
    halves = {"human": chorales.valid[::3], "generated": chorales.test[::3]}
    found = musicality.table(features.CHORALES, features.CHORALE_HISTOGRAMS, halves, chorales.train[::10])
    verdicts = [verdict for *_, verdict in found.values()]
    assert verdicts.count("alike") + verdicts.count("forced") >= 0.8 * len(verdicts)


def test_the_judge_learns_to_tell_pipe_tunes_from_airs():
    dataset = load("northumbrian")
    some = [piece for piece in dataset.train if piece.style in ("pipe tune", "air")]
    judge = control.Judge(some, 1e-3)
    assert judge.right(some, [piece.style for piece in some]) > 0.8
    assert judge.right(some, ["waltz"] * len(some)) == 0


def test_random_settings_lead_into_no_dead_end():
    assert control.dead_ends(100) == 0


def test_all_wishes_are_checked_by_what_is_heard():
    dataset = load("northumbrian")
    corpus = type("Corpus", (), {"habits": {"reel": {}}})
    piece = tune(*[[61, 102]] * 40, key="F#")
    for seed in range(20):
        wishes = control.draw_wishes(np.random.default_rng(seed), corpus, dataset.test)
        obeyed = {name for name, (_, check) in wishes.items() if check(piece)}
        assert not obeyed & {"key", "length", "range", "opening tune", "style's name"}
        assert ("meter" in obeyed) == (wishes["meter"][0]["meter"] == "2/4")
        assert ("density" in obeyed) == wishes["density"][0]["density"].startswith("2-")
        assert ("pickup" in obeyed) == (wishes["pickup"][0]["pickup"] == "0")
        assert "swing" in obeyed


def test_known_tunes_are_matched_in_style_and_meter():
    known = [
        tune(A, B),
        Piece([Note(0, 24, 60)], style="jig", meters=[(0, Meter(6, 8))]),
        Piece([Note(0, 12, 60)], meters=[(0, Meter(6, 8))]),
    ]
    slide = Piece([Note(0, 24, 67)], style="slide", meters=[(0, Meter(6, 8))])
    assert musicality.matched([known[1]] * 5 + known[:1], known) == [known[1]] * 5 + known[:1]
    assert musicality.matched([slide], known)[0] in known[1:] and musicality.matched([slide], known[:1]) == []
