"""The gallery: the pieces in `datasets/models/examples`, each with its score, its sound and its card."""

from html import escape

from musiclab import choir, lstm, show
from musiclab.corpus import Corpus, beside
from musiclab.midi import read_midi
from musiclab.provenance import originality, originality_line

KINDS = {  # as tools/make_examples.py names them
    "tune": ("Tunes", "A network that learned from thousands of dance tunes wrote these, one in each style."),
    "chorale": ("Chorales", "A network that learned from Bach's chorales wrote these for four voices."),
    "harmonised": ("Tunes harmonised", "The ten tunes again, with three voices put under them by the network of the chorales."),
    "arranged": ("Tunes arranged", "The ten tunes again, with an accompaniment made by rules, a pattern for each."),
}


def body(examples):
    """The page's HTML, sounds inside.

    Args:
        examples: folder of MIDI files named after their kind and seed.
    """
    corpora = {"chorale": Corpus.load(beside(choir.SHIPPED)), "tune": Corpus.load(beside(lstm.SHIPPED))}
    parts = [
        "<h1>Gallery</h1>",
        "<p>Ten pieces of each kind, seeds 0 to 9, as they came from the networks of this course: nobody chose them. In the Studio "
        "you make your own; on your computer, <code>make studio</code> opens it.</p>",
        '<p class="kinds">' + "".join(f'<a href="#{kind}">{escape(name)}</a>' for kind, (name, _) in KINDS.items()) + "</p>",
    ]
    for kind, (name, about) in KINDS.items():
        parts.append(f'<h2 id="{kind}">{escape(name)}</h2>\n<p>{escape(about)}</p>')
        for path in sorted(examples.glob(f"{kind}-*.mid"), key=lambda path: int(path.stem.split("-")[1])):
            parts.append(_piece(path, corpora["chorale" if kind == "chorale" else "tune"]))
    return "\n".join(parts)


def _piece(path, corpus):
    piece = read_midi(path)
    melody = [note for note in piece.notes if note.voice == 0]
    line = originality_line({"notes": len(melody), "originality": originality(melody, piece, corpus)})
    facts = [f"{len(piece.notes)} notes, {piece.seconds(piece.end):.0f} seconds", line]
    return (
        f'<section class="piece" aria-labelledby="{path.stem}">\n<h3 id="{path.stem}">{escape(piece.title)}</h3>\n'
        f"{show.html(piece, sound=True)}\n<ul>{''.join(f'<li>{escape(fact)}</li>' for fact in facts)}</ul>\n</section>"
    )
