"""The hoisted layer is Keras's LSTM in all but speed, and so are the traced steps Keras's own; Keras itself is the oracle."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from musiclab.hoisted import forward, import_keras, lstm_layer, training_step
from musiclab.lstm import build_lstm

pytestmark = pytest.mark.slow  # importing Keras takes longer than the tests

N_BATCH, N_STEPS, N_INPUTS, N_HIDDEN = 3, 17, 5, 8


@pytest.fixture(scope="module")
def keras():
    return import_keras()


def pair(keras, **options):
    """The layer and Keras's own, with the same weights, none of them zero."""
    layers = lstm_layer(N_HIDDEN, **options), keras.layers.LSTM(N_HIDDEN, **options)
    rng = np.random.default_rng(0)
    for layer in layers:
        layer.build((None, None, N_INPUTS))
    weights = [rng.normal(scale=0.5, size=array.shape) for array in layers[1].get_weights()]
    for layer in layers:
        layer.set_weights(weights)
    return layers


def relative(a, b):
    return float(np.abs(np.asarray(a) - b).max() / np.abs(b).max())


def outputs_and_gradients(layer, inputs, weight, **call):
    """What the layer gives, and the gradients of a weighted sum of it by inputs, states and weights."""
    import tensorflow as tf

    @tf.function
    def both(inputs, initial_state):
        with tf.GradientTape() as tape:
            tape.watch([inputs, initial_state])
            outputs = layer(inputs, initial_state=initial_state, **call)
            loss = tf.reduce_sum(outputs * weight)
        return outputs, tape.gradient(loss, [inputs, *initial_state, *[v.value for v in layer.trainable_variables]])

    states = np.random.default_rng(1).normal(size=(2, len(inputs), N_HIDDEN)).astype(np.float32)
    return both(tf.constant(inputs), [tf.constant(state) for state in states])


@pytest.mark.parametrize("return_sequences", [True, False])
@pytest.mark.parametrize("n_batch, n_steps", [(N_BATCH, 1), (N_BATCH, N_STEPS), (1, N_STEPS)])
@pytest.mark.parametrize("n_cores", [1, 2])
def test_outputs_and_all_gradients_are_those_of_keras(keras, return_sequences, n_batch, n_steps, n_cores, monkeypatch):
    monkeypatch.setenv("TF_NUM_INTEROP_THREADS", str(n_cores))
    ours, theirs = pair(keras, return_sequences=return_sequences)
    assert type(ours) is not type(theirs)
    rng = np.random.default_rng(2)
    inputs = rng.normal(size=(n_batch, n_steps, N_INPUTS)).astype(np.float32)
    weight = rng.normal(size=(n_batch, n_steps, N_HIDDEN) if return_sequences else (n_batch, N_HIDDEN)).astype(np.float32)
    outputs, gradients = outputs_and_gradients(ours, inputs, weight)
    expected, right = outputs_and_gradients(theirs, inputs, weight)
    assert relative(outputs, expected) < 1e-5
    assert len(gradients) == len(right) == 6
    for gradient, other in zip(gradients, right):
        assert relative(gradient, other) < 1e-5


def test_without_xla_it_is_the_same(keras, monkeypatch):
    import tensorflow as tf

    from musiclab import hoisted

    compiled, _ = pair(keras, return_sequences=True)
    weights = compiled.get_weights()
    inputs = np.random.default_rng(6).normal(size=(N_BATCH, N_STEPS, N_INPUTS)).astype(np.float32)
    expected, right = outputs_and_gradients(compiled, inputs, 1.0)
    ordinary = tf.function

    def without(*args, jit_compile=None, **options):
        if jit_compile:
            raise tf.errors.InvalidArgumentError(None, None, "no XLA on this system")
        return ordinary(*args, **options)

    monkeypatch.setattr(tf, "function", without)
    monkeypatch.setattr(hoisted, "_stretches", hoisted._stretches.__wrapped__)
    plain, _ = pair(keras, return_sequences=True)
    assert all(np.array_equal(a, b) for a, b in zip(plain.get_weights(), weights))
    outputs, gradients = outputs_and_gradients(plain, inputs, 1.0)
    assert relative(outputs, expected) < 1e-5
    for gradient, other in zip(gradients, right):
        assert relative(gradient, other) < 1e-5


def test_the_gradient_is_that_of_numbers(keras):
    """No formula: nudge a weight both ways, in float64 arithmetic by hand."""

    def loss(kernel, recurrent, bias):
        h = c = np.zeros((N_BATCH, N_HIDDEN))
        total = 0.0
        for x, w in zip(inputs.swapaxes(0, 1), weight.swapaxes(0, 1)):
            i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
            i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))
            c = f * c + i * np.tanh(g)
            h = o * np.tanh(c)
            total += (h * w).sum()
        return total

    import tensorflow as tf

    rng = np.random.default_rng(3)
    inputs = rng.normal(size=(N_BATCH, N_STEPS, N_INPUTS)).astype(np.float32)
    weight = rng.normal(size=(N_BATCH, N_STEPS, N_HIDDEN)).astype(np.float32)
    layer, _ = pair(keras, return_sequences=True)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(inputs) * weight)
    gradients = tape.gradient(total, [v.value for v in layer.trainable_variables])
    weights = [np.float64(array) for array in layer.get_weights()]
    for which, gradient in enumerate(gradients):
        for place in rng.integers(0, weights[which].size, 5):
            nudged = [[array.copy() for array in weights] for _ in range(2)]
            nudged[0][which].flat[place] += 1e-5
            nudged[1][which].flat[place] -= 1e-5
            slope = (loss(*nudged[0]) - loss(*nudged[1])) / 2e-5
            assert gradient.numpy().flat[place] == pytest.approx(slope, rel=1e-3, abs=1e-4)


def test_masked_steps_are_left_to_keras(keras):
    ours, theirs = pair(keras, return_sequences=True)
    inputs = np.random.default_rng(4).normal(size=(N_BATCH, N_STEPS, N_INPUTS)).astype(np.float32)
    mask = np.arange(N_STEPS) < np.array([[5], [17], [9]])
    assert relative(ours(inputs, mask=mask), theirs(inputs, mask=mask).numpy()) < 1e-5
    assert relative(ours(inputs, mask=mask), theirs(inputs).numpy()) > 1e-2


@pytest.mark.parametrize("n_cores", [1, 2])
def test_batches_of_any_size_go_through_one_layer(keras, n_cores, monkeypatch):
    monkeypatch.setenv("TF_NUM_INTEROP_THREADS", str(n_cores))
    ours, theirs = pair(keras, return_sequences=True)
    models = [keras.Sequential([keras.Input((None, N_INPUTS)), layer]) for layer in (ours, theirs)]
    inputs = np.random.default_rng(7).normal(size=(7, N_STEPS, N_INPUTS)).astype(np.float32)
    for n in (2, 7, 3, 1, 5):
        found, expected = (model.predict_on_batch(inputs[:n]) for model in models)
        assert relative(found, expected) < 1e-5


def test_a_model_learns_the_same_with_either_layer_and_again_with_the_same_seed(keras, monkeypatch):
    ids = np.random.default_rng(5).integers(1, 12, (4, 30))

    def losses():
        model = build_lstm(12, n_hidden=N_HIDDEN, n_embedding=N_INPUTS, n_layers=2, seed=3)
        return [float(model.train_on_batch(ids[:, :-1], ids[:, 1:])) for _ in range(5)]

    first = losses()
    assert losses() == first
    monkeypatch.setattr("musiclab.lstm.lstm_layer", keras.layers.LSTM)
    assert losses() == pytest.approx(first, rel=1e-5)


def test_a_saved_keras_model_is_read_again(keras, tmp_path):
    model = keras.Sequential([keras.Input((None, N_INPUTS)), lstm_layer(N_HIDDEN, return_sequences=True)])
    model.save(tmp_path / "model.keras")
    inputs = np.ones((1, 4, N_INPUTS), np.float32)
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.array_equal(again.predict_on_batch(inputs), model.predict_on_batch(inputs))


def test_where_there_is_a_gpu_it_is_keras_own_layer_and_cudnn_takes_it(keras, monkeypatch):
    import tensorflow as tf
    from keras.src.backend.tensorflow.rnn import cudnn_ok

    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind=None: [SimpleNamespace(device_type="GPU")])
    layer = lstm_layer(N_HIDDEN, return_sequences=True, name="lstm")
    assert type(layer) is keras.layers.LSTM
    assert layer.name == "lstm"
    cell = layer.cell
    assert layer.use_cudnn == "auto" and not layer.recurrent_dropout
    assert cudnn_ok(cell.activation, cell.recurrent_activation, layer.unroll, use_bias=cell.use_bias)


def test_with_another_backend_it_is_keras_own_layer(keras, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert type(lstm_layer(N_HIDDEN)) is keras.layers.LSTM


def batches():
    """Ids of several shapes, as int32."""
    rng = np.random.default_rng(0)
    return [rng.integers(1, 12, shape).astype(np.int32) for shape in ((4, 30), (4, 17), (2, 30), (1, 2))]


def a_model():
    return build_lstm(12, n_hidden=8, n_embedding=5, n_layers=2, seed=3)


def test_a_step_is_that_of_train_on_batch_and_is_traced_once():
    model = a_model()
    calls, real = [], model.train_step
    model.train_step = lambda data: calls.append(data) or real(data)
    learn = training_step(model)
    losses = [learn(ids[:, :-1], ids[:, 1:]) for ids in batches()]
    assert len(calls) == 1
    other = a_model()
    assert losses == pytest.approx([float(other.train_on_batch(ids[:, :-1], ids[:, 1:])) for ids in batches()], rel=1e-5)
    assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(model.get_weights(), other.get_weights()))


def test_logits_are_those_of_predict_on_batch():
    model = a_model()
    listen = forward(model)
    for ids in batches():
        assert listen(ids) == pytest.approx(model.predict_on_batch(ids), abs=1e-5)


def test_with_another_backend_the_steps_are_keras_own(keras, monkeypatch):
    model = a_model()
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert training_step(model) == model.train_on_batch
    assert forward(model) == model.predict_on_batch


def test_importing_the_room_loads_no_keras():
    code = "import sys; import musiclab.hoisted; print({'keras', 'tensorflow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_keras_comes_without_a_word_and_every_other_name_is_unknown():
    code = "from musiclab.hoisted import keras; import musiclab.hoisted as room; print(keras.__name__, hasattr(room, 'torch'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("keras False\n", "")
