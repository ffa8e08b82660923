import functools
import json
import os
import random
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from musiclab import train as room
from musiclab.checkpoints import Checkpoints, check_writable
from musiclab.cli import main
from musiclab.context import Context
from musiclab.corpus import Corpus
from musiclab.evaluate import nats
from musiclab.lstm import SHIPPED, WEIGHTS, load
from musiclab.midi import write_midi
from musiclab.modelcard import describe, words
from musiclab.ngram import Bigram
from musiclab.piece import Key, Meter, Note, Piece
from musiclab.train import train
from musiclab.tunes import Tunes, batches, with_features

SMALL = {"n_hidden": 12, "n_embedding": 8, "n_batch": 4, "epochs": 3}
OPTIONS = ["--hidden", "12", "--embedding", "8", "--batch", "4"]


def tune(seed, n_bars=4):
    """A short reel, drawn by chance, whose second half repeats the first."""
    rng = random.Random(seed)
    half = [rng.choice((62, 64, 66, 67, 69, 71)) for _ in range(4 * n_bars)]
    notes = [Note(12 * i, 12, pitch) for i, pitch in enumerate(half * 2)]
    return Piece(notes, keys=[(0, Key("D"))], meters=[(0, Meter(2, 2))], style="reel", title=f"Reel {seed}", id=f"reel-{seed}")


def dataset(n=16, **parts):
    pieces = tuple(tune(i) for i in range(n))
    return SimpleNamespace(**({"train": pieces[6:], "valid": pieces[:3], "test": pieces[3:6], "title": "reels"} | parts))


TWO_VOICES = Piece([Note(0, 24, 60), Note(0, 24, 64, voice=1)], id="duet")


def test_what_is_no_tune_is_left_out_with_its_reason():
    data = dataset()
    tunes = Tunes.of(dataset(train=(*data.train, TWO_VOICES), left_out=(("bad.mid", "no MIDI"),)))
    assert tunes.left_out[0] == ("bad.mid", "no MIDI")
    assert tunes.left_out[1][0] == "duet"
    assert tunes.left_out[1][1].startswith("has 2 voices")
    assert len(tunes.ids["train"]) == len(data.train)
    assert tunes.n_notes("valid") == sum(len(piece.notes) for piece in data.valid)


def test_fewer_than_two_tunes_are_refused():
    said = "reels: 1 tune to train on, expected at least 2; 3 left out, 2 of them because: has 2 voices that play; choose data with more"
    with pytest.raises(ValueError, match=said):
        Tunes.of(dataset(train=(tune(1), TWO_VOICES, TWO_VOICES), left_out=(("bad.mid", "no MIDI"),)))


def test_reasons_that_differ_by_the_bar_only_are_one():
    overlapping = [Piece([Note(tick, 24, 60), Note(tick + 3, 24, 64)], title=f"at {tick}") for tick in (0, 480)]
    assert Tunes.of(dataset(train=(*dataset().train, *overlapping))).reasons == {"plays several notes at once": 2}


def test_every_vocabulary_reads_a_strangers_tune():
    known = Tunes.of(dataset()).vocabulary
    for symbol in ("<tune>", "<12/8>", "<dorian>", "<13 bars>", "<64 bars>", "R", "~", "F#4", "Bb5", "3/8", "1/24"):
        assert symbol in known


@pytest.mark.parametrize(
    "setting, message",
    [
        ({"epochs": 0}, "epochs 0: expected a whole number from 1 to"),
        ({"dropout": 1.0}, "dropout 1.0: expected a number from 0 to 0.95"),
        ({"n_hidden": 1.5}, "n_hidden 1.5: expected a whole number"),
        ({"seed": -1}, "seed -1"),
    ],
)
def test_settings_out_of_range_are_refused_before_anything_is_done(setting, message):
    with pytest.raises(ValueError, match=message):
        train(dataset(), **setting)


def test_batches_hold_every_tune_once_and_depend_on_seed_and_epoch_only():
    parts = [(None, np.zeros(n)) for n in np.random.default_rng(0).integers(5, 90, 50)]
    drawn = batches(parts, 4, seed=1, epoch=2)
    assert sorted(i for batch in drawn for i in batch) == list(range(50))
    assert batches(parts, 4, seed=1, epoch=2) == drawn
    assert batches(parts, 4, seed=1, epoch=3) != drawn
    assert batches(parts, 4, seed=2, epoch=2) != drawn


def test_long_tunes_are_cut_and_keep_what_went_before():
    tunes = Tunes.of(dataset(train=(tune(1, n_bars=40), tune(2))))
    vocabulary, ids = tunes.vocabulary, tunes.ids["train"][0]
    context = Context(vocabulary.kinds, vocabulary.ticks, vocabulary.bars)
    parts = with_features(context, ids)
    assert [len(targets) for _, targets in parts] == [1024] * (len(ids) // 1024) + [len(ids) % 1024]
    assert np.concatenate([targets for _, targets in parts]).tolist() == ids
    assert np.concatenate([features[:, 0] for features, _ in parts]).tolist() == [0, *ids[:-1]]


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="cannot write to .*file.*: .*; choose another place for the model"):
        check_writable(tmp_path / "file" / "model.training")
    check_writable(tmp_path / "model.training")
    assert os.listdir(tmp_path / "model.training") == []


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_damaged_checkpoint_is_said_to_be_damaged(tmp_path, content):
    (tmp_path / "checkpoint.npz").write_bytes(content)
    with pytest.raises(ValueError, match="checkpoint.npz is damaged .*: delete .* to start afresh"):
        Checkpoints(tmp_path, {"seed": 1})


def test_the_command_says_what_is_wrong_before_training(tmp_path, capsys, monkeypatch):
    assert main(["train", "--data", "reels", "--out", str(tmp_path / "model.txt")]) == 2
    assert "expected a file that ends in .npz" in capsys.readouterr().err
    assert main(["train", "--data", str(tmp_path / "nothing here"), "--out", str(tmp_path / "model.npz")]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main(["train", "--data", "nonsense", "--out", str(tmp_path / "x.npz")]) == 2
    assert "nonsense" in capsys.readouterr().err
    monkeypatch.setattr(room, "_load", lambda names: dataset(train=(TWO_VOICES,) * 3))
    assert main(["train", "--data", "chorales", "--out", str(tmp_path / "x.npz")]) == 2
    assert "3 of them because: has 2 voices that play" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []  # what was refused leaves nothing behind
    monkeypatch.setattr(room, "_load", lambda names: dataset())
    monkeypatch.setattr(room, "build_lstm", lambda *settings: pytest.fail("it began to train"))
    (tmp_path / "file").write_text("in the way")
    assert main(["train", "--data", "reels", "--out", str(tmp_path / "file" / "model.npz")]) == 2
    assert "cannot write to" in capsys.readouterr().err


def a_training(data, valid):
    """A `Training` that no network was trained for: every symbol is equally likely, and valid went as is said."""
    tunes = Tunes.of(data)
    best = min((figure for figure in valid if figure), default=None)
    history = [{"epoch": i + 1, "loss": 1.0, "valid": figure, "best": figure == best} for i, figure in enumerate(valid)]
    for record in history:
        record |= {"seconds": 1.0, "cpu_seconds": 1.0}
    n = len(tunes.vocabulary)
    model = Bigram([], n)
    model.vocabulary, model.weights = tunes.vocabulary, {name: np.zeros(1) for name in WEIGHTS}
    model.context = Context(tunes.vocabulary.kinds, tunes.vocabulary.ticks, tunes.vocabulary.bars)
    return room.Training(model, tunes, tuple(history), {"n_hidden": 12, "seed": 1}, True)


def test_the_card_says_how_sure_its_figures_are_and_whether_valid_was_still_falling():
    card = describe(a_training(dataset(), [2.0, 1.5]), dataset())
    low, high = card["interval_95"]
    assert low <= card["nats_a_note"]["test"]["lstm"] <= high
    assert len(card["below_kneser_ney_with_cache"]["interval_95"]) == 2
    assert "95 %" in card["how"] and "2,000" in card["how"]
    assert "valid was still falling" in card["best_epoch_was"]
    assert "near-duplicates" in card["data"]["split"]
    assert describe(a_training(dataset(), [2.0, 1.5, 1.6]), dataset())["best_epoch_was"] == "the one with the lowest valid"
    assert "valid was still falling" in words(card)
    assert (
        f"| **this model** | {card['nats_a_note']['valid']['lstm']:.2f} | {card['nats_a_note']['test']['lstm']:.2f} |"
        in words(card)
    )


def test_without_tunes_for_valid_and_test_the_card_says_so():
    data = dataset(valid=(), test=())
    card = describe(a_training(data, [None, None]), data)
    assert card["data"]["split"] == "no tunes were left for valid and test"
    assert "no valid to choose by" in card["best_epoch_was"]
    assert "No tunes were left to measure it on." in words(card)


def test_without_tunes_for_valid_and_test_a_line_is_printed_before_training(monkeypatch, capsys):
    def begun(*settings):
        raise InterruptedError("training begins")

    monkeypatch.setattr(room, "build_lstm", begun)
    with pytest.raises(InterruptedError):
        train(dataset(valid=(), test=()), **SMALL, progress=True)
    err = capsys.readouterr().err
    assert err.startswith("no tunes are left for valid and test")
    assert err.count("\n") == 1
    with pytest.raises(InterruptedError):
        train(dataset(), **SMALL, progress=True)
    assert capsys.readouterr().err == ""


def test_the_page_about_the_shipped_model_is_its_card_in_words():
    card = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    assert SHIPPED.with_suffix(".md").read_text(encoding="utf-8") == words(card)


def test_what_was_written_is_named_with_its_folder(tmp_path, monkeypatch, capsys):
    data = dataset()
    result = a_training(data, [2.0, 1.5])
    result.model.card = {}

    @functools.wraps(train)
    def trained(*given, checkpoints, **settings):
        checkpoints.mkdir()
        return result

    monkeypatch.setattr(room, "_load", lambda names: data)
    monkeypatch.setattr(room, "train", trained)
    assert main(["train", "--data", "reels", "--out", str(tmp_path / "m.npz")]) == 0
    files = [str(tmp_path / f"m.{end}") for end in ("npz", "melodies.npz", "json", "md")]
    assert capsys.readouterr().out.startswith(f"Written: {files[0]}, {files[1]}, {files[2]} and {files[3]}\n")
    assert sorted(map(str, tmp_path.iterdir())) == sorted(files)
    assert (tmp_path / "m.md").read_text() == words(json.loads((tmp_path / "m.json").read_text()))


@pytest.mark.slow
def test_training_learns_calls_back_and_can_be_cancelled():
    seen = []
    first = train(dataset(), **SMALL, on_epoch=lambda history: seen.append(len(history)))
    assert seen == [1, 2, 3]
    assert first.finished
    assert first.history[-1]["loss"] < first.history[0]["loss"]
    assert first.history[-1]["valid"] < first.history[0]["valid"]
    # what the history says of valid is what the saved model shows, step by step
    best = min(record["valid"] for record in first.history)
    tunes = first.tunes
    assert sum(nats(first.model, ids).sum() for ids in tunes.ids["valid"]) / tunes.n_notes("valid") == pytest.approx(
        best, rel=0.005
    )
    again = train(dataset(), **SMALL)
    assert [record["loss"] for record in again.history] == [record["loss"] for record in first.history]
    other = train(dataset(), **SMALL | {"seed": 2})
    assert [record["loss"] for record in other.history] != [record["loss"] for record in first.history]
    steps = iter(range(5))
    stopped = train(dataset(), **SMALL, cancelled=lambda: next(steps) >= 4)
    assert not stopped.finished
    assert len(stopped.history) == 1
    assert stopped.history[0]["loss"] == first.history[0]["loss"]


@pytest.mark.slow
def test_it_stops_when_valid_gets_no_better_and_keeps_the_best_epoch():
    data = dataset(valid=(tune(99).transposed(6),))
    result = train(data, **SMALL | {"epochs": 40, "patience": 2, "learning_rate": 0.05})
    assert len(result.history) < 40
    assert [record["best"] for record in result.history[-2:]] == [False, False]
    best = min(record["valid"] for record in result.history)
    tunes = result.tunes
    assert sum(nats(result.model, ids).sum() for ids in tunes.ids["valid"]) / tunes.n_notes("valid") == pytest.approx(
        best, rel=0.005
    )


@pytest.mark.slow
def test_a_killed_training_goes_on_with_the_same_curve(tmp_path):
    music = tmp_path / "music"
    music.mkdir()
    for i in range(30):
        write_midi(tune(i), music / f"reel {i}.mid")
    command = [sys.executable, "-m", "musiclab.cli", "train", "--data", str(music), *OPTIONS, "--epochs", "6", "--out"]
    environment = os.environ | {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    whole = subprocess.run([*command, str(tmp_path / "whole.npz")], capture_output=True, text=True, env=environment)
    assert whole.returncode == 0, whole.stderr

    begun = subprocess.Popen([*command, str(tmp_path / "killed.npz")], stderr=subprocess.PIPE, env=environment)
    checkpoint = tmp_path / "killed.training" / "checkpoint.npz"
    while not checkpoint.exists() and begun.poll() is None:
        time.sleep(0.01)
    begun.kill()
    begun.communicate()
    assert checkpoint.exists()
    assert not (tmp_path / "killed.npz").exists()

    other = subprocess.run(
        [*command, str(tmp_path / "killed.npz"), "--seed", "5"], capture_output=True, text=True, env=environment
    )
    assert other.returncode == 2
    assert "other settings (seed was 1, now 5): delete" in other.stderr

    onward = subprocess.run([*command, str(tmp_path / "killed.npz")], capture_output=True, text=True, env=environment)
    assert onward.returncode == 0, onward.stderr
    assert "epoch 1 of 6" not in onward.stderr
    cards = [json.loads((tmp_path / name).read_text()) for name in ("whole.json", "killed.json")]
    curves = [[(record["loss"], record["valid"]) for record in card["history"]] for card in cards]
    assert len(curves[0]) == 6
    assert curves[0] == curves[1]
    models = [load(tmp_path / name) for name in ("whole.npz", "killed.npz")]
    assert all(np.array_equal(models[0].weights[name], models[1].weights[name]) for name in models[0].weights)
    assert not (tmp_path / "killed.training").exists()
    figures = cards[0]["nats_a_note"]["test"]
    assert set(figures) == {"uniform", "bigram", "kneser_ney", "kneser_ney_with_cache", "lstm"}
    assert cards[0]["data"]["tunes"]["train"] == len(Corpus.load(tmp_path / "whole.melodies.npz").titles)
    assert cards[1]["command"].endswith("--out killed.npz --epochs 6 --hidden 12 --embedding 8 --batch 4 --seed 1")


@pytest.mark.slow
def test_a_full_disk_at_the_end_costs_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(room, "_load", lambda names: dataset())
    real = np.savez_compressed

    def full(file, **arrays):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    command = ["train", "--data", "reels", "--out", str(tmp_path / "model.npz"), *OPTIONS, "--epochs", "2"]
    assert main(command) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["model.training"]
    monkeypatch.setattr(np, "savez_compressed", real)
    assert main(command) == 0
    assert "epoch 1 of 2" not in capsys.readouterr().err  # what was learned is still there
    assert sorted(os.listdir(tmp_path)) == ["model.json", "model.md", "model.melodies.npz", "model.npz"]


def test_symbols_that_training_never_showed_become_the_average_of_their_kind():
    slow = Piece([Note(0, 24, 62), Note(24, 24, 64)], keys=[(0, Key("D"))], meters=[(0, Meter(2, 2))], style="reel")
    tunes = Tunes.of(dataset(train=(tune(1), slow)))
    vocabulary = tunes.vocabulary
    embedding = np.random.default_rng(0).normal(size=(len(vocabulary) + 7, 3))
    filled = room._without_strangers(embedding, tunes)
    ids = dict(zip(vocabulary.symbols, range(len(vocabulary))))
    assert np.array_equal(filled[0], embedding[0])  # `<start>`
    for symbol in ("<reel>", "<2/2>", "1/8", "|", "<end>"):
        assert np.array_equal(filled[ids[symbol]], embedding[ids[symbol]])
    eighths, quarters, half = (
        sum(i == ids[length] for tune in tunes.ids["train"] for i in tune) for length in ("1/8", "1/4", "1/2")
    )
    average = eighths * embedding[ids["1/8"]] + quarters * embedding[ids["1/4"]] + half * embedding[ids["1/2"]]
    assert filled[ids["3/8"]] == pytest.approx(average / (eighths + quarters + half))
    assert filled[ids["<6/8>"]] == pytest.approx(embedding[ids["<2/2>"]])
    bars = (embedding[ids["<4 bars>"]] + embedding[ids["<1 bars>"]]) / 2
    assert filled[ids["<13 bars>"]] == pytest.approx(bars)
    assert np.array_equal(filled[len(vocabulary) :], embedding[len(vocabulary) :])
