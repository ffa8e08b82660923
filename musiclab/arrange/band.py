"""Instruments by name, and how far each can play."""

from difflib import get_close_matches

from musiclab.instruments import NAMES, nearest_program
from musiclab.piece import DRUMS, Voice

PLAIN_NAMES = {"piano": 0, "organ": 19, "guitar": 24, "bass": 32, "saxophone": 66, "horn": 60}  # what people say
RANGES = {  # program of our sound font -> MIDI pitches that a good player has; orchestral handbooks
    **{0: (21, 108), 6: (29, 89), 11: (53, 89), 46: (24, 103), 19: (36, 96), 21: (41, 93), 24: (40, 83), 32: (28, 67)},
    **{40: (55, 100), 110: (55, 100), 41: (48, 91), 42: (36, 84), 48: (36, 96), 52: (41, 79)},
    **{56: (55, 82), 57: (40, 72), 60: (34, 77), 68: (58, 91), 70: (34, 75), 71: (50, 91), 73: (60, 96), 74: (60, 98)},
}


def program_of(name):
    """The General MIDI program of an instrument.

    Args:
        name: as in `musiclab.instruments.NAMES`, such as "flute", or plainly "piano", "organ", "guitar", "bass", "saxophone", "horn"; or a
            program, 0 to 127.

    >>> program_of("flute"), program_of("Strings")
    (73, 48)
    """
    if isinstance(name, int) and 0 <= name < len(NAMES):
        return name
    plain = " ".join(str(name).lower().split())
    known = PLAIN_NAMES | {known.lower(): program for program, known in enumerate(NAMES)}
    if plain not in known:
        near = get_close_matches(plain, known, cutoff=0.5)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "such as 'flute', 'strings' or 'guitar'"
        raise ValueError(f"instrument {name!r}: expected a name of General MIDI; {hint} All are in musiclab.instruments.NAMES")
    return known[plain]


def player(name):
    """The `Voice` of an instrument.

    >>> player("flute")[:2]
    ('Flute', 73)
    """
    program = program_of(name)
    plain = str(name) if isinstance(name, str) else NAMES[program]
    return Voice(plain[:1].upper() + plain[1:], program)


def playable(program):
    """The lowest and highest pitch of the instrument that plays a program in our sound font."""
    return (0, 127) if program == DRUMS else RANGES[nearest_program(program)]


def register(program, low, high):
    """A register, moved up or down as far as an instrument needs it.

    >>> register(0, 48, 67), register(73, 48, 67)  # a piano takes it as it is, a flute begins at middle C
    ((48, 67), (60, 79))
    """
    lowest, highest = playable(program)
    shift = max(0, lowest - low) or min(0, highest - high)
    return low + shift, high + shift
