"""How fast the next note comes: a 1x256 LSTM over 130 symbols, one tune, one core, CPU time.

The same weights in Keras (`predict` on a window, as tutorials do it; a stateful model called eagerly), in PyTorch (`LSTMCell`,
where it is installed) and in numpy (`musiclab.lstm`). Beside them the shipped model of tunes, which also keeps track of what the tune did
before, and the bound that nobody passes: reading the weights once. Rounds are interleaved; each ratio is taken within its round.

    python benchmarks/generation.py [rounds]
"""

import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402

from musiclab.context import PITCH  # noqa: E402
from musiclab.lstm import WEIGHTS, build_lstm, freeze, load  # noqa: E402
from musiclab.symbols import Vocabulary  # noqa: E402

N_SYMBOLS, N_HIDDEN, N_EMBEDDING, WINDOW = 130, 256, 96, 64


def main(rounds=15):
    """Measure, print the table, and print the ratios as one line of JSON."""
    pitches = [
        f"{letter}{octave}"
        for octave in range(-1, 9)
        for letter in ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
    ]
    vocabulary = Vocabulary(pitches + [f"{n}/32" for n in range(1, 8)])
    assert len(vocabulary) == N_SYMBOLS
    network = build_lstm(N_SYMBOLS, n_hidden=N_HIDDEN, n_embedding=N_EMBEDDING)
    plain, shipped = freeze(network, vocabulary), load()
    network.set_weights([np.float32(plain.weights[name]) for name in WEIGHTS])
    ids = np.random.default_rng(0).integers(1, N_SYMBOLS, 4000).tolist()

    notes = {  # contestant -> (function that makes n notes, n)
        "Keras predict on a window of 64": (keras_predict(network, ids), 5),
        "Keras, stateful, called eagerly": (keras_eager(network, plain, ids), 25),
        "numpy, plain (ours)": (steps(plain, ids), 2000),
        "numpy, shipped model with its context (ours)": (steps(shipped, some_tunes(shipped)), 2000),
        "reading the weights once": (read_weights(plain), 2000),
    }
    try:
        notes["torch LSTMCell"] = torch_cell(plain, ids), 1000
    except ImportError:
        print("torch is not installed: LSTMCell is left out")
    for make, n in notes.values():  # warm up
        make(n)

    cost, order = {name: [] for name in notes}, np.random.default_rng(0)
    for _ in range(rounds):
        for name in order.permutation(list(notes)):
            make, n = notes[name]
            began = time.process_time()
            make(n)
            cost[name].append((time.process_time() - began) / n)
    ours = np.array(cost["numpy, plain (ours)"])
    print(f"\n{'':46}{'us a note':>12}{'notes/s':>10}   times ours, median (10 % to 90 % of {rounds} rounds)")
    claims = {}
    for name, values in cost.items():
        ratios = np.array(values) / ours
        low, middle, high = np.quantile(ratios, [0.1, 0.5, 0.9])
        median = np.median(values)
        print(f"{name:46}{1e6 * median:12.1f}{1 / median:10.0f}   {middle:.3g} ({low:.3g} to {high:.3g})")
        claims[name.split(",")[0].replace(" on a window of 64", "") if "numpy" not in name else name] = round(float(middle), 3)
    print(f"logits of ours and Keras differ by at most {agreement(network, plain, ids):.1e}\n")
    shipped_us = 1e6 * float(np.median(cost["numpy, shipped model with its context (ours)"]))
    result = {
        "keras_predict": claims["Keras predict"],
        "keras_eager": claims["Keras"],
        "torch_lstmcell": claims.get("torch LSTMCell"),
        "weight_reading_bound": claims["reading the weights once"],
        "shipped_model_us_a_symbol": round(shipped_us, 1),
    }
    print(json.dumps(result))


def steps(model, ids):
    """Notes one by one through `step`."""

    def make(n):
        state = model.start()
        for id in ids[:n]:
            state, _ = model.step(state, id)

    return make


def some_tunes(model):
    """Ids like those of a tune: phrases of pitches and lengths that return, with bar lines."""
    rng, vocabulary = np.random.default_rng(0), model.vocabulary
    pitches = np.flatnonzero((vocabulary.kinds == PITCH) & (vocabulary.pitches > 65) & (vocabulary.pitches < 85))
    (eighth, bar_line), ids = vocabulary.ids(["1/8", "|"]), []
    while len(ids) < 4000:
        phrase = [id for _ in range(4) for pitch in rng.choice(pitches, 8) for id in (int(pitch), eighth)]
        bars = [id for i in range(0, len(phrase), 16) for id in (*phrase[i : i + 16], bar_line)]
        ids += vocabulary.ids(["<reel>", "<2/2>", "<major>", "<16 bars>"]) + bars * 4
    return ids[:4000]


def keras_predict(network, ids):
    """The whole window again for each note."""

    def make(n):
        for i in range(n):
            network.predict(np.array([ids[i : i + WINDOW]]), verbose=0)

    return make


def keras_eager(network, plain, ids):
    """One step of a stateful model, called without `predict`."""
    import keras

    inputs = keras.Input(batch_shape=(1, 1), dtype="int32")
    embedded = keras.layers.Embedding(N_SYMBOLS, N_EMBEDDING)(inputs)
    hidden = keras.layers.LSTM(N_HIDDEN, return_sequences=True, stateful=True)(embedded)
    logits = keras.layers.Dense(N_SYMBOLS)(keras.ops.concatenate([hidden, embedded], axis=-1))
    model = keras.Model(inputs, logits)
    model.set_weights(network.get_weights())

    def make(n):
        for id in ids[:n]:
            model(np.array([[id]]), training=False)

    return make


def torch_cell(plain, ids):
    """Embedding, LSTMCell, Linear, without gradients."""
    import torch

    torch.set_num_threads(1)
    weights = [torch.tensor(np.float32(plain.weights[name])) for name in WEIGHTS]
    embedding, kernel, recurrent, bias, head, head_bias = weights
    cell, linear = torch.nn.LSTMCell(N_EMBEDDING, N_HIDDEN), torch.nn.Linear(N_HIDDEN, N_SYMBOLS)
    with torch.no_grad():
        cell.weight_ih.copy_(kernel.T)
        cell.weight_hh.copy_(recurrent.T)
        cell.bias_ih.copy_(bias)
        cell.bias_hh.zero_()
        linear.weight.copy_(head[:N_HIDDEN].T)
        linear.bias.copy_(head_bias)

    def make(n):
        with torch.inference_mode():
            state = torch.zeros(1, N_HIDDEN), torch.zeros(1, N_HIDDEN)
            for id in ids[:n]:
                state = cell(embedding[id : id + 1], state)
                linear(state[0])

    return make


def read_weights(plain):
    """Every weight that a step needs, read once: a dot product does hardly anything else."""
    n = plain.weights["recurrent"].size + N_HIDDEN * N_SYMBOLS
    weights = np.ones(n, np.float32)

    def make(n):
        for _ in range(n):
            np.dot(weights, weights)

    return make


def agreement(network, plain, ids):
    """The largest difference between the logits of Keras and ours over 200 steps."""
    expected = network.predict_on_batch(np.array([ids[:200]]))[0]
    state, worst = plain.start(), 0.0
    for id, row in zip(ids, expected):
        state, logits = plain.step(state, id)
        worst = max(worst, float(np.abs(logits - row)[1:].max()))
    return worst


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
