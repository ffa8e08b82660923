"""How music for several voices at once is written as whole numbers, one row a moment."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

START = 0
MATCHES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48)  # lengths of an earlier repeat that are told apart; below the first: none
LONGEST_RUN = 15  # frames told apart that a symbol has lasted; one more stands for "before the piece"
LAST_BEAT = 16  # beats told apart since the beginning


@dataclass(frozen=True)
class Layout:
    """What the numbers mean.

    A piece is *frames*, an int array (n_frames, n_slots): 0 is `<start>`, before the piece; 1 to n_pitches are MIDI pitches from
    `lowest` up; then comes `none` (silent, or no further note) and, with `again`, `again_id` (the same pitch is struck again). A
    pitch that stood in the slot's frame before goes on sounding.

    Args:
        lowest: MIDI pitch of id 1.
        n_pitches: how many pitches have an id.
        n_slots: voices, or notes at once.
        again: whether strokes of the same pitch are told apart.
        ordered: slots hold a *set* of pitches: the highest, the lowest, then those between, downwards, then `none`. Every set of
            at most n_slots pitches is written in one way only, and no other frame has a chance, so likelihoods are exact.
            Otherwise slots are voices, for four of them soprano, bass, alto, tenor.
        lags: frames to look back, 1 first.
        frames_a_beat: the network's memory takes one step a beat.
        beats_a_bar: after so many beats the phase begins anew.
        given: how many values each column has that is known beforehand for each frame (key, fermata, melody ahead ...).

    Raises:
        ValueError: a number out of its range.

    >>> layout = Layout(lowest=36, n_pitches=49, again=True)
    >>> layout.n_symbols, layout.none, layout.again_id
    (52, 50, 51)
    """

    lowest: int
    n_pitches: int
    n_slots: int = 4
    again: bool = False
    ordered: bool = False
    lags: tuple = (1, 2, 4)
    frames_a_beat: int = 1
    beats_a_bar: int = 4
    given: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "lags", tuple(map(int, self.lags)))
        object.__setattr__(self, "given", tuple(map(int, self.given)))
        if self.n_pitches < 1 or self.lowest < 0 or self.highest > 127:
            raise ValueError(
                f"pitches {self.lowest} to {self.highest}: expected MIDI pitches, 0 to 127, and at least one of them"
            )
        for name in ("n_slots", "frames_a_beat", "beats_a_bar"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} {getattr(self, name)}: expected 1 or more")
        if self.lags[:1] != (1,) or sorted(set(self.lags)) != list(self.lags):
            raise ValueError(f"lags {self.lags}: expected frames to look back, rising, 1 first, such as (1, 2, 4)")
        if any(size < 1 for size in self.given):
            raise ValueError(f"given {self.given}: expected for each column how many values it has, 1 or more")
        if self.again and self.ordered:
            raise ValueError("again and ordered: a set of pitches has no strokes; choose one of the two")

    @property
    def highest(self):
        """The highest MIDI pitch that has an id."""
        return self.lowest + self.n_pitches - 1

    @property
    def none(self):
        """The id of silence, or of no further note."""
        return self.n_pitches + 1

    @property
    def again_id(self):
        """The id of a pitch struck again; -1, which no frame holds, where strokes are not told apart."""
        return self.n_pitches + 2 if self.again else -1

    @property
    def n_symbols(self):
        """How many ids there are, `<start>` included."""
        return self.n_pitches + 2 + self.again

    @cached_property
    def counts(self):
        """The columns that are no symbols: name -> how many values each column of that name has."""
        runs, lengths = (LONGEST_RUN + 2,) * self.n_slots, (len(MATCHES) + 1,) * 2
        phase, position = (self.frames_a_beat * self.beats_a_bar,), (LAST_BEAT + 1,)
        return {"lengths": lengths, "runs": runs, "phase": phase, "position": position, "given": self.given}

    @cached_property
    def places(self):
        """Where in a row of `columns` each group of columns stands: name -> slice.

        >>> Layout(60, 12).places["lags"]
        slice(4, 16, None)
        """
        symbols = {"frame": self.n_slots, "lags": len(self.lags) * self.n_slots, "candidate": self.n_slots, "top": 1}
        widths = symbols | {name: len(sizes) for name, sizes in self.counts.items()}
        ends = list(accumulate(widths.values()))
        return {name: slice(end - widths[name], end) for name, end in zip(widths, ends)}

    @property
    def n_columns(self):
        """How many columns the network reads."""
        return self.places["given"].stop

    def reference(self, slot):
        """The slot already written to which this one is heard: the first for the second and third, then the one before.

        >>> [Layout(60, 12).reference(slot) for slot in range(4)]
        [None, 0, 0, 2]
        """
        return None if slot == 0 else 0 if slot < 3 else slot - 1

    def bounds(self, written):
        """Between which ids, both excluded, the next pitch of an ordered frame must lie; nothing is between 0 and 0.

        >>> layout = Layout(60, 12, ordered=True)
        >>> layout.bounds([]), layout.bounds([5]), layout.bounds([5, 2]), layout.bounds([5, 2, layout.none])
        ((0, 13), (0, 5), (2, 5), (0, 0))
        """
        if not written:
            return 0, self.none
        if written[-1] == self.none:
            return 0, 0
        return (0, written[0]) if len(written) == 1 else (written[1], written[0] if len(written) == 2 else written[-1])


def frames_of_chords(layout, chords):
    """Write sets of MIDI pitches as the frames of an ordered layout.

    Args:
        chords: one collection of MIDI pitches a moment.

    Returns:
        (n_frames, n_slots) int32.

    Raises:
        ValueError: more pitches at once than slots, or a pitch out of range.

    >>> frames_of_chords(Layout(60, 12, ordered=True), [[60, 64, 67, 71], [62], []])
    array([[12,  1,  8,  5],
           [ 3, 13, 13, 13],
           [13, 13, 13, 13]], dtype=int32)
    """
    frames = np.full((len(chords), layout.n_slots), layout.none, np.int32)
    for moment, chord in enumerate(chords):
        ids = sorted({int(pitch) - layout.lowest + 1 for pitch in chord}, reverse=True)
        if len(ids) > layout.n_slots:
            raise ValueError(f"frame {moment} has {len(ids)} pitches: this layout has {layout.n_slots} slots; make one with more")
        if ids and not 1 <= ids[-1] <= ids[0] <= layout.n_pitches:
            found = f"pitches {ids[-1] + layout.lowest - 1} to {ids[0] + layout.lowest - 1}"
            raise ValueError(f"frame {moment} has {found}: this layout has {layout.lowest} to {layout.highest}; make a wider one")
        frames[moment, : len(ids)] = [*ids[:1], *ids[:0:-1][:1], *ids[1:-1]]
    return frames


def chords_of_frames(layout, frames):
    """The sets of MIDI pitches that frames of an ordered layout stand for, each a list upwards.

    >>> layout = Layout(60, 12, ordered=True)
    >>> chords_of_frames(layout, frames_of_chords(layout, [[67, 60, 64], []]))
    [[60, 64, 67], []]
    """
    return [sorted({int(id) + layout.lowest - 1 for id in frame if 1 <= id <= layout.n_pitches}) for frame in frames]
