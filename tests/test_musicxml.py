"""The MusicXML we write: valid by the official schema, and read by music21 and Verovio as the same music."""

import importlib.util
import json
import re
import warnings
from fractions import Fraction
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab.musicxml import musicxml
from musiclab.piece import DRUMS, Key, Meter, Note, Piece, Voice


@cache
def schema():
    """The official XSD; what it imports from the net comes from xmlschema's own copies."""
    import xmlschema

    xsd = Path(importlib.util.find_spec("musicxml").origin).parent / "generate_classes" / "musicxml_4_0.xsd"
    here = Path(xmlschema.__file__).parent / "schemas"
    copies = {
        f"http://www.musicxml.org/xsd/{name}.xsd": (here / name.upper() / f"{name}.xsd").as_uri() for name in ("xml", "xlink")
    }
    return xmlschema.XMLSchema(str(xsd), allow="local", uri_mapper=copies)


def assert_valid(piece):
    errors = [f"{error.path}: {error.reason}" for error in schema().iter_errors(ElementTree.fromstring(musicxml(piece)))]
    assert not errors, errors[:3]


def read_back(piece):
    """The parts as music21 reads them, each a stream."""
    import music21

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return music21.converter.parseData(musicxml(piece), format="musicxml")


def sounding(part):
    """`(start, duration, pitch)` of a music21 part in ticks, ties joined, sorted."""
    import music21

    notes, open_notes = [], {}
    heads = [
        (element.getOffsetInHierarchy(part), element.quarterLength, pitch.midi, head.tie.type if head.tie else None)
        for element in part.recurse().notes
        for head in (element.notes if isinstance(element, music21.chord.Chord) else [element])
        for pitch in [head.pitch]
    ]
    for start, length, pitch, tie in sorted(heads, key=lambda head: head[0]):
        start, length = Fraction(start) * 24, Fraction(length) * 24
        if tie in ("stop", "continue"):
            begun = next(note for note in open_notes.get(pitch, ()) if sum(note) == start)  # a tie joins notes that touch
            open_notes[pitch].remove(begun)
            begun[1] += length
        else:
            begun = [start, length]
            notes.append((begun, pitch))
        if tie in ("start", "continue"):
            open_notes.setdefault(pitch, []).append(begun)
    assert not any(open_notes.values())
    return sorted((start, length, pitch) for (start, length), pitch in notes)


def by_voice(piece, voice=0):
    return sorted((note.start, note.duration, note.pitch) for note in piece.notes if note.voice == voice)


def tune(*lengths, pitches=(67, 69, 71, 72, 74), **fields):
    """A melody of these lengths."""
    notes, now = [], 0
    for i, length in enumerate(lengths):
        notes.append(Note(now, length, pitches[i % len(pitches)]))
        now += length
    return Piece(notes, **fields)


def heads(piece):
    """Per measure of the first part: (type, dots, tie starts) of each note or rest."""
    part = ElementTree.fromstring(musicxml(piece)).find("part")
    words = []
    for measure in part:
        words.append([])
        for note in measure.iter("note"):
            word = ("r " if note.find("rest") is not None else "") + note.findtext("type", "bar") + "." * len(note.findall("dot"))
            words[-1].append(word + ("~" if any(tie.get("type") == "start" for tie in note.iter("tie")) else ""))
    return words


CASES = {
    "jig with pickup and complement": tune(
        12, *[12] * 6, 24, 12, 36, 60, meters=[(0, Meter(6, 8))], keys=[(0, Key("G"))], pickup=12, title="The <Kesh> & \x00 Co"
    ),
    "reel with triplets in cut time": tune(
        12, 12, 8, 8, 8, 48, 4, 4, 4, 12, 24, 48, meters=[(0, Meter(2, 2))], keys=[(0, Key("D", "dorian"))]
    ),
    "slip jig, mixolydian": tune(*[12] * 9, 36, 72, meters=[(0, Meter(9, 8))], keys=[(0, Key("A", "mixolydian"))]),
    "changes of everything": Piece(
        [Note(i * 12, 12, 60 + i % 13) for i in range(40)],
        meters=[(0, Meter(4, 4)), (96, Meter(3, 4)), (240, Meter(7, 8)), (324, Meter(5, 4))],
        keys=[(0, Key("C#")), (96, Key("Cb")), (240, Key("A#", "minor"))],
        tempos=[(0, 500_000), (30, 400_000), (36, 700_001), (240, 333_333)],
        fermatas=[0, 100, 108, 470],
    ),
    "quartet": Piece(
        [Note(96 * bar, 96, pitch, voice=voice) for voice, pitch in enumerate((76, 69, 60, 48)) for bar in range(voice, 4)],
        voices=[("Violin I", 40), ("Violin II", 40), ("Viola", 41), ("Cello", 42)],
        keys=[(0, Key("F", "minor"))],
    ),
    "overlaps in one voice": Piece([Note(0, 120, 60), Note(12, 24, 64), Note(12, 24, 67), Note(30, 90, 72), Note(30, 90, 72)]),
    "two hands": Piece(
        [Note(0, 24, 72), Note(0, 144, 40, voice=1), Note(30, 10, 43, voice=1)], voices=[("Piano right", 0), ("Piano left", 0)]
    ),
    "one wide voice": Piece([Note(0, 48, 36), Note(0, 24, 84), Note(24, 24, 86), Note(96, 96, 60)]),
    "drums": Piece(
        [Note(12 * i, 12, drum) for i in range(8) for drum in ((36, 42) if i % 2 else (42, 99))], voices=[("Kit", DRUMS)]
    ),
    "no notes": Piece(title="Silence", voices=[("Flute", 73)]),
    "lowest and highest notes": Piece(
        [Note(0, 24, 0), Note(24, 24, 11), Note(48, 24, 127), Note(72, 24, 60)], keys=[(0, Key("C#"))]
    ),
    "sixteen voices": Piece([Note(0, 24, 60, voice=voice) for voice in range(17)]),
    "odd meters": tune(
        *[7, 5, 11, 1, 2, 24, 31] * 6, meters=[(0, Meter(5, 8)), (60, Meter(3, 16)), (78, Meter(11, 32)), (111, Meter(4, 1))]
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_we_write_is_valid_by_the_official_schema(name):
    assert_valid(CASES[name])


@pytest.mark.parametrize(
    "name", sorted(set(CASES) - {"drums", "lowest and highest notes", "overlaps in one voice", "two hands", "one wide voice"})
)
def test_music21_reads_the_same_notes(name):
    piece = CASES[name]
    score = read_back(piece)
    assert len(score.parts) == len(piece.voices)
    for voice, part in enumerate(score.parts):
        assert sounding(part) == by_voice(piece, voice)


def test_music21_reads_both_hands_and_all_layers():
    for name in ("two hands", "one wide voice", "overlaps in one voice"):
        found = sorted(note for part in read_back(CASES[name]).parts for note in sounding(part))
        assert found == sorted((note.start, note.duration, note.pitch) for note in CASES[name].notes)


def test_notes_below_octave_0_are_written_in_it():
    piece = Piece([Note(0, 24, 0), Note(24, 24, 12), Note(48, 24, 127)], voices=[("Noise", 122)])
    assert re.findall("<octave>(.)</octave>", musicxml(piece)) == ["0", "0", "9"]


def test_key_meter_and_pickup_come_back():
    import music21

    part = read_back(CASES["jig with pickup and complement"]).parts[0]
    key, meter = (
        part.recurse().getElementsByClass(music21.key.Key)[0],
        part.recurse().getElementsByClass(music21.meter.TimeSignature)[0],
    )
    assert (key.tonic.name, key.mode, meter.ratioString) == ("G", "major", "6/8")
    measures = part.getElementsByClass("Measure")
    assert [measure.number for measure in measures] == [0, 1, 2, 3]
    assert [measure.quarterLength for measure in measures] == [0.5, 3, 3, 2.5]
    assert measures[0].paddingLeft == 2.5

    part = read_back(CASES["changes of everything"]).parts[0]
    changes = [(key.offset * 24, key.tonic.name, key.mode) for key in part.flatten().getElementsByClass(music21.key.Key)]
    assert changes == [(0, "C#", "major"), (96, "C-", "major"), (240, "A#", "minor")]
    meters = [(meter.offset * 24, meter.ratioString) for meter in part.flatten().getElementsByClass(music21.meter.TimeSignature)]
    assert meters == [(0, "4/4"), (96, "3/4"), (240, "7/8"), (324, "5/4")]


@pytest.mark.parametrize("mode, fifths", [("dorian", 0), ("mixolydian", 1), ("minor", -1), ("major", 2)])
def test_modes_keep_their_name_and_signature(mode, fifths):
    text = musicxml(Piece([Note(0, 24, 62)], keys=[(0, Key("D", mode))]))
    assert f"<key><fifths>{fifths}</fifths><mode>{mode}</mode></key>" in text


def test_a_piece_without_key_claims_no_mode():
    assert "<key><fifths>0</fifths></key>" in musicxml(Piece([Note(0, 24, 60)]))


def test_the_tempo_is_given_in_the_beat_of_the_meter():
    text = musicxml(tune(72, meters=[(0, Meter(6, 8))], tempos=[(0, round(60e6 / 112 / 1.5))]))
    assert "<beat-unit>quarter</beat-unit><beat-unit-dot/><per-minute>112</per-minute>" in text
    assert "<beat-unit>half</beat-unit><per-minute>60</per-minute>" in musicxml(tune(96, meters=[(0, Meter(2, 2))]))


def test_accidentals_follow_the_state_of_the_bar():
    pitches = [66, 66, 65, 65, 66, 78, 66]  # F sharp again, F, F again, F sharp, the one above; F sharp in the next bar
    piece = tune(12, 12, 12, 12, 24, 24, 24, pitches=pitches, keys=[(0, Key("G"))])
    notes = ElementTree.fromstring(musicxml(piece)).iter("note")
    assert [note.findtext("accidental") for note in notes][:7] == [None, None, "natural", None, "sharp", None, None]


def test_a_tie_over_the_bar_line_carries_its_accidental_but_the_next_note_needs_it_again():
    piece = tune(72, 48, 24, pitches=[60, 61, 61], keys=[(0, Key("D", "minor"))])
    notes = [note for note in ElementTree.fromstring(musicxml(piece)).iter("note") if note.find("pitch") is not None]
    assert [note.findtext("accidental") for note in notes] == [None, "sharp", None, "sharp"]


def test_heads_have_ids_from_their_notes():
    text = musicxml(tune(84, 24, 4), prefix="a-")
    assert re.findall(r'<note id="([^"]+)"', text) == ["a-n0", "a-n1", "a-n1-2", "a-n2"]
    with pytest.raises(ValueError, match="prefix '1 2': expected a letter"):
        musicxml(Piece(), prefix="1 2")


def test_rests_fill_bars_and_a_silent_bar_has_a_whole_rest():
    assert heads(Piece([Note(12, 12, 60), Note(204, 36, 60)])) == [
        ["r eighth", "eighth", "r quarter", "r half"],
        ["r bar"],
        ["r eighth", "quarter.", "r half"],
    ]


def test_the_final_bar_ends_with_the_final_bar_line():
    root = ElementTree.fromstring(musicxml(CASES["quartet"]))
    for part in root.findall("part"):
        assert [bar.findtext("barline/bar-style") for bar in part] == [None, None, None, "light-heavy"]
    assert root.findtext("part-list/part-group/group-symbol") == "bracket"


def test_clefs_suit_range_and_voice():
    voices = [("Soprano", 52), ("Tenor", 52), ("Bass", 52), ("Viola", 41), ("", 40), ("", 33)]
    piece = Piece([Note(0, 24, pitch, voice=i) for i, pitch in enumerate((72, 57, 50, 60, 98, 40))], voices=voices)
    clefs = [
        (clef.findtext("sign"), clef.findtext("clef-octave-change"))
        for clef in ElementTree.fromstring(musicxml(piece)).iter("clef")
    ]
    assert clefs == [("G", None), ("G", "-1"), ("F", None), ("C", None), ("G", "1"), ("F", "-1")]


def test_programs_and_drums_are_said_to_midi():
    root = ElementTree.fromstring(
        musicxml(Piece([Note(0, 24, 60), Note(0, 24, 38, voice=1)], voices=[("Flute", 73), ("Kit", DRUMS)]))
    )
    flute, kit = root.findall("part-list/score-part")
    assert (flute.findtext("midi-instrument/midi-program"), flute.findtext("midi-instrument/midi-channel")) == ("74", "1")
    assert (kit.findtext("midi-instrument/midi-unpitched"), kit.findtext("midi-instrument/midi-channel")) == ("39", "10")
    assert root.findall("part")[1].findtext("measure/attributes/clef/sign") == "percussion"


def test_a_fermata_stands_over_what_sounds_there_in_every_part():
    piece = Piece(
        [Note(0, 48, 72), Note(48, 48, 74), Note(0, 36, 60, voice=1), Note(36, 60, 62, voice=1)],
        fermatas=[48],
        voices=[("A", 52), ("B", 52)],
    )
    parts = ElementTree.fromstring(musicxml(piece)).findall("part")
    marked = [[note.get("id") for note in part.iter("note") if note.find("notations/fermata") is not None] for part in parts]
    assert marked == [["n3"], ["n2-2"]]


def test_no_voice_but_the_kit_plays_on_the_drums_channel():
    text = musicxml(CASES["sixteen voices"])
    assert re.findall("<midi-channel>(.*?)</midi-channel>", text) == [*"123456789", "11", "12", "13", "14", "15", "16", "1", "2"]


def test_a_passing_change_of_tempo_is_heard_but_not_printed():
    piece = tune(96, 96, 96, tempos=[(0, 500_000), (48, 600_000), (60, 500_000), (192, 400_000)])
    text = musicxml(piece)
    assert re.findall("<per-minute>(.*?)</per-minute>", text) == ["120", "120", "150"]
    assert [float(tempo) for tempo in re.findall('<sound tempo="(.*?)"', text)] == [120, 100, 120, 150]


def test_the_same_piece_gives_the_same_bytes():
    assert musicxml(CASES["changes of everything"]) == musicxml(CASES["changes of everything"])


@st.composite
def pieces(draw, voices=3):
    """Any piece, with chords, overlaps, gaps, odd lengths and changes, but no pitch twice at once in a voice."""
    meter = st.sampled_from(
        [(4, 4), (2, 2), (3, 4), (6, 8), (9, 8), (12, 8), (2, 4), (3, 8), (5, 4), (7, 8), (3, 2), (6, 16), (11, 8)]
    )
    first = Meter(*draw(meter))
    lengths = st.one_of(st.sampled_from([6, 12, 18, 24, 36, 48, 8, 16, 4, 72, 96, 84]), st.integers(1, 200))
    notes = []
    for voice in range(draw(st.integers(1, voices))):
        now, busy = 0, {}
        for _ in range(draw(st.integers(0, 12))):
            duration, pitch = draw(lengths), draw(st.integers(24, 100))
            if busy.get(pitch, 0) <= now:
                notes.append(Note(now, duration, pitch, voice=voice))
                busy[pitch] = now + duration
            now += draw(st.one_of(st.just(duration), lengths, st.just(0)))
    changes = draw(st.lists(st.integers(1, 400), unique=True, max_size=2))
    keys = draw(st.lists(st.sampled_from([Key("C"), Key("E", "dorian"), Key("Gb"), Key("A", "minor"), Key("C#")]), max_size=1))
    return Piece(
        notes,
        voices=[Voice(f"Voice {i}", 60) for i in range(voices)],
        meters=[(0, first), *((tick, Meter(*draw(meter))) for tick in sorted(changes))],
        keys=[(0, key) for key in keys],
        pickup=draw(st.sampled_from([0, 12, 8, 5])) % first.bar,
        fermatas=draw(st.lists(st.integers(0, 300), max_size=2)),
    )


@pytest.mark.slow
@settings(max_examples=40)
@given(pieces())
def test_any_piece_is_valid_and_says_the_same_notes_to_music21(piece):
    assert_valid(piece)
    for voice, part in enumerate(read_back(piece).parts):
        assert sounding(part) == by_voice(piece, voice)


@settings(max_examples=80)
@given(pieces())
def test_any_piece_adds_up(piece):
    root = ElementTree.fromstring(musicxml(piece))
    ids = [note.get("id") for note in root.iter("note") if note.get("id")]
    assert len(ids) == len(set(ids))
    heads = {}
    for note in root.iter("note"):
        if note.get("id"):
            heads.setdefault(int(note.get("id").split("-")[0][1:]), []).append(int(note.findtext("duration")))
    assert {i: sum(parts) for i, parts in heads.items()} == {i: note.duration for i, note in enumerate(piece.notes)}


@settings(max_examples=40)
@given(pieces())
def test_verovio_reads_any_piece_without_a_warning_at_the_times_of_the_piece(piece):
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    assert toolkit.loadData(musicxml(piece))
    times = {}
    for entry in json.loads(json.dumps(toolkit.renderToTimemap({"includeMeasures": False}))):
        for head in entry.get("on", ()):
            times.setdefault(head, entry["qstamp"] * 24)
    for i, note in enumerate(piece.notes):
        assert times[f"n{i}"] == pytest.approx(note.start, abs=0.01)
