"""A file is written whole or not at all."""

import os

import pytest

from musiclab.atomic import atomic_write


def test_the_new_content_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "piece.mid"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new" and os.listdir(tmp_path) == ["piece.mid"]


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "piece.mid"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="full"):
        with atomic_write(path) as file:
            file.write(b"ne")
            raise OSError("the disk is full")
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["piece.mid"]


def test_a_folder_that_is_missing_or_in_the_way_is_an_error(tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "nowhere" / "piece.mid", tmp_path / "folder"):
        with pytest.raises(OSError):
            with atomic_write(path) as file:
                file.write(b"new")
    assert os.listdir(tmp_path) == ["folder"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with atomic_write(pipe) as file:
        file.write(b"through")
    assert os.read(reader, 99) == b"through" and pipe.is_fifo()
    os.close(reader)
