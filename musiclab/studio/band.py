"""Who plays what: a list of instruments for each part of the piece on show."""

from musiclab.instruments import NAMES, NEAREST, nearest_program
from musiclab.piece import DRUMS
from musiclab.studio.fields import choice, note

INSTRUMENTS = tuple(sorted({NAMES[program] for program in NEAREST}))  # those that the sound font has


class Band:
    """Instruments of the parts; `chosen` keeps what the user chose, part by part, for the pieces to come.

    Args:
        on_choice: called with the part and the name of the instrument.
    """

    def __init__(self, on_choice):
        from ipywidgets import VBox

        self.chosen, self.players = {}, {}
        self._on_choice = on_choice
        self.box = VBox([note('<p class="musiclab-help">They are here once there is a piece.</p>')])

    def show(self, take):
        """The parts of a take; drums are always drums."""
        self.players, boxes = {}, []
        for name, voice in zip(take.parts, take.piece.voices):
            if voice.program != DRUMS:
                playing = NAMES[nearest_program(voice.program)]
                self.players[name], box = choice(name.capitalize(), INSTRUMENTS)
                self.players[name].value = playing
                self.players[name].observe(lambda change, name=name: self._choose(name, change.new), "value")
                boxes.append(box)
        self.box.children = boxes

    def set_busy(self, busy):
        """While a piece is being made, nobody changes instruments."""
        for player in self.players.values():
            player.disabled = busy

    def _choose(self, name, instrument):
        self.chosen[name] = instrument
        self._on_choice(name, instrument)
