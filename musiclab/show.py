"""How a `Piece` shows itself in a notebook: the score as a picture, a player for its sound, and a line in words.

All of it lies in the output itself, so it is there too in a saved notebook or a page made from it, without a kernel. The picture
is an `<img>`, which GitHub and JupyterLab show where they refuse drawings and sounds.
"""

import sys
from base64 import b64encode
from html import escape

PAGE = 1200  # pixels: what of a score is shown at once
MOST_BARS = 160  # more do not fit a page, so more are not drawn
MOST_SECONDS = 120.0  # of sound; about 0.9 MB


def html(piece):
    """The piece as HTML that needs nothing else.

    Of a long piece the first page is shown and the first two minutes are heard; the caption says what is left out.

    >>> from musiclab.piece import Note, Piece
    >>> print(html(Piece([Note(0, 96, 60)])).splitlines()[-2])
    <figcaption>Score of an untitled piece: 1 bar, in 4/4, one voice</figcaption>
    """
    from musiclab.notation import bars
    from musiclab.score import describe, svg_pages
    from musiclab.sound import audio_bytes, missing_sound_font_line, substitutions

    all_bars = bars(piece)
    start = piece.between(0, all_bars[MOST_BARS].start) if len(all_bars) > MOST_BARS else piece
    picture = svg_pages(start, height=PAGE)[0]
    hidden = len(all_bars) - picture.count('class="measure"')
    seconds = piece.seconds(piece.end)
    sound, mime = audio_bytes(piece, max_seconds=MOST_SECONDS if seconds > MOST_SECONDS else None)
    notes = [describe(piece)]
    notes += [f"{hidden} more bar{'s' * (hidden != 1)} not shown"] * (hidden > 0)
    notes += [f"the first {MOST_SECONDS:.0f} of {seconds:.0f} seconds to hear"] * (seconds > MOST_SECONDS)
    notes += filter(None, [missing_sound_font_line(), *substitutions(piece)])
    return (
        '<figure class="musiclab-piece" style="margin: 0.5em 0; max-width: 860px">\n'
        f'<img alt="{escape(notes[0])}" src="data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}" '
        'style="max-width: 100%; height: auto; background: white; padding: 8px; border-radius: 4px; box-sizing: border-box">\n'
        f'<audio controls preload="metadata" aria-label="Sound of {escape(notes[0].removeprefix("Score of "))}" style="display: block; width: 100%; margin: 4px 0" '
        f'src="data:{mime};base64,{b64encode(sound).decode()}"></audio>\n'
        f"<figcaption>{escape('; '.join(notes))}</figcaption>\n"
        "</figure>"
    )


def register(shell=None):
    """Let IPython show every `Piece` this way; says whether there was an IPython to tell.

    Args:
        shell: an `InteractiveShell`; the running one, if any, when left out.

    >>> register()
    False
    """
    if shell is None and "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
    if shell is None:
        return False
    shell.display_formatter.formatters["text/html"].for_type_by_name("musiclab.piece", "Piece", html)
    return True
