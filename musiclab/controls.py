"""Hard rules for a tune, as masks over the vocabulary: whatever the network prefers, these hold.

The rules are a small grammar. First the head, then bars that are exactly full, each closed by `|`, and `<end>` after the last one,
which closes on the tonic; triplets are whole. A symbol is allowed only if the tune can still be finished after it; so that this is
never in doubt, the places of a bar from which its end can be reached are found first, from the end to the beginning.
"""

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np

from musiclab.filling import Filling, Goal, after, enough
from musiclab.piece import TICKS_PER_QUARTER, TICKS_PER_WHOLE
from musiclab.symbols import BAR, BAR_LINE, END, HEAD, LENGTH, PITCH, REST, STOP, TIE, UNKNOWN_STYLE

START = 0


class State(NamedTuple):
    """How far a tune has come; never changed in place.

    Args:
        read: symbols of the head so far.
        place: ticks since the bar line.
        notes: how many have begun since the bar line; 0 where nobody asks.
        triplet: the place where the triplet that is open here ends; 0 if none is.
        bars: full bars so far; -1 while it is open whether the first is a pickup.
        pickup: ticks of the pickup.
        pitch: the id of a pitch, `R` or `~` that waits for its length; 0 for none.
        held: the id of the last pitch if it sounds to this moment, so that `~` can hold it; 0 after a rest.
        ended: whether `<end>` was read.
    """

    read: int = 0
    place: int = 0
    notes: int = 0
    triplet: int = 0
    bars: int = -1
    pickup: int = 0
    pitch: int = 0
    held: int = 0
    ended: bool = False


class TuneControls:
    """The rules for one tune.

    Args:
        vocabulary: a `Vocabulary`.
        style: such as "reel"; "" for none.
        meter: a `Meter`.
        mode: "major", "minor", "dorian" or "mixolydian".
        bars: full bars to write, 1 or more (a pickup is not counted).
        pickup: ticks of the pickup, or several to choose from, where 0 stands for none. A tune with a pickup ends so much
            earlier in its last bar.
        pitches: MIDI pitches as written (on the tonic C) that may sound; None for all in the vocabulary.
        lengths: ticks that a note or rest may last; None for all in the vocabulary.
        places: ticks from the bar line at which a note or rest may begin, 0 among them; None for all. In a pickup they are counted as
            if the bar were full.
        density: the fewest and the most notes that begin in a bar; None for any number. Pickup and last bar are free.
        closing: least ticks of the last note, a quarter note if not given; where the lengths leave no such way, the longest last
            note that they have.

    `head` holds the ids of the head.

    Raises:
        ValueError: no tune can keep these rules; the message names the one that cannot hold.

    >>> from musiclab.piece import Meter
    >>> from musiclab.symbols import Vocabulary
    >>> vocabulary = Vocabulary(["<reel>", "<2/2>", "<major>", "<1 bars>", "C5", "D5", "1/2", "1/4"])
    >>> controls = TuneControls(vocabulary, style="reel", meter=Meter(2, 2), mode="major", bars=1)
    >>> state = controls.start()
    >>> for id in vocabulary.ids(["<reel>", "<2/2>", "<major>", "<1 bars>", "D5", "1/2"]):
    ...     state = controls.step(state, id)
    >>> [vocabulary[i] for i in controls.allowed(state).nonzero()[0]]  # a D lasting to the end would not close the tune
    ['C5', 'D5']
    >>> [vocabulary[i] for i in controls.allowed(controls.step(state, *vocabulary.ids(["D5"]))).nonzero()[0]]
    ['1/4']
    """

    def __init__(
        self,
        vocabulary,
        *,
        style,
        meter,
        mode,
        bars,
        pickup=0,
        pitches=None,
        lengths=None,
        places=None,
        density=None,
        closing=TICKS_PER_QUARTER,
    ):
        if bars < 1:
            raise ValueError(f"bars is {bars}: expected 1 or more")
        self.meter, self.bars = meter, bars
        self._kinds, self._ticks = vocabulary.kinds.tolist(), vocabulary.ticks.tolist()
        self.head = vocabulary.ids([f"<{style or UNKNOWN_STYLE}>", f"<{meter}>", f"<{mode}>", bars_symbol(vocabulary, bars)])
        self._bar_line, self._end = vocabulary.ids([BAR, END])
        # where the vocabulary has no such symbol, `<start>` stands for it, which is never allowed
        self._rest, self._tie = (vocabulary.ids([symbol])[0] if symbol in vocabulary else START for symbol in (REST, TIE))
        self._may_sound = vocabulary.pitches >= 0
        if pitches is not None:
            self._may_sound &= np.isin(vocabulary.pitches, list(pitches))
        self._is_tonic = self._may_sound & (vocabulary.pitches % 12 == 0)
        if not self._is_tonic.any():
            raise ValueError("no C, the tonic on which a tune ends, is among the allowed pitches: widen the range to an octave")
        known = {self._ticks[i]: i for i, kind in enumerate(self._kinds) if kind == LENGTH}
        self._lengths = {t: known[t] for t in sorted(known, reverse=True) if lengths is None or t in set(lengths)}
        self._density = None if density is None else tuple(density)
        self._filling = Filling(self._lengths, range(meter.bar) if places is None else places)
        self._may_last, self._may_follow = cache(self._may_last), cache(self._may_follow)
        self._set_goals(frozenset(pickup if isinstance(pickup, Iterable) else [pickup]), closing)

    def _set_goals(self, pickups, closing):
        """Find the goals of the first bar, of those in the middle, and of the last."""
        bar = self.meter.bar
        self._middle = Goal(bar, notes=self._density)
        self._last = {}  # pickup -> goal of the last bar
        for pickup in pickups:
            if 0 <= pickup < bar and (longest := self._filling.longest_last(Goal(bar - pickup))):
                if not pickup or self._filling.longest_last(Goal(pickup, shift=bar - pickup)):
                    self._last[pickup] = Goal(bar - pickup, max(1, min(closing, longest)))
        if not self._last or (self.bars > 1 and not self._filling.longest_last(self._middle)):
            asked = " or ".join(_fraction(ticks) if ticks else "none" for ticks in sorted(pickups))
            lengths = ", ".join(map(_fraction, reversed(self._lengths))) or "none"
            where = (
                ""
                if len(self._filling.places) == bar
                else f" at {', '.join(map(_fraction, sorted(self._filling.places)))} of a bar"
            )
            many = "" if self._density is None else f", {self._density[0]} to {self._density[1]} of them a bar"
            raise ValueError(
                f"bars of {self.meter} with pickup {asked} cannot be filled by notes that last {lengths} of a whole note"
                f"{where}{many}: allow others"
            )
        whole = [self._last[0] if self.bars == 1 else self._middle] if 0 in self._last else []
        self._first = (*whole, *(Goal(pickup, shift=bar - pickup) for pickup in self._last if pickup))

    def parts(self, ticks):
        """The ids of few lengths that add up to so many ticks, longest first where that can be; [] if none do."""
        if ticks in self._lengths:
            return [self._lengths[ticks]]
        ids, place, triplet = [], 0, 0
        while place < ticks:
            longest = next(
                (t for t in self._lengths if self._filling.fits((Goal(ticks, shift=None),), place, triplet, 0, t, False)), None
            )
            if longest is None:
                return []
            ids.append(self._lengths[longest])
            place, triplet = place + longest, after(place, triplet, longest)
        return ids

    def start(self):
        """The state before the first symbol."""
        return State()

    def done(self, state):
        """Whether the tune has ended."""
        return state.ended

    def step(self, state, id):
        """Take one symbol in, be it allowed or not; the state given stays as it is."""
        kind = self._kinds[id]
        if kind == HEAD:
            return state._replace(read=state.read + 1)
        if kind == PITCH:
            return state._replace(pitch=int(id))
        if kind == LENGTH and state.pitch:
            held = {self._tie: state.held, self._rest: 0}.get(state.pitch, state.pitch)
            triplet = after(state.place, state.triplet, self._ticks[id]) or 0
            place, notes = state.place + self._ticks[id], state.notes + self._counts(state.pitch)
            return state._replace(place=place, notes=notes, triplet=triplet, pitch=0, held=held)
        if kind == BAR_LINE and state.place:
            pickup = state.place if state.bars < 0 and state.place < self.meter.bar else 0
            bars = max(state.bars, 0) + (not pickup)
            return state._replace(place=0, notes=0, triplet=0, bars=bars, pickup=pickup or state.pickup, pitch=0)
        return state._replace(ended=True) if kind == STOP else state

    def allowed(self, state):
        """Which symbols may come next: (n_symbols,) bool, never all False after allowed symbols alone."""
        if state.read < len(self.head):
            return self._mask(self.head[state.read])
        if state.ended or state.bars >= self.bars:
            return self._mask(self._end)
        if state.bars < 0:
            goals = self._first
        elif state.bars < self.bars - 1:
            goals = (self._middle,)
        else:
            goals = (self._last.get(state.pickup, Goal(self.meter.bar - state.pickup)),)
        if state.pitch:
            sounding = state.held if state.pitch == self._tie else state.pitch
            notes = state.notes + self._counts(state.pitch)
            return self._may_last(goals, state.place, state.triplet, notes, bool(self._is_tonic[sounding]))
        held = bool(self._is_tonic[state.held]) if state.held and not state.place else None
        return self._may_follow(goals, state.place, state.triplet, state.notes, held)

    def _counts(self, pitch):
        """Whether density is asked for, and what begins here is a note, neither a rest nor a hold."""
        return self._density is not None and pitch not in (self._rest, self._tie)

    def _may_last(self, goals, place, triplet, notes, tonic):
        fits = self._filling.fits
        return self._mask([i for ticks, i in self._lengths.items() if fits(goals, place, triplet, notes, ticks, tonic)])

    def _may_follow(self, goals, place, triplet, notes, held):
        """The mask where a pitch or a bar line is due; `held` says whether the note to hold is a tonic, None if none sounds."""

        def fit(notes, tonic):
            return any(self._filling.fits(goals, place, triplet, notes, ticks, tonic) for ticks in self._lengths)

        one_more = notes + (self._density is not None)
        mask = self._mask([self._bar_line] if any(place == goal.end and enough(notes, goal) for goal in goals) else [])
        mask |= self._may_sound if fit(one_more, False) else self._is_tonic if fit(one_more, True) else False
        mask[self._rest] |= fit(notes, False)
        mask[self._tie] |= held is not None and fit(notes, held)
        mask[START] = False
        return mask

    def _mask(self, ids):
        mask = np.zeros(len(self._kinds), dtype=bool)
        mask[ids] = True
        return mask


def bars_symbol(vocabulary, bars):
    """The symbol whose number of bars is nearest to the one asked for, such as `<16 bars>`."""
    known = {int(n): i for i, n in enumerate(vocabulary.bars) if n}
    if not known:
        raise ValueError("this vocabulary has no symbol such as '<16 bars>': make it from whole tunes")
    return vocabulary[known[min(known, key=lambda n: (abs(n - bars), n))]]


def _fraction(ticks):
    return str(Fraction(ticks, TICKS_PER_WHOLE))
