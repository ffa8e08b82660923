"""Three voices under a tune, asked for pitch by pitch: harmonising, with grid, key and ids taken care of (lesson 10)."""

from typing import NamedTuple

import numpy as np

from musiclab.choir.frames import LAYOUT, sounding
from musiclab.choir.part_rules import HOLD, STRIKE
from musiclab.choir.tune_grid import tune_grid
from musiclab.generate import START
from musiclab.stepping import NEVER


class Moment(NamedTuple):
    """A stretch in which the three voices hold one chord.

    Args:
        start, end: ticks.
        lid: the lowest pitch of the tune in it; who stays at or below it crosses nobody.
    """

    start: int
    end: int
    lid: int


class State(NamedTuple):
    """Where the voices stand; never changed in place.

    Args:
        memory: the model's state.
        frame: number of the frame that is being written.
        held: ids of bass, alto and tenor in the moment before; () in the first.
        written: those of this moment, as far as they are known.
        logits: the model's, of all ids, for the next voice.
    """

    memory: object
    frame: int
    held: tuple
    written: tuple
    logits: np.ndarray


class ThreeVoices:
    """Bass, alto and tenor below a tune, moment by moment, in this order, as MIDI pitches.

    The model hears the tune by itself; only the pitches of the three are told to it.

    Args:
        melody: a tune that `musiclab.choir.tune_grid.tune_grid` takes.
        model: as from `musiclab.choir.load_choir`, or a `Shadow`.

    >>> from musiclab.piece import Key, Note, Piece
    >>> tune = Piece([Note(0, 24, 72), Note(24, 12, 71), Note(36, 12, 69)], keys=[(0, Key("C"))])
    >>> choir = ThreeVoices(tune, Shadow((20, 4, 5)))
    >>> choir.moments
    (Moment(start=0, end=24, lid=72), Moment(start=24, end=48, lid=69))
    >>> state, logits = choir.start()
    >>> logits.shape, int(logits.argmax())  # twenty semitones below the tune
    ((128,), 52)
    >>> state, logits = choir.step(state, 52)
    >>> int(logits.argmax())  # the alto
    68
    """

    def __init__(self, melody, model):
        self._grid, self._model = tune_grid(melody), model
        acts, ticks = self._grid.acts, self._grid.ticks
        first = np.flatnonzero(acts != HOLD)
        edges = [*(ticks[frame] for frame in first), melody.end]
        line = self._pitches(sounding(self._grid.line))
        moments = []
        for frame, start, end in zip(first, edges, edges[1:]):
            lid = min((note.pitch for note in melody.notes if note.start < end and note.end > start), default=line[frame])
            moments.append(Moment(start, end, int(lid)))
        self.moments = tuple(moments)
        pitches = self._pitches(np.arange(1, LAYOUT.n_pitches + 1))
        self._within = (pitches >= 0) & (pitches < 128)
        self._sung = pitches[self._within]

    def _pitches(self, ids):
        return ids + LAYOUT.lowest - 1 - self._grid.shift

    def start(self):
        """The state before the first bass note, and the logits (128,) for it, one a MIDI pitch."""
        given = np.concatenate([self._grid.given, self._grid.given[-1:]])  # the network looks at the frame after the last, too
        memory, _ = self._model.step(self._model.start(given), START)
        return self._moment(memory, 0, ())

    def step(self, state, pitch):
        """Take the pitch of the next voice in.

        Args:
            state: a `State`; it stays as it is.
            pitch: MIDI pitch, one whose logit is not minus infinity.

        Returns:
            `(state, logits)`: logits (128,) for the voice after it; all minus infinity after the last one.

        Raises:
            ValueError: a pitch that no voice can sing, or one more than there are.
        """
        frame, acts, slot = state.frame, self._grid.acts, len(state.written)
        id = int(pitch) - self._pitches(0)
        if frame >= len(acts) or not 0 <= pitch < 128 or not 1 <= id <= LAYOUT.n_pitches:
            low, high = int(self._sung[0]), int(self._sung[-1])
            raise ValueError(f"pitch {pitch} at frame {frame} of {len(acts)}: expected {low} to {high}, and a tune that goes on")
        said, again = id, LAYOUT.again_id
        if state.held[slot : slot + 1] == (id,) and (acts[frame] == STRIKE or state.logits[again] > state.logits[id]):
            said = again  # the same pitch: struck again, or held on
        memory, logits = self._model.step(state.memory, said)
        written = (*state.written, id)
        if len(written) < LAYOUT.n_slots - 1:
            state = state._replace(memory=memory, written=written, logits=logits)
            return state, self._by_pitch(state)
        frame += 1
        while frame < len(acts) and acts[frame] == HOLD:
            for held in (self._grid.line[frame], *written):
                memory, logits = self._model.step(memory, int(held))
            frame += 1
        if frame == len(acts):
            return State(memory, frame, written, (), logits), np.full(128, -np.inf)
        return self._moment(memory, frame, written)

    def _moment(self, memory, frame, held):
        """A new moment begins: the model hears the tune."""
        state = State(None, frame, held, (), None)
        memory, logits = self._model.step(memory, int(self._grid.line[frame]))
        state = state._replace(memory=memory, logits=logits)
        return state, self._by_pitch(state)

    def _by_pitch(self, state):
        """Logits by MIDI pitch; that of the pitch held is for striking it again or holding it on."""
        of_ids = np.array(state.logits, dtype=float)
        if state.held:
            id = state.held[len(state.written)]
            of_ids[id] = np.logaddexp(of_ids[id], of_ids[LAYOUT.again_id])
        logits = np.full(128, -np.inf)
        logits[self._sung] = of_ids[1 : LAYOUT.n_pitches + 1][self._within]
        return logits


class Shadow(NamedTuple):
    """A model for four voices that learned nothing: each voice follows another one at a distance of its own.

    It is asked for soprano, bass, alto and tenor in turn, as every model of a choir is. Its memory is a tuple.

    Args:
        below: semitones that the bass wants to lie below the soprano, the alto below the soprano, the tenor below the alto it heard.
        sharpness: logits fall by so much a semitone from there; 0 makes all pitches alike.

    >>> Shadow((20, 4, 5))
    Shadow(below=(20, 4, 5), sharpness=50.0)
    """

    below: tuple = (20, 4, 5)
    sharpness: float = 50.0

    def start(self, given=None):
        """Nothing was heard; what is given is not looked at."""
        return None

    def step(self, state, id):
        """Hear one id, `<start>` first; returns the new state and logits (n_symbols,) for the next voice."""
        frame, before = state or ((), ())
        heard = before[len(frame)] if id == LAYOUT.again_id else int(id)
        if state is not None:  # the first id is <start>
            frame = (*frame, heard)
        if len(frame) == LAYOUT.n_slots:
            frame, before = (), frame
        logits = np.zeros(LAYOUT.n_symbols)
        if frame:
            followed = frame[LAYOUT.reference(len(frame))]
            wanted = followed - self.below[len(frame) - 1]
            logits = -self.sharpness * abs(np.arange(LAYOUT.n_symbols) - float(wanted))
        logits[[START, LAYOUT.none]] = NEVER
        logits[LAYOUT.again_id] = logits[before[len(frame)]] if before else NEVER
        return (frame, before), logits
