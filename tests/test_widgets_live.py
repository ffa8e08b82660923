import json

import pytest

from musiclab.widgets import Live


class Page:
    """What a page does with a live corner: it starts, takes bars, and says how far it is."""

    def __init__(self, **wishes):
        self.live = Live(**{"seed": 3} | wishes)
        self.bars, self.sent = {}, []
        self.live.send = self.take

    def take(self, message, buffers=None):
        self.sent.append(json.loads(json.dumps(message)))
        if message["run"] == "run":
            self.bars = {number: bar for number, bar in self.bars.items() if number < message["from"]}
            self.bars |= {bar["number"]: bar for bar in message["bars"]}

    def say(self, do, **more):
        self.live.asked({"do": do, "run": "run", **more})

    def start(self, notes=()):
        self.say("start", notes=list(notes), seconds=8)
        return self


def in_order(bars):
    bars = [bars[number] for number in sorted(bars)]
    assert all(bar["end"] == following["start"] for bar, following in zip(bars, bars[1:]))
    return bars


def test_it_begins_with_eight_seconds_and_goes_on_when_it_is_asked():
    page = Page().start()
    bars = in_order(page.bars)
    assert bars[0]["start"] == 0 and 8 <= bars[-1]["end"] < 10 and bars[0]["notes"]
    page.say("more", committed=2, until=12)
    assert in_order(page.bars)[-1]["end"] >= 12


@pytest.mark.parametrize(
    ("knob", "value"), [("style", "jig"), ("key", "E dorian"), ("temperature", 1.4), ("tempo", 70.0)], ids=str
)
def test_a_knob_changes_the_bars_that_have_not_been_handed_to_the_loudspeaker(knob, value):
    page = Page().start()
    page.say("more", committed=3, until=10)
    before = dict(page.bars)
    setattr(page.live, knob, value)
    assert page.sent[-1]["from"] == 4
    bars = in_order(page.bars)
    assert bars[:4] == [before[number] for number in range(4)]
    assert bars[4:6] != [before[number] for number in (4, 5)]
    assert bars[-1]["end"] >= before[max(before)]["start"]
    assert getattr(page.live, knob) == value


def test_with_another_style_the_knob_of_the_tempo_moves():
    page = Page().start()
    page.live.style = "air"
    assert page.live.tempo != 108 and page.live.tempo == pytest.approx(page.live._music.tempo, abs=0.1)
    assert page.live.style_name == "air"


def test_a_knob_on_the_page_does_the_same():
    page = Page().start()
    page.live.set_state({"style_name": "jig", "temperature": 0.5})
    assert page.live._music.style == "jig" and page.live._music.temperature == 0.5


def test_a_wish_that_cannot_be_had_is_said_in_words_and_the_knob_goes_back():
    page = Page().start()
    page.live.key = "H major"
    assert "the German H is B" in page.live.problem and page.live.key == "G major"
    page.live.tempo = 5000
    assert "expected" in page.live.problem and page.live.tempo == 108
    page.live.instrument = "vuvuzela"
    assert "vuvuzela" in page.live.problem and page.live.instrument == "violin"
    page.live.key = "D major"
    assert page.live.problem == ""


def test_it_goes_on_from_what_is_played_into_it():
    page = Page().start()
    first = page.bars[2]
    eighth = (first["end"] - first["start"]) / 8
    theme = (67, 71, 74, 71, 67, 71, 74, 79)
    notes = [[first["start"] + i * eighth, first["start"] + (i + 0.9) * eighth, pitch, 80] for i, pitch in enumerate(theme)]
    page.say("hear", committed=2, notes=notes, until=first["end"] + 0.2, seconds=8)
    assert page.sent[-1]["heard"] and page.sent[-1]["from"] == 4
    assert in_order({n: bar for n, bar in page.bars.items() if n >= 4})[0]["start"] > first["end"]


def test_it_begins_with_what_was_played_before_it_was_started():
    page = Page()
    page.start([[0, 0.1, 67, 80], [0.14, 0.25, 71, 80], [0.28, 0.4, 74, 80]])
    assert min(page.bars) == 1  # the first bar was the listener's


def test_after_a_stop_it_goes_on_from_what_was_heard_last():
    page = Page().start()
    page.say("stop", committed=2)
    page.live.style = "jig"
    page.say("start", notes=[], seconds=8)
    assert page.sent[-1]["from"] == 3 and {bar["style"] for bar in page.sent[-1]["bars"]} == {"jig"}


def test_a_knob_turned_before_the_first_bar_is_heard_takes_nothing_back_that_was_heard_earlier():
    page = Page().start()
    page.say("stop", committed=4)
    page.say("start", notes=[], seconds=8)
    page.say("more", committed=-1, until=20)  # nothing of this run was handed on yet
    page.live.temperature = 0.5
    assert page.sent[-1]["from"] == 5


def test_who_started_earlier_gets_no_answer():
    page = Page().start()
    page.live.asked({"do": "start", "run": "other", "notes": [], "seconds": 8})
    n = len(page.sent)
    page.say("more", committed=5, until=99)
    page.say("stop", committed=5)
    assert len(page.sent) == n and page.live._run == "other"


def test_unusual_wishes_stand_in_the_lists():
    live = Live(key="F# minor", instrument="bassoon")
    assert live.key in live.key_names and live.instrument in live.instruments
    assert live.plays == 70
