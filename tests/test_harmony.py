"""Chords, part-writing and chords under a tune: by hand, against music21, and over all of Bach's chorales."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab import datasets
from musiclab.harmony import (
    Chord,
    chord_of,
    chords_in,
    chords_under,
    dissonance,
    fault_rates,
    faults,
    moves,
    parallel_fifths,
    parallel_octaves,
    sonorities,
    triad_share,
)
from musiclab.harmony.chord import QUALITIES, scale
from musiclab.harmony.pulse import beats, spans, strong_beats
from musiclab.key import Key
from musiclab.piece import DRUMS, Meter, Note, Piece, Voice


@pytest.fixture(scope="module")
def chorales():
    return datasets.load("chorales").pieces


def voices(*lines, names=(), **about):
    """A piece from lines of pitches, a quarter each; None is a rest, and "_" holds the note before."""
    notes = []
    for voice, line in enumerate(lines):
        for i, pitch in enumerate(line):
            if pitch == "_":
                notes[-1] = notes[-1]._replace(duration=notes[-1].duration + 24)
            elif pitch is not None:
                notes.append(Note(24 * i, 24, pitch, voice=voice))
    return Piece(notes, [Voice(names[i] if names else "") for i in range(len(lines))], **about)


# chords


@pytest.mark.parametrize(
    "pitches, answer",
    [
        ((60, 64, 67), (0, "major", 0)),
        ((64, 67, 72), (0, "major", 4)),  # first inversion
        ((43, 76, 84, 91), (0, "major", 7)),  # wide, with the fifth twice
        ((57, 60, 64), (9, "minor", 9)),
        ((59, 62, 65), (11, "diminished", 11)),
        ((60, 64, 68), (0, "augmented", 0)),
        ((64, 68, 72), (4, "augmented", 4)),  # symmetrical: the bass
        ((55, 59, 62, 65), (7, "dominant seventh", 7)),
        ((65, 67, 71, 74), (7, "dominant seventh", 5)),
        ((60, 64, 67, 69), (9, "minor seventh", 0)),  # never C6
        ((60, 64, 67, 71), (0, "major seventh", 0)),
        ((59, 62, 65, 69), (11, "half-diminished seventh", 11)),
        ((59, 62, 65, 68), (11, "diminished seventh", 11)),
        ((57, 60, 64, 68), (9, "minor-major seventh", 9)),
        ((60, 65, 67), (0, "suspended fourth", 0)),
        ((60, 62, 67), (0, "suspended second", 0)),
        ((62, 67, 72), (7, "suspended fourth", 2)),  # neither C nor G is the bass: the fourth
    ],
)
def test_chords_by_hand(pitches, answer):
    assert chord_of(pitches) == answer
    assert chord_of(list(reversed(pitches))) == answer


@pytest.mark.parametrize("pitches", [(), (60,), (60, 72), (60, 67), (60, 61, 62), (60, 62, 64, 65, 67)])
def test_what_is_no_chord_is_none(pitches):
    assert chord_of(pitches) is None


def test_the_fifth_may_be_missing_only_if_one_says_so():
    assert chord_of([60, 64]) is None
    assert chord_of([60, 64], incomplete=True) == (0, "major", 0)
    assert chord_of([63, 72], incomplete=True) == (0, "minor", 3)
    assert chord_of([48, 64, 70], incomplete=True) == (0, "dominant seventh", 0)
    assert chord_of([60, 67], incomplete=True) is None


def test_a_key_finds_the_root_of_symmetrical_chords():
    assert chord_of([62, 65, 68, 71], key=Key("C")).root == 11
    assert chord_of([62, 65, 68, 71], key=Key("A", "minor")).symbol(Key("A", "minor")) == "G#dim7/D"
    assert chord_of([64, 68, 72], key=Key("A", "minor")).roman(Key("A", "minor")) == "III+6"


@given(
    st.sampled_from(sorted(set(QUALITIES) - {"augmented", "diminished seventh", "suspended second"})),
    st.integers(0, 11),
    st.data(),
)
def test_octaves_doublings_and_order_change_no_chord(quality, root, data):
    classes = [(root + interval) % 12 for interval in QUALITIES[quality]]
    bass = data.draw(st.sampled_from(classes))
    upper = [c + 12 * data.draw(st.integers(3, 8)) for c in classes + data.draw(st.lists(st.sampled_from(classes), max_size=4))]
    chord = chord_of(data.draw(st.permutations([bass + 12, *upper])))
    if quality == "suspended fourth" and bass == (root + 5) % 12:  # the same notes as a suspended second on the bass
        assert chord == (bass, "suspended second", bass)
    else:
        assert chord == (root, quality, bass)


def test_chord_symbols_mean_to_music21_what_they_mean_to_us():
    harmony = pytest.importorskip("music21.harmony")
    theirs = {f"{letter}b": f"{letter}-" for letter in "ABCDEFG"}
    for quality in QUALITIES:
        for root in (0, 3, 6, 11):
            for bass in Chord(root, quality, root).pitch_classes[: 2 if quality.startswith("suspended") else 4]:
                chord = Chord(root, quality, bass)
                name, _, below = chord.symbol().partition("/")
                name = theirs.get(name[:2], name[:2]) + name[2:] + ("/" + below.replace("b", "-") if below else "")
                symbol = harmony.ChordSymbol(name)
                assert set(symbol.pitchClasses) == set(chord.pitch_classes), (chord, name)
                assert symbol.bass().pitchClass == bass, (chord, name)


@pytest.mark.parametrize(
    "key", [Key("C"), Key("G"), Key("Eb"), Key("E"), Key("A", "minor"), Key("C", "minor"), Key("G", "dorian")], ids=str
)
def test_in_every_key_thirds_are_written_as_thirds(key):
    """Letters by music21: it builds the chord on the root that the symbol names."""
    harmony = pytest.importorskip("music21.harmony")
    for quality in sorted(quality for quality in QUALITIES if not quality.startswith("suspended")):
        for root in range(12):
            chord = Chord(root, quality, (root + QUALITIES[quality][1]) % 12)
            name, _, below = chord.symbol(key).partition("/")
            letters = 2 if name[1:2] == "b" else 1
            theirs = harmony.ChordSymbol(name[:letters].replace("b", "-") + name[letters:])
            assert chord.names(key) == tuple(pitch.name.replace("-", "b") for pitch in theirs.pitches), (chord, name)
            assert below == chord.names(key)[1]


@pytest.mark.parametrize(
    "key, classes, symbol, numeral",
    [
        (Key("C"), (8, 11, 2), "G#dim", "#vo"),  # leads to Am
        (Key("G"), (3, 6, 11), "B/D#", "III6"),  # leads to Em
        (Key("C"), (8, 0, 3), "Ab", "bVI"),
        (Key("A", "minor"), (8, 11, 2), "G#dim", "viio"),
        (Key("A", "minor"), (10, 2, 5), "Bb", "bII"),
        (Key("F"), (6, 9, 2), "D/F#", "VI6"),
        (Key("Eb"), (11, 3, 6), "Cb", "bVI"),
    ],
)
def test_a_chord_is_spelled_as_its_key_and_its_thirds_ask(key, classes, symbol, numeral):
    roman = pytest.importorskip("music21.roman")
    chord = chord_of([classes[0] + 48, *(c + 60 for c in classes[1:])])
    assert (chord.symbol(key), chord.roman(key)) == (symbol, numeral)
    tonic = key.tonic.replace("b", "-")
    read = roman.RomanNumeral(numeral, tonic if key.mode == "major" else tonic.lower())
    assert {pitch.name.replace("-", "b") for pitch in read.pitches} == set(chord.names(key))


def test_every_chord_of_bach_is_called_what_music21_calls_it(chorales):
    m21 = pytest.importorskip("music21.chord")
    kinds = {f"{quality} triad": quality for quality in ("major", "minor", "diminished", "augmented")}
    kinds |= {f"{quality} chord": quality for quality in QUALITIES if "seventh" in quality}
    kinds |= {"major-minor seventh chord": "minor-major seventh", "quartal trichord": "suspended"}
    kinds |= {"minor-augmented tetrachord": "minor-major seventh"}
    heard = {
        tuple(sorted({(p - pitches[0]) % 12 for p in pitches}))
        for piece in chorales
        for _, _, pitches in sonorities(piece)
        if pitches
    }
    for classes in sorted(heard):
        if len(classes) not in (3, 4):
            continue
        name = m21.Chord(list(classes)).commonName.removeprefix("enharmonic equivalent to ").removeprefix("enharmonic to ")
        ours = chord_of(classes)
        quality = ours and ("suspended" if ours.quality.startswith("suspended") else ours.quality)
        if name in kinds or ours:
            assert kinds.get(name) == quality, (classes, name, ours)
    assert len(heard) > 150


def test_roman_numerals_mean_to_music21_what_they_mean_to_us(chorales):
    roman = pytest.importorskip("music21.roman")
    plain = lambda key, chord: (  # noqa: E731  # "M" is ours, and what "I7" is depends on the scale for music21, but not for us
        "suspended" not in chord.quality
        and "major seventh" not in chord.quality
        and (chord.quality != "dominant seventh" or (chord.root - key.pitch_class) % 12 == 7)
    )
    seen = {
        (piece.key, chord)
        for piece in chorales[::4]
        if piece.key.mode in ("major", "minor")
        for _, _, chord in chords_in(piece)
        if plain(piece.key, chord)
    }
    wrong = []
    for key, chord in sorted(seen, key=repr):
        tonic = key.tonic.replace("b", "-")
        read = roman.RomanNumeral(chord.roman(key), tonic if key.mode == "major" else tonic.lower())
        if set(read.pitchClasses) != set(chord.pitch_classes) or read.bass().pitchClass != chord.bass:
            wrong.append((str(key), chord.symbol(key), chord.roman(key), [p.name for p in read.pitches]))
    assert len(seen) > 300 and not wrong, wrong


@pytest.mark.parametrize(
    "pitches, key, numeral",
    [
        ((55, 59, 62, 65), "C major", "V7"),
        ((59, 62, 65, 67), "C major", "V65"),
        ((62, 65, 69, 72), "C major", "ii7"),
        ((65, 69, 72, 76), "C major", "IVM7"),
        ((59, 62, 65, 69), "C major", "viiø7"),
        ((61, 65, 68), "C major", "bII"),
        ((66, 69, 72), "C major", "#ivo"),
        ((56, 59, 62), "A minor", "viio"),
        ((55, 59, 62), "A minor", "VII"),
        ((56, 60, 63), "A minor", "#VII"),
        ((55, 58, 62), "A minor", "bvii"),
        ((62, 65, 69), "E dorian", "vii"),
        ((62, 66, 69), "E dorian", "VII"),
        ((60, 65, 67), "C major", "Isus4"),
    ],
)
def test_roman_numerals_by_hand(pitches, key, numeral):
    key = Key.parse(key)
    assert chord_of(pitches).roman(key) == numeral


def test_a_scale_is_the_key_signature_from_the_tonic():
    assert scale(Key("C")) == (0, 2, 4, 5, 7, 9, 11)
    assert scale(Key("A", "minor")) == (9, 11, 0, 2, 4, 5, 7)
    assert scale(Key("G", "mixolydian")) == (7, 9, 11, 0, 2, 4, 5)


def test_sonorities_leave_silence_empty_and_drums_out():
    piece = Piece([Note(0, 24, 60), Note(48, 24, 60), Note(0, 72, 38, voice=1)], [Voice(), Voice("", DRUMS)])
    assert sonorities(piece) == [(0, 24, (60,)), (24, 48, ()), (48, 72, (60,))]


def test_a_note_struck_again_while_it_sounds_is_there_once_for_each_voice():
    piece = Piece([Note(0, 48, 60), Note(24, 24, 60, voice=1)])
    assert sonorities(piece) == [(0, 24, (60,)), (24, 48, (60, 60))]


# part-writing


def test_parallel_fifths_by_hand():
    assert parallel_fifths(voices((67, 69), (48, 50))) == [(24, (0, 1))]  # a twelfth is a fifth
    assert parallel_fifths(voices((67, 81), (60, 62))) == [(24, (0, 1))]  # from a fifth to a twelfth
    assert parallel_fifths(voices((67, 67), (60, 60))) == []  # a chord that is repeated
    assert parallel_fifths(voices((67, 69), (60, 60))) == []  # only one voice moves
    assert parallel_fifths(voices((67, 68), (60, 62))) == []  # into a tritone
    assert parallel_fifths(voices((65, 67), (60, 62))) == []  # fourths
    assert parallel_fifths(voices((67, None, 69), (60, None, 62))) == []  # a rest between
    assert parallel_fifths(voices((67, "_", 69), (60, "_", 62))) == [(48, (0, 1))]
    assert parallel_fifths(voices((60, 62), (67, 69))) == [(24, (0, 1))]  # crossed voices are fifths nonetheless
    assert parallel_fifths(voices((67, 62, 69), (60, 64, 62))) == []  # not from one chord to the next


def test_fifths_in_contrary_motion_count_only_if_asked_for():
    apart = voices((67, 69), (60, 50))
    assert parallel_fifths(apart) == [] and parallel_fifths(apart, contrary=True) == [(24, (0, 1))]


def test_a_voice_that_moves_while_the_other_waits_breaks_the_parallel():
    upper = [Note(0, 12, 67), Note(12, 12, 65), Note(24, 24, 69)]
    lower = [Note(0, 24, 60, voice=1), Note(24, 24, 62, voice=1)]
    assert parallel_fifths(Piece(upper + lower)) == []


def test_parallel_octaves_and_unisons_by_hand():
    assert parallel_octaves(voices((72, 74), (60, 62))) == [(24, (0, 1))]
    assert parallel_octaves(voices((60, 62), (60, 62))) == [(24, (0, 1))]
    assert parallel_octaves(voices((72, 72), (60, 60))) == []
    assert parallel_octaves(voices((72, 74), (60, 63))) == []


def test_drums_make_no_fifths():
    piece = voices((67, 69), (60, 62))
    drums = Piece(piece.notes, [Voice(), Voice("Drums", DRUMS)])
    assert parallel_fifths(drums) == [] and moves(drums) == 0


CHOIR = ("Soprano", "Alto", "Tenor", "Bass")


@pytest.mark.parametrize(
    "kind, lines, answer",
    [
        ("parallel fifths", ((76, 76), (72, 72), (55, 57), (48, 50)), [(24, (2, 3))]),
        ("parallel octaves", ((72, 74), (64, 65), (55, 57), (48, 50)), [(24, (0, 3))]),
        ("hidden fifths", ((64, 69), (60, 65), (55, 57), (48, 50)), [(24, (0, 3))]),
        ("hidden octaves", ((67, 74), (64, 65), (60, 57), (48, 50)), [(24, (0, 3))]),
        ("crossing", ((72, 72), (64, 64), (60, 66), (48, 48)), [(24, (1, 2))]),
        ("overlap", ((72, 72), (64, 67), (60, 65), (48, 48)), [(24, (1, 2))]),
        ("spacing", ((72, 77), (67, 64), (60, 60), (40, 40)), [(24, (0, 1))]),  # tenor and bass may be as far apart as they like
        ("range", ((72, 83), (67, 67), (60, 60), (48, 35)), [(24, (0,)), (24, (3,))]),
        ("leading note", ((71, 67), (65, 64), (62, 60), (55, 48)), [(24, (0,))]),
        ("leading note", ((71, 72), (65, 64), (62, 60), (55, 48)), []),
        ("seventh", ((74, 72), (65, 67), (59, 64), (55, 48)), [(24, (1,))]),
        ("seventh", ((74, 72), (65, 64), (59, 60), (55, 48)), []),
        ("seventh", ((74, 72), (65, 63), (59, 60), (55, 48)), []),
    ],
)
def test_faults_by_hand(kind, lines, answer):
    assert faults(voices(*lines, names=CHOIR))[kind] == answer


def test_music21_finds_the_same_parallels_crossings_and_overlaps(chorales):
    leading, note = pytest.importorskip("music21.voiceLeading"), pytest.importorskip("music21.note")
    n_parallel = 0
    chosen = sorted(chorales, key=lambda piece: -len(parallel_fifths(piece, contrary=True)))[:3] + random.Random(0).sample(
        chorales, 3
    )
    for piece in chosen:
        found = faults(piece)
        ours = {
            "fifths": {tuple(place) for place in parallel_fifths(piece, contrary=True)},
            "crossing": {tuple(place) for place in found["crossing"]},
            "overlap": {tuple(place) for place in found["overlap"]},
        }
        theirs = {"fifths": set(), "crossing": set(), "overlap": set()}
        at = lambda tick, voice: next((n for n in piece.notes if n.voice == voice and n.start <= tick < n.end), None)  # noqa: B023,E731
        named = lambda n: note.Note(piece.key.name(n.pitch).replace("b", "-"))  # noqa: B023,E731
        onsets = sorted({n.start for n in piece.notes})
        for before, now in zip([None, *onsets], onsets):
            for upper, lower in combinations(range(4), 2):
                c, d = at(now, upper), at(now, lower)
                if not (c and d) or (upper, lower) not in {(0, 1), (1, 2), (2, 3)} and before is None:
                    continue
                a, b = (at(before, upper), at(before, lower)) if before is not None else (None, None)
                place = (now, (upper, lower))
                if lower == upper + 1 and c.pitch < d.pitch and now in (c.start, d.start):
                    theirs["crossing"].add(place)
                if not (a and b):
                    continue
                quartet = leading.VoiceLeadingQuartet(named(a), named(c), named(b), named(d))
                if quartet.parallelFifth():
                    theirs["fifths"].add(place)
                if lower == upper + 1 and not quartet.voiceCrossing() and quartet.voiceOverlap():
                    theirs["overlap"].add(place)
        assert ours == theirs, piece.title
        n_parallel += len(theirs["fifths"])
    assert n_parallel >= 3


def test_only_the_ranges_depend_on_the_pitch_at_which_one_sings(chorales):
    for piece in chorales[::40]:
        for semitones in (-12, -5, 1):
            here, there = faults(piece), faults(piece.transposed(semitones))
            del here["range"], there["range"]
            assert here == there


def test_bach_is_the_measure(chorales):
    rates = {kind: round(rate, 2) for kind, rate in fault_rates(chorales).items()}
    assert rates == {
        "parallel fifths": 0.62,
        "parallel octaves": 0.35,
        "hidden fifths": 1.52,
        "hidden octaves": 0.72,
        "crossing": 10.43,
        "overlap": 11.38,
        "spacing": 6.98,
        "range": 0.01,
        "leading note": 0.43,
        "seventh": 0.49,
    }
    assert sum(map(moves, chorales)) == 77601
    assert round(triad_share(chorales), 3) == 0.651 and round(dissonance(chorales), 3) == 0.102


def test_rates_are_faults_for_a_thousand_moves_of_all_pieces_together():
    bad, good = voices((67, 69), (60, 62)), voices((67, 65, 64), (60, 62, 60))
    assert moves(bad) == 1 and moves(good) == 2
    assert fault_rates([bad, good])["parallel fifths"] == pytest.approx(1000 / 3)


def test_shares_are_weighed_by_time():
    piece = voices((64, "_", "_", 65), (60, "_", "_", 60), (55, "_", "_", 59))
    assert triad_share([piece]) == 0.75
    assert dissonance([voices((61, "_", "_", 64), (60, "_", "_", 60))]) == 0.75
    assert triad_share([]) == dissonance([]) == 0.0


# chords in time


@pytest.mark.parametrize(
    "meter, all_beats, strong",
    [
        ("4/4", (0, 24, 48, 72), (0, 48)),
        ("2/2", (0, 48), (0, 48)),
        ("2/4", (0, 24), (0, 24)),
        ("3/4", (0, 24, 48), (0,)),
        ("3/8", (0, 12, 24), (0,)),
        ("3/2", (0, 48, 96), (0, 48, 96)),
        ("6/8", (0, 36), (0, 36)),
        ("9/8", (0, 36, 72), (0, 36, 72)),
        ("12/8", (0, 36, 72, 108), (0, 72)),
        ("6/4", (0, 72), (0, 72)),
        ("5/4", (0, 24, 48, 72, 96), (0, 72)),
        ("7/8", (0, 24, 48), (0, 24, 48)),
        ("1/4", (0,), (0,)),
    ],
)
def test_where_a_bar_is_felt(meter, all_beats, strong):
    assert beats(Meter.parse(meter)) == all_beats and strong_beats(Meter.parse(meter)) == strong


def test_spans_cover_a_piece_with_pickup_change_of_meter_and_odd_end():
    piece = Piece([Note(0, 300, 60)], meters=[(0, Meter(4, 4)), (120, Meter(3, 4))], pickup=24)
    found = spans(piece, strong_beats)
    assert [start for start, _, _ in found] == [0, *(end for _, end, _ in found[:-1])] and found[-1][1] == 300
    assert found[:4] == [(0, 24, 72), (24, 72, 0), (72, 120, 48), (120, 192, 0)]


def test_a_suspension_counts_as_what_it_resolves_to():
    piece = Piece([Note(0, 24, 48), Note(0, 24, 55), Note(0, 12, 65), Note(12, 12, 64)])
    assert [chord.symbol() for _, _, chord in chords_in(piece)] == ["Csus4"]  # a chord of its own ...
    piece = Piece([Note(0, 24, 48), Note(0, 24, 55), Note(0, 12, 64), Note(0, 12, 74), Note(12, 12, 72), Note(12, 12, 64)])
    assert [chord.symbol() for _, _, chord in chords_in(piece)] == ["C"]  # ... while C D E G is none


def test_a_simple_tune_gets_the_chords_a_teacher_would_write():
    pitches = [60, 64, 67, 64, 65, 69, 72, 69, 67, 71, 74, 71]
    tune = Piece([*(Note(24 * i, 24, p) for i, p in enumerate(pitches)), Note(288, 96, 72)], keys=[(0, Key("C"))])
    found = chords_under(tune)
    assert [(start, chord.symbol()) for start, _, chord in found] == [(0, "C"), (96, "F"), (192, "G"), (288, "C")]
    assert [chord.symbol(Key("E")) for _, _, chord in chords_under(tune.transposed(4))] == ["E", "A", "B", "E"]


def test_the_minor_dominant_follows_the_seventh_of_the_tune():
    rising = [57, 60, 64, 60, 64, 68, 71, 68]
    natural = [57, 60, 64, 60, 64, 67, 71, 67]
    for pitches, symbols in ((rising, ["Am", "E", "Am"]), (natural, ["Am", "Em", "Am"])):
        notes = [Note(24 * i, 24, p) for i, p in enumerate(pitches)] + [Note(192, 96, 69)]
        assert [chord.symbol() for _, _, chord in chords_under(Piece(notes, keys=[(0, Key("A", "minor"))]))] == symbols


def test_long_notes_on_the_beat_count_more_than_short_ones_beside_it():
    line = [(0, 24, 60), (24, 24, 64), (48, 36, 67), (84, 6, 65), (90, 6, 69), (96, 96, 72)]
    found = chords_under(Piece([Note(*note) for note in line], keys=[(0, Key("C"))]))
    assert [chord.symbol() for _, _, chord in found] == ["C"]
    line[2:5] = [(48, 12, 67), (60, 18, 65), (78, 18, 69)]
    found = chords_under(Piece([Note(*note) for note in line], keys=[(0, Key("C"))]))
    assert [chord.symbol() for _, _, chord in found] == ["C", "F", "C"]


def test_under_chorale_melodies_chords_change_as_often_as_in_bach_and_are_more_often_his_than_by_rule(chorales):
    ours = his = right = tonic = n = 0
    for piece in chorales[5::40]:
        soprano = Piece(
            [note for note in piece.notes if note.voice == 0], (), piece.tempos, piece.meters, piece.keys, piece.pickup
        )
        found, own = chords_under(soprano, beats, chromatic=True), chords_in(piece)
        ours, his = ours + len(found), his + len(own)
        for start, _, _ in spans(soprano, beats):
            mine, bach = (next((c for a, b, c in made if a <= start < b), None) for made in (found, own))
            if bach:
                n, right, tonic = n + 1, right + (mine.root == bach.root), tonic + (bach.root == piece.key.pitch_class)
    assert 0.8 < ours / his < 1.1
    assert right / n > 0.45 > tonic / n


def test_a_new_key_has_chords_of_its_own():
    line = [60, 64, 67, 64, 59, 62, 67, 62, 61, 64, 69, 64, 62, 66, 69, 66]
    tune = Piece([Note(24 * i, 24, p) for i, p in enumerate(line)], keys=[(0, Key("C")), (192, Key("D"))])
    assert [chord.symbol() for _, _, chord in chords_under(tune)] == ["C", "G", "A", "D"]


def test_silence_has_no_chords():
    drums = Piece([Note(0, 24, 38)], [Voice("Drums", DRUMS)])
    assert chords_under(Piece()) == chords_in(Piece()) == chords_under(drums) == chords_in(drums) == []


@pytest.fixture(scope="module")
def tunes():
    by_mode = {}
    for piece in datasets.load("tunes").valid:
        by_mode.setdefault(piece.key.mode, []).append(piece)
    return {mode: random.Random(0).sample(pieces, min(15, len(pieces))) for mode, pieces in by_mode.items()}


@pytest.mark.parametrize("mode", ["major", "minor", "dorian", "mixolydian"])
def test_real_tunes_get_chords_of_their_mode_that_meet_them_on_strong_beats(tunes, mode):
    met = strong = 0
    for tune in tunes[mode]:
        found = chords_under(tune)
        assert found[0].start == 0 and found[-1].end == tune.end
        assert all(a.end == b.start and a.chord != b.chord for a, b in zip(found, found[1:]))
        home, tonic = set(scale(tune.key)), tune.key.pitch_class
        for _, _, chord in found:
            dominant = (chord.root - tonic) % 12 == 7
            outside = set(chord.pitch_classes) - home
            assert not outside or (mode == "minor" and dominant and outside == {(tonic - 1) % 12}), (tune.title, chord)
        final = chord_of([tonic, tonic + (4 if (tonic + 4) % 12 in home else 3), tonic + 7]).pitch_classes
        if tune.notes[-1].pitch % 12 in final:
            assert found[-1].chord.pitch_classes == final, tune.title
        chords = {tick: chord for start, end, chord in found for tick in range(start, end)}
        places = {start for start, _, _ in spans(tune, strong_beats)}
        here = [note.pitch % 12 in chords[note.start].pitch_classes for note in tune.notes if note.start in places]
        met, strong = met + sum(here), strong + len(here)
    assert met / strong > 0.8
