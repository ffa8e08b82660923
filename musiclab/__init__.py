"""musiclab: build a recurrent network by hand, train it on classroom MIDI, read and hear what it writes.

The rooms are modules: `from musiclab.midi import read_midi`. Importing the package itself loads none of them; only where IPython
runs, `musiclab.show` (a few lines) lets every `Piece` show and sound itself.
"""

import sys

__version__ = "0.1.0"

if "IPython" in sys.modules:
    from musiclab import show

    show.register()
