"""What a page shows of the music beyond pictures: the score player, a keyboard, a live corner, and what brings them there.

Importing this loads no widgets; `ScorePlayer`, `Keyboard` and `Live` are fetched when they are asked for.
"""


def __getattr__(name):
    if name == "ScorePlayer":
        from musiclab.widgets.player import ScorePlayer as found
    elif name == "Keyboard":
        from musiclab.widgets.keyboard import Keyboard as found
    elif name == "Live":
        from musiclab.widgets.live import Live as found
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return found
