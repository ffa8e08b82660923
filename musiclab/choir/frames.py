"""Four-part chorales as frames that a network of voices reads and writes, and back again.

A frame is a sixteenth note, a row of four ids: soprano, bass, alto, tenor, as `musiclab.voices.Layout` numbers them. The music is
written on the tonic C. What a musician is told beforehand (mode, meter, fermatas, how far it is to the end, and the melody where
it is there to be harmonised) goes beside it in columns of their own, the *given*.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musiclab.key import MODES
from musiclab.piece import Note, Piece, Voice
from musiclab.voices import Layout

FRAME = 6  # ticks: a sixteenth note
FRAMES_A_BEAT = 4
SLOTS = (0, 3, 1, 2)  # which voice of the piece (soprano, alto, tenor, bass) stands in which column of the frames
SINGERS = tuple(Voice(name, 52) for name in ("Soprano", "Alto", "Tenor", "Bass"))
LOWEST, N_PITCHES = 31, 58  # what the voices of all chorales need once the tonic is C, and two more for high tunes
AHEAD = (0, 1, 2, 4, 6, 8, 12, 16)  # how many frames ahead a musician who has the melody looks
BARS = (16, 12)  # frames of the bars that the network tells apart: 4/4 and 3/4; 0 stands for all others
LONGEST_BAR = 24  # frames told apart within a bar
NEAR, FAR = 16, 64  # frames: distances up to NEAR are told apart, up to FAR by the beat
MOST_HIGHER = 9  # semitones told apart by which the music is written higher, or lower, than it is sung
FURTHEST = NEAR + (FAR - NEAR) // FRAMES_A_BEAT

_N_SYMBOLS = Layout(LOWEST, N_PITCHES, again=True).n_symbols
GIVEN = {  # the given columns and how many values each has
    "tonic": 12,
    "mode": len(MODES),
    "bar": len(BARS) + 1,
    "place": LONGEST_BAR + 1,
    "fermata": 3,
    "to_fermata": FURTHEST + 3,
    "to_end": FURTHEST + 1,
} | {f"melody_{ahead}": _N_SYMBOLS for ahead in AHEAD}
GIVEN |= {"higher": 2 * MOST_HIGHER + 1, "plain": 2}
LAYOUT = Layout(
    LOWEST,
    N_PITCHES,
    again=True,
    lags=(1, 2, 4, 8, 16),
    frames_a_beat=FRAMES_A_BEAT,
    given=tuple(GIVEN.values()),
)


class Plan(NamedTuple):
    """What is settled before a chorale is written.

    Args:
        about: a `Piece` without notes: its voices, key, meter, pickup, tempo, fermatas, title.
        n_frames: how long it is.
    """

    about: Piece
    n_frames: int

    @property
    def shift(self):
        """As `to_c` has it."""
        return to_c(self.about.key)

    def given(self, melody=None, phrased=True, moved=0, plain=False):
        """The columns of what a musician knows beforehand, (n_frames, len(GIVEN)).

        Args:
            melody: (n_frames,) ids of the soprano, None where it is not known.
            phrased: whether it is known where the fermatas stand.
            moved: semitones above C on which the frames are written; other than 0 only in training.
            plain: as for `given_columns`.
        """
        bar = self.about.meter.bar // FRAME
        places = (np.arange(self.n_frames) - self.about.pickup // FRAME) % bar
        fermatas = [tick // FRAME for tick in self.about.fermatas] if phrased else None
        columns = given_columns(self.about.key.mode, bar, places, fermatas, melody, self.shift + moved, plain)
        columns[:, 0] = moved % 12
        return columns


def given_columns(mode, bar, places, fermatas=None, melody=None, higher=0, plain=False):
    """The columns of what a musician knows beforehand, as `GIVEN` names them.

    Args:
        mode: one of `musiclab.key.MODES`.
        bar: frames in a bar.
        places: (n_frames,) frames since the last bar line.
        fermatas: frames on which one stands; None where nobody knows.
        melody: (n_frames,) ids of the soprano; None where it is not known.
        higher: semitones by which the frames are higher than what is sung, as `Plan.shift` has it.
        plain: whether the three lower voices move on beats only.

    Returns:
        (n_frames, len(GIVEN)) int32.

    >>> given_columns("minor", 16, [12, 13, 14, 15, 0, 1], fermatas=[4])[:, 3:7]
    array([[12,  1,  6,  6],
           [13,  1,  5,  5],
           [14,  1,  4,  4],
           [15,  1,  3,  3],
           [ 0,  2,  2,  2],
           [ 1,  1,  1,  1]], dtype=int32)
    """
    places = np.asarray(places)
    frames = np.arange(len(places))
    columns = np.zeros((len(places), len(GIVEN)), dtype=np.int32)
    columns[:, 1] = list(MODES).index(mode)
    columns[:, 2] = BARS.index(bar) + 1 if bar in BARS else 0
    columns[:, 3] = np.minimum(places, LONGEST_BAR)
    if fermatas is not None:
        stand = np.array(sorted(fermatas), dtype=int)
        following = np.append(stand, len(places) + 10 * FAR)[np.searchsorted(stand, frames)]
        columns[:, 4] = 1 + np.isin(frames, stand)
        columns[:, 5] = np.where(following < len(places), 2 + _distance(following - frames), 1)
    columns[:, 6] = _distance(len(places) - frames)
    if melody is not None:
        line = sounding(melody)
        for column, ahead in enumerate(AHEAD, start=7):
            columns[:, column] = LAYOUT.none
            columns[: max(0, len(line) - ahead), column] = line[ahead:]
    columns[:, -2] = MOST_HIGHER + np.clip(higher, -MOST_HIGHER, MOST_HIGHER)
    columns[:, -1] = plain
    return columns


def _distance(n_frames):
    """How far it is, told apart by the frame where it is near, by the beat where it is far."""
    far = np.clip(n_frames, NEAR, FAR) - NEAR
    return np.minimum(n_frames, NEAR) + far // FRAMES_A_BEAT


def sounding(frames):
    """Frames, or one voice of them, in which a note that is struck again shows its pitch.

    >>> sounding([30, LAYOUT.again_id, 31])
    array([30, 30, 31])
    """
    frames = np.array(frames)
    for i in np.unique(np.nonzero(frames[1:] == LAYOUT.again_id)[0]) + 1:
        frames[i] = np.where(frames[i] == LAYOUT.again_id, frames[i - 1], frames[i])
    return frames


def to_c(key):
    """How many semitones higher the music is written down than it sounds, -6 to 5, so that the tonic is C."""
    return (6 - key.pitch_class) % 12 - 6


def frames_of(piece):
    """A chorale as frames, and the plan that makes the same piece of them again.

    Args:
        piece: a `Piece` of four voices in order, soprano first, in one meter, with notes on the grid of sixteenths. Loudness is
            not kept.

    Returns:
        `(frames, plan)`: (n_frames, 4) int of ids in the order soprano, bass, alto, tenor; a `Plan`.

    Raises:
        ValueError: the piece cannot be written so; the message says why.

    >>> piece = Piece([Note(0, 12, 72), Note(0, 12, 67, voice=1), Note(0, 12, 64, voice=2), Note(0, 12, 48, voice=3)])
    >>> frames, plan = frames_of(piece)
    >>> frames + LAYOUT.lowest - 1
    array([[72, 48, 67, 64],
           [72, 48, 67, 64]])
    >>> piece_of(frames, plan) == piece
    True
    """
    name = piece.title or "the piece"
    playing = {note.voice for note in piece.notes}
    if playing != {0, 1, 2, 3} or len(piece.voices) != 4:
        raise ValueError(f"{name}: {len(playing)} of {len(piece.voices)} voices play; expected four, soprano first")
    if len(piece.meters) > 1:
        raise ValueError(f"{name}: the meter changes at tick {piece.meters[1][0]}; expected one meter throughout")
    ticks = [tick for note in piece.notes for tick in (note.start, note.end)] + [piece.pickup, piece.meter.bar]
    off = next((tick for tick in ticks if tick % FRAME), None)
    if off is not None:
        raise ValueError(f"{name}: tick {off} is not on the grid of sixteenth notes, {FRAME} ticks each; round the notes first")
    plan = Plan(replace(piece, notes=()), piece.end // FRAME)
    frames = np.full((plan.n_frames, 4), LAYOUT.none)
    for slot, voice in enumerate(SLOTS):
        end = sounds = 0
        for start, duration, pitch, _, _ in (note for note in piece.notes if note.voice == voice):
            first, last = start // FRAME, (start + duration) // FRAME
            if first < end:
                raise ValueError(f"{name}: voice {voice} has two notes at tick {start}; expected one at a time")
            id = pitch + plan.shift - LOWEST + 1
            if not 1 <= id <= N_PITCHES:
                raise ValueError(f"{name}: pitch {pitch} at tick {start} lies outside what singers sing")
            frames[first:last, slot] = id
            if first == end and id == sounds:
                frames[first, slot] = LAYOUT.again_id
            end, sounds = last, id
    return frames, plan


def piece_of(frames, plan):
    """The chorale that frames and a plan stand for; any ids will do, in any order.

    Args:
        frames: (n_frames, 4) ids, as from `frames_of`.
        plan: a `Plan`.

    Returns:
        Piece
    """
    notes = []
    for slot, voice in enumerate(SLOTS):
        begun, pitch = 0, LAYOUT.none
        line = [int(id) for id in np.asarray(frames)[:, slot]]
        for frame, id in enumerate([*line, LAYOUT.none]):
            if frame < len(line) and id in (pitch, 0):
                continue
            if 1 <= pitch <= N_PITCHES and frame > begun:
                notes.append(Note(begun * FRAME, (frame - begun) * FRAME, pitch + LOWEST - 1 - plan.shift, voice=voice))
            begun, pitch = frame, pitch if id == LAYOUT.again_id else id
    return replace(plan.about, notes=notes)
