"""The printed page: a `Piece` as MusicXML, as pictures (SVG, drawn by Verovio), in words, and as a map from time to noteheads."""

import re
from functools import lru_cache
from html import escape
from pathlib import Path

from musiclab.musicxml import musicxml, note_id, printable
from musiclab.notation import bars, layers
from musiclab.staves import parts

__all__ = ["describe", "musicxml", "svg_pages", "timemap"]

NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def svg_pages(piece, *, prefix="", width=840, height=None, scale=40):
    """Draw the piece as SVG pictures, one a page.

    The ink is `currentColor`, so that a page which holds the picture decides about dark and light; every notehead keeps its
    id (see `musicxml`), and no other element has one that begins in the same way. Nothing is fetched: the picture is complete.

    Args:
        prefix: put before every id, so that two scores can live on one page.
        width: of the picture in pixels, 200 or more.
        height: of a page in pixels; None for one page as high as the music.
        scale: size of the music in percent; 40 has staves 29 pixels high.

    Raises:
        ValueError: the prefix is not fit for an id, or the sizes are out of range.

    >>> from musiclab.piece import Note, Piece
    >>> [page] = svg_pages(Piece([Note(0, 96, 60)]), prefix="a-")
    >>> 'id="a-n0"' in page
    True
    """
    import verovio

    for name, value, low, high in (
        ("width", width, 200, 10_000),
        ("height", height or 200, 200, 24_000),
        ("scale", scale, 10, 200),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} {value}: expected {low} to {high}")
    verovio.enableLog(verovio.LOG_OFF)  # a word on stderr would cost a marked cell its points
    verovio.setDefaultResourcePath(str(_verovio_data()))  # which Verovio forgets from one thread to another
    toolkit = verovio.toolkit()
    units = 100 / scale  # Verovio counts in pixels before scaling
    bars_a_line = _bars_a_line(piece, width * units)
    toolkit.setOptions(
        {
            "pageWidth": int(width * units),
            "pageHeight": int(min(height * units, 60_000)) if height else 60_000,
            "adjustPageHeight": True,
            "scale": scale,
            "breaks": "line" if bars_a_line else "auto",
            "xmlIdSeed": 1,
            "footer": "none",
            "header": "auto" if piece.title else "none",
            "svgViewBox": False,
            "spacingStaff": 10,
            "minLastJustification": 0.7,
        }
    )
    if not toolkit.loadData(musicxml(piece, prefix=prefix, bars_a_line=bars_a_line)):
        raise ValueError(f"{piece!r}: Verovio cannot draw this; write it with musicxml() and open it in another program")
    n_pages = toolkit.getPageCount()
    words = describe(piece)
    pages = []
    for number in range(1, n_pages + 1):
        label = words if n_pages == 1 else f"{words}. Page {number} of {n_pages}"
        pages.append(_clean(toolkit.renderToSVG(number), f"{prefix}page{number}", f"{prefix}n", label))
    return pages


def _bars_a_line(piece, units):
    """Tunes are read in phrases: 4 or 8 bars to a line if they fit, fewer if not. 0 leaves several staves to Verovio."""
    if len(piece.voices) > 1 or not piece.notes:
        return 0
    starts = [bar.start for bar in bars(piece) if bar.number]
    for n in (8, 4, 2, 1):
        lines = [starts[i : i + n + 1] for i in range(0, len(starts), n)]
        ends = [line[n] if len(line) > n else piece.end + 1 for line in lines]
        crowd = max(sum(line[0] <= note.start < end for note in piece.notes) for line, end in zip(lines, ends))
        if (crowd + n) * 50 < units:
            return n
    return 0


def _clean(svg, name, note_prefix, label):
    """Verovio's page without embedded font and chance ids, in the ink of its surroundings, with words for those who listen."""
    svg = re.sub(r"<style[^>]*>\s*@font-face.*?</style>\s*", "", svg, flags=re.S)
    svg = svg.replace(re.search(r'<svg[^>]* id="([^"]+)"', svg)[1], name)
    kept = f'{name}"|[^"]*-{name}"|{re.escape(note_prefix)}\\d+(-\\d+)?"'
    svg = re.sub(rf' id="(?!{kept})[^"]*"', "", svg)
    svg = re.sub(r"<desc>.*?</desc>", f"<title>{escape(label)}</title>", svg, count=1)
    svg = svg.replace(' color="black"', "", 1).replace(
        "<svg ", f'<svg role="img" aria-label="{escape(label)}" fill="currentColor" ', 1
    )
    size = re.search(r'width="(\d+)px" height="(\d+)px"', svg)
    svg = svg.replace(size[0], f'{size[0]} viewBox="0 0 {size[1]} {size[2]}"', 1)
    svg = re.sub(r'<text x="(-?\d+)" y="(-?\d+)"[^>/]*>(.*?)</text>', _outlined, svg, flags=re.S)
    return _slim(svg)


def _slim(svg):
    """The same drawing with a third fewer letters, for a saved notebook holds them all."""
    svg = re.sub(r">\s*\n\s*<", "><", svg).strip().replace(" />", "/>")
    fuller = ""
    while svg != fuller:  # a group may hold nothing but empty groups
        svg, fuller = re.sub(r"<g(?: class=\"[^\"]*\")?(?:/>|></g>)", "", svg), svg
    svg = re.sub(r'<g class="stem">(<path [^>]*/>)</g>', r"\1", svg)
    svg = re.sub(r'(?:<path d="[^"]*" stroke-width="\d+"/>){2,}', _joined, svg)
    svg = re.sub(r'd="M(-?\d+) (-?\d+) L\1 (-?\d+)"', r'd="M\1 \2V\3"', svg)
    for glyph, scale in re.findall(r'<g id="([^"]+)"><path transform="scale\(([^)]*)\)"', svg):
        svg = _sized(svg, glyph, scale)
    return f"{svg}\n"


def _joined(paths):
    """Lines that follow one another, such as the five of a staff, as one path for each width."""
    lines = {}
    for line, width in re.findall(r'd="([^"]*)" stroke-width="(\d+)"', paths[0]):
        line = re.sub(r"^M(-?\d+) (-?\d+) L(-?\d+) \2$", r"M\1 \2H\3", line)
        lines.setdefault(width, []).append(line)
    return "".join(f'<path d="{"".join(many)}" stroke-width="{width}"/>' for width, many in lines.items())


def _sized(svg, glyph, scale):
    """A music symbol that has one size on the whole page, drawn in that size, so that its places need not repeat it."""
    place = rf'<use xlink:href="#{glyph}" transform="translate\((-?\d+), (-?\d+)\) scale\(([\d.]+), ([\d.]+)\)"/>'
    if len(sizes := {(use[3], use[4]) for use in re.finditer(place, svg)}) != 1:
        return svg
    (across, down), (wide, high) = sizes.pop(), scale.split(",")
    svg = re.sub(place, rf'<use xlink:href="#{glyph}" x="\1" y="\2"/>', svg)
    sized = f"scale({float(across) * float(wide):g},{float(down) * float(high):g})"
    return svg.replace(f'<g id="{glyph}"><path transform="scale({scale})"', f'<g id="{glyph}"><path transform="{sized}"', 1)


def _outlined(text):
    """A line of text that begins with note symbols, these drawn as outlines: readers' machines have no font with them."""
    x, y, tspans = int(text[1]), int(text[2]), text[3]
    symbols = re.match(r'(?:\s|<tspan[^>]*>)*?<tspan font-family="Leipzig" font-size="([\d.]+)px">([^<]*)</tspan>', tspans)
    if not symbols:
        return text[0]
    size = float(symbols[1]) / 1000
    drawn = []
    for symbol in symbols[2]:
        path, advance = _glyph(symbol)
        drawn.append(f'<g transform="translate({x:.0f}, {y}) scale({size})">{path}</g>' if path else "")
        x += advance * size
    rest = re.sub(r'<tspan font-family="Leipzig"[^>]*>[^<]*</tspan>', "", tspans, count=1)
    return "".join(drawn) + f'<text x="{x:.0f}" y="{y}" font-size="0px">{rest}</text>'


def _verovio_data():
    """The folder of the fonts that come with Verovio."""
    import verovio

    return Path(verovio.__file__).parent / "data"


@lru_cache
def _glyph(symbol):
    """Outline and width of a music symbol, in thousandths of the font size, from the font that comes with Verovio."""
    folder, code = _verovio_data(), f"{ord(symbol):04X}"
    path = re.search(r"<path[^>]*/>", (folder / "Leipzig" / f"{code}.xml").read_text())
    width = re.search(rf'c="{code}"[^>]*h-a-x="([\d.]+)"', (folder / "Leipzig.xml").read_text())
    return path[0] if path else "", float(width[1])


def timemap(piece, *, prefix=""):
    """Which noteheads sound when: `(seconds, ids that begin, ids that end)` in order of time.

    A note tied over a bar line lights one notehead after the other.

    >>> from musiclab.piece import Note, Piece
    >>> timemap(Piece([Note(0, 24, 60), Note(24, 24, 62)]))
    [(0.0, ['n0'], []), (0.5, ['n1'], ['n0']), (1.0, [], ['n1'])]
    """
    changes, all_bars = {}, bars(piece)
    for part in parts(piece):
        for staff in part.staves:
            for event in (event for bar in layers(piece, staff, all_bars) for layer in bar for event in layer if event.notes):
                ids = [prefix + note_id(i, event.part) for i in event.notes]
                changes.setdefault(event.start, ([], []))[0].extend(ids)
                changes.setdefault(event.end, ([], []))[1].extend(ids)
    return [(piece.seconds(tick), *changes[tick]) for tick in sorted(changes)]


def describe(piece):
    """The score in words, for screen readers and captions.

    >>> from musiclab.piece import Key, Meter, Note, Piece
    >>> tune = Piece([Note(0, 72, 67)], meters=[(0, Meter(6, 8))], keys=[(0, Key("G"))], title="The Kesh", style="jig")
    >>> describe(tune)
    'Score of The Kesh: 1 bar, jig in 6/8, G major, one voice'
    """
    n_bars, n_voices = sum(bar.number > 0 for bar in bars(piece)), len(piece.voices)
    meters = " and ".join(dict.fromkeys(str(meter) for _, meter in piece.meters))
    keys = " and ".join(dict.fromkeys(str(key) for _, key in piece.keys))
    number = NUMBERS[n_voices] if n_voices < len(NUMBERS) else str(n_voices)
    facts = [
        f"{n_bars} bar{'s' * (n_bars != 1)}",
        f"{piece.style} in {meters}".strip(),
        keys,
        f"{number} voice{'s' * (n_voices != 1)}",
    ]
    return f"Score of {printable(piece.title or '') or 'an untitled piece'}: {', '.join(fact for fact in facts if fact)}"
