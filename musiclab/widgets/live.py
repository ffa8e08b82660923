"""`Live`: a corner of the page where a network plays without end, and goes on from what you play."""

import threading

import anywidget
import traitlets

from musiclab.arrange.band import program_of
from musiclab.improvise import Improvisation
from musiclab.instruments import nearest_program
from musiclab.widgets.keyboard import part_of_the_player
from musiclab.widgets.stage import set_stage

KEYS = (
    *("G major", "D major", "A major", "C major", "F major", "Bb major", "E major"),
    *("E minor", "A minor", "D minor", "E dorian", "A dorian", "D mixolydian", "A mixolydian"),
)
INSTRUMENTS = ("violin", "flute", "recorder", "clarinet", "trumpet", "accordion", "harp", "guitar", "piano", "vibraphone")


class Live(anywidget.AnyWidget):
    """Music without end: press Start, turn the knobs as it goes, play on the keyboard, and it goes on from that.

    Args:
        style, key, temperature, tempo: to begin with; as for `musiclab.improvise.Improvisation`.
        instrument: by its name.
        model: a model of tunes; the one that ships if None.
        seed: whole number, 0 or more; a fresh one if None.

    All of them but `model` and `seed` can be set while it plays, on the page or here, and are heard within two bars. `running` says
    whether it plays; False stops it.
    """

    _esm = part_of_the_player("live")
    style = traitlets.Unicode()  # on the page `style` means another thing
    style_name = traitlets.Unicode().tag(sync=True)
    styles = traitlets.List(traitlets.Unicode()).tag(sync=True)
    key = traitlets.Unicode().tag(sync=True)
    key_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    temperature = traitlets.Float().tag(sync=True)
    tempo = traitlets.Float().tag(sync=True)
    instrument = traitlets.Unicode().tag(sync=True)
    instruments = traitlets.List(traitlets.Unicode()).tag(sync=True)
    plays = traitlets.Int().tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    def __init__(self, style="reel", key="G major", temperature=0.9, tempo=None, instrument="violin", model=None, seed=None):
        self._music = Improvisation(model, style=style, key=key, temperature=temperature, tempo=tempo, seed=seed)
        self._lock = threading.RLock()  # a page may ask while a cell sets a knob
        self._run, self._committed, self._following = None, -1, False
        keys = KEYS if str(self._music.key) in KEYS else (str(self._music.key), *KEYS)
        instruments = INSTRUMENTS if instrument in INSTRUMENTS else (instrument, *INSTRUMENTS)
        super().__init__(
            styles=self._music.styles,
            key_names=list(keys),
            instruments=list(instruments),
            instrument=instrument,
            plays=_sounds(instrument),
            **self._knobs(),
        )
        traitlets.link((self, "style"), (self, "style_name"))
        self.observe(self._wish, ["style", "key", "temperature", "tempo"])
        self.on_msg(lambda _, message, buffers: self.asked(message))
        set_stage()

    def asked(self, message):
        """Answer a page: `start`, `more`, `hear` or `stop`."""
        with self._lock:
            if message["do"] == "start":
                self._start(message)
            elif message["run"] != self._run:
                return  # of a page that was closed, or of an earlier start
            elif message["do"] == "stop":
                self._heard_up_to(message)
                self._run = None
            elif message["do"] == "more":
                self._heard_up_to(message)
                self._hand_out(self._music.number, self._music.until(message["until"]))
            elif message["do"] == "hear":
                self._heard_up_to(message)
                number = self._music.hear(message["notes"], message["until"])
                self._hand_out(number, self._music.until(self._music.seconds + message["seconds"]), heard=True)

    def _heard_up_to(self, message):
        """The last bar that the page has handed to the loudspeaker; it says -1 where there was none yet."""
        self._committed = max(self._committed, message["committed"])

    def _start(self, message):
        """Go on where the last run ended, or from what was played before."""
        self._run = message["run"]
        if self._committed >= 0:
            self._music.change(bar=self._committed + 1)
        begin = self._music.seconds
        if message["notes"]:
            self._music.hear([[begin + start, begin + end, *more] for start, end, *more in message["notes"]], begin)
        self._committed = self._music.number - 1
        self._hand_out(self._music.number, self._music.until(self._music.seconds + message["seconds"]))

    def _hand_out(self, first, bars, heard=False):
        self.send({"run": self._run, "from": first, "heard": heard, "bars": [bar._asdict() for bar in bars]})

    def _wish(self, change):
        """A knob was turned, on the page or by a program."""
        with self._lock:
            if self._following:
                return
            try:
                ahead = self._music.seconds
                self._music.change(bar=self._committed + 1 if self._run else None, **{change["name"]: change["new"]})
                self.problem = ""
                if self._run:
                    self._hand_out(self._music.number, self._music.until(ahead))
            except ValueError as error:
                self.problem = f"{error}."
            self._follow()

    def _follow(self):
        """Let the knobs show what holds: with another style comes another tempo."""
        self._following = True
        try:
            with self.hold_sync():
                for name, value in self._knobs().items():
                    setattr(self, name, value)
        finally:
            self._following = False

    def _knobs(self):
        music = self._music
        return {"style": music.style, "key": str(music.key), "temperature": music.temperature, "tempo": round(music.tempo, 1)}

    @traitlets.observe("instrument")
    def _other_instrument(self, change):
        try:
            self.plays, self.problem = _sounds(change["new"]), ""
        except ValueError as error:
            self.instrument = change["old"]
            self.problem = f"{error}."


def _sounds(instrument):
    return nearest_program(program_of(instrument))
