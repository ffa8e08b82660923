"""One network for several voices at once: chords in time, written slot by slot, with exact likelihoods.

`Layout` says how a piece is written as numbers, `columns` what the network reads of it, `build_voices` and `train_voices` make and
train a network in Keras, and `Voices` steps through it in numpy, as `musiclab.generate` expects of a model.
"""

from musiclab.voices.layout import Layout, chords_of_frames, frames_of_chords
from musiclab.voices.network import build_voices, padded, surprises
from musiclab.voices.past import columns, transposed
from musiclab.voices.saving import freeze_voices, load_voices, save_voices
from musiclab.voices.stepping import Voices
from musiclab.voices.training import VoicesTraining, train_voices

__all__ = [
    "Layout",
    "Voices",
    "VoicesTraining",
    "build_voices",
    "chords_of_frames",
    "columns",
    "frames_of_chords",
    "freeze_voices",
    "load_voices",
    "padded",
    "save_voices",
    "surprises",
    "train_voices",
    "transposed",
]
