"""What a musician keeps in mind besides the last symbol, as whole numbers for a network.

Where in the bar am I, how many bars are left, what came after the last place that sounded like this one, what stood here four
bars ago, and how often was that guess right lately? All of it follows from the symbols so far, so a network that sees it still
predicts each symbol from the past alone.
"""

from typing import NamedTuple

HEAD, PITCH, LENGTH, BAR_LINE, STOP = range(5)  # kinds of symbol, as in `Vocabulary.kinds`
LAGS = (1, 2, 4, 8)  # bars to look back
REPEATS = (1, 2, 4, 8, 16, 32)  # lengths of an earlier repeat that are told apart
LEVELS = [0, 1, 2, 2] + [3] * 4 + [4] * 8 + [5] * 16  # the same for up to 31 hits in a row; 6 beyond
KEPT = 1024  # symbols remembered, so that music without end needs no memory without end
LONGEST = 150  # ticks told apart within a bar
MOST_BARS = 32  # bars told apart that are still to come
UNKNOWN_BARS = MOST_BARS + 1


class State(NamedTuple):
    """All that is known of a tune so far; never changed in place.

    Args:
        history: the ids so far, as characters, because `str` searches at the speed of C.
        places: for each id the place in its bar where it stood, as characters.
        bars: where in `history` the latest bars begin, the present one first.
        place: ticks since the last bar line.
        meter: ticks of a full bar, 0 if unknown.
        bar: number of the present bar; -1 until the first bar line shows whether a pickup came first.
        n_bars: number of bars promised, 0 if unknown.
        pickup: ticks of the pickup.
        guesses: the symbols that stood here some bars ago (0 for none), for each of LAGS.
        hits: how often in a row such a guess was right, for each of LAGS.
    """

    history: str = ""
    places: str = ""
    bars: tuple = (0,)
    place: int = 0
    meter: int = 0
    bar: int = -1
    n_bars: int = 0
    pickup: int = 0
    guesses: tuple = (0,) * len(LAGS)
    hits: tuple = (0,) * len(LAGS)


class Context:
    """Turns a history of ids into the features that a network sees.

    Args:
        kinds, ticks, bars: (n_symbols,) tables of integers, as `Vocabulary` gives them.

    >>> context = Context(kinds=[-1, PITCH, LENGTH, BAR_LINE], ticks=[0, 0, 24, 0], bars=[0, 0, 0, 0])
    >>> state = context.start()
    >>> for id in [1, 2, 1]:
    ...     state, features = context.step(state, id)
    >>> features[context.names.index("match")], features[context.names.index("place")]
    (2, 24)
    """

    def __init__(self, kinds, ticks, bars):
        n = len(kinds)
        self._kinds, self._ticks, self._bars = ([int(value) for value in table] for table in (kinds, ticks, bars))
        sizes = {"symbol": n, "place": LONGEST + 1, "left": LONGEST + 2, "bar": 9, "bars_left": MOST_BARS + 2}
        sizes |= {"match": n, "match_length": len(REPEATS) + 1}
        sizes |= {f"back_{lag}": n for lag in LAGS} | {f"hits_{lag}": len(REPEATS) + 1 for lag in LAGS}
        self.names = tuple(sizes)
        self.sizes = tuple(sizes.values())
        self.copied = tuple(i for i, name in enumerate(sizes) if name == "match" or name.startswith("back"))

    def start(self):
        """The state before the first symbol."""
        return State()

    def step(self, state, id):
        """Take one symbol in.

        Args:
            state: a `State`; it stays as it is.
            id: the symbol.

        Returns:
            `(state, features)`: tuple of int, feature `i` in [0, sizes[i]); 0 stands for "no symbol" in those that are symbols.
        """
        history, places, bars, place, meter, bar, n_bars, pickup, guesses, hits = state
        kind = self._kinds[id]
        hits = tuple([hit + 1 if guess == id != 0 else 0 for guess, hit in zip(guesses, hits)])
        waiting = bool(history) and self._kinds[ord(history[-1])] == PITCH
        history += chr(id)
        places += chr(2 * min(place, LONGEST) + waiting)
        if kind == LENGTH:
            place += self._ticks[id]
        elif kind == BAR_LINE:
            if bar < 0 and 0 < place < meter:
                pickup = place  # only now known: the pickup stood at the end of its bar
                later = 2 * max(0, min(meter, LONGEST) - place)
                places = places[: bars[0]] + "".join([chr(ord(c) + later) for c in places[bars[0] :]])
            bar = bar + 1 if bar >= 0 or place < meter else 1
            bars = (len(history), *bars[: LAGS[-1]])
            place = 0
        elif kind == HEAD:
            meter = self._ticks[id] or meter
            n_bars = self._bars[id] or n_bars
            bars = (len(history),)
        if len(history) >= 2 * KEPT:
            history, places, bars = (
                history[-KEPT:],
                places[-KEPT:],
                tuple([max(0, start - len(history) + KEPT) for start in bars]),
            )

        bars_left = min(n_bars - max(bar, 0), MOST_BARS) if n_bars else UNKNOWN_BARS
        end = meter - pickup if bars_left == 1 else meter
        here, n_known = chr(2 * min(place, LONGEST) + (kind == PITCH)), len(bars)
        guesses = []
        for lag in LAGS:
            found = places.find(here, bars[lag], bars[lag - 1]) if lag < n_known else -1
            guesses.append(ord(history[found]) if found >= 0 else 0)
        match = level = 0
        for length in REPEATS:
            found = history.rfind(history[-length:], 0, -1)
            if found < 0:
                break
            match, level = ord(history[found + length]), level + 1
        features = (
            id,
            min(place, LONGEST),
            max(0, min(end - place, LONGEST)) + 1 if meter else 0,
            bar % 8 if bar >= 0 else 8,
            max(bars_left, 0),
            match,
            level,
            *guesses,
            *[LEVELS[hit] if hit < len(LEVELS) else len(REPEATS) for hit in hits],
        )
        return State(history, places, bars, place, meter, bar, n_bars, pickup, tuple(guesses), hits), features
