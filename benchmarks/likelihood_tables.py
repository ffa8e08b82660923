"""From nats of single symbols to the tables of `likelihood.py`."""

import numpy as np
from likelihood_mixtures import fit_weights, mean_of_probabilities, mixed

WIDTH = 58


def figures(music, networks, foreseen, excluded):
    """All figures of a set.

    Args:
        music: the `MusicSet`.
        networks: for each network a dict (split, kind) -> nats of each symbol, (n_frames, n_slots); kind is "plain" or "averaged".
        foreseen: split -> what the n-gram says of each frame, as `Repeats.foresee` gives it.
        excluded: name -> for each test piece whether to leave it out.

    Returns:
        dict: name of the model -> {column: figure}; where several networks were measured alone, "spread" holds the lowest and the
        highest figure on test.
    """
    kinds = {"plain": "one network"} | ({"averaged": "one network, averaged over keys"} if music.average_moves else {})
    best = list(kinds)[-1]
    rows = {}
    for kind, name in kinds.items():
        alone = [_columns(music, network[("valid", kind)], network[("test", kind)], excluded) for network in networks]
        rows[name] = _mean(alone)
    sums = [{split: network[(split, best)].sum(axis=1) for split in ("valid", "test")} for network in networks]
    together = {split: _frames(mean_of_probabilities([n[(split, best)] for n in networks])) for split in ("valid", "test")}
    rows[f"{kinds[best]} + n-gram"] = _mean([_columns(music, *_with_counts(s, foreseen), excluded) for s in sums])
    if len(networks) > 1:
        rows[f"ensemble of {len(networks)}"] = _columns(music, together["valid"], together["test"], excluded)
        rows[f"ensemble of {len(networks)} + n-gram"] = _columns(music, *_with_counts(together, foreseen), excluded)
    return rows


def _with_counts(surprise, foreseen):
    """Valid and test of a mixture with the n-gram: its weights fitted on valid; on valid itself, on the other half of it."""
    probability, kinds = foreseen["valid"]
    valid, first = np.empty_like(surprise["valid"]), np.arange(len(kinds)) < len(kinds) // 2
    for half in (first, ~first):
        weights = fit_weights(surprise["valid"][~half], probability[~half], kinds[~half])
        valid[half] = mixed(surprise["valid"][half], probability[half], kinds[half], weights)
    weights = fit_weights(surprise["valid"], probability, kinds)
    return valid, mixed(surprise["test"], *foreseen["test"], weights)


def _frames(surprise):
    return surprise.sum(axis=1) if surprise.ndim == 2 else surprise


def _columns(music, valid, test, excluded):
    """The columns of a row: means over all frames, in the set's unit; and the mean over test pieces of each piece's mean."""
    divisor = music.layout.n_slots if music.unit == "note" else 1
    valid, test = _frames(valid) / divisor, _frames(test) / divisor
    lengths = [len(piece) for piece in music.frames["test"]]
    pieces = np.split(test, np.cumsum(lengths)[:-1])
    row = {"valid": valid.mean(), "test": test.mean()}
    for name, left_out in excluded.items():
        row[f"without {name}"] = np.concatenate([piece for piece, out in zip(pieces, left_out) if not out] or [[np.nan]]).mean()
    row["mean of pieces"] = np.mean([piece.mean() for piece in pieces])
    return {name: round(float(figure), 4) for name, figure in row.items()}


def _mean(rows):
    """The mean of several networks' rows, with the lowest and the highest on test."""
    mean = {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}
    tests = [row["test"] for row in rows]
    return mean | {"spread": [min(tests), max(tests)]}


def print_table(music, results, rows, excluded, published):
    """The rows as a table, then how the networks came about, and the published figures beside them."""
    names = ["valid", "test", *(f"without {name}" for name in excluded)]
    counts = {f"without {name}": f"without {sum(left_out)} {name}" for name, left_out in excluded.items()}
    headings = [counts.get(name, name) for name in names]
    print(f"\n{f'nats a {music.unit}':{WIDTH}}" + "  ".join(f"{heading:>9}" for heading in headings))
    for name, row in rows.items():
        spread = f" ({row['spread'][0]:.3f} - {row['spread'][1]:.3f})" if "spread" in row and len(results) > 1 else ""
        cells = "  ".join(f"{row[column]:{max(9, len(heading))}.3f}" for column, heading in zip(names, headings))
        print(f"{f'{name}{spread}':{WIDTH}}{cells}")
    for name, figure in published.items():
        print(f"{name:{WIDTH}}{'':9}  {figure:9.3f}")
    minutes = [record["cpu_minutes"] for record in results]
    best = ", ".join(str(record["best_epoch"]) for record in results)
    print(
        f"{results[0]['n_parameters']:,} parameters a network; {min(minutes):.1f} to {max(minutes):.1f} CPU minutes of training on one"
        f" core; {results[0]['epochs']} epochs, best on valid after {best}; seeds {', '.join(str(r['seed']) for r in results)}"
    )
