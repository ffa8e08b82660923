import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.piece import Key, Meter, Note, Piece
from musiclab.transcribe import QUICKEST, SHORTEST, played_tune, written

TUNE = [Note(0, 24, 67), Note(24, 12, 69), Note(36, 12, 71), Note(48, 48, 72), Note(96, 96, 67)]
played = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0, 3), st.integers(0, 127), st.integers(-5, 300)).map(
        lambda note: [note[0], note[0] + note[1], note[2], note[3]]
    ),
    max_size=30,
)


@pytest.mark.parametrize("late", [-0.03, 0.0, 0.04])
def test_a_tune_played_a_little_early_or_late_is_written_as_it_was_meant(late):
    piece = Piece(TUNE)
    notes = [
        [piece.seconds(note.start) + late * (i % 2) + 5, piece.seconds(note.end) + 5 - 0.03, note.pitch, note.velocity]
        for i, note in enumerate(piece.notes)
    ]
    assert list(played_tune(notes, tempo=120).notes) == TUNE


def test_of_notes_struck_together_the_highest_is_written():
    notes = [[0.0, 1.0, 60, 80], [0.01, 1.0, 64, 80], [0.02, 0.5, 55, 80]]
    assert [note.pitch for note in written(notes, 500_000, Meter(4, 4), 0)[0]] == [64]


def test_notes_may_lie_before_the_bar_line():
    notes, bars = written([[-3.0, -2.6, 60, 80]], 500_000, Meter(4, 4), 0)
    assert (notes, bars) == ([Note(48, 18, 60)], -2)


def test_a_short_beginning_before_the_metronomes_bar_is_a_pickup_and_a_long_one_a_rest():
    late = played_tune([[3.5, 4.0, 60, 80], [4.0, 5.0, 62, 80]], tempo=120, bar_line=0)
    assert (late.pickup, late.notes[0].start) == (24, 0)
    early = played_tune([[2.5, 4.0, 60, 80], [4.0, 5.0, 62, 80]], tempo=120, bar_line=0)
    assert (early.pickup, early.notes[0].start) == (0, 24)


def test_the_piece_has_the_tempo_meter_and_key_asked_for():
    piece = played_tune([[0, 1, 64, 80]], tempo=100, meter="6/8", key="E dorian")
    assert (piece.tempos, piece.meter, piece.key) == (((0, 400_000),), Meter(6, 8), Key("E", "dorian"))


@pytest.mark.parametrize(
    ("notes", "wishes", "words"),
    [
        ([], {}, "nothing was played yet"),
        ([[0, SHORTEST / 2, 60, 80]], {}, "too short to be heard"),
        ([[0, 1, 60, 80]], {"tempo": 5}, "from 10 to 400"),
        ([[0, 1, 60, 80]], {"meter": "7"}, "such as '4/4'"),
        ([[0, 1, 60, 80]], {"key": "H"}, "the German H is B"),
    ],
)
def test_what_cannot_be_written_is_said_in_words(notes, wishes, words):
    with pytest.raises(ValueError, match=words):
        played_tune(notes, **wishes)


@given(played, st.sampled_from(["2/2", "4/4", "6/8", "9/8", "3/8"]), st.integers(10, 400), st.floats(-5, 70))
def test_whatever_was_played_is_written_one_note_at_a_time_on_a_grid_that_hands_can_keep(notes, meter, tempo, bar_line):
    meter = Meter.parse(meter)
    tempo = round(60e6 * 24 / (tempo * meter.beat))
    result, bars = written(notes, tempo, meter, bar_line)
    assert bool(result) == any(end - start >= SHORTEST for start, end, *_ in notes)
    for note, following in zip(result, result[1:]):
        assert note.end <= following.start
    Piece(result, meters=[(0, meter)])  # whose own checks hold
    assert not result or 0 <= result[0].start < meter.bar
    bar_s = meter.bar * tempo / 24e6
    real = [start for start, end, *_ in notes if end - start >= SHORTEST]
    if real:
        begins = bar_line + bars * bar_s + result[0].start * tempo / 24e6
        assert abs(begins - min(real)) <= max(QUICKEST, 6 * tempo / 24e6) + 1e-6
