"""Train the small network by hand that lesson 4 lets sing, and write its card: musiclab/data/by_hand.npz and by_hand.md.

    python tools/train_by_hand.py          train (some minutes of one core), write weights and card
    python tools/train_by_hand.py --card   measure the shipped weights again, write only the card

The same weights come out each time on one machine. Where sums are rounded otherwise, they drift apart over the epochs, but the figures on
the card agree to three decimals.
"""

import argparse
import sys

import numpy as np

from musiclab import datasets
from musiclab.rnn import init_params, rmse, rnn_forward, silence_rmse, train_until
from musiclab.rnn.shipped import STAGES, WEIGHTS, shipped_params
from musiclab.rolls import melody_roll, next_steps, on_grid

N_HIDDEN, N_STEPS, N_BATCH, SEED = 64, 64, 4, 4
PLAN = ((0.5, 60), (0.2, 40), (0.05, 20))  # (learning rate, epochs), one after the other
CARD = WEIGHTS.with_suffix(".md")


def windows():
    """The reels that an eighth-note grid can hold, and their windows: two dicts by part, pieces and `(inputs, targets)`."""
    reels = datasets.load("reels")
    parts = {"train": reels.train, "valid": reels.valid, "test": reels.test}
    chosen = {name: [p for p in pieces if on_grid(p) and str(p.meter) == "2/2"] for name, pieces in parts.items()}
    return chosen, {name: next_steps([melody_roll(p) for p in pieces], N_STEPS) for name, pieces in chosen.items()}


def trained_stages(inputs, targets):
    """Name of a stage -> parameters, float16."""
    inputs, targets = inputs.astype(np.float32), targets.astype(np.float32)
    batches = [(inputs[i : i + N_BATCH], targets[i : i + N_BATCH]) for i in range(0, len(inputs), N_BATCH)]
    rng, stages, epoch = np.random.default_rng(SEED), {}, 0
    params = {name: p.astype(np.float32) for name, p in init_params(128, N_HIDDEN, 128, rng).items()}
    stages["untrained"] = kept(params)
    for lr, n_epochs in PLAN:
        for _ in range(n_epochs):
            history = train_until(params, (batches, batches[:1]), lr, rng, target=0, max_epochs=1)
            epoch += 1
            if epoch % 10 == 0:
                print(f"epoch {epoch}: RMSE {history['rmse_train'][0]:.4f} on train")
            if epoch == 10:
                stages["epoch 10"] = kept(params)
    stages["trained"] = kept(params)
    return stages


def kept(params):
    return {name: p.astype(np.float16) for name, p in params.items()}


def nats(outputs, targets):
    """How surprised a step's pitch is on average, when chances are y / sum(y); steps at which nothing sounds are left out."""
    sounding = targets.any(axis=-1)
    chances = (outputs * targets).sum(axis=-1) / outputs.sum(axis=-1)
    return float(-np.log(chances[sounding]).mean())


def bigram(inputs, targets):
    """A table (128, 128) of chances: after this pitch (0 is silence) that one, counted, with 0.1 added everywhere."""
    counts = np.full((128, 128), 0.1)
    np.add.at(counts, (inputs.argmax(axis=-1).ravel(), targets.argmax(axis=-1).ravel()), 1)
    return counts / counts.sum(axis=1, keepdims=True)


def rows(parts):
    """The rows of the card's table: RMSE and nats on each part, for networks and for what needs no learning."""
    said = {"every pitch equally likely": lambda inputs: np.full(inputs.shape, 1 / 128)}
    table = bigram(*parts["train"])
    said["counts of pairs of steps"] = lambda inputs: table[inputs.argmax(axis=-1)]
    for stage in STAGES:
        params = shipped_params(stage)
        said[f"**{stage}**"] = lambda inputs, params=params: rnn_forward(inputs, np.zeros(N_HIDDEN), params)[1]
    silence = [f"{silence_rmse(targets):.4f} | –" for _, targets in parts.values()]
    yield f"| silence, 0 for every pitch | {' | '.join(silence)} |"
    for name, says in said.items():
        figures = [
            f"{rmse(outputs, targets):.4f} | {nats(outputs, targets):.2f}"
            for outputs, targets in ((says(inputs), targets) for inputs, targets in parts.values())
        ]
        yield f"| {name} | {' | '.join(figures)} |"


def card():
    """The model card of the shipped weights, measured now."""
    chosen, parts = windows()
    n_tunes = ", ".join(f"{len(pieces)} tunes ({len(parts[name][0])} windows) for {name}" for name, pieces in chosen.items())
    n_numbers = sum(p.size for p in shipped_params("trained").values())
    plan = ", then ".join(f"{n} at {lr}" for lr, n in PLAN)
    reels = datasets.load("reels")
    return f"""# Model card: by hand

A plain recurrent network of {N_HIDDEN} sigmoid units ({n_numbers:,} parameters), the one that the lessons build by hand. It hears a reel
as a roll, 128 columns, a row for each eighth note, and says for each pitch whether it sounds at the next step.
Three stages are kept, in float16: untrained, after 10 epochs, and trained ({sum(n for _, n in PLAN)} epochs).

- **Data.** reels in 2/2 that an eighth-note grid can hold, moved to C: {n_tunes}. Windows of {N_STEPS} steps.
  Split: by group of near-duplicates: no tune has a near-duplicate in another part.
- **Source.** {reels.source}.
- **Licence.** {reels.licence}.
- **Settings.** E of formula (1), gradients clipped to length 1, plain steps down the slope; {N_BATCH} windows a step; epochs and learning
  rate: {plan}; seed {SEED}. Network size and this plan were chosen by looking at valid; test chose nothing.
- **Command.** `python tools/train_by_hand.py`
- **What it cannot do.** It does not know where the bar begins, hears nothing shorter than an eighth note, cannot tell a long note from
  a repeated one, and makes no use of what it heard three bars ago. It was trained to make E small, not to make good tunes.

RMSE of all outputs, and nats a step: how surprised it is by the pitch that sounds next, with chances y / sum(y); less is better in both.
Silence gives no pitch any chance, so it has no nats. The trained network beats the counts of pairs by RMSE, which it was trained on, and
not by nats.

| | train RMSE | nats | valid RMSE | nats | test RMSE | nats |
|---|---|---|---|---|---|---|
{chr(10).join(rows(parts))}
"""


def main(argv=None):
    """Train unless asked for the card only; returns the exit code."""
    parser = argparse.ArgumentParser(description="Train the small network by hand that lesson 4 lets sing.")
    parser.add_argument("--card", action="store_true", help="measure the shipped weights again, write only the card")
    if not parser.parse_args(argv).card:
        stages = trained_stages(*windows()[1]["train"])
        np.savez_compressed(WEIGHTS, **{f"{stage}/{name}": p for stage, params in stages.items() for name, p in params.items()})
    CARD.write_text(card(), encoding="utf-8")
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1000:.0f} kB; its card is {CARD.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
