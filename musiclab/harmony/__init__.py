"""Harmony, under the lessons' names: chords, part-writing, and chords under a tune."""

from musiclab.harmony.chord import Chord, chord_of, sonorities
from musiclab.harmony.partwriting import (
    dissonance,
    fault_rates,
    faults,
    moves,
    parallel_fifths,
    parallel_octaves,
    triad_share,
)
from musiclab.harmony.progression import Sounding, chords_in, chords_under

__all__ = [
    "Chord",
    "Sounding",
    "chord_of",
    "chords_in",
    "chords_under",
    "dissonance",
    "fault_rates",
    "faults",
    "moves",
    "parallel_fifths",
    "parallel_octaves",
    "sonorities",
    "triad_share",
]
