"""What stands in a bar: layers, rests, beams."""

from hypothesis import given, settings
from test_musicxml import pieces

from musiclab.notation import bars, layers
from musiclab.piece import Meter, Note, Piece


def written(piece):
    """The events of the only staff, per bar and layer, as text: `start:value`, beams by their first letter."""
    return [[" ".join(map(word, layer)) for layer in bar] for bar in layers(piece, range(len(piece.notes)), bars(piece))]


def word(event):
    if event.whole_bar:
        return "silence"
    kind = "gap" if event.notes is None else "rest" if not event.notes else ""
    beams = "".join("-" + beam.replace("forward hook", ">").replace("backward hook", "<")[0] for beam in event.beams)
    return f"{kind}{event.type}{'.' * event.dots}{'3' if event.triplet else ''}{beams}{'~' if event.tied else ''}"


def melody(*lengths, meter="4/4", **fields):
    notes, now = [], 0
    for length in lengths:
        notes += [Note(now, length, 60)] if length > 0 else []
        now += abs(length)
    return Piece(notes, meters=[(0, Meter.parse(meter))], **fields)


def test_eighths_are_beamed_by_the_half_bar_and_mixed_values_by_the_beat():
    assert written(melody(*[12] * 8)) == [["eighth-b eighth-c eighth-c eighth-e eighth-b eighth-c eighth-c eighth-e"]]
    assert written(melody(18, 6, 12, 6, 6, 48)) == [["eighth.-b 16th-e-< eighth-b 16th-c-b 16th-e-e half"]]
    assert written(melody(*[12] * 6, meter="6/8")) == [["eighth-b eighth-c eighth-e eighth-b eighth-c eighth-e"]]
    assert written(melody(18, 6, 12, 12, 6, 18, meter="6/8")) == [["eighth.-b 16th-c-< eighth-e eighth-b 16th-c-> eighth.-e"]]
    assert written(melody(6, 18, 24, 12, -12, 12, 12)) == [["16th-b-> eighth.-e quarter eighth resteighth eighth-b eighth-e"]]


def test_triplets_have_their_own_beam():
    assert written(melody(8, 8, 8, 12, 12, 48)) == [["eighth3-b eighth3-c eighth3-e eighth-b eighth-e half"]]
    assert written(melody(4, 4, 4, 12, 24, 48)) == [["16th3-b-b 16th3-c-c 16th3-c-e eighth-e quarter half"]]
    assert written(melody(-8, 8, 8, 24, 48)) == [["resteighth3 eighth3-b eighth3-e quarter half"]]


def test_long_notes_are_tied_over_bar_lines():
    assert written(melody(72, 144, 72)) == [["half. quarter~"], ["whole~"], ["quarter half."]]
    assert written(melody(24, -180, 36)) == [["quarter restquarter resthalf"], ["silence"], ["resteighth quarter. resthalf"]]


def test_the_pickup_is_given_back_at_the_end():
    assert [(bar.number, bar.end - bar.start) for bar in bars(melody(12, 72, 60, meter="6/8", pickup=12))] == [
        (0, 12),
        (1, 72),
        (2, 60),
    ]
    assert [(bar.number, bar.end - bar.start) for bar in bars(melody(12, 72, 72, meter="6/8", pickup=12))] == [
        (0, 12),
        (1, 72),
        (2, 72),
    ]
    assert written(melody(12, 72, 24, meter="6/8", pickup=12))[-1] == ["quarter resteighth restquarter"]


def test_two_lines_in_one_voice_become_two_layers_the_higher_first():
    piece = Piece([Note(0, 96, 48), Note(0, 24, 72), Note(48, 48, 74)])
    assert written(piece) == [["quarter gapquarter half", "whole"]]
    chord = Piece([Note(0, 96, 60), Note(0, 96, 64), Note(0, 96, 67)])
    assert written(chord) == [["whole"]]


def test_a_piece_without_notes_is_one_bar_of_rest():
    assert written(Piece()) == [["silence"]]


@settings(max_examples=60)
@given(pieces(voices=1))
def test_every_layer_fills_its_bar_and_every_beam_is_closed(piece):
    for bar, all_layers in zip(bars(piece), layers(piece, range(len(piece.notes)), bars(piece))):
        for layer in all_layers:
            assert [event.start for event in layer] == [bar.start, *(event.end for event in layer[:-1])] and layer[
                -1
            ].end == bar.end
            open_beams = set()
            for event in layer:
                for level, beam in enumerate(event.beams):
                    assert (level in open_beams) == (beam in ("continue", "end"))
                    open_beams ^= {level} if beam in ("begin", "end") else set()
            assert not open_beams
