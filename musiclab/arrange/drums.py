"""What a drummer plays: a bar of each style, written as drummers write it.

A tab has a line a drum and a character a step, steps of equal length over the bar: `O` loud, `o` plain, `-` soft, `.` nothing.
"""

from musiclab.harmony.pulse import beats, is_compound
from musiclab.piece import TICKS_PER_WHOLE

KICK, STICK, SNARE, CLOSED, TAMBOURINE, RIDE = 36, 37, 38, 42, 54, 51
LOUDNESS = {"O": 1.0, "o": 0.8, "-": 0.6}
LAST = KICK  # what falls together with the last chord

TABS = {  # style -> meters of so many beats, compound or not -> drum -> a bar
    "reel": {(2, False): {KICK: "O...o...", SNARE: "..o...o.", CLOSED: "o-o-o-o-"}},
    "hornpipe": {(2, False): {KICK: "O...o...", STICK: "..o...o.", TAMBOURINE: "..o...o-"}},
    "march": {
        (2, False): {KICK: "O...o...", SNARE: "o.oo--o."},
        (2, True): {KICK: "O..o..", SNARE: "o.-o--"},
        (3, False): {KICK: "O.....", SNARE: "o.o.oo"},
        (4, True): {KICK: "O.....o.....", SNARE: "o.-o--o.-o--"},
    },
    "strathspey": {(2, False): {KICK: "O.......o.......", SNARE: "o--.o..-o--.o..-"}},  # the snap: short, long; long, short
    "jig": {
        (2, True): {KICK: "O..o..", TAMBOURINE: "o-oo-o"},
        (3, True): {KICK: "O..o..o..", TAMBOURINE: "o-oo-oo-o"},
        (4, True): {KICK: "O.....o.....", SNARE: "...o.....o..", TAMBOURINE: "o-oo-oo-oo-o"},
        (2, False): {KICK: "O...o...", TAMBOURINE: "o-o-o-o-"},
    },
    "waltz": {(3, False): {KICK: "O.....", STICK: "..o.o.", CLOSED: "--o-o-"}},
    "air": {
        (2, False): {KICK: "o.......", RIDE: "-.-.-.-."},
        (3, False): {KICK: "o.....", RIDE: "-.-.-."},
        (2, True): {KICK: "o.....", RIDE: "-..-.."},
        (3, True): {KICK: "o........", RIDE: "-..-..-.."},
        (4, True): {KICK: "o...........", RIDE: "-..-..-..-.."},
    },
}
ALIKE = {  # what other styles are played as
    "slip jig": "jig",
    "slide": "jig",
    "straight jig": "reel",
    "walkaround": "reel",
    "long dance": "march",
    "Scottish air": "air",
    "chorale": "air",
    "minuet": "waltz",
    "gavotte": "march",
    "ragtime": "reel",
    "pipe tune": "march",
}
OTHERWISE = {(2, False): "reel", (3, False): "waltz", (2, True): "jig", (3, True): "jig", (4, True): "jig"}


def drum_bar(meter, style=""):
    """One bar of drums: `(tick in the bar, drum, loudness up to 1)`, in order of time.

    Args:
        meter: a `Meter`; of a style that is not danced in it, the bar of another that is.
        style: such as "reel"; what is not known is played by its meter.

    >>> from musiclab.piece import Meter
    >>> drum_bar(Meter(3, 4), "waltz")[:2]
    [(0, 36, 1.0), (0, 42, 0.6)]
    """
    n_beats = 2 if not is_compound(meter) and meter.numerator in (2, 4) else len(beats(meter))  # four beats are two strong ones
    kind = (n_beats, is_compound(meter))
    tab = TABS.get(ALIKE.get(style, style), {}).get(kind) or TABS.get(OTHERWISE.get(kind), {}).get(kind)
    if tab is None or meter.bar % len(next(iter(tab.values()))):
        return _plain_bar(meter)
    strokes = []
    for drum, line in tab.items():
        step = meter.bar // len(line)
        strokes += [(i * step, drum, LOUDNESS[mark]) for i, mark in enumerate(line) if mark in LOUDNESS]
    return sorted(strokes)


def _plain_bar(meter):
    """Uneven bars: the kick on the first beat, a stick on the others, a hi-hat on the short notes."""
    unit = TICKS_PER_WHOLE // meter.denominator
    first, *others = beats(meter)
    strokes = [(first, KICK, 1.0)] + [(tick, STICK, 0.8) for tick in others]
    return sorted(strokes + [(tick, CLOSED, 0.6) for tick in range(0, meter.bar, unit)])
