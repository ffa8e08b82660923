"""The sets of music that `likelihood.py` trains and tests on: read, laid out, moved to other keys."""

import io
import json
import pickle
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from musiclab.voices import Layout, columns, frames_of_chords, transposed

SPLITS = ("train", "valid", "test")
WHERE = "the public repository czhuang/JSB-Chorales-dataset has it; give the folder with --folder"
SIXTEENTHS_MAY_MOVE = 6  # semitones
QUARTERS_MAY_MOVE = 3
PIANO = 21, 108  # the keys that the sets of 2012 were written on


@dataclass
class MusicSet:
    """One set, ready to be learned.

    Args:
        name: of the set, and of its files of results.
        unit: what a figure is counted by: "frame" or "note".
        layout: a `Layout`, whose one given column is how far a piece was moved, counted from the lowest such step.
        frames: split -> one array (n_frames, n_slots) a piece.
        moves: split -> for each piece (lowest, highest): semitones it may be moved by.
        share_moved: how much of the training music is moved at all.
        average_moves: whether a figure averaged over all moves is of use: not where all pieces were put in one key beforehand.
        epochs: how long a training takes.
        window: longer pieces are learned in excerpts of so many frames.
        notes: what was assumed, in words.
        digest: of the file that was read.
    """

    name: str
    unit: str
    layout: Layout
    frames: dict
    moves: dict
    share_moved: float
    average_moves: bool
    epochs: int
    window: int
    notes: tuple
    digest: str
    _tables: dict = field(default_factory=dict)

    def tables(self, split):
        """What the network reads of each piece, not moved."""
        if split not in self._tables:
            self._tables[split] = [columns(self.layout, piece, self._given(piece, 0)) for piece in self.frames[split]]
        return self._tables[split]

    def moved(self, table, semitones):
        """The same piece in another key, which is told to the network."""
        table = transposed(self.layout, table, semitones)
        table[:, self.layout.places["given"]] = self._given(table, semitones)
        return table

    def top(self, frame):
        """The first slot's id if it is a pitch: the soprano, or the highest note."""
        return int(frame[0]) if 1 <= frame[0] <= self.layout.n_pitches else None

    def draw(self, rng):
        """The training pieces of one epoch: some in other keys, long ones in excerpts."""
        drawn = []
        for table, (lowest, highest) in zip(self.tables("train"), self.moves["train"]):
            semitones = int(rng.integers(lowest, highest + 1)) if rng.random() < self.share_moved else 0
            table = self.moved(table, semitones)
            first = int(rng.integers(1, self.window + 1)) if len(table) > self.window else len(table)
            cuts = [0, *range(first, len(table), self.window), len(table)]
            drawn += [table[a:b] for a, b in zip(cuts, cuts[1:])]
        return drawn

    def _given(self, piece, semitones):
        return np.full((len(piece), 1), semitones + (self.layout.given[0] - 1) // 2)


def quarter_notes(folder):
    """The chorales at quarter notes, in C (Boulanger-Lewandowski 2012): nats a frame."""
    path = _there(Path(folder) / "jsb-chorales-quarter.json")
    chords = json.loads(path.read_text(encoding="utf-8"))
    return _of_chords("quarter", chords, path, QUARTERS_MAY_MOVE, epochs=110, pitches=(43, 96))


def sixteenths(folder):
    """The chorales at sixteenths, four voices in their own keys: nats a note, silence counted as one."""
    path = _there(Path(folder) / "Jsb16thSeparated.npz")
    with np.load(path, allow_pickle=True, encoding="latin1") as arrays:  # an array of arrays; run this on a file you trust
        voices = {split: [np.asarray(piece, float)[:, [0, 3, 1, 2]] for piece in arrays[split]] for split in SPLITS}
    ranges = [np.nanmin(np.concatenate(voices["train"]), axis=0), np.nanmax(np.concatenate(voices["train"]), axis=0)]
    far = SIXTEENTHS_MAY_MOVE
    lowest, highest = int(ranges[0].min()) - far, int(ranges[1].max()) + far
    layout = Layout(lowest, highest - lowest + 1, lags=(1, 2, 3, 4, 8), frames_a_beat=4, given=(2 * far + 1,))
    frames = {
        split: [np.where(np.isnan(piece), layout.none, piece - lowest + 1).astype(np.int32) for piece in pieces]
        for split, pieces in voices.items()
    }
    moves = {split: [_room(piece, ranges, far) for piece in pieces] for split, pieces in voices.items()}
    notes = ("four voices in the order soprano, bass, alto, tenor; the network's memory takes one step a quarter note",)
    return MusicSet("sixteenths", "note", layout, frames, moves, 1.0, True, 180, 4096, notes, _digest(path))


def other_set(path, frames_a_beat=1):
    """A set in the form of 2012: a .mat file of piano rolls, or lists of chords as pickle or JSON; nats a frame."""
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file; expected a .mat, .pickle or .json file of chords, see --help")
    try:
        if path.suffix == ".mat":
            chords = _read_mat(path)
        elif path.suffix in (".pickle", ".pkl"):
            chords = _Plain(io.BytesIO(path.read_bytes()), encoding="latin1").load()
        else:
            chords = json.loads(path.read_text(encoding="utf-8"))
        chords = {split: [[[int(p) for p in chord] for chord in piece] for piece in chords[split]] for split in SPLITS}
    except (KeyError, TypeError, ValueError, pickle.UnpicklingError) as error:
        expected = "train, valid and test, each a list of pieces, each a list of chords, each a list of MIDI pitches"
        raise ValueError(f"{path} ({error!r}): expected {expected}; a .mat file has traindata, validdata, testdata") from error
    return _of_chords(path.stem, chords, path, QUARTERS_MAY_MOVE, epochs=110, pitches=PIANO, frames_a_beat=frames_a_beat)


def _of_chords(name, chords, path, far, epochs, pitches, frames_a_beat=1):
    """A set whose frames are sets of pitches, written in one order only, so that the likelihood of a frame is exact."""
    everything = [chord for split in SPLITS for piece in chords[split] for chord in piece]
    n_slots = max(len(set(chord)) for chord in everything)
    lowest = max(0, min(pitches[0], min(min(chord) for chord in everything if chord)) - far)
    highest = min(127, max(pitches[1], max(max(chord) for chord in everything if chord)) + far)
    layout = Layout(lowest, highest - lowest + 1, n_slots, ordered=True, frames_a_beat=frames_a_beat, given=(2 * far + 1,))
    frames = {split: [frames_of_chords(layout, piece) for piece in chords[split]] for split in SPLITS}
    beat = "one frame" if frames_a_beat == 1 else f"{frames_a_beat} frames"
    notes = (
        f"pitches {lowest} to {highest}, which leaves {far} semitones on each side",
        f"at most {n_slots} notes at once, the most found in any split",
        f"{beat} a beat, 4 beats a bar",
        f"pieces stand in one key: training moves 60 % of them by up to {far} semitones, test reads them as they are",
    )
    moves = {split: [(-far, far)] * len(frames[split]) for split in SPLITS}
    return MusicSet(name, "frame", layout, frames, moves, 0.6, False, epochs, 256, notes, _digest(path))


def _room(piece, ranges, far):
    """How far a piece may be moved so that each voice stays where the training pieces sing; (lowest, highest), around 0."""
    room = np.array([ranges[0] - np.nanmin(piece, axis=0), ranges[1] - np.nanmax(piece, axis=0)])
    lowest, highest = max(-far, int(np.nanmax(room[0]))), min(far, int(np.nanmin(room[1])))
    return min(lowest, 0), max(highest, 0)


def _read_mat(path):
    """Chords of a MATLAB file: cells of piano rolls (n_frames, 88), whose first column is the A of MIDI pitch 21."""
    from scipy.io import loadmat

    rolls = loadmat(path)
    chords = {}
    for split in SPLITS:
        cells = rolls[f"{split}data"].ravel()
        if any(np.ndim(roll) != 2 or np.shape(roll)[1] != 88 for roll in cells):
            raise ValueError(f"{split}data holds arrays of {sorted({np.shape(roll)[-1] for roll in cells})} columns, not 88 keys")
        chords[split] = [[np.flatnonzero(row) + PIANO[0] for row in np.asarray(roll)] for roll in cells]
    return chords


class _Plain(pickle.Unpickler):
    """Reads pickles of plain lists and numbers; anything else could run code."""

    def find_class(self, module, name):
        if (module.split(".")[0], name) in {("numpy", "dtype"), ("numpy", "scalar"), ("_codecs", "encode")}:
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise pickle.UnpicklingError(f"it holds a {module}.{name}, and only lists, tuples and numbers are read")


def _there(path):
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file; {WHERE}")
    return path


def _digest(path):
    return sha256(Path(path).read_bytes()).hexdigest()[:16]


def default_folder():
    """`shared/benchmark-data` in or beside the project."""
    root = Path(__file__).resolve().parents[1]
    places = [root / "shared" / "benchmark-data", root.parent / "shared" / "benchmark-data"]
    return next((place for place in places if place.is_dir()), places[0])
