"""Pieces of music for property tests: `pieces()` of all kinds, and `melodies()`, one voice with one note at a time."""

from hypothesis import strategies as st

from musiclab.key import MODES, Key
from musiclab.piece import DRUMS, Meter, Note, Piece, Voice

ticks = st.integers(0, 100) | st.integers(0, 20_000)
names = st.text(max_size=12)
levels = st.integers(0, 127)
voices = st.builds(Voice, names, levels | st.just(DRUMS), st.just(100) | levels, st.none() | levels, st.just(40) | levels)
numerators = st.sampled_from([2, 3, 4, 6, 9, 12]) | st.integers(1, 255)
meters = st.builds(Meter, numerators, st.sampled_from([1, 2, 4, 8, 16, 32]))
tempos = st.sampled_from([500_000, 461_538]) | st.integers(1, 2**24 - 1)


def keys(fewest=-7, most=7):
    """Keys with that many sharps (flats, if negative)."""
    return st.builds(Key.from_fifths, st.integers(fewest, most), st.sampled_from(sorted(MODES)))


def notes(n_voices=1, lowest=0, highest=127):
    """A note; equal pitches often overlap."""
    middle = (lowest + highest) // 2
    return st.builds(
        Note,
        ticks,
        st.sampled_from([1, 12, 24, 100, 200]) | st.integers(1, 15_000),
        st.integers(middle, middle + 1) | st.integers(lowest, highest),
        st.integers(1, 127),
        st.integers(0, n_voices - 1),
    )


@st.composite
def changes(draw, values, at_least_one=True):
    """A map of `(tick, value)` that begins at tick 0."""
    later = draw(st.sets(ticks.filter(bool), max_size=3))
    some = at_least_one or draw(st.booleans())
    return [(tick, draw(values)) for tick in [0, *sorted(later)]] if some else []


@st.composite
def pieces(draw, lowest=0, highest=127, fewest=-7, most=7):
    """A piece with pitches, and sharps of its keys, in a range."""
    all_voices = draw(st.lists(voices, max_size=4))
    meter_map = draw(changes(meters))
    return Piece(
        draw(st.lists(notes(max(1, len(all_voices)), lowest, highest), max_size=12)),
        all_voices or [Voice()],
        draw(changes(tempos)),
        meter_map,
        draw(changes(keys(fewest, most), at_least_one=False)),
        draw(st.just(0) | st.integers(0, meter_map[0][1].bar - 1)),
        draw(st.sets(ticks, max_size=3)),
        draw(names),
        draw(names),
    )


@st.composite
def melodies(draw, max_size=30):
    """A piece of one voice, one note at a time."""
    time, line = 0, []
    for rest, duration, pitch, velocity in draw(
        st.lists(
            st.tuples(st.sampled_from([0, 0, 0, 6, 24]), st.integers(1, 200), st.integers(0, 127), st.integers(1, 127)),
            max_size=max_size,
        )
    ):
        line.append(Note(time + rest, duration, pitch, velocity))
        time = line[-1].end
    return Piece(line, [draw(voices)], keys=[(0, draw(keys()))])
