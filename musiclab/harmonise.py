"""Four parts under any tune of one voice, by the network that learned from Bach's chorales.

In the shell: `musiclab harmonise tune.mid`. The tune stays as it is; soprano is its name then. With the melody ahead in view,
several ways to harmonise it are followed side by side, and the best is kept: the likeliest to the network, and the freest of faults.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musiclab.choir.beam import follow
from musiclab.choir.frames import LAYOUT, SINGERS, SLOTS, sounding
from musiclab.choir.part_rules import PartRules
from musiclab.choir.tune_grid import tune_grid
from musiclab.choir.writing import hearing, load_choir
from musiclab.generate import read
from musiclab.harmony import faults, moves
from musiclab.piece import Note, Piece

MOST_TRIES = 1000


class Harmonisation(NamedTuple):
    """One way to harmonise a tune.

    Args:
        piece: tune and three voices.
        nats: how surprised the network is by the ids that were chosen rather than given.
        choices: how many these are.
        faults: kind of fault -> how many.
    """

    piece: Piece
    nats: float
    choices: int
    faults: dict


def harmonise(melody, model=None, rng=None, *, passing=False, temperature=0.1, tries=8):
    """Put three voices under a tune.

    The tune keeps its pitches, rhythm and key: its notes are the soprano's. The other voices move on its beats (dotted quarters in
    a jig, half notes in a reel), hold their chord where the tune rests, and end on the tonic triad where the tune allows it. A
    pickup that is shorter than a beat stays alone.

    Args:
        melody: a `Piece` with one voice, one note at a time, in any meter. A tune beyond the sopranos' range takes the other
            voices with it, by octaves.
        model: as from `musiclab.choir.load_choir`; the one that ships if None.
        rng: numpy Generator; a fresh one if None.
        passing: whether the lower voices may move in the middle of a beat too.
        temperature: >= 0; how much chance has a say. 0 leaves none: the same tune, the same voices.
        tries: how many ways are followed side by side, at least 1; the best is kept.

    Returns:
        Piece of four voices.

    Raises:
        ValueError: what is given is no tune of one voice; the message says why.
    """
    return best_harmonisation(melody, model, rng, passing=passing, temperature=temperature, tries=tries).piece


def best_harmonisation(melody, model=None, rng=None, *, passing=False, temperature=0.1, tries=8, tick=None):
    """As `harmonise`, with what there is to say about the result: a `Harmonisation`. `tick` is as for `musiclab.choir.beam.follow`."""
    if not 1 <= tries <= MOST_TRIES or tries != int(tries):
        raise ValueError(f"tries {tries}: expected a whole number from 1 to {MOST_TRIES}")
    model = load_choir() if model is None else model
    rng = np.random.default_rng() if rng is None else rng
    grid = tune_grid(melody, passing)
    rules, heard = PartRules(grid.acts, grid.ranges, grid.line, grid.melody.key.mode), hearing(model, grid.given)
    start = read(heard, [], controls=rules)
    way = follow(heard, start, 4 * len(grid.line), rules, width=int(tries), temperature=temperature, rng=rng, tick=tick)
    piece = _sung(grid, np.array(way.ids).reshape(-1, 4))
    return Harmonisation(piece, way.nats, way.choices, {kind: len(found) for kind, found in faults(piece).items()})


def _sung(grid, frames):
    """The tune as it is, and the notes of the voices below it."""
    melody, heard = grid.melody, sounding(frames)
    velocity = round(np.mean([note.velocity for note in melody.notes]))
    notes = [note._replace(voice=0) for note in melody.notes]
    for slot, voice in enumerate(SLOTS[1:], start=1):
        struck = [0, *(np.flatnonzero(frames[1:, slot] != heard[:-1, slot]) + 1)]
        for first, after in zip(struck, [*struck[1:], None]):
            start, end = grid.ticks[first], melody.end if after is None else grid.ticks[after]
            notes.append(Note(start, end - start, int(heard[first, slot]) + LAYOUT.lowest - 1 - grid.shift, velocity, voice))
    return replace(melody, notes=notes, voices=SINGERS)


def harmony_card(found, **settings):
    """What a card says of a harmonisation: a dict."""
    return {
        **settings,
        "choices": found.choices,
        "nats_a_choice": round(found.nats / max(found.choices, 1), 4),
        "moves": moves(found.piece),
        "faults": {kind: n for kind, n in found.faults.items() if n},
    }


def harmony_line(found):
    """One line in plain words on the faults of a harmonisation.

    >>> harmony_line(Harmonisation(Piece(), 0.0, 0, {"spacing": 2, "hidden fifths": 0}))
    'Part-writing: 2 spacing.'
    """
    counts = [f"{n} {kind}" for kind, n in found.faults.items() if n]
    return f"Part-writing: {', '.join(counts) or 'no faults'}."
