"""The pieces of the session: a list to choose from, and two of them side by side."""

from musiclab.studio.card import comparison_html
from musiclab.studio.fields import choice


class Compare:
    """The list of pieces, and A and B.

    Args:
        on_choice: called with the number of the piece that the user wants to see.
    """

    def __init__(self, on_choice):
        from ipywidgets import HTML, Button, HBox, VBox

        self._on_choice, self._history, self._filling = on_choice, None, False
        self.list, self.pieces = choice(
            "Your pieces", [], "All that you made since you opened the page. Choose one to see it again."
        )
        self.a, a = choice("A", [])
        self.b, b = choice("B", [])
        self.hear = {name: Button(description=f"Hear {name}", tooltip=f"Put {name} into the player") for name in "AB"}
        self.words = HTML()
        for name, which in (("A", self.a), ("B", self.b)):
            self.hear[name].on_click(lambda _, which=which: which.value and on_choice(which.value))
            which.observe(lambda change: self._compare(), "value")
        self.list.observe(self._choose, "value")
        hear = HBox(list(self.hear.values()))
        hear.add_class("musiclab-buttons")
        self.box = VBox([a, b, hear, self.words])
        self.pieces.layout.display = "none"

    def show(self, history):
        """The pieces as they are now; the newest two are A and B until others are chosen."""
        self._history, self._filling = history, True
        try:
            options = [(f"{number} · {take.piece.title}", number) for number, take in history.entries]
            numbers = [number for _, number in options]
            self.list.options, self.list.value = options, history.shown.number
            for which, newest in ((self.a, numbers[-2:][0]), (self.b, numbers[-1])):
                known = {number for _, number in which.options}
                kept = which.value if which.value in numbers and set(numbers) <= known else newest
                which.options, which.value = options, kept
        finally:
            self._filling = False
        self.pieces.layout.display = "" if len(numbers) > 1 else "none"
        self._compare()

    def _choose(self, change):
        if not self._filling and change.new is not None:
            self._on_choice(change.new)

    def _compare(self):
        if self._filling or self._history is None:
            return
        one, other = (self._history.entry(which.value) for which in (self.a, self.b))
        if one is None or other is None or one == other:
            self.words.value = '<p class="musiclab-help">Make a second piece, or choose two different ones.</p>'
        else:
            self.words.value = comparison_html(one, other)
