"""Pictures are drawn from what they are given, and say the same in words."""

import numpy as np
import pytest

from musiclab import plots


def shown(picture, monkeypatch):
    """What a notebook is sent for a picture: the MIME bundles of the picture and of its words."""
    sent = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: sent.append(bundle))
    picture._ipython_display_()
    return sent


def test_a_picture_is_sent_as_plotly_json_followed_by_its_words(monkeypatch):
    picture = plots.waveform({"A4 < A5": np.zeros(10)}, 100)
    drawn, told = shown(picture, monkeypatch)
    assert drawn["application/vnd.plotly.v1+json"]["data"][0]["name"] == "A4 < A5"
    assert told["text/plain"] == picture.description and "A4 &lt; A5 (solid line)" in told["text/html"]


def test_a_picture_brings_no_copy_of_the_drawing_program(monkeypatch):
    drawn, _ = shown(plots.roll(np.zeros((4, 128))), monkeypatch)
    assert "text/html" not in drawn and len(repr(drawn)) < 20_000


def test_waves_are_counted_and_told_apart_without_colour():
    time = np.arange(1000) / 1000
    picture = plots.waveform({"low": np.sin(2 * np.pi * 4 * time + 0.1), "high": np.sin(2 * np.pi * 8 * time + 0.1)}, 1000)
    assert "low (solid line)" in picture.description and "high (dash line)" in picture.description
    assert "rises through zero 4 times" in picture.description and "rises through zero 8 times" in picture.description
    assert [trace.line.dash for trace in picture.figure.data] == ["solid", "dash"]


def test_too_many_waves_are_refused():
    with pytest.raises(ValueError, match="5 sounds: expected at most 4"):
        plots.waveform({str(i): np.zeros(3) for i in range(5)}, 10)


def test_a_roll_shows_the_cells_that_sound():
    grid = np.zeros((8, 128))
    grid[2:4, 60] = grid[3, 67] = 90  # any value but 0 sounds
    figure = plots.roll(grid).figure
    z, pitches = np.array(figure.data[0].z), list(figure.data[0].y)
    assert {(step, pitches[row]) for row, step in np.argwhere(z)} == {(2, 60), (3, 60), (3, 67)}
    assert (pitches[0], pitches[-1]) == (59, 68)


def test_a_roll_is_told_in_words():
    grid = np.zeros((16, 128))
    grid[0:4, 62] = grid[2:6, 66] = 1
    assert plots.roll(grid, steps_per_bar=8).description == (
        "Piano roll of 16 steps (2 bars). Lowest D4 (62), highest F#4 (66); 10 steps are silent, at most 2 pitches at a time."
    )
    assert plots.roll(np.zeros((3, 128))).description == "Piano roll of 3 steps. All of it is silent."


def test_the_edges_of_the_range_are_drawn():
    grid = np.zeros((2, 128))
    grid[0, 0] = grid[1, 127] = 1
    assert list(plots.roll(grid).figure.data[0].y) == list(range(128))


def test_every_white_key_is_named_where_there_is_room():
    grid = np.zeros((2, 128))
    grid[0, 60] = grid[1, 67] = 1
    assert list(plots.roll(grid).figure.layout.yaxis.ticktext) == ["B3 59", "C4 60", "D4 62", "E4 64", "F4 65", "G4 67"]
    grid[0, 20] = 1
    assert list(plots.roll(grid).figure.layout.yaxis.ticktext) == ["C1 24", "C2 36", "C3 48", "C4 60"]


def test_an_empty_roll_is_drawn():
    assert plots.roll(np.zeros((0, 128)), steps_per_bar=8).description.endswith("All of it is silent.")


def test_bar_lines_stand_between_bars():
    assert [shape.x0 for shape in plots.roll(np.zeros((12, 128)), steps_per_bar=4).figure.layout.shapes] == [3.5, 7.5]


def test_a_transposed_roll_is_refused_with_the_shape_it_should_have():
    with pytest.raises(ValueError, match=r"shape \(128, 8\): expected \(n_steps, 128\)"):
        plots.roll(np.zeros((128, 8)))
