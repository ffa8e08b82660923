"""The live corner in JupyterLab: it plays without a gap, does what it is told as it goes, and goes on from what is played into it."""

import json

import pytest
from playwright.sync_api import expect

from browser.conftest import quiet_page
from browser.test_player_lab import run

pytestmark = pytest.mark.slow
expect.set_options(timeout=30_000)  # milliseconds: the machine may be busy

PIECE = "from musiclab import datasets\ndatasets.load('reels').train[0]"
SHOW = "from musiclab.widgets import Live\nlive = Live(seed=3)\nlive"
SOUNDS = "musiclab.sounding && musiclab.sounding.levels()[0] > 1e-4"
# how long it was silent at a stretch, and how far the music came, while somebody listened for so many seconds
LISTEN = """seconds => new Promise(done => {
    const begin = performance.now(), from = musiclab.sounding.position;
    let heard = begin, silent = 0;
    const look = () => {
        const now = performance.now();
        if (!musiclab.sounding) return done({silent: Infinity, came: 0, took: 0});
        if (Math.max(...musiclab.sounding.levels()) > 1e-4) heard = now;
        silent = Math.max(silent, now - heard);
        if (now - begin < seconds * 1000) setTimeout(look, 15);
        else done({silent: silent / 1000, came: musiclab.sounding.position - from, took: (now - begin) / 1000});
    };
    look();
})"""


@pytest.fixture(scope="module")
def page(browser, jupyterlab):
    """The page of a notebook with a live corner and a piece, one for all tests."""
    with quiet_page(browser) as page:
        jupyterlab.open(page, jupyterlab.notebook(SHOW, PIECE, name="live.ipynb"))
        yield page


@pytest.fixture
def corner(page, jupyterlab):
    """A live corner as it is at first."""
    jupyterlab.run_all(page)
    host = page.locator(".musiclab-live")
    host.get_by_role("button", name="Start").wait_for()
    host.scroll_into_view_if_needed()
    return host


def start(page, corner):
    corner.get_by_role("button", name="Start").click()
    page.wait_for_function(SOUNDS)


def wait_for_bars(page, n):
    """Wait until so many more bars have passed."""
    bars = "Number([...document.querySelector('.musiclab-live').shadowRoot.querySelectorAll('li')].at(-1)?.value ?? 0)"
    last = page.evaluate(bars)
    page.wait_for_function(f"{bars} >= {last + n}")
    return last


def open_words(corner):
    corner.get_by_role("button", name="Bars in words").click()
    expect(corner.locator("li[aria-current]")).to_contain_text("1/")


def test_it_sounds_for_twenty_seconds_without_a_gap_and_stops_at_once(page, corner):
    start(page, corner)
    expect(corner.get_by_role("status")).to_have_text("It plays a reel in G major.")
    heard = page.evaluate(LISTEN, 20)
    assert heard["silent"] < 0.5  # a rest of an eighth note is shorter
    assert heard["came"] == pytest.approx(heard["took"], abs=0.1)  # time never stood still
    assert run(page, "print(live.running)") == "True\n"
    corner.get_by_role("button", name="Stop").click()
    page.wait_for_function("!musiclab.sounding")
    page.wait_for_function("musiclab.orchestra.then(players => Math.max(...players.levels()) < 1e-4)")
    expect(corner.get_by_role("button", name="Start")).to_be_visible()
    assert run(page, "print(live.running, live._committed > 10)") == "False True\n"


def test_knobs_turned_on_the_page_are_heard_within_two_bars(page, corner):
    start(page, corner)
    open_words(corner)
    wait_for_bars(page, 1)
    corner.get_by_label("Style").select_option("jig")
    wait_for_bars(page, 2)
    expect(corner.get_by_role("status")).to_have_text("It plays a jig in G major.")
    corner.get_by_label("Temperature").fill("0.3")
    corner.get_by_label("Tempo").fill("150")
    corner.get_by_label("Tempo").press("Enter")
    corner.get_by_label("Instrument").select_option("flute")
    corner.get_by_label("Key").select_option("A minor")
    wait_for_bars(page, 2)
    expect(corner.get_by_role("status")).to_have_text("It plays a jig in A minor.")
    assert (
        run(page, "print(live.style, live.temperature, live.tempo, live.instrument, live.key)") == "jig 0.3 150.0 flute A minor\n"
    )
    assert run(page, "print(live._music.temperature, round(live._music.tempo))") == "0.3 150\n"
    page.wait_for_function(SOUNDS)


def test_knobs_turned_by_a_cell_are_heard_too_and_show_it(page, corner):
    start(page, corner)
    run(page, "live.style = 'air'; live.temperature = 0.5; live.instrument = 'piano'")
    expect(corner.get_by_role("status")).to_have_text("It plays an air in G major.")
    expect(corner.get_by_label("Style")).to_have_value("air")
    expect(corner.get_by_label("Temperature")).to_have_value("0.5")
    run(page, "live.running = False")
    page.wait_for_function("!musiclab.sounding")


def test_it_listens_while_somebody_plays_and_goes_on_from_that(page, corner):
    start(page, corner)
    open_words(corner)
    wait_for_bars(page, 2)
    run(page, "heard = []; hear = live._music.hear\nlive._music.hear = lambda *args: heard.append(args) or hear(*args)")
    corner.get_by_role("button", name="C4", exact=True).focus()
    for name in "gjlgjl":
        page.keyboard.press(name, delay=90)
    expect(corner.get_by_role("status")).to_have_text("You play; the network listens.")
    expect(corner.get_by_role("status")).to_have_text("It plays a reel in G major.")
    notes, until = json.loads(run(page, "import json; print(json.dumps(heard[-1]))"))
    assert [note[2] for note in notes] == [67, 71, 74, 67, 71, 74] and until > notes[-1][1]
    page.wait_for_function(SOUNDS)
    heard = page.evaluate(LISTEN, 4)
    assert heard["silent"] < 0.5 and heard["came"] == pytest.approx(heard["took"], abs=0.1)


def test_what_was_played_before_is_the_beginning(page, corner):
    run(page, "heard = []; hear = live._music.hear\nlive._music.hear = lambda *args: heard.append(args) or hear(*args)")
    corner.get_by_role("button", name="C4", exact=True).focus()
    for name in "gjl":
        page.keyboard.press(name, delay=90)
    start(page, corner)
    assert [note[2] for note in json.loads(run(page, "import json; print(json.dumps(heard[-1][0]))"))] == [67, 71, 74]


def test_a_busy_notebook_does_not_break_it_off(page, corner):
    start(page, corner)
    page.evaluate(
        "() => void jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code: 'import time; time.sleep(15)'})"
    )
    assert page.evaluate(LISTEN, 12)["silent"] < 0.5


def test_when_the_kernel_is_gone_it_ends_with_a_sentence(page, corner):
    start(page, corner)
    run(page, "live.asked = lambda message: None")  # as if nobody were there
    expect(corner.get_by_role("status")).to_contain_text("the music has come to an end", timeout=30_000)
    page.wait_for_function("!musiclab.sounding")
    expect(corner.get_by_role("button", name="Start")).to_be_visible()


def test_where_the_page_cannot_sound_a_sentence_says_so(browser, jupyterlab):
    with quiet_page(browser) as page:
        page.add_init_script("delete globalThis.AudioWorkletNode")
        jupyterlab.open(page, jupyterlab.notebook(SHOW, name="mute.ipynb"))
        jupyterlab.run_all(page)
        host = page.locator(".musiclab-live")
        host.get_by_role("button", name="Start").click()
        expect(host.get_by_role("status")).to_contain_text("https or localhost")
        expect(host.get_by_role("button", name="Start")).to_be_visible()


def test_starting_a_piece_ends_it_and_the_other_way_round(page, corner):
    figure = page.locator(".musiclab-piece")
    start(page, corner)
    figure.get_by_role("button", name="Play", exact=True).click()
    expect(corner.get_by_role("button", name="Start")).to_be_visible()
    expect(figure.get_by_role("button", name="Pause")).to_be_visible()
    start(page, corner)
    expect(figure.get_by_role("button", name="Play", exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_nobody_is_shut_out(page, corner, theme):
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})")
    page.wait_for_function(
        f"document.querySelector('.musiclab-live').shadowRoot.querySelector('.player').dataset.theme === '{theme.split()[1].lower()}'"
    )
    start(page, corner)
    open_words(corner)
    found = Axe().run(page, context=".musiclab-live").response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found if fault["impact"] in ("serious", "critical")] == []
    corner.get_by_role("button", name="C4", exact=True).focus()
    page.keyboard.press("Escape")
    page.wait_for_function("!musiclab.sounding")
