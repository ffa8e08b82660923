"""FluidSynth, the synthesiser that plays sound fonts: found, opened and spoken to through ctypes.

Direct, because the Python binding on PyPI prints at import under CI, looks in neither conda's nor Homebrew's folders, and hands
out 16 bits where quiet music wants floats. Documentation of the calls: https://www.fluidsynth.org/api/
"""

import ctypes
import os
import sys
from ctypes import c_char_p, c_double, c_int, c_void_p
from functools import cache
from pathlib import Path

FILES = {  # by sys.platform: what the library is called; the number counts incompatible versions, newest first
    "win32": ("libfluidsynth-3.dll", "fluidsynth-3.dll", "libfluidsynth-2.dll", "fluidsynth.dll", "libfluidsynth.dll"),
    "darwin": ("libfluidsynth.3.dylib", "libfluidsynth.2.dylib", "libfluidsynth.dylib"),
}.get(sys.platform, ("libfluidsynth.so.3", "libfluidsynth.so.2", "libfluidsynth.so"))

CALLS = {  # name -> (type of the result, types of the arguments)
    "new_fluid_settings": (c_void_p, []),
    "fluid_settings_setint": (c_int, [c_void_p, c_char_p, c_int]),
    "fluid_settings_setnum": (c_int, [c_void_p, c_char_p, c_double]),
    "delete_fluid_settings": (None, [c_void_p]),
    "new_fluid_synth": (c_void_p, [c_void_p]),
    "delete_fluid_synth": (None, [c_void_p]),
    "fluid_synth_sfload": (c_int, [c_void_p, c_char_p, c_int]),
    "fluid_synth_program_select": (c_int, [c_void_p, c_int, c_int, c_int, c_int]),
    "fluid_synth_cc": (c_int, [c_void_p, c_int, c_int, c_int]),
    "fluid_synth_noteon": (c_int, [c_void_p, c_int, c_int, c_int]),
    "fluid_synth_noteoff": (c_int, [c_void_p, c_int, c_int]),
    "fluid_synth_write_float": (c_int, [c_void_p, c_int, c_void_p, c_int, c_int, c_void_p, c_int, c_int]),
    "fluid_set_log_function": (c_void_p, [c_int, c_void_p, c_void_p]),
}
LOG_LEVELS = 5  # panic, error, warning, information, debugging
DRUM_BANK = 128
MAX_CHANNELS = 256


@cache
def library():
    """The loaded library with typed calls, or None where there is none."""
    for candidate in _candidates():
        try:
            loaded = ctypes.CDLL(candidate)
            for name, (result, arguments) in CALLS.items():
                call = getattr(loaded, name)
                call.restype, call.argtypes = result, arguments
        except (OSError, AttributeError):  # not there, for another processor, or no FluidSynth: the next may do
            continue
        for level in range(LOG_LEVELS):
            loaded.fluid_set_log_function(level, None, None)  # anything on stderr costs a student all marks of a cell
        return loaded
    return None


def _candidates():
    """Names and paths to try: the running environment's own library first, for it matches what else is loaded from there."""
    prefixes = [sys.prefix, os.environ.get("CONDA_PREFIX"), os.environ.get("HOMEBREW_PREFIX")]
    folders = [Path(prefix, *inside) for prefix in prefixes if prefix for inside in (("lib",), ("Library", "bin"))]
    for folder in folders:
        yield from (str(folder / name) for name in FILES if (folder / name).exists())
    yield from FILES  # wherever the system's own loader looks
    for folder in ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib", r"C:\tools\fluidsynth\bin"):
        yield from (str(Path(folder, name)) for name in FILES if Path(folder, name).exists())
    from ctypes.util import find_library  # last, for it starts a compiler to ask

    yield from filter(None, map(find_library, ("fluidsynth", "libfluidsynth-3", "libfluidsynth")))


class Synth:
    """A synthesiser with one sound font, to be used in a `with` block.

    Args:
        font: path of an SF2 or SF3 file.
        rate: frames a second.
        n_channels: each plays one instrument; 1 to `MAX_CHANNELS`.

    Raises:
        OSError: no library, or it cannot read the font (FluidSynth built without libsndfile reads no SF3).
    """

    def __init__(self, font, rate, n_channels=16):
        self.fluid = library()
        if self.fluid is None:
            raise OSError("libfluidsynth is missing")
        self.settings = self.fluid.new_fluid_settings()
        whole = {
            b"synth.midi-channels": -(-n_channels // 16) * 16,  # it counts in sixteens
            b"synth.dynamic-sample-loading": 1,  # decode only the instruments in use
            b"synth.chorus.active": 0,
            b"synth.reverb.active": 1,
            b"synth.polyphony": 512,
        }
        for name, value in whole.items():
            self.fluid.fluid_settings_setint(self.settings, name, value)
        self.fluid.fluid_settings_setnum(self.settings, b"synth.sample-rate", float(rate))
        self.synth = self.fluid.new_fluid_synth(self.settings)
        self.font = self.fluid.fluid_synth_sfload(self.synth, os.fsencode(font), 0)
        if self.font < 0:
            self.close()
            raise OSError(f"{font}: libfluidsynth cannot read it")

    def select(self, channel, program, bank=0):
        """Put an instrument on a channel."""
        if self.fluid.fluid_synth_program_select(self.synth, channel, self.font, bank, program) != 0:
            raise OSError(f"the sound font has no program {program} in bank {bank}, or its samples cannot be decoded")

    def control(self, channel, number, value):
        """Send a controller (10 balance, 91 reverb ...), 0 to 127."""
        self.fluid.fluid_synth_cc(self.synth, channel, number, value)

    def note_on(self, channel, pitch, velocity):
        self.fluid.fluid_synth_noteon(self.synth, channel, pitch, velocity)

    def note_off(self, channel, pitch):
        self.fluid.fluid_synth_noteoff(self.synth, channel, pitch)

    def play_into(self, samples):
        """Let time pass and fill (n_frames, 2) float32, C-contiguous, with what sounds meanwhile."""
        left = samples.ctypes.data_as(c_void_p)
        self.fluid.fluid_synth_write_float(self.synth, len(samples), left, 0, 2, left, 1, 2)

    def close(self):
        self.fluid.delete_fluid_synth(self.synth)
        self.fluid.delete_fluid_settings(self.settings)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
