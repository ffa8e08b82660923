"""musiclab: build a recurrent network by hand, train it on classroom MIDI, read and hear what it writes.

The rooms are modules: `from musiclab.midi import read_midi`. Importing the package itself loads none of them.
"""

__version__ = "0.1.0"
