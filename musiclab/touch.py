"""Pictures to touch: number boxes that redraw a picture, and a picture that lives while a program runs.

What is on show is a Plotly picture and its words, sent to the notebook and later replaced in their place: the notebook keeps the
last one and no more. Outside a notebook the words are printed.
"""

import math
import time
from numbers import Integral
from uuid import uuid4

from musiclab.plots import Picture, told

PAUSE = 1 / 3  # seconds between two pictures of `Live`

# JupyterLab's drawing of Plotly pictures takes no notice when one is replaced, so the words below it bring the new one along.
REDRAW = """<script>{{
const output = document.currentScript.closest(".jp-OutputArea-child");
const plot = output && output.previousElementSibling && output.previousElementSibling.querySelector(".js-plotly-plot");
if (plot && window.Plotly) {{ const figure = {figure}; Plotly.react(plot, figure.data, figure.layout); }}
}}</script>"""


def boxes(draw, **boxes):
    """A number box for each argument of a picture; a new number (type it, then Enter) draws it anew, and its words.

    Args:
        draw: function of the boxes' names that returns a `Picture`. When it fails for some numbers, the last picture stays, and
            a line below it says why.
        boxes: name=(value, low, high, step); four whole numbers make a box for whole numbers.

    Raises:
        ValueError: a box is not four such numbers.

    >>> from musiclab.plots import lines
    >>> boxes(lambda slope: lines({"y": [0, slope]}), slope=(2, 0, 9, 1))
    y (solid line, circle marks) starts at 0 and rises to 2.
    """
    boxes = {name: _numbers(name, numbers) for name, numbers in boxes.items()}
    frame, made = _Frame(), {}
    first = _checked(draw(**{name: numbers[0] for name, numbers in boxes.items()}))  # if it fails, the cell says so as usual
    if in_notebook():
        from IPython.display import display
        from ipywidgets import HBox

        made = {name: _box(name, *numbers) for name, numbers in boxes.items()}
        display(HBox(list(made.values()), layout={"flex_flow": "row wrap"}))

    def redraw(_change):
        try:
            frame.show(_checked(draw(**{name: box.value for name, box in made.items()})))
        except Exception as error:  # whatever it is, the student reads it
            frame.say(f"No new picture: {type(error).__name__}: {error}. The picture above is the last one; try other numbers.")

    frame.show(first)
    for box in made.values():
        box.observe(redraw, names="value")


def _numbers(name, numbers):
    match numbers:
        case (value, low, high, step) if low <= value <= high and step > 0:
            return tuple(map(int if all(isinstance(number, Integral) for number in numbers) else float, numbers))
    raise ValueError(f"box {name} got {numbers}: expected (value, low, high, step) with low <= value <= high and a step above 0")


def _checked(picture):
    if not isinstance(picture, Picture):
        raise TypeError(f"expected a Picture, as musiclab.plots draws it, and got {picture!r}: end the function with `return`")
    return picture


def _box(name, value, low, high, step):
    from ipywidgets import BoundedFloatText, BoundedIntText

    label = f"{name.replace('_', ' ')} ({low:g} to {high:g})"  # tied to the box: screen readers say it
    return (BoundedIntText if isinstance(value, int) else BoundedFloatText)(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        style={"description_width": "initial"},
        layout={"width": f"calc({len(label)}ch + 7em)", "margin": "2px 16px 2px 0"},
    )


class Live:
    """A picture that is replaced while a program runs, at most three times a second.

    >>> from musiclab.plots import lines
    >>> live = Live()
    >>> for n in range(1, 100):
    ...     live.show(lambda: lines({"n": range(n)}))
    n (solid line, circle marks) is 0 at 0.
    >>> live.show(lines({"n": range(100)}), now=True)
    n (solid line, circle marks) starts at 0 and rises to 99.
    """

    def __init__(self):
        self._frame, self._last = _Frame(), -math.inf

    def show(self, picture, now=False):
        """Show a picture, unless the one before is younger than a third of a second.

        Args:
            picture: a `Picture`; or a function that draws one, which is called only when its picture is shown.
            now: show it in any case; for the last one.
        """
        if now or time.monotonic() - self._last >= PAUSE:
            self._frame.show(_checked(picture() if callable(picture) else picture))
            self._last = time.monotonic()


class _Frame:
    """A place in a notebook for a picture, and below it one for its words."""

    def __init__(self):
        self._ids, self._there = (uuid4().hex, uuid4().hex), False

    def show(self, picture):
        if not in_notebook():
            print(picture.description)
            return
        drawn, words = picture.bundles()
        if self._there:
            words["text/html"] += REDRAW.format(figure=picture.figure.to_json())  # in which Plotly writes < as \u003c
        self._send(drawn, self._ids[0])
        self._send(words, self._ids[1])
        self._there = True

    def say(self, words):
        """Other words below the same picture."""
        self._send(told(words), self._ids[1])

    def _send(self, bundle, id):
        from IPython.display import display, update_display

        (update_display if self._there else display)(bundle, raw=True, display_id=id)


def in_notebook():
    """Is there a Jupyter kernel, which can show pictures?"""
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
