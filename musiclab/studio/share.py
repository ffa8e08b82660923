"""A piece as one page that needs nothing else: score, sound and card, to send to friends or to keep."""

import re
from html import escape

from musiclab.studio.card import card_html

LOOK = """
:root { color-scheme: light dark }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 900px; margin: 0 auto; padding: 1rem }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0 } th { min-width: 6rem }
"""


def page(take, piece, player):
    """The page as text.

    Args:
        take: a `Take`.
        piece: as it is mixed.
        player: the JavaScript that makes a player of each figure; "" for a plain one.
    """
    from musiclab.show import html

    player = player.replace("</script", r"<\/script")
    title = escape(piece.title or "A piece")
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{LOOK}</style>
<main>
<h1>{title}</h1>
{html(piece, sound=True)}
<h2>How it came about</h2>
<p>A neural network wrote this piece in the Studio of musiclab.</p>
{card_html(take)}
</main>
<script>{player}</script>
</html>
"""


def file_name(title):
    """A name for the page of a piece.

    >>> file_name("Reel in F# minor (seed 1)")
    'reel-in-f-sharp-minor-seed-1.html'
    """
    plain = re.sub("[^a-z0-9]+", "-", title.lower().replace("#", " sharp")).strip("-")
    return f"{plain or 'piece'}.html"
