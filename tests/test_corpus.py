import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.corpus import Corpus, beside, habits, melodies
from musiclab.piece import DRUMS, Key, Meter, Note, Piece


def tune(pitches, **labels):
    return Piece([Note(24 * i, 24, pitch) for i, pitch in enumerate(pitches)], **labels)


TUNES = [tune([60, 62, 64], title="Up"), tune([64], title="One note"), tune([72, 71, 69, 69], title="Down ♭")]


def test_intervals_are_bytes_around_128_and_tunes_are_kept_apart():
    corpus = Corpus.of(TUNES)
    assert list(corpus.intervals) == [130, 130, 0, 0, 127, 126, 128]
    assert [corpus.title_at(place) for place in (0, 1, 4, 6)] == ["Up", "Up", "Down ♭", "Down ♭"]


def test_each_voice_is_a_melody_and_drums_are_none():
    notes = [Note(0, 24, 60, voice=0), Note(24, 24, 61, voice=0), Note(0, 24, 40, voice=1), Note(0, 24, 36, voice=2)]
    piece = Piece(notes, voices=[("", 0), ("", 1), ("", DRUMS)])
    assert list(melodies(piece)) == [bytes([129]), b""]
    assert list(melodies(Piece([Note(0, 1, 0), Note(1, 1, 127), Note(2, 1, 0)]))) == [bytes([255, 1])]


def test_saving_and_loading_is_the_identity_and_the_same_bytes(tmp_path):
    corpus = Corpus.of(TUNES, held_out=[tune([50, 52])])
    corpus.save(tmp_path / "a.melodies.npz")
    corpus.save(tmp_path / "b.melodies.npz")
    assert Corpus.load(tmp_path / "a.melodies.npz") == corpus
    assert (tmp_path / "a.melodies.npz").read_bytes() == (tmp_path / "b.melodies.npz").read_bytes()
    assert beside(tmp_path / "a.npz") == tmp_path / "a.melodies.npz"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"nonsense"])
def test_another_file_is_refused_by_name(tmp_path, content):
    (tmp_path / "x.melodies.npz").write_bytes(content)
    with pytest.raises(ValueError, match="x.melodies.npz: not a file of training melodies"):
        Corpus.load(tmp_path / "x.melodies.npz")


def test_held_out_tunes_tell_how_much_people_share():
    corpus = Corpus.of(TUNES, held_out=[tune([50, 52, 54, 50]), tune([40]), tune([60, 59, 57])])
    assert corpus.held_out == (1, 3, 3)


def test_habits_count_what_is_usual_in_each_style():
    jig = {"style": "jig", "meters": [(0, Meter(6, 8))], "keys": [(0, Key("G"))]}
    pieces = [tune([60] * 9, pickup=12, tempos=[(0, t)], **jig) for t in (300, 100, 200)]
    pieces += [tune([60] * 9, style="jig", meters=[(0, Meter(12, 8))], keys=[(0, Key("D"))])]
    assert habits(pieces) == {
        "jig": {
            "meters": {"6/8": 3, "12/8": 1},
            "keys": {"G major": 3, "D major": 1},
            "pickups": {"6/8": {"12": 3}, "12/8": {"0": 1}},
            "tempos": {"6/8": 200, "12/8": 500_000},
            "forms": {},
        }
    }


def test_habits_tell_the_forms_of_a_style():
    waltz = {"style": "waltz", "meters": [(0, Meter(3, 4))]}
    assert habits([tune([64, 65, 67] * 4, **waltz)])["waltz"]["forms"] == {"4": {"AA": 1}}


@given(st.lists(st.lists(st.integers(0, 3), max_size=7), max_size=4), st.lists(st.integers(0, 3), max_size=7))
def test_the_longest_run_is_what_trying_everything_finds(tunes, pitches):
    corpus = Corpus.of([tune([60 + p for p in pitches], title=str(i)) for i, pitches in enumerate(tunes)])
    for melody in melodies(tune([48 + p for p in pitches])):
        n, start, place = corpus.longest_run(melody)
        runs = [melody[i:j] for i in range(len(melody)) for j in range(i + 1, len(melody) + 1)]
        lines = [line for t in tunes for line in melodies(tune([60 + p for p in t]))]
        assert n == max((len(run) for run in runs if any(run in line for line in lines)), default=0)
        assert melody[start : start + n] == corpus.intervals[place : place + n]
