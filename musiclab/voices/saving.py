"""From a trained network to a file, and back: float16 arrays (.npz) with layout and card (.json) beside them."""

import json
from dataclasses import asdict
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from musiclab.checkpoints import write_model
from musiclab.voices.layout import Layout
from musiclab.voices.stepping import Voices


def freeze_voices(model, layout, card=None):
    """The numpy `Voices` with the weights of a Keras model, rounded to float16 as they are saved."""
    by_layer = {}
    for weight in model.weights:
        layer, kind = weight.path.split("/")[-2:] if "lstm" not in weight.path else ("", weight.path.split("/")[-1])
        name = {"kernel": layer or "kernel", "embeddings": layer, "recurrent_kernel": "recurrent"}.get(kind)
        by_layer[name or (f"{layer}_bias" if layer else "bias")] = np.float16(weight)
    return Voices(by_layer, layout, card)


def save_voices(voices, path):
    """Write `Voices` to a .npz file, and layout and card to a .json file beside it.

    Raises:
        OSError: the file cannot be written; nothing is left half done.
    """
    write_model(path, voices.weights, {"layout": asdict(voices.layout), **voices.card})


def load_voices(path):
    """Read what `save_voices` wrote, with numpy alone.

    Raises:
        FileNotFoundError: the file, or the card beside it, is not there.
        ValueError: they hold no such model.
    """
    path = Path(path)
    for file in (path, path.with_suffix(".json")):
        if not file.exists():
            raise FileNotFoundError(f"{file}: no such file; `save_voices` writes a model (.npz) with its card (.json)")
    try:
        card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        layout = Layout(**card.pop("layout"))
        with np.load(path) as file:
            return Voices(dict(file), layout, card)
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, BadZipFile) as error:
        raise ValueError(f"{path} and its card are no saved model ({error})") from error
