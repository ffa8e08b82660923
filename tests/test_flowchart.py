"""The flow chart: drawn for every eye, lit as the training really went, and never flashing."""

import xml.etree.ElementTree as ET

import IPython.display
import numpy as np
import pytest

from musiclab.flowchart import BOXES, PAUSE, FlowChart, svg

SVG = "{http://www.w3.org/2000/svg}"


class Clock:
    """Time that passes when told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sent(monkeypatch):
    """What reaches the notebook: (kind, HTML, display id)."""
    sent = []

    def record(kind):
        return lambda bundle, raw, display_id: sent.append((kind, bundle["text/html"], display_id))

    monkeypatch.setattr(IPython.display, "display", record("new"))
    monkeypatch.setattr(IPython.display, "update_display", record("update"))
    return sent


def train(chart, n_epochs, n_pieces, clock=None, seconds=0.0, goal=2):
    """Go through the chart as the paper does; each box takes some seconds. Returns the boxes lit, with their times."""
    seen = []

    def visit(box):
        chart.light(box)
        if not seen or seen[-1][0] != chart.lit:
            seen.append((chart.lit, clock() if clock else 0))
        if clock:
            clock.now += seconds

    visit("start weights")
    for _ in range(n_epochs):
        for _ in range(n_pieces):
            for box in ("next piece", "forward", "error E", "backward", "change weights", "all pieces heard?"):
                visit(box)
        for _ in range(goal):
            visit("RMSE < goal?")
    return seen


def drawn(lit=None):
    root = ET.fromstring(svg(lit).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
    return root, {text.text: text for text in root.iter(f"{SVG}text")}


def test_every_box_and_every_way_is_drawn_and_told():
    root, texts = drawn()
    assert set(BOXES) <= set(texts) and {"yes", "no"} <= set(texts)
    heights = [float(texts[box].get("y")) for box in BOXES]
    assert heights == sorted(heights) and len(root.findall(f"{SVG}polyline")) == len(BOXES) - 1 + 2
    assert all(box.lower() in root.get("aria-label").lower() for box in BOXES)


def test_all_of_it_stays_inside_the_picture():
    root, _ = drawn("end")
    width, height = map(float, root.get("viewBox").split()[2:])
    points = [tuple(map(float, pair.split(","))) for shape in root.iter() for pair in shape.get("points", "").split()]
    assert len(points) > 50 and all(2 < x < width - 2 and 2 < y < height - 2 for x, y in points)


@pytest.mark.parametrize("box", BOXES)
def test_a_lit_box_is_known_by_frame_arrow_letters_and_words_not_by_colour_alone(box):
    dark, lit = drawn()[0], drawn(box)[0]
    thick = [shape for shape in lit if shape.get("stroke-width") == "5"]
    assert len(thick) == 1 and not [shape for shape in dark if shape.get("stroke-width") == "5"]
    assert len(lit.findall(f"{SVG}polygon")) == len(dark.findall(f"{SVG}polygon")) + 1
    assert [text.text for text in lit.iter(f"{SVG}text") if text.get("font-weight") == "bold"] == [box]
    assert lit.get("aria-label").endswith(f"Lit: {box}.")


def test_the_chart_takes_the_colour_of_the_text_around_it_so_that_it_is_readable_on_dark_pages():
    root, _ = drawn("forward")
    inks = {shape.get(kind) for shape in root.iter() for kind in ("fill", "stroke")} - {None, "none", "currentColor"}
    assert inks == {"#e8a317"} and 'fill-opacity="0.3"' in svg("forward")


def test_a_function_with_a_lamp_is_the_same_function():
    def scale(x, by=2):
        """Some words."""
        return x * by

    chart = FlowChart()
    lit = chart.lamp("change weights", scale)
    assert lit(3) == 6 and lit(3, by=5) == 15 and (lit.__name__, lit.__doc__) == ("scale", "Some words.")
    assert chart.visits["change weights"] == 2 and sum(chart.visits.values()) == 2


def test_one_function_can_stand_for_several_boxes():
    chart = FlowChart()
    chart.lamp(["forward", "error E", "backward"], np.add)(1, 2)
    assert [chart.visits[box] for box in ("forward", "error E", "backward")] == [1, 1, 1]


def test_a_cell_that_runs_twice_does_not_count_twice():
    old, chart = FlowChart(), FlowChart()
    step = old.lamp("forward", lambda: 7)
    step = chart.lamp("backward", chart.lamp("backward", step))
    assert step() == 7
    assert (old.visits["forward"], chart.visits["backward"]) == (0, 1)


def test_an_error_in_the_function_comes_through():
    with pytest.raises(ZeroDivisionError):
        FlowChart().lamp("forward", lambda: 1 / 0)()


@pytest.mark.parametrize("use", [lambda chart: chart.light("loss"), lambda chart: chart.lamp(["forward", "loss"], print)])
def test_a_box_that_is_not_there_is_refused(use):
    with pytest.raises(ValueError, match="no box 'loss': expected one of 'start weights', "):
        use(FlowChart())


def test_visits_are_counted_all_and_told_below_the_picture():
    chart = FlowChart()
    train(chart, n_epochs=3, n_pieces=5)
    assert chart.visits["start weights"] == 1 and chart.visits["backward"] == 15 and chart.visits["RMSE < goal?"] == 6
    assert "Visits: start weights 1, next piece 15, forward 15," in chart.description


@pytest.mark.parametrize("seconds", [0.0001, 0.01, 0.1, 0.34, 2.0])
def test_the_light_never_moves_more_than_three_times_a_second(clock, seconds):
    chart = FlowChart(clock)
    seen = train(chart, n_epochs=20, n_pieces=12, clock=clock, seconds=seconds)
    times = [time for _, time in seen]
    assert all(later - earlier >= PAUSE - 1e-9 for earlier, later in zip(times, times[1:]))
    assert seconds < 0.01 or len(times) > 20


def test_the_light_goes_only_ways_that_were_gone_and_comes_to_every_box(clock):
    chart = FlowChart(clock)
    seen = [box for box, _ in train(chart, n_epochs=60, n_pieces=12, clock=clock, seconds=0.01)]
    ways = set(zip(BOXES[:-2], BOXES[1:-1])) | {("all pieces heard?", "next piece"), ("RMSE < goal?", "next piece")}
    assert set(zip(seen, seen[1:])) <= ways and set(seen) == set(BOXES[:-1])
    assert seen[:7] == list(BOXES[:7])


def test_slow_training_is_shown_as_it_goes(clock):
    seen = train(FlowChart(clock), n_epochs=2, n_pieces=1, clock=clock, seconds=0.5, goal=1)
    assert [box for box, _ in seen] == [*BOXES[:-1], *BOXES[1:-1]]


def test_a_cell_shows_the_chart_once_and_then_replaces_it_in_its_place(sent, clock):
    chart = FlowChart(clock)
    chart.light("start weights")
    assert sent == []
    chart._ipython_display_()
    clock.now += 1
    chart.light("next piece")
    (first, html, id), (second, later, same) = sent
    assert (first, second, id) == ("new", "update", same)
    assert "Lit: start weights." in html and "Lit: next piece." in later
    assert "<figcaption>" in html and "RMSE &lt; goal?" in html


def test_the_end_waits_until_the_box_before_was_seen_and_puts_the_lamps_off(sent, clock, monkeypatch):
    waited = []
    monkeypatch.setattr("time.sleep", waited.append)
    chart = FlowChart(clock)
    chart._ipython_display_()
    step = chart.lamp("forward", lambda: 7)
    step()
    clock.now += 0.1
    chart.end()
    assert waited == [pytest.approx(PAUSE - 0.1)] and chart.lit == "end" and "Lit: end." in sent[-1][1]
    shown = len(sent)
    clock.now += 9
    assert step() == 7 and chart.visits["forward"] == 1
    chart.end()
    assert chart.visits["end"] == 1 and len(sent) == shown
