"""The paper's flow chart of training, a picture whose boxes light up while somebody's own training runs."""

import time
from collections import Counter
from functools import wraps
from html import escape
from uuid import uuid4

PAUSE = 1 / 3  # seconds that a box stays lit, at least: nothing may flash faster
BOXES = (
    "start weights",
    "next piece",
    "forward",
    "error E",
    "backward",
    "change weights",
    "all pieces heard?",
    "RMSE < goal?",
    "end",
)
WORDS = (
    "Flow chart. Start weights; next piece, forward, error E, backward, change weights. All pieces heard? "
    "If no, back to the next piece. If yes: RMSE < goal? If no, back to the next piece; if yes, end."
)
WIDTH, HEIGHT, GAP = 190, 32, 22  # of a box, and between two
LEFT, TOP = 75, 6  # where the first box begins
MIDDLE = LEFT + WIDTH / 2


class FlowChart:
    """The flow chart, with a lamp in each box; as the last line of a cell it shows itself.

    A computer goes round far too fast for the eye, so the picture shows its way in slow motion: after each lit box comes one that
    really followed it, and of several that did, the one shown least so far. The visits below the picture count every round.

    Args:
        clock: seconds that pass; for tests.

    >>> chart = FlowChart()
    >>> double = chart.lamp("forward", lambda x: 2 * x)
    >>> double(4), double(5), chart.visits["forward"]
    (8, 10, 2)
    """

    def __init__(self, clock=time.monotonic):
        self.visits, self.lit = dict.fromkeys(BOXES, 0), None
        self._clock, self._changed, self._id, self._there, self._on = clock, 0.0, uuid4().hex, False, True
        self._shown, self._last, self._followers = Counter(), None, {box: set() for box in BOXES}

    def lamp(self, boxes, function):
        """The same function, which lights a box when it is called; or several boxes, one after the other.

        A function that has a lamp already, of this chart or another, loses it.

        Raises:
            ValueError: the chart has no such box.
        """
        boxes = [boxes] if isinstance(boxes, str) else list(boxes)
        for box in boxes:
            self._check(box)
        function = getattr(function, "without_lamp", function)

        @wraps(function)
        def lighting(*args, **kwargs):
            for box in boxes:
                self.light(box)
            return function(*args, **kwargs)

        lighting.without_lamp = function
        return lighting

    def light(self, box):
        """Count a visit of a box, and move the light on if it has stood still for a third of a second."""
        self._check(box)
        if not self._on:
            return
        self.visits[box] += 1
        if self._last is not None:
            self._followers[self._last].add(box)
        self._last = box
        ways = [box] if self.lit is None else [way for way in BOXES if way in self._followers[self.lit] and way != self.lit]
        if ways and (self.lit is None or self._clock() - self._changed >= PAUSE):
            self._move(min(ways, key=self._shown.__getitem__))

    def end(self):
        """Light the last box, as soon as the one before was seen, and leave the lamps off from now on."""
        if self._on:
            time.sleep(max(0.0, PAUSE - (self._clock() - self._changed)) if self.lit else 0.0)
            self.visits["end"] += 1
            self._move("end")
            self._on = False

    def _move(self, box):
        self.lit, self._changed = box, self._clock()
        self._shown[box] += 1
        if self._there:
            self._send()

    def _check(self, box):
        if box not in BOXES:
            raise ValueError(f"the flow chart has no box {box!r}: expected one of {', '.join(map(repr, BOXES))}")

    @property
    def description(self):
        """The chart in words: its way, the lit box, and how often each was visited."""
        now = "No box is lit yet." if self.lit is None else f"Lit now (thick frame, arrow): {self.lit}."
        return f"{WORDS} {now} Visits: {', '.join(f'{box} {n}' for box, n in self.visits.items())}."

    def _ipython_display_(self):
        self._send(new=True)

    def _send(self, new=False):
        from IPython.display import display, update_display

        html = (
            f'<figure style="margin: 0.5em 0">\n{svg(self.lit)}\n<figcaption>{escape(self.description)}</figcaption>\n</figure>'
        )
        bundle = {"text/html": html, "text/plain": self.description}
        (display if new else update_display)(bundle, raw=True, display_id=self._id)
        self._there = True


def svg(lit=None):
    """The chart as SVG, in the text colour of the page around it, light or dark.

    >>> svg("backward").count('stroke-width="5"')
    1
    """
    parts = [_box(box, TOP + i * (HEIGHT + GAP), box == lit) for i, box in enumerate(BOXES)]
    parts += [_arrow([(MIDDLE, _y(i) + HEIGHT), (MIDDLE, _y(i + 1))]) for i in range(len(BOXES) - 1)]
    first, heard, goal = (BOXES.index(box) for box in ("next piece", "all pieces heard?", "RMSE < goal?"))
    for question, edge, turn in ((heard, LEFT + WIDTH, LEFT + WIDTH + 40), (goal, LEFT, LEFT - 40)):
        height, back = _y(question) + HEIGHT / 2, _y(first) + HEIGHT / 2
        parts.append(_arrow([(edge, height), (turn, height), (turn, back), (edge, back)]))
        parts.append(_text("no", (edge + turn) / 2, height - 5))
        parts.append(_text("yes", MIDDLE + 18, _y(question) + HEIGHT + 15))
    words = escape(WORDS + (f" Lit: {lit}." if lit else ""))
    width, height = 2 * LEFT + WIDTH, _y(len(BOXES)) - GAP + TOP
    look = 'fill="none" stroke="currentColor" stroke-width="1.5" font-family="sans-serif" font-size="14"'
    head = f'<svg role="img" aria-label="{words}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" {look}>'
    return "\n".join([head, *parts, "</svg>"])


def _y(i):
    return TOP + i * (HEIGHT + GAP)


def _box(box, y, lit):
    """A box, or a six-cornered one for a question; lit, it has a thick frame, bold letters and an arrow inside."""
    left, right, middle = LEFT, LEFT + WIDTH, y + HEIGHT / 2
    cut = 14 if box.endswith("?") else 0
    upper = [(left, middle), (left + cut, y), (right - cut, y), (right, middle)]
    corners = upper + [(x, y + HEIGHT) for x, _ in (upper[2], upper[1])]
    look = 'stroke-width="5" fill="#e8a317" fill-opacity="0.3"' if lit else ""
    drawn = f'<polygon points="{_points(corners)}" {look}/>' + _text(box, MIDDLE, middle + 5, bold=lit)
    if lit:
        tip = [(left + 18, middle - 6), (left + 30, middle), (left + 18, middle + 6)]
        drawn += f'<polygon points="{_points(tip)}" fill="currentColor"/>'
    return drawn


def _arrow(points):
    """A line through some points with a head at the last."""
    (x0, y0), (x, y) = points[-2:]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)  # lines run straight across or straight down
    head = [(x, y), (x - 8 * dx - 4 * dy, y - 8 * dy - 4 * dx), (x - 8 * dx + 4 * dy, y - 8 * dy + 4 * dx)]
    return f'<polyline points="{_points(points)}"/><polygon points="{_points(head)}" fill="currentColor" stroke="none"/>'


def _text(words, x, y, bold=False):
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="currentColor" stroke="none"{weight}>{escape(words)}</text>'


def _points(points):
    return " ".join(f"{x:g},{y:g}" for x, y in points)
