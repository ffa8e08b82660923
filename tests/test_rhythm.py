"""Note values as a musician writes them: cases by hand, laws over all lengths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musiclab.piece import Meter
from musiclab.rhythm import TRIPLET_VALUES, VALUES, bar_tree, beam_spans, split, triplet, triplets

METERS = [
    Meter(*m)
    for m in [(4, 4), (2, 2), (3, 4), (6, 8), (9, 8), (12, 8), (2, 4), (3, 8), (5, 4), (7, 8), (3, 2), (6, 16), (11, 32), (4, 1)]
]


def written(start, end, meter, rest=False):
    return [VALUES[b - a] for a, b in split(start, end, bar_tree(Meter.parse(meter)), rest=rest)]


@pytest.mark.parametrize(
    "meter, start, end, values",
    [
        ("4/4", 0, 96, "whole"),
        ("4/4", 0, 72, "half."),
        ("4/4", 24, 96, "half."),
        ("4/4", 24, 72, "half"),  # quarter, half, quarter
        ("4/4", 24, 60, "quarter eighth"),  # not a dotted quarter across the middle of the bar
        ("4/4", 12, 36, "quarter"),  # eighth, quarter, eighth
        ("4/4", 36, 60, "eighth eighth"),
        ("4/4", 36, 72, "eighth quarter"),
        ("4/4", 12, 96, "quarter. half"),
        ("4/4", 0, 84, "half.."),
        ("4/4", 0, 60, "half eighth"),
        ("4/4", 6, 24, "eighth."),  # a Scotch snap
        ("4/4", 0, 21, "eighth.."),
        ("3/4", 0, 36, "quarter."),
        ("3/4", 24, 72, "half"),
        ("3/4", 12, 60, "eighth quarter."),
        ("6/8", 0, 72, "half."),
        ("6/8", 0, 48, "quarter. eighth"),
        ("6/8", 24, 48, "eighth eighth"),
        ("6/8", 0, 18, "eighth."),
        ("6/8", 12, 36, "quarter"),
        ("9/8", 36, 108, "half."),
        ("9/8", 0, 108, "half. quarter."),
        ("2/2", 24, 72, "half"),
        ("5/4", 0, 120, "half. half"),
        ("7/8", 0, 84, "half quarter."),
    ],
)
def test_notes_show_where_the_beats_are(meter, start, end, values):
    assert [name + "." * dots for name, dots in written(start, end, meter)] == values.split()


@pytest.mark.parametrize(
    "meter, start, end, values",
    [
        ("4/4", 24, 72, "quarter quarter"),
        ("4/4", 24, 96, "quarter half"),
        ("4/4", 0, 36, "quarter eighth"),
        ("4/4", 6, 24, "16th eighth"),
        ("3/4", 24, 72, "quarter quarter"),
        ("6/8", 0, 24, "quarter"),
        ("6/8", 12, 36, "eighth eighth"),
        ("6/8", 36, 72, "quarter."),
    ],
)
def test_rests_show_every_beat(meter, start, end, values):
    assert [name + "." * dots for name, dots in written(start, end, meter, rest=True)] == values.split()


@given(st.sampled_from(METERS), st.data(), st.booleans())
def test_any_length_on_the_grid_of_32nds_can_be_written(meter, data, rest):
    start, end = sorted(data.draw(st.lists(st.integers(0, meter.bar // 3), min_size=2, max_size=2, unique=True)))
    parts = split(3 * start, 3 * end, bar_tree(meter), rest=rest)
    assert (parts[0][0], parts[-1][1]) == (3 * start, 3 * end)
    assert all(a[1] == b[0] for a, b in zip(parts, parts[1:])) and all(b - a in VALUES for a, b in parts)


@given(st.sampled_from([span for n in (3, 6, 12, 24, 48, 96) for span in [bar_tree(Meter(4, 4))._replace(end=n)]]), st.data())
def test_any_length_can_be_written_inside_a_triplet(span, data):
    start, end = sorted(data.draw(st.lists(st.integers(0, span.end), min_size=2, max_size=2, unique=True)))
    if (start, end) != span[:2]:  # what fills it is no triplet
        parts = split(start, end, triplet(span), TRIPLET_VALUES)
        assert sum(b - a for a, b in parts) == end - start and all(b - a in TRIPLET_VALUES for a, b in parts)


def found(lengths, meter="4/4"):
    tiles, now = [], 0
    for length in lengths:
        tiles.append((now, now + abs(length), (1,) if length > 0 else ()))
        now += abs(length)
    return [span[:2] for span in triplets(tiles, bar_tree(Meter.parse(meter)))]


def test_triplets_are_found_at_their_size():
    assert found([8, 8, 8, 24, 48]) == [(0, 24)]
    assert found([16, 16, 16, 48]) == [(0, 48)]
    assert found([32, 32, 32]) == [(0, 96)]
    assert found([12, 4, 4, 4, 72]) == [(12, 24)]
    assert found([16, 8, 72]) == [(0, 24)]
    assert found([8, -8, 8, -72]) == [(0, 24)]  # a rest in the middle
    assert found([8, 8, 8] * 4) == [(0, 24), (24, 48), (48, 72), (72, 96)]
    assert found([4, 4, 4, 24, 36], "6/8") == [(0, 12)]
    assert found([36, 12, 6, 18, 24]) == []


def test_beams_follow_the_beat():
    assert beam_spans(Meter(4, 4)) == (((0, 24), (24, 48), (48, 72), (72, 96)), ((0, 48), (48, 96)))
    assert beam_spans(Meter(9, 8))[0] == ((0, 36), (36, 72), (72, 108))
    assert beam_spans(Meter(3, 8)) == (((0, 36),), ())
    assert beam_spans(Meter(7, 8))[0] == ((0, 24), (24, 48), (48, 84))
    assert beam_spans(Meter(6, 16))[0] == ((0, 18), (18, 36))
