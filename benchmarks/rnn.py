"""How fast a network by hand learns: one training step (forward, backward through time, update) of `musiclab.rnn` on a batch.

Beside it a plain loop over single samples, step by step, in the way of the well-known character-RNN gist, in the same mathematics
(sigmoids, E of formula (1)); Keras, `SimpleRNN` and `Dense` with `train_on_batch`; and PyTorch, where it is installed. All begin with
the same weights, and their gradients are compared before the clock starts. Rounds are interleaved, and each ratio is taken within its
round; one core, CPU time. As in a notebook that has loaded its music, the process keeps the memory that arrays leave behind: fetching it
anew from the system costs more than the arithmetic on some virtual machines.

    python benchmarks/rnn.py [rounds]
"""

import json
import os
import sys
import time
from itertools import cycle

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ[name] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import numpy as np  # noqa: E402

from musiclab.rnn import bptt, init_params, relative_error, rmse_over, sgd_step  # noqa: E402

N_STEPS, N_SYMBOLS, N_HIDDEN, N_BATCH, N_BATCHES, RATE = 64, 64, 64, 32, 8, 0.01
CLAIM = 25


def main(rounds=15):
    """Measure, print the table, and print the ratios as one line of JSON."""
    np.ones(
        3_500_000
    )  # whoever has loaded music has freed a large array: from then on the C library keeps memory for the next one
    rng = np.random.default_rng(0)
    params = init_params(N_SYMBOLS, N_HIDDEN, N_SYMBOLS, rng)
    ids = rng.integers(0, N_SYMBOLS, (N_BATCHES, N_BATCH, N_STEPS + 1))
    data = np.eye(N_SYMBOLS)[ids[..., :-1]], np.eye(N_SYMBOLS)[ids[..., 1:]]
    rmse = rmse_over(list(zip(*(part.reshape(1, -1, N_STEPS, N_SYMBOLS) for part in data))), params)  # as each epoch begins

    contestants = {  # name -> (training step, which gives the gradients before it; how often a round repeats it)
        "musiclab, float32": (by_hand(params, data, np.float32), 20),
        "musiclab, float64": (by_hand(params, data, np.float64), 10),
        "loop over samples, float32": (loop(params, data, np.float32), 1),
        "loop over samples, float64": (loop(params, data, np.float64), 1),
        "Keras train_on_batch": (keras_step(params, data), 10),
    }
    try:
        contestants["PyTorch, written out"] = torch_step(params, data), 5
    except ImportError:
        print("torch is not installed: it is left out")

    right = bptt(data[0][0], data[1][0], np.zeros(N_HIDDEN), params)
    for name, (step, _) in contestants.items():  # which also warms them up
        grads = step()
        error = max(relative_error(np.asarray(grads[weight], dtype=float), right[weight]) for weight in right)
        assert error < (1e-10 if "float64" in name else 1e-5), f"{name} computes other gradients: relative error {error:.1e}"

    cost, order = {name: [] for name in contestants}, np.random.default_rng(0)
    for _ in range(rounds):
        for name in order.permutation(list(contestants)):
            step, times = contestants[name]
            began = time.process_time()
            for _ in range(times):
                step()
            cost[name].append((time.process_time() - began) / times * 1e3)

    print(
        f"{N_STEPS} steps, {N_HIDDEN} hidden units, {N_SYMBOLS} symbols, batch {N_BATCH}; RMSE {rmse:.3f} before; {rounds} rounds"
    )
    print(f"{'':30}{'ms a step':>10}{'best':>8}   times ours in float32, median (10 % to 90 %)   times ours in float64")
    ratios = {}
    for name, spent in cost.items():
        spread = [np.percentile(np.divide(spent, cost[f"musiclab, {kind}"]), (10, 50, 90)) for kind in ("float32", "float64")]
        ratios[name] = [low_mid_high[1] for low_mid_high in spread]
        told = [f"{middle:.3g} ({low:.3g} to {high:.3g})" for low, middle, high in spread]
        print(f"{name:30}{np.median(spent):10.2f}{min(spent):8.2f}   {told[0]:44}   {told[1]}")
    best = min(cost["loop over samples, float64"]) / min(cost["musiclab, float32"])
    print(
        f"The claim: float32, at least {CLAIM} times as fast as the loop as it is written, in float64; best against best {best:.1f}."
    )
    print(
        json.dumps(
            {
                "loop": round(ratios["loop over samples, float64"][0], 1),
                "loop_both_float32": round(ratios["loop over samples, float32"][0], 1),
                "loop_both_float64": round(ratios["loop over samples, float64"][1], 1),
                "keras": round(ratios["Keras train_on_batch"][0], 2),
                "torch": round(ratios["PyTorch, written out"][0], 2) if "PyTorch, written out" in ratios else None,
            }
        )
    )


def in_turn(data, dtype):
    """The batches, `(inputs, targets)`, one after the other, for ever."""
    return cycle(list(zip(*(part.astype(dtype) for part in data))))


def by_hand(params, data, dtype):
    """`musiclab.rnn`, as the lessons use it."""
    params = {name: p.astype(dtype) for name, p in params.items()}
    batches, h0 = in_turn(data, dtype), np.zeros(N_HIDDEN, dtype)

    def step():
        inputs, targets = next(batches)
        grads = bptt(inputs, targets, h0, params)
        params.update(sgd_step(params, grads, dtype(RATE)))
        assert all(p.dtype == dtype for p in params.values())
        return grads

    return step


def loop(params, data, dtype):
    """One sample after the other, one moment after the other; weights and vectors stand as they do in the gist."""
    weights = {name: p.astype(dtype).T.copy() for name, p in params.items() if p.ndim == 2}  # (to, from)
    biases = {name: p.astype(dtype)[:, None] for name, p in params.items() if p.ndim == 1}  # columns
    params = {name: (weights | biases)[name] for name in params}
    batches = in_turn([part.argmax(axis=-1) for part in data], int)
    h0 = np.zeros((N_HIDDEN, 1), dtype)

    def step():
        total = {name: np.zeros_like(p) for name, p in params.items()}
        for heard, wanted in zip(*(ids.tolist() for ids in next(batches))):
            for sum_so_far, grad in zip(total.values(), gradients_of_a_sample(heard, wanted, h0, *params.values())):
                sum_so_far += grad
        for name, p in params.items():
            p += -dtype(RATE) * total[name]
        return {name: grad.T if name in weights else grad[:, 0] for name, grad in total.items()}

    return step


def gradients_of_a_sample(inputs, targets, h0, Wxh, Whh, Why, bh, by):
    """Forward and backward through one list of ids, with a dict for what each moment leaves behind."""
    xs, hs, ys = {}, {-1: np.copy(h0)}, {}
    for t in range(len(inputs)):
        xs[t] = np.zeros((N_SYMBOLS, 1), h0.dtype)
        xs[t][inputs[t]] = 1
        hs[t] = 1 / (1 + np.exp(-(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)))
        ys[t] = 1 / (1 + np.exp(-(np.dot(Why, hs[t]) + by)))
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby, dhnext = np.zeros_like(bh), np.zeros_like(by), np.zeros_like(h0)
    for t in reversed(range(len(inputs))):
        dy = np.copy(ys[t])
        dy[targets[t]] -= 1
        dy *= ys[t] * (1 - ys[t])
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = hs[t] * (1 - hs[t]) * dh
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    return dWxh, dWhh, dWhy, dbh, dby


def keras_step(params, data):
    """Keras on TensorFlow, as tutorials write it; its loss is a mean, ours half a sum, and the rate makes up for it."""
    import keras

    network = keras.Sequential(
        [
            keras.layers.Input((N_STEPS, N_SYMBOLS)),
            keras.layers.SimpleRNN(N_HIDDEN, activation="sigmoid", return_sequences=True),
            keras.layers.Dense(N_SYMBOLS, activation="sigmoid"),
        ]
    )
    rate = RATE * N_BATCH * N_STEPS * N_SYMBOLS / 2
    network.compile(keras.optimizers.SGD(rate), "mse")
    names = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")
    network.set_weights([params[name] for name in names])
    batches = in_turn(data, np.float32)
    before = dict(zip(names, network.get_weights()))
    network.train_on_batch(*next(batches))
    grads = {name: (before[name] - after) / RATE for name, after in zip(names, network.get_weights())}

    def step():
        network.train_on_batch(*next(batches))
        return grads

    return step


def torch_step(params, data):
    """PyTorch: its `nn.RNN` knows no sigmoid, so the loop through time is written out, with the input's product before it."""
    import torch

    torch.set_num_threads(1)
    params = {name: torch.tensor(p, dtype=torch.float32, requires_grad=True) for name, p in params.items()}
    batches = cycle(list(zip(*(torch.tensor(part, dtype=torch.float32) for part in data))))
    optimizer = torch.optim.SGD(params.values(), lr=RATE)

    def step():
        inputs, targets = next(batches)
        optimizer.zero_grad()
        heard, h, states = inputs @ params["W_xh"] + params["b_h"], torch.zeros(N_BATCH, N_HIDDEN), []
        for t in range(N_STEPS):
            h = torch.sigmoid(heard[:, t] + h @ params["W_hh"])
            states.append(h)
        outputs = torch.sigmoid(torch.stack(states, dim=1) @ params["W_hy"] + params["b_y"])
        (((outputs - targets) ** 2).sum() / 2).backward()
        optimizer.step()
        return {name: p.grad.numpy() for name, p in params.items()}

    return step


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
