import functools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from musiclab import progress, train_command
from musiclab import train as room
from musiclab.checkpoints import Checkpoints, check_writable
from musiclab.cli import main
from musiclab.context import Context
from musiclab.corpus import Corpus
from musiclab.evaluate import nats
from musiclab.lstm import SHIPPED, load
from musiclab.midi import write_midi
from musiclab.modelcard import describe, words
from musiclab.ngram import Bigram
from musiclab.piece import Key, Meter, Note, Piece
from musiclab.progress import Progress
from musiclab.stepping import weight_names
from musiclab.train import train
from musiclab.tunes import LONGEST, Parts, Tunes, batches, with_features

SMALL = {"n_hidden": 12, "n_embedding": 8, "n_batch": 4, "epochs": 3, "n_layers": 2}
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
    parts = np.random.default_rng(0).integers(5, 90, 50)  # lengths
    drawn = batches(parts, 4, seed=1, epoch=2)
    assert sorted(i for batch in drawn for i in batch) == list(range(50))
    assert batches(parts, 4, seed=1, epoch=2) == drawn
    assert batches(parts, 4, seed=1, epoch=3) != drawn
    assert batches(parts, 4, seed=2, epoch=2) != drawn


def test_an_epoch_of_few_tunes_goes_through_them_several_times():
    lengths = np.random.default_rng(0).integers(5, 90, 10)
    drawn = batches(lengths, 4, seed=1, epoch=0, fewest=7)
    assert len(drawn) == 9  # three times three steps
    rounds = [drawn[:3], drawn[3:6], drawn[6:]]
    assert all(sorted(i for batch in steps for i in batch) == list(range(10)) for steps in rounds)
    assert rounds[0] != rounds[1] != rounds[2]
    assert batches(lengths, 4, seed=1, epoch=1, fewest=7) != drawn
    assert batches(lengths, 4, seed=1, epoch=2, fewest=3) == batches(lengths, 4, seed=1, epoch=2)


def test_long_tunes_are_cut_and_keep_what_went_before():
    tunes = Tunes.of(dataset(train=(tune(1, n_bars=40), tune(2))))
    vocabulary, ids = tunes.vocabulary, tunes.ids["train"][0]
    context = Context(vocabulary.kinds, vocabulary.ticks, vocabulary.bars)
    parts = with_features(context, ids)
    assert [len(targets) for _, targets in parts] == [LONGEST] * (len(ids) // LONGEST) + [len(ids) % LONGEST]
    assert np.concatenate([targets for _, targets in parts]).tolist() == ids
    assert np.concatenate([features[:, 0] for features, _ in parts]).tolist() == [0, *ids[:-1]]


def test_features_are_made_when_they_are_asked_for_and_once():
    tunes = Tunes.of(dataset(train=(tune(1, n_bars=40), tune(2))))
    vocabulary = tunes.vocabulary
    context = Context(vocabulary.kinds, vocabulary.ticks, vocabulary.bars)
    expected = [part for ids in tunes.ids["train"] for part in with_features(context, ids)]
    began, real = [], context.start
    context.start = lambda: began.append(1) or real()
    parts = Parts(context, tunes.ids["train"])
    assert parts.lengths == [len(targets) for _, targets in expected]
    assert not began
    last = parts[len(parts) - 1]
    assert len(began) == 1
    assert all(np.array_equal(a, b) for i in range(len(parts)) for a, b in zip(parts[i], expected[i]))
    assert len(began) == 2  # once for each tune
    assert parts[len(parts) - 1] is last


def test_the_first_loss_is_shown_at_once_and_each_epoch_has_its_line(capsys):
    with Progress(epochs=2, n_steps=3) as shown:
        shown.step(1.2345)
        assert "loss=1.234" in capsys.readouterr().err.replace("1.235", "1.234")
        record = {"epoch": 1, "loss": 1.5, "valid": 2.0, "best": True, "symbols": 3000, "seconds": 2.0}
        shown.epoch(record)
        assert "epoch 1 of 2: loss 1.5000 nats a symbol, valid 2.0000 nats a note (best), 1,500 symbols a second" in (
            capsys.readouterr().err
        )
        shown.epoch(record | {"valid": None})
        assert "nats a symbol, 1,500 symbols a second" in capsys.readouterr().err


def test_in_a_notebook_the_curve_grows_and_nothing_goes_to_stderr(monkeypatch, capsys):
    pictures = []

    class Shown:
        def show(self, picture, now=False):
            pictures.append((picture() if callable(picture) else picture).description)

    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.setattr(progress, "Live", Shown)
    with Progress(epochs=4, n_steps=1) as shown:
        shown.step(3.0)
        shown.step(2.5)
        shown.epoch({"epoch": 1, "loss": 2.5, "valid": 2.0, "best": True, "symbols": 3000, "seconds": 2.0})
    assert capsys.readouterr().err == ""
    assert "loss, nats a symbol (solid line, circle marks) is 3 at 1." in pictures[0]
    assert "is 2.5 at 1. valid, nats a note (dash line, square marks) is 2 at 1." in pictures[-1]


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
    monkeypatch.setattr(train_command, "_load", lambda names: dataset(train=(TWO_VOICES,) * 3))
    assert main(["train", "--data", "chorales", "--out", str(tmp_path / "x.npz")]) == 2
    assert "3 of them because: has 2 voices that play" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []  # what was refused leaves nothing behind
    monkeypatch.setattr(train_command, "_load", lambda names: dataset())
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
    model.vocabulary, model.weights = tunes.vocabulary, {name: np.zeros(1) for name in weight_names()}
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


def test_of_few_tests_the_card_says_that_nothing_is_sure_and_counts_that_do_better_are_said_to():
    card = describe(a_training(dataset(), [2.0, 1.5]), dataset())  # three tunes in test, which all symbols surprise alike
    assert "Test has 3 tunes, too few to say how sure these figures are. Nats of all symbols" in words(card)
    card["data"]["tunes"] = {"train": 1, "valid": 1, "test": 5}
    card |= {"interval_95": [9.0, 9.5], "below_kneser_ney_with_cache": {"nats_a_note": -3.0, "interval_95": [-3.5, 0.25]}}
    said = "On test this model lies between 9.00 and 9.50, and 3.00 (between -0.25 and 3.50) above the counts with a memory."
    assert said in words(card)
    assert "1 tune for train, 1 tune for valid, 5 tunes for test" in words(card)


def test_the_card_says_how_often_an_epoch_went_through_few_tunes():
    card = describe(a_training(dataset(), [2.0, 1.5]), dataset())
    assert "Epochs: 2, in 2 s" in words(card)
    card["history"][0]["symbols"] = 17 * card["data"]["symbols"]["train"]
    assert "Epochs: 2, each 17 times through the tunes, in 2 s" in words(card)


def test_without_tunes_for_valid_and_test_the_card_says_why():
    data = dataset(train=tuple(replace(tune(i), group="reel-0") for i in range(3)), valid=(), test=())
    card = describe(a_training(data, [None, None]), data)
    assert card["data"]["split"] == (
        "no tunes were left for valid and test: too few to divide (3 tunes in 1 group of near-duplicates, which are never divided)"
    )
    assert "no valid to choose by" in card["best_epoch_was"]
    assert "No tunes were left to measure it on." in words(card)


def test_a_report_says_what_there_is_and_what_was_left_out_before_training(monkeypatch, capsys):
    def begun(*settings):
        raise InterruptedError("training begins")

    monkeypatch.setattr(room, "build_lstm", begun)
    duets = [replace(TWO_VOICES, id=f"duet {i}") for i in range(6)]
    with pytest.raises(InterruptedError):
        train(dataset(train=(*dataset().train, *duets), left_out=(("bad.mid", "no MIDI"),)), **SMALL, progress=True)
    first, bad, duet, *_, last = capsys.readouterr().err.splitlines()
    assert first == "10 tunes to learn from, 3 for valid, 3 for test"
    assert bad == "left out: bad.mid: no MIDI"
    assert duet == "left out: duet 0: has 2 voices that play: a tune has one; take one of them out first"
    assert last == "left out in all: 7 (6 times: has 2 voices that play; 1 times: no MIDI)"
    with pytest.raises(InterruptedError):
        train(dataset(), **SMALL, progress=True)
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(InterruptedError):
        train(dataset(), **SMALL)
    assert capsys.readouterr().err == ""


def test_a_report_says_what_it_means_that_all_tunes_are_alike():
    alike = tuple(replace(tune(1).transposed(i), group="reel-1") for i in range(4))
    assert Tunes.of(dataset(train=alike, valid=(), test=())).report == [
        "4 tunes to learn from, 0 for valid, 0 for test",
        "no tunes were left for valid and test: too few to divide (4 tunes in 1 group of near-duplicates, which are never divided); "
        "so the last epoch is kept, and nothing will say how well the model does on other tunes. More tunes, and tunes that differ, would.",
    ]


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

    monkeypatch.setattr(train_command, "_load", lambda names: data)
    monkeypatch.setattr(train_command, "train", trained)
    assert main(["train", "--data", "reels", "--out", str(tmp_path / "m.npz")]) == 0
    files = [str(tmp_path / f"m.{end}") for end in ("npz", "melodies.npz", "json", "md")]
    assert capsys.readouterr().out.startswith(f"Written: {files[0]}, {files[1]}, {files[2]} and {files[3]}\n")
    assert sorted(map(str, tmp_path.iterdir())) == sorted(files)
    assert (tmp_path / "m.md").read_text() == words(json.loads((tmp_path / "m.json").read_text()))


@pytest.fixture(scope="module")
def whole():
    """A training of two layers that nothing disturbed."""
    return train(dataset(), **SMALL)


def shown_on_valid(result):
    """Nats a note of the saved model on valid, step by step."""
    ids = result.tunes.ids["valid"]
    return sum(nats(result.model, tune).sum() for tune in ids) / result.tunes.n_notes("valid")


@pytest.mark.slow
def test_training_learns_and_can_be_cancelled(whole):
    assert whole.finished
    assert whole.history[-1]["loss"] < whole.history[0]["loss"] < np.log(len(whole.tunes.vocabulary))
    assert whole.history[0]["symbols"] == 17 * sum(map(len, whole.tunes.ids["train"]))  # ten tunes, three steps: 17 times
    # what the history says of valid is what the saved model shows
    assert shown_on_valid(whole) == pytest.approx(min(record["valid"] for record in whole.history), rel=0.005)
    other = train(dataset(), **SMALL | {"seed": 2, "epochs": 1})
    assert other.history[0]["loss"] != whole.history[0]["loss"]
    steps = iter(range(53))  # the first epoch has 51
    stopped = train(dataset(), **SMALL, cancelled=lambda: next(steps) >= 52)
    assert not stopped.finished
    assert [record["loss"] for record in stopped.history] == [whole.history[0]["loss"]]


@pytest.mark.slow
def test_weight_decay_keeps_weights_small():
    size = lambda weight_decay: np.square(
        train(dataset(), **SMALL | {"epochs": 1}, weight_decay=weight_decay).model.weights["recurrent"].astype(float)
    ).mean()
    assert size(10.0) < 0.5 * size(0.0)


@pytest.mark.slow
def test_an_interruption_keeps_the_best_weights_and_the_same_call_goes_on(whole, tmp_path):
    seen = []

    def interrupt(history):
        seen.append(len(history))
        if len(history) == 2:
            raise KeyboardInterrupt

    stopped = train(dataset(), **SMALL, checkpoints=tmp_path, on_epoch=interrupt)
    assert seen == [1, 2]
    assert not stopped.finished
    assert [record["loss"] for record in stopped.history] == [record["loss"] for record in whole.history[:2]]
    assert shown_on_valid(stopped) == pytest.approx(min(record["valid"] for record in stopped.history), rel=0.005)
    onward = train(dataset(), **SMALL, checkpoints=tmp_path)
    assert onward.finished
    assert [record["loss"] for record in onward.history] == [record["loss"] for record in whole.history]
    assert all(np.array_equal(onward.model.weights[name], array) for name, array in whole.model.weights.items())


@pytest.mark.slow
def test_a_disk_that_is_full_for_an_epoch_does_not_stop_a_training(tmp_path, monkeypatch):
    real, calls = np.savez, []

    def full_once(file, **arrays):
        calls.append(1)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(file, **arrays)

    monkeypatch.setattr(np, "savez", full_once)
    with pytest.warns(
        UserWarning, match="cannot write the checkpoint .*: No space left on device; make room; the training goes on"
    ):
        result = train(dataset(), **SMALL, checkpoints=tmp_path)
    assert result.finished
    assert len(result.history) == len(calls) == 3
    assert os.listdir(tmp_path) == ["checkpoint.npz"]
    assert np.isfinite(nats(result.model, result.tunes.ids["valid"][0])).all()


def test_the_command_ends_an_interrupted_training_with_the_best_so_far(tmp_path, monkeypatch, capsys):
    data = dataset()
    result = room.Training(**(vars(a_training(data, [2.0, 1.5])) | {"finished": False}))
    result.model.card = {}

    @functools.wraps(train)
    def stopped(*given, checkpoints, **settings):
        checkpoints.mkdir()
        return result

    monkeypatch.setattr(train_command, "_load", lambda names: data)
    monkeypatch.setattr(train_command, "train", stopped)
    monkeypatch.chdir(tmp_path)
    assert main(["train", "reels"]) == 130
    assert capsys.readouterr().out.endswith("Stopped after epoch 2 of 10; the same command goes on from there.\n")
    assert (tmp_path / "reels.npz").exists()
    assert (tmp_path / "reels.training").exists()
    result = room.Training(**(vars(result) | {"history": ()}))
    (tmp_path / "reels.npz").unlink()
    assert main(["train", "reels", "--out", "second.npz"]) == 130
    assert "stopped" in capsys.readouterr().err
    assert not (tmp_path / "second.npz").exists()


def test_the_command_wants_one_way_of_naming_the_data(capsys):
    for command in (["train"], ["train", "reels", "--data", "jigs"]):
        assert main(command) == 2
        assert "expected a folder of MIDI files, as in `musiclab train my-tunes`, or names" in capsys.readouterr().err


@pytest.mark.slow
def test_it_stops_when_valid_gets_no_better_and_keeps_the_best_epoch(capsys):
    data = dataset(valid=(tune(99).transposed(6),))
    result = train(data, **SMALL | {"epochs": 40, "patience": 2, "learning_rate": 0.05}, progress=True)
    assert "valid got no better in 2 epochs: stopped; the best epoch is kept" in capsys.readouterr().err
    assert len(result.history) < 40
    assert [record["best"] for record in result.history[-2:]] == [False, False]
    best = min(record["valid"] for record in result.history)
    assert shown_on_valid(result) == pytest.approx(best, rel=0.005)


@pytest.mark.slow
def test_a_killed_training_goes_on_with_the_same_curve(tmp_path, capsys):
    music = tmp_path / "music"
    music.mkdir()
    for i in range(30):
        write_midi(tune(i), music / f"reel {i}.mid")
    command = ["train", "--data", str(music), *OPTIONS, "--epochs", "3", "--out"]
    assert main([*command, str(tmp_path / "whole.npz")]) == 0

    begun = subprocess.Popen(
        [sys.executable, "-m", "musiclab.cli", *command, str(tmp_path / "killed.npz")], stderr=subprocess.PIPE
    )
    checkpoint = tmp_path / "killed.training" / "checkpoint.npz"
    while not checkpoint.exists() and begun.poll() is None:
        time.sleep(0.01)
    begun.kill()
    begun.communicate()
    assert checkpoint.exists()
    assert not (tmp_path / "killed.npz").exists()

    capsys.readouterr()
    assert main([*command, str(tmp_path / "killed.npz"), "--seed", "5"]) == 2
    assert "other settings (seed was 1, now 5): delete" in capsys.readouterr().err

    assert main([*command, str(tmp_path / "killed.npz")]) == 0
    out, err = capsys.readouterr()
    assert "epoch 1 of 3" not in err and "epoch 3 of 3" in err
    assert "nats a note, less is better" in out and "this model" in out
    cards = [json.loads((tmp_path / name).read_text()) for name in ("whole.json", "killed.json")]
    curves = [[(record["loss"], record["valid"]) for record in card["history"]] for card in cards]
    assert len(curves[0]) == 3
    assert curves[0] == curves[1]
    models = [load(tmp_path / name) for name in ("whole.npz", "killed.npz")]
    assert all(np.array_equal(models[0].weights[name], models[1].weights[name]) for name in models[0].weights)
    assert not (tmp_path / "killed.training").exists()
    figures = cards[0]["nats_a_note"]["test"]
    assert set(figures) == {"uniform", "bigram", "kneser_ney", "kneser_ney_with_cache", "lstm"}
    assert cards[0]["data"]["tunes"]["train"] == len(Corpus.load(tmp_path / "whole.melodies.npz").titles)
    assert cards[1]["command"].endswith("--out killed.npz --epochs 3 --hidden 12 --embedding 8 --batch 4 --seed 1")


def trained_in_no_time(monkeypatch):
    """Let the command train a model without weights; its folder of checkpoints is there."""
    data = dataset()
    result = a_training(data, [2.0, 1.5])
    result.model.card = {}

    @functools.wraps(train)
    def trained(*given, checkpoints, **settings):
        checkpoints.mkdir(exist_ok=True)
        return result

    monkeypatch.setattr(train_command, "_load", lambda names: data)
    monkeypatch.setattr(train_command, "train", trained)
    return result


def full_disk(monkeypatch, *folders):
    """Let the first bytes that are written below these folders find no room."""
    real = np.savez_compressed

    def full(file, **arrays):
        if any(Path(folder) in Path(getattr(file, "name", file)).parents for folder in folders):
            raise OSError(28, "No space left on device")
        real(file, **arrays)

    monkeypatch.setattr(np, "savez_compressed", full)


FILES = ["m.json", "m.md", "m.melodies.npz", "m.npz"]


def test_where_the_disk_is_full_at_the_end_the_model_goes_to_the_folder_for_temporary_files(tmp_path, monkeypatch, capsys):
    trained_in_no_time(monkeypatch)
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir(), elsewhere.mkdir()
    (here / "m.npz").write_text("an older model")
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    full_disk(monkeypatch, here)
    assert main(["train", "reels", "--out", str(here / "m.npz")]) == 2
    out, err = capsys.readouterr()
    (folder,) = elsewhere.iterdir()
    assert sorted(os.listdir(folder)) == FILES
    assert err.splitlines()[0] == f"cannot write the model to {here / 'm.npz'}: No space left on device"
    assert out.startswith(f"Written: {folder / 'm.npz'}, ")
    assert err.splitlines()[1].startswith(f"{here / 'm.npz'} is not there: make room, then move the four files, or give")
    assert sorted(os.listdir(here)) == ["m.npz", "m.training"]  # for the same command to go on from
    assert (here / "m.npz").read_text() == "an older model"


def test_whoever_sits_at_the_keyboard_is_asked_for_another_place_until_one_has_room(tmp_path, monkeypatch, capsys):
    trained_in_no_time(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    full_disk(monkeypatch, ".", tmp_path)
    asked = []

    def answer(question):
        asked.append(question)
        if len(asked) == 2:  # meanwhile somebody makes room
            monkeypatch.undo()
            monkeypatch.chdir(tmp_path)
        return ["stick", ""][len(asked) - 1]

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    assert main(["train", "reels", "--out", "m.npz"]) == 0
    assert len(asked) == 2
    assert "another folder" in asked[0].lower()
    assert "cannot write the model to stick/m.npz: No space left on device" in capsys.readouterr().err
    assert [name for name in sorted(os.listdir()) if name.startswith("m.")] == FILES


def test_with_room_nowhere_and_nobody_there_the_checkpoints_stay(tmp_path, monkeypatch, capsys):
    trained_in_no_time(monkeypatch)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    full_disk(monkeypatch, tmp_path)
    assert main(["train", "reels", "--out", str(tmp_path / "m.npz")]) == 2
    err = capsys.readouterr().err
    assert f"the model is written nowhere; make room and give the same command again: it goes on from {tmp_path}" in err
    assert os.listdir(tmp_path) == ["m.training"]


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
