"""What sounds is not always Bach's: chorales that a network has led astray, and what Bach would go on with."""

import numpy as np

from musiclab.choir.beam import follow
from musiclab.choir.frames import FRAMES_A_BEAT, LAYOUT, frames_of, sounding
from musiclab.choir.part_rules import HOLD, MOVE, RANGES, STRIKE, PartRules
from musiclab.choir.writing import hearing
from musiclab.generate import read

TEMPERATURE = 0.7


def plain(frames):
    """A chorale whose three lower voices move on beats only."""
    starts = np.arange(len(frames)) // FRAMES_A_BEAT * FRAMES_A_BEAT
    sounds, struck = sounding(frames), strokes(frames)[starts]
    found = sounds[starts]
    same = np.zeros(found.shape, dtype=bool)
    same[1:] = found[1:] == found[:-1]
    on_beat = starts == np.arange(len(frames))
    again = on_beat[:, None] & struck & same & (found != LAYOUT.none)
    return np.column_stack([frames[:, :1], np.where(again, LAYOUT.again_id, found)[:, 1:]])


def strokes(frames):
    """Where a note is struck, (n_frames, 4) bool."""
    return np.concatenate([np.ones((1, frames.shape[1]), dtype=bool), frames[1:] != sounding(frames)[:-1]])


def astray(frames, own, share, rng):
    """A past that is not Bach's, and what he would have gone on with.

    Args:
        frames: Bach's.
        own: those of a network, under the same soprano.
        share: of the beats in which the network's sound.

    Returns:
        `(past, frames)`: what sounded, and what is to follow on it: Bach's notes wherever he strikes one, and on each beat; between
        them what sounds is held.
    """
    n = len(frames)
    others = np.repeat(rng.random(n) < share, FRAMES_A_BEAT)[:n, None]
    sounds = sounding(frames)
    heard = np.where(others, sounding(own), sounds)
    before = np.concatenate([np.zeros((1, heard.shape[1]), dtype=int), heard[:-1]])
    again = np.where(others, strokes(own), strokes(frames)) & (heard == before) & (heard != LAYOUT.none)
    past = np.where(again, LAYOUT.again_id, heard)
    struck, on_beat = strokes(frames), (np.arange(n) % FRAMES_A_BEAT == 0)[:, None]
    wanted = np.where(struck | on_beat, sounds, before)
    return past, np.where(struck & (sounds == before) & (sounds != LAYOUT.none), LAYOUT.again_id, wanted)


def own_voices(voices, piece, seed):
    """What a network writes under the soprano of a chorale: `(frames, frames)`, free to move as Bach is, and on beats only."""
    frames, plan = frames_of(piece)
    n = len(frames)
    last = int(np.flatnonzero(strokes(frames)[:, 0])[-1])
    ranges = [(low + plan.shift, high + plan.shift) for low, high in RANGES]
    given = plan.given(frames[:, 0])[:, : len(voices.layout.given)]
    found = []
    for simple in (False, True):
        acts = np.full(n, MOVE)
        if simple:
            acts[np.arange(n) % FRAMES_A_BEAT > 0] = HOLD
        acts[last + 1 :] = HOLD
        acts[[0, last // FRAMES_A_BEAT * FRAMES_A_BEAT if simple else last]] = STRIKE
        rules, heard = PartRules(acts, ranges, frames[:, 0], plan.about.key.mode), hearing(voices, given)
        rng, start = np.random.default_rng([seed, simple]), read(heard, [], controls=rules)
        way = follow(heard, start, LAYOUT.n_slots * n, rules, width=1, temperature=TEMPERATURE, rng=rng)
        found.append(np.array(way.ids).reshape(n, -1))
    return tuple(found)
