"""A past led astray: what sounds is a network's, what is to follow is Bach's."""

import sys
from pathlib import Path

import numpy as np
import pytest

from musiclab.choir.frames import LAYOUT
from musiclab.datasets import load
from musiclab.voices import columns

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

from chorale_astray import astray, own_voices, plain, strokes  # noqa: E402

from musiclab.choir.frames import frames_of, piece_of, sounding  # noqa: E402

AGAIN = LAYOUT.again_id


class Noise:
    """A model that says anything at random."""

    layout = LAYOUT

    def start(self, given):
        return 0

    def step(self, state, id):
        return state + 1, np.random.default_rng(state).normal(size=LAYOUT.n_symbols)


@pytest.fixture(scope="module")
def bach():
    return load("chorales").valid[0]


def test_a_plain_chorale_moves_on_beats_only_and_sounds_as_bach_there(bach):
    frames, plan = frames_of(bach)
    simple = plain(frames)
    assert (simple[:, 0] == frames[:, 0]).all() and (sounding(simple)[::4] == sounding(frames)[::4]).all()
    assert set(np.flatnonzero(strokes(simple)[:, 1:].any(axis=1)) % 4) == {0}
    on_beats = {(note.start, note.pitch, note.voice) for note in bach.notes if note.start % 24 == 0}
    assert on_beats <= {(note.start, note.pitch, note.voice) for note in piece_of(simple, plan).notes}


def test_a_beat_by_hand():
    bach = np.array([[40, 16, 35, 28], [40, 16, 35, 28], [40, 18, 35, AGAIN], [40, 18, 35, 28], [AGAIN, 20, 36, 28]])
    own = np.array([[40, 21, 36, 33], [40, 21, 36, 33], [40, 21, 36, 33], [40, 21, AGAIN, 33], [AGAIN, 21, 36, 33]])
    past, wanted = astray(bach, own, 1.0, np.random.default_rng(0))
    assert past.tolist() == own.tolist()
    assert wanted.tolist() == [[40, 16, 35, 28], [40, 21, 36, 33], [40, 18, 36, 28], [40, 21, 36, 33], [AGAIN, 20, AGAIN, 28]]


def test_no_share_is_bach_and_any_share_can_be_laid_out(bach):
    frames, plan = frames_of(bach)
    own = own_voices(Noise(), bach, seed=1)
    for simple, written in zip((frames, plain(frames)), own):
        past, wanted = astray(simple, written, 0.0, np.random.default_rng(0))
        assert (past == simple).all() and (wanted == simple).all()
        past, _ = astray(simple, written, 1.0, np.random.default_rng(0))
        assert (past == written).all() and (past[:, 0] == frames[:, 0]).all()
        past, wanted = astray(simple, written, 0.5, np.random.default_rng(0))
        table = columns(LAYOUT, past, plan.given())
        assert wanted.min() >= 1 and not ((wanted == AGAIN) & (table[:, LAYOUT.places["lags"]][:, :4] == LAYOUT.none)).any()
