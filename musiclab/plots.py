"""Plotly pictures of music, each with a sentence that says what it shows.

Colour is never the only cue: lines differ in dash, cells are filled or empty.
"""

from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from musiclab.piece import Key

INK = "#1f3b73"
DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Picture:
    """A Plotly figure and the same in words, which a notebook shows below it."""

    figure: go.Figure
    description: str

    def _ipython_display_(self):
        from IPython.display import display

        # the bare MIME type: JupyterLab draws it without a copy of plotly.js in every notebook
        bundle = {"application/vnd.plotly.v1+json": self.figure.to_plotly_json(), "text/plain": "(picture)"}
        display(bundle, raw=True)
        display({"text/html": f"<p>{escape(self.description)}</p>", "text/plain": self.description}, raw=True)


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
            colorscale=[[0, "#f4f4f0"], [1, INK]],
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
    return Picture(_styled(figure, "Piano roll", height), _roll_in_words(grid, low, high, steps_per_bar))


def _roll_in_words(grid, low, high, steps_per_bar):
    together = np.count_nonzero(grid, axis=1)
    length = f"Piano roll of {len(grid)} steps" + (f" ({len(grid) / steps_per_bar:.3g} bars)" if steps_per_bar else "")
    if not together.any():
        return f"{length}. All of it is silent."
    silent = int(np.sum(together == 0))
    silence = {0: "no step is silent", 1: "1 step is silent"}.get(silent, f"{silent} steps are silent")
    most = int(together.max())
    return (
        f"{length}. Lowest {Key().name(low)} ({low}), highest {Key().name(high)} ({high}); "
        f"{silence}, at most {most} pitch{'' if most == 1 else 'es'} at a time."
    )


def _styled(figure, title, height=320):
    return figure.update_layout(
        title=title,
        template="plotly_white",
        height=height,
        margin={"l": 70, "r": 20, "t": 50, "b": 50},
        colorway=[INK, "#b3541e"],
    )
