"""Music without end: a network plays on, bar after bar, does what it is told meanwhile, and goes on from what others play.

A network has learned tunes that end. So that it never comes to an end, and remembers no more than it needs, it turns a *page* now and
then: it reads a new head ("a reel in a major key, 24 bars"), the last eight bars once more as if the tune had begun with them, and
goes on. Another style is another head; what others play stands in the place of the last bars.
"""

import math
from collections import deque
from typing import Any, NamedTuple

import numpy as np

from musiclab import lstm
from musiclab.barwise import PAGE, Barwise, home
from musiclab.commission import beats_a_minute, commission, styles
from musiclab.generate import Place
from musiclab.piece import TICKS_PER_QUARTER
from musiclab.provenance import loaded
from musiclab.transcribe import written

KEPT = 8  # bars with which a page begins
OFTEN, AGAIN, BOLDER = 2, 3, 0.3  # a bar that stands so often among those is tried again, so often, and so much bolder each time
REMEMBERED = 64  # bars that can be taken back
ENOUGH = 10  # tunes; a style with fewer is hardly learned
TEMPERATURE = 0.9
LOUDNESS = {"bar": 96, "beat": 86, "other": 76}  # velocity: so that one hears where a bar begins


class Bar(NamedTuple):
    """A bar as it was played.

    Args:
        number: 0, 1, 2 ... from the beginning of the stream.
        start, end: seconds from the beginning of the stream.
        notes: tuples of start and end in seconds, pitch, velocity and voice (0).
        words: its notes by name, each with its length, such as "G4 1/8 B4 1/4".
        style: in which it was written.
    """

    number: int
    start: float
    end: float
    notes: tuple
    words: str
    style: str


class _Moment(NamedTuple):
    """Where the music stands before a bar; never changed in place.

    Args:
        number: of the bar.
        start: microseconds from the beginning of the stream.
        order: the `Commission` that holds.
        tonic: the MIDI pitch that the written C5 stands for.
        kept: the last bars, each a tuple of ids.
        read: how many bars of this page the network has read; PAGE where a new one is due.
        place: where the network stands.
    """

    number: int
    start: int
    order: Any
    tonic: int
    kept: tuple = ()
    read: int = PAGE
    place: Place | None = None


class Improvisation:
    """A stream of music that never ends.

    Bars are full, and the tune keeps to the scale of its key. What it plays depends on its arguments alone, not on how many bars are
    asked for at a time.

    Args:
        model: as from `musiclab.lstm.load`, or the path of its file; the one that ships with the package if None.
        style, key, tempo, meter: as for `musiclab.compose.compose`; what is usual if None.
        temperature: >= 0; below 1 is safer, 0 always takes the likeliest.
        seed: whole number, 0 or more; a fresh one if None.
        corpus: a `Corpus` of what the model learned from, for what is usual; if None, the one beside the model's file.

    Raises:
        ValueError: something cannot be had; the message says what can.

    >>> music = Improvisation(style="jig", key="G", seed=1)
    >>> bars = music.bars(2)
    >>> [round(bar.start, 3) for bar in bars], bars[0].notes[0][0]
    ([0.0, 1.071], 0.0)
    """

    def __init__(
        self, model=None, *, style=None, key=None, tempo=None, meter=None, temperature=TEMPERATURE, seed=None, corpus=None
    ):
        model, corpus, _ = loaded(model, corpus, lstm.SHIPPED, lstm.load)
        self._network, self.habits = Barwise(model), corpus.habits if corpus else {}
        order = self._order(style=style, key=key, tempo=tempo, meter=meter, temperature=temperature, seed=seed)
        self._now = _Moment(0, 0, order, home(order.key))
        self._past = deque(maxlen=REMEMBERED)  # the moments of the bars before
        self._turns = 0  # how often something was taken back: bars that are written again are other bars

    @property
    def number(self):
        """The number of the bar that comes next."""
        return self._now.number

    @property
    def seconds(self):
        """Where the bar that comes next begins, in seconds from the beginning of the stream."""
        return self._now.start / 1e6

    @property
    def style(self):
        """The style; set it, and the next bar is the first of another."""
        return self._now.order.style

    @style.setter
    def style(self, style):
        self.change(style=style)

    @property
    def temperature(self):
        """The temperature; another holds from the next bar on."""
        return self._now.order.temperature

    @temperature.setter
    def temperature(self, temperature):
        self.change(temperature=temperature)

    @property
    def tempo(self):
        """Beats a minute; others hold from the next bar on."""
        return beats_a_minute(self._now.order.tempo, self.meter)

    @tempo.setter
    def tempo(self, tempo):
        self.change(tempo=tempo)

    @property
    def key(self):
        """The key; another holds from the next bar on."""
        return self._now.order.key

    @key.setter
    def key(self, key):
        self.change(key=key)

    @property
    def meter(self):
        """The meter, which comes with the style."""
        return self._now.order.meter

    @property
    def styles(self):
        """The styles that the network has learned from enough tunes."""
        tunes = lambda style: sum(self.habits.get(style, {}).get("meters", {"": ENOUGH}).values())  # noqa: E731
        return [style for style in styles(self._network.vocabulary, self.habits) if tunes(style) >= ENOUGH]

    def play(self, n_bars):
        """The notes of the next bars: tuples of start and end in seconds from the beginning of the stream, pitch, velocity and voice (0)."""
        return [note for bar in self.bars(n_bars) for note in bar.notes]

    def bars(self, n_bars):
        """The next bars, as `Bar` records."""
        return [self._bar() for _ in range(n_bars)]

    def until(self, seconds):
        """As many of the next bars as it takes to fill the time up to so many seconds from the beginning of the stream."""
        bars = []
        while self._now.start < seconds * 1e6:
            bars.append(self._bar())
        return bars

    def change(self, bar=None, **wishes):
        """Ask for something else from a bar on; what was played of that bar and those after it is taken back, and written anew.

        Args:
            bar: its number; the bar that comes next if None. At most the last 64 bars can be taken back.
            wishes: of `style`, `key`, `tempo`, `meter`, `temperature`; as for the class. With another style come its usual meter and
                tempo, unless others are asked for.

        Raises:
            ValueError: something cannot be had; nothing has changed then.
        """
        before = self._now.order
        asked = {"style": before.style, "key": before.key, "temperature": before.temperature} | wishes
        if asked["style"] == before.style:
            asked = {"meter": before.meter} | asked
            if asked["meter"] == before.meter:
                asked = {"tempo": beats_a_minute(before.tempo, before.meter)} | asked
        order = self._order(seed=before.seed, **asked)
        self._go_back(self._at(self.number if bar is None else bar), order)

    def hear(self, notes, until=0.0):
        """Go on from what somebody played, at the first bar line after it.

        Where the music had come further, it is taken back; where it had not come so far, the bars between belong to the player.

        Args:
            notes: lists of start and end in seconds from the beginning of the stream, pitch and velocity; they are moved to the grid, and
                of notes struck together the highest counts.
            until: the earliest time at which the music may go on, in seconds from the beginning of the stream.

        Returns:
            the number of the bar at which it goes on.
        """
        order = self._now.order
        self._go_back(self._after(max([until, *(note[1] - _breath(order) for note in notes)])), order)
        now = self._now
        heard, bars = written(notes, order.tempo, order.meter, now.start / 1e6)
        line = -bars * order.meter.bar  # what is held beyond it ends there
        heard = [note._replace(duration=min(note.duration, line - note.start)) for note in heard if note.start < line]
        kept, tonic = self._network.read(heard, order, now.tonic)
        self._now = now._replace(kept=kept[-KEPT:] or now.kept, tonic=tonic, read=PAGE, place=None)
        return now.number

    def _order(self, **wishes):
        wishes = {"meter": None, "tempo": None} | wishes
        return commission(self._network.vocabulary, self.habits, bars=PAGE, pickup=0, given=None, **wishes)

    def _at(self, number):
        """The moment before a bar: now, or one of the past."""
        return next((moment for moment in self._past if moment.number >= number), self._now)

    def _after(self, seconds):
        """The moment before the first bar that begins at or after a time; where that is to come, so many bars pass in silence."""
        for moment in [*self._past, self._now]:
            if moment.start >= seconds * 1e6:
                return moment
        now, bar = self._now, _microseconds(self.meter.bar, self._now.order)
        passed = math.ceil((seconds * 1e6 - now.start) / bar)
        return now._replace(number=now.number + passed, start=now.start + passed * bar)

    def _go_back(self, moment, order):
        """Stand where a moment stood, under an order."""
        self._turns += 1
        while self._past and self._past[-1].number >= moment.number:
            self._past.pop()
        before = moment.order
        self._now = moment._replace(order=order)
        if (order.style, order.meter, order.key) == (before.style, before.meter, before.key):
            return
        tonic = moment.tonic if order.key.pitch_class == before.key.pitch_class else home(order.key)
        self._now = self._now._replace(tonic=tonic, read=PAGE, place=None)
        if order.meter != before.meter:
            kept, tonic = self._network.read(self._network.in_meter(moment.kept, before, moment.tonic, order.meter), order, tonic)
            self._now = self._now._replace(kept=kept, tonic=tonic)

    def _bar(self):
        """Write the next bar."""
        now = self._now
        order, place, n_read = now.order, now.place, now.read
        if n_read >= PAGE:
            place, n_read = self._network.begin(order, now.tonic, now.kept), len(now.kept)
        rng = np.random.default_rng((order.seed, now.number, self._turns))
        for trial in range(AGAIN + 1):
            ids, after = self._network.write(place, order, now.tonic, order.temperature + trial * BOLDER, rng)
            if now.kept.count(ids) < OFTEN or not order.temperature:
                break
        self._past.append(now)
        end = now.start + _microseconds(order.meter.bar, order)
        self._now = now._replace(number=now.number + 1, start=end, kept=(*now.kept, ids)[-KEPT:], read=n_read + 1, place=after)
        at = lambda tick: round((now.start + _microseconds(tick, order)) / 1e6, 6)  # noqa: E731
        notes = self._network.notes([ids], order, now.tonic)
        notes = tuple((at(note.start), at(note.end), note.pitch, _loudness(note, order.meter), 0) for note in notes)
        return Bar(now.number, at(0), at(order.meter.bar), notes, self._network.words(ids, order, now.tonic), order.style)


def _microseconds(ticks, order):
    return round(ticks * order.tempo / TICKS_PER_QUARTER)


def _breath(order):
    """Seconds by which a last note may reach beyond a bar line: a quarter of a beat."""
    return order.meter.beat * order.tempo / TICKS_PER_QUARTER / 4e6


def _loudness(note, meter):
    where = "bar" if note.start == 0 else "beat" if note.start % meter.beat == 0 else "other"
    return LOUDNESS[where]
