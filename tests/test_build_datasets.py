"""The parts that make the collections: the ABC reader, the score reader, and the build itself."""

import csv
import sys
from fractions import Fraction
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import build_datasets  # noqa: E402
from datasets_build import Entry, abc, tunes  # noqa: E402
from datasets_build.abc import LeftOut, read_tune  # noqa: E402
from datasets_build.four_parts import credited  # noqa: E402

from musiclab.datasets import load  # noqa: E402
from musiclab.midi import read_midi  # noqa: E402
from musiclab.piece import Key, Meter, Note, Piece  # noqa: E402


def read(music, meter="4/4", key="C", unit="1/4"):
    """The tune as `(pitch, ticks)` pairs, with three plain bars behind it so that it is long enough."""
    meter_ = Meter.parse(meter)
    bar = f"c{Fraction(meter_.bar, 96) / Fraction(unit)}|"
    piece = read_tune(f"X:1\nT:Test\nM:{meter}\nL:{unit}\nK:{key}\n{music}|{bar * 4}")
    assert piece.meter == meter_
    return [(note.pitch, note.duration) for note in piece.notes[:-4]]


def test_letters_octaves_and_lengths():
    assert read("C, C c c'|G2 A/2B/ z|") == [(48, 24), (60, 24), (72, 24), (84, 24), (67, 48), (69, 12), (71, 12)]
    assert read("c3/2 d/ e//f//g//a// B3/4c/4") == [(72, 36), (74, 12), (76, 6), (77, 6), (79, 6), (81, 6), (71, 18), (72, 6)]


def test_key_signatures_and_accidentals_that_hold_through_the_bar():
    assert [pitch for pitch, _ in read("F ^G G g|G F =F F|", key="G")] == [66, 68, 68, 79, 67, 66, 65, 65]
    assert [pitch for pitch, _ in read("B _e e E", key="Dm")] == [70, 75, 75, 64]
    assert [pitch for pitch, _ in read("^^F __B =c _c", key="C")] == [67, 69, 72, 71]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ador", Key("A", "dorian")),
        ("D Mixolydian", Key("D", "mixolydian")),
        ("F#m", Key("F#", "minor")),
        ("EM", Key("E", "minor")),
    ],
)
def test_modes(text, key):
    assert abc.read_key(text) == key


@pytest.mark.parametrize("text", ["Bphr", "Glyd", "Hp", "Dmix=c", ""])
def test_keys_that_the_course_cannot_write_are_left_out(text):
    with pytest.raises(LeftOut):
        abc.read_key(text)


def test_broken_rhythm_even_across_ornaments():
    assert read("c>d e<f|c>>d c{gab}<d|") == [(72, 36), (74, 12), (76, 12), (77, 36), (72, 42), (74, 6), (72, 12), (74, 36)]


def test_tuplets():
    assert read("(3cde z2|(3c2d2e2") == [(72, 16), (74, 16), (76, 16), (72, 32), (74, 32), (76, 32)]
    assert read("(2cd (4cdef", meter="6/8", unit="1/8") == [(72, 18), (74, 18), (72, 9), (74, 9), (76, 9), (77, 9)]
    assert read("(3:2:2c2d c2", unit="1/4") == [(72, 32), (74, 16), (72, 48)]


def test_ties_join_equal_pitches_and_slurs_typed_as_ties_do_not():
    assert read("c2 d-d|c3 d-|d4|c-d e-f|") == [(72, 48), (74, 48), (72, 72), (74, 120), (72, 24), (74, 24), (76, 24), (77, 24)]
    assert read("c3 ^f-|f4|") == [(72, 72), (78, 120)]  # the accidental goes over the bar line with the tie


def test_chords_keep_the_top_note_and_decorations_nothing():
    assert read('"Am"[ceg]2 {ab}T.c !trill!~d|[c2e2]uv[A/d/]z3/2|') == [(79, 48), (72, 24), (74, 24), (76, 48), (74, 12)]


def test_a_pickup_and_parts_that_end_in_the_middle_of_a_bar():
    piece = read_tune("X:1\nT:T\nM:3/4\nL:1/8\nK:D\nA2|:d4 f2|a4:|:A2|d4 f2|e4||A2|d4 e2|d4|]")
    assert piece.pickup == 24
    assert piece.bars[0] == (0, 24) and {end - start for start, end in piece.bars[1:]} == {72}
    assert piece.end == 24 + 5 * 72 + 48


def test_of_two_endings_the_second_is_kept():
    expected = [(72, 96), (74, 96), (79, 96), (65, 96)]
    for music in ("|:c4|d4|1 e4:|2 g4||F4", "c4|d4|[1 e4:|[2 g4|]F4", "c4|d4 |1 e4|e4 :|2 g4 ||F4", "c4|d4|1 e4:|2 e4:|3 g4||F4"):
        assert read(music) == expected, music


def test_an_ending_may_begin_inside_a_bar():
    assert read("c4|d2 [1 e2:|[2 g2||F4") == [(72, 96), (74, 48), (79, 48), (65, 96)]


def test_a_first_ending_without_a_second_stays():
    expected = [(72, 96), (74, 96), (76, 96), (77, 96)]
    assert read("c4|1 d4:|e4|f4|") == expected
    assert read("c4|1 d4:|e4|[2 f4|") == expected  # too late to be its second


@pytest.mark.parametrize(
    ("music", "reason"),
    [
        ("c4|d3|e4|f4|", "inside that is not full"),
        ("c4|d5|e4|f4|", "too long"),
        ("c4|d4|", "fewer than four bars"),
        ("c4|d4|\nK:G\ne4|f4|", "change of key"),
        ("c4|[M:3/4]d3|e3|f3|", "change of meter"),
        ("c4&e4|d4|e4|f4|", "several voices"),
        ("(5cdefg c2|d4|e4|f4|g4|", "off the grid"),
    ],
)
def test_what_the_course_cannot_show_truthfully_is_left_out_with_its_reason(music, reason):
    with pytest.raises(LeftOut, match=reason):
        read_tune(f"X:1\nT:T\nM:4/4\nL:1/4\nK:C\n{music}")


def test_the_same_key_or_another_unit_inside_is_no_change():
    assert read("c4|[K:C][L:1/8]d8|[L:1/4]") == [(72, 96), (74, 96)]


def test_comments_words_and_lines_that_go_on_are_not_music():
    piece = read_tune("X:1\nT:T\nM:C\nL:1/4\nK:C % major\nc4|% d4|\nd4|\\\ne4|\nw:la la\nf4|\n\nThis is text about abcdef.")
    assert [note.pitch for note in piece.notes] == [72, 74, 76, 77]


def test_tempos_and_titles():
    assert abc.read_tempo({"Q": ['1/4=80 "Slow"']}) == (Fraction(1, 4), 80)
    assert abc.read_tempo({"Q": ["Slowly"]}) is None
    assert tunes._tempo("reel", Meter(2, 2), None) == round(60e6 / 216)
    assert tunes._tempo("jig", Meter(6, 8), (Fraction(3, 8), 120)) == round(60e6 / 180)
    assert tunes._title("THE BOYS O'BOCKHILL -- JIG") == "The Boys O'Bockhill Jig"


def test_twins_stay_together_over_collections_and_works_are_groups():
    steps = [2, 1, -3, 5, 2, -4, 1, 1, -2, 7, -5, 3, -1, -2, 4, -3, 2, 1, -3, 5, 2, -4]
    pitches = [60 + sum(steps[:n]) for n in range(len(steps) + 1)]
    tune = Piece([Note(24 * n, 24, pitch) for n, pitch in enumerate(pitches)], style="reel")
    other = Piece([Note(24 * n, 24, 60 + (n * n) % 13) for n in range(30)], style="reel")
    entries = [
        Entry("a", tune, "", ""),
        Entry("b", other, "", ""),
        Entry("c", tune.transposed(3), "", ""),
        Entry("d", tune, "", "", work="w"),
    ]
    assert [name for name, _ in build_datasets.splits(entries)] == ["a", "b", "a", "w"]


def test_applying_writes_what_differs_and_takes_away_what_is_stale(tmp_path):
    (tmp_path / "c" / "reel").mkdir(parents=True)
    (tmp_path / "c" / "reel" / "old.mid").write_bytes(b"old")
    (tmp_path / "c" / "TERMS.txt").write_text("stays")
    files = {"c/reel/new.mid": b"new", "c/index.csv": b"id\n"}
    changes = ["c/index.csv", "c/reel/new.mid", "c/reel/old.mid"]
    assert build_datasets.apply(tmp_path, files, check=True) == changes
    assert not (tmp_path / "c" / "index.csv").exists()
    assert build_datasets.apply(tmp_path, files) == changes
    assert build_datasets.apply(tmp_path, files, check=True) == []
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["TERMS.txt", "index.csv", "new.mid"]


def test_a_chorale_that_stands_in_two_parts_of_the_jsb_split_is_in_the_first(tmp_path):
    (tmp_path / "jsb.json").write_text('{"train": ["bwv1", "bwv414"], "valid": ["bwv414", "bwv2"], "test": ["bwv3"]}')
    parts = build_datasets.jsb_parts(tmp_path, tmp_path / "jsb.json")
    assert parts == {"bwv1": "train", "bwv414": "train", "bwv2": "valid", "bwv3": "test"}


def test_a_chorale_is_credited_to_whoever_signed_its_score():
    with open(ROOT / "datasets" / "chorales" / "index.csv", encoding="utf-8", newline="") as file:
        stated = {row["id"]: row["transcriber"] for row in csv.DictReader(file)}
    corpus = build_datasets.music21_corpus()
    assert {id: credited(corpus / "bach" / f"{id}.mxl") for id in stated} == stated
    assert set(stated.values()) == {"", "Margaret Greentree"}


@pytest.mark.slow
def test_an_aird_tune_reads_as_music21_reads_it():
    from music21 import converter

    text = next(
        tune
        for tune in abc.split_tunes((build_datasets.music21_corpus() / "airdsAirs" / "book1.abc").read_text(encoding="latin-1"))
        if abc.fields(tune)["X"] == ["0005"]
    )
    theirs = [(n.pitch.midi, float(n.quarterLength)) for n in converter.parse(text, format="abc").flatten().notes]
    ours = [(note.pitch, note.duration / 24) for note in read_tune(text).notes]
    assert ours == theirs


@pytest.mark.slow
@pytest.mark.parametrize("id", ["bwv269", "bwv66.6", "bwv10.7", "bwv4.8"])
def test_committed_chorales_say_what_music21_reads(id):
    from music21 import converter

    score = converter.parse(build_datasets.music21_corpus() / "bach" / f"{id}.mxl", forceSource=True)
    piece = next(piece for piece in load("chorales").pieces if piece.id == id)
    for voice, part in enumerate(score.parts):
        theirs = [(float(n.offset) * 24, float(n.quarterLength) * 24, n.pitch.midi) for n in part.stripTies().flatten().notes]
        assert [(n.start, n.duration, n.pitch) for n in piece.notes if n.voice == voice] == theirs
    soprano = score.parts[0].flatten().notes
    assert piece.fermatas == tuple(int(n.offset * 24) for n in soprano if any("Fermata" in x.classes for x in n.expressions))
    first = score.parts[0].getElementsByClass("Measure")[0]
    assert piece.pickup == first.duration.quarterLength * 24 % piece.meter.bar


@pytest.mark.slow
def test_the_tune_collections_rebuild_byte_for_byte():
    corpus = build_datasets.music21_corpus()
    for name in ("oneill", "ryan", "aird", "northumbrian"):
        entries, _ = build_datasets.READERS[name](corpus)
        folder = ROOT / "datasets" / name
        written = {path.stem: path.read_bytes() for path in folder.rglob("*.mid")}
        assert {entry.id for entry in entries} == set(written)
        assert all(read_midi(written[entry.id]) == entry.piece for entry in entries)
        files = build_datasets.collection_files(name, entries, [("", "")] * len(entries))
        assert {Path(path).stem: data for path, data in files.items() if path.endswith(".mid")} == written
