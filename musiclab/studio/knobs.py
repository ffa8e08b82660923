"""The knobs: what can be wished of a piece, each with what it does in a line."""

from musiclab.arrange import DOUBLINGS, PATTERNS
from musiclab.choir import CAN, CHORALE
from musiclab.commission import FASTEST, SLOWEST, beats_a_minute, commission, meters, styles
from musiclab.compose import BARS, FREE, HIGH, LOW, TEMPERATURE
from musiclab.compose_command import FEW
from musiclab.key import MODES, Key
from musiclab.studio.fields import choice, decimal, drawer, refill, tick_box, whole, words
from musiclab.studio.openings import BOOKS, Openings
from musiclab.studio.played import Played
from musiclab.studio.takes import Wishes
from musiclab.symbols import MAX_BARS

USUAL = ""  # as a value on a list; None would be no choice at all
ANY = (0, 24)  # notes a bar: no limit
FORMS = ("AABB", "AA.BB.", "ABAB", "AABA", "ABAC", "ABA.", FREE)
NATURALS = tuple(f"{letter}{octave}" for octave in range(3, 7) for letter in "CDEFGAB")
PATTERN_WORDS = {
    "block": "block: whole chords, held",
    "broken": "broken: one note after the other, up and down",
    "alberti": "alberti: low, high, middle, high",
    "waltz": "waltz: oom-pah-pah, or oom-pah",
    "strum": "strum: a guitar, down and up",
}


class Knobs:
    """All controls of a piece, and what they say now.

    Args:
        networks: the `Networks` that are to write.
    """

    def __init__(self, networks):
        self._networks, self._usual_tempo, self._usual_meter = networks, None, ""
        self._opening, self._following = None, False
        vocabulary, habits = self._known("")
        self.style, style = choice(
            "Style", _style_options(vocabulary, habits), "What kind of piece; the network learned each from old books."
        )
        self.bars, bars = whole("Bars", BARS, 1, MAX_BARS, f"How long: 1 to {MAX_BARS} bars. 16 is a whole dance tune.")
        self.key, key = choice("Key", [("usual", USUAL)], "Major sounds bright, minor dark; dorian and mixolydian lie between.")
        self.meter, meter = choice("Meter", [("usual", USUAL)], "Beats in a bar. A style is danced in some meters only.")
        self.tempo, tempo = whole("Tempo", 100, SLOWEST, FASTEST, "Beats a minute.")
        self.temperature, temperature = decimal(
            "Temperature",
            TEMPERATURE,
            0,
            3,
            0.1,
            "How bold: 0 always takes the likeliest note, 1 draws as people write, 2 is wild.",
        )
        self.openings = Openings(lambda: self.style.value, self._begin_with)
        self.openings.add(Played(lambda: (self.meter.value or self._usual_meter, self.tempo.value)))
        self.fewest, fewest = whole("Fewest notes", ANY[0], *ANY, "In a bar, at least. 0: no matter.")
        self.most, most = whole("Most notes", ANY[1], *ANY, f"In a bar, at most. {ANY[1]}: no matter.")
        self.swing, swing = tick_box("Swing", False, "Eighth notes in pairs, long and short. For meters in 2 and 4 only.")
        self.form, form = words(
            "Form",
            "usual",
            "What comes back: in AABA the second part is the first again. A dot ends a part on the home note.",
            FORMS,
        )
        self.low, low = choice("Lowest note", _pitches(LOW), "So that it fits your voice or your instrument: C4 is the middle C.")
        self.high, high = choice("Highest note", _pitches(HIGH), "At least an octave above the lowest.")
        self.seed, seed = words("Seed", "a new one each time", "A whole number. The same number and wishes give the same piece.")
        self.harmony, harmony = choice(
            "Harmony",
            [("none: the tune alone", USUAL), ("four voices, as in a chorale", "chorale")],
            "Three voices under the tune.",
        )
        self.pattern, pattern = choice(
            "Arrangement",
            [("none: no band", USUAL), *((PATTERN_WORDS[name], name) for name in PATTERNS)],
            "How a band plays the chords.",
        )
        self.doubling, doubling = choice(
            "Second player", [("none", USUAL), *((name, name) for name in DOUBLINGS)], "Goes along with the tune, in a band."
        )
        self.bass, bass = tick_box("Bass", True, "A double bass in the band.")
        self.drums, drums = tick_box("Drums", True, "A drummer in the band.")
        self._of_tunes = (self.fewest, self.most, self.swing, self.form, self.low, self.high, self.harmony)
        self.first = (style, bars, key, meter, tempo, temperature)
        self._drawers = (
            drawer("How it begins", [self.openings.box]),
            drawer("Rhythm, form and range", [fewest, most, swing, form, low, high, seed]),
            drawer("Harmony and band", [harmony, pattern, doubling, bass, drums]),
        )
        self.drawers = tuple(both for _, both in self._drawers)
        self.style.observe(lambda change: (self._follow(), self.openings.follow()), "value")
        self.meter.observe(lambda change: (self._follow(), self.openings.follow()), "value")
        self.tempo.observe(lambda change: self.openings.follow(), "value")
        self._follow()

    def wishes(self, opening=True):
        """What the knobs say now: `Wishes`.

        Args:
            opening: whether to begin as is wished; False where a piece is there already.

        Raises:
            ValueError: an opening is asked for, and there is none yet.
        """
        sung = self.style.value == CHORALE
        low, high = self.low.value, self.high.value
        fewest, most = self.fewest.value, self.most.value
        wishes = {
            "style": self.style.value or None,
            "bars": self.bars.value,
            "key": self.key.value or None,
            "meter": self.meter.value or None,
            "tempo": None if self.tempo.value == self._usual_tempo else self.tempo.value,
            "temperature": self.temperature.value,
            "seed": self.seed.value.strip() or None,
            "opening": self.openings.piece() if opening else None,
            "pattern": self.pattern.value or None,
            "doubling": self.doubling.value or None,
            "bass": self.bass.value,
            "drums": self.drums.value,
        }
        if not sung:
            wishes |= {
                "form": self.form.value.strip() or None,
                "range_": f"{low or _name(LOW)}-{high or _name(HIGH)}" if low or high else None,
                "density": f"{max(fewest, 1)}-{most}" if (fewest, most) != ANY else None,
                "swing": self.swing.value,
                "harmony": self.harmony.value or None,
            }
        return Wishes(**wishes)

    def _known(self, style):
        """What can be asked for, and what is usual: `(vocabulary, habits)` of the network that writes a style."""
        if style == CHORALE:
            _, corpus, _ = self._networks.choir
            return CAN, corpus.habits if corpus else {}
        model, corpus, _ = self._networks.tunes
        return model.vocabulary, corpus.habits if corpus else {}

    def _follow(self):
        """Bring in line with the style, and the meter, what depends on them."""
        if not self._following:
            self._following = True
            try:
                self._refill()
            finally:
                self._following = False

    def _refill(self):
        style = self.style.value
        vocabulary, habits = self._known(style)
        usual = habits.get(style, {})
        possible = meters(vocabulary, usual, style)
        refill(
            self.meter, [(_usual("as it begins" if self._opening else possible[0]), USUAL), *((name, name) for name in possible)]
        )
        meter = self.meter.value or None
        if self._opening and meter is None:
            meter = self._opening.meter if str(self._opening.meter) in possible else None
        self._usual_meter = str(self._opening.meter) if self._opening else possible[0]
        order = commission(
            vocabulary,
            habits,
            style=style,
            bars=1,
            key=None,
            tempo=None,
            temperature=0,
            seed=0,
            meter=meter,
            pickup=None,
            given=None,
        )
        modes = [mode for mode in MODES if f"<{mode}>" in vocabulary]
        refill(self.key, [(_usual("as it begins" if self._opening else order.key), USUAL), *_keys(modes)])
        untouched = self._usual_tempo in (None, self.tempo.value)
        found, meter = (self._opening.tempos[0][1], self._opening.meter) if self._opening else (order.tempo, order.meter)
        self._usual_tempo = min(max(round(beats_a_minute(found, meter)), SLOWEST), FASTEST)
        if untouched:
            self.tempo.value = self._usual_tempo
        for control in self._of_tunes:
            control.disabled = style == CHORALE

    def _begin_with(self, piece):
        """Bring style and tempo in line with an opening, or with none any more."""
        self._opening = piece
        if piece is not None and self.openings.begin.value != BOOKS:
            self.style.value = self._fitting_style(piece)
        self._follow()

    def _fitting_style(self, piece):
        """The style on the list in which a piece can go on: the one that is chosen, its own, or the most usual in its meter."""
        if len({note.voice for note in piece.notes}) > 1:
            return CHORALE
        known = {value for _, value in self.style.options} - {CHORALE}
        for style in (self.style.value, None):
            vocabulary, habits = self._known("")
            try:
                wish = {
                    "style": style if style in known else None,
                    "bars": 1,
                    "key": None,
                    "tempo": None,
                    "temperature": 0,
                    "seed": 0,
                }
                return commission(vocabulary, habits, **wish, meter=None, pickup=None, given=piece).style
            except ValueError:
                continue
        return self.style.value  # no style is written in this meter: Generate will say so


def _style_options(vocabulary, habits):
    """The styles, those of which the network heard most first, and the chorale."""
    heard = {name: sum(habits[name]["meters"].values()) if name in habits else None for name in styles(vocabulary, habits)}
    ordered = sorted(heard, key=lambda name: -(heard[name] or 0))
    first = [name for name in ("reel", "jig") if name in heard]
    ordered = [*first, *(name for name in ordered if name not in first)]
    rare = lambda name: heard[name] is not None and heard[name] < FEW  # noqa: E731
    options = [(f"{name} (it heard only {heard[name]})" if rare(name) else name, name) for name in sorted(ordered, key=rare)]
    return [*(options or [("as it learned", USUAL)]), ("chorale, for four voices", CHORALE)]


def _keys(modes):
    for mode in modes:
        for fifths in sorted(range(-5, 7), key=abs):
            key = str(Key.from_fifths(fifths, mode))
            yield key, key


def _usual(value):
    return f"usual: {value}" if str(value) != "as it begins" else value


def _pitches(usual):
    return [(f"usual: {_name(usual)}", USUAL), *((name, name) for name in NATURALS)]


def _name(pitch):
    return Key().name(pitch)
