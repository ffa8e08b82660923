"""How fast a network learns: an LSTM of 1x256 and of 2x512 units over 130 symbols, 16 pieces of 128 steps in a batch.

The same network and the same batch three times, each with AdamW and clipped gradients: `musiclab.lstm.build_lstm` with its hoisted
layer, the same with Keras's own LSTM, and PyTorch's `nn.LSTM`, where it is installed. All begin with the same weights, and their
first losses are compared before the clock starts. One core is measured in CPU time; two cores in time by the clock, which tells something
only on a machine that has nothing else to do: the load is printed beside it. Rounds are interleaved, and each ratio is taken
within its round. Last, the seconds from the call of `train` to the first loss on the screen.

    python benchmarks/training.py [rounds]
"""

import json
import os
import subprocess
import sys
import time
from unittest import mock

N_SYMBOLS, N_EMBEDDING, N_BATCH, N_STEPS = 130, 96, 16, 128
SIZES = {"1x256": (1, 256), "2x512": (2, 512)}


def main(rounds=15):
    """Measure in processes of one and two threads, print the tables, and print the ratios as one line of JSON."""
    claims = {}
    for threads in (1, 2):
        names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"]
        environment = os.environ | dict.fromkeys(names, str(threads)) | {"TF_CPP_MIN_LOG_LEVEL": "3"}
        if threads == 1:
            environment["TF_NUM_INTEROP_THREADS"] = "1"
        command = [sys.executable, __file__, str(rounds), str(threads)]
        printed = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
        *table, ratios = printed.strip().split("\n")
        print("\n".join(table), flush=True)
        claims |= json.loads(ratios)
    print(json.dumps(claims))


def measured(rounds, threads):
    """The table and the ratios for one number of threads."""
    import numpy as np

    clock = time.process_time if threads == 1 else time.perf_counter
    claims = {}
    load = f"; load of the machine {os.getloadavg()[0]:.1f} before" if threads > 1 else ""
    print(f"\n{threads} core{'s, time by the clock' if threads > 1 else ', CPU time'}{load}; {rounds} rounds")
    print(f"{'':34}{'ms a step':>10}{'best':>8}{'tokens/s':>10}   of torch's tokens a second, median (10 % to 90 %)")
    for size, (n_layers, n_hidden) in SIZES.items():
        steps = contestants(n_layers, n_hidden, threads)
        losses = {name: [step() for _ in range(3)] for name, step in steps.items()}  # which also warms them up
        first, *others = losses.values()  # the later ones differ a little: AdamW's epsilon is not the same everywhere
        assert all(np.allclose(first[0], other[0], rtol=1e-5) for other in others), losses
        cost, order = {name: [] for name in steps}, np.random.default_rng(0)
        for _ in range(rounds):
            for name in order.permutation(list(steps)):
                began = clock()
                steps[name]()
                cost[name].append(clock() - began)
        for name, spent in cost.items():
            median, told = np.median(spent), ""
            if "torch nn.LSTM" in cost:
                low, middle, high = np.quantile(np.divide(cost["torch nn.LSTM"], spent), [0.1, 0.5, 0.9])
                told = f"{middle:.2f} ({low:.2f} to {high:.2f})"
                if name != "torch nn.LSTM":
                    key = "hoisted" if "ours" in name else "keras"
                    claims[f"{key}_{size}_{threads}_core{'s' * (threads > 1)}"] = round(float(middle), 2)
            pace = N_BATCH * N_STEPS / median
            print(f"{size + ' ' + name:34}{1e3 * median:10.1f}{1e3 * min(spent):8.1f}{pace:10.0f}   {told}")
    if threads == 1:
        claims |= first_losses()
    print(json.dumps(claims))


def contestants(n_layers, n_hidden, threads):
    """Name -> a function that makes one training step and returns the loss before it."""
    import numpy as np

    from musiclab.hoisted import import_keras
    from musiclab.lstm import build_lstm

    keras = import_keras()
    ids = np.random.default_rng(0).integers(1, N_SYMBOLS, (N_BATCH, N_STEPS + 1)).astype("int32")
    inputs, targets = ids[:, :-1], ids[:, 1:]
    settings = {
        "n_hidden": n_hidden,
        "n_embedding": N_EMBEDDING,
        "dropout": 0.0,
        "learning_rate": 1e-3,
        "weight_decay": 0.01,
        "n_layers": n_layers,
    }
    hoisted = build_lstm(N_SYMBOLS, **settings)
    with mock.patch("musiclab.lstm.lstm_layer", keras.layers.LSTM):
        plain = build_lstm(N_SYMBOLS, **settings)
    assert type(hoisted.get_layer("lstm")) is not type(plain.get_layer("lstm"))
    weights = hoisted.get_weights()
    plain.set_weights(weights)
    steps = {
        "hoisted layer (ours)": lambda: float(hoisted.train_on_batch(inputs, targets)),
        "keras.layers.LSTM": lambda: float(plain.train_on_batch(inputs, targets)),
    }
    try:
        steps["torch nn.LSTM"] = torch_step(weights, inputs, targets, threads)
    except ImportError:
        print("torch is not installed: nn.LSTM is left out")
    return steps


def torch_step(weights, inputs, targets, threads):
    """Embedding, nn.LSTM, Linear on its outputs and the embeddings, with the weights of the Keras model."""
    import torch

    torch.set_num_threads(threads)
    embedding, *layers, head, head_bias = map(torch.tensor, weights)
    n_layers, n_hidden = len(layers) // 3, len(layers[1])
    symbols = torch.nn.Embedding.from_pretrained(embedding, freeze=False)
    lstm = torch.nn.LSTM(N_EMBEDDING, n_hidden, n_layers, batch_first=True)
    linear = torch.nn.Linear(*head.shape)
    with torch.no_grad():
        for i in range(n_layers):
            kernel, recurrent, bias = layers[3 * i : 3 * i + 3]
            getattr(lstm, f"weight_ih_l{i}").copy_(kernel.T)
            getattr(lstm, f"weight_hh_l{i}").copy_(recurrent.T)
            getattr(lstm, f"bias_ih_l{i}").copy_(bias)
            getattr(lstm, f"bias_hh_l{i}").zero_()
        linear.weight.copy_(head.T)
        linear.bias.copy_(head_bias)
    params = [*symbols.parameters(), *lstm.parameters(), *linear.parameters()]
    optimizer = torch.optim.AdamW(params, 1e-3, weight_decay=0.01)
    inputs, targets = torch.tensor(inputs).long(), torch.tensor(targets).long().reshape(-1)

    def step():
        optimizer.zero_grad()
        embedded = symbols(inputs)
        logits = linear(torch.cat([lstm(embedded)[0], embedded], -1)).reshape(-1, N_SYMBOLS)
        logits = logits - 1e9 * torch.nn.functional.one_hot(torch.tensor(0), N_SYMBOLS)  # `<start>` is never a target
        loss = torch.nn.functional.cross_entropy(logits, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        optimizer.step()
        return float(loss.detach())

    return step


def first_losses():
    """Seconds from the call of `train` to the first loss, once Keras is imported, for a class's folder and for all tunes."""
    from types import SimpleNamespace

    from musiclab import datasets, train

    everything = datasets.load("tunes")
    small = SimpleNamespace(**{part: getattr(everything, part)[:n] for part, n in (("train", 80), ("valid", 10), ("test", 10))})
    small.title = "100 tunes"
    claims = {}
    print("\nfrom the call of train to the first loss, Keras imported; one core")
    for name, dataset in (("100 tunes", small), (f"all {len(everything.pieces):,} tunes", everything)):
        began, cpu_began = time.perf_counter(), time.process_time()
        train.train(dataset, cancelled=iter([False, True]).__next__)  # before the second step the first loss is on the screen
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
        print(f"{name:34}{cpu:10.1f} s CPU time, {seconds:.1f} s by the clock")
        claims[f"first_loss_{name.replace(' ', '_').replace(',', '')}_cpu_s"] = round(cpu, 1)
    return claims


if __name__ == "__main__":
    arguments = list(map(int, sys.argv[1:]))
    (measured if len(arguments) == 2 else main)(*arguments)
