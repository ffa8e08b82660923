"""The Studio: a network writes what the knobs ask for, piece after piece, on one page."""

from musiclab.studio.page import Studio

__all__ = ["Studio"]
