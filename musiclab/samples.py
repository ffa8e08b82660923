"""Samples of sound as a small file that browsers play, and as something to hear in a notebook."""

import io
from base64 import b64encode
from dataclasses import dataclass

import numpy as np

WRITE_CHUNK = 4096  # frames: libsndfile crashes when it is handed minutes of Vorbis in one piece
MUSIC = {1: 0.7, 2: 0.95}  # n_channels -> how much is left out; in the music of the course the ear misses none of it


def encoded(samples, rate, left_out=None):
    """Samples as `(bytes, MIME type)`: MP3, which every browser plays.

    Ogg Vorbis where libsndfile knows no MP3 (before 1.1).

    Args:
        samples: (n,) or (n, n_channels) between -1 and 1.
        rate: samples a second, one of those that MP3 knows, 8000 to 48000.
        left_out: from 0, the finest, to 1, the smallest; if None, what suits music, about 60 kilobits a second.
    """
    import soundfile

    samples = np.asarray(samples, dtype=np.float32).reshape(len(samples), -1)
    if "MP3" in soundfile.available_formats():
        mime, settings = "audio/mpeg", {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "VARIABLE"}
    else:
        mime, settings = "audio/ogg", {"format": "OGG", "subtype": "VORBIS"}
    settings["compression_level"] = MUSIC[samples.shape[1]] if left_out is None else left_out
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", rate, samples.shape[1], **settings) as file:
        for start in range(0, len(samples), WRITE_CHUNK):
            file.write(samples[start : start + WRITE_CHUNK])
    return buffer.getvalue(), mime


@dataclass(frozen=True)
class Sound:
    """Samples that a notebook plays as they are, no louder; a tenth of the size that `IPython.display.Audio` makes of them.

    Args:
        samples: (n,), or (n, 2) for left and right, between -1 and 1; what is beyond is cut off.
        rate: samples a second, 8000 to 48000.

    Raises:
        ValueError: there are no samples, or they are not of such a shape.

    >>> Sound(np.zeros(22050), 22050)
    A sound of 1.0 seconds
    """

    samples: np.ndarray
    rate: int

    def __post_init__(self):
        shape = np.shape(self.samples)
        if not (len(shape) == 1 or len(shape) == 2 and shape[1] in (1, 2)) or not shape[0]:
            raise ValueError(f"samples of shape {shape}: expected (n,) or (n, 2) with at least one sample")

    def __repr__(self):
        return f"A sound of {len(self.samples) / self.rate:.1f} seconds"

    def _repr_html_(self):
        content, mime = encoded(np.clip(self.samples, -1, 1), self.rate, left_out=0)  # in a pure tone one hears the least noise
        source = f"data:{mime};base64,{b64encode(content).decode()}"
        return f'<audio controls aria-label="{self}" src="{source}"></audio>'
