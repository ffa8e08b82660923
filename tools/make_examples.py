"""Writes ten pieces of each kind into datasets/models/examples/, as MIDI and MusicXML: seeds 0 to 9, not chosen by taste.

A tune's style follows from its seed: seed 0 gets the style that most of the training tunes have, seed 1 the next, and so on. The
harmonised and the arranged tunes are the same ten tunes. The same models write the same files, byte for byte.

    python tools/make_examples.py [kind ...]     # kinds: tune, chorale, harmonised, arranged; all if none is named
"""

import sys
from pathlib import Path

import numpy as np

from musiclab import lstm
from musiclab.arrange import PATTERNS, arrange
from musiclab.atomic import atomic_write
from musiclab.compose import compose
from musiclab.corpus import Corpus, beside
from musiclab.harmonise import harmonise
from musiclab.midi import read_midi
from musiclab.midi_writer import midi_bytes
from musiclab.score import musicxml

FOLDER = Path(__file__).resolve().parents[1] / "datasets" / "models" / "examples"
SEEDS = range(10)
ABOUT = """# Pieces by the networks of this course

Ten of each kind, seeds 0 to 9, as they came: nobody chose them. `python tools/make_examples.py` writes the same files again.

"""


def styles():
    """The styles of the training tunes, the most frequent first."""
    habits = Corpus.load(beside(lstm.SHIPPED)).habits
    count = {style: sum(usual["meters"].values()) for style, usual in habits.items() if style}
    return sorted(count, key=lambda style: (-count[style], style))


def tune(seed):
    """A tune in the style whose turn it is."""
    return compose(styles()[seed], seed=seed)[0]


def chorale(seed):
    """A chorale of its own."""
    return compose("chorale", seed=seed)[0]


def harmonised(seed):
    """The tune with three voices under it."""
    return harmonise(tune(seed), rng=np.random.default_rng(seed))


def arranged(seed):
    """The tune with an accompaniment, the patterns in turn."""
    patterns = sorted(PATTERNS)
    return arrange(tune(seed), patterns[seed % len(patterns)])


KINDS = {"tune": tune, "chorale": chorale, "harmonised": harmonised, "arranged": arranged}


def main(kinds=(), folder=FOLDER, seeds=SEEDS):
    """Write the pieces, and a list of all that lie in the folder."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise SystemExit(f"kind {unknown[0]!r}: expected one or more of {', '.join(KINDS)}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds or KINDS:
        for seed in seeds:
            piece = KINDS[kind](seed)
            for suffix, content in ((".mid", midi_bytes(piece)), (".musicxml", musicxml(piece).encode())):
                with atomic_write(folder / f"{kind}-{seed}{suffix}") as file:
                    file.write(content)
    files = [path for kind in KINDS for path in sorted(folder.glob(f"{kind}-*.mid"))]
    with atomic_write(folder / "README.md") as file:
        file.write((ABOUT + "".join(f"- `{path.stem}`: {read_midi(path).title}\n" for path in files)).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
