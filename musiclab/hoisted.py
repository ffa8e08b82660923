"""Keras, imported in silence: an LSTM layer for it that trains faster on a processor, and steps that are traced once.

An LSTM has to wait for the step before only where its hidden values meet the recurrent weights. What the inputs add to the gates, and
the gradient of the weights, are hoisted out of the loop over time: each is one product for all steps at once. Inside the loops a
column is a piece, and each gate has a product of its own: TensorFlow hands such a stack of products to another routine, and for few
columns that one is faster.
"""

import os
from functools import cache

from musiclab.memory import warn_before_keras
from musiclab.probes import quiet


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

    n_batch, n_steps = tf.shape(inputs)[0], tf.shape(inputs)[1]
    n_inputs, n_hidden = kernel.shape[0], recurrent.shape[0]

    def by_gate(weights):
        """(n, 4 * n_hidden) as (4, n_hidden, n), made ready for one tanh: sigmoid(x) = (1 + tanh(x / 2)) / 2."""
        halved = tf.constant([0.5, 0.5, 1, 0.5], weights.dtype, (4, 1, 1))
        return tf.transpose(tf.reshape(weights, (-1, 4, n_hidden)), (1, 2, 0)) * halved

    def steps(array):
        return tf.TensorArray(array.dtype, n_steps).unstack(array)

    def room(*gates):
        return tf.TensorArray(inputs.dtype, n_steps, element_shape=(*gates, n_hidden, None), clear_after_read=False)

    hidden, cell = tf.transpose(hidden), tf.transpose(cell)
    to_gates = by_gate(recurrent) * 0.5  # for twice the hidden values
    from_inputs = tf.reshape(by_gate(kernel), (1, -1, n_inputs)) @ tf.transpose(inputs, (1, 2, 0))
    from_inputs += tf.reshape(by_gate(bias), (1, -1, 1))
    from_inputs = steps(tf.reshape(from_inputs, (n_steps, 4, n_hidden, n_batch)))

    def after(before, gates):
        """The cell after a step; i, f and o stand for (1 + i) / 2 and so on."""
        i, f, g, _ = tf.unstack(gates)
        return 0.5 * (f * before + before + i * g + g)

    def forward(t, twice_h, before, *kept):
        gates = tf.tanh(from_inputs.read(t) + to_gates @ twice_h[None])
        c = after(before, gates)
        bent = tf.tanh(c)
        twice_h = gates[3] * bent + bent
        return t + 1, twice_h, c, *(array.write(t, value) for array, value in zip(kept, (twice_h, before, gates)))

    start = 0, 2 * hidden, cell, room(), room(), room(4)
    _, _, _, twice_hs, befores, all_gates = tf.while_loop(lambda t, *_: t < n_steps, forward, start, parallel_iterations=1)
    hs = 0.5 * twice_hs.stack()  # (n_steps, n_hidden, n_batch)

    def gradients(arriving):
        arriving = steps(tf.transpose(arriving, (1, 2, 0)))
        from_gates = tf.transpose(tf.reshape(recurrent, (n_hidden, 4, n_hidden)), (1, 0, 2))

        def backward(t, dh, dc, found):
            before, gates = befores.read(t), all_gates.read(t)
            i, f, g, o = tf.unstack(gates)
            bent = tf.tanh(after(before, gates))
            dh += arriving.read(t)
            dc += dh * (0.5 * o + 0.5) * (1 - bent * bent)
            by_gates = (0.25 - 0.25 * gates * gates) * tf.stack([dc * g, dc * before, dc * (2 * i + 2), dh * bent])
            dh = tf.reduce_sum(from_gates @ by_gates, axis=0)
            return t - 1, dh, dc * (0.5 * f + 0.5), found.write(t, by_gates)

        last = n_steps - 1, tf.zeros_like(hidden), tf.zeros_like(cell), room(4)
        _, dh, dc, found = tf.while_loop(lambda t, *_: t >= 0, backward, last, parallel_iterations=1)

        # Each of these is one product over all steps and pieces.
        columns = tf.reshape(found.stack(), (n_steps, 4 * n_hidden, n_batch))
        columns = tf.reshape(tf.transpose(columns, (1, 0, 2)), (4 * n_hidden, -1))
        hs_before = tf.concat([hidden[None], hs[:-1]], axis=0)
        met = tf.concat([tf.transpose(inputs, (1, 0, 2)), tf.transpose(hs_before, (0, 2, 1))], axis=2)
        d_weights = tf.transpose(columns @ tf.reshape(met, (-1, n_inputs + n_hidden)))
        d_inputs = tf.transpose(tf.reshape(kernel @ columns, (n_inputs, n_steps, n_batch)), (2, 1, 0))
        d_bias = tf.reduce_sum(columns, axis=1)
        return d_inputs, d_weights[:n_inputs], d_weights[n_inputs:], d_bias, tf.transpose(dh), tf.transpose(dc)

    return tf.transpose(hs, (2, 0, 1)), gradients


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
