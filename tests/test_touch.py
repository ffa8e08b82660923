"""Pictures that answer a number box, and pictures that live: in a notebook, outside of one, and in a real JupyterLab."""

import json
import shutil
import sys
from base64 import b64decode
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import missing_part
from test_lab import BROWSERS, server, stop

from musiclab import plots, touch

PLOTLY = "application/vnd.plotly.v1+json"


@pytest.fixture
def notebook(monkeypatch):
    """What a notebook shows: a list of places, each with all that was sent to it, one after the other."""
    places = {}

    def display(shown, raw=False, display_id=None):
        assert display_id not in places, "displayed twice instead of replaced"
        places[display_id] = [shown]

    def update_display(shown, raw=False, display_id=None):
        assert raw
        places[display_id].append(shown)

    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel="one"))
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr("IPython.display.update_display", update_display)
    return lambda: list(places.values())


def slope(steepness):
    if steepness == 7:
        raise RuntimeError("seven is <too> steep")
    return None if steepness == 8 else plots.lines({"y": [0, steepness]})


def test_a_box_stands_above_the_picture_and_the_picture_above_its_words(notebook):
    touch.boxes(slope, steepness=(2, 0, 9, 1))
    (box,), (drawn,), (told,) = notebook()
    assert box.children[0].description == "steepness (0 to 9)"
    assert drawn[PLOTLY]["data"][0]["name"] == "y" and "rises to 2" in told["text/plain"]


def test_a_new_number_replaces_picture_and_words(notebook):
    touch.boxes(slope, steepness=(2, 0, 9, 1))
    boxes, drawn, told = notebook()
    boxes[0].children[0].value = 5
    assert [len(place) for place in notebook()] == [1, 2, 2]
    y = drawn[-1][PLOTLY]["data"][0]["y"]
    assert np.frombuffer(b64decode(y["bdata"]), y["dtype"]).tolist() == [0, 5] and "rises to 5" in told[-1]["text/plain"]
    assert '"y":' in told[-1]["text/html"].partition("<script>")[2]  # what the next test but one shows to be needed


def test_the_script_that_redraws_cannot_be_ended_by_a_name(notebook):
    touch.boxes(lambda n: plots.lines({"</script><b>": [0, n]}), n=(2, 0, 9, 1))
    boxes, _, told = notebook()
    boxes[0].children[0].value = 5
    assert told[-1]["text/html"].count("</script>") == 1 and "<b>" not in told[-1]["text/html"].partition("<script>")[0]


def test_whole_numbers_make_whole_boxes_and_all_values_reach_the_picture(notebook):
    asked = []

    def draw(n_notes, scale):
        asked.append((n_notes, scale))
        return plots.lines({"y": [1]})

    touch.boxes(draw, n_notes=(3, 1, 9, 1), scale=(1, 0, 2, 0.5))
    n_notes, scale = notebook()[0][0].children
    scale.value = 1.5
    n_notes.value = 4
    assert asked == [(3, 1.0), (3, 1.5), (4, 1.5)] and type(asked[-1][0]) is int and type(asked[0][1]) is float
    assert (n_notes.description, scale.min, scale.max, scale.step) == ("n notes (1 to 9)", 0, 2, 0.5)


def test_an_error_keeps_the_last_picture_and_says_why(notebook):
    touch.boxes(slope, steepness=(2, 0, 9, 1))
    boxes, drawn, told = notebook()
    boxes[0].children[0].value = 7
    assert len(drawn) == 1
    assert told[-1]["text/plain"] == (
        "No new picture: RuntimeError: seven is <too> steep. The picture above is the last one; try other numbers."
    )
    assert "&lt;too&gt;" in told[-1]["text/html"]
    boxes[0].children[0].value = 3
    assert len(drawn) == 2 and "rises to 3" in told[-1]["text/plain"]


def test_a_drawing_that_returns_nothing_is_told_so(notebook):
    touch.boxes(slope, steepness=(2, 0, 9, 1))
    boxes, _, told = notebook()
    boxes[0].children[0].value = 8
    assert (
        "expected a Picture, as musiclab.plots draws it, and got None: end the function with `return`" in told[-1]["text/plain"]
    )


@pytest.mark.parametrize("start", [7, 8])
def test_an_error_in_the_first_drawing_is_an_error_of_the_cell(notebook, start):
    with pytest.raises((RuntimeError, TypeError)):
        touch.boxes(slope, steepness=(start, 0, 9, 1))
    assert notebook() == []


@pytest.mark.parametrize("numbers", [(1, 2, 3, 1), (4, 2, 3, 1), (1, 0, 2), (2, 3, 1, 1), 5, (1, 0, 2, 0)])
def test_a_box_without_sense_is_refused(numbers):
    with pytest.raises(ValueError, match=r"box steepness got .*: expected \(value, low, high, step\) with low <= value <= high"):
        touch.boxes(slope, steepness=numbers)


def test_outside_a_notebook_the_words_are_printed(capsys):
    touch.boxes(slope, steepness=(2, 0, 9, 1))
    touch.Live().show(slope(4))
    assert capsys.readouterr().out == "".join(f"y (solid line, circle marks) starts at 0 and rises to {end}.\n" for end in (2, 4))


@pytest.fixture
def clock(monkeypatch):
    """The time, which a test sets."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(touch.time, "monotonic", lambda: now.seconds)
    return now


def test_a_live_picture_comes_at_once_then_three_times_a_second_then_last(notebook, clock):
    live, drawn = touch.Live(), []

    def draw(n):
        drawn.append(n)
        return plots.lines({"y": [n]})

    for n in range(1000):
        clock.seconds = n / 500  # two seconds in all
        live.show(lambda n=n: draw(n))
    live.show(draw(1000), now=True)
    pictures, words = notebook()
    assert drawn == [0, 167, 334, 501, 668, 835, 1000] and len(pictures) == len(words) == 7
    assert "is 1000 at 0" in words[-1]["text/plain"]


def test_a_slow_drawing_still_leaves_time_for_the_program(notebook, clock):
    def draw():
        clock.seconds += 1
        return plots.lines({"y": [1]})

    live = touch.Live()
    for _ in range(5):
        live.show(draw)
    assert len(notebook()[0]) == 1


def test_what_is_shown_live_must_be_a_picture(notebook):
    with pytest.raises(TypeError, match="expected a Picture"):
        touch.Live().show(lambda: None)
    with pytest.raises(TypeError, match=r"expected a Picture.*got \[0.5\]"):
        touch.Live().show([0.5])


def test_touch_is_imported_without_the_widgets():
    import subprocess

    code = "import sys, musiclab.touch; print(sorted({'ipywidgets', 'IPython'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


CELLS = [
    """
from musiclab import plots, touch

def draw(steepness):
    return plots.lines({"y": [0, steepness]}, y_range=(0, 9), title="Slope")

touch.boxes(draw, steepness=(2, 1, 9, 1))""",
    """
live, curve = touch.Live(), []
for n in range(100_000):
    curve.append(n)
    live.show(lambda: plots.lines({"n": curve[::10_000]}))
live.show(plots.lines({"n": curve[::10_000]}, title="Curve"), now=True)""",
]
DRAWN = "index => [...document.querySelectorAll('.js-plotly-plot')][index].calcdata[0].map(point => point.y)"
TOLD = "index => [...document.querySelectorAll('.jp-OutputArea-output p')][index].innerText"


@pytest.mark.slow
def test_in_jupyterlab_a_number_is_typed_with_the_keyboard_and_picture_and_words_follow(tmp_path):
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        missing_part("chromium", "run `make test`, which installs it, or `python tools/system_parts.py browser`")
    import nbformat
    from playwright.sync_api import sync_playwright

    (tmp_path / "work").mkdir()
    notebook = tmp_path / "work" / "touch.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(metadata=kernel, cells=list(map(nbformat.v4.new_code_cell, CELLS))), notebook)
    process, address, log = server(tmp_path, "--folder", str(tmp_path / "work"))
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(address.replace("start.ipynb", "touch.ipynb"))
            page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=90_000)
            for cell in range(len(CELLS)):
                for _ in range(60):  # a kernel that has not come up yet does not listen
                    page.locator(".jp-CodeCell .cm-content").nth(cell).click()
                    page.keyboard.press("Shift+Enter")
                    page.wait_for_timeout(1_000)
                    if page.locator(".jp-CodeCell .jp-InputPrompt").nth(cell).inner_text() != "[ ]:":
                        break
            page.get_by_text("to 90000").wait_for(timeout=90_000)
            page.wait_for_function("document.querySelectorAll('.js-plotly-plot').length == 2", timeout=90_000)
            page.get_by_label("steepness (1 to 9)").focus()
            page.keyboard.press("Control+A")
            page.keyboard.type("5")
            page.keyboard.press("Enter")
            page.get_by_text("rises to 5").wait_for(timeout=90_000)
            page.wait_for_timeout(1_000)
            drawn, told = ([page.evaluate(look, index) for index in (0, 1)] for look in (DRAWN, TOLD))
            page.keyboard.press("Control+A")
            page.keyboard.type("70")  # more than the box allows
            page.keyboard.press("Enter")
            page.get_by_text("rises to 9").wait_for(timeout=90_000)
            page.get_by_text("File", exact=True).first.click()
            page.get_by_text("Save Notebook", exact=True).click()
            page.wait_for_function("!document.querySelector('.jp-mod-dirty')", timeout=90_000)
            browser.close()
    finally:
        stop(process)
    assert drawn == [[0, 5], list(range(0, 100_000, 10_000))], log.read_text()
    assert told[0] == "Slope. y (solid line, circle marks) starts at 0 and rises to 5."
    assert "rises to 90000" in told[1]
    saved = json.loads(notebook.read_text())
    assert np.size(saved["cells"][0]["outputs"]) == 3 and notebook.stat().st_size < 300_000
