"""Keras, imported in silence: an LSTM layer for it that trains faster on a processor, and steps that are traced once.

An LSTM has to wait for the step before only where its hidden values meet the recurrent weights. What the inputs add to the gates, and
the gradient of the weights, are hoisted out of the loop over time: each is one product for all steps at once. The loop itself is
compiled by XLA, which needs to know every length beforehand: so it gets one stretch of steps, and any number of stretches make a
piece. Where there is more than one core, two halves of the batch go through it side by side.
"""

import os
from functools import cache

from musiclab.memory import warn_before_keras
from musiclab.probes import quiet

STRETCH = 16  # steps; a batch is as long as a whole number of stretches, so a longer one would waste more


def before_keras():
    """What to do before the first `import keras`: TensorFlow is told to be quiet, and who reads a notebook if memory is short."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    warn_before_keras()


def __getattr__(name):
    """`from musiclab.hoisted import keras` is `import keras` after that, in silence; Keras is loaded only for who asks."""
    if name != "keras":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    before_keras()
    with quiet():  # the level alone does not stop TensorFlow's first two lines
        import keras

    return keras


def import_keras():
    """Keras, without the lines that TensorFlow writes to stderr."""
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # its products of narrow matrices are twice as fast as TensorFlow's own
    before_keras()
    with quiet():
        import keras

        keras.ops.zeros(1)
    return keras


def lstm_layer(units, return_sequences=False, name=None):
    """An LSTM layer with the weights, outputs and gradients of `keras.layers.LSTM(units, return_sequences, name=name)`.

    Where TensorFlow finds a GPU, or Keras runs on something else than TensorFlow, it is `keras.layers.LSTM` itself; the weights of
    one fit the other. That layer takes cuDNN if (Keras 3, `LSTM.inner_loop` and `cudnn_ok` in backend/tensorflow/rnn.py) it has no
    recurrent dropout, tanh and sigmoid, a bias and no unrolling, as it has by default, and if TensorFlow lists a logical GPU: one
    that is there and that neither CUDA_VISIBLE_DEVICES nor `tf.config.set_visible_devices` hides. Where cuDNN refuses all the same,
    Keras falls back on its own loop over time.
    """
    keras = import_keras()
    layer = keras.layers.LSTM
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if not tf.config.list_logical_devices("GPU"):  # the question that Keras asks before it takes cuDNN
            layer = _hoisted()
    return layer(units, return_sequences=return_sequences, name=name)


@cache
def _hoisted():
    import keras
    import tensorflow as tf

    @keras.saving.register_keras_serializable(package="musiclab")
    class HoistedLSTM(keras.layers.LSTM):
        """`keras.layers.LSTM`, with its loop over time replaced where nothing is masked."""

        def inner_loop(self, sequences, initial_state, mask, training=False):
            if mask is not None:
                return super().inner_loop(sequences, initial_state, mask, training)
            weights = self.cell.kernel, self.cell.recurrent_kernel, self.cell.bias
            hidden = tf.custom_gradient(scan)(sequences, *map(tf.convert_to_tensor, weights), *initial_state)
            return hidden[:, -1], hidden, initial_state  # the last states, which `lstm_layer` lets nobody ask for

    return HoistedLSTM


def scan(inputs, kernel, recurrent, bias, hidden, cell):
    """All hidden values of an LSTM, with the way back, as `tf.custom_gradient` wants them.

    Args:
        inputs: (n_batch, n_steps, n_inputs).
        kernel: (n_inputs, 4 * n_hidden), its gates in Keras's order (i, f, c, o), as those of the next two.
        recurrent: (n_hidden, 4 * n_hidden).
        bias: (4 * n_hidden,).
        hidden, cell: (n_batch, n_hidden), before the first step.

    Returns:
        `(outputs, gradients)`: (n_batch, n_steps, n_hidden), and a function that takes the gradient of a loss by `outputs` and
        returns those by all six arguments.
    """
    import tensorflow as tf

    weights = [tf.stop_gradient(array) for array in (kernel, recurrent, bias)]  # the way back is our own
    inputs, hidden, cell = [tf.stop_gradient(array) for array in (inputs, hidden, cell)]
    n_batch = tf.shape(inputs)[0]
    sizes = [n_batch // 2, n_batch - n_batch // 2] if _n_cores() > 1 else [n_batch]

    def apart(array):
        return tf.split(array, sizes, num=len(sizes))

    halves = zip(*map(apart, (inputs, hidden, cell)))
    outputs, ways_back = zip(*(_scan(inputs, *weights, *start) for inputs, *start in halves))

    def gradients(arriving):
        found = [way_back(part) for way_back, part in zip(ways_back, apart(arriving))]
        d_inputs, *d_weights, d_hidden, d_cell = zip(*found)
        d_inputs, d_hidden, d_cell = (tf.concat(parts, axis=0) for parts in (d_inputs, d_hidden, d_cell))
        return d_inputs, *map(tf.add_n, d_weights), d_hidden, d_cell

    return tf.concat(outputs, axis=0), gradients


def _scan(inputs, kernel, recurrent, bias, hidden, cell):
    """`scan`, on one core."""
    import tensorflow as tf

    forward, backward = _stretches()
    n_batch, n_steps = tf.shape(inputs)[0], tf.shape(inputs)[1]
    n_stretches = -(-n_steps // STRETCH)
    n_hidden = recurrent.shape[0]
    ready = tf.repeat(tf.constant([0.5, 0.5, 1, 0.5], kernel.dtype), n_hidden)  # for one tanh: sigmoid(x) = (1 + tanh(x / 2)) / 2

    def by_step(array):
        """Time first, and zeros after the end, until the last stretch is full."""
        n_more = n_stretches * STRETCH - n_steps
        return tf.transpose(tf.pad(array, [(0, 0), (0, n_more), (0, 0)]), (1, 0, 2))

    def by_piece(array):
        return tf.transpose(array[:n_steps], (1, 0, 2))

    def flat(array):
        return tf.reshape(array, (-1, array.shape[-1]))

    def steps(array):
        return tf.reshape(array, (n_stretches * STRETCH, n_batch, array.shape[-1]))

    def cut(array):
        return room(array.shape[-1], read_once=True).unstack(tf.reshape(array, (n_stretches, STRETCH, n_batch, array.shape[-1])))

    def room(width, read_once=False):
        return tf.TensorArray(inputs.dtype, n_stretches, clear_after_read=read_once, element_shape=(STRETCH, None, width))

    def alike(*states):
        """What comes out of a stretch, known to be shaped as what went in."""
        return [tf.ensure_shape(state, hidden.shape) for state in states]

    inputs = by_step(inputs)
    from_inputs = cut(flat(inputs) @ (kernel * ready) + bias * ready)
    to_gates = recurrent * ready * 0.5  # for twice the hidden values

    def onward(k, twice_h, c, *kept):
        twice_h, c, *new = forward(from_inputs.read(k), to_gates, twice_h, c)
        return k + 1, *alike(twice_h, c), *(array.write(k, value) for array, value in zip(kept, new))

    start = 0, 2 * hidden, cell, room(n_hidden), room(n_hidden), room(4 * n_hidden)
    _, _, _, twice_hs, befores, all_gates = tf.while_loop(lambda k, *_: k < n_stretches, onward, start, parallel_iterations=1)
    hs = 0.5 * steps(twice_hs.concat())

    def gradients(arriving):
        arriving = cut(by_step(arriving))
        from_gates = tf.transpose(recurrent)

        def back(k, dh, dc, found):
            dh, dc, by_gates = backward(arriving.read(k), befores.read(k), all_gates.read(k), from_gates, dh, dc)
            return k - 1, *alike(dh, dc), found.write(k, by_gates)

        last = n_stretches - 1, tf.zeros_like(hidden), tf.zeros_like(cell), room(4 * n_hidden)
        _, dh, dc, found = tf.while_loop(lambda k, *_: k >= 0, back, last, parallel_iterations=1)

        # Each of these is one product over all steps and pieces.
        by_gates = flat(found.concat())
        hs_before = tf.concat([hidden[None], hs[:-1]], axis=0)
        d_kernel = tf.matmul(flat(inputs), by_gates, transpose_a=True)
        d_recurrent = tf.matmul(flat(hs_before), by_gates, transpose_a=True)
        d_inputs = by_piece(steps(tf.matmul(by_gates, kernel, transpose_b=True)))
        return d_inputs, d_kernel, d_recurrent, tf.reduce_sum(by_gates, axis=0), dh, dc

    return by_piece(hs), gradients


@cache
def _stretches():
    """The loops over the steps of one stretch, there and back, compiled where TensorFlow can."""
    import tensorflow as tf

    def rows(array):
        return tf.TensorArray(array.dtype, STRETCH).unstack(array)

    def after(before, gates):
        """The cell after a step, and the output gate; i, f and o stand for (1 + i) / 2 and so on."""
        i, f, g, o = tf.split(gates, 4, axis=1)
        return 0.5 * (f * before + before + i * g + g), o

    def forward(from_inputs, to_gates, twice_h, cell):
        def step(t, twice_h, before, *kept):
            gates = tf.tanh(from_inputs.read(t) + twice_h @ to_gates)
            c, o = after(before, gates)
            bent = tf.tanh(c)
            twice_h = o * bent + bent
            return t + 1, twice_h, c, *(array.write(t, value) for array, value in zip(kept, (twice_h, before, gates)))

        kept = [tf.TensorArray(from_inputs.dtype, STRETCH) for _ in range(3)]
        from_inputs = rows(from_inputs)
        _, twice_h, cell, *kept = tf.while_loop(lambda t, *_: t < STRETCH, step, (0, twice_h, cell, *kept))
        return twice_h, cell, *(array.stack() for array in kept)

    def backward(arriving, befores, all_gates, from_gates, dh, dc):
        def step(t, dh, dc, found):
            before, gates = befores.read(t), all_gates.read(t)
            i, f, g, o = tf.split(gates, 4, axis=1)
            bent = tf.tanh(after(before, gates)[0])
            dh += arriving.read(t)
            dc += dh * (0.5 * o + 0.5) * (1 - bent * bent)
            by_gates = (0.25 - 0.25 * gates * gates) * tf.concat([dc * g, dc * before, dc * (2 * i + 2), dh * bent], axis=1)
            return t - 1, by_gates @ from_gates, dc * (0.5 * f + 0.5), found.write(t, by_gates)

        found = tf.TensorArray(arriving.dtype, STRETCH)
        arriving, befores, all_gates = map(rows, (arriving, befores, all_gates))
        _, dh, dc, found = tf.while_loop(lambda t, *_: t >= 0, step, (STRETCH - 1, dh, dc, found))
        return dh, dc, found.stack()

    return tuple(tf.function(loop, jit_compile=_has_xla(), autograph=False) for loop in (forward, backward))


def _has_xla():
    """True, or None where this TensorFlow brings no XLA, as on some systems; the loops then run as they are, and more slowly."""
    import tensorflow as tf

    try:
        with quiet():
            tf.function(lambda x: x + x, jit_compile=True)(tf.zeros(1))
    except tf.errors.OpError:
        return None
    return True


def _n_cores():
    """How many cores TensorFlow may work on at the same time."""
    asked = int(os.environ.get("TF_NUM_INTEROP_THREADS") or 0)
    return asked or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def training_step(model):
    """A function of `(inputs, targets)` that does what `model.train_on_batch` does, and returns the loss.

    TensorFlow traces it once, for batches of any shape; `train_on_batch` traces the first shapes one by one, which takes a second
    or more each. And a graph made for one shape may round otherwise than one made for all, so a training that goes on after a kill
    would not keep its curve to the last bit.

    Args:
        model: compiled, with ids or features as inputs, (n_batch, n_steps, ...) int32, and targets (n_batch, n_steps) int32.
    """
    if import_keras().backend.backend() != "tensorflow":
        return model.train_on_batch
    import tensorflow as tf

    model.optimizer.build(model.trainable_variables)  # variables made while tracing would make TensorFlow trace twice
    signature = [tf.TensorSpec(model.input_shape, tf.int32), tf.TensorSpec((None, None), tf.int32)]

    @tf.function(input_signature=signature, autograph=False)
    def traced(inputs, targets):
        return model.train_step((inputs, targets))["loss"]

    def step(inputs, targets):
        model.reset_metrics()  # or the loss would be the mean of all steps so far
        return float(traced(inputs, targets))

    return step


def forward(model):
    """A function of inputs that gives what `model.predict_on_batch` gives, traced once too."""
    if import_keras().backend.backend() != "tensorflow":
        return model.predict_on_batch
    import tensorflow as tf

    signature = [tf.TensorSpec(model.input_shape, tf.int32)]
    traced = tf.function(lambda inputs: model(inputs, training=False), input_signature=signature, autograph=False)
    return lambda inputs: traced(inputs).numpy()
