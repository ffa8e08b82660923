"""Reads a tune in ABC, the text notation of folk music, as a `Piece` of one voice.

After the ABC standard 2.1 (abcnotation.com) as far as the old collections use it. Deliberately narrow: a tune that the rest of the
course could not show truthfully (two voices, a change of key, a bar that is not full) is left out with its reason, never mended.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from musiclab.key import LINE_OF_FIFTHS, NATURALS, Key
from musiclab.piece import TICKS_PER_WHOLE, Meter, Note, Piece

MODES = {
    "": "major",
    "maj": "major",
    "ion": "major",
    "m": "minor",  # also a capital M: the few tunes marked "EM" and "GM" are in minor
    "min": "minor",
    "aeo": "minor",
    "dor": "dorian",
    "mix": "mixolydian",
}
ALTERATIONS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}

TOKEN = re.compile(
    r"""
    "[^"]*" | \{[^}]*\} | ![^!|]*!                           # chord symbols and fingerings, grace notes, ornaments: silent
  | (?P<line> :*\|[|:\]]* | \[\|\]? | ::+ )
  | (?P<ending> \[[1-9][\d,-]* | (?<=[|:])\s?[1-9][\d,-]* )
  | \[(?P<field>[A-Za-z]):(?P<value>[^\]]*)\]
  | \[(?P<chord>[^\]|]+)\](?P<outer>\d*/*\d*)
  | \((?P<p>[2-9])(?: :(?P<q>\d*) (?: :(?P<r>\d*) )? )?
  | (?P<accidental>\^\^?|__?|=)?(?P<letter>[A-Ga-gxzZ])(?P<octave>[',]*)(?P<length>\d*/*\d*)
  | (?P<broken> <+ | >+ )
  | (?P<tie> - )
  | (?P<overlay> & )
    """,
    re.VERBOSE,
)
CHORD_NOTE = re.compile(r"(\^\^?|__?|=)?([A-Ga-g])([',]*)(\d*/*\d*)")


class LeftOut(ValueError):
    """A tune that cannot be taken; the message is the reason, the same words for the same reason so that they can be counted."""


class Sound(NamedTuple):
    """A note or rest (pitch None) and its length as a fraction of a whole note; `joined` to the one before by a tie."""

    pitch: int | None
    length: Fraction
    joined: bool = False


class Line(NamedTuple):
    """A bar line: whether a part of the tune ends there, and whether to be repeated."""

    closes: bool
    repeats: bool


class Ending(NamedTuple):
    """The beginning of a first or second ending; it may stand inside a bar."""

    number: int


def split_tunes(text):
    """The tunes of an ABC file, each from its `X:` line on.

    >>> [fields(tune)["T"] for tune in split_tunes("X:1\\nT:One\\nK:C\\nC4|\\n\\nX:2\\nT:Two\\nK:C\\nD4|")]
    [['One'], ['Two']]
    """
    return re.split(r"(?m)^(?=X:)", text.replace("\r", ""))[1:]


def fields(tune):
    """The header: a list of values for each letter, comments taken away.

    >>> fields("X:1\\nT:A reel % nice\\nT:Or not\\nK:Gm\\nG4|")
    {'X': ['1'], 'T': ['A reel', 'Or not'], 'K': ['Gm']}
    """
    header = {}
    for line in _lines(tune):
        match = re.match(r"([A-Za-z]):(.*)", line)
        if match:
            header.setdefault(match[1], []).append(match[2].strip().strip('"').strip())
        if "K" in header:
            break
    return header


def read_tune(tune):
    """Read one tune: its notes, meter, key and pickup; repeats stand once, and of first and second endings only the second.

    Raises:
        LeftOut: the tune has something that the course's tunes do without; the message says what.

    >>> read_tune("X:1\\nT:Small\\nM:3/4\\nL:1/8\\nK:Dm\\nA2|d2 e2 f2|d4 A2|f2 e2 d2|d4|").notes[1]
    Note(start=24, duration=24, pitch=74, velocity=80, voice=0)
    """
    header = fields(tune)
    key = read_key(header.get("K", [""])[0])
    meter = read_meter(header.get("M", ["C"])[0])
    default = Fraction(1, 16) if Fraction(*meter) < Fraction(3, 4) else Fraction(1, 8)
    unit = Fraction(header["L"][0]) if header.get("L") else default
    marks = _without_first_endings(_marks(_body(tune, key, meter), unit, key, meter))
    bars = _whole_bars(marks, Fraction(*meter))
    notes, tick = [], 0
    for sound in (sound for bar in bars for sound in bar):
        ticks = sound.length * TICKS_PER_WHOLE
        if ticks.denominator != 1 or ticks == 0:
            raise LeftOut("a note off the grid of 24 ticks a quarter")
        if sound.joined and notes and notes[-1].end == tick:
            notes[-1] = notes[-1]._replace(duration=notes[-1].duration + int(ticks))
        elif sound.pitch is not None:
            notes.append(Note(tick, int(ticks), sound.pitch))
        tick += int(ticks)
    pickup = int(_total(bars[0]) * TICKS_PER_WHOLE) % meter.bar
    return Piece(notes, meters=[(0, meter)], keys=[(0, key)], pickup=pickup)


def read_key(text):
    """The key of a `K:` field.

    >>> str(read_key("A Mixolydian")), str(read_key("F#m")), str(read_key("Bb"))
    ('A mixolydian', 'F# minor', 'Bb major')
    """
    match = re.fullmatch(r"([A-G])([#b]?)\s*([A-Za-z]*)", text.strip())
    mode = MODES.get(match[3][:3].lower()) if match else None
    if not match:
        raise LeftOut("a key that is not a tonic and a mode")
    if mode is None:
        raise LeftOut("a mode other than major, minor, dorian and mixolydian")
    return Key(match[1] + match[2], mode)


def read_meter(text):
    """The meter of an `M:` field; `C|` is 2/2."""
    try:
        return Meter.parse(text)
    except ValueError:
        raise LeftOut("a meter that is not a fraction") from None


def read_tempo(header):
    """The tempo of a `Q:` field as `(note value, per minute)`, None if none is stated.

    >>> read_tempo({"Q": ["3/8=80"]})
    (Fraction(3, 8), 80)
    """
    match = re.match(r"(\d+/\d+)=(\d+)", header.get("Q", [""])[0].strip())
    return (Fraction(match[1]), int(match[2])) if match else None


def _lines(tune):
    """Lines without comments, up to the first blank line after music has begun."""
    begun = False
    for line in tune.splitlines():
        line = re.sub(r"(?<!\\)%.*", "", line).rstrip()
        if begun and not line:
            return
        begun = begun or (line.startswith(("|", "[")) or bool(line) and not re.match(r"[A-Za-z]:|\s*$", line))
        if line:
            yield line


def _body(tune, key, meter):
    """The music as one line of text; field lines inside it become inline fields."""
    parts, in_body = [], False
    for line in _lines(tune):
        match = re.match(r"([A-Za-z]):(?![|:])(.*)", line)  # `A:|` is music
        if match and match[1] == "V" and match[2].split()[:1] != ["1"]:
            raise LeftOut("several voices")
        if match and in_body:
            parts.append(f"[{match[1]}:{match[2]}]")
        elif match:
            in_body = match[1] == "K"
        elif in_body:
            parts.append(line.rstrip("\\"))
    text = " ".join(parts)
    for name, value in re.findall(r"\[([KM]):([^\]]*)\]", text):
        if name == "K" and read_key(value) != key:
            raise LeftOut("a change of key")
        if name == "M" and read_meter(value) != meter:
            raise LeftOut("a change of meter")
    return text


def _marks(text, unit, key, meter):
    """The sounds and bar lines of the music, in order of writing."""
    scale = _signature(key)
    marks, accidentals = [], {}
    last = None  # index in `marks` of the latest sound
    left, factor = 0, 1  # notes still to come in a tuplet, and what it does to their lengths
    following = 1  # what a broken rhythm, a>b, does to its second note
    place = tied = None  # the latest note's (letter, octave); the note that a tie has left open: its place and pitch
    for token in TOKEN.finditer(text):
        if token["overlay"]:
            raise LeftOut("several voices")
        elif token["field"] == "L":
            unit = Fraction(token["value"].strip())
        elif line := token["line"]:
            accidentals = {}
            marks.append(Line(closes=line not in ("|", "[|"), repeats=line.startswith(":")))
        elif token["ending"]:
            marks.append(Ending(int(token["ending"].strip(" [")[0])))
        elif token["p"]:
            p = int(token["p"])
            q = int(token["q"] or {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(p, 3 if _is_compound(meter) else 2))
            left, factor = int(token["r"] or p), Fraction(q, p)
        elif token["broken"] and last is not None:
            short = Fraction(1, 2 ** len(token["broken"]))
            first, following = (2 - short, short) if token["broken"][0] == ">" else (short, 2 - short)
            marks[last] = marks[last]._replace(length=marks[last].length * first)
        elif token["tie"]:
            tied = (place, marks[last].pitch) if place else None
        elif token["letter"] or token["chord"]:
            if token["letter"]:
                notes = [token.group("accidental", "letter", "octave", "length")]
            else:
                notes = [[part or None for part in note] for note in CHORD_NOTE.findall(token["chord"])]
            if not notes:
                continue
            length = _length(notes[0][3]) * _length(token["outer"]) * unit * following
            following = 1
            if left:
                length, left = length * factor, left - 1
            if notes[0][1] in "xzZ":
                place = None
                marks.append(Sound(None, _length(token["length"]) * Fraction(*meter) if notes[0][1] == "Z" else length))
            else:
                pitch, place = max(_pitch(*note[:3], scale, accidentals, tied) for note in notes)  # the top note of a chord
                # the old files write many slurs as ties: only equal pitches are joined
                marks.append(Sound(pitch, length, joined=tied is not None and tied[1] == pitch))
            last, tied = len(marks) - 1, None
    return marks


def _pitch(accidental, letter, octave, scale, accidentals, tied):
    """A note's `(pitch, (letter, octave))`; an accidental holds to the end of the bar, and across it on a tied note."""
    octave = octave or ""
    place = (letter.upper(), octave.count("'") - octave.count(",") + letter.islower())
    if accidental:
        accidentals[place] = ALTERATIONS[accidental]
    if tied and tied[0] == place and place not in accidentals:
        return tied[1], place
    alteration = accidentals.get(place, scale[place[0]])
    return 60 + NATURALS[place[0]] + 12 * place[1] + alteration, place


def _signature(key):
    """Letter -> alteration of a key signature."""
    altered = LINE_OF_FIFTHS[: key.fifths] if key.fifths >= 0 else LINE_OF_FIFTHS[key.fifths :]
    return {letter: (letter in altered) * (1 if key.fifths > 0 else -1) for letter in LINE_OF_FIFTHS}


def _is_compound(meter):
    return meter.beat * meter.denominator != TICKS_PER_WHOLE


def _length(text):
    """A length as ABC writes it after a note: `3`, `/`, `//`, `3/2`.

    >>> _length("3/2"), _length("//")
    (Fraction(3, 2), Fraction(1, 4))
    """
    above, slashes, below = re.fullmatch(r"(\d*)(/*)(\d*)", text or "").groups()
    return Fraction(int(above or 1), int(below) if below else 2 ** len(slashes))


def _without_first_endings(marks):
    """Of first and second endings keep the second: `ab|1 cd :|2 ef ||` becomes `ab| ef ||`."""
    kept = []
    start = None  # where the first ending begins in `kept`
    may_follow = False  # the first ending's repeat sign is the latest mark, so that a second ending may come now
    for mark in marks:
        if isinstance(mark, Sound):
            kept.append(mark)
            start = None if may_follow else start
            may_follow = False
        elif isinstance(mark, Line):
            kept.append(mark)
            may_follow = may_follow or (start is not None and mark.repeats)
        else:
            if mark.number == 1:
                start = len(kept)
            elif start is not None:
                del kept[start:]
            may_follow = False
    return kept


def _whole_bars(marks, full):
    """The bars as lists of sounds; two halves of a bar with the end of a part between them become one.

    Raises:
        LeftOut: a bar inside the tune is not full, or the first or last one is more than full.
    """
    bars, closed = [[]], [False]  # closed: a part of the tune ends with this bar
    for mark in marks:
        if isinstance(mark, Sound):
            bars[-1].append(mark)
        elif bars[-1]:
            bars.append([])
            closed[-1:] = [mark.closes, False]
        elif len(bars) > 1:
            closed[-2] = closed[-2] or mark.closes
    whole, open_half = [], False
    for bar, closes in zip(bars, closed):
        if not bar:
            continue
        if open_half and _total(whole[-1]) + _total(bar) == full:
            whole[-1] = whole[-1] + bar
            open_half = False
            continue
        whole.append(bar)
        open_half = closes and _total(bar) < full
    if len(whole) < 4:
        raise LeftOut("fewer than four bars")
    totals = [_total(bar) for bar in whole]
    if max(totals) > full:
        raise LeftOut("a bar that is too long")
    if set(totals[1:-1]) != {full}:
        raise LeftOut("a bar inside that is not full")
    return whole


def _total(bar):
    return sum((sound.length for sound in bar), Fraction(0))
