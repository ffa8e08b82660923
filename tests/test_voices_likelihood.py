"""The benchmark of likelihoods: reads what it should, leaves out what it should, and its mixtures are probabilities."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import likelihood_sets as sets  # noqa: E402
from likelihood_mixtures import Repeats, fit_weights, mean_of_probabilities, mixed  # noqa: E402
from likelihood_twins import near_duplicates, same_tune  # noqa: E402

from musiclab.voices import chords_of_frames, columns  # noqa: E402

CHORDS = {
    "train": [[[60, 64, 67], [60, 64, 67, 72, 76], [], [62]] * 3, [[48, 55], [50]] * 5],
    "valid": [[[60, 64, 67], [62]] * 3],
    "test": [[[21, 108], [62]] * 2],
}


def piano_roll(piece):
    roll = np.zeros((len(piece), 88))
    for moment, chord in enumerate(piece):
        roll[moment, np.array(chord, int) - 21] = 1
    return roll


def cells(pieces):
    array = np.empty((1, len(pieces)), object)
    array[0] = [piano_roll(piece) for piece in pieces]
    return array


def write(path):
    """The same small set in one of the three forms."""
    if path.suffix == ".mat":
        savemat(path, {f"{split}data": cells(pieces) for split, pieces in CHORDS.items()})
    elif path.suffix == ".json":
        path.write_text(json.dumps(CHORDS))
    else:
        tuples = {split: [[tuple(np.array(chord)) for chord in piece] for piece in pieces] for split, pieces in CHORDS.items()}
        path.write_bytes(pickle.dumps(tuples, protocol=2))
    return path


@pytest.mark.parametrize("name", ["tiny.mat", "tiny.pickle", "tiny.json"])
def test_a_set_is_read_from_all_three_forms(tmp_path, name):
    music = sets.other_set(write(tmp_path / name))
    assert (music.name, music.unit, music.layout.n_slots, music.layout.ordered) == ("tiny", "frame", 5, True)
    assert (music.layout.lowest, music.layout.highest) == (18, 111)
    for split, pieces in CHORDS.items():
        assert [chords_of_frames(music.layout, piece) for piece in music.frames[split]] == pieces
    assert any("at most 5 notes at once" in note for note in music.notes)


def test_what_is_no_such_set_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.mat: no such file"):
        sets.other_set(tmp_path / "nothing.mat")
    savemat(tmp_path / "other.mat", {"traindata": cells(CHORDS["train"])})
    with pytest.raises(ValueError, match="other.mat .*validdata.*: expected train, valid and test"):
        sets.other_set(tmp_path / "other.mat")
    (tmp_path / "harm.pickle").write_bytes(pickle.dumps({"train": Path("/")}))
    with pytest.raises(ValueError, match="only lists, tuples and numbers are read"):
        sets.other_set(tmp_path / "harm.pickle")
    with pytest.raises(FileNotFoundError, match="jsb-chorales-quarter.json: no such file; .*--folder"):
        sets.quarter_notes(tmp_path)


def test_an_epoch_holds_every_frame_once_in_some_key_that_is_told(tmp_path):
    music = sets.other_set(write(tmp_path / "tiny.json"))
    music.window = 5
    shifts = set()
    for seed in range(40):
        drawn = music.draw(np.random.default_rng(seed))
        assert sum(map(len, drawn)) == 22 and max(map(len, drawn)) <= 5
        for table in drawn:
            shift = int(table[0, music.layout.places["given"]][0]) - 3
            shifts.add(shift)
            frames = table[:, : music.layout.n_slots]
            assert {p for chord in chords_of_frames(music.layout, frames) for p in chord} <= {
                p + shift for piece in CHORDS["train"] for chord in piece for p in chord
            }
    assert shifts == set(range(-3, 4))


def test_sixteenths_are_read_voice_by_voice_and_move_only_where_the_training_pieces_sing(tmp_path):
    piece = np.array([[72, 65, 60, 48], [74, np.nan, 60, 50]])  # soprano, alto, tenor, bass
    high = piece + 4
    pieces = {}
    for split, found in (("train", [piece, high]), ("valid", [piece]), ("test", [high])):
        pieces[split] = np.empty(len(found), object)
        pieces[split][:] = found
    np.savez(tmp_path / "Jsb16thSeparated.npz", **pieces)
    music = sets.sixteenths(tmp_path)
    layout = music.layout
    assert (layout.lowest, layout.highest, layout.frames_a_beat, music.unit) == (42, 84, 4, "note")
    assert music.frames["train"][0].tolist() == [[31, 7, 24, 19], [33, 9, layout.none, 19]]
    assert music.moves == {"train": [(0, 4), (-4, 0)], "valid": [(0, 4)], "test": [(-4, 0)]}
    moved = music.moved(music.tables("valid")[0], 4)
    assert np.array_equal(moved, columns(layout, music.frames["train"][1], [[10]] * 2))


def test_repeats_go_on_as_the_training_set_did():
    a, b, c, d = ([n] for n in (1, 2, 3, 4))
    counted = Repeats([np.array([a, b, c, a, b, d, a, b, c])], 9, any_key=False)
    probability, kinds = counted.foresee([np.array([d, a, b, c]), np.array([c, b, c])])
    # d after nothing, a after d (once), b after d a (once), c after d a b (once); c, b after c, c after b (2 of 3 times)
    assert probability.tolist() == [0, 1, 1, 1, 0, 0, 2 / 3]
    assert kinds.tolist() == [0, 1, 4, 7, 0, 1, 3]


def test_in_any_key_a_repeat_is_found_three_semitones_higher():
    piece = np.array([[1, 5], [3, 10], [2, 4]])  # 10 is silence
    moved = np.where(piece == 10, 10, piece + 3)
    for any_key, expected in ((True, [0, 1, 1]), (False, [0, 0, 0])):
        probability, _ = Repeats([piece], 9, any_key).foresee([moved])
        assert probability.tolist() == expected


def test_a_mixture_is_a_probability_and_its_weights_are_those_that_fit_best():
    rng = np.random.default_rng(0)
    kinds = np.repeat([0, 1, 2], 500)
    right = rng.random(1500) < np.repeat([0, 0.9, 0.05], 500)
    surprise, probability = rng.exponential(2.0, 1500), np.where(right, 0.8, 0.0)
    weights = fit_weights(surprise, probability, kinds)
    assert weights.keys() == {1, 2} and weights[1] > 0.5 > 0.2 > weights[2]
    best = mixed(surprise, probability, kinds, weights)
    assert np.allclose(best[:500], surprise[:500])
    assert np.allclose(
        np.exp(-best),
        [weights.get(k, 0) * p + (1 - weights.get(k, 0)) * np.exp(-s) for k, p, s in zip(kinds, probability, surprise)],
    )
    for kind, step in ((1, 0.05), (1, -0.05), (2, 0.05)):
        other = mixed(surprise, probability, kinds, weights | {kind: weights[kind] + step})
        assert other.mean() > best.mean()


def test_the_mean_of_probabilities_is_what_it_says():
    surprise = np.random.default_rng(0).exponential(size=(3, 5, 4))
    assert np.allclose(np.exp(-mean_of_probabilities(surprise)), np.exp(-surprise).mean(axis=0))


def test_the_same_tune_in_another_key_and_the_same_piece_are_told_apart():
    rng = np.random.default_rng(0)
    pieces = [rng.integers(20, 60, (30, 4)) for _ in range(3)]
    other_voices = pieces[0].copy()
    other_voices[:, 1:] = rng.integers(20, 60, (30, 3))
    test = [np.repeat(pieces[1] + 2, 2, axis=0), other_voices, rng.integers(20, 60, (30, 4))]
    assert same_tune(pieces, test, lambda frame: int(frame[0])) == [True, True, False]
    assert near_duplicates(pieces, test) == [True, False, False]


@pytest.mark.slow
def test_a_small_set_is_trained_killed_or_not_and_tested_once(tmp_path):
    write(tmp_path / "tiny.mat")
    command = [sys.executable, "benchmarks/likelihood.py", "--data", tmp_path / "tiny.mat", "--seeds", "1", "2", "--epochs", "2"]
    command += ["--work", tmp_path / "work", "--results", tmp_path / "results"]
    go = lambda *options: subprocess.run([*map(str, command), *options], cwd=ROOT, capture_output=True, text=True)
    early = go("--test")
    assert early.returncode != 0 and "no network is trained yet" in early.stderr
    done = go()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["tiny"]["valid"].keys() == {"1", "2"}
    record = json.loads((tmp_path / "results" / "likelihood-tiny-1.json").read_text())
    assert record["epochs"] == 2 and record["n_parameters"] > 100_000 and "test" not in record
    tested = go("--test")
    assert tested.returncode == 0, tested.stderr
    figures = json.loads(tested.stdout.splitlines()[-1])["tiny"]
    assert figures.keys() == {"one network", "one network + n-gram", "ensemble of 2", "ensemble of 2 + n-gram"}
    summary = json.loads((tmp_path / "results" / "likelihood-tiny.json").read_text())["figures"]
    assert {name: row["test"] for name, row in summary.items()} == figures
    low, high = summary["one network"]["spread"]
    assert low <= figures["one network"] <= high
    assert "one network" in tested.stdout and "at most 5 notes at once" in tested.stdout
    assert go("--test").stdout == tested.stdout
    other = go("--epochs", "3")
    assert other.returncode != 0 and "is of other data or another number of epochs" in other.stderr
