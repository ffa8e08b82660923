"""`musiclab studio` serves the Studio's notebook as a page, and asks nobody outside for anything."""

import os
from pathlib import Path

import nbformat
import pytest

from musiclab import cli, lab
from musiclab.lab import SETTINGS


@pytest.fixture
def served(monkeypatch):
    """What Voilà is started with, in place of Voilà; the environment is as before afterwards."""
    started = []
    monkeypatch.setenv("JUPYTER_PATH", "/elsewhere")
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setattr("voila.app.Voila.launch_instance", started.extend)
    return started


def test_the_notebook_of_the_course_is_served_with_our_template(served, capsys):
    assert cli.main(["studio", "--port", "9123", "--no-open"]) == 0
    notebook, *options = served
    assert nbformat.read(notebook, 4).metadata.title == "Studio"
    assert {"--Voila.port=9123", "--VoilaConfiguration.template=studio", "--VoilaConfiguration.theme=light", "--no-browser"} <= {
        *options
    }
    assert os.environ["JUPYTER_PATH"].split(os.pathsep) == [str(SETTINGS), "/elsewhere"]
    assert (SETTINGS / "voila" / "templates" / "studio" / "index.html.j2").is_file()
    assert "Ctrl+C" in capsys.readouterr().out


def test_dark_is_dark_and_a_browser_opens_where_there_is_a_screen(served, monkeypatch):
    monkeypatch.setattr("musiclab.studio.command.has_screen", lambda: True)
    assert cli.main(["studio", "--dark"]) == 0
    assert "--VoilaConfiguration.theme=dark" in served and "--no-browser" not in served


def test_without_the_notebook_it_says_how_to_get_it(served, monkeypatch, tmp_path, capsys):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "start.ipynb").touch()
    monkeypatch.setattr(lab, "CHECKOUT", tmp_path)
    assert cli.main(["studio"]) == 2 and not served
    assert "studio.ipynb: get the whole repository" in capsys.readouterr().err


def test_the_template_fetches_nothing_from_outside():
    for file in (Path(SETTINGS) / "voila" / "templates" / "studio").iterdir():
        assert "http" not in file.read_text()
