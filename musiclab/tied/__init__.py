"""Tied Parallel Networks: one small network, shared by all pitches, that writes chords on a roll (lesson 9).

After Daniel D. Johnson, Generating Polyphonic Music Using Tied Parallel Networks (EvoMUSART 2017). Recurrent in time: an LSTM cell with
the same weights for every pitch hears the notes around that pitch. Recurrent over notes: within a step the pitches are chosen from the
lowest upwards, each told which below it were chosen. Nothing says how high a pitch is, so music moved up gives chances moved up.
"""

from musiclab.tied.network import frame_nats, note_logits, tied_forward
from musiclab.tied.rolls import (
    HELD,
    LOWEST,
    N_PITCHES,
    PLACES,
    SILENT,
    STRUCK,
    chord_roll,
    opening_chord,
    roll_piece,
)
from musiclab.tied.sampling import rhythm_gate, sample_roll
from musiclab.tied.shipped import plain_forward, shipped_card, shipped_params

__all__ = [
    "HELD",
    "LOWEST",
    "N_PITCHES",
    "PLACES",
    "SILENT",
    "STRUCK",
    "chord_roll",
    "frame_nats",
    "note_logits",
    "opening_chord",
    "plain_forward",
    "rhythm_gate",
    "roll_piece",
    "sample_roll",
    "shipped_card",
    "shipped_params",
    "tied_forward",
]
