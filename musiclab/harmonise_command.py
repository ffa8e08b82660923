"""The command `musiclab harmonise`: four parts under a tune in a MIDI file."""

from dataclasses import replace

import numpy as np

from musiclab.choir import SHIPPED, load_choir
from musiclab.commission import checked_number, checked_seed
from musiclab.compose_command import read_named, take_home
from musiclab.harmonise import MOST_TRIES, best_harmonisation, harmony_card, harmony_line
from musiclab.key import Key
from musiclab.provenance import loaded


def add_arguments(parser):
    """The options of `musiclab harmonise`."""
    add = parser.add_argument
    add("tune", metavar="FILE.mid", help="a tune of one voice")
    add("--key", help="such as 'G major' or 'E dorian' (default: the key in the file, or the likeliest)")
    add("--passing", action="store_true", help="let the lower voices move in the middle of a beat too")
    add("--temperature", default=0.1, metavar="T", help="how much chance has a say; 0 leaves it none (default: 0.1)")
    add("--tries", default=8, metavar="N", help="how many ways are followed side by side, of which the best is kept (default: 8)")
    add("--seed", metavar="N", help="the same seed gives the same voices (default: others every time)")
    add("--arrange", metavar="PATTERN", help="play its chords in a pattern, such as block, broken, alberti, waltz or strum")
    add("--model", metavar="FILE", help="a model of your own, from tools/train_chorales.py (default: the one that ships)")
    add("--out", metavar="PATH", help="where to, without suffix (default: named after the tune, here)")


def run(arguments):
    """Harmonise, write the files, and say where they are."""
    tune = read_named(arguments.tune)
    if arguments.key:
        tune = replace(tune, keys=[(0, Key.parse(arguments.key))])
    settings = {
        "passing": arguments.passing,
        "temperature": checked_number("temperature", arguments.temperature, 0, 100, float),
        "tries": checked_number("tries", arguments.tries, 1, MOST_TRIES, int),
    }
    seed = checked_seed(arguments.seed)
    model, _, about = loaded(arguments.model, None, SHIPPED, load_choir)
    found = best_harmonisation(tune, model, np.random.default_rng(seed), **settings)
    piece = replace(found.piece, title=f"{tune.title}, harmonised (seed {seed})")
    card = {"title": piece.title, "tune": {"title": tune.title, "key": str(piece.key), "meter": str(piece.meter)}, "model": about}
    card["harmony"] = harmony_card(found, seed=seed, **settings)
    if arguments.arrange:
        from musiclab.arrange import arrange

        piece, card["arrangement"] = arrange(piece, arguments.arrange), arguments.arrange
    paths = take_home(piece, card, arguments.out, arguments.tune)
    print(
        f"{piece.title}: {piece.key}, {piece.meter}, {found.choices} pitches chosen, {settings['tries']} ways followed side by side"
    )
    print(harmony_line(found))
    print("Written:", *paths)
