"""Arrangements: every pattern in every meter, by hand and on real tunes."""

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import pieces

from musiclab import datasets
from musiclab.arrange import DOUBLINGS, PATTERNS, arrange, program_of
from musiclab.arrange.band import RANGES, playable, register
from musiclab.arrange.drums import ALIKE, TABS, drum_bar
from musiclab.arrange.voicing import nearest, voicing
from musiclab.harmony import Chord, Sounding, chords_in, chords_under
from musiclab.harmony.chord import QUALITIES
from musiclab.harmony.pulse import beats
from musiclab.instruments import NEAREST
from musiclab.key import Key
from musiclab.midi import read_midi, write_midi
from musiclab.musicxml import musicxml
from musiclab.piece import DRUMS, Meter, Note, Piece, Voice
from musiclab.sound import render

METERS = "2/2 4/4 2/4 3/4 3/8 3/2 6/8 9/8 12/8 6/4 9/4 5/4 5/8 7/8 1/4 4/2 2/8 4/16".split()


def tune(meter, pickup=0, n_bars=4, short=0):
    """A scale up and down in short notes, with a pickup, so many bars and a last bar that is `short` ticks too short."""
    meter = Meter.parse(meter)
    step = 6 if meter.bar <= 24 else 12
    end = pickup + n_bars * meter.bar - short
    pitches = [67, 69, 71, 72, 74, 76, 74, 72]
    starts = list(range(0, pickup, step)) + list(range(pickup, end - step, step))
    notes = [Note(start, min(step, end - step - start), pitches[i % 8]) for i, start in enumerate(starts) if start < end - step]
    return Piece([*notes, Note(end - step, step, 72)], meters=[(0, meter)], keys=[(0, Key("C"))], pickup=pickup, style="")


def part(piece, name):
    """The notes of the voice of that name."""
    return [note for note in piece.notes if piece.voices[note.voice].name == name]


def chord_at(chords, tick):
    return next(sounding.chord for sounding in reversed(chords) if sounding.start <= tick)


@pytest.mark.parametrize("pattern, meter", list(product(PATTERNS, METERS)))
def test_every_pattern_fills_every_bar_of_every_meter_with_notes_of_the_chord(pattern, meter):
    for pickup, short in ((0, 0), (6, 6), (12, 0)):
        piece = tune(meter, pickup if pickup < Meter.parse(meter).bar else 0, short=short)
        made = arrange(piece, pattern, bass=False)
        chords, hand = chords_under(piece), part(made, "Guitar" if pattern == "strum" else "Piano")
        strokes = sorted({(note.start, note.end) for note in hand})
        assert strokes[0][0] == piece.pickup and strokes[-1][1] == piece.end == made.end
        assert all(a[1] == b[0] for a, b in zip(strokes, strokes[1:])), "strokes follow each other without gap or overlap"
        bar_lines = {start for start, _ in piece.bars}
        assert all(not any(start < line < end for line in bar_lines) for start, end in strokes)
        assert all(note.pitch % 12 in chord_at(chords, note.start).pitch_classes for note in hand)
        changes = {sounding.start for sounding in chords if piece.pickup <= sounding.start}
        assert changes <= {start for start, _ in strokes}, "a new chord is heard at once"


@pytest.mark.parametrize("meter", METERS)
def test_bass_and_drums_keep_to_every_meter(meter):
    piece = tune(meter, 6 if Meter.parse(meter).bar > 6 else 0, short=6)
    made = arrange(piece, "waltz")
    bass, drums, chords = part(made, "Bass"), part(made, "Drums"), chords_under(piece)
    assert bass[0].start == piece.pickup and bass[-1].end == piece.end
    assert all(a.end == b.start for a, b in zip(bass, bass[1:]))
    for note in bass:
        chord = chord_at(chords, note.start)
        assert note.pitch % 12 in (chord.root, chord.pitch_classes[2])
    for sounding in chords:
        if sounding.start >= piece.pickup:
            assert next(note for note in bass if note.start == sounding.start).pitch % 12 == sounding.chord.root
    firsts = {start for start, _ in piece.bars if start >= piece.pickup}
    assert firsts <= {note.start for note in drums if note.pitch == 36}, "the bass drum has the first beat of every bar"
    assert max(note.end for note in drums) == piece.end and min(note.start for note in drums) >= piece.pickup


def test_a_waltz_by_hand():
    bars = [(60, 64, 67), (65, 69, 72), (59, 62, 67), (64, 67, 72)]
    piece = Piece(
        [Note(72 * bar + 24 * i, 24, pitch) for bar, pitches in enumerate(bars) for i, pitch in enumerate(pitches)],
        meters=[(0, Meter(3, 4))],
        keys=[(0, Key("C"))],
    )
    chords = [
        Sounding(0, 72, Chord(0, "major", 0)),
        Sounding(72, 144, Chord(5, "major", 5)),
        Sounding(144, 216, Chord(7, "major", 7)),
    ]
    chords.append(Sounding(216, 288, Chord(0, "major", 0)))
    made = arrange(piece, "waltz", chords=chords, drums=False)
    c, f, g, high_c = (52, 55, 60), (53, 57, 60), (55, 59, 62), (55, 60, 64)
    strokes = ((24, c), (48, c), (96, f), (120, f), (168, g), (192, g), (240, high_c), (264, high_c))
    assert [(note.start, note.duration, note.pitch) for note in part(made, "Piano")] == [
        (start, 24, pitch) for start, chord in strokes for pitch in chord
    ]
    assert [(note.start, note.duration, note.pitch) for note in part(made, "Bass")] == [
        (0, 72, 36),
        (72, 72, 41),
        (144, 72, 43),
        (216, 48, 48),
        (264, 24, 48),
    ]


def test_without_a_bass_player_the_hand_plays_the_bass_of_a_waltz():
    piece = tune("3/4")
    strokes = {}
    for note in part(arrange(piece, "waltz", bass=False, drums=False), "Piano"):
        strokes.setdefault(note.start, []).append(note.pitch)
    first, second, third = (strokes[tick] for tick in (0, 24, 48))
    assert len(first) == 1 and len(second) == len(third) == 3 and first[0] < min(second)


@pytest.mark.parametrize(
    "pattern, meter, starts",
    [
        ("block", "4/4", [0]),
        ("broken", "2/4", [0, 12, 24, 36]),
        ("broken", "6/8", [0, 12, 24, 36, 48, 60]),
        ("alberti", "4/4", [0, 12, 24, 36, 48, 60, 72, 84]),
        ("alberti", "2/2", [0, 24, 48, 72]),
        ("waltz", "4/4", [0, 24, 48, 72]),
        ("waltz", "2/2", [0, 24, 48, 72]),
        ("waltz", "2/4", [0, 12, 24, 36]),
        ("waltz", "6/8", [0, 12, 24, 36, 48, 60]),
        ("waltz", "3/8", [0, 12, 24]),
        ("waltz", "12/8", list(range(0, 144, 12))),
        ("strum", "4/4", [0, 24, 36, 60, 72, 84]),
        ("strum", "2/2", [0, 24, 36, 60, 72, 84]),
        ("strum", "6/8", [0, 24, 36, 60]),
        ("strum", "9/8", [0, 24, 36, 60, 72, 96]),
        ("strum", "3/4", [0, 24, 36, 48, 60]),
    ],
)
def test_where_the_strokes_of_a_bar_fall(pattern, meter, starts):
    meter = Meter.parse(meter)
    strokes = PATTERNS[pattern](meter, 0, meter.bar)
    assert [stroke.start for stroke in strokes] == starts
    assert sum(stroke.length for stroke in strokes) == meter.bar


def test_a_chord_that_begins_on_a_weak_beat_is_heard_at_once():
    for name, start, tones in (
        ("waltz", 24, (0, 1, 2, 3)),
        ("waltz", 12, (0, 1, 2, 3)),
        ("strum", 36, (0, 1, 2, 3)),
        ("alberti", 24, (0,)),
    ):
        first = PATTERNS[name](Meter(4, 4), start, 72)[0]
        assert (first.start, first.tones) == (start, tones), name


def test_a_chorale_in_oom_pah_has_chords_between_the_bass_notes():
    made = arrange(datasets.load("chorales").test[0], "waltz")
    assert len({note.start for note in part(made, "Piano")}) > len(made.bars)


def test_an_arpeggio_rises_to_the_octave_and_alberti_swings():
    chords = [Sounding(0, 288, Chord(0, "major", 0))]
    piece = tune("3/4")
    broken = [note.pitch for note in part(arrange(piece, "broken", chords=chords), "Piano")][:6]
    assert broken[3] == broken[0] + 12 and broken[:4] == sorted(broken[:4]) and broken[4:] == [broken[2], broken[1]]
    low, high, middle, *_ = [note.pitch for note in part(arrange(piece, "alberti", chords=chords), "Piano")]
    assert low < middle < high


@pytest.mark.parametrize("doubling", [None, *DOUBLINGS])
def test_the_melody_stays_exactly_as_it_was_and_leads(doubling):
    piece = tune("4/4", 24)
    made = arrange(piece, "strum", doubling=doubling)
    assert [note for note in made.notes if note.voice == 0] == list(piece.notes)
    assert made.voices[0] == piece.voices[0]
    assert (made.tempos, made.meters, made.keys, made.pickup) == (piece.tempos, piece.meters, piece.keys, piece.pickup)
    softest = min(note.velocity for note in piece.notes)
    assert all(note.velocity < softest for note in made.notes if note.voice)
    assert len(made.voices) == 4 + (doubling is not None)


@pytest.mark.parametrize(
    "doubling, key, pitches, answer",
    [
        ("octave below", "C major", (72, 74), (60, 62)),
        ("octave above", "C major", (72, 74), (84, 86)),
        ("thirds", "C major", (74, 77, 71), (71, 74, 67)),  # over C none is a note of the chord: B, D, G
        ("thirds", "C major", (76, 79, 72), (72, 76, 67)),  # notes of the chord go with notes of the chord
        ("sixths", "C major", (74, 77), (65, 69)),
        ("sixths", "C major", (76, 79), (67, 72)),
        ("thirds", "A minor", (80, 78), (76, 74)),  # G sharp has E below, F sharp has D
    ],
)
def test_companions_by_hand(doubling, key, pitches, answer):
    key = Key.parse(key)
    home = Chord(key.pitch_class, "minor" if key.mode == "minor" else "major", key.pitch_class)
    piece = Piece([Note(24 * i, 24, pitch) for i, pitch in enumerate(pitches)], keys=[(0, key)])
    made = arrange(piece, chords=[Sounding(0, 72, home)], doubling=doubling, bass=False, drums=False)
    assert [note.pitch for note in made.notes if note.voice == 1] == list(answer)


def test_what_the_second_player_cannot_reach_is_left_out():
    piece = Piece([Note(0, 24, 60), Note(24, 24, 79)], voices=[Voice("Fiddle", 40)])
    made = arrange(piece, doubling="octave below", bass=False, drums=False)
    assert [note.pitch for note in made.notes if note.voice == 1] == [67]  # C3 lies below a violin's G string


@pytest.mark.parametrize("program", sorted(RANGES))
def test_every_instrument_can_play_what_it_is_given(program):
    piece = tune("4/4")
    made = arrange(piece, "broken", instruments={"chords": program, "bass": program})
    low, high = playable(program)
    assert all(low <= note.pitch <= high for note in made.notes if note.voice in (1, 2))
    assert sum(1 for note in made.notes if note.voice == 1) == sum(1 for n in arrange(piece, "broken").notes if n.voice == 1)


def test_every_program_has_a_range_in_which_every_chord_lies():
    assert set(NEAREST) <= RANGES.keys()
    for program, quality, root, n_tones in product(set(NEAREST), QUALITIES, range(12), (3, 4)):
        low, high = register(program, 48, 67)
        pitches = voicing(Chord(root, quality, root), n_tones, low, high)
        assert playable(program)[0] <= low <= pitches[0] and pitches[-1] <= high <= playable(program)[1]
        assert pitches == tuple(sorted(pitches)) and len(pitches) == n_tones and pitches[-1] - pitches[0] <= 12
        missing = set(Chord(root, quality, root).pitch_classes) - {pitch % 12 for pitch in pitches}
        assert missing == ({(root + QUALITIES[quality][2]) % 12} if n_tones < len(QUALITIES[quality]) else set())


def test_the_hand_moves_as_little_as_it_can():
    c = voicing(Chord(0, "major", 0), 3, 48, 67)
    assert voicing(Chord(9, "minor", 9), 3, 48, 67, c) == (52, 57, 60)
    assert voicing(Chord(0, "major", 0), 3, 48, 67, c) == c
    assert nearest(0, 28, 48, 38) == 36 and nearest(11, 28, 48) == 35


def test_a_chorale_keeps_its_own_chords_and_its_bass():
    chorale = datasets.load("chorales").test[0]
    made, own = arrange(chorale, "broken", drums=False), chords_in(chorale)
    assert [voice.name for voice in made.voices] == ["Soprano", "Piano", "Bass"]
    assert [note for note in made.notes if note.voice == 0] == [note for note in chorale.notes if note.voice == 0]
    inverted = 0
    for note in part(made, "Bass"):
        chord = chord_at(own, note.start)
        inverted += chord.bass != chord.root
        assert note.pitch % 12 in (chord.bass, chord.pitch_classes[2])
    assert inverted > 3
    kept = arrange(chorale, "broken", keep_voices=True)
    assert [note for note in kept.notes if note.voice < 4] == list(chorale.notes)


def test_a_piece_whose_key_nobody_knows_gets_the_key_that_fits():
    piece = Piece([Note(24 * i, 24, p) for i, p in enumerate([69, 73, 76, 73, 74, 78, 76, 74, 73, 71, 69, 69])])
    assert arrange(piece).keys == ((0, Key("A")),)
    assert {note.pitch % 12 for note in part(arrange(piece), "Bass")} <= {9, 2, 4, 6, 11, 1}


def test_a_tune_on_another_voice_than_the_first_and_old_drums():
    piece = Piece([Note(0, 96, 72, voice=1), Note(0, 12, 38, voice=0)], [Voice("Kit", DRUMS), Voice("Oboe", 68)])
    made = arrange(piece)
    assert [voice.name for voice in made.voices] == ["Oboe", "Piano", "Bass", "Drums"]
    assert [voice.name for voice in arrange(piece, keep_voices=True).voices] == ["Kit", "Oboe", "Piano", "Bass", "Drums"]


def test_a_melody_that_is_only_a_pickup():
    piece = Piece([Note(0, 12, 72)], pickup=24)
    assert arrange(piece).end == 12


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"pattern": "oompah"}, "pattern 'oompah': expected one of block, broken, alberti, waltz, strum"),
        ({"doubling": "fifths"}, "doubling 'fifths': expected None or one of octave above, octave below, thirds, sixths"),
        ({"style": "polka"}, "style 'polka': expected None or one of reel"),
        ({"instruments": {"melody": "flut"}}, "instrument 'flut': expected a name of General MIDI; did you mean 'flute'"),
        ({"instruments": {"drums": "flute"}}, "instruments for 'drums': expected some of melody, doubling, chords, bass"),
    ],
)
def test_what_is_unknown_is_said_with_what_is_known(arguments, message):
    with pytest.raises(ValueError, match=message):
        arrange(tune("4/4"), **arguments)


def test_silence_cannot_be_arranged():
    with pytest.raises(ValueError, match="has no melody"):
        arrange(Piece())
    with pytest.raises(ValueError, match="has no melody"):
        arrange(Piece([Note(0, 24, 38)], [Voice("", DRUMS)]))


def test_instruments_by_name():
    assert (program_of("Flute"), program_of("strings"), program_of("piano"), program_of(73)) == (73, 48, 0, 73)
    made = arrange(
        tune("4/4"), instruments={"melody": "flute", "chords": "strings", "bass": "cello", "doubling": "oboe"}, doubling="thirds"
    )
    assert [(v.name, v.program) for v in made.voices[:4]] == [("Flute", 73), ("Oboe", 68), ("Strings", 48), ("Cello", 42)]


@pytest.mark.parametrize("style", [*TABS, *ALIKE, "", "unheard of"])
def test_drums_of_every_style_fit_into_every_meter(style):
    for meter in map(Meter.parse, METERS):
        bar = drum_bar(meter, style)
        assert bar == sorted(bar) and 0 == bar[0][0] and bar[-1][0] < meter.bar
        assert bar[0][:2] == (0, 36) and all(0 < loudness <= 1 for _, _, loudness in bar)
        assert len({stroke[:2] for stroke in bar}) == len(bar)


def test_a_march_by_hand():
    assert drum_bar(Meter(6, 8), "march") == [
        (0, 36, 1.0),
        (0, 38, 0.8),
        (24, 38, 0.6),
        (36, 36, 0.8),
        (36, 38, 0.8),
        (48, 38, 0.6),
        (60, 38, 0.6),
    ]


def test_a_reel_is_the_same_in_two_and_in_four():
    in_two, in_four, in_small = (drum_bar(Meter.parse(meter), "reel") for meter in ("2/2", "4/4", "2/4"))
    assert in_two == in_four == [(2 * tick, drum, loudness) for tick, drum, loudness in in_small]


def test_a_tab_has_a_step_for_every_part_of_its_bar():
    for style, tabs in TABS.items():
        for (n_beats, compound), lines in tabs.items():
            lengths = {len(line) for line in lines.values()}
            assert len(lengths) == 1 and lengths.pop() % (n_beats * (3 if compound else 2)) == 0, style
            assert all(set(line) <= set("Oo-.") for line in lines.values())


@pytest.fixture(scope="module")
def some_tunes():
    by_kind = {}
    for piece in (*datasets.load("tunes").valid, *datasets.load("tunes").test):
        by_kind.setdefault((piece.style, str(piece.meter), piece.key.mode), piece)
    return random.Random(1).sample(list(by_kind.values()), 30)


def test_real_tunes_of_all_kinds_come_back_from_midi_and_stay_in_range(some_tunes, tmp_path):
    for piece, pattern, doubling in zip(some_tunes, [*PATTERNS] * 6, [None, *DOUBLINGS, None] * 5):
        made = arrange(piece, pattern, doubling=doubling)
        assert made == arrange(piece, pattern, doubling=doubling), "the same arguments give the same arrangement"
        assert made.end == piece.end and [note for note in made.notes if note.voice == 0] == list(piece.notes)
        for note in made.notes:
            low, high = playable(made.voices[note.voice].program)
            assert note.voice == 0 or low <= note.pitch <= high
        write_midi(made, tmp_path / "tune.mid")
        assert read_midi(tmp_path / "tune.mid") == made
        assert musicxml(made).count("<part id=") == len(made.voices)


def test_music21_reads_full_bars_in_every_part_of_the_score(some_tunes):
    converter = pytest.importorskip("music21.converter")
    piece = next(p for p in some_tunes if p.pickup and str(p.meter) == "6/8")
    score = converter.parse(musicxml(arrange(piece, "broken", doubling="thirds")), format="musicxml")
    assert len(score.parts) == 5
    for measures in zip(*(part.getElementsByClass("Measure") for part in score.parts)):
        lengths = {measure.highestTime for measure in measures}
        assert len(lengths) == 1
    full = [m.highestTime for m in score.parts[2].getElementsByClass("Measure")][1:-1]
    assert set(full) == {3.0}


def test_every_part_is_heard_and_nothing_is_clipped():
    piece = tune("2/2", n_bars=2)
    made = arrange(piece, "strum", instruments={"melody": "fiddle"})
    whole = render(made)
    assert 0.5 < np.abs(whole).max() < 1
    for voice in range(1, len(made.voices)):
        without = render(Piece([n for n in made.notes if n.voice != voice], made.voices, made.tempos, made.meters, made.keys))
        n = min(len(whole), len(without))
        assert np.abs(whole[:n] - without[:n]).max() > 0.01, made.voices[voice].name


def test_the_last_chord_falls_on_a_beat_and_is_held_by_all():
    piece = tune("4/4", 24, short=24)
    made = arrange(piece, "strum")
    last = {name: max(part(made, name)) for name in ("Guitar", "Bass", "Drums")}
    assert {note.end for note in last.values()} == {piece.end} and len({note.start for note in last.values()}) == 1
    bar = piece.bars[-1][0]
    assert last["Bass"].start - bar in beats(piece.meter)
    assert last["Bass"].pitch % 12 == 0


@settings(deadline=None, max_examples=60)
@given(pieces(), st.sampled_from(sorted(PATTERNS)), st.sampled_from([None, *DOUBLINGS]))
def test_any_piece_with_a_melody_can_be_arranged(piece, pattern, doubling):
    melody_voice = min((n.voice for n in piece.notes if piece.voices[n.voice].program != DRUMS), default=None)
    if melody_voice is None:
        return
    made = arrange(piece, pattern, doubling=doubling)
    assert made.end == piece.end
    melody = [note[:4] for note in made.notes if note.voice == 0]
    assert melody == [note[:4] for note in piece.notes if note.voice == melody_voice]
