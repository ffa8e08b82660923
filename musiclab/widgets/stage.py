"""The Stage: out of sight, it brings the score player and its sound from a kernel to the page.

A page gets the player once from each kernel, so that a notebook stores none of it: a figure of `musiclab.show` holds picture, words
and times only. Messages to the page are `player` (the code of the player), `sound` (the synthesiser's code and the sound font, or why
there is none) and `answer`; the page wants the `stage` (both again, after it was loaded anew) or a `sound` (a MIDI file as base64,
where it cannot play itself: the answer is MP3).
"""

import sys
from base64 import b64decode
from pathlib import Path
from threading import Timer

import anywidget

STATIC = Path(__file__).parent / "static"
SOUND_FONT = Path(__file__).parents[1] / "data" / "soundfont.sf3"
LATER = 0.3  # seconds after which the sound follows: until then what a cell shows goes first

_stage = None


class Stage(anywidget.AnyWidget):
    """Sends the player as soon as it is made, and the sound a moment later, also while the cell still runs."""

    _esm = (STATIC / "stage.js").read_text()

    def __init__(self):
        super().__init__()
        self.on_msg(self._wanted)
        self._send_player()
        timer = Timer(LATER, self._send_sound)
        timer.daemon = True
        timer.start()

    def _wanted(self, _, message, buffers):
        if message.get("want") == "stage":
            self._send_player()
            self._send_sound()
        elif message.get("want") == "sound":
            try:
                answer, sound = rendered(message["midi"])
            except Exception as problem:  # whatever it is, the listener reads it
                answer, sound = {"problem": f"The kernel could not make the sound: {problem}"}, []
            self.send({"what": "answer", "id": message.get("id")} | answer, sound)

    def _send_player(self):
        self.send({"what": "player"}, [(STATIC / "player.js").read_bytes()])

    def _send_sound(self):
        try:
            self.send({"what": "sound"}, [(STATIC / "synth.js").read_bytes(), SOUND_FONT.read_bytes()])
        except FileNotFoundError as problem:
            self.send({"what": "sound", "problem": f"{Path(problem.filename).name} is missing from the installed package."}, [])
        except Exception:  # the kernel stops just now; a word on stderr would cost a marked cell its points
            return


def rendered(midi):
    """A MIDI file (base64) as finished sound: `({"mime": ...}, [bytes])`.

    >>> from musiclab.piece import Note, Piece
    >>> from musiclab.sheet import sheet
    >>> answer, [sound] = rendered(sheet(Piece([Note(0, 24, 60)]))["midi"])
    >>> answer["mime"].split("/")[0], len(sound) > 1000
    ('audio', True)
    """
    from musiclab.midi import read_midi
    from musiclab.sound import audio_bytes

    sound, mime = audio_bytes(read_midi(b64decode(midi)))
    return {"mime": mime}, [sound]


def set_stage():
    """See to it that this kernel has a Stage, if a page is there that takes it; says whether there is one.

    A kernel that runs a notebook for nobody (nbconvert, nbgrader) has none: whoever cannot be asked a question has no page.
    """
    global _stage
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if not hasattr(shell, "kernel") or not (shell.kernel._allow_stdin or _in_voila()):
        return False
    if _stage is None or _stage.comm is None:
        _stage = Stage()
    return True


def _in_voila():
    from os import environ

    return environ.get("SERVER_SOFTWARE", "").startswith("voila/")
