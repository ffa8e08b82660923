"""What a page shows of the music beyond pictures: the score player, and what brings it there.

Importing this loads no widgets; `ScorePlayer` is fetched when it is asked for.
"""


def __getattr__(name):
    if name == "ScorePlayer":
        from musiclab.widgets.player import ScorePlayer

        return ScorePlayer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
