"""How a bar can be filled: whether notes of given lengths lead from a place exactly to its end, and how triplets are written.

So that a composing network never runs into a place from which there is no way on, what can be reached is found beforehand, from the
end of the bar to the beginning.
"""

from functools import cache
from typing import NamedTuple

EIGHTH, SIXTEENTH = 12, 6  # ticks
TRIPLETS = {2: 6, 4: 12, 8: 24, 16: 24, 32: 48}  # the length of the triplet that a first note opens


class Goal(NamedTuple):
    """Where a bar may end, and how.

    Args:
        end: tick after the bar line.
        least: ticks that its last note lasts at least, and that it is the tonic; 0 for any note.
        shift: ticks of the full bar that are left out before it, as in a pickup; None where notes may begin anywhere.
        notes: the fewest and the most notes that begin in it; None for any number.
    """

    end: int
    least: int = 0
    shift: int | None = 0
    notes: tuple | None = None


class Filling:
    """The ways to fill a bar.

    Args:
        lengths: ticks that notes and rests may last, the longest first.
        places: ticks from the bar line of a full bar at which they may begin.

    >>> Filling([36, 24], range(96)).longest_last(Goal(96)), Filling([36], range(96)).longest_last(Goal(96))
    (36, 0)
    """

    def __init__(self, lengths, places):
        self.lengths, self.places = tuple(lengths), frozenset(places)
        self.can_fill = cache(self.can_fill)

    def longest_last(self, goal):
        """The longest last note of a stretch that lengths fill exactly; 0 if none do."""
        return next((ticks for ticks in self.lengths if self.can_fill(0, 0, 0, goal._replace(least=ticks))), 0)

    def can_fill(self, place, triplet, notes, goal):
        """Whether lengths lead from a place exactly to a goal.

        Args:
            place: ticks from the bar line.
            triplet: where the triplet ends that is open there; 0 if none is.
            notes: how many there are in the bar so far; 0 where nobody asks. All that follow are taken to be notes.
            goal: a `Goal`.
        """
        if not self._may_begin(place, goal) or (goal.notes and notes >= goal.notes[1]):
            return False
        for ticks in self.lengths:
            still_open = after(place, triplet, ticks)
            if still_open == 0 and place + ticks == goal.end and ticks >= goal.least and enough(notes + 1, goal):
                return True
            if still_open is not None and place + ticks < goal.end:
                if self.can_fill(place + ticks, still_open, notes + bool(goal.notes), goal):
                    return True
        return False

    def fits(self, goals, place, triplet, notes, ticks, tonic):
        """Whether a note of that length may begin here, and then completes the bar as one of the goals has it, or can be followed up.

        Args:
            place, triplet, notes: as for `can_fill`, but this note, if it is none that rests or holds, is among the notes.
            ticks: its length.
            tonic: whether it is the tonic.
        """
        end, triplet = place + ticks, after(place, triplet, ticks)
        if triplet is None:
            return False
        for goal in goals:
            if not self._may_begin(place, goal):
                continue
            if end < goal.end:
                fits = self.can_fill(end, triplet, notes, goal)
            else:
                closes = not goal.least or (tonic and ticks >= goal.least)
                fits = end == goal.end and triplet == 0 and closes and enough(notes, goal)
            if fits:
                return True
        return False

    def _may_begin(self, place, goal):
        return goal.shift is None or place + goal.shift in self.places


def after(place, triplet, ticks):
    """Whether and how a note can be written: triplets begin on an eighth note and are completed.

    Args:
        place: where it begins, in ticks from the bar line.
        triplet: where the triplet ends that is open there; 0 if none is.
        ticks: its length.

    Returns:
        where the triplet ends that is open after it, 0 if none is; None if it cannot be written.

    >>> after(0, 0, 12), after(0, 0, 8), after(8, 24, 8), after(8, 24, 12), after(6, 0, 8)
    (0, 24, 24, None, None)
    """
    end = place + ticks
    if triplet:
        if ticks % 3 == 0 or end > triplet or (end < triplet and (triplet - end) % 3 == 0):
            return None  # not a third, or part of one, of what it divides
        return triplet if end < triplet else 0
    if ticks % 3:
        span = TRIPLETS.get(ticks, 0)
        return place + span if span and place % min(span, EIGHTH) == 0 else None
    return 0 if place % SIXTEENTH == 0 or end % SIXTEENTH == 0 else None  # a 32nd note is soon followed by its other half


def enough(notes, goal):
    """Whether a bar that ends after so many notes has as many as it should."""
    return goal.notes is None or goal.notes[0] <= notes <= goal.notes[1]
