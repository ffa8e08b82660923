"""What one sees of a training while it runs: a bar with the loss and the time left, and in a notebook a curve that grows."""

import sys

from musiclab.plots import lines
from musiclab.touch import Live, in_notebook


class Progress:
    """The bar and the curve of a training; a context manager, which closes the bar.

    Args:
        epochs: how many there are to be.
        n_steps: in an epoch.
        history: of the epochs that are done, as in `Training`.
    """

    def __init__(self, epochs, n_steps, history=()):
        from tqdm import tqdm

        self.epochs, self.n_steps, self.history = epochs, n_steps, list(history)
        self._file = stream()
        self._live = Live() if in_notebook() else None
        total, done = epochs * n_steps, len(history) * n_steps
        self._bar = tqdm(total=total, initial=done, unit="step", mininterval=0.5, dynamic_ncols=True, file=self._file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._bar.close()

    def step(self, loss):
        """After a step: the mean loss of the epoch so far, in nats a symbol."""
        self._bar.set_postfix(loss=f"{loss:.3f}", refresh=self._bar.n == self._bar.initial)  # the first loss at once
        self._bar.update()
        if self._live:
            self._live.show(lambda: curve([*self.history, {"loss": loss}], self.epochs))

    def epoch(self, record):
        """After an epoch: its record in the history."""
        self.history.append(record)
        valid, best = record["valid"], " (best)" if record["best"] else ""
        on_valid = "" if valid is None else f", valid {valid:.4f} nats a note{best}"
        pace = f"{record['symbols'] / max(record['seconds'], 0.1):,.0f} symbols a second"
        self.say(f"epoch {record['epoch']} of {self.epochs}: loss {record['loss']:.4f} nats a symbol{on_valid}, {pace}")
        if self._live:
            self._live.show(curve(self.history, self.epochs), now=True)

    def say(self, line):
        """A line above the bar."""
        self._bar.write(line, file=self._file)


def stream():
    """Where lines about a training go: stderr, but stdout in a notebook, which paints stderr red, and marks it down."""
    return sys.stdout if in_notebook() else sys.stderr


def curve(history, epochs):
    """A `Picture` of a training so far.

    Args:
        history: as in `Training`; its last record may hold no more than the loss so far.
        epochs: how many there are to be.

    >>> curve([{"loss": 2.0, "valid": 3.1}, {"loss": 1.5}], epochs=3).description
    'Training. loss, nats a symbol (solid line, circle marks) starts at 2 and falls to 1.5. valid, nats a note (dash line, square marks) is 3.1 at 1.'
    """
    series = {"loss, nats a symbol": [record["loss"] for record in history]}
    if valid := [record["valid"] for record in history if record.get("valid") is not None]:
        series["valid, nats a note"] = valid
    return lines(series, x=range(1, epochs + 1), title="Training", x_title="epoch", y_title="nats")
