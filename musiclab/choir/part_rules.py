"""Rules for four singers: ranges, no voices crossing, where to strike and where to hold, and the chord at the end.

They are controls for `musiclab.generate`. Whatever the network wants, some id is always allowed: a pitch passes only if the voices
that are still to come find theirs. Parallel fifths and octaves are forbidden as long as there is any other way. What is not
forbidden but not liked has a cost, which `musiclab.choir.beam` weighs against what the network wants.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from musiclab.choir.frames import FRAMES_A_BEAT, LAYOUT, sounding
from musiclab.harmony import chord_of
from musiclab.key import TONES

MOVE, STRIKE, HOLD = range(3)  # what the voices do in a frame: as they like, all strike a note, none does
RANGES = ((60, 81), (38, 62), (53, 74), (48, 69))  # lowest and highest MIDI pitch of soprano, bass, alto, tenor
CLASHES = (1, 2, 6, 10, 11)  # and these sound rough
PERFECT = (0, 7)  # semitones, octaves apart: intervals that do not follow themselves when both voices move
TRIADS = tuple(tuple((root + step) % 12 for step in steps) for root in range(12) for steps in ((0, 4, 7), (0, 3, 7)))
TONIC = TRIADS[:2]  # root, third, fifth above the tonic
OVERLAP, SPACING, HIDDEN, FOREIGN, CADENCE, RESTLESS = 1.0, 1.0, 1.0, 1.0, 2.0, 6.0  # nats that each costs
ABROAD, ROUGH, REPEAT, UNRESOLVED = 0.5, 1.7, 0.5, 5.0  # these where no melody is given, and the next: one for each slot
LEAP = (0.0, 0.6, 1.8, 2.8)
STRAIN, EASE = (0.3, 0.0, 0.3, 0.3), 5  # for each semitone that a note is nearer than EASE to the end of its voice's range
OCTAVE = 12
AT_HOME = {mode: {*tones, 11} for mode, tones in TONES.items()}  # pitch classes above the tonic, with the note that leads to it
DOMINANT = {7, 11, 2, 5}  # with its seventh
NEIGHBOURS = ((None, 2), (3, None), (0, 3), (2, 1))  # slots of the voices above and below each
CLASSES = (np.arange(LAYOUT.n_symbols) + LAYOUT.lowest - 1) % OCTAVE  # of each id that is a pitch
NO_DOMINANT = ~np.isin(CLASSES, list(DOMINANT))


class State(NamedTuple):
    """How far the singers are; never changed in place.

    Args:
        frame: number of the frame that is being written.
        before: the ids of the pitches that sounded in the frame before, NONE for a silent voice; () at the beginning.
        chosen: those of this frame, as far as they are known.
    """

    frame: int = 0
    before: tuple = ()
    chosen: tuple = ()


class PartRules:
    """The rules for one piece, in the order of the frames: soprano, bass, alto, tenor.

    Args:
        acts: (n_frames,) MOVE, STRIKE or HOLD. The last STRIKE closes: the tonic triad with its root in the bass and its third in
            some voice; only if a given melody has another note there, another triad.
        ranges: lowest and highest pitch of each voice, as written in the frames. Below a low soprano the others may be lower.
        melody: (n_frames,) ids of a soprano that is given; `acts` are those of the other three then. None if it is not.
        mode: one of `musiclab.key.MODES`. Notes outside it have a cost, and have no place in the first chord and the last, but for
            the major third that ends in minor.

    Raises:
        ValueError: within these ranges there is no chord to close with.

    >>> rules = PartRules([STRIKE, HOLD])
    >>> state = rules.start()
    >>> [int(id) + LAYOUT.lowest - 1 for id in np.flatnonzero(rules.allowed(state))]  # a C, E or G, if nothing else follows
    [60, 64, 67, 72, 76, 79]
    """

    def __init__(self, acts, ranges=RANGES, melody=None, mode="major"):
        self._acts = [int(act) for act in acts]
        self._ranges = [(low - LAYOUT.lowest + 1, high - LAYOUT.lowest + 1) for low, high in ranges]
        self._melody = None if melody is None else [int(id) for id in melody]
        self._line = None if melody is None else sounding(self._melody)
        strikes = [frame for frame, act in enumerate(self._acts) if act == STRIKE]
        self._last = strikes[-1] if strikes else -1
        self._can_close, self._room = lru_cache(None)(self._can_close), lru_cache(None)(self._room)
        self._lid = self._lids()
        self._home = np.isin(CLASSES, list(AT_HOME[mode]))
        self._leading = self._cadence()
        self._closing = self._closings(AT_HOME[mode])
        if self._melody is None and strikes and not self._closing:
            raise ValueError(f"ranges {ranges}: no tonic triad lies within them; widen one")

    def _closings(self, home):
        """The triads with which the piece may close: of the tonic, in its mode; else as near to that as the melody allows."""
        first, lid = (), None
        if self._melody is not None:
            lid, first = self._lid[self._last], (int(self._line[self._last]),)
        others = [[triad for triad in TRIADS if home.issuperset(triad)], TRIADS] if first else []
        for self._closing in (TONIC if 3 in home else TONIC[:1], TONIC, *others):
            if self._can_close(first, lid):
                return self._closing
            self._can_close.cache_clear()
        return ()

    def _lids(self):
        """For each frame the lowest pitch of the given melody until the other voices may move again: they stay below."""
        if self._melody is None:
            return [None] * len(self._acts)
        lid = []
        for frame in reversed(range(len(self._acts))):
            held = lid[-1] if lid and self._acts[frame + 1] == HOLD else LAYOUT.n_pitches
            lid.append(min(int(self._line[frame]), held))
        return lid[::-1]

    def _cadence(self):
        """The frames in which the dominant is to sound: a beat or more before the last chord, if the melody lets it."""
        first = next((frame for frame in range(self._last - FRAMES_A_BEAT, 0, -1) if self._acts[frame] != HOLD), self._last)
        frames = range(first, self._last)
        if self._melody is not None and frames:
            closes = CLASSES[self._line[self._last]] in {0, 3, 4, 7}
            if not closes or NO_DOMINANT[self._line[frames.start : frames.stop]].any():
                return range(0)
        return frames

    def start(self):
        """The state before the first id."""
        return State()

    def done(self, state):
        """Whether the piece has ended."""
        return state.frame >= len(self._acts)

    def step(self, state, id):
        """Take one id in, be it allowed or not; the state given stays as it is."""
        frame, before, chosen = state
        id = int(id)
        held = before[len(chosen)] if before else LAYOUT.none
        chosen = (*chosen, held if id == LAYOUT.again_id else id or LAYOUT.none)
        return State(frame + 1, chosen, ()) if len(chosen) == LAYOUT.n_slots else State(frame, before, chosen)

    def allowed(self, state):
        """Which ids may come next: (n_symbols,) bool, never all False."""
        mask = np.zeros(LAYOUT.n_symbols, dtype=bool)
        frame, before, chosen = state
        slot = len(chosen)
        if self.done(state):
            mask[LAYOUT.none] = True
            return mask
        if self._melody is not None and slot == 0:
            mask[self._melody[frame]] = True
            return mask
        held = before[slot] if before else LAYOUT.none
        if self._acts[frame] == HOLD:
            mask[held] = True
            return mask
        lid = self._lid[frame]
        closing = frame == self._last and self._can_close(chosen[:1] if lid else (), lid)
        room = self._room(chosen, lid, closing)
        if frame in (0, self._last) and not closing:
            room = [id for id in room if self._home[id]] or room
        if before:
            room = [id for id in room if not _parallel(before, chosen, held, id)] or room
        mask[list(room)] = True
        if mask[held]:  # the same pitch: struck again, or held on
            mask[LAYOUT.again_id] = True
            mask[held] = self._acts[frame] == MOVE
        return mask

    def costs(self, state):
        """What the ids cost that are allowed but not liked: (n_symbols,) nats.

        A voice should not go beyond where its neighbour just was, nor lie more than an octave from it (the bass may), and soprano
        and bass should not go the same way into a fifth or an octave while the soprano leaps. Notes outside the mode should be rare,
        before the last chord the dominant should sound, and a phrase should rest on a triad in root position. Where no melody is
        given, there is more: see `_of_drawn`.
        """
        cost, (frame, before, chosen) = np.zeros(LAYOUT.n_symbols), state
        slot, ids = len(chosen), np.arange(LAYOUT.n_symbols)
        if before:
            ids[LAYOUT.again_id] = before[slot]
            above, below = NEIGHBOURS[slot]
            beyond = (ids > before[above]) if above is not None else False
            cost += OVERLAP * (beyond | ((ids < before[below]) if below is not None else False))
            if slot == 1 and abs(up := chosen[0] - before[0]) > 2:
                same_way = np.sign(ids - before[1]) == np.sign(up)
                cost += HIDDEN * (same_way & np.isin((chosen[0] - ids) % OCTAVE, PERFECT))
        if slot and self._rests(frame):
            cost += RESTLESS * ~_resting(tuple(int(CLASSES[id]) for id in chosen))[ids]
        if slot or self._melody is None:
            foreign = FOREIGN * ~self._home[ids]
            if before:
                foreign[before[slot]] = 0  # a note that goes on has paid
            cost += foreign + CADENCE * (frame in self._leading and NO_DOMINANT[ids])
        if slot > 1:
            cost += SPACING * (chosen[NEIGHBOURS[slot][0]] - ids > OCTAVE)
        return cost if self._melody is not None else cost + self._of_drawn(state, ids)

    def _of_drawn(self, state, ids):
        """What the ids cost besides where notes are drawn, for what is drawn wanders: (n_symbols,) nats.

        A phrase should rest on tonic or dominant rather than elsewhere, and what else is struck on a beat should not clash. The
        seventh of a dominant seventh should stay or fall by a step, the lower voices should go by step, alto and tenor not strike
        the same note again, and nobody go to the ends of the range. Where the likeliest way under a melody is sought, the network
        knows all this better: there these costs take it away from Bach's chords.
        """
        cost, (frame, before, chosen) = np.zeros(len(ids)), state
        slot = len(chosen)
        if slot == 1 and self._rests(frame):
            cost += ABROAD * ~np.isin(CLASSES[ids], PERFECT)
        elif slot and before and frame % FRAMES_A_BEAT == 0 and not self._rests(frame):
            clashes = np.isin((CLASSES[ids, None] - CLASSES[list(chosen)]) % OCTAVE, CLASHES).any(axis=1)
            cost += ROUGH * (clashes & (np.arange(len(ids)) != before[slot]))
        low, high = self._ranges[slot]
        strain = STRAIN[slot] * np.clip(EASE - np.minimum(ids - low, high - ids), 0, EASE)
        if before:
            strain[before[slot]] = 0
            step = ids - before[slot]
            cost += LEAP[slot] * (abs(step) > 2)
            if slot and CLASSES[before[slot]] == _seventh(tuple(CLASSES[list(before)].tolist())):
                cost += UNRESOLVED * ((step < -2) | (step > 0))
            if slot > 1:
                cost[LAYOUT.again_id] += REPEAT
        return cost + strain

    def _rests(self, frame):
        """Whether a phrase comes to rest in this frame: all strike, and hold."""
        return self._acts[frame] == STRIKE and self._acts[frame + 1 : frame + 2] in ([], [HOLD])

    def _room(self, chosen, lid, closing):
        """The pitches, as ids, among which the next voice may choose."""
        slot = len(chosen)
        low, high = self._ranges[slot]
        if slot:
            top = chosen[0] if lid is None else lid
            above = chosen[2] if slot == 3 else top
            floor = min(low, above, top) if slot == 1 else max(min(low, above), min(chosen[1], above))
            low, high = floor, max(floor, min(high, above))
        ids = range(low, high + 1)
        return tuple(id for id in ids if not closing or self._can_close((*chosen, id), lid))

    def _can_close(self, chosen, lid):
        """Whether these voices, and others below them, can sound one of the closing triads."""
        classes = [int(CLASSES[id]) for id in chosen]
        triads = [triad for triad in self._closing if set(classes) <= set(triad) and classes[1:2] in ([], [triad[0]])]
        if len(chosen) == LAYOUT.n_slots:
            return any(triad[1] in classes for triad in triads)
        return bool(triads) and any(self._can_close((*chosen, id), lid) for id in self._room(chosen, lid, False))


@lru_cache(None)
def _resting(classes):
    """Which ids lead on to a triad in root position that is complete once the tenor sings: (n_symbols,) bool.

    Args:
        classes: pitch classes of the voices that are known: soprano, bass, alto.
    """
    to_come = LAYOUT.n_slots - len(classes) - 1
    leads = lambda now: any(triad[0] == now[1] and set(now) <= set(triad) and 3 - len(set(now)) <= to_come for triad in TRIADS)  # noqa: E731
    return np.array([leads((*classes, pitch_class)) for pitch_class in range(OCTAVE)])[CLASSES]


@lru_cache(None)
def _seventh(classes):
    """The seventh of the dominant seventh that these pitch classes sound, with its fifth or without; None if they sound none."""
    chord = chord_of(list(classes), incomplete=True)
    return (chord.root + 10) % OCTAVE if chord and chord.quality == "dominant seventh" else None


def _parallel(before, chosen, held, id):
    """Whether a voice that moves to a pitch makes fifths or octaves in parallel with one that has moved."""
    if id == held:
        return False
    spans = ((abs(then - held) % 12, abs(now - id) % 12) for then, now in zip(before, chosen) if now != then)
    return any(was == is_now and was in PERFECT for was, is_now in spans)
