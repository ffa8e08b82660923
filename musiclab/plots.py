"""Plotly pictures of music, each with a sentence that says what it shows.

Colour is never the only cue: lines differ in dash, cells are filled or empty.
"""

from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from musiclab import captions
from musiclab.piece import Key

INK, PAPER = "#1f3b73", "#f4f4f0"
COLOURS = (INK, "#b3541e", "#2a7f62", "#8a3c8f", "#6b6b6b", "#8a6d00")
DASHES = ("solid", "dash", "dot", "dashdot")
LINES = {"solid": "circle", "dash": "square", "dot": "diamond", "dashdot": "triangle-up", "longdash": "cross", "longdashdot": "x"}
LABEL = 16  # pixels that a line of text needs


@dataclass(frozen=True)
class Picture:
    """A Plotly figure and the same in words, which a notebook shows below it."""

    figure: go.Figure
    description: str

    def bundles(self):
        """What a notebook is sent: the picture and its words, each as a dict of MIME type -> data."""
        # the bare MIME type: JupyterLab draws it without a copy of plotly.js in every notebook
        return {"application/vnd.plotly.v1+json": self.figure.to_plotly_json(), "text/plain": "(picture)"}, told(self.description)

    def _ipython_display_(self):
        from IPython.display import display

        for bundle in self.bundles():
            display(bundle, raw=True)


def told(words):
    """Words as a notebook is sent them: MIME type -> text."""
    return {"text/html": f"<p>{escape(words)}</p>", "text/plain": words}


def waveform(sounds, rate):
    """Draw the pressure of sounds against time.

    Args:
        sounds: name -> (n,) samples, at most four; a few hundredths of a second are enough to see the waves.
        rate: samples a second.

    Raises:
        ValueError: more than four sounds.

    >>> waveform({"A4": np.sin(2 * np.pi * 440 * np.arange(200) / 10000)}, 10000).description
    'Waveform of 0.02 s. A4 (solid line) swings between -1 and 1 and rises through zero 9 times.'
    """
    if len(sounds) > len(DASHES):
        raise ValueError(
            f"waveform got {len(sounds)} sounds: expected at most {len(DASHES)}; draw the others in a second picture"
        )
    figure, sentences = go.Figure(), []
    for (name, samples), dash in zip(sounds.items(), DASHES):
        samples = np.asarray(samples, dtype=float)
        figure.add_scatter(x=np.arange(len(samples)) / rate, y=samples, name=name, mode="lines", line={"dash": dash})
        rises = int(np.sum((samples[:-1] <= 0) & (samples[1:] > 0)))
        sentences.append(
            f"{name} ({dash} line) swings between {samples.min():.2g} and {samples.max():.2g} and rises through zero {rises} times."
        )
    seconds = max((len(samples) for samples in sounds.values()), default=0) / rate
    figure.update_xaxes(title="time in seconds").update_yaxes(title="pressure")
    return Picture(_styled(figure, "Waveform"), " ".join([f"Waveform of {seconds:.2g} s.", *sentences]))


def roll(grid, steps_per_bar=None):
    """Draw a piano roll: time runs right, pitch up, a filled cell sounds.

    Args:
        grid: (n_steps, 128), 0 where silent.
        steps_per_bar: distance of the bar lines, if wanted.

    Raises:
        ValueError: the array has another shape.

    >>> grid = np.zeros((8, 128))
    >>> grid[:4, 60] = grid[4:, 64] = 1
    >>> roll(grid, 4).description
    'Piano roll of 8 steps (2 bars). Lowest C4 (60), highest E4 (64); no step is silent, at most 1 pitch at a time.'
    """
    grid = np.asarray(grid)
    if grid.ndim != 2 or grid.shape[1] != 128:
        raise ValueError(f"piano roll has shape {grid.shape}: expected (n_steps, 128), a row a step and a column a pitch")
    used = np.flatnonzero(grid.any(axis=0))
    low, high = (int(used[0]), int(used[-1])) if used.size else (60, 72)
    pitches = np.arange(max(low - 1, 0), min(high + 2, 128))
    figure = go.Figure(
        go.Heatmap(
            z=(grid[:, pitches] != 0).T.astype(int),
            y=pitches,
            hovertemplate="step %{x}, pitch %{y}: %{z}<extra></extra>",
            colorscale=[[0, PAPER], [1, INK]],
            zmin=0,
            zmax=1,
            showscale=False,
            ygap=1,  # and none between steps: a roll has no seam between two notes that touch
        )
    )
    for bar in range(steps_per_bar, len(grid), steps_per_bar) if steps_per_bar else ():
        figure.add_vline(x=bar - 0.5, line={"width": 1, "color": "#888"})
    names = {pitch: Key().name(pitch) for pitch in pitches.tolist()}
    labels = "CDEFGAB" if len(pitches) <= 40 else "C"
    labelled = {pitch: f"{name} {pitch}" for pitch, name in names.items() if name[0] in labels and name[1] not in "#b"}
    figure.update_xaxes(title="step")
    figure.update_yaxes(title="pitch", tickvals=list(labelled), ticktext=list(labelled.values()))
    height = min(max(320, 120 + 16 * len(pitches)), 800)
    return Picture(_styled(figure, "Piano roll", height), captions.of_roll(grid, low, high, steps_per_bar))


def lines(series, x=None, marks=None, title="", x_title="", y_title="", log=False, y_range=None):
    """Draw numbers as lines, such as a training curve, and levels that matter as marks across the picture.

    Args:
        series: name -> (n,) values, at most six; what is not finite is left out.
        x: (n,) where the values stand, 0, 1, 2... if not given; a series that is shorter uses its first values. All of x is on
            the picture, so that a curve can grow without a jump.
        marks: name -> value of a horizontal line.
        log: does each step up the picture multiply? Zero and below are then left out.
        y_range: `(low, high)` of the picture; by default all that there is, and zero if nothing is below.

    Raises:
        ValueError: more than six series, one with more values than x, or one that is a table.

    >>> lines({"RMSE": [0.5, 0.2, 0.05]}, marks={"goal": 0.1}, title="Training").description
    'Training. RMSE (solid line, circle marks) starts at 0.5 and falls to 0.05; it goes below goal (0.1) at 2.'
    """
    if len(series) > len(LINES):
        raise ValueError(f"lines got {len(series)} series: expected at most {len(LINES)}; draw the others in a second picture")
    series = {name: np.asarray(values, dtype=float) for name, values in series.items()}
    for name, values in series.items():
        if values.ndim != 1:
            raise ValueError(f"series {name} has shape {values.shape}: expected (n,), a number at each place")
    marks = {name: float(level) for name, level in (marks or {}).items()}
    longest = max((len(values) for values in series.values()), default=0)
    x = np.arange(longest) if x is None else np.asarray(x)
    if longest > len(x):
        raise ValueError(f"lines got {longest} values for {len(x)} places on x: expected no more values than places")
    figure, sentences = go.Figure(), [title] if title else []
    for (name, values), (dash, symbol) in zip(series.items(), LINES.items()):
        seen = np.where(np.isfinite(values) & ((values > 0) | (not log)), values, np.nan)
        figure.add_scatter(
            x=x[: len(seen)],
            y=seen,
            name=name,
            mode="lines+markers",
            line={"dash": dash},
            marker={"symbol": symbol, "size": 8, "maxdisplayed": 15},
        )
        sentences.append(f"{name} ({dash} line, {symbol} marks) {captions.of_line(x[: len(seen)], seen, marks)}")
    low, high = y_range or _reach([*series.values(), list(marks.values())], log)
    _draw_marks(figure, marks, low, high, log)
    figure.update_xaxes(title=x_title, range=_reach([x], False, from_zero=False))
    figure.update_yaxes(title=y_title, type="log" if log else "linear", range=np.log10([low, high]) if log else [low, high])
    figure.update_yaxes(exponentformat="power")  # and not 1p, 1n, 1M
    margin = max([20, *(20 + 7 * len(name) for name in marks)])
    figure.update_layout(legend={"orientation": "h", "y": -0.22, "yanchor": "top"}, showlegend=len(series) > 1)
    return Picture(_styled(figure, title, 380, margin), ". ".join(sentences) + ("." if sentences else ""))


def _reach(numbers, log, from_zero=True):
    """Low and high of all numbers that can be drawn, with a little air."""
    numbers = np.concatenate([np.asarray(part, dtype=float).ravel() for part in numbers] or [[]])
    numbers = numbers[np.isfinite(numbers) & ((numbers > 0) | (not log))]
    low, high = (numbers.min(), numbers.max()) if numbers.size else (0.1 if log else 0.0, 1.0)
    if log:
        return low / 1.2, high * 1.2
    air = 0.04 * (high - low) or 0.5
    return 0.0 if from_zero and low >= 0 else low - air, high + air


def _draw_marks(figure, marks, low, high, log):
    """Levels as thin lines, with their names at the right end, moved apart where two would cover each other."""
    scale = np.log10 if log else float
    pixels = 250 / (scale(high) - scale(low))  # of a picture this high
    free = -np.inf
    for name, level in sorted(marks.items(), key=lambda mark: mark[1]):
        if not low <= level <= high:  # a picture may be asked to end before
            continue
        figure.add_hline(y=level, line={"width": 1.5, "color": "#555", "dash": "4px,2px"})
        place = (scale(level) - scale(low)) * pixels
        free = max(free + LABEL, place)
        label = {"x": 1, "xref": "paper", "xanchor": "left", "y": scale(level), "yshift": free - place, "yanchor": "middle"}
        figure.add_annotation(label, text=name, showarrow=False, font={"color": "#333"})


def states(states, labels=None, title=""):
    """Draw what a network has in mind: a column a step, a row a unit, the darker the higher.

    Args:
        states: (n_steps, n_hidden), in [0, 1], or from -1 on where something is below zero.
        labels: a name for each step, such as the notes that were heard.

    Raises:
        ValueError: the array has another shape, or the labels another number.

    >>> states(np.array([[0.5, 0.5], [0.5, 0.75]]), ["C4", "E4"], "State").description.partition(". V")[0]
    'State: 2 steps, from C4 to E4, of 2 units'
    """
    states = np.asarray(states, dtype=float)
    if states.ndim != 2:
        raise ValueError(f"states have shape {states.shape}: expected (n_steps, n_hidden), those of one sequence")
    n_steps, n_hidden = states.shape
    labels = None if labels is None else [str(label) for label in labels]
    if labels is not None and len(labels) != n_steps:
        raise ValueError(f"states got {len(labels)} labels for {n_steps} steps: expected a label for each step")
    most = max([1.0, *np.abs(states[np.isfinite(states)])])  # a cell of an LSTM can go beyond 1
    figure = go.Figure(
        go.Heatmap(
            z=states.T,
            zmin=-most if (states < 0).any() else 0,
            zmax=most,
            colorscale=[[0, PAPER], [1, INK]],
            hovertemplate="step %{x}, unit %{y}: %{z:.3f}<extra></extra>",
            colorbar={"title": "value", "thickness": 14},
        )
    )
    figure.update_xaxes(title="step").update_yaxes(title="unit")
    if labels is not None:
        shown = range(0, n_steps, -(-n_steps // 32))
        figure.update_xaxes(tickvals=list(shown), ticktext=[labels[step] for step in shown])
    return Picture(_styled(figure, title, min(max(320, 120 + 14 * n_hidden), 640)), captions.of_states(states, labels, title))


def _styled(figure, title, height=320, right=20):
    return figure.update_layout(
        title=title,
        template="plotly_white",
        height=height,
        margin={"l": 70, "r": right, "t": 50, "b": 50},
        colorway=COLOURS,
    )
