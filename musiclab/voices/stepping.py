"""The network for chords in time, stepped in numpy: slot by slot, frame by frame, without Keras."""

from typing import NamedTuple

import numpy as np

from musiclab.stepping import NEVER, for_one_tanh
from musiclab.voices.layout import START
from musiclab.voices.network import REACH, count_widths, output_widths, symbol_rows
from musiclab.voices.past import Past, begin, check_given, extend, look_back


class State(NamedTuple):
    """Where `Voices` stand in a piece; never changed in place.

    Args:
        past: the frames before this one, a `Past`.
        given: what is known beforehand, a row a frame.
        hidden, cell: (n_hidden,) the LSTM's state.
        beat: (n_slots * n_head,) what the LSTM's last step adds to the head of each frame of the beat.
        written: ids of this frame so far; None before `<start>`.
        head: (n_slots, n_head) what is known of each slot still to be written.
        guesses: the candidate's ids, and the first slot's guess.
    """

    past: Past
    given: list
    hidden: np.ndarray
    cell: np.ndarray
    beat: np.ndarray
    written: tuple | None = None
    head: np.ndarray | None = None
    guesses: tuple = ()


class Voices:
    """A trained network for voices that writes music in numpy; `load_voices` and `freeze_voices` make one.

    Args:
        weights: arrays by name, see `weight_shapes`.
        layout: the `Layout`.
        card: dict that says how the model was made.

    Raises:
        ValueError: arrays that do not go with the layout.

    >>> from musiclab.voices.layout import Layout
    >>> layout = Layout(lowest=60, n_pitches=12, n_slots=2)
    >>> shapes = weight_shapes(layout, n_hidden=8, n_embedding=4, n_head=8)
    >>> voices = Voices({name: np.zeros(shape) for name, shape in shapes.items()}, layout)
    >>> state, logits = voices.step(voices.start(), START)  # what may the first slot be?
    >>> logits.shape, int((logits == 0).sum())
    ((14,), 13)
    """

    def __init__(self, weights, layout, card=None):
        self.weights, self.layout, self.card = dict(weights), layout, dict(card or {})
        _check_shapes(self.weights, layout)
        w = {name: np.asarray(array, dtype=np.float32) for name, array in self.weights.items()}
        n, n_slots, n_symbols = len(w["recurrent"]), layout.n_slots, layout.n_symbols
        width = w["symbols"].shape[1]
        self._n_hidden, self._n_head = n, w["again"].shape[0]

        # What a row of columns brings to the first layer is a sum of rows of one table: embedding and layer in one.
        rows, parts, taken = symbol_rows(layout)[n_slots:], [], 0
        for row in rows.tolist():
            parts.append(w["symbols"][row : row + n_symbols] @ w["seen"][taken : taken + width])
            taken += width
        for name, widths in count_widths(layout, width).items():
            for i, count_width in enumerate(widths):
                parts.append(w[f"{name}_{i}"] @ w["seen"][taken : taken + count_width])
                taken += count_width
        parts[0] = parts[0] + w["seen_bias"]  # the first column is always there
        self._table, self._offsets = np.concatenate(parts), np.cumsum([0, *map(len, parts[:-1])])

        self._gates, self._gates_bias = for_one_tanh(np.concatenate([w["kernel"], w["recurrent"]]), w["bias"])
        self._from_hidden, self._from_hidden_bias, self._from_seen = w["from_hidden"], w["from_hidden_bias"], w["from_seen"]

        # What a written slot brings to the slots after it: (n_symbols, slots after it, n_head), and the same for each sign.
        self._written, self._signs = [], []
        for slot in range(n_slots - 1):
            own = w["symbols"][slot * n_symbols : (slot + 1) * n_symbols]
            later = [(w[f"written_{after}"], after) for after in range(slot + 1, n_slots)]
            brought = [own @ kernel[slot * width : (slot + 1) * width] for kernel, _ in later]
            self._written.append(np.stack(brought, axis=1))
            signs = [[kernel[after * width + sign * after + slot] for kernel, after in later] for sign in range(2 + layout.again)]
            self._signs.append(np.array(signs))
        self._again, self._again_bias = w["again"], w["again_bias"]
        # One more output, always 0, to which all logits point that no interval raises.
        self._out, self._out_bias = np.pad(w["out"], ((0, 0), (0, 1))), np.pad(w["out_bias"], (0, 1))
        self._from_before, self._below = _interval_outputs(layout)

    def start(self, given=None):
        """The state before `<start>`.

        Args:
            given: (n_frames, len(layout.given)) what is known beforehand, where the layout has such columns.
        """
        layout, nothing = self.layout, np.zeros(self._n_hidden, np.float32)
        if layout.given and given is None:
            raise ValueError("nothing is given: start(given) needs one row a frame for the columns of layout.given")
        rows = [] if given is None else check_given(layout, given, len(given))
        return State(begin(layout), rows, nothing, nothing, np.zeros(layout.n_slots * self._n_head, np.float32))

    def step(self, state, id):
        """Take one symbol in: `<start>` first, then slot by slot, frame by frame.

        Args:
            state: a `State`; it stays as it is.
            id: the symbol.

        Returns:
            `(state, logits)`: logits (n_symbols,) float32 of the next slot, or of the next frame's first.

        Raises:
            ValueError: an id that cannot stand there, or a frame for which nothing is given.
        """
        id, layout = int(id), self.layout
        if (state.written is None) != (id == START) or not 0 <= id < layout.n_symbols:
            expected = "<start> (0) first" if state.written is None else f"an id from 1 to {layout.n_symbols - 1}"
            raise ValueError(f"id {id}: expected {expected}")
        if state.written is None:
            state = self._frame(state)
        elif len(state.written) < layout.n_slots - 1:
            state = self._write(state, id)
        else:
            state = self._frame(state._replace(past=extend(layout, state.past, (*state.written, id))))
        return state, self._logits(state)

    def _frame(self, state):
        """The state at the first slot of the frame after the past."""
        layout, past = self.layout, state.past
        if layout.given and past.n_frames >= len(state.given):
            raise ValueError(
                f"given ends after {len(state.given)} frames: start with a row for every frame that is to be written"
            )
        row = look_back(layout, past, state.given[past.n_frames] if layout.given else ())
        seen = np.add.reduce(self._table.take(self._offsets + row, axis=0))
        np.maximum(seen, 0, out=seen)
        if past.n_frames % layout.frames_a_beat == 0:
            hidden, cell = self._remember(seen, state.hidden, state.cell)
            state = state._replace(hidden=hidden, cell=cell, beat=hidden @ self._from_hidden + self._from_hidden_bias)
        head = (state.beat + seen @ self._from_seen).reshape(layout.n_slots, -1)
        candidate, top = layout.places["candidate"], layout.places["top"]
        guesses = (*row[candidate.start - layout.n_slots : candidate.stop - layout.n_slots], row[top.start - layout.n_slots])
        return state._replace(written=(), head=head, guesses=guesses)

    def _remember(self, seen, hidden, cell):
        """One step of the LSTM."""
        n = self._n_hidden
        gates = np.concatenate([seen, hidden]) @ self._gates
        gates += self._gates_bias
        np.tanh(gates, gates)
        open_ = (gates[: 3 * n] + 1) / 2
        cell = open_[n : 2 * n] * cell + open_[:n] * gates[3 * n :]
        return open_[2 * n :] * np.tanh(cell), cell

    def _write(self, state, id):
        """The state with one more slot of the frame written."""
        slot, before = len(state.written), state.past.sounding[-1]
        now = before[slot] if id == self.layout.again_id else id
        head = state.head.copy()
        head[slot + 1 :] += self._written[slot][now]
        for sign, holds in enumerate((id == before[slot], id == state.guesses[slot], id == self.layout.again_id)):
            if holds:
                head[slot + 1 :] += self._signs[slot][sign]
        return state._replace(written=(*state.written, id), head=head)

    def _logits(self, state):
        """(n_symbols,) for the slot that comes next."""
        layout, slot = self.layout, len(state.written)
        before = state.past.sounding[-1]
        head = np.maximum(state.head[slot], 0)
        head = head + np.maximum(head @ self._again + self._again_bias, 0)
        out = head @ self._out + self._out_bias
        logits = out[: layout.n_symbols] + out[self._from_before[before[slot]]]
        if slot:
            reference = layout.reference(slot)
            id = state.written[reference]
            logits += out[self._below[before[reference] if id == layout.again_id else id]]
        logits[state.guesses[slot]] += out[-3]
        if slot == 0:
            logits[state.guesses[-1]] += out[-2]
        logits[START] = NEVER
        if layout.again and not 1 <= before[slot] <= layout.n_pitches:
            logits[layout.again_id] = NEVER
        if layout.ordered:
            lower, upper = layout.bounds(state.written)
            logits[: lower + 1] = NEVER
            logits[upper : layout.none] = NEVER
        return logits


def _interval_outputs(layout):
    """Which output raises which symbol, for each id of the pitch before and of the reference: two (n_symbols, n_symbols).

    The last output is always 0.
    """
    n_absolute, n_steps, _, _ = output_widths(layout)
    ids = np.arange(layout.n_symbols)
    pitches = ids[1 : layout.none]
    from_before = np.full((layout.n_symbols,) * 2, sum(output_widths(layout)))
    below = from_before.copy()
    square = np.ix_(pitches, pitches)  # (from, to)
    steps = pitches - pitches[:, None]
    from_before[square] = n_absolute + np.clip(steps + REACH, 0, 2 * REACH)
    below[square] = n_absolute + n_steps + np.clip(REACH - steps, 0, layout.n_pitches + REACH)
    return from_before, below


def weight_shapes(layout, n_hidden=256, n_embedding=24, n_head=128):
    """The arrays of a network in the order of `keras.Model.get_weights`: name -> shape."""
    counts = {
        f"{name}_{i}": (size, width)
        for name, widths in count_widths(layout, n_embedding).items()
        for i, (size, width) in enumerate(zip(layout.counts[name], widths))
    }
    n_read = (len(symbol_rows(layout)) - layout.n_slots) * n_embedding + sum(width for _, width in counts.values())
    n_signs, n_slots = 2 + layout.again, layout.n_slots
    return {
        "symbols": ((n_slots + 1) * layout.n_symbols, n_embedding),
        **counts,
        "seen": (n_read, n_hidden),
        "seen_bias": (n_hidden,),
        "kernel": (n_hidden, 4 * n_hidden),
        "recurrent": (n_hidden, 4 * n_hidden),
        "bias": (4 * n_hidden,),
        "from_hidden": (n_hidden, n_slots * n_head),
        "from_hidden_bias": (n_slots * n_head,),
        "from_seen": (n_hidden, n_slots * n_head),
        **{f"written_{slot}": (slot * (n_embedding + n_signs), n_head) for slot in range(1, n_slots)},
        "again": (n_head, n_head),
        "again_bias": (n_head,),
        "out": (n_head, sum(output_widths(layout))),
        "out_bias": (sum(output_widths(layout)),),
    }


def _check_shapes(weights, layout):
    try:
        sizes = len(weights["recurrent"]), weights["symbols"].shape[1], len(weights["again"])
    except KeyError as error:
        raise ValueError(f"weights {error} are missing: expected those of `freeze_voices`") from error
    for name, shape in weight_shapes(layout, *sizes).items():
        if name not in weights or weights[name].shape != shape:
            found = f"have shape {weights[name].shape}" if name in weights else "are missing"
            raise ValueError(f"weights {name!r} {found}: this layout needs {shape}")
