"""How a `Piece` shows itself in a notebook: the score as a picture, a line in words, and what a player needs to play it.

Picture and words lie in the output itself, so they are there too in a saved notebook or a page made from it, without a kernel. The
picture is an `<img>`, which GitHub and JupyterLab show where they refuse drawings and scripts. Where a page has the player (a kernel's
Stage brings it, or `player.js` beside the page), the player takes the picture's place.
"""

import json
import os
import sys
from base64 import b64encode
from html import escape

PAGE = 5000  # pixels: what of a score is shown
MOST_BARS = 160  # more do not fit a page, so more are not drawn
MOST_SECONDS = 120.0  # of sound in the page itself; about 0.9 MB
SOUND = "MUSICLAB_SOUND"  # environment variable: "embed" puts the sound into the page, for pages without a kernel

FOUND = "<script>(globalThis.musiclabFigures ||= []).push(document.currentScript.parentElement)</script>"


def html(piece, sound=None):
    """The piece as HTML that needs nothing else to be read, and a player to be heard.

    Of a very long piece the first bars are shown; the caption says what is left out.

    Args:
        sound: put the sound into the page too, two minutes at most; None does as the environment variable `MUSICLAB_SOUND` says.

    >>> from musiclab.piece import Note, Piece
    >>> print(html(Piece([Note(0, 96, 60)])).splitlines()[2])
    <figcaption style="margin: 6px 2px 0">Score of an untitled piece: 1 bar, in 4/4, one voice</figcaption>
    """
    from musiclab.notation import bars
    from musiclab.score import svg_pages
    from musiclab.sheet import sheet
    from musiclab.sound import substitutions

    all_bars = bars(piece)
    start = piece.between(0, all_bars[MOST_BARS].start) if len(all_bars) > MOST_BARS else piece
    picture = svg_pages(start, height=PAGE)[0]
    hidden = len(all_bars) - picture.count('class="measure"')
    told = sheet(piece)
    words = [told["words"]]
    words += [f"{hidden} more bar{'s' * (hidden != 1)} not shown"] * (hidden > 0)
    heard, more_words = _audio(piece, told) if embeds(sound) else ("", [])
    line = escape("; ".join([*words, *more_words, *substitutions(piece)]))
    return "\n".join(
        [
            '<figure class="musiclab-piece" style="margin: 0.5em 0; max-width: 980px">',
            f'<img alt="{escape(told["words"])}" src="data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}" '
            'style="max-width: 100%; height: auto; background: white; padding: 8px; border-radius: 4px; box-sizing: border-box">'
            + heard,
            f'<figcaption style="margin: 6px 2px 0">{line}</figcaption>',
            f'<script type="application/json">{_script_safe(told)}</script>',
            FOUND,
            "</figure>",
        ]
    )


def embeds(sound=None):
    """Whether the sound goes into the page: as `sound` says, or if it is None, the environment."""
    return os.environ.get(SOUND) == "embed" if sound is None else bool(sound)


def _audio(piece, told):
    """The sound as an element of the page, and what there is to say about it."""
    from musiclab.sound import audio_bytes, missing_sound_font_line

    seconds = told["seconds"]
    cut = seconds > MOST_SECONDS
    sound, mime = audio_bytes(piece, max_seconds=MOST_SECONDS if cut else None)
    name = escape(told["words"].removeprefix("Score of "))
    element = (
        f'\n<audio controls preload="metadata" aria-label="Sound of {name}" style="display: block; width: 100%; margin: 4px 0" '
        f'src="data:{mime};base64,{b64encode(sound).decode()}"></audio>'
    )
    words = [f"the first {MOST_SECONDS:.0f} of {seconds:.0f} seconds to hear"] * cut
    return element, [*words, *filter(None, [missing_sound_font_line()])]


def _script_safe(told):
    """JSON that cannot end the script element it stands in."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def shown(piece):
    """The piece for a notebook's output; where a page looks on, its kernel sends the player there."""
    page = html(piece)
    try:
        if "ipykernel" in sys.modules:
            from musiclab.widgets.stage import set_stage

            set_stage()
    except Exception as error:  # whatever it is, the picture and the words are there all the same
        page += f"\n<p>The player could not come to this page ({escape(type(error).__name__)}: {escape(str(error))}).</p>"
    return page


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
    shell.display_formatter.formatters["text/html"].for_type_by_name("musiclab.piece", "Piece", shown)
    return True
