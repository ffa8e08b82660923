"""The network for chords in time, in Keras: a memory that takes a step a beat, and a head that writes a frame slot by slot."""

import numpy as np

from musiclab.hoisted import import_keras, lstm_layer
from musiclab.stepping import NEVER

REACH = 24  # semitones up and down that are told apart between a pitch and the slot's pitch before
N_COUNT = 8  # width of the embedding of a column that is no symbol; a given column of more values gets that of a symbol
MANY = 32


def count_widths(layout, n_embedding):
    """The width of the embedding of each column that is no symbol, in the order of `Layout.counts`."""
    return {name: [N_COUNT if size <= MANY else n_embedding for size in sizes] for name, sizes in layout.counts.items()}


def build_voices(layout, n_hidden=256, n_embedding=24, n_head=128, dropout=0.4, learning_rate=3e-3, seed=1, weight_decay=0.02):
    """A Keras model, ready to train, that gives the logits of every slot of every frame.

    What `columns` lays out is embedded and goes through one layer into an LSTM, once a beat. Both meet in the head, which sees also
    the slots of the frame already written. Logits are raised for intervals, measured from the slot's pitch before and from a
    slot already written, and for the symbols that followed the last repeat: gates say how far to trust them.

    Args:
        layout: a `Layout`.
        n_hidden: width of the LSTM and of the layer before it.
        n_embedding, n_head: widths.
        dropout: share that each training step leaves out; a quarter of it of what is embedded.
        learning_rate: of AdamW, with gradients clipped and weights averaged over about 100 steps.
        seed: of the initial weights and of dropout.
        weight_decay: of AdamW; a network that goes through few pieces a hundred times does well with more.

    Returns:
        `keras.Model` from (n_batch, n_frames, n_columns), n_frames a multiple of `layout.frames_a_beat`, to logits (n_batch,
        n_frames, n_slots, n_symbols); targets are the frames, in which 0 counts for nothing.
    """
    keras = import_keras()
    keras.utils.set_random_seed(seed)
    layers, ops, slots = keras.layers, keras.ops, range(layout.n_slots)
    table = keras.Input((None, layout.n_columns), dtype="int32")
    part = lambda name: table[..., layout.places[name]]
    flat = lambda x, width: layers.Reshape((-1, width))(x)
    drop = lambda x, rate: layers.Dropout(rate)(x)
    number = lambda condition: ops.cast(condition, "float32")

    # What sounds now, before it, and what followed the last repeat.
    frame, before, candidate = part("frame"), part("lags")[..., : layout.n_slots], part("candidate")
    now = ops.where(ops.equal(frame, layout.again_id), before, frame) if layout.again else frame

    # Each slot has one embedding, wherever it is read; the last rows are those of the first slot alone.
    rows = symbol_rows(layout)
    symbols = ops.concatenate([now, table[..., layout.n_slots : layout.places["top"].stop]], axis=-1)
    embedded = _embedding(keras, (layout.n_slots + 1) * layout.n_symbols, n_embedding, "symbols")(symbols + rows)
    read = [flat(embedded[:, :, layout.n_slots :], (len(rows) - layout.n_slots) * n_embedding)]
    for name, widths in count_widths(layout, n_embedding).items():
        for i, (size, width) in enumerate(zip(layout.counts[name], widths)):
            read.append(_embedding(keras, size, width, f"{name}_{i}")(part(name)[..., i]))

    seen = drop(ops.concatenate(read, axis=-1), dropout / 4)
    seen = drop(layers.Dense(n_hidden, activation="relu", name="seen")(seen), dropout)
    hidden = lstm_layer(n_hidden, return_sequences=True, name="lstm")(seen[:, :: layout.frames_a_beat])
    hidden = drop(hidden, dropout)  # (n_batch, n_beats, n_hidden)
    head = layers.Dense(layout.n_slots * n_head, name="from_hidden")(hidden)
    if layout.frames_a_beat > 1:
        head = ops.repeat(head, layout.frames_a_beat, axis=1)
    head += layers.Dense(layout.n_slots * n_head, use_bias=False, name="from_seen")(seen)
    head = layers.Reshape((-1, layout.n_slots, n_head))(head)

    # Each slot but the first sees those already written, and whether they hold, repeat, strike again.
    others = [before, candidate] + [layout.again_id] * layout.again
    signs = [number(ops.equal(frame, other)) for other in others]
    from_written = [ops.zeros_like(head[:, :, 0])]
    for slot in slots[1:]:
        written = [flat(embedded[:, :, :slot], slot * n_embedding), *(sign[..., :slot] for sign in signs)]
        from_written.append(layers.Dense(n_head, use_bias=False, name=f"written_{slot}")(ops.concatenate(written, axis=-1)))
    head = drop(ops.relu(head + ops.stack(from_written, axis=2)), dropout)
    head = drop(head + layers.Dense(n_head, activation="relu", name="again")(head), dropout / 2)
    out = layers.Dense(sum(output_widths(layout)), name="out")(head)

    logits = _logits(keras, layout, out, now, before, candidate, part("top"))
    model = keras.Model(table, ops.where(_possible(keras, layout, now, before), logits, NEVER))
    # Keras clips the gradient of the mean over symbols; that of the sum over a frame would be clipped at 5.
    optimizer = keras.optimizers.AdamW(
        learning_rate, weight_decay=weight_decay, beta_2=0.99, global_clipnorm=5 / layout.n_slots, use_ema=True, ema_momentum=0.99
    )
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0))
    return model


def symbol_rows(layout):
    """For each column that is a symbol, where the rows of its slot begin in the table of embeddings."""
    n_frames = layout.places["candidate"].stop // layout.n_slots
    return np.array([*range(layout.n_slots)] * n_frames + [layout.n_slots], np.int32) * layout.n_symbols


def output_widths(layout):
    """Logits of the symbols, of steps from the slot's pitch before, of distances below a written slot, and two gates."""
    return layout.n_symbols, 2 * REACH + 1, layout.n_pitches + REACH + 1, 2


def _embedding(keras, n_rows, width, name):
    return keras.layers.Embedding(n_rows, width, keras.initializers.RandomNormal(stddev=1.0), name=name)


def _logits(keras, layout, out, now, before, candidate, top):
    """The logits of all symbols, raised by interval and by repeat, from the outputs that `output_widths` lists."""
    ops = keras.ops
    absolute, by_step, by_distance, gates = ops.split(out, np.cumsum(output_widths(layout))[:-1].tolist(), axis=-1)
    pitches = np.arange(1, layout.none, dtype=np.int32)
    is_pitch = lambda ids: ops.cast(ops.logical_and(ids >= 1, ids <= layout.n_pitches), "float32")[..., None]
    written = [now[..., layout.reference(slot)] for slot in range(1, layout.n_slots)]
    reference = ops.stack([ops.zeros_like(now[..., 0]), *written], axis=2)
    step = ops.clip(ops.subtract(pitches + REACH, before[..., None]), 0, 2 * REACH)
    distance = ops.clip(reference[..., None] - (pitches - REACH), 0, layout.n_pitches + REACH)
    raised = ops.take_along_axis(by_step, step, axis=-1) * is_pitch(before)
    raised += ops.take_along_axis(by_distance, distance, axis=-1) * is_pitch(reference)
    logits = absolute + ops.pad(raised, [(0, 0)] * 3 + [(1, layout.n_symbols - layout.none)])
    logits += ops.one_hot(candidate, layout.n_symbols) * gates[..., :1]
    first = ops.one_hot(top, layout.n_symbols) * gates[:, :, :1, 1:]  # (n_batch, n_frames, 1, n_symbols)
    return logits + ops.pad(first, [(0, 0), (0, 0), (0, layout.n_slots - 1), (0, 0)])


def _possible(keras, layout, now, before):
    """(n_batch, n_frames, n_slots, n_symbols) bool: what may stand in each slot, whatever the network prefers."""
    ops, ids = keras.ops, np.arange(layout.n_symbols, dtype=np.int32)
    possible = ops.logical_and(ops.ones_like(now[..., None], dtype="bool"), ids > 0)
    if layout.again:
        sounds = ops.logical_and(before >= 1, before <= layout.n_pitches)[..., None]
        possible = ops.logical_and(possible, ops.logical_or(sounds, ids != layout.again_id))
    if layout.ordered:  # as `Layout.bounds` has it
        zero = ops.zeros_like(now[..., 0])
        lower, upper = [zero], [zero + layout.none]
        for slot in range(1, layout.n_slots):
            ended = ops.equal(now[..., slot - 1], layout.none)
            upper.append(ops.where(ended, 0, now[..., 0 if slot < 3 else slot - 1]))
            lower.append(ops.where(ended, 0, now[..., 1]) if slot > 1 else zero)
        lower, upper = (ops.stack(bound, axis=2)[..., None] for bound in (lower, upper))
        between = ops.logical_and(lower < ids, upper > ids)
        possible = ops.logical_and(possible, ops.logical_or(between, ids == layout.none))
    return possible


def padded(layout, tables, multiple=16):
    """Pieces of different lengths as one batch.

    Args:
        tables: `columns`, one array a piece.
        multiple: the batch gets a length that is a multiple of so many beats, so that few lengths occur.

    Returns:
        (n_pieces, n_frames, n_columns) int32, zeros after each piece's end.
    """
    multiple *= layout.frames_a_beat
    longest = -(-max(map(len, tables)) // multiple) * multiple
    batch = np.zeros((len(tables), longest, layout.n_columns), np.int32)
    for row, table in zip(batch, tables):
        row[: len(table)] = table
    return batch


def surprises(model, layout, tables, at_once=8192):
    """How surprised a network is by each symbol.

    Args:
        model: as `build_voices` makes it.
        tables: `columns`, one array a piece.
        at_once: how many frames to compute at a time, at least a whole piece.

    Returns:
        One array (n_frames, n_slots) a piece: nats. The sum of a row is the surprise by the whole frame.
    """
    from scipy.special import log_softmax

    order, found, i = sorted(range(len(tables)), key=lambda i: len(tables[i])), [None] * len(tables), 0
    while i < len(order):
        n = 1
        while i + n < len(order) and (n + 1) * len(tables[order[i + n]]) <= at_once:
            n += 1
        group = order[i : i + n]
        batch = padded(layout, [tables[j] for j in group])
        logits = model.predict_on_batch(batch)
        log_p = np.take_along_axis(log_softmax(logits, axis=-1), batch[..., : layout.n_slots, None], axis=-1)[..., 0]
        for j, row in zip(group, -log_p):
            found[j] = row[: len(tables[j])]
        i += n
    return found
