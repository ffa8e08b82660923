import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab import context
from musiclab.piece import Key, Meter, Note, Piece
from musiclab.symbols import (
    BAR,
    BAR_LINE,
    END,
    HEAD,
    LENGTH,
    MAX_BARS,
    PITCH,
    REST,
    START,
    STOP,
    TIE,
    Vocabulary,
    decode,
    encode,
    read_symbol,
)

TWO_BARS = Piece(  # D major, 3/4, a quarter before the bar; the F# is held over into bar 2, and the last bar completes the pickup
    [Note(0, 24, 69), Note(24, 24, 74), Note(48, 12, 76), Note(60, 60, 78), Note(120, 24, 74)],
    meters=[(0, Meter(3, 4))],
    keys=[(0, Key("D"))],
    pickup=24,
    style="waltz",
)
TWO_BARS_WRITTEN = "<waltz> <3/4> <major> <2 bars> G4 1/4 | C5 1/4 D5 1/8 E5 3/8 | ~ 1/4 C5 1/4 | <end>"

MODES = ("major", "minor", "dorian", "mixolydian")
METERS = tuple(Meter.parse(text) for text in ("2/2", "2/4", "3/4", "4/4", "3/8", "6/8", "9/8", "12/8", "5/4"))


@st.composite
def tunes(draw):
    """One voice without overlaps in one meter, in one of the keys that `Key.from_fifths` gives."""
    meter = draw(st.sampled_from(METERS))
    lengths = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 130), st.integers(0, 127)), min_size=1, max_size=30))
    now, notes = 0, []
    for rest, duration, pitch in lengths:
        notes.append(Note(now + rest, duration, pitch))
        now += rest + duration
    pickup = draw(st.integers(0, meter.bar - 1))
    if pickup >= now:  # then there would be no full bar after it
        pickup = 0
    key = Key.from_fifths(draw(st.integers(-5, 6)), draw(st.sampled_from(MODES)))
    return Piece(
        notes, meters=[(0, meter)], keys=[(0, key)], pickup=pickup, style=draw(st.sampled_from(["", "reel", "Scottish air"]))
    )


def test_a_two_bar_tune_is_written_as_by_hand():
    symbols, tonic = encode(TWO_BARS)
    assert " ".join(symbols) == TWO_BARS_WRITTEN
    assert tonic == 74


def test_a_two_bar_tune_is_read_as_by_hand():
    piece = decode(_words(TWO_BARS_WRITTEN), 74)
    assert piece == TWO_BARS
    assert piece.transposed(-2) == decode(_words(TWO_BARS_WRITTEN), 72)


def _words(text):
    """Symbols of a line of text; those in angle brackets may hold spaces."""
    return re.findall(r"<[^>]*>|\S+", text)


@given(tunes())
def test_decoding_what_was_encoded_gives_the_same_tune(piece):
    assert decode(*encode(piece)) == piece


@given(tunes(), st.integers(-12, 12))
def test_a_transposed_tune_is_written_with_the_same_symbols(piece, semitones):
    pitches = [note.pitch + semitones for note in piece.notes]
    if min(pitches) < 24 or max(pitches) > 103 or min(pitches) - semitones < 24 or max(pitches) - semitones > 103:
        return  # at the edges of MIDI the octave of the tonic may differ
    symbols = encode(piece.transposed(semitones))[0]
    written = encode(piece)[0]
    assert [s for s in symbols if read_symbol(s)[0] != PITCH] == [s for s in written if read_symbol(s)[0] != PITCH]
    there, here = ([read_symbol(s)[1] for s in line if isinstance(read_symbol(s)[1], int)] for line in (symbols, written))
    assert {(a - b) % 12 for a, b in zip(there, here)} == {0}  # the tonic may lie in another octave


EVERY = Vocabulary(
    [f"<{n} bars>" for n in range(1, 81)]
    + [f"<{meter}>" for meter in METERS]
    + [f"<{word}>" for word in (*MODES, "reel", "tune", "slip jig")]
    + [Key().name(pitch) for pitch in range(128)]
    + [REST, TIE, "1/8", "1/16", "3/8", "1", "3/2", "1/96", "99"]
)


@given(st.lists(st.sampled_from(EVERY.symbols), max_size=60), st.integers(0, 127))
def test_decoding_never_raises(symbols, tonic):
    piece = decode(symbols, tonic)
    assert all(0 <= note.pitch <= 127 for note in piece.notes)
    assert all(a.end <= b.start for a, b in zip(piece.notes, piece.notes[1:]))


@given(st.lists(st.one_of(st.sampled_from(EVERY.symbols), st.text(max_size=12)), max_size=30))
def test_decoding_never_raises_on_words_that_are_no_symbols(symbols):
    decode(symbols, 72)


@given(st.lists(st.sampled_from(EVERY.symbols), max_size=60))
def test_what_was_decoded_from_anything_can_be_written_again_and_stays(symbols):
    piece = decode(symbols, 72)
    if piece.notes:
        again = decode(*encode(piece))
        assert again == piece


def test_a_first_bar_that_is_not_full_is_a_pickup():
    assert decode(_words("<6/8> G4 1/8 | C5 3/8 C5 3/8 |"), 72).pickup == 12
    assert decode(_words("<6/8> C5 3/8 C5 3/8 | C5 3/4 |"), 72).pickup == 0


def test_a_bar_line_moves_on_to_the_next_bar():
    assert [note.start for note in decode(_words("<2/4> C5 1/2 | C5 1/8 | C5 1/4"), 72).notes] == [0, 48, 96]


def test_what_makes_no_sense_is_passed_over():
    piece = decode(_words("1/8 ~ 1/4 <2/4> C5 D5 1/2 1/2 | <end> C5 1/4"), 72)
    assert piece.notes == (Note(24, 48, 74),)


def test_kinds_and_values_of_symbols_are_those_of_the_docstring():
    read = {
        "Bb4": (PITCH, 70),
        REST: (PITCH, REST),
        TIE: (PITCH, TIE),
        "3/2": (LENGTH, 144),
        BAR: (BAR_LINE, None),
        END: (STOP, None),
    }
    assert {symbol: read_symbol(symbol) for symbol in read} == read
    assert read_symbol("<9/8>") == (HEAD, Meter(9, 8))
    assert read_symbol("<12 bars>") == (HEAD, 12)
    assert read_symbol("<Scottish air>") == (HEAD, "Scottish air")
    assert {read_symbol(word)[0] for word in ("", "H4", "1/7", "C", "<>", "0/4")} == {None}


@pytest.mark.parametrize(
    "piece, message",
    [
        (Piece(), "has no notes"),
        (Piece([Note(0, 24, 60), Note(24, 24, 62, voice=1)]), "this piece has 2 voices that play"),
        (
            Piece([Note(0, 192, 60)], meters=[(0, Meter(4, 4)), (96, Meter(3, 4))], title="Odd"),
            "'Odd' changes its meter to 3/4 in bar 2",
        ),
        (Piece([Note(0, 108, 60), Note(96, 24, 62)]), "several notes at once in bar 2"),
    ],
)
def test_a_piece_outside_the_domain_is_refused_with_its_place(piece, message):
    with pytest.raises(ValueError, match=message):
        encode(piece)


def test_id_0_is_start():
    assert EVERY[0] == START
    assert EVERY.ids([START]) == [0]


@given(st.permutations(["C5", "D5", "1/8", "<reel>", "<2/2>", REST]))
def test_a_vocabulary_does_not_depend_on_the_order_of_its_symbols(symbols):
    assert Vocabulary(symbols).symbols == Vocabulary(sorted(symbols) * 2).symbols


def test_ids_and_names_are_inverse():
    ids = list(range(len(EVERY)))
    assert EVERY.ids(EVERY.names(ids)) == ids


def test_an_unknown_symbol_is_named_with_those_near_it():
    with pytest.raises(KeyError, match="'Cb5' is not among the .* near it: .*C5"):
        EVERY.ids(["C5", "Cb5"])


def test_a_vocabulary_refuses_what_means_nothing():
    with pytest.raises(ValueError, match="'H5' means nothing"):
        Vocabulary(["C5", "H5"])


def test_tables_of_a_vocabulary_say_what_each_symbol_is():
    vocabulary = Vocabulary(["<reel>", "<6/8>", f"<{MAX_BARS} bars>", "C5", REST, "3/8"])
    rows = {symbol: (k, t, p, b) for symbol, k, t, p, b in zip(vocabulary.symbols, *_tables(vocabulary))}
    assert rows["<reel>"] == (HEAD, 0, -1, 0)
    assert rows["<6/8>"] == (HEAD, 72, -1, 0)
    assert rows[f"<{MAX_BARS} bars>"] == (HEAD, 0, -1, MAX_BARS)
    assert rows["C5"] == (PITCH, 0, 72, 0)
    assert rows[REST] == (PITCH, 0, -1, 0)
    assert rows["3/8"] == (LENGTH, 36, -1, 0)
    assert all(np.issubdtype(table.dtype, np.integer) for table in _tables(vocabulary))


def _tables(vocabulary):
    return vocabulary.kinds, vocabulary.ticks, vocabulary.pitches, vocabulary.bars


def test_the_context_numbers_the_kinds_as_the_symbols_do():
    names = ("HEAD", "PITCH", "LENGTH", "BAR_LINE", "STOP")
    assert [getattr(context, name) for name in names] == [HEAD, PITCH, LENGTH, BAR_LINE, STOP]
