"""How well the network for voices foresees Bach's chorales, beside the published figures: likelihoods on the official splits.

Two steps. The first trains, one seed after another, and looks at valid only; killed, it goes on where it stood. The second reads test,
once, with the networks that did best on valid, and prints the tables.

    python benchmarks/likelihood.py                      # quarter notes and sixteenths, 3 seeds each
    python benchmarks/likelihood.py --test
    python benchmarks/likelihood.py --data Nottingham.mat [--test]    # any set in the form of Boulanger-Lewandowski (2012)

`--data` takes MATLAB files with `traindata`, `validdata` and `testdata` (cells of piano rolls, 88 keys from MIDI pitch 21 on), and
pickles or JSON files with train, valid and test: lists of pieces, which are lists of chords, which are lists of MIDI pitches.
What a seed brought is written to benchmarks/results/; weights and nats of single symbols stay in work/likelihood/.
"""

import argparse
import json
import os
import sys
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
from likelihood_mixtures import Repeats, mean_of_probabilities  # noqa: E402
from likelihood_sets import default_folder, other_set, quarter_notes, sixteenths  # noqa: E402
from likelihood_tables import figures, print_table  # noqa: E402
from likelihood_twins import near_duplicates, same_tune  # noqa: E402

from musiclab.atomic import atomic_write  # noqa: E402
from musiclab.voices import build_voices, surprises, train_voices  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
SETS = {"quarter": quarter_notes, "sixteenths": sixteenths}
WEIGHT_DECAY = 0.3  # the default of 0.02 does worse: 4.164 on valid, not 4.076 (quarter notes, seed 1)
PUBLISHED = {
    "quarter": {
        "LSTM, independent sigmoids (Bai 2018)": 8.45,
        "TCN (Bai 2018)": 8.10,
        "RNN-RBM (Boulanger-Lewandowski 2012)": 6.27,
        "RNN-NADE (Boulanger-Lewandowski 2012)": 5.56,
        "DMM-Aug-NADE (Krishnan 2017)": 5.12,
        "LSTM-RTRBM (Lyu 2015)": 4.72,
        "LV-RNN, as quoted": 3.99,
        "DBN-LSTM, as quoted by Bai 2018": 3.47,
    },
    "sixteenths": {"Coconet in the order of time (Huang 2017)": 0.436, "Music Transformer (Huang 2018)": 0.335},
}
PROTOCOL = {
    "frame": "Nats a frame: the surprise by the whole set of notes of a moment, the mean over all frames of the split. Every set of notes"
    " can be written in one way only, and impossible writings have no chance, so it is an exact likelihood.",
    "note": "Nats a note: each of four voices at each sixteenth counts as one note, held, struck or silent (strokes are not told apart in"
    " this set); soprano, bass, alto, tenor in turn. Music Transformer and Coconet count so too.",
}


def main(arguments=None):
    """Train what is missing, or test what is there."""
    options = _parser().parse_args(arguments)
    folder = Path(options.folder) if options.folder else default_folder()
    try:
        if options.data:
            sets = [other_set(options.data, options.frames_a_beat)]
        else:
            sets = [_known(name)(folder) for name in options.sets or SETS]
        step = test if options.test else train
        outcome = {music.name: step(music, options) for music in sets}
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f"likelihood.py: {error}")
    print(json.dumps(outcome))


def _known(name):
    if name not in SETS:
        raise ValueError(f"no set {name!r}: expected {' or '.join(SETS)}, or --data with a file")
    return SETS[name]


def _parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("sets", nargs="*", metavar="SET", help="quarter, sixteenths; both if none is named")
    add("--data", metavar="FILE", help="another set, see above")
    add("--frames-a-beat", type=int, default=1, metavar="N", help="of --data (default: 1)")
    add("--test", action="store_true", help="read test and print the tables, instead of training")
    add("--seeds", type=int, nargs="+", default=[1, 2, 3], metavar="N")
    add("--epochs", type=int, metavar="N", help="another number than the set's own")
    add("--folder", help="where the benchmark data lie (default: shared/benchmark-data in or beside the project)")
    add("--work", default=str(ROOT / "work" / "likelihood"), help="for checkpoints and weights (default: work/likelihood)")
    add(
        "--results", default=str(ROOT / "benchmarks" / "results"), help="for what each seed brought (default: benchmarks/results)"
    )
    return parser


def train(music, options):
    """Train the seeds that have no result yet: {seed: nats on valid}."""
    _print_about(music)
    found = {}
    for seed in options.seeds:
        result, weights = _files(music, seed, options)
        if record := _finished(music, seed, options):
            found[seed] = record["valid"]
            continue
        training = train_voices(
            music.layout,
            music.draw,
            music.tables("valid"),
            epochs=options.epochs or music.epochs,
            seed=seed,
            weight_decay=WEIGHT_DECAY,
            checkpoints=weights.with_suffix(""),
            on_epoch=lambda history, seed=seed: _print_epoch(music, seed, history),
        )
        with atomic_write(weights) as file:
            np.savez(file, *training.model.get_weights())
        best = [record for record in training.history if record["best"]][-1]
        record = {
            "set": music.name,
            "seed": seed,
            "n_parameters": training.model.count_params(),
            "epochs": len(training.history),
            "best_epoch": best["epoch"],
            "cpu_minutes": round(sum(record["cpu_seconds"] for record in training.history) / 60, 1),
            "unit": f"nats a {music.unit}",
            "valid": round(best["valid"] / _divisor(music), 4),
            "curve": {old["epoch"]: round(old["valid"] / _divisor(music), 4) for old in training.history if old["valid"]},
            "settings": training.settings,
            "data": music.digest,
        }
        _write(result, record)
        found[seed] = record["valid"]
    return {"valid": found}


def test(music, options):
    """Read test with the networks that are finished, and print the table: {name of the model: nats on test}."""
    results, networks = [], []
    for seed in options.seeds:
        record, (_, weights) = _finished(music, seed, options), _files(music, seed, options)
        if not record:
            print(f"{music.name}, seed {seed}: not trained yet, left out", file=sys.stderr)
            continue
        results.append(record)
        nats = weights.with_suffix(".nats.npz")
        if not nats.exists():
            _measure(music, record, weights, nats)
        with np.load(nats) as arrays:
            networks.append({tuple(name.split("_")): arrays[name] for name in arrays.files})
    if not results:
        raise ValueError(f"{music.name}: no network is trained yet; run the same command without --test first")
    _print_about(music)
    counted = Repeats(music.frames["train"], music.layout.n_pitches, any_key=music.average_moves)
    foreseen = {split: counted.foresee(music.frames[split]) for split in ("valid", "test")}
    train, held_out = music.frames["train"], music.frames["test"]
    excluded = {
        "of a training tune": same_tune(train, held_out, music.top),
        "near-duplicates": near_duplicates(train, held_out),
    }
    rows = figures(music, networks, foreseen, excluded)
    print_table(music, results, rows, excluded, PUBLISHED.get(music.name, {}))
    about = {"set": music.name, "unit": f"nats a {music.unit}", "seeds": [record["seed"] for record in results]}
    about |= {"left_out": {name: sum(left_out) for name, left_out in excluded.items()}, "figures": rows}
    _write(Path(options.results) / f"likelihood-{music.name}.json", about)
    return {name: row["test"] for name, row in rows.items()}


def _measure(music, record, weights, path):
    """Nats of every symbol of valid and test, as the pieces stand and averaged over keys, kept in a file."""
    settings = record["settings"]
    model = build_voices(music.layout, *(settings[name] for name in ("n_hidden", "n_embedding", "n_head")))
    with np.load(weights) as arrays:
        model.set_weights([arrays[name] for name in arrays.files])
    found = {}
    for split in ("valid", "test"):
        tables = music.tables(split)
        found[f"{split}_plain"] = np.concatenate(surprises(model, music.layout, tables))
        found[f"{split}_averaged"] = found[f"{split}_plain"]
        if music.average_moves:
            averaged = []
            for table, (lowest, highest) in zip(tables, music.moves[split]):
                moved = [music.moved(table, semitones) for semitones in range(lowest, highest + 1)]
                averaged.append(mean_of_probabilities(surprises(model, music.layout, moved)))
            found[f"{split}_averaged"] = np.concatenate(averaged)
    with atomic_write(path) as file:
        np.savez_compressed(file, **{name: array.astype(np.float32) for name, array in found.items()})


def _divisor(music):
    return music.layout.n_slots if music.unit == "note" else 1


def _files(music, seed, options):
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    return Path(options.results) / f"likelihood-{music.name}-{seed}.json", work / f"{music.name}-{seed}.npz"


def _finished(music, seed, options):
    """What a seed brought, if its training is done and the weights are here; None otherwise."""
    result, weights = _files(music, seed, options)
    if not (result.exists() and weights.exists()):
        return None
    record = json.loads(result.read_text())
    if record["data"] != music.digest or options.epochs not in (None, record["epochs"]):
        raise ValueError(f"{result} is of other data or another number of epochs: choose another --results and --work")
    return record


def _write(path, record):
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as file:
        file.write((json.dumps(record, indent=2) + "\n").encode())


def _print_about(music):
    sizes = ", ".join(f"{len(pieces)} {split}" for split, pieces in music.frames.items())
    print(f"\n{music.name}: {sizes} pieces\n  {PROTOCOL[music.unit]}")
    for note in music.notes:
        print(f"  {note}")
    sys.stdout.flush()


def _print_epoch(music, seed, history):
    record = history[-1]
    if record["valid"] is not None:
        cpu = sum(old["cpu_seconds"] for old in history)
        loss, valid = (record[name] / _divisor(music) for name in ("loss", "valid"))
        print(f"  seed {seed} epoch {record['epoch']}, {cpu:.0f} CPU s: train {loss:.4f}, valid {valid:.4f}", flush=True)


if __name__ == "__main__":
    main()
