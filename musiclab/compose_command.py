"""The command `musiclab compose`: what can be asked for, and what is said about what was written."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from musiclab.bundle import write_all
from musiclab.compose import compose, is_chorale
from musiclab.provenance import originality_line

FEW = 10  # tunes; a style with fewer is hardly learned
WISHES = (
    "style bars key meter pickup form range_ density swing tempo temperature seed continue_ model".split()
)  # arguments of `compose` and options alike


def add_arguments(parser):
    """The options of `musiclab compose`."""
    add = parser.add_argument
    add("--style", help="such as reel, 'slip jig' or chorale (default: reel, or what is usual in the meter)")
    add("--bars", metavar="N", help="full bars to write, 1 to 64, the pickup not counted (default: 16; of a chorale 8)")
    add("--key", help="such as 'G major' or 'E dorian' (default: the usual one of the style)")
    add("--meter", help="such as 6/8 (default: the usual one of the style)")
    add("--pickup", help="such as 1/8, 0 for none (default: the network chooses)")
    add(
        "--form",
        help="what comes back, such as AABB; a dot ends a part on the tonic: AA.BB. (default: a usual one; free for none)",
    )
    add("--range", dest="range_", metavar="LOW-HIGH", help="such as D4-B5, an octave or more (default: G3-D6, a fiddle's)")
    add("--density", metavar="N-M", help="the fewest and the most notes a bar, such as 6-8 (default: any)")
    add("--swing", action="store_true", help="eighth notes in pairs, long and short")
    add("--tempo", metavar="BEATS", help="beats a minute, in the beat of the meter: half notes in 2/2, dotted quarters in 6/8")
    add("--temperature", metavar="T", help="0 always takes the likeliest, 1 draws as it learned (default: 1)")
    add("--seed", metavar="N", help="the same seed gives the same piece (default: another one every time)")
    add("--continue", dest="continue_", metavar="FILE.mid", help="go on from this tune, or chorale, adding --bars bars")
    add("--harmony", choices=["chorale"], help="put three voices under the tune, as in a chorale")
    add("--arrange", metavar="PATTERN", help="put an accompaniment under it, such as block, broken, alberti, waltz or strum")
    add("--model", metavar="FILE", help="a model of your own, from musiclab train (default: the one that ships)")
    add("--out", metavar="PATH", help="where to, without suffix (default: named after the piece, here)")


def run(arguments):
    """Compose, write the files, and say where they are and how original the piece is."""
    wishes = {name: value for name, value in vars(arguments).items() if name in WISHES}
    if source := arguments.continue_:
        wishes["continue_"] = read_named(source)
    if arguments.harmony and is_chorale(arguments.style, wishes["continue_"]):
        raise ValueError("--harmony chorale: a chorale has four voices already; leave it out, or ask for a tune")
    piece, card = compose(**wishes)
    lines = list(summary(piece, card))
    if arguments.harmony:
        from musiclab.harmonise import best_harmonisation, harmony_card, harmony_line

        found = best_harmonisation(piece, rng=np.random.default_rng(card["settings"]["seed"]))
        piece = found.piece
        card["harmony"] = harmony_card(found)
        lines.append(harmony_line(found))
    if arguments.arrange:
        from musiclab.arrange import arrange

        piece = arrange(piece, arguments.arrange)
        card["arrangement"] = arguments.arrange
    paths = take_home(piece, card, arguments.out, source)
    for line in lines:
        print(line)
    print("Written:", *paths)
    print(originality_line(card))


def read_named(path):
    """Read a MIDI file; a piece without a title is called as the file."""
    from musiclab.midi import read_midi

    piece = read_midi(path)
    return replace(piece, title=piece.title or Path(path).stem)


def take_home(piece, card, out, source=None):
    """Write the files of a piece, named after it if `out` does not say how, and never over the file it came from.

    Returns:
        list of Path.
    """
    stem = Path(out or re.sub("[^a-z0-9]+", "-", piece.title.lower().replace("#", " sharp")).strip("-"))
    stem = stem / "piece" if stem.is_dir() else stem
    if source and stem.with_name(stem.name + ".mid").resolve() == Path(source).resolve():
        raise ValueError(f"--out {stem} would write over {source}; choose another --out")
    return write_all(piece, card, stem)


def summary(piece, card):
    """What was written, in a line or more of plain words."""
    from musiclab.sound import missing_sound_font_line, substitutions

    settings, given = card["settings"], card["settings"]["goes_on_from"]
    bars = f"{settings['bars']} bar{'s' if settings['bars'] != 1 else ''}"
    added = f", added to {given['bars']}" if given else ""
    style = f", as a {settings['style']}" if given and settings["style"] else ""
    yield f"{piece.title}: {bars} of {settings['meter']}{added}{style}, {settings['tempo']:g} beats of {settings['beat']} a minute"
    if card["examples"] is not None and card["examples"] < FEW:
        yield f"The network saw only {card['examples']} tune{'s' * (card['examples'] != 1)} of this style: do not expect it to know it well."
    yield from filter(None, [missing_sound_font_line(), *substitutions(piece)])
