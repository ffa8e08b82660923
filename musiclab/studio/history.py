"""The pieces of a session, which of them is on show, and the way back."""

from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A piece of the session: its number, from 1, and the take."""

    number: int
    take: Any


class History:
    """Pieces in the order in which they were made. Nothing is ever lost: `undo` takes back the last step, whatever it was.

    >>> history = History()
    >>> history.add("a reel"), history.add("a jig"), history.undo(), history.shown
    (1, 2, True, Entry(number=1, take='a reel'))
    """

    def __init__(self):
        self._now, self._past = ((), None), []  # the entries, and the number of the one on show

    @property
    def entries(self):
        """All pieces, the oldest first."""
        return self._now[0]

    @property
    def shown(self):
        """The `Entry` on show; None before the first."""
        return self.entry(self._now[1])

    def entry(self, number):
        """The `Entry` with a number; None if there is none."""
        return next((entry for entry in self.entries if entry.number == number), None)

    def add(self, take):
        """Put a new piece on show; returns its number."""
        number = max((entry.number for entry in self.entries), default=0) + 1
        self._step((*self.entries, Entry(number, take)), number)
        return number

    def show(self, number):
        """Put another piece on show."""
        if self.entry(number) and number != self._now[1]:
            self._step(self.entries, number)

    def change(self, take):
        """Put a changed take in the place of the one on show."""
        number = self._now[1]
        self._step(tuple(Entry(number, take) if entry.number == number else entry for entry in self.entries), number)

    def undo(self):
        """Take back the last step; says whether there was one to take back."""
        if not self._past:
            return False
        self._now = self._past.pop()
        return True

    @property
    def can_undo(self):
        """Whether there is a step to take back; the first piece of a session stays."""
        return len(self._past) > 1

    def _step(self, entries, number):
        self._past.append(self._now)
        self._now = (entries, number)
