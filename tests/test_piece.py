"""The record of music: notes, keys, meters and pieces."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import changes, keys, meters, pieces, tempos

from musiclab.key import MODES, Key
from musiclab.piece import DRUMS, Meter, Note, Piece, Voice


def shifts(piece):
    """How far a piece can be transposed down and up."""
    pitches = [note.pitch for note in piece.notes if piece.voices[note.voice].program != DRUMS]
    return -min(pitches, default=0), 127 - max(pitches, default=127)


@given(pieces(fewest=-5, most=6), st.data())
def test_transposing_there_and_back_is_the_identity(piece, data):
    semitones = data.draw(st.integers(*shifts(piece)))
    there = piece.transposed(semitones)
    assert there.transposed(-semitones) == piece
    for before, after in zip(piece.notes, there.notes):
        assert after.start == before.start and after.duration == before.duration


@given(pieces(), st.data())
def test_transposing_there_and_back_keeps_the_sound_whatever_the_spelling(piece, data):
    semitones = data.draw(st.integers(*shifts(piece)))
    back = piece.transposed(semitones).transposed(-semitones)
    assert back.notes == piece.notes
    assert [(t, key.pitch_class, key.mode) for t, key in back.keys] == [(t, key.pitch_class, key.mode) for t, key in piece.keys]


def test_six_flats_come_back_as_six_sharps():
    assert Key("Gb").transposed(1).transposed(-1) == Key("F#")
    assert Key("Gb").transposed(0) == Key("Gb") and Key("Gb").transposed(12) == Key("Gb")


def test_drums_are_not_transposed():
    piece = Piece([Note(0, 24, 36), Note(0, 24, 60, voice=1)], [("Drums", DRUMS), ("Flute", 73)])
    assert [note.pitch for note in piece.transposed(3).notes] == [36, 63]


def test_a_pitch_out_of_range_is_named_with_its_note_and_a_way_out():
    with pytest.raises(ValueError, match=r"pitch 131 in Note\(start=48, .*: expected 0 to 127; transpose it into range"):
        Piece([Note(0, 24, 60), Note(48, 24, 126)]).transposed(5)


@given(keys(), st.integers(0, 127))
def test_a_spelling_sounds_as_its_pitch(key, pitch):
    letter, alteration, octave = key.spell(pitch)
    natural = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter]
    assert 12 * (octave + 1) + natural + alteration == pitch
    assert abs(alteration) <= 2


@given(keys())
def test_the_scale_of_a_key_is_spelt_with_seven_letters_and_its_signature(key):
    degrees = {"major": "2212221", "minor": "2122122", "dorian": "2122212", "mixolydian": "2212212"}[key.mode]
    pitches = [60 + key.pitch_class + sum(map(int, degrees[:i])) for i in range(7)]
    names = [key.spell(pitch) for pitch in pitches]
    assert len({letter for letter, _, _ in names}) == 7
    assert sum(alteration for _, alteration, _ in names) == key.fifths


def test_spellings_by_hand():
    assert [Key("D", "minor").name(pitch) for pitch in (57, 58, 59, 60, 61, 62, 66)] == [
        "A3",
        "Bb3",
        "B3",
        "C4",
        "C#4",
        "D4",
        "F#4",
    ]
    assert [Key("E").name(pitch) for pitch in (60, 61, 62, 63, 64)] == ["C4", "C#4", "D4", "D#4", "E4"]
    assert Key("Cb").name(59) == "Cb4" and Key("C#").name(60) == "B#3"  # the octave is that of the letter
    assert [Key("Ab").name(pitch) for pitch in (61, 63, 66)] == ["Db4", "Eb4", "Gb4"]


@given(st.integers(-7, 7), st.sampled_from(sorted(MODES)))
def test_a_signature_and_a_mode_make_a_key(fifths, mode):
    key = Key.from_fifths(fifths, mode)
    assert (key.fifths, key.mode) == (fifths, mode)
    assert Key.parse(str(key)) == key


@given(keys(), st.integers(-24, 24))
def test_a_transposed_key_has_its_tonic_moved(key, semitones):
    moved = key.transposed(semitones)
    assert moved.mode == key.mode
    assert moved.pitch_class == (key.pitch_class + semitones) % 12
    assert -5 <= moved.fifths <= 6 or semitones % 12 == 0


@pytest.mark.parametrize(
    "words, key",
    [
        ("G major", Key("G")),
        ("g", Key("G")),
        ("Am", Key("A", "minor")),
        ("AM", Key("A")),
        ("a min", Key("A", "minor")),
        ("E dorian", Key("E", "dorian")),
        ("Edor", Key("E", "dorian")),
        ("A MIX", Key("A", "mixolydian")),
        ("b flat minor", Key("Bb", "minor")),
        ("F♯ minor", Key("F#", "minor")),
        ("C-sharp", Key("C#")),
        ("D ionian", Key("D")),
        ("D aeolian", Key("D", "minor")),
    ],
)
def test_keys_are_read_in_words(words, key):
    assert Key.parse(words) == key


@pytest.mark.parametrize("words", ["", "H major", "C phrygian", "major", "C##### major", "C major minor", "7"])
def test_words_that_are_no_key_are_refused(words):
    with pytest.raises(ValueError, match="expected a tonic and a mode"):
        Key.parse(words)


def test_keys_with_too_many_signs_are_refused_with_their_twin():
    with pytest.raises(ValueError, match="G# major would need 8 sharps or flats: write Ab major"):
        Key("G#")
    with pytest.raises(ValueError, match="tonic 'X': expected a letter A to G"):
        Key("X")
    with pytest.raises(ValueError, match="mode 'lydian': expected one of major, mixolydian, dorian, minor"):
        Key("C", "lydian")


def test_meters_by_hand():
    table = {"4/4": (96, 24), "C": (96, 24), "C|": (96, 48), "2/2": (96, 48), "3/8": (36, 12), "6/8": (72, 36), "9/8": (108, 36)}
    assert {text: (Meter.parse(text).bar, Meter.parse(text).beat) for text in table} == table
    assert str(Meter.parse("12/8")) == "12/8"
    for text in ("4/3", "0/4", "4", "a/b", "100/4", "4/64"):
        with pytest.raises(ValueError, match="expected beats over note value"):
            Meter.parse(text)


@given(pieces())
def test_bars_follow_each_other_without_a_gap_to_the_last_note(piece):
    assume(all(meter.bar > 8 for _, meter in piece.meters))  # a thousand bars are enough
    bars = piece.bars
    assert [start for start, _ in bars] == [0, *(stop for _, stop in bars)][: len(bars)]
    assert not bars or bars[-1][0] < piece.end <= bars[-1][1]
    for start, stop in bars:
        assert 0 < stop - start <= piece.meter_at(start).bar


def test_bars_by_hand():
    assert Piece([Note(0, 200, 60)], pickup=24).bars == ((0, 24), (24, 120), (120, 216))
    assert Piece([Note(0, 100, 60)], meters=[(0, Meter(4, 4)), (48, Meter(3, 4))]).bars == ((0, 48), (48, 120))
    assert Piece().bars == ()


@given(changes(tempos), st.integers(0, 30_000))
def test_seconds_add_up_tick_by_tick(tempo_map, tick):
    piece = Piece(tempos=tempo_map)
    borders = sorted({0, tick, *(t for t, _ in tempo_map if t < tick)})
    by_hand = sum((b - a) * [tempo for t, tempo in tempo_map if t <= a][-1] / 24e6 for a, b in zip(borders, borders[1:]))
    assert math.isclose(piece.seconds(tick), by_hand, abs_tol=1e-9)


@given(pieces(), st.integers(0, 300), st.integers(1, 300))
def test_a_part_of_a_piece_is_that_part(piece, start, length):
    assume(all(meter.bar > 8 for _, meter in piece.meters))
    part = piece.between(start, start + length)
    inside = [note for note in piece.notes if start <= note.start < start + length]
    assert len(part.notes) == len(inside) and part.end <= length
    assert sorted((n.start + start, n.pitch, n.velocity, n.voice) for n in part.notes) == sorted(
        (n.start, n.pitch, n.velocity, n.voice) for n in inside
    )
    for tick in range(0, length, 7):
        assert part.meter_at(tick) == piece.meter_at(start + tick)
        assert not piece.keys or part.key_at(tick) == piece.key_at(start + tick)
    assert part.fermatas == tuple(tick - start for tick in piece.fermatas if start <= tick < start + length)


def test_a_part_by_hand():
    piece = Piece(
        [Note(0, 24, 60), Note(24, 96, 62), Note(120, 96, 64)],
        tempos=[(0, 500_000), (120, 400_000)],
        keys=[(0, Key("C")), (24, Key("G"))],
        pickup=24,
    )
    part = piece.between(24, 130)
    assert part.notes == ((0, 96, 62, 80, 0), (96, 10, 64, 80, 0))
    assert part.tempos == ((0, 500_000), (96, 400_000))
    assert part.keys == ((0, Key("G")),) and part.pickup == 0
    assert piece.between(12, 200).pickup == 12
    assert piece.between(0, 130).pickup == 24 and piece.between(0, 130).bars[1] == piece.bars[1]


def test_notes_are_sorted_and_voices_made():
    piece = Piece([(24, 12, 60), (0, 12, 62, 90, 1), Note(0, 12, 60)])
    assert piece.notes == ((0, 12, 60, 80, 0), (0, 12, 62, 90, 1), (24, 12, 60, 80, 0))
    assert all(type(note) is Note for note in piece.notes)
    assert piece.voices == (Voice(), Voice())
    assert piece.array.shape == (3, 5) and Piece().array.shape == (0, 5)
    assert piece.array[1].tolist() == [0, 12, 62, 90, 1]


@given(pieces())
def test_equal_music_is_equal_whatever_its_labels_say(piece):
    from dataclasses import replace

    assert replace(piece, id="x", collection="y", group="z") == piece
    assert hash(replace(piece, id="x")) == hash(piece)
    assert replace(piece, style=piece.style + "!") != piece


def test_a_piece_cannot_be_changed():
    with pytest.raises(AttributeError):
        Piece().title = "new"


@pytest.mark.parametrize(
    "fields, complaint",
    [
        ({"notes": [(0, 0, 60)]}, r"duration 0 in Note\(start=0.*: expected 1 to"),
        ({"notes": [(-1, 5, 60)]}, "start -1 in .*: expected 0 to .*; move the piece later"),
        ({"notes": [(0, 5, 60.5)]}, "pitch 60.5 in .*: expected a whole number"),
        ({"notes": [(0, 5, 60, 0)]}, "velocity 0 in .*: expected 1 to 127"),
        ({"notes": [(0, 5, 60, 80, 2)], "voices": [("", 0)]}, "voice 2 in .*: expected 0 to 0; add a Voice"),
        ({"voices": [("", 129)]}, "program 129 in .*: expected 0 to 127, or 128 for drums"),
        ({"tempos": []}, r"tempos change at ticks \[\]: expected a first value at tick 0"),
        ({"meters": [(5, (4, 4))]}, r"meters change at ticks \[5\]"),
        ({"keys": [(0, Key()), (9, Key()), (9, Key())]}, r"keys change at ticks \[0, 9, 9\]"),
        ({"tempos": [(0, 0)]}, "tempo 0 at tick 0: expected 1 to 16777215 microseconds"),
        ({"meters": [(0, (4, 3))]}, "meter 4/3 at tick 0"),
        ({"pickup": 96}, "pickup 96: expected less than a full bar of 96 ticks"),
    ],
)
def test_records_out_of_range_are_named(fields, complaint):
    with pytest.raises(ValueError, match=complaint):
        Piece(**fields)


@given(meters)
def test_a_beat_divides_its_bar(meter):
    assert meter.bar % meter.beat == 0 and meter.beat > 0
