"""What a training leaves on disk: its state after each epoch, so that it can go on after a kill as if nothing had happened, and at
last the model."""

import json
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from musiclab.atomic import atomic_write


class Checkpoints:
    """The folder in which a training keeps its state: weights, optimizer, dropout's random state, best weights, history.

    Args:
        folder: made if there is none.
        settings: dict that must be the same for a training to go on.
    """

    def __init__(self, folder, settings):
        self.file, self.settings = Path(folder) / "checkpoint.npz", settings
        check_writable(folder)
        self._found = self._read() if self.file.exists() else None

    def _read(self):
        afresh = f"delete {self.file.parent} to start afresh"
        try:
            with np.load(self.file) as arrays:
                found = dict(arrays)
            about = json.loads(str(found.pop("about")))
        except (ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ValueError(f"{self.file} is damaged ({error}): {afresh}") from error
        changed = [name for name, value in self.settings.items() if about["settings"].get(name) != value]
        if changed:
            was = ", ".join(f"{name} was {about['settings'].get(name)}, now {self.settings[name]}" for name in changed)
            raise ValueError(
                f"{self.file.parent} holds a training with other settings ({was}): {afresh}, or choose another --out"
            )
        return about["history"], found

    def restore(self, model):
        """Put a model where the last epoch left it: `(history, best weights)`."""
        if self._found is None:
            return [], model.get_weights()
        history, arrays = self._found
        for i, variable in enumerate(_variables(model)):
            variable.assign(arrays[f"now_{i}"])
        return history, [arrays[f"best_{i}"] for i in range(len(model.get_weights()))]

    def keep(self, model, history, best):
        """Write the state after an epoch; a kill in the middle, or a full disk, leaves the one before.

        Raises:
            OSError: it cannot be written.
        """
        arrays = {f"now_{i}": np.asarray(variable) for i, variable in enumerate(_variables(model))}
        arrays |= {f"best_{i}": array for i, array in enumerate(best)}
        try:
            with atomic_write(self.file) as file:
                np.savez(file, about=json.dumps({"settings": self.settings, "history": history}), **arrays)
        except OSError as error:
            raise OSError(f"cannot write the checkpoint {self.file}: {error.strerror or error}; make room") from error


def check_settings(settings, ranges):
    """Raise ValueError for a setting that is out of its range: name -> (lowest, highest), whole numbers where the lowest is one."""
    for name, (low, high) in ranges.items():
        value, whole = settings[name], isinstance(low, int)
        if not low <= value <= high or (whole and value != int(value)):
            raise ValueError(f"{name} {value}: expected a {'whole ' if whole else ''}number from {low:g} to {high:g}")


def write_model(path, weights, card):
    """Write arrays to a .npz file, and a card to a .json file beside it.

    Raises:
        OSError: a file cannot be written; nothing is left half done.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as file:
            np.savez_compressed(file, **weights)
        with atomic_write(path.with_suffix(".json")) as file:
            file.write((json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        why = error.strerror or error
        raise OSError(f"cannot write the model to {path}: {why}; make room or choose another place") from error


def check_writable(folder):
    """Make a folder where there is none, and raise OSError if nothing can be written there."""
    trial = Path(folder) / "trial"
    try:
        trial.parent.mkdir(parents=True, exist_ok=True)
        trial.write_text("")
        trial.unlink()
    except OSError as error:
        raise OSError(f"cannot write to {folder}: {error.strerror}; choose another place for the model") from error


def _variables(model):
    model.optimizer.build(model.trainable_variables)
    return [*model.variables, *model.optimizer.variables]
