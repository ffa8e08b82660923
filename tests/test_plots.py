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


def test_lines_are_drawn_from_their_values_and_told_apart_without_colour():
    picture = plots.lines({"train": [3, 2, 1], "valid": [3, 2]}, x=[10, 20, 30])
    train, valid = picture.figure.data
    assert (list(train.x), list(train.y)) == ([10, 20, 30], [3, 2, 1])
    assert (list(valid.x), list(valid.y)) == ([10, 20], [3, 2])
    assert (train.line.dash, train.marker.symbol) != (valid.line.dash, valid.marker.symbol)
    assert "train (solid line, circle marks)" in picture.description and "valid (dash line, square marks)" in picture.description
    assert picture.figure.layout.showlegend


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([0.5, 0.2, 0.05], "starts at 0.5 and falls to 0.05; it goes below goal (0.1) at 2"),
        ([0.05, 0.7, 0.5], "starts at 0.05 and rises to 0.5; highest 0.7 at 1; it goes above goal (0.1) at 1"),
        (
            [0.5, -3.25, 0.5],
            "starts at 0.5 and comes back to 0.5; lowest -3.25 at 1; it goes below goal (0.1) at 1, above again at 2",
        ),
        ([0.5, 0.4], "starts at 0.5 and falls to 0.4; it stays above goal (0.1)"),
        ([0.0] * 4, "stays at 0; it stays below goal (0.1)"),
        ([1 / 3], "is 0.333 at 0; it is above goal (0.1)"),
        ([0, 1] * 3, "starts at 0 and rises to 1; it crosses goal (0.1) 5 times, first at 1, last at 5, and ends above"),
        ([], "has no values to draw"),
        ([np.nan, 0.5, np.inf], "is 0.5 at 1; it is above goal (0.1); 2 of 3 values cannot be drawn"),
        ([12345.6, 500], "starts at 12346 and falls to 500; it stays above goal (0.1)"),
    ],
)
def test_a_line_is_told_in_words(values, told):
    assert plots.lines({"y": values}, marks={"goal": 0.1}).description == f"y (solid line, circle marks) {told}."


def test_where_a_line_meets_a_mark_is_told_by_x():
    picture = plots.lines({"y": [3, 1]}, x=[100, 250], marks={"two": 2}, title="Way down")
    assert (
        picture.description == "Way down. y (solid line, circle marks) starts at 3 and falls to 1; it goes below two (2) at 250."
    )


def test_all_of_x_is_on_the_picture_so_that_a_curve_can_grow():
    ranges = {tuple(plots.lines({"y": range(n, 10)}, x=range(100)).figure.layout.xaxis.range) for n in range(10)}
    assert len(ranges) == 1 and min(ranges)[0] <= 0 and min(ranges)[1] >= 99


def test_y_begins_at_zero_unless_something_is_below_and_holds_the_marks():
    def reach(*values, **settings):
        return tuple(plots.lines({"y": values}, **settings).figure.layout.yaxis.range)

    assert reach(0.4, 0.5)[0] == 0 and 0.5 < reach(0.4, 0.5)[1] < 0.6
    assert reach(-1, 1)[0] < -1
    assert reach(0.5, marks={"goal": 2})[1] > 2
    assert reach(0.5, y_range=(-1, 1)) == (-1, 1)
    assert reach()[0] < reach()[1] and reach(0, 0)[0] < reach(0, 0)[1]


def test_a_logarithmic_picture_leaves_out_zero_and_says_so():
    picture = plots.lines({"y": [1, 0.01, 0]}, marks={"noise": 1e-3}, log=True)
    low, high = picture.figure.layout.yaxis.range
    assert (low < -3, 0 < high < 1) == (True, True)
    assert np.isnan(picture.figure.data[0].y[2]) and "1 of 3 values cannot be drawn" in picture.description
    assert picture.figure.layout.annotations[0].y == -3 and picture.figure.layout.shapes[0].y0 == 1e-3  # Plotly's two conventions
    assert plots.lines({"y": [0]}, log=True).figure.layout.yaxis.type == "log"


def test_names_of_marks_never_cover_each_other():
    figure = plots.lines({"y": [0.5]}, marks={"goal": 0.1, "silence": 0.0884, "bigram": 0.0839, "half": 0.5}).figure
    pixels = {}
    for label in figure.layout.annotations:
        pixels[label.text] = (label.y / figure.layout.yaxis.range[1]) * 250 + label.yshift
    places = sorted(pixels.values())
    assert min(np.diff(places)) >= 15 and pixels["bigram"] < pixels["silence"] < pixels["goal"] < pixels["half"]
    assert {shape.y0 for shape in figure.layout.shapes} == {0.1, 0.0884, 0.0839, 0.5}


def test_a_mark_beyond_the_picture_is_told_and_not_drawn():
    picture = plots.lines({"y": [0.5]}, marks={"far": 9}, y_range=(0, 1))
    assert "far (9)" in picture.description and not picture.figure.layout.annotations and not picture.figure.layout.shapes


def test_lines_that_cannot_be_drawn_are_refused():
    with pytest.raises(ValueError, match="7 series: expected at most 6"):
        plots.lines({str(i): [1] for i in range(7)})
    with pytest.raises(ValueError, match="3 values for 2 places on x"):
        plots.lines({"y": [1, 2, 3]}, x=[0, 1])
    with pytest.raises(ValueError, match=r"series y has shape \(2, 2\): expected \(n,\)"):
        plots.lines({"y": np.zeros((2, 2))})


def test_states_are_drawn_with_time_to_the_right_and_units_upwards():
    states = np.arange(6).reshape(3, 2) / 10
    heat = plots.states(states).figure.data[0]
    assert np.array_equal(heat.z, states.T) and (heat.zmin, heat.zmax) == (0, 1)


def test_the_scale_of_states_stays_from_picture_to_picture():
    def scale(states):
        heat = plots.states(states).figure.data[0]
        return heat.zmin, heat.zmax

    assert scale([[0.2], [0.3]]) == (0, 1) and scale([[-0.2], [0.3]]) == (-1, 1)
    assert scale([[0.5], [3.0]]) == (0, 3) and scale([[-4.0], [3.0]]) == (-4, 4)


def test_states_are_told_in_words():
    states = np.array([[0.5, 0.1, 0.2], [0.5, 0.9, 0.25], [0.5, 0.8, 0.2]])
    assert plots.states(states, ["C4", "E4", "G4"], "Memory").description == (
        "Memory: 3 steps, from C4 to G4, of 3 units. Values from 0.1 to 0.9. Unit 1 moves most (0.1 to 0.9), "
        "unit 0 least (0.5 to 0.5). The biggest change of all units together is at step 1 (E4)."
    )
    assert plots.states([[0.5]]).description == "States: 1 step of 1 unit. Values from 0.5 to 0.5."
    assert plots.states(np.zeros((0, 4))).description == "States: 0 steps of 4 units."


def test_states_that_are_no_numbers_are_drawn_and_told():
    assert "nan" in plots.states([[np.nan, 0.5], [0.1, 0.2]]).description


def test_steps_are_named_and_where_there_are_many_every_few():
    axis = plots.states(np.zeros((3, 2)), ["C4", "rest", 60]).figure.layout.xaxis
    assert (list(axis.tickvals), list(axis.ticktext)) == ([0, 1, 2], ["C4", "rest", "60"])
    axis = plots.states(np.zeros((100, 2)), [str(step) for step in range(100)]).figure.layout.xaxis
    assert list(axis.ticktext) == [str(step) for step in range(0, 100, 4)]


def test_states_of_a_batch_and_labels_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 3, 4\): expected \(n_steps, n_hidden\)"):
        plots.states(np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match="2 labels for 3 steps"):
        plots.states(np.zeros((3, 4)), ["C4", "D4"])


def test_powers_of_ten_are_written_as_such():
    assert plots.lines({"stretch": [1, 1e-12]}, log=True).figure.layout.yaxis.exponentformat == "power"
