"""What comes back in a tune, and when: its form, read off a piece in letters, and asked of a network in the same letters.

In AABA the first part is played twice, then another, then the first again. A letter stands for some bars (four of a tune of
sixteen in four letters). Parts are the same where at least half of their *strokes* are: same place, same pitch. The last notes may
well differ, as first and second endings do.
"""

import re
from bisect import bisect_right
from collections import Counter
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

import numpy as np

from musiclab.symbols import BAR_LINE, HEAD, LENGTH, PITCH

STOP = "."
LETTERS = (
    ascii_uppercase + ascii_lowercase + "".join(map(chr, range(0x4E00, 0x9FA6)))
)  # then Chinese characters: there are enough
SAME = 0.5  # likeness from which two parts bear one letter
EACH = 2  # bars to a letter, where forms are counted and drawn
FEW = 20  # tunes; fewer say little of what is usual
CADENCE = 36  # ticks: so long before the end of a part its last note begins at the earliest


def bars_of(piece):
    """The strokes of each full bar, the pickup left out: a list of sets of (place in the bar in ticks, pitch).

    >>> from musiclab.piece import Note, Piece
    >>> bars_of(Piece([Note(0, 24, 60), Note(24, 72, 64), Note(96, 96, 60)])) == [{(0, 60), (24, 64)}, {(0, 60)}]
    True
    """
    starts = [start for start, _ in piece.bars][piece.pickup > 0 :]
    bars = [set() for _ in starts]
    for note in piece.notes:
        if (bar := bisect_right(starts, note.start) - 1) >= 0:
            bars[bar].add((note.start - starts[bar], note.pitch))
    return bars


def likeness(these, those):
    """How alike two stretches of equally many bars are: twice the strokes that they share, over the strokes of both.

    Args:
        these, those: bars as `bars_of` gives them.

    Returns:
        float from 0 to 1; 1 for two that are both silent.

    >>> likeness([{(0, 60), (24, 64)}], [{(0, 60), (24, 65)}])
    0.5
    """
    n_all = sum(map(len, these)) + sum(map(len, those))
    return 2 * sum(len(a & b) for a, b in zip(these, those)) / n_all if n_all else 1.0


def form_of(piece, n_bars=1):
    """The form of a piece: a letter for every so many bars, with a dot where they end on the tonic.

    A part takes the letter of that earlier part which it is most like, if they are the same, else a new one. Bars at the end that
    fill no part are left out. Where a tune begins with a pickup, a part ends before the notes that lead into the next.

    >>> from musiclab.piece import Note, Piece
    >>> form_of(Piece([Note(96 * bar, 96, pitch) for bar, pitch in enumerate([64, 67, 64, 60])]))
    'ABAC.'
    """
    bars = bars_of(piece)
    parts = [bars[i : i + n_bars] for i in range(0, len(bars) - n_bars + 1, n_bars)]
    end, letters, form = piece.meter.bar - piece.pickup, "", ""
    for i, part in enumerate(parts):
        likest = max(range(i), key=lambda j: likeness(parts[j], part), default=None)
        again = likest is not None and likeness(parts[likest], part) >= SAME
        letters += letters[likest] if again else LETTERS[len(set(letters))]
        last = max([stroke for stroke in part[-1] if stroke[0] < end], default=(0, -1))[1]
        form += letters[-1] + (STOP if (last - piece.key.pitch_class) % 12 == 0 and last >= 0 else "")
    return form


def read_form(form):
    """The letters of a form, and for each whether a dot follows it.

    Raises:
        ValueError: it is not made of letters and dots.

    >>> read_form("AA.BA.")
    ('AABA', (False, True, False, True))
    """
    parts = re.findall(r"([^\W\d_])(\.?)", str(form))
    if not parts or "".join(letter + dot for letter, dot in parts) != str(form):
        raise ValueError(f"form {form!r}: expected letters, each with a dot after it or not, such as AABB or AA.BB.")
    return "".join(letter for letter, _ in parts), tuple(bool(dot) for _, dot in parts)


def forms(pieces):
    """How often pieces have which form, a letter for every two bars.

    Returns:
        dict: number of bars -> {form: how many pieces, most frequent first}; all names are str, as in JSON. Pieces whose bars two does
        not divide, and those of fewer than four bars, have no place in it.

    >>> from musiclab.piece import Note, Piece
    >>> forms([Piece([Note(96 * bar, 96, pitch) for bar, pitch in enumerate([64, 67, 64, 60])])])
    {'4': {'AA.': 1}}
    """
    found = {}
    for piece in pieces:
        n_bars = len(bars_of(piece))
        if n_bars >= 2 * EACH and n_bars % EACH == 0:
            found.setdefault(n_bars, Counter())[form_of(piece, EACH)] += 1
    return {str(n_bars): dict(counts.most_common()) for n_bars, counts in sorted(found.items())}


def draw_form(habits, style, n_bars, rng):
    """Draw the form of a tune to be written, as often as each is found in tunes of its style and length.

    Args:
        habits: style -> {"forms": as from `forms`}, as in `Corpus.habits`.
        style: where fewer than 20 tunes of it are that long, those of all styles count.
        n_bars: full bars.
        rng: numpy Generator.

    Returns:
        str; "" where no tune is that long.

    >>> draw_form({"reel": {"forms": {"16": {"ABACDEDC.": 30}}}}, "reel", 16, np.random.default_rng(0))
    'ABACDEDC.'
    """
    counts = Counter(habits.get(style, {}).get("forms", {}).get(str(n_bars), {}))
    if counts.total() < FEW:
        counts = sum((Counter(usual.get("forms", {}).get(str(n_bars), {})) for usual in habits.values()), Counter())
    names = sorted(counts)
    return str(rng.choice(names, p=np.array([counts[name] for name in names]) / counts.total())) if names else ""


class Strength(NamedTuple):
    """How much a form weighs, in nats that are added to logits: each multiplies the odds of a symbol by e.

    Args:
        recall: for what stood at this place when the letter last appeared.
        contrast: against the pitches that stood at this place when other letters first appeared.
        close: for the tonic where a part with a dot ends; in a form with dots, against it where none stands.
    """

    recall: float
    contrast: float
    close: float


USUAL = Strength(1.25, 0.25, 4.0)  # so forms drawn for tunes come out about as often as they are found in the books
ASKED = Strength(4.0, 3.0, 10.0)  # so a form comes out as asked in most tunes


class State(NamedTuple):
    """How far a tune has come; never changed in place.

    Args:
        memory: the state of the model within.
        bars: for each bar so far, the present one last: {(place, whether a pitch waits there for its length): id}.
        place: ticks since the bar line.
        waits: whether a pitch waits for its length.
        meter: ticks of a full bar, 0 if unknown.
        pickup: ticks of the pickup.
    """

    memory: object
    bars: tuple = ({},)
    place: int = 0
    waits: bool = False
    meter: int = 0
    pickup: int = 0


class Formed:
    """A model that has a form in mind: a soft rule, which adds to the logits of the model within.

    What stood in the part that returns weighs more, what stood in other parts less (see `Strength`). The network still decides: repeats
    are varied, and endings too.

    Args:
        model: any model of tunes, such as `musiclab.lstm.load()`.
        vocabulary: its `Vocabulary`.
        form: such as "AA.BB."; its letters divide the bars equally.
        n_bars: full bars of the whole tune.
        strength: a `Strength`.

    Raises:
        ValueError: no such form, or its letters do not divide the bars.
    """

    def __init__(self, model, vocabulary, form, n_bars, strength=ASKED):
        self._letters, self._dots = read_form(form)
        self._each, rest = divmod(n_bars, len(self._letters))
        if rest or not self._each:
            raise ValueError(
                f"form {form!r} has {len(self._letters)} letters: they do not divide {n_bars} bars equally; change one or the other"
            )
        self.model, self.vocabulary = model, vocabulary
        self._strength = Strength(*strength)
        self._kinds, self._ticks = vocabulary.kinds.tolist(), vocabulary.ticks.tolist()
        self._is_pitch = vocabulary.pitches >= 0
        self._is_tonic = self._is_pitch & (vocabulary.pitches % 12 == 0)

    def start(self):
        """The state before the first symbol."""
        return State(self.model.start())

    def step(self, state, id):
        """Take one symbol in: the new state, and the logits (n_symbols,) of the symbol that follows."""
        memory, logits = self.model.step(state.memory, id)
        state = self._moved(state, int(id))._replace(memory=memory)
        part, bar = divmod(len(state.bars) - 1, self._each)
        if part >= len(self._letters):
            return state, logits
        logits, here, before = np.array(logits), (state.place, state.waits), self._letters[:part]
        if self._letters[part] in before:
            found = state.bars[before.rindex(self._letters[part]) * self._each + bar].get(here)
            if found is not None:
                logits[found] += self._strength.recall
        else:
            others = {state.bars[before.index(letter) * self._each + bar].get(here) for letter in before}
            logits[[id for id in others if id is not None and self._is_pitch[id]]] -= self._strength.contrast
        to_end = state.meter - state.pickup - state.place
        if any(self._dots) and bar == self._each - 1 and not state.waits and 0 < to_end <= CADENCE:
            logits[self._is_tonic] += self._strength.close if self._dots[part] else -self._strength.close
        return state, logits

    def _moved(self, state, id):
        """The state with one more symbol, all but the memory."""
        kind = self._kinds[id]
        if kind == HEAD:
            return state._replace(meter=self._ticks[id] or state.meter)
        if kind not in (PITCH, LENGTH, BAR_LINE) or len(state.bars) > self._each * len(self._letters):
            return state  # beyond the last bar nothing is kept, so that music without end needs no memory without end
        bars = (*state.bars[:-1], {(state.place, state.waits): id} | state.bars[-1])
        if kind != BAR_LINE:
            return state._replace(bars=bars, place=state.place + self._ticks[id], waits=kind == PITCH)
        if len(bars) == 1 and state.place < state.meter and not state.pickup:
            return state._replace(bars=({},), place=0, waits=False, pickup=state.place)
        return state._replace(bars=(*bars, {}), place=0, waits=False)
