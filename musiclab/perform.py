"""How a piece is performed: where each voice sits, and what a mixer makes of it."""

from dataclasses import replace

MIDDLE = 64  # of MIDI controller 10
SPREAD = 40  # of 128: how far apart the outer voices sit


def seated(piece):
    """The same piece with a balance for every voice: those without one sit side by side, the first on the left.

    >>> from musiclab.piece import Piece, Voice
    >>> [voice.balance for voice in seated(Piece(voices=[Voice("Flute"), Voice("Harp", balance=0), Voice("Cello")])).voices]
    [44, 0, 84]
    """
    last = len(piece.voices) - 1
    seats = [round(MIDDLE + SPREAD * (i / last - 0.5)) if last else MIDDLE for i in range(last + 1)]
    voices = [voice._replace(balance=seat) if voice.balance is None else voice for voice, seat in zip(piece.voices, seats)]
    return replace(piece, voices=voices)


def gains(voice):
    """What a mixer makes of a voice that sits somewhere: its factors on the left and on the right.

    Volume by the law of MIDI controller 7, (volume / 127) squared; balance with equal power, 3 dB down on both sides in the middle.

    >>> from musiclab.piece import Voice
    >>> gains(Voice(volume=127, balance=64)).round(3)
    array([0.707, 0.707])
    """
    import numpy as np

    angle = max(voice.balance - 1, 0) / 126 * np.pi / 2  # 0 and 1 are both the left, so that 64 is the middle
    return (voice.volume / 127) ** 2 * np.array([np.cos(angle), np.sin(angle)])
