"""What a network is asked to compose: checked, and completed by what is usual in the style."""

import re
from difflib import get_close_matches
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from musiclab.key import MODES, SCALES, Key
from musiclab.piece import TICKS_PER_QUARTER, TICKS_PER_WHOLE, Meter
from musiclab.symbols import HEAD, MAX_BARS, UNKNOWN_STYLE, read_symbol

MICROSECONDS_A_MINUTE = 60_000_000
SLOWEST, FASTEST = 10, 400  # beats a minute
USUAL_STYLE = "reel"
DANCED_IN = {  # the meters these dances are counted in today; the old books print some of them in 2/4 too
    "reel": ("2/2", "4/4"),
    "hornpipe": ("4/4",),
    "strathspey": ("4/4",),
}
LONGEST_GIVEN = 600  # seconds of a piece to go on from
CONTINUED = re.compile(r", continued \(seed \d+\)$")
RARE = 0.03  # share of a style's tunes below which a meter or a pickup counts as a slip of the pen


class Commission(NamedTuple):
    """A tune to be written.

    Args:
        style: "" for none.
        meter: a `Meter`.
        key: a `Key`.
        tempo: microseconds a quarter note.
        bars: full bars to write.
        pickups: ticks of a pickup, 0 for none; the network chooses.
        temperature: of the draw.
        seed: of the draw.
    """

    style: str
    meter: Meter
    key: Key
    tempo: int
    bars: int
    pickups: tuple
    temperature: float
    seed: int

    def kept(self, given):
        """The maps of keys and tempos of a piece to go on from: its own, unless others were asked for."""
        keys = given.keys if given.keys and given.key == self.key else [(0, self.key)]
        return {"keys": keys, "tempos": given.tempos if given.tempos[0][1] == self.tempo else [(0, self.tempo)]}

    def settings(self, pickup, given, n_given):
        """What a card says of it, once the pickup is known: a dict. `n_given` are the bars that were there already."""
        return {
            "style": self.style,
            "bars": self.bars,
            "key": str(self.key),
            "meter": str(self.meter),
            "pickup": str(Fraction(pickup, TICKS_PER_WHOLE)),
            "tempo": round(beats_a_minute(self.tempo, self.meter), 2),
            "beat": str(Fraction(self.meter.beat, TICKS_PER_WHOLE)),
            "temperature": self.temperature,
            "seed": self.seed,
            "goes_on_from": {"title": given.title, "bars": n_given, "notes": len(given.notes)} if given else None,
        }


def commission(vocabulary, habits, *, style, bars, key, tempo, temperature, seed, meter, pickup, given):
    """Check what is asked for and complete what is not.

    Args:
        vocabulary: the model's `Vocabulary`.
        habits: as in `Corpus.habits`; {} where unknown.
        given: a `Piece` to go on from, or None; it settles what is not asked for otherwise.
        style, bars, key, tempo, temperature, seed, meter, pickup: as for `musiclab.compose.compose`.

    Returns:
        Commission

    Raises:
        ValueError: something cannot be had; the message says what can.
    """
    if given and not given.notes:
        raise ValueError(f"{given.title!r} has no notes: there is nothing to go on from; give another file")
    if given and given.seconds(given.end) > LONGEST_GIVEN:
        minutes = given.seconds(given.end) / 60
        raise ValueError(
            f"{given.title!r} lasts {minutes:.0f} minutes: expected at most {LONGEST_GIVEN // 60}; give a shorter part"
        )
    bars = checked_number("bars", bars, 1, MAX_BARS, int)
    temperature = checked_number("temperature", temperature, 0, 100, float)
    seed = checked_seed(seed)
    meter = meter if meter is None or isinstance(meter, Meter) else Meter.parse(str(meter))
    meter = given.meter if given and meter is None else meter
    style = _style(vocabulary, habits, style, meter, given)
    usual = habits.get(style, {})
    meter = _meter(vocabulary, usual, style, meter, given)
    key = _key(vocabulary, usual, key, given)
    if tempo is not None:
        tempo = microseconds(checked_number("tempo", tempo, SLOWEST, FASTEST, float), meter)
    elif given:
        tempo = given.tempos[0][1]
    else:
        found = usual.get("tempos", {}).get(str(meter), 500_000)
        tempo = microseconds(round(beats_a_minute(found, meter)), meter)
    return Commission(style, meter, key, tempo, bars, _pickups(usual, meter, pickup, given), temperature, seed)


def continued(title, seed):
    """The title of a piece that goes on from another, however often it did before.

    >>> continued(continued("Air", 1), 2)
    'Air, continued (seed 2)'
    """
    return f"{CONTINUED.sub('', title)}, continued (seed {seed})"


def microseconds(beats, meter):
    """Microseconds a quarter note at so many beats a minute.

    >>> microseconds(120, Meter(6, 8))  # dotted quarters
    333333
    """
    return round(MICROSECONDS_A_MINUTE * TICKS_PER_QUARTER / (beats * meter.beat))


def beats_a_minute(tempo, meter):
    """Beats a minute at so many microseconds a quarter note."""
    return MICROSECONDS_A_MINUTE * TICKS_PER_QUARTER / (tempo * meter.beat)


def styles(vocabulary, habits):
    """The styles that a vocabulary has symbols for and, where the training tunes are known, that were among them."""
    meanings = [read_symbol(symbol) for symbol in vocabulary.symbols]
    named = [value for kind, value in meanings if kind == HEAD and isinstance(value, str) and value and value not in MODES]
    return [style for style in named if style in habits or not habits]


def checked_number(name, value, low, high, kind):
    """A number from outside, int or float, between two others; ValueError with its name if it is none."""
    try:
        number = kind(str(value)) if kind is int else kind(value)
    except (TypeError, ValueError):
        number = None
    if number is None or not low <= number <= high:
        raise ValueError(f"{name} {value}: expected a {'whole ' if kind is int else ''}number from {low} to {high}")
    return number


def checked_seed(seed):
    """A seed from outside; a fresh one if it is None."""
    seed = np.random.SeedSequence().generate_state(1)[0] if seed is None else seed
    return checked_number("seed", seed, 0, 2**63 - 1, int)


def _style(vocabulary, habits, style, meter, given):
    known = styles(vocabulary, habits)
    if style is None and given and given.style in known:
        style = given.style
    elif style is None:
        style = USUAL_STYLE if USUAL_STYLE in known else known[0] if known else ""
        if meter:  # the style that is most often written so
            danced = [name for name in known if name in habits and str(meter) in DANCED_IN.get(name, (str(meter),))]
            written_so = {name: habits[name]["meters"].get(str(meter), 0) for name in danced}
            style = max([style, *written_so], key=lambda name: written_so.get(name, 0))
    plain = " ".join(str(style).replace("_", " ").replace("-", " ").split()).lower()
    found = [name for name in known if name.lower() in (plain, plain.removesuffix("s"))]
    if found:
        return found[0]
    if plain in ("", UNKNOWN_STYLE) and f"<{UNKNOWN_STYLE}>" in vocabulary:
        return ""
    near = get_close_matches(plain, known, n=2)
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise ValueError(f"style {style!r}: {hint}expected one that this model knows: {', '.join(known or [UNKNOWN_STYLE])}")


def meters(vocabulary, usual, style=""):
    """The meters, by name and the most usual first, that a style can be asked for in; `usual` are its habits."""
    possible = _written(vocabulary, usual)
    return [name for name in possible if name in DANCED_IN.get(style, possible)] or possible


def _written(vocabulary, usual):
    """The meters in which tunes of a style were written more than by a slip of the pen; where nobody knows, all there are."""
    counts = usual.get("meters", {})
    possible = [name for name in counts if counts[name] >= RARE * sum(counts.values()) and f"<{name}>" in vocabulary]
    if not possible:
        meanings = [read_symbol(symbol) for symbol in vocabulary.symbols]
        possible = [str(value) for _, value in meanings if isinstance(value, Meter)]
    return possible


def _meter(vocabulary, usual, style, meter, given):
    possible = _written(vocabulary, usual) if given else meters(vocabulary, usual, style)
    meter = possible[0] if meter is None else meter
    if str(meter) not in possible:
        name = f"a {style} in {meter}" if style else f"meter {meter}"
        raise ValueError(f"{name}: this model knows it in {' or '.join(possible)} only; ask for one of these")
    return Meter.parse(str(meter))


def _key(vocabulary, usual, key, given):
    if key is not None:
        key = key if isinstance(key, Key) else Key.parse(str(key))
    elif given:
        key = given.key if given.keys else likely_key(given)
    else:
        key = Key.parse(next(iter(usual.get("keys", {})), "G major"))
    if f"<{key.mode}>" not in vocabulary:
        known = [mode for mode in MODES if f"<{mode}>" in vocabulary]
        raise ValueError(f"key {key}: this model knows the modes {', '.join(known)}; ask for one of these")
    return key


def _pickups(usual, meter, pickup, given):
    if given:
        if pickup is not None:
            raise ValueError(f"pickup {pickup}: the tune to go on from has begun already; leave the pickup out")
        return (given.pickup,)
    if pickup is None:
        counts = usual.get("pickups", {}).get(str(meter), {"0": 1})
        return tuple(int(ticks) for ticks in counts if counts[ticks] > RARE * sum(counts.values()))
    try:
        ticks = Fraction(str(pickup)) * TICKS_PER_WHOLE
    except (ValueError, ZeroDivisionError):
        ticks = Fraction(-1)
    if not 0 <= ticks < meter.bar or ticks.denominator > 1:
        bar = Fraction(meter.bar, TICKS_PER_WHOLE)
        raise ValueError(
            f"pickup {pickup}: expected a fraction of a whole note, from 0 (none) to less than a bar of {bar}, such as 1/8"
        )
    return (int(ticks),)


def likely_key(piece):
    """The key that fits the notes best, for pieces that do not name theirs: by scale, tonic chord and last note.

    >>> from musiclab.piece import Note, Piece
    >>> str(likely_key(Piece([Note(24 * i, 24, p) for i, p in enumerate([67, 69, 71, 72, 74, 76, 78, 79])])))
    'G major'
    """
    sounding = np.zeros(12)
    for note in piece.notes:
        sounding[note.pitch % 12] += note.duration
    last = piece.notes[-1].pitch % 12 if piece.notes else 0

    def fit(key):
        scale = [(key.pitch_class + step) % 12 for step in SCALES[key.mode]]
        chord = [scale[0], scale[2], scale[4]]
        return sounding[scale].sum() + 0.3 * sounding[chord].sum() + 0.2 * sounding.sum() * (last == scale[0])

    return max((Key.from_fifths(fifths, mode) for mode in MODES for fifths in range(-5, 7)), key=fit)
