"""Arrangement: a tune gets chords, an accompaniment, a bass, drums and other instruments."""

from musiclab.arrange.arrangement import arrange
from musiclab.arrange.band import program_of
from musiclab.arrange.doubling import DOUBLINGS
from musiclab.arrange.patterns import PATTERNS

__all__ = ["DOUBLINGS", "PATTERNS", "arrange", "program_of"]
