"""A network that writes a tune bar by bar, and reads bars by others as if they were its own.

A *bar* is here a tuple of ids that ends in `|`, and an *order* is a `musiclab.commission.Commission`.
"""

from functools import lru_cache, partial

from musiclab.controls import TuneControls, bars_symbol
from musiclab.generate import continue_from, read, sample
from musiclab.key import TONES
from musiclab.opening import EIGHTH, legible
from musiclab.piece import Piece
from musiclab.symbols import BAR, C5, HEAD, UNKNOWN_STYLE, decode, encode, read_symbol

PAGE = 24  # bars of the tune that a head promises
LOW, HIGH = 60, 84  # C4 to C6: two octaves, where tunes are played most
MIDDLE = 72


class Barwise:
    """A model of tunes, asked for one bar at a time. Bars are full, and the tune keeps to the scale of its key.

    Args:
        model: as from `musiclab.lstm.load`.
    """

    def __init__(self, model):
        self.model, self.vocabulary = model, model.vocabulary
        self._rules = lru_cache(8)(self._rules)

    def begin(self, order, tonic, bars=()):
        """Read a head, and bars as if the tune began with them; returns the `Place` after them."""
        head = [
            f"<{order.style or UNKNOWN_STYLE}>",
            f"<{order.meter}>",
            f"<{order.key.mode}>",
            bars_symbol(self.vocabulary, PAGE),
        ]
        prompt = [*self.vocabulary.ids(head), *(id for bar in bars for id in bar)]
        return read(self.model, prompt, controls=self.rules(order, tonic))

    def write(self, place, order, tonic, temperature, rng):
        """Write a bar: `(bar, the place after it)`. Its first note is a new one, so that bars can be played one by one."""
        rules, draw, ids = self.rules(order, tonic), partial(sample, temperature=temperature), []
        place = place._replace(rules=place.rules._replace(held=0))
        while not ids or self.vocabulary[ids[-1]] != BAR:
            (id,), place = continue_from(self.model, place, 1, sample=draw, controls=rules, rng=rng)
            ids.append(id)
        return tuple(ids), place

    def read(self, notes, order, tonic):
        """Notes in the network's words.

        Args:
            notes: `Note` records, one at a time, that begin in the bar from tick 0 on.
            order, tonic: those that hold.

        Returns:
            `(bars, tonic)`: no bars where this model has no words for them; the tonic nearest to the notes.
        """
        if not notes:
            return (), tonic
        pitches = sorted(note.pitch for note in notes)
        if pitches[0] < LOW or pitches[-1] > HIGH:  # in the octave nearest to where it goes on
            up = 12 * round((MIDDLE - pitches[len(pitches) // 2]) / 12)
            notes = [note._replace(pitch=min(127, max(0, note.pitch + up))) for note in notes]
        try:
            symbols, nearest = encode(Piece(notes, meters=[(0, order.meter)], keys=[(0, order.key)]))
            body = [symbol for symbol in symbols[:-1] if read_symbol(symbol)[0] != HEAD]
            ids = legible(body, self.vocabulary, self.rules(order, nearest))
        except (ValueError, KeyError):
            return (), tonic
        bars = [[]]
        for id in ids:
            bars[-1].append(id)
            if self.vocabulary[id] == BAR:
                bars.append([])
        return tuple(map(tuple, bars[:-1])), nearest

    def notes(self, bars, order, tonic):
        """The `Note` records of bars, from tick 0 on."""
        return decode([f"<{order.meter}>", *self.vocabulary.names([id for bar in bars for id in bar])], tonic).notes

    def in_meter(self, bars, order, tonic, meter):
        """The notes of bars, each of which is stretched or pressed into one of another meter, on its eighths."""
        old, pressed = order.meter, {}
        for note in self.notes(bars, order, tonic):
            bar, place = divmod(note.start, old.bar)
            start = bar * meter.bar + place * meter.bar // old.bar // EIGHTH * EIGHTH
            pressed.setdefault(start, note._replace(start=start))
        starts = sorted(pressed)
        ends = [*starts[1:], -(-(starts[-1] + 1) // meter.bar) * meter.bar] if starts else []
        return [pressed[start]._replace(duration=min(end - start, meter.bar)) for start, end in zip(starts, ends)]

    def words(self, bar, order, tonic):
        """A bar for people: the names of its notes as they sound, each with its length, such as "G4 1/8 B4 1/4"."""
        names = self.vocabulary.names(bar[:-1])
        pitches = [read_symbol(name)[1] if name[0].isalpha() else None for name in names]
        named = zip(names, pitches)
        return " ".join(order.key.name(pitch - C5 + tonic) if isinstance(pitch, int) else name for name, pitch in named)

    def rules(self, order, tonic):
        """The `TuneControls` of a page, which has no last bar."""
        return self._rules(order.style, order.meter, order.key, tonic)

    def _rules(self, style, meter, key, tonic):
        scale = [pitch - tonic + C5 for pitch in range(LOW, HIGH + 1) if (pitch - tonic) % 12 in TONES[key.mode]]
        return TuneControls(self.vocabulary, style=style, meter=meter, mode=key.mode, bars=PAGE + 1, pitches=scale)


def home(key):
    """The MIDI pitch that the written C5 stands for: the tonic nearest the middle."""
    return min(range(key.pitch_class, 128, 12), key=lambda pitch: abs(pitch - MIDDLE))
