"""How fast the next note comes: LSTMs of 1x256 and 2x512 units over 130 symbols, one core, CPU time.

The same weights in Keras (`predict` on a window, as tutorials do it; a stateful model called eagerly), in PyTorch (`LSTMCell`,
where it is installed) and in numpy (`musiclab.stepping`), for one piece and for 16 and 64 side by side. Beside them the shipped model of
tunes, which also keeps track of what the tune did before, and reading the weights once, which whoever plays one piece has to do at
each step. Rounds are interleaved; each ratio is taken within its round.

    python benchmarks/generation.py [rounds]
"""

import json
import os
import sys
import time
from importlib.util import find_spec

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402

from musiclab.context import PITCH  # noqa: E402
from musiclab.lstm import build_lstm, freeze, load  # noqa: E402
from musiclab.stepping import weight_names  # noqa: E402
from musiclab.symbols import Vocabulary  # noqa: E402

N_SYMBOLS, N_EMBEDDING, WINDOW = 130, 96, 64
OURS, TORCH, BOUND = "numpy (ours)", "torch LSTMCell", "reading the weights once"


def main(rounds=15):
    """Measure, print the tables, and print the ratios as one line of JSON."""
    pitches = [
        f"{letter}{octave}"
        for octave in range(-1, 9)
        for letter in ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
    ]
    vocabulary = Vocabulary(pitches + [f"{n}/32" for n in range(1, 8)])
    assert len(vocabulary) == N_SYMBOLS
    claims, worst = {}, 0.0
    for size, n_layers, n_hidden, n_times in (("1x256", 1, 256, 2000), ("2x512", 2, 512, 200)):
        network = build_lstm(N_SYMBOLS, n_hidden=n_hidden, n_embedding=N_EMBEDDING, n_layers=n_layers)
        plain = freeze(network, vocabulary)
        network.set_weights([np.float32(plain.weights[name]) for name in weight_names(n_layers)])
        ids = np.random.default_rng(0).integers(1, N_SYMBOLS, 4000).tolist()
        worst = max(worst, agreement(network, plain, ids))
        for n_pieces in (1, 16, 64):
            n = max(10, n_times // n_pieces)
            notes = {OURS: (steps(plain, ids, n_pieces), n)}
            if torch_is_there():
                notes[TORCH] = torch_cells(plain, ids, n_pieces), n
            if n_pieces == 1:
                notes[BOUND] = read_weights(plain), n
            if n_pieces == 1 and size == "1x256":
                shipped = load()
                notes["Keras predict on a window of 64"] = keras_predict(network, ids), 5
                notes["Keras, stateful, called eagerly"] = keras_eager(network, ids), 25
                notes["numpy, shipped model with its context"] = steps(shipped, some_tunes(shipped)), n
            print(f"\n{size}, {n_pieces} piece{'s side by side' if n_pieces > 1 else ''}; {rounds} rounds")
            claims |= {f"{size}_{n_pieces}_{key}": value for key, value in table(notes, n_pieces, rounds).items()}
    print(f"\nlogits of ours and Keras differ by at most {worst:.1e}")
    print(json.dumps(claims))


def table(notes, n_pieces, rounds):
    """Measure contestants, name -> (function that makes n steps, n), print a line each, and return what is claimed."""
    for make, n in notes.values():  # warm up
        make(n)
    cost, order = {name: [] for name in notes}, np.random.default_rng(0)
    for _ in range(rounds):
        for name in order.permutation(list(notes)):
            make, n = notes[name]
            began = time.process_time()
            make(n)
            cost[name].append((time.process_time() - began) / n)
    print(f"{'':40}{'us a step':>12}{'notes/s':>10}   times ours, median (10 % to 90 %)")
    ratios = {}
    for name, values in cost.items():
        low, ratios[name], high = np.quantile(np.divide(values, cost[OURS]), [0.1, 0.5, 0.9])
        median = np.median(values)
        print(f"{name:40}{1e6 * median:12.1f}{n_pieces / median:10.0f}   {ratios[name]:.3g} ({low:.3g} to {high:.3g})")
    keys = {TORCH: "torch_lstmcell", BOUND: "share_of_weight_reading_bound", "Keras predict on a window of 64": "keras_predict"}
    return {key: round(float(ratios[name]), 3) for name, key in keys.items() if name in ratios}


def steps(model, ids, n_pieces=1):
    """Notes one by one through `step`."""
    fed = side_by_side(ids, n_pieces)

    def make(n):
        state = model.start(None if n_pieces == 1 else n_pieces)
        for id in fed[:n]:
            state, _ = model.step(state, id)

    return make


def side_by_side(ids, n_pieces):
    """A row of ids a step, one for each piece, each beginning elsewhere; for one piece the ids."""
    if n_pieces == 1:
        return ids
    return np.stack([np.roll(ids, 61 * i) for i in range(n_pieces)], axis=1)


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


def keras_eager(network, ids):
    """One step of a stateful model, called without `predict`."""
    import keras

    inputs = keras.Input(batch_shape=(1, 1), dtype="int32")
    embedded = keras.layers.Embedding(N_SYMBOLS, N_EMBEDDING)(inputs)
    hidden = keras.layers.LSTM(256, return_sequences=True, stateful=True)(embedded)
    logits = keras.layers.Dense(N_SYMBOLS)(keras.ops.concatenate([hidden, embedded], axis=-1))
    model = keras.Model(inputs, logits)
    model.set_weights(network.get_weights())

    def make(n):
        for id in ids[:n]:
            model(np.array([[id]]), training=False)

    return make


def torch_is_there():
    """Whether PyTorch is installed; says so if not."""
    if find_spec("torch"):
        return True
    print("torch is not installed: LSTMCell is left out")
    return False


def torch_cells(plain, ids, n_pieces):
    """Embedding, LSTMCells one above the other, Linear on their output and the embedding, without gradients."""
    import torch

    torch.set_num_threads(1)
    embedding, *layers, head, head_bias = (torch.tensor(np.float32(plain.weights[n])) for n in weight_names(plain.n_layers))
    cells, linear = [], torch.nn.Linear(*head.shape)
    with torch.no_grad():
        for kernel, recurrent, bias in zip(layers[::3], layers[1::3], layers[2::3]):
            cells.append(torch.nn.LSTMCell(len(kernel), len(recurrent)))
            cells[-1].weight_ih.copy_(kernel.T)
            cells[-1].weight_hh.copy_(recurrent.T)
            cells[-1].bias_ih.copy_(bias)
            cells[-1].bias_hh.zero_()
        linear.weight.copy_(head.T)
        linear.bias.copy_(head_bias)
    fed = torch.tensor(np.array(side_by_side(ids, n_pieces)).reshape(-1, n_pieces))

    def make(n):
        with torch.inference_mode():
            states = [(torch.zeros(n_pieces, cell.hidden_size), torch.zeros(n_pieces, cell.hidden_size)) for cell in cells]
            for id in fed[:n]:
                embedded = below = embedding[id]
                for i, cell in enumerate(cells):
                    states[i] = cell(below, states[i])
                    below = states[i][0]
                linear(torch.cat([below, embedded], 1))

    return make


def read_weights(plain):
    """Every weight that a step needs, read once: a dot product does hardly anything else. What the embeddings add is looked up."""
    n_hidden = len(plain.weights["recurrent"])
    n = sum(
        array.size for name, array in plain.weights.items() if array.ndim == 2 and name not in ("embedding", "kernel", "head")
    )
    weights = np.ones(n + n_hidden * N_SYMBOLS, np.float32)

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
