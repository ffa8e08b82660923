import sys
from pathlib import Path

import pytest

from musiclab.compose import compose
from musiclab.datasets import load, names
from musiclab.midi import read_midi

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import make_examples  # noqa: E402


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seeds_write_the_same_files(tmp_path):
    make_examples.main(["tune"], tmp_path / "a", range(2))
    make_examples.main(["tune"], tmp_path / "b", range(2))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert sorted(contents(tmp_path / "a")) == ["README.md", "tune-0.mid", "tune-0.musicxml", "tune-1.mid", "tune-1.musicxml"]
    assert read_midi(tmp_path / "a" / "tune-1.mid") == compose(make_examples.styles()[1], seed=1)[0]
    assert "- `tune-0`: " in (tmp_path / "a" / "README.md").read_text()


def test_an_arranged_tune_is_the_tune_with_an_accompaniment(tmp_path):
    make_examples.main(["arranged"], tmp_path, range(1))
    piece, tune = read_midi(tmp_path / "arranged-0.mid"), make_examples.tune(0)
    melody = [note[:3] for note in piece.notes if note.voice == 0]
    assert melody == [note[:3] for note in tune.notes] and len(piece.voices) > 1


def test_an_unknown_kind_is_refused():
    with pytest.raises(SystemExit, match="kind 'opera': expected one or more of tune, chorale, harmonised, arranged"):
        make_examples.main(["opera"])


def test_the_examples_are_no_collection(tmp_path, monkeypatch):
    (tmp_path / "northumbrian").symlink_to(ROOT / "datasets" / "northumbrian")
    monkeypatch.setenv("MUSICLAB_DATASETS", str(tmp_path))
    before = names(), len(load("tunes").pieces)
    make_examples.main(["tune"], tmp_path / "models" / "examples", range(1))
    assert (names(), len(load("tunes").pieces)) == before
