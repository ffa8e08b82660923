"""`ScorePlayer`: the score player as a widget, for programs that show one piece after another."""

import anywidget
import traitlets

from musiclab.perform import seated
from musiclab.piece import Piece
from musiclab.score import svg_pages
from musiclab.sheet import sheet
from musiclab.widgets.stage import STATIC, set_stage

LONGEST_PAGE = 24_000  # pixels: what Verovio draws on one page


class ScorePlayer(anywidget.AnyWidget):
    """A piece as a score that plays, with a mixer, views and files to take home.

    Args:
        piece: what to show, or None for nothing yet; `player.piece = other` shows another.

    `mix` is a dict with `volume`, `balance`, `space` (0 to 127) and `muted` for each voice, as the listener hears it: it follows the
    knobs, and the knobs follow it. `position` is where the listener went last, in seconds.
    """

    _esm = (STATIC / "scoreplayer.js").read_text()
    piece = traitlets.Instance(Piece, allow_none=True)
    sheet = traitlets.Dict().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    mix = traitlets.List(traitlets.Dict()).tag(sync=True)
    position = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, piece=None, **traits):
        super().__init__(**traits)
        set_stage()
        self.piece = piece

    @traitlets.observe("piece")
    def _show(self, change):
        piece = change["new"]
        with self.hold_sync():  # a page never sees half a piece
            self.position = 0.0
            self.mix = [] if piece is None else [_place(voice) for voice in seated(piece).voices]
            self.picture = "" if piece is None else svg_pages(piece, height=LONGEST_PAGE)[0]
            self.sheet = {} if piece is None else sheet(piece)

    def _repr_mimebundle_(self, **options):
        """The widget; and for a page without a kernel, where it is blank, the piece as a figure."""
        from musiclab.show import html

        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        if data is None or self.piece is None:
            return made
        return {**data, "text/html": html(self.piece)}, metadata


def _place(voice):
    return {"volume": voice.volume, "balance": voice.balance, "space": voice.space, "muted": False}
