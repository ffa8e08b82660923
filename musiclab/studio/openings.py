"""How a piece may begin: with nothing, with a tune from the books, with a MIDI file of the user's, or with what is played."""

from dataclasses import replace
from html import escape

from musiclab import datasets
from musiclab.commission import likely_key
from musiclab.midi import LARGEST_FILE, read_midi
from musiclab.opening import opening
from musiclab.studio.fields import choice, note, refill, whole
from musiclab.studio.worker import Worker

NOTHING, BOOKS, FILE = "nothing: the network begins", "a tune from the books", "a MIDI file of mine"
MOST_BARS = 32


class Openings:
    """The controls for an opening.

    A further way to begin is a *source*: anything with `label`, `box` (a widget), `piece` (a `Piece`, or None as long as there is
    none) and `begin()`, called when it is chosen, or style, meter or tempo are. `add` takes it in, and gives it `changed`, a function to call whenever there is another piece.

    Args:
        style: function that returns the style that is chosen now.
        on_piece: called with the `Piece` that is begun with now, or None, so that the other controls can follow.
    """

    def __init__(self, style, on_piece=lambda piece: None):
        from ipywidgets import VBox

        from musiclab.widgets.files import FilePicker

        self._style, self._on_piece, self._shelf, self._worker = style, on_piece, {}, Worker()
        self.begin, begin = choice("Begin with", [NOTHING, BOOKS, FILE], "The network goes on from what you choose here.")
        self.tune, self._tunes = choice("Tune", [], "The books that the network learned from, and tunes it never saw.")
        self.picker = FilePicker(self.take_file, label="MIDI file", accept=".mid,.midi", most=LARGEST_FILE)
        self.bars, self._bars = whole(
            "Bars kept", 4, 1, MOST_BARS, "So many bars from its beginning; the network writes the rest."
        )
        self.words, self._file, self._sources, self._shelf_shown = note(""), None, {}, None
        self._place = VBox([])
        self.box = VBox([begin, self._place])
        self.begin.observe(lambda change: self._follow(), "value")
        for control in (self.tune, self.bars):
            control.observe(lambda change: self._say_what(), "value")

    def add(self, source):
        """Offer one more way to begin."""
        self._sources[source.label] = source
        source.changed = self._say_what
        self.begin.options = [*self.begin.options, source.label]

    def piece(self):
        """The opening as it is chosen now, cut to the bars that are kept; None for none.

        Raises:
            ValueError: there is none yet where one is asked for.
        """
        if self.begin.value == NOTHING:
            return None
        whole_piece = self._whole()
        if whole_piece is None:
            raise ValueError(f"begin with {self.begin.value}: there is none yet; choose one below, or begin with nothing")
        return first_bars(whole_piece, self.bars.value)

    def follow(self):
        """Bring in line with the style, the meter and the tempo that are chosen now."""
        if self.begin.value == BOOKS and self._shelf_shown != self._style():
            self._follow()
        if self.begin.value in self._sources:
            self._sources[self.begin.value].begin()

    def take_file(self, name, content, size=None):
        """Take a MIDI file in; what is wrong with it is said in a line, and the opening stays what it was."""
        try:
            self._file = read_opening(name, content, size)
        except ValueError as error:
            self._say(f"{error}.", wrong=True)
            return
        self._say_what()

    def wait(self, seconds=30.0):
        """Wait until the tunes are there."""
        return self._worker.wait(seconds)

    def _whole(self):
        if self.begin.value == BOOKS:
            return self._shelf.get(self._style(), {}).get(self.tune.value)
        if self.begin.value == FILE:
            return self._file
        return self._sources[self.begin.value].piece

    def _follow(self):
        """The controls that belong to the choice."""
        begin, style = self.begin.value, self._style()
        shown = {NOTHING: [], BOOKS: [self._tunes, self._bars, self.words], FILE: [self.picker, self._bars, self.words]}
        self._place.children = shown.get(begin) or (
            [self._sources[begin].box, self._bars, self.words] if begin in self._sources else []
        )
        self._say("")
        if begin in self._sources:
            self._sources[begin].begin()
        if begin == BOOKS and style not in self._shelf:
            self._say("Looking through the books ...")
            self._worker.ask(lambda tick: titles(style), done=lambda found: self._fill(style, found), failed=self._fail)
        elif begin == BOOKS:
            self._fill(style, self._shelf[style])
        else:
            self._say_what()

    def _fill(self, style, found):
        self._shelf[style] = found
        if style == self._style():
            self._shelf_shown = style
            refill(self.tune, [(title, title) for title in found])
            self._say_what()

    def _fail(self, error):
        self._say(str(error), wrong=True)

    def _say_what(self):
        whole_piece = None if self.begin.value == NOTHING else self._whole()
        self._on_piece(whole_piece)
        if whole_piece is None:
            return
        kept = first_bars(whole_piece, self.bars.value)
        n_bars = len(kept.bars) - (kept.pickup > 0)
        bars = f"its first {n_bars} bars" if n_bars > 1 else "its first bar"
        self._say(f"{whole_piece.title}: {whole_piece.meter}, {whole_piece.key}. The network goes on from {bars}.")

    def _say(self, words, wrong=False):
        self.words.value = f'<p class="musiclab-{"wrong" if wrong else "help"}"{" role=alert" * wrong}>{escape(words)}</p>'


def titles(style):
    """The pieces of a style in the books by title, in the order of the alphabet; equal titles are told apart by their key or a number.

    Raises:
        ValueError, FileNotFoundError: there are none, or no books.
    """
    found = {}
    for piece in sorted(datasets.load(style).pieces, key=lambda piece: piece.title.lower()):
        names = (piece.title, f"{piece.title} ({piece.key})", *(f"{piece.title} ({piece.key}, {n})" for n in range(2, 1000)))
        found[next(name for name in names if name not in found)] = piece
    return found


def first_bars(piece, n_bars):
    """The first full bars of a piece, and the pickup before them."""
    ends = [end for _, end in piece.bars][piece.pickup > 0 :]
    if n_bars >= len(ends):
        return piece
    return piece.between(0, ends[n_bars - 1])


def read_opening(name, content, size=None):
    """A MIDI file of the user's as a piece to go on from.

    Args:
        name: of the file.
        content: its bytes; None where it was too large to be sent, or could not be read.
        size: in bytes; None where it could not be read.

    Raises:
        ValueError: it is no such thing; the message says why, in one line.
    """
    if content is None and size is not None:
        raise ValueError(f"{name} has {size / 1e6:.1f} MB: expected at most {LARGEST_FILE / 1e6:.0f} MB, as any tune has")
    if content is None:
        raise ValueError(f"{name} could not be read: is it still there? Choose it again")
    try:
        piece = read_midi(content)
    except ValueError as error:
        raise ValueError(f"{name} is {_plainly(str(error))}") from error
    piece = replace(piece, title=piece.title or name.rpartition(".")[0])
    heard = {note.voice for note in piece.notes}
    if not heard:
        raise ValueError(f"{name} has no notes: there is nothing to go on from; choose another file")
    if len(heard) not in (1, 4):
        raise ValueError(
            f"{name} has {len(heard)} voices: expected one tune alone, or the four of a chorale; save one voice by itself"
        )
    if len(heard) == 1:
        try:
            opening(piece, piece.meter, piece.key)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return piece if piece.keys else replace(piece, keys=[(0, likely_key(piece))])


def _plainly(error):
    """What `read_midi` says, without the bytes."""
    error = error.removeprefix("these bytes: ")
    if error.startswith("not a MIDI file"):
        empty = "it is empty" in error
        return f"not a MIDI file{': it is empty' if empty else ''}; choose a file that ends in .mid"
    return f"a MIDI file that cannot be used: {error}"
