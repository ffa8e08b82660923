"""The collections of tunes for one voice, read from the ABC files of music21's corpus."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from fractions import Fraction

from datasets_build import Entry
from datasets_build.abc import LeftOut, fields, read_tempo, read_tune, split_tunes
from musiclab.piece import TICKS_PER_WHOLE, Voice

FIDDLE = Voice("Fiddle", 40)


# How the transcribers sign (in lower case) and what they are called.
TRANSCRIBERS = {
    "bradley": "Ivan Bradley",
    "campin": "Jack Campin",
    "chambers": "John Chambers",
    "davies": "Ray Davies",
    "de grae": "Paul de Grae",
    "falt": "Chris Falt",
    "foy": "Stephen Foy",
    "hastings": "Ted Hastings",
    "hogan": "Michael Hogan",
    "keays": "Tom Keays",
    "long": "Michael D. Long",
    "norbeck": "Henrik Norbeck",
    "nordberg": "Frank Nordberg",
    "o'nei": "Trish O'Neil",
    "paap": "Norbert Paap",
    "petersen": "Dan G. Petersen",
    "plank": "mvhplank",
    "puckette": "Bob Puckette",
    "safranek": "Bob Safranek",
    "terhorst": "Nick Terhorst",
    "thorpe": "Robert Thorpe",
    "walsh": "John B. Walsh",
    "wooldridge": "Dave Wooldridge",
    "worman": "A. Lee Worman",
}
SIGNED = re.compile(r"transcribed|contributed|corrected by|proofread|@|<|^\d* ?by |^\d{8} |campin|walsh", re.IGNORECASE)

# The parts of O'Neill's Music of Ireland: the last number of each and what it holds.
ONEILL_PARTS = (
    (700, "air"),  # from 626 on by O'Carolan
    (1115, "jig"),
    (1175, "slip jig"),
    (1555, "reel"),
    (1780, "hornpipe"),
    (1800, "long dance"),
    (1850, "march"),
)

# What a rhythm field or a title calls a dance, in the order in which the words are looked for.
DANCE_WORDS = (
    (r"straths[ep]?p?e?y", "strathspey"),
    (r"fling", "strathspey"),  # the highland fling is danced to them
    (r"hornpipe|clog", "hornpipe"),
    (r"slip ?jig", "slip jig"),
    (r"\breel", "reel"),
    (r"\bjig\b|\bjigg\b", "jig"),
    (r"\bslide\b", "slide"),
    (r"walk ?around", "walkaround"),
    (r"\bwaltz", "waltz"),
    (r"minuet", "minuet"),
    (r"gavot", "gavotte"),
    (r"cotill?ion", "cotillion"),
    (r"\bmarch\b|quick ?step|\btroop\b", "march"),
)

# Bars a minute at which a tune is played where its source states no tempo; the meter matters where one style is written in several.
BARS_A_MINUTE = {
    "air": {"2/4": 32, "3/4": 30, "3/8": 45, "9/8": 20, "": 24},
    "hornpipe": {"": 42},
    "jig": {"12/8": 28, "": 56},
    "long dance": {"": 44},
    "march": {"4/4": 26, "2/2": 40, "": 50},
    "minuet": {"": 40},
    "pipe tune": {"": 48},
    "reel": {"": 54},
    "slide": {"12/8": 32, "": 62},
    "slip jig": {"": 42},
    "straight jig": {"": 48},
    "strathspey": {"": 34},
    "waltz": {"": 46},
    "": {"": 45},
}


def oneills(corpus):
    """O'Neill's Music of Ireland (1903): `(entries, left out)`."""

    def describe(header):
        number = int(header["X"][0])
        part = next(style for last, style in ONEILL_PARTS if number <= last)
        return f"oneill-{number:04}", _dance(" ".join(header.get("R", []))), part, f"O'Neill's Music of Ireland, no. {number}"

    return _collection(sorted((corpus / "oneills1850").glob("*.abc")), describe)


def ryans(corpus):
    """Ryan's Mammoth Collection (1883): `(entries, left out)`."""

    def describe(header):
        return "ryan", _dance(" ".join(header.get("R", []) + header["T"])), "air", "Ryan's Mammoth Collection"

    return _collection(sorted((corpus / "ryansMammoth").glob("*.abc")), describe)


def airds(corpus):
    """Aird's Selection of Scotch, English, Irish and Foreign Airs (1782-1801): `(entries, left out)`."""

    def describe(header):
        number = int(header["X"][0])
        style = _dance(" ".join(header["T"] + header.get("R", []) + header.get("G", [])))
        return f"aird-{number:04}", style, "Scottish air", f"Aird's Selection, no. {number}"

    return _collection(sorted((corpus / "airdsAirs").glob("*.abc")), describe)


def northumbrian(corpus):
    """Bruce and Stokoe's Northumbrian Minstrelsy (1882): `(entries, left out)`."""
    path = corpus / "miscFolk" / "northumbrianminstrelsyopus.abc"
    n_songs = len(split_tunes(path.read_text(encoding="latin-1").split("---- Pipe tunes")[0]))

    def describe(header):
        number = int(header["X"][0])
        usual = "air" if number <= n_songs else "pipe tune"
        return f"minstrelsy-{number:03}", _dance(" ".join(header["T"])), usual, f"Northumbrian Minstrelsy, no. {number}"

    return _collection([path], describe)


def _collection(paths, describe):
    """Read every tune of some files.

    Args:
        describe: header -> (beginning of the id, dance that the source names or None, what else it is, source).

    Returns:
        (list of `Entry`, Counter of the reasons why others were left out)
    """
    entries, left_out, ids, seen = [], Counter(), set(), set()
    for path in paths:
        for text in split_tunes(path.read_text(encoding="latin-1")):
            header = fields(text)
            try:
                piece = read_tune(text)
            except LeftOut as reason:
                left_out[str(reason)] += 1
                continue
            if (piece.notes, piece.meter) in seen:
                left_out["the same notes as a tune before it"] += 1
                continue
            seen.add((piece.notes, piece.meter))
            stem, dance, usual, source = describe(header)
            title = _title(header["T"][0])
            stated = read_tempo(header)
            style = _style(dance, usual, str(piece.meter))
            piece = replace(
                piece,
                title=title,
                style=style,
                voices=(FIDDLE,),
                tempos=[(0, _tempo(style, piece.meter, stated))],
            )
            id = _fresh(f"{stem}-{_slug(title)}", ids)
            tempo = f"{stated[0]}={stated[1]}" if stated else ""
            entries.append(Entry(id, piece, source, _transcribers(header), tempo))
    return entries, left_out


def _dance(words):
    """The dance that some words name, or None.

    >>> _dance("The Duke of Gordon's Strathsy"), _dance("double jig"), _dance("My Peggy")
    ('strathspey', 'jig', None)
    """
    return next((style for pattern, style in DANCE_WORDS if re.search(pattern, words.lower())), None)


def _style(dance, usual, meter):
    """What a tune is: the dance that the source names where the meter allows it, else what the book usually holds.

    >>> _style("jig", "air", "9/8"), _style("jig", "air", "2/4"), _style("reel", "Scottish air", "6/8")
    ('slip jig', 'straight jig', 'Scottish air')
    """
    style = dance or usual
    if meter == "9/8" and style != "air":
        return "slip jig"
    if style in ("jig", "slip jig"):
        return "jig" if meter in ("6/8", "12/8") else "straight jig"
    if style in ("reel", "hornpipe", "strathspey") and meter not in ("2/4", "2/2", "4/4"):
        return usual if usual != style else "air"
    return style


def _tempo(style, meter, stated):
    """Microseconds a quarter note, as stated or as the style is commonly played."""
    if stated:
        value, per_minute = stated
        return round(60e6 / (per_minute * float(value) * 4))
    bars = BARS_A_MINUTE.get(style, BARS_A_MINUTE[""])
    return round(60e6 / (bars.get(str(meter), bars[""]) * Fraction(4 * meter.bar, TICKS_PER_WHOLE)))


def _transcribers(header):
    """Who wrote the ABC, by name; blank where the file does not say."""
    signatures = " ".join(line for line in header.get("Z", []) if SIGNED.search(line)).lower()
    return "; ".join(name for sign, name in TRANSCRIBERS.items() if sign in signatures)


def _title(text):
    """A title as one would write it.

    >>> _title("Top of Cork Road, The"), _title("TOM AND JERRY -- REEL."), _title("La Nov\\\\'elle")
    ('The Top of Cork Road', 'Tom and Jerry Reel', 'La Novélle')
    """
    text = re.sub(r"\\(['`^\"])([A-Za-z])", lambda m: unicodedata.normalize("NFC", m[2] + ACCENTS[m[1]]), text)
    text = re.sub(r"(?<=\w):(?=\w)", "", text)  # Ryan's files have stray colons: "Cincinnat:i"
    text = re.sub(r"\s+--?\s+", " ", text).replace("=", "-").strip(' ."')  # "CASTLE -- HORNPIPE"
    text = re.sub(r"^(.*), (The|A|An)$", r"\2 \1", text)
    if text.isupper():
        small = {"A", "AN", "AND", "AT", "FOR", "FROM", "IN", "MY", "O'", "OF", "ON", "OR", "THE", "TO", "WITH"}
        words = [word.lower() if word in small else _capital(word) for word in text.split()]
        text = " ".join(words)
    return text[:1].upper() + text[1:]


ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308"}


def _capital(word):
    """`O'NEILL'S` to `O'Neill's`, `ROSE-BUD` to `Rose-Bud`, `McLEAN` as `McLean`."""
    word = re.sub(r"[A-Za-z]+", lambda m: m[0].capitalize(), word)
    return re.sub(r"(?<=['’])(S|T|D|M|Ll|Re|Ve)\b", lambda m: m[0].lower(), word)


def _slug(title):
    """Lower-case letters and digits joined by hyphens, at most 40 of them."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower().replace("'", "")
    return "-".join(re.findall("[a-z0-9]+", plain))[:40].strip("-")


def _fresh(id, taken):
    """That id, or with a number behind it if it is taken; and take it."""
    n, fresh = 1, id
    while fresh in taken:
        n += 1
        fresh = f"{id}-{n}"
    taken.add(fresh)
    return fresh
