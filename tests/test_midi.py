"""MIDI files: what we write and read, against other readers, strangers' files and damaged ones."""

import io
import math
import os
import random
import re
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import mido
import pytest
import symusic
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import melodies, pieces

from musiclab.midi import midi_bytes, read_midi, write_midi
from musiclab.piece import DRUMS, Key, Meter, Note, Piece, Voice

ROOT = Path(__file__).resolve().parent.parent
END = b"\x00\xff\x2f\x00"


def variable(number):
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.insert(0, number & 0x7F | 0x80)
    return bytes(digits)


def smf(*tracks, kind=1, division=24, promised=None):
    """A MIDI file of tracks given as bytes without their ends."""
    chunks = [b"MTrk" + struct.pack(">I", len(track) + 4) + track + END for track in tracks]
    return b"MThd" + struct.pack(">IHHH", 6, kind, promised or len(tracks), division) + b"".join(chunks)


def stranger(notes, division=480, channel=0):
    """A track of `(start, duration, pitch)` in the file's own ticks, with notes that end by velocity 0."""
    events = [(start + duration, 0, pitch, 0) for start, duration, pitch in notes]
    events += [(start, 1, pitch, 70) for start, _, pitch in notes]
    track, now = b"", 0
    for time, _, pitch, velocity in sorted(events):
        track += variable(time - now) + bytes([0x90 | channel, pitch, velocity])
        now = time
    return smf(track, division=division)


def meta(kind, content, delta=0):
    return variable(delta) + bytes([0xFF, kind]) + variable(len(content)) + content


def plain(piece):
    """`(start, duration, pitch)` of a piece's notes."""
    return [note[:3] for note in piece.notes]


# What we wrote


@settings(deadline=None)
@given(pieces())
def test_reading_what_we_wrote_gives_the_same_piece(piece):
    again = read_midi(midi_bytes(piece))
    assert again == piece
    assert replace(again) == again  # it passes the checks that reading leaves out


@settings(deadline=None)
@given(melodies())
def test_reading_a_melody_gives_the_same_piece(piece):
    assert read_midi(midi_bytes(piece)) == piece


@settings(deadline=None)
@given(melodies())
def test_a_melody_is_read_as_symusic_reads_it(piece):
    data = midi_bytes(piece)
    assert plain(read_midi(data)) == [
        (n.time, n.duration, n.pitch) for t in symusic.Score.from_midi(data).tracks for n in t.notes
    ]
    volume = data[:-4].rpartition(b"MTrk")[2][4:] + b"\x00\xb0\x07\x64"  # one event more, and it is no melody to us
    last = data.rindex(b"MTrk")
    longer = data[: last + 4] + struct.pack(">I", len(volume) + 4) + volume + END
    assert read_midi(longer) == piece


def test_what_is_almost_a_melody_is_read_with_care():
    def track(*events):
        return smf(b"\x00\xc0\x05" + bytes.fromhex("".join(events)))

    note = "00903c50 18803c00"
    assert plain(read_midi(track(note, note))) == [(0, 24, 60), (24, 24, 60)]
    assert plain(read_midi(track("00903c00 18803c00", note))) == [(24, 24, 60)]  # an on without loudness is an off
    assert plain(read_midi(track("00903c50 18803d00", "00903d50 18803c00"))) == [(0, 48, 60)]  # another pitch goes off
    assert plain(read_midi(track("00903c50 00803c00", note))) == [(0, 24, 60)]
    for wrong in ("00903c50 85803c00", "00903cd0 18803c00", "00909c50 18809c00", "00903c50 18803c80"):
        with pytest.raises(ValueError, match="track 1"):
            read_midi(track(wrong, note))


def test_an_empty_piece_comes_back():
    assert read_midi(midi_bytes(Piece())) == Piece()


def test_everything_that_midi_has_no_event_for_comes_back(tmp_path):
    piece = Piece(
        [Note(0, 24, 60), Note(12, 24, 60), Note(12, 24, 60, 90), Note(12, 20, 60, 90, 2), Note(12, 20, 61, 90, 2)],
        [("Flöte", 73), ("", 40), ("Trommel", DRUMS), ("Bratsche ♭", 41)],
        [(0, 500_001), (7, 461_538)],
        [(0, Meter(6, 8)), (36, Meter(2, 32))],
        [(0, Key("E", "dorian")), (24, Key("Cb")), (48, Key("A", "mixolydian")), (96, Key("A#", "minor"))],
        24,
        [5, 60],
        "Ein Lied",
        "slip jig",
    )
    write_midi(piece, tmp_path / "all.mid")
    assert read_midi(tmp_path / "all.mid") == read_midi(str(tmp_path / "all.mid")) == piece
    assert os.listdir(tmp_path) == ["all.mid"]


def test_the_same_piece_gives_the_bytes_written_out_here():
    piece = Piece(
        [Note(0, 12, 62), Note(12, 150, 64, 100)],
        [("Fiddle", 40)],
        [(0, 500_000)],
        [(0, Meter(6, 8))],
        [(0, Key("D", "mixolydian"))],
        12,
    )
    expected = """
        4d546864 00000006 0001 0002 0018
        4d54726b 0000004b
            00ff5103 07a120
            00ff5804 06031808
            00ff5902 0100
            00ff0618 6d757369636c61623a6d6f64653d6d69786f6c796469616e
            00ff0612 6d757369636c61623a7069636b75703d3132
            00ff2f00
        4d54726b 00000022
            00ff0306 466964646c65
            00c028
            00903e50 0c803e00
            00904064 8116804000
            00ff2f00"""
    assert midi_bytes(piece) == midi_bytes(piece) == bytes.fromhex(re.sub(r"\s", "", expected))


def test_overlapping_equal_pitches_take_tracks_of_their_own():
    piece = Piece([Note(0, 48, 60), Note(24, 48, 60), Note(30, 6, 60), Note(48, 24, 60)])
    data = midi_bytes(piece)
    assert data.count(b"MTrk") == 4 and b"musiclab:tracks=0 0 0" in data
    assert read_midi(data) == piece


def test_markers_that_no_longer_fit_the_tracks_are_passed_over():
    data = midi_bytes(Piece([Note(0, 48, 60), Note(24, 48, 60)], [("A", 1)])).replace(b"tracks=0 0", b"tracks=0 5")
    piece = read_midi(data)
    assert piece.voices == (Voice("A", 1), Voice("A", 1)) and [note.voice for note in piece.notes] == [0, 1]


def test_voices_have_channels_of_their_own_and_drums_channel_10():
    piece = Piece([Note(0, 24, 60, voice=i) for i in range(18)], [("", DRUMS if i == 3 else i) for i in range(18)])
    tracks = mido.MidiFile(file=io.BytesIO(midi_bytes(piece))).tracks[1:]
    channels = [track[0].channel for track in tracks]
    assert channels[3] == 9 and channels.count(9) == 1
    assert len(set(channels[:16])) == 16  # then they begin again
    assert read_midi(midi_bytes(piece)) == piece


@pytest.mark.parametrize(
    "piece, complaint",
    [
        (Piece([Note(960_001, 24, 60)]), "expected 0 to 960000; cut the piece into parts"),
        (Piece([Note(0, 20_000, 60)]), "expected a duration of at most 15360 ticks"),
        (Piece(meters=[(0, Meter(256, 4))]), "meter 256/4 at tick 0: MIDI counts to 255"),
        (Piece(fermatas=[-1]), "ticks -1 to 0, expected 0 to"),
        (Piece([Note(i, 1, 60) for i in range(100_001)]), "100001 notes, expected at most 100000"),
        (Piece(voices=[("", 0)] * 4097), "expected at most 4096; use fewer voices"),
    ],
)
def test_what_midi_cannot_hold_is_not_written(piece, complaint, tmp_path):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        write_midi(piece, tmp_path / "x.mid")
    assert os.listdir(tmp_path) == []


# What other readers say of our files


def through_mido(data):
    """Notes, tempos, meters and keys as mido gives them, the notes as `(start, duration, pitch, velocity, program)`."""
    notes, others = [], {"set_tempo": [], "time_signature": [], "key_signature": []}
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        now, program, sounding = 0, {}, {}
        for message in track:
            now += message.time
            if message.type == "program_change":
                program[message.channel] = message.program
            elif message.type == "note_on" and message.velocity:
                assert (message.channel, message.note) not in sounding  # one at a time
                sounding[message.channel, message.note] = now, message.velocity
            elif message.type in ("note_on", "note_off"):
                start, velocity = sounding.pop((message.channel, message.note))
                drums = message.channel == 9
                notes.append((start, now - start, message.note, velocity, DRUMS if drums else program[message.channel]))
            elif message.type in others:
                others[message.type].append((now, message))
        assert not sounding
    return sorted(notes), others


@settings(deadline=None)
@given(pieces())
def test_mido_reads_the_same_music(piece):
    notes, others = through_mido(midi_bytes(piece))
    assert notes == sorted((*note[:4], piece.voices[note.voice].program) for note in piece.notes)
    assert tuple((now, m.tempo) for now, m in others["set_tempo"]) == piece.tempos
    assert tuple((now, Meter(m.numerator, m.denominator)) for now, m in others["time_signature"]) == piece.meters
    signs = [(now, Key.parse(m.key).fifths) for now, m in others["key_signature"]]
    assert signs == [(tick, key.fifths) for tick, key in piece.keys]


@settings(deadline=None)
@given(pieces())
def test_symusic_reads_the_same_music(piece):
    score = symusic.Score.from_midi(midi_bytes(piece))
    notes = [(n.time, n.duration, n.pitch, n.velocity, DRUMS if t.is_drum else t.program) for t in score.tracks for n in t.notes]
    assert sorted(notes) == sorted((*note[:4], piece.voices[note.voice].program) for note in piece.notes)
    assert tuple((tempo.time, tempo.mspq) for tempo in score.tempos) == piece.tempos
    assert tuple((m.time, (m.numerator, m.denominator)) for m in score.time_signatures) == piece.meters
    assert [(k.time, k.key) for k in score.key_signatures] == [(tick, key.fifths) for tick, key in piece.keys]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_music21_reads_the_same_notes(seed):
    from music21 import midi

    rng = random.Random(seed)
    voices = [("Fiddle", 40), ("", 0), ("Bass", 32)]
    notes = []
    for voice in range(3):
        now = 24 * voice
        for _ in range(20):
            notes.append(Note(now, rng.choice([3, 4, 6, 8, 12, 16, 18, 24, 36, 48]), rng.randrange(40, 90), 80, voice))
            now = notes[-1].end + rng.choice([0, 0, 12])
    piece = Piece(notes, voices)
    file = midi.MidiFile()
    file.readstr(midi_bytes(piece))
    score = midi.translate.midiFileToStream(file, quantizePost=False)
    read = [
        (round(24 * element.offset), round(24 * element.quarterLength), pitch.midi)
        for element in score.stripTies().flatten().notes
        for pitch in element.pitches
    ]
    assert sorted(read) == sorted(plain(piece))


@pytest.mark.slow
def test_music21_reads_meter_key_tempo_and_program():
    from music21 import midi

    piece = Piece([Note(0, 24, 60)], [("Flute", 73)], [(0, 461_538)], [(0, Meter(9, 8))], [(0, Key("E", "dorian"))])
    file = midi.MidiFile()
    file.readstr(midi_bytes(piece))
    score = midi.translate.midiFileToStream(file).flatten()
    assert score.getElementsByClass("TimeSignature")[0].ratioString == "9/8"
    assert score.getElementsByClass("KeySignature")[0].sharps == 2
    assert math.isclose(score.getElementsByClass("MetronomeMark")[0].number, 130, abs_tol=0.01)
    assert score.getElementsByClass("Instrument")[0].midiProgram == 73


# Files of strangers


@pytest.mark.parametrize("division", [96, 480, 1024, 10_080])
def test_sixteenths_and_triplets_find_their_ticks(division):
    starts = [0, 1 / 4, 1 / 2, 3 / 4, 1, 4 / 3, 5 / 3, 2, 2 + 1 / 6, 2 + 1 / 8]
    piece = read_midi(stranger([(round(s * division), division // 8, 60 + i) for i, s in enumerate(starts)], division))
    assert [note.start for note in piece.notes] == [0, 6, 12, 18, 24, 32, 40, 48, 51, 52]
    assert {note.duration for note in piece.notes} == {3}


def test_notes_that_meet_on_a_tick_are_sorted():
    piece = read_midi(smf(b"\x00\xc0\x05\x00\x90\x40\x50\x01\x80\x40\x00\x00\x90\x3c\x50\x20\x80\x3c\x00", division=960))
    assert plain(piece) == [(0, 1, 60), (0, 1, 64)] and replace(piece) == piece


def test_lengths_that_sound_short_are_read_as_written():
    values = [24, 12, 6, 48, 36, 72, 8, 8, 8]
    starts = [sum(values[:i]) for i in range(len(values))]
    piece = read_midi(stranger([(20 * s, 20 * v * 95 // 100 - 1, 60) for s, v in zip(starts, values)]))
    assert [(note.start, note.duration) for note in piece.notes] == list(zip(starts, values))


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_slight_jitter_is_taken_out(seed):
    rng = random.Random(seed)
    true = [24 * i // 2 for i in range(60)] + [24 * i // 3 for i in range(90, 120)]
    notes = [(max(0, round(20 * (t + max(-0.6, min(0.6, rng.gauss(0, 0.4)))))), 200, i) for i, t in enumerate(true)]
    assert [note.start for note in read_midi(stranger(notes)).notes] == true


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_a_performance_without_a_grid_is_refused(seed):
    rng, now, notes = random.Random(seed), 0, []
    for i in range(80):
        now += round(rng.choice([240, 240, 480]) * rng.uniform(0.8, 1.2))
        notes.append((now, 200, 30 + i))
    with pytest.raises(ValueError, match=r"begin 0\.0\d\d quarter notes off .* expected at most 0\.033: .* quantise it"):
        read_midi(stranger(notes))


def controllers(piece):
    """`(number, value)` of the first track with notes, as mido reads them."""
    track = mido.MidiFile(file=io.BytesIO(midi_bytes(piece))).tracks[1]
    return [(message.control, message.value) for message in track if message.type == "control_change"]


def test_the_mix_of_a_voice_is_three_controllers():
    piece = Piece([Note(0, 24, 60)], voices=[Voice("Flute", 73, volume=90, balance=20, space=70)])
    assert controllers(piece) == [(7, 90), (10, 20), (91, 70)]
    assert controllers(Piece([Note(0, 24, 60)])) == []


def test_a_strangers_mix_is_the_one_that_holds_when_the_voice_begins():
    ons = b"\x18\x90\x3c\x50" + b"\x18\x80\x3c\x00"
    controls = b"\x00\xb0\x07\x0a" + b"\x00\xb0\x0a\x7f" + b"\x0c\xb0\x07\x50"
    later = b"\x00\xb0\x07\x01"
    [voice] = read_midi(smf(b"\x00\xc0\x49" + controls + ons + later)).voices
    assert voice == Voice("", 73, volume=0x50, balance=127)


def test_a_damaged_mix_of_a_silent_voice_says_so():
    with pytest.raises(ValueError, match="marker musiclab:mix=200: expected a whole number, at most 127"):
        read_midi(smf(meta(6, b"musiclab:silent=0 1 x") + meta(6, b"musiclab:mix=0 7:200")))


def test_the_channels_of_one_track_become_voices():
    track = meta(3, b"Band") + b"\x00\xc0\x28\x00\xc1\x05\x00\x90\x3c\x50\x00\x91\x30\x51\x00\x99\x24\x52"
    track += b"\x18\x80\x3c\x00\x00\x81\x30\x00\x00\x89\x24\x00"
    piece = read_midi(smf(track, kind=0))
    assert piece.title == "Band"
    assert piece.voices == (Voice("", 40), Voice("", 5), Voice("", DRUMS))
    assert piece.notes == ((0, 24, 36, 82, 2), (0, 24, 48, 81, 1), (0, 24, 60, 80, 0))


def test_a_change_of_program_begins_a_voice():
    track = meta(3, b"Keys") + b"\x00\xc0\x05\x00\x90\x3c\x50\x06\x80\x3c\x00\x00\xc0\x09\x00\x90\x3e\x40\x06\x80\x3e\x00"
    piece = read_midi(smf(meta(3, b"Song"), track))
    assert piece.title == "Song" and piece.voices == (Voice("Keys", 5), Voice("Keys", 9))
    assert plain(piece) == [(0, 6, 60), (6, 6, 62)]


def test_a_strangers_file_has_defaults_for_what_it_leaves_out():
    piece = read_midi(stranger([(0, 480, 60)]))
    assert piece == Piece([Note(0, 24, 60, 70)])
    assert (piece.keys, piece.pickup, piece.style) == ((), 0, "")


def test_changes_of_tempo_meter_and_key_are_read_from_any_track_and_place():
    first = meta(0x51, b"\x07\xa1\x20", 480) + meta(0x51, b"\x07\xa1\x21") + meta(0x58, b"\x03\x02\x18\x08", 480)
    second = (
        b"\x00\x90\x3c\x50\x83\x60\x3c\x00" + meta(0x59, b"\xfd\x01") + b"\x00\x3e\x50\x83\x60\x3e\x00" + meta(0x59, b"\x01\x00")
    )
    piece = read_midi(smf(first, second, division=480))
    assert piece.tempos == ((0, 500_000), (24, 500_001))
    assert piece.meters == ((0, Meter(4, 4)), (48, Meter(3, 4)))
    assert piece.keys == ((0, Key("C", "minor")), (48, Key("G")))  # the first key holds from the start


def test_names_of_older_programs_are_read_as_latin_1():
    piece = read_midi(
        smf(meta(3, "Stück".encode("latin-1")), meta(3, "Flöte".encode("latin-1")) + b"\x00\x90\x3c\x50\x18\x3c\x00")
    )
    assert piece.title == "Stück" and piece.voices[0].name == "Flöte"


def test_an_event_may_repeat_the_status_before_a_meta_or_system_event():
    words = meta(5, b"la").join([b"\x00\x90\x3c\x50", b"\x06\x3c\x00", b"\x00\x3e\x50", b"\x06\x3e\x00"])
    assert plain(read_midi(smf(words))) == [(0, 6, 60), (6, 6, 62)]
    device = b"\x00\xf0\x05\x01\x02\x03\x04\xf7".join([b"\x00\x90\x3c\x50", b"\x06\x3c\x00", b"\x00\x3e\x50", b"\x06\x3e\x00"])
    assert plain(read_midi(smf(device))) == [(0, 6, 60), (6, 6, 62)]
    pressure = b"\x00\xd0\x10\x00\x20" + meta(5, b"la") + b"\x00\x30\x00\x40\x00\x90\x3c\x50" + meta(5, b"la") + b"\x06\x3c\x00"
    assert plain(read_midi(smf(pressure))) == [(0, 6, 60)]


def test_notes_without_end_or_length_are_left_out():
    track = b"\x00\x90\x3c\x50\x00\x90\x40\x50\x00\x80\x40\x00\x06\x90\x3e\x40\x06\x80\x3e\x00\x00\x80\x50\x00"
    assert plain(read_midi(smf(track))) == [(6, 6, 62)]
    assert read_midi(smf(b"\x00\xc0\x05\x00\x90\x3c\x50")) == Piece()


def test_what_else_a_file_holds_is_passed_over():
    track = b"\x00\xf0\x03\x01\x02\xf7\x00\xf7\x02\xf3\x01\x00\xb0\x40\x7f\x00\xe0\x00\x50\x00\xa0\x3c\x01" + meta(
        0x7F, b"x" * 300
    )
    track += b"\x00\x90\x3c\x50\x18\x80\x3c\x40\x00\xff\x2f\x00\x00\x90\x3e\x50"
    data = smf(track)
    data = data[:14] + b"XFIH\x00\x00\x00\x03abc" + data[14:] + b"trailing bytes"
    assert plain(read_midi(data)) == [(0, 24, 60)]


@pytest.mark.parametrize("other", [b"", b"LIST\x03\x00\x00\x00abc\x00"])
def test_a_riff_wrapping_is_taken_off(other):
    data = midi_bytes(Piece([Note(0, 24, 60)]))
    wrapped = b"RMID" + other + b"data" + struct.pack("<I", len(data)) + data
    assert plain(read_midi(b"RIFF" + struct.pack("<I", len(wrapped)) + wrapped)) == [(0, 24, 60)]


def test_type_2_with_one_track_is_read():
    assert plain(read_midi(smf(b"\x00\x90\x3c\x50\x18\x3c\x00", kind=2))) == [(0, 24, 60)]


# Damaged files

NOTE = b"\x00\x90\x3c\x50\x18\x3c\x00"


@pytest.mark.parametrize(
    "data, complaint",
    [
        (b"", "not a MIDI file: it is empty, expected b'MThd'; give a .mid file"),
        (b"<?xml version='1.0'?>", "not a MIDI file: it begins with b'<?xm'"),
        (b"RIFF\x04\x00\x00\x00WAVE", "a RIFF file of b'WAVE' without MIDI data"),
        (smf(NOTE)[:10], "cut short at byte 10, in the header; the file is damaged"),
        (smf(NOTE)[:18], "cut short at byte 18, before track 1 of 1"),
        (smf(NOTE)[:-6], "cut short: 11 bytes should follow byte 22 and 5 do"),
        (smf(NOTE, promised=9), "before track 2 of 9"),
        (smf(NOTE)[:18] + b"\xff\xff\xff\xff" + NOTE, "4294967295 bytes should follow byte 22"),
        (smf(), "6 bytes and 0 tracks"),
        (smf(NOTE, promised=65_535), "65535 tracks, expected at most 4096"),
        (smf(NOTE, NOTE, kind=2), "MIDI type 2: its 2 tracks are pieces of their own; save each as a file of type 0 or 1"),
        (smf(NOTE, division=0xE728), "counted in film frames (SMPTE), not in beats; export it with ticks per quarter note"),
        (smf(NOTE, division=0), "0 ticks a quarter note at byte 12"),
        (smf(NOTE + b"\x00\x90\x3c\xff"), "track 1 has an event at byte 29 that is cut short or unknown"),
        (smf(NOTE + b"\x00\xf4\x00"), "track 1 has an event at byte 29"),
        (smf(b"\x00\x3c\x50"), "track 1 has no event to repeat at byte 22"),
        (smf(b"\xff\xff\xff\xff\x7f\x90\x3c\x50"), "track 1 has an event at byte 22"),
        (smf(b"\x00\xff\x01\xff\xff\xff\x7fabc"), "track 1 promises 268435455 bytes after byte 29 and 7 follow"),
        (smf(NOTE, b"\xff\xff\xff\x7f\x90\x3c\x50" * 9), "track 2 lasts more than 1073741824 ticks"),
        (
            smf(b"\x00\x90\x3c\x50\xff\xff\x7f\x3c\x00"),
            "a note begins at quarter 0 or lasts 87381 quarters, expected at most 39999 and 639",
        ),
        (smf(b"\xff\xff\x7f\x90\x3c\x50\x18\x3c\x00"), "a note begins at quarter 87381"),
        (smf(NOTE + meta(0x51, b"\x07\xa1\x20", 2_000_000)), "marker at tick 2000024, expected at most 960000"),
        (smf(meta(0x51, b"\x00\x00\x00")), "a tempo of 0 microseconds"),
        (smf(meta(0x51, b"\x00")), "a tempo, meter or key in 1 bytes, expected 3"),
        (smf(meta(0x58, b"\x03\x06\x18\x08")), "a meter of 3/64, expected 1/1 to 255/32; write it in larger notes"),
        (smf(meta(0x58, b"\x00\x02\x18\x08")), "a meter of 0/4"),
        (smf(meta(0x59, b"\x08\x00")), "a key of 8 sharps, mode 0, expected 7 flats to 7 sharps"),
        (smf(meta(6, b"musiclab:pickup=x")), "marker musiclab:pickup=x: expected a whole number, at most 95; correct or delete"),
        (smf(meta(6, b"musiclab:pickup=96")), "marker musiclab:pickup=96: expected a whole number, at most 95"),
        (smf(meta(0x59, b"\x00\x00") + meta(6, b"musiclab:mode=locrian")), "marker musiclab:mode=locrian: expected one of major"),
        (smf(meta(0x59, b"\x07\x00") + meta(6, b"musiclab:mode=x\xff")), "marker musiclab:mode=x"),
        (smf(meta(6, b"musiclab:silent=0 129 x")), "marker musiclab:silent=129: expected a whole number, at most 128"),
        (smf(*[b"\x00\x90\x3c\x50\x01\x3c\x00" * 50_001] * 2), "more than 100000 notes; cut the piece into parts"),
        (smf(b"\x00\x90\x3c\x50\x01\x80\x3c\x00" * 1_000_000), "more than 2097152 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_damaged_files_are_refused_with_file_place_and_way_out(data, complaint, tmp_path):
    path = tmp_path / "bad.mid"
    path.write_bytes(data)
    with pytest.raises(ValueError) as error:
        read_midi(path)
    assert str(error.value).startswith(f"{path}: ") and complaint in str(error.value)
    with pytest.raises(ValueError, match="^these bytes: "):
        read_midi(data)


def test_a_million_notes_on_one_pitch_are_refused():
    with pytest.raises(ValueError, match="lasts 6250 quarters, expected at most 39999 and 639"):
        read_midi(smf(b"\x00\x90\x3c\x50" + b"\x00\x3c\x50" * 150_000 + b"\x01\x3c\x00" * 150_000))
    with pytest.raises(ValueError, match="more than 2097152 bytes"):
        read_midi(smf(b"\x00\x90\x3c\x50" + b"\x01\x3c\x00\x01\x3c\x50" * 1_000_000))


@pytest.mark.parametrize("cut", range(0, 160, 7))
def test_a_file_cut_anywhere_is_refused(cut):
    data = midi_bytes(Piece([Note(12 * i, 12, 60 + i) for i in range(20)], title="A tune"))
    with pytest.raises(ValueError, match="cut short|not a MIDI file"):
        read_midi(data[:cut])


def test_what_is_not_a_file_is_refused(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(OSError, match="A folder or a device, not a file; give the path of a .mid file") as error:
            read_midi(path)
        assert str(path) in str(error.value)
    with pytest.raises(FileNotFoundError, match="give the path of a .mid file that you may read: .*nowhere.mid"):
        read_midi(tmp_path / "nowhere.mid")

    def refuse(path, flags):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "open", refuse)  # the superuser may read everything
    with pytest.raises(PermissionError, match="that you may read: .*secret.mid"):
        read_midi(tmp_path / "secret.mid")


def test_a_full_disk_leaves_no_half_file_and_the_old_one_as_it_was(tmp_path):
    path = tmp_path / "tune.mid"
    write_midi(Piece([Note(0, 24, 60)]), path)
    before = path.read_bytes()
    program = f"""
import resource, signal
from musiclab.midi import write_midi
from musiclab.piece import Note, Piece
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    write_midi(Piece([Note(i, 1, 60) for i in range(500)]), {str(path)!r})
except OSError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "has room" in said and str(path) in said
    assert os.listdir(tmp_path) == ["tune.mid"] and path.read_bytes() == before


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "none" / "tune.mid", tmp_path / "file" / "tune.mid"):
        with pytest.raises(OSError, match="choose a folder that exists, may be written to and has room") as error:
            write_midi(Piece(), path)
        assert str(path) in str(error.value)
    (tmp_path / "folder.mid").mkdir()
    with pytest.raises(OSError, match="folder.mid"):
        write_midi(Piece(), tmp_path / "folder.mid")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder.mid"]


def test_memory_stays_small_for_the_largest_files(tmp_path):
    """200 MB at most: the reader runs in a process that has no more."""
    path = tmp_path / "large.mid"
    path.write_bytes(smf(b"\x00\x90\x3c\x50" + b"\x01\x3c\x00\x01\x3c\x50" * 345_000))
    program = f"""
import resource, symusic
from musiclab.midi import read_midi
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_midi({str(path)!r})
except ValueError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(said) < 200 * 1024


def test_damaged_files_by_the_hundred_give_sound_pieces_or_errors():
    command = [sys.executable, ROOT / "tools" / "fuzz_midi.py", "--files", "300"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    assert sum(map(int, re.findall(r"\d+", said.stdout))) == 300
