"""Where a chorale breathes: how long its phrases are, and how long the chord under each fermata lasts.

The habits are counted in chorales by people. A plan for a new one is drawn from them, phrase by phrase, so that it ends where it
should.
"""

from collections import Counter

import numpy as np

from musiclab.choir.frames import FRAME, FRAMES_A_BEAT

BETWEEN, LAST = "between", "last"
LONGEST = 64  # frames; what is longer without a fermata is more than a phrase
RARE = 0.03  # share of the phrases that begin at a place of the bar below which one is not to be imitated


def phrase_habits(pieces):
    """What phrases are usual.

    Args:
        pieces: chorales with fermatas; those without tell nothing.

    Returns:
        dict: meter -> BETWEEN or LAST -> place in the bar where a phrase begins -> "length hold" -> how many; all in frames and
        all names str, as in JSON.

    >>> from musiclab.piece import Note, Piece
    >>> phrase_habits([Piece([Note(0, 168, 72), Note(168, 24, 72)], fermatas=[168])])
    {'4/4': {'last': {'0': {'32 4': 1}}}}
    """
    counts = {}
    for piece in pieces:
        begin, bar = 0, piece.meter.bar
        for tick in piece.fermatas:
            end = max((note.end for note in piece.notes if note.voice == 0 and note.start <= tick < note.end), default=tick)
            numbers = [(end - begin) / FRAME, (end - tick) / FRAME]
            if end > tick and numbers[0] <= LONGEST and all(number % FRAMES_A_BEAT == 0 for number in numbers):
                kind = LAST if end == piece.end else BETWEEN
                place = str((begin - piece.pickup) % bar // FRAME)
                table = counts.setdefault(str(piece.meter), {}).setdefault(kind, {}).setdefault(place, Counter())
                table["{:.0f} {:.0f}".format(*numbers)] += 1
            begin = end
    usual = lambda table: {phrase: n for phrase, n in table.most_common() if n >= RARE * table.total()}  # noqa: E731
    return {
        meter: {kind: {place: usual(table) for place, table in sorted(places.items())} for kind, places in kinds.items()}
        for meter, kinds in counts.items()
    }


def draw_phrases(habits, n_frames, bar, place=0, rng=None):
    """Draw the phrases of a new chorale.

    Args:
        habits: those of one meter, as from `phrase_habits`; {} where nobody knows.
        n_frames: how long the chorale is to be, at least a beat.
        bar: frames in a bar.
        place: frames after a bar line where it begins.
        rng: numpy Generator; a fresh one if None.

    Returns:
        list of `(begin, stroke, end)` in frames: a phrase begins, its last chord is struck, it ends. Where no usual phrases add up to
        the length, it is one phrase that ends in a chord of a beat.

    >>> draw_phrases({"between": {"0": {"32 4": 9}}, "last": {"0": {"32 8": 1}}}, n_frames=64, bar=16)
    [(0, 28, 32), (32, 56, 64)]
    """
    rng = np.random.default_rng() if rng is None else rng
    chances = [{} for _ in range(n_frames)]  # of each frame: which phrase may begin there -> how likely it comes and ends well
    arrives = np.zeros(n_frames + 1)  # of each frame: how likely phrases from there on end exactly at the end
    arrives[n_frames] = 1
    for frame in reversed(range(n_frames)):
        for kind in (BETWEEN, LAST):
            table = habits.get(kind, {}).get(str((place + frame) % bar), {})
            for words, n in table.items():
                length, hold = map(int, words.split())
                end = frame + length
                if (end == n_frames) if kind == LAST else (end < n_frames):
                    key = (frame, end - hold, end)
                    chances[frame][key] = chances[frame].get(key, 0) + n / sum(table.values()) * arrives[end]
        arrives[frame] = sum(chances[frame].values())
    if not arrives[0]:
        return [(0, max(0, n_frames - FRAMES_A_BEAT), n_frames)]
    phrases, frame = [], 0
    while frame < n_frames:
        options = list(chances[frame])
        weights = np.array(list(chances[frame].values()))
        phrases.append(options[rng.choice(len(options), p=weights / weights.sum())])
        frame = phrases[-1][2]
    return phrases
