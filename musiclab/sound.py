"""Sound of a `Piece`: FluidSynth plays it with the sound font that ships inside the package, or plain tones stand in.

Samples are float32, shape (n_frames, 2), left and right between -1 and 1, `SAMPLE_RATE` frames a second.
"""

import io
import wave
from functools import cache
from pathlib import Path

import numpy as np

from musiclab import fluid, tones
from musiclab.atomic import atomic_write
from musiclab.instruments import nearest_program, substitutions
from musiclab.perform import MIDDLE, gains, seated
from musiclab.piece import DRUMS
from musiclab.samples import encoded

__all__ = [
    "SAMPLE_RATE",
    "audio_bytes",
    "missing_sound_font_line",
    "nearest_program",
    "render",
    "substitutions",
    "wav_bytes",
    "write_wav",
]

SAMPLE_RATE = 44_100
PEAK = 10 ** (-1 / 20)  # -1 dBFS, so that a later conversion does not clip
SOUND_FONT = Path(__file__).parent / "data" / "soundfont.sf3"
LONGEST = 3600.0  # seconds; an hour is 1.3 GB of samples on the way
TAIL = 3.0  # seconds after the last note in which it may ring out
SILENCE = 10 ** (-60 / 20)  # of the peak: where the ringing is taken to have ended
HUM = 1e-7  # FluidSynth's reverb is never quite still; the softest note is a hundred times louder
FADE = 0.5  # seconds in which the end is softened
DRUM_KEYS = 35, 81  # of General MIDI; keys beyond take the nearest, so that no stroke is lost

OFF, ON = 0, 1  # in this order when they fall on the same frame
VOLUME, BALANCE, SPACE = 7, 10, 91  # controller numbers


def render(piece, *, max_seconds=None):
    """Play a piece into samples.

    The same piece gives the same samples. The loudest peak is at -1 dBFS however soft the velocities; between notes they
    count, and so do the voices' volume, balance and space.

    Args:
        max_seconds: fade out and stop there; None for the whole piece and its ringing out.

    Returns:
        (n_frames, 2) float32.

    Raises:
        ValueError: the piece lasts more than an hour and `max_seconds` is not given, or it is not a positive number.

    >>> from musiclab.piece import Note, Piece
    >>> samples = render(Piece([Note(0, 24, 60)]))
    >>> samples.shape[1], round(float(abs(samples).max()), 2)
    (2, 0.89)
    """
    if max_seconds is not None and not 0 < max_seconds <= LONGEST:
        raise ValueError(f"max_seconds {max_seconds!r}: expected more than 0 and at most {LONGEST:.0f}")
    seconds = _clock(piece)(piece.end) if piece.notes else 0.0
    if max_seconds is None and seconds > LONGEST:
        raise ValueError(
            f"{piece!r} lasts {seconds / 3600:.1f} hours: expected at most {LONGEST / 3600:.0f}; "
            "pass max_seconds, or cut it with piece.between"
        )
    n_frames = round((seconds + TAIL) * SAMPLE_RATE)
    if max_seconds is not None:
        n_frames = min(n_frames, round(max_seconds * SAMPLE_RATE))
    samples = (_plain_tones if missing_sound_font_line() else _orchestra)(seated(piece), n_frames)
    return _finished(samples, round(seconds * SAMPLE_RATE))


def missing_sound_font_line():
    """One line that says what to install where the instruments cannot play; "" where they can."""
    problem = _problem()
    if not problem:
        return ""
    return (
        f"You hear plain tones, because {problem}. For real instruments: on Debian or Ubuntu 'sudo apt-get install "
        "libfluidsynth3', with conda 'conda install -c conda-forge fluidsynth', on macOS 'brew install fluid-synth', on "
        "Windows 'choco install fluidsynth'; then restart Python."
    )


@cache
def _problem():
    """Why the sound font cannot be played, or ""; tried once, because it does not change while Python runs."""
    if fluid.library() is None:
        return "FluidSynth (libfluidsynth) was not found"
    if not SOUND_FONT.exists():
        return f"the sound font {SOUND_FONT.name} is missing from the installed package"
    try:
        with fluid.Synth(SOUND_FONT, SAMPLE_RATE) as synth:
            synth.select(0, 73)
    except OSError:
        return "the FluidSynth found here cannot read our sound font (it was built without libsndfile)"
    return ""


def _clock(piece):
    """A function from ticks (a number or an array) to seconds, by the tempo map."""
    ticks = [tick for tick, _ in piece.tempos] + [max(piece.end, piece.tempos[-1][0]) + 1]
    seconds = [piece.seconds(tick) for tick in ticks]
    return lambda tick: np.interp(tick, ticks, seconds)  # exact: between two changes of tempo time runs evenly


def _orchestra(piece, n_frames):
    """FluidSynth's sound, (n_frames, 2), as soft as it comes."""
    array = piece.array
    drums = np.array([voice.program == DRUMS for voice in piece.voices])
    on_drums = drums[array[:, 4]]
    array[on_drums, 2] = np.clip(array[on_drums, 2], *DRUM_KEYS)
    programs = [nearest_program(voice.program) for voice in piece.voices]
    # A channel for each voice; where even 256 do not suffice, voices with the same instrument share one.
    keys = range(len(programs)) if len(programs) <= fluid.MAX_CHANNELS else programs
    mix = {key: (voice.volume, voice.balance, voice.space) for key, voice in zip(keys, piece.voices)}
    channels = {key: channel for channel, key in enumerate(dict.fromkeys(keys))}
    channel_of = np.array([channels[key] for key in keys])

    frames = np.rint(_clock(piece)(np.stack([array[:, 0], array[:, 0] + array[:, 1]])) * SAMPLE_RATE).astype(np.int64)
    channel = channel_of[array[:, 4]]
    events = sorted(
        (frame, kind, int(channel[i]), int(array[i, 2]), int(array[i, 3]))
        for kind, column in ((ON, frames[0]), (OFF, frames[1]))
        for i, frame in enumerate(column.tolist())
        if frame < n_frames
    )
    samples = np.zeros((n_frames, 2), np.float32)
    held = {}  # (channel, pitch) -> how many notes hold it: the last one lets go
    with fluid.Synth(SOUND_FONT, SAMPLE_RATE, len(channels)) as synth:
        for program, is_drum, key in zip(programs, drums, keys):
            synth.select(channels[key], 0 if is_drum else program, fluid.DRUM_BANK if is_drum else 0)
            for controller, value in zip((VOLUME, BALANCE, SPACE), mix[key]):
                synth.control(channels[key], controller, value)
        now = 0
        for frame, kind, number, pitch, velocity in events:
            if frame > now:
                synth.play_into(samples[now:frame])
                now = frame
            if kind == ON:
                held[number, pitch] = held.get((number, pitch), 0) + 1
                synth.note_on(number, pitch, velocity)
            else:
                held[number, pitch] -= 1
                if held[number, pitch] == 0:
                    synth.note_off(number, pitch)
        synth.play_into(samples[now:])
    return samples


def _plain_tones(piece, n_frames):
    clock = _clock(piece)
    drums = [voice.program == DRUMS for voice in piece.voices]
    samples = np.zeros((n_frames, 2), np.float32)
    for i, voice in enumerate(piece.voices):
        notes = [(clock(n.start), clock(n.end), n.pitch, n.velocity, drums[i]) for n in piece.notes if n.voice == i]
        if notes:
            samples += tones.play(notes, n_frames, SAMPLE_RATE)[:, None] * gains(voice).astype(np.float32)
    return samples


def _finished(samples, n_written):
    """Samples at full level, without the silence after the ringing, and with a soft end; at least `n_written` frames."""
    peak = max(samples.max(initial=0), -samples.min(initial=0))
    samples *= np.float32(PEAK / peak if peak > HUM else 0)
    ringing = np.flatnonzero(np.abs(samples[n_written:]).max(axis=1, initial=0) > SILENCE * PEAK)
    samples = samples[: n_written + (ringing[-1] + 1 if len(ringing) else 0)]
    n_ringing = len(samples) - n_written  # 0 or less where the piece was cut short
    n_fade = min(round(FADE * SAMPLE_RATE), n_ringing if n_ringing > 0 else len(samples))
    samples[len(samples) - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)[:, None]
    return samples


def wav_bytes(samples):
    """Samples as the bytes of a 16-bit stereo WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def write_wav(piece, path):
    """Write the sound of a piece as a 16-bit stereo WAV file: all of it or, on an error, nothing.

    Raises:
        OSError: the file cannot be written; the error names it.
    """
    path = Path(path)
    content = wav_bytes(render(piece))
    try:
        with atomic_write(path) as file:
            file.write(content)
    except OSError as error:
        raise OSError(error.errno, f"cannot write the sound: {error.strerror}", str(path)) from error


def audio_bytes(piece, *, max_seconds=None):
    """The sound of a piece, small enough for a page: `(bytes, MIME type)`, see `encoded`; a piece of one voice is in mono."""
    samples = render(piece, max_seconds=max_seconds)
    if not len(samples):
        samples = np.zeros((SAMPLE_RATE // 10, 2), np.float32)  # a player shows an error for a file of no length
    if len(piece.voices) == 1 and piece.voices[0].balance in (None, MIDDLE):
        samples = samples.mean(axis=1, keepdims=True)  # one voice stands in the middle: half the bytes, half the time
    return encoded(samples, SAMPLE_RATE)
