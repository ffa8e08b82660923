"""The Studio: knobs, buttons, the piece and what there is to say about it, on one page."""

from dataclasses import replace
from html import escape
from pathlib import Path
from time import monotonic

from musiclab.studio import share
from musiclab.studio.band import Band
from musiclab.studio.card import card_html
from musiclab.studio.compare import Compare
from musiclab.studio.fields import drawer, note
from musiclab.studio.history import History
from musiclab.studio.knobs import Knobs
from musiclab.studio.takes import Networks, arranged, harmonised, more, played_by, write
from musiclab.studio.worker import Worker

LOOK = Path(__file__).with_name("studio.css")
BUTTONS = {  # name -> what it does
    "Generate": "Write a piece as the knobs say",
    "Again": "Another piece with the wishes of the one on show",
    "Continue": "Let the network go on from the piece on show",
    "Harmonise": "Put three voices under the tune on show",
    "Arrange": "Give the tune on show a band, as it is set under Harmony and band",
    "Undo": "Take back the last step",
    "Stop": "End what is being done; the piece on show stays",
}
NEEDS_A_PIECE = ("Again", "Continue", "Harmonise", "Arrange", "Share")


class Studio:
    """A page of controls with which a network writes music, piece after piece.

    Args:
        model: the path of a model of tunes of your own, as from lesson 8; the one that ships if None.
        first: whether a first piece is written at once.

    What is on show is there for the cells below: `studio.piece`, `studio.card`.
    """

    def __init__(self, model=None, *, first=True):
        from ipywidgets import HTML, Button, FloatProgress, HBox, VBox

        from musiclab.widgets.files import FileKeeper

        self.networks, self.history, self.worker = Networks(model), History(), Worker()
        self.knobs, self.desk, self._showing, self._told_at = Knobs(self.networks), {}, False, 0.0
        self.band, self.compare = Band(self._change_instrument), Compare(self._show_number)
        self.buttons = {name: Button(description=name, tooltip=does) for name, does in BUTTONS.items()}
        self.buttons["Share"] = Button(description="Share as a page", tooltip="One file with score and sound that plays anywhere")
        self.buttons["Generate"].button_style = "primary"
        acts = (self.generate, self.again, self.go_on, self.harmonise, self.arrange, self.undo, self.stop, self.share)
        for button, act in zip(self.buttons.values(), acts):
            button.on_click(lambda _, act=act: self._safely(act))
        self.progress = FloatProgress(0, min=0, max=1, layout={"width": "auto"})
        self.status, self.words, self.keeper, self._player_place = note(""), HTML(), FileKeeper(), VBox([])
        self.player = None
        row = HBox([self.buttons[name] for name in BUTTONS])
        row.add_class("musiclab-buttons")
        wishes = VBox([*self.knobs.first, row, self.progress, self.status])
        further = VBox([*self.knobs.drawers, drawer("Instruments", [self.band.box])[1]])
        words = VBox([note("<h2>About this piece</h2>"), self.words, self.buttons["Share"], self.keeper])
        music = VBox([self._player_place, self.compare.pieces, words, drawer("Compare two pieces", [self.compare.box])[1]])
        columns = VBox([wishes, music, further])  # in this order where there is room for one column only
        for box, name in zip((*columns.children, columns), ("wishes", "music", "further", "columns")):
            box.add_class(f"musiclab-{name}")
        self.page = VBox([note(f"<style>{LOOK.read_text(encoding='utf-8')}</style>"), columns])
        self.page.add_class("musiclab-studio")
        self._rest("Press Generate.")
        if first:
            self.generate()

    def _repr_mimebundle_(self, **wishes):
        return self.page._repr_mimebundle_(**wishes)

    @property
    def take(self):
        """The `Take` on show; None before the first."""
        return self.history.shown and self.history.shown.take

    @property
    def piece(self):
        """The `Piece` on show, with the mix as it is set; None before the first."""
        return self.take and self.take.mixed(self.desk)

    @property
    def card(self):
        """The card of the piece on show; None before the first."""
        return self.take and self.take.card

    def press(self, name):
        """Press a button, as a user would: one that is grey does nothing."""
        if not self.buttons[name].disabled:
            self.buttons[name].click()

    def wait(self, seconds=60.0):
        """Wait until nothing is being done; says whether that came about in time."""
        return self.worker.wait(seconds)

    def generate(self):
        """Write a piece as the knobs say."""
        self._with_wishes(lambda wishes: self._ask("Composing", lambda tick: write(wishes, self.networks, tick)))

    def again(self):
        """Write another piece with the wishes of the one on show."""
        wishes = replace(self.take.wishes, seed=None)
        self._ask("Composing another one", lambda tick: write(wishes, self.networks, tick))

    def go_on(self):
        """Go on from the piece on show."""
        take = self.take
        self._with_wishes(
            lambda wishes: self._ask("Going on", lambda tick: more(take, wishes, self.networks, tick)), opening=False
        )

    def harmonise(self):
        """Put three voices under the tune on show."""
        take = self.take
        self._ask("Finding three voices", lambda tick: harmonised(take, self.networks, tick))

    def arrange(self):
        """Give the tune on show a band."""
        take = self.take
        self._with_wishes(lambda wishes: self._ask("Arranging", lambda tick: arranged(take, wishes)), opening=False)

    def undo(self):
        """Take back the last step."""
        self.worker.cancel()
        if self.history.can_undo and self.history.undo():
            self._show()
            self._rest(f"Undone: you see {self.history.shown.number} · {self.take.piece.title}.")

    def stop(self):
        """End what is being done; the piece on show stays."""
        self.worker.cancel()
        self._rest("Stopped. The piece you had is still there." if self.take else "Stopped. Press Generate to begin.")

    def share(self):
        """Make one file of the piece on show, and hand it to the user."""
        take, piece = self.take, self.piece

        def done(text):
            self.keeper.offer(share.file_name(piece.title), text.encode(), "text/html")
            self._rest("The page is in your downloads. It plays without a network, in any browser.")

        self._ask("Making a page to share", lambda tick: share.page(take, piece, _player_script()), done)

    def _safely(self, act):
        """Do something; what goes wrong is said on the page, and nowhere else."""
        try:
            act()
        except Exception as error:
            self._failed(error)

    def _with_wishes(self, act, opening=True):
        """Do something with what the knobs say; if they say what cannot be, say that."""
        try:
            wishes = replace(self.knobs.wishes(opening), instruments=dict(self.band.chosen))
        except ValueError as error:
            self._rest(f"{error}.", wrong=True)
        else:
            act(wishes)

    def _ask(self, doing, job, done=None):
        """Let the worker do something that takes a while."""
        self._say(f"{doing} ...")
        self.progress.value = 0
        self._set_busy(True)
        self.worker.ask(job, done=done or self._add, failed=self._failed, progress=self._tell)

    def _tell(self, share_done):
        if monotonic() - self._told_at > 0.1 or share_done == 0:  # a browser need not hear of every note
            self._told_at, self.progress.value = monotonic(), share_done

    def _add(self, take):
        self.history.add(take)
        try:
            self._show()
        except Exception:  # what cannot be drawn is no piece of the session
            self.history.undo()
            raise
        self._rest(f"Ready: {take.piece.title}.")

    def _failed(self, error):
        said = (
            str(error) if isinstance(error, ValueError | OSError) else f"something went wrong ({type(error).__name__}: {error})"
        )
        stays = " The piece you had is still there." if self.take else ""
        self._rest(f"{said[:1].upper()}{said[1:].rstrip('.')}.{stays}", wrong=True)

    def _change_instrument(self, part_name, instrument):
        take = self.take

        def done(changed):
            self.history.change(changed)
            self._show()
            self._rest(f"The {part_name} is for {instrument} now.")

        self._ask("Changing the instrument", lambda tick: played_by(take, part_name, instrument), done)

    def _show_number(self, number):
        with self.worker.lock:
            self.history.show(number)
            self._show()
            if self.buttons["Stop"].disabled:
                self._rest(f"You see {number} · {self.take.piece.title}.")

    def _show(self):
        """The piece on show, and all that goes with it."""
        take = self.take
        mix = self.desk
        self._showing = True
        try:
            if self.player is None:
                self.player = score_player(take.mixed(mix, mute=False))
                self.player.observe(self._mixed, "mix")
                self._player_place.children = [self.player]
            else:
                self.player.piece = take.mixed(mix, mute=False)
            muted = [mix.get(name, {}).get("muted", False) for name in take.parts]
            self.player.mix = [place | {"muted": mute} for place, mute in zip(self.player.mix, muted)]
        finally:
            self._showing = False
        self.words.value = card_html(take)
        self.keeper.clear()
        self.band.show(take)
        self.compare.show(self.history)

    def _mixed(self, change):
        """Remember what the user did at the mixer, for this piece and those to come."""
        if not self._showing:
            self.desk = self.desk | {name: dict(place) for name, place in zip(self.take.parts, change.new)}

    def _rest(self, words, wrong=False):
        """Nothing is being done any more."""
        self._say(words, wrong)
        self.progress.value = 0
        self._set_busy(False)

    def _say(self, words, wrong=False):
        role, look = ("alert", "musiclab-wrong") if wrong else ("status", "musiclab-said")
        self.status.value = f'<p role="{role}" class="{look}">{escape(words)}</p>'

    def _set_busy(self, busy):
        sung = self.take is not None and len({n.voice for n in self.take.tune.notes}) > 1
        for name, button in self.buttons.items():
            button.disabled = name in NEEDS_A_PIECE and self.take is None
        self.buttons["Harmonise"].disabled |= sung
        self.buttons["Undo"].disabled = not self.history.can_undo
        self.buttons["Stop"].disabled = not busy
        self.band.set_busy(busy)
        self.progress.layout.visibility = "visible" if busy else "hidden"


def score_player(piece):
    """The player on the page."""
    from musiclab.widgets.player import ScorePlayer

    return ScorePlayer(piece)


def _player_script():
    """The player for pages without a kernel."""
    return (Path(__file__).parents[1] / "widgets" / "static" / "player.js").read_text(encoding="utf-8")
