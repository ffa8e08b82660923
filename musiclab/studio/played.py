"""What is played on the keyboard of the page, as a way for a piece to begin."""

from dataclasses import replace
from functools import cached_property

from musiclab.commission import likely_key


class Played:
    """A piano on the page, and the tune that was recorded on it last: a source for `musiclab.studio.openings`.

    Args:
        counted: function that returns the meter and the tempo to count in, such as `("6/8", 112)`.
    """

    label = "what I play on the keyboard"

    def __init__(self, counted):
        self._counted, self.changed = counted, lambda: None

    @cached_property
    def box(self):
        """The piano; made when somebody wants to play."""
        from musiclab.widgets.keyboard import Keyboard

        keyboard = Keyboard()
        keyboard.observe(lambda change: self.changed(), ["notes", "recording"])
        return keyboard

    @property
    def piece(self):
        """The tune as it was played, in the likeliest key; None as long as nobody played."""
        if not self.box.notes or self.box.recording:
            return None
        tune = self.box.piece()
        return replace(tune, keys=[(0, likely_key(tune))])

    def begin(self):
        """Let the piano count in the meter and the tempo that are chosen now."""
        if not self.box.recording and not self.box.notes:
            self.box.meter, self.box.tempo = self._counted()
