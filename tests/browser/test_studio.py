"""The Studio in a browser: in JupyterLab as `make lab` opens it, and as the page that `make studio` serves."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from browser.conftest import PATIENCE, free_port, wait_for
from browser.seen import Seen
from musiclab.midi import midi_bytes
from musiclab.piece import Key, Meter, Note, Piece

pytestmark = pytest.mark.slow
TUNE = Piece([Note(36 * i, 36, 67 + (i % 3)) for i in range(16)], meters=[(0, Meter(6, 8))], keys=[(0, Key("G"))], title="Mine")
READY = re.compile(r"Ready: ")
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of the Studio as a page of its own."""
    place, port = tmp_path_factory.mktemp("studio"), free_port()
    own = {
        name: str(place / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    command = [sys.executable, "-m", "musiclab.cli", "studio", "--port", str(port), "--no-open"]
    with open(place / "log.txt", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=os.environ | own, cwd=place)
    try:
        wait_for(server, f"http://localhost:{port}/voila/static/voila.js", place / "log.txt")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture
def open_studio(request):
    """A function that opens the Studio on a page, in JupyterLab or by itself, and waits for its first piece."""

    def opened(page, where):
        if where == "JupyterLab":
            lab = request.getfixturevalue("jupyterlab")
            lab.open(page, lab.folder / "studio.ipynb")
            lab.run_all(page)
        else:
            page.goto(request.getfixturevalue("served"))
        said(page, READY)
        Seen(page)
        return page.locator(".musiclab-studio")

    return opened


WHERE = pytest.mark.parametrize("where", ["JupyterLab", "a page of its own"])


def said(page, words):
    expect(page.locator(".musiclab-said, .musiclab-wrong").first).to_have_text(words, timeout=2 * PATIENCE)


def press(studio, name):
    studio.get_by_role("button", name=name, exact=True).click()


def drawer(studio, name):
    studio.get_by_role("button", name=f"+ {name}").click()


@WHERE
def test_a_piece_is_written_seen_and_heard_and_the_newest_one_is_the_one_that_sounds(page, open_studio, where):
    studio = open_studio(page, where)
    studio.get_by_label("Style", exact=True).select_option("jig")
    expect(studio.get_by_label("Meter", exact=True).locator("option")).to_have_text(["usual: 6/8", "6/8"])
    studio.get_by_label("Bars", exact=True).fill("4")
    studio.get_by_label("Bars", exact=True).press("Tab")
    press(studio, "Generate")
    said(page, re.compile("Ready: Jig in G major"))
    expect(page.locator(".musiclab-player .score > svg")).to_have_attribute("aria-label", re.compile("jig in 6/8"))
    seen = Seen(page)
    seen.play()
    assert seen.loudness() > 1e-3
    drawer(studio, "Harmony and band")
    studio.get_by_label("Arrangement", exact=True).select_option(index=1)
    press(studio, "Arrange")
    said(page, re.compile("block arrangement"))
    seen = Seen(page)
    assert seen.ask("player.sheet.voices.length") == 4
    seen.play()
    press(studio, "Undo")
    said(page, re.compile("Undone: you see 2"))
    expect(page.locator(".musiclab-player")).to_have_count(1)
    assert Seen(page).ask("player.sheet.voices.length") == 1


@WHERE
def test_stop_ends_it_and_the_piece_stays(page, open_studio, where):
    studio = open_studio(page, where)
    drawer(studio, "Harmony and band")
    studio.get_by_label("Harmony", exact=True).select_option(index=1)
    studio.get_by_label("Bars", exact=True).fill("64")
    studio.get_by_label("Bars", exact=True).press("Tab")
    before = page.locator(".musiclab-player .score > svg").get_attribute("aria-label")
    press(studio, "Generate")
    said(page, re.compile(r"Composing \.\.\."))
    expect(studio.locator(".widget-hprogress")).to_be_visible()
    press(studio, "Stop")
    said(page, "Stopped. The piece you had is still there.")
    assert page.locator(".musiclab-player .score > svg").get_attribute("aria-label") == before
    expect(studio.locator(".widget-hprogress")).not_to_be_visible()


@WHERE
def test_files_of_ones_own_are_taken_or_refused_in_a_line(page, open_studio, where):
    studio = open_studio(page, where)
    drawer(studio, "How it begins")
    studio.get_by_label("Begin with", exact=True).select_option("a MIDI file of mine")
    chooser = studio.get_by_label("MIDI file")
    wrong = studio.locator(".musiclab-wrong")
    for name, content, words in (
        ("homework.txt", b"not music", "homework.txt is not a MIDI file"),
        ("empty.mid", b"", "empty.mid is not a MIDI file: it is empty"),
        ("huge.mid", bytes(3_000_000), "huge.mid has 3.0 MB: expected at most 2 MB"),
    ):
        chooser.set_input_files({"name": name, "mimeType": "audio/midi", "buffer": content})
        expect(wrong).to_contain_text(words)
    chooser.set_input_files({"name": "mine.mid", "mimeType": "audio/midi", "buffer": midi_bytes(TUNE)})
    expect(studio.get_by_text("Mine: 6/8, G major. The network goes on from its first 4 bars.")).to_be_visible()
    expect(studio.get_by_label("Style", exact=True)).to_have_value("jig")
    press(studio, "Generate")
    said(page, re.compile("Ready: Mine, continued"))
    pitches = [note[2] for note in Seen(page).ask("player.sheet.notes")[:8]]
    assert pitches == [note.pitch for note in TUNE.notes[:8]]


def test_the_keyboard_alone_suffices(page, open_studio):
    studio = open_studio(page, "a page of its own")
    studio.get_by_label("Temperature", exact=True).focus()
    page.keyboard.press("Tab")
    expect(studio.get_by_role("button", name="Generate")).to_be_focused()
    page.keyboard.press("Enter")
    expect(studio.get_by_label("Your pieces", exact=True).locator("option")).to_have_count(2)
    studio.get_by_role("button", name="+ How it begins").focus()
    page.keyboard.press("Space")
    expect(studio.get_by_label("Begin with", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    expect(studio.get_by_label("Begin with", exact=True)).to_be_focused()


def test_what_the_mixer_does_goes_into_the_next_piece_and_the_shared_page(page, open_studio):
    studio = open_studio(page, "a page of its own")
    seen = Seen(page)
    seen.open("Mixer")
    volume = seen.host.get_by_label(re.compile("[Vv]olume")).first
    volume.focus()
    for _ in range(5):
        volume.press("ArrowLeft")
    quiet = seen.ask("player.sheet.voices[0].volume - 5")
    press(studio, "Again")
    expect(studio.get_by_label("Your pieces", exact=True).locator("option")).to_have_count(2)
    page.wait_for_function(
        f"musiclab.playerOf(document.querySelector('.musiclab-player'))?.sheet.voices[0].volume === {quiet}", timeout=PATIENCE
    )


def test_a_shared_page_plays_from_the_disk_without_a_server(page, open_studio, browser, tmp_path):
    studio = open_studio(page, "a page of its own")
    with page.expect_download(timeout=2 * PATIENCE) as download:
        press(studio, "Share as a page")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert re.fullmatch(r"reel-in-d-major-seed-\d+\.html", path.name)
    expect(studio.get_by_role("link", name=f"Save {path.name}")).to_be_visible()
    context = browser.new_context(offline=True)
    context.set_default_timeout(PATIENCE)
    shared = context.new_page()
    wrong = []
    shared.on("pageerror", lambda error: wrong.append(str(error)))
    shared.on("request", lambda request: wrong.append(request.url[:80]) if request.url.startswith("http") else None)
    shared.goto(path.as_uri())
    seen = Seen(shared)
    seen.host.get_by_role("button", name="Play", exact=True).click()
    seen.wait("player.playing && player.position > 0.3")
    expect(shared.get_by_role("heading", name=re.compile("Reel in D major"))).to_be_visible()
    expect(shared.get_by_text("Longest copy")).to_be_visible()
    assert wrong == []
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_shut_out(browser, served, theme):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=theme)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(served)
    said(page, READY)
    Seen(page)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] < 100")
    assert dark == (theme == "dark")
    studio = page.locator(".musiclab-studio")
    press(studio, "Again")
    expect(studio.get_by_label("Your pieces", exact=True).locator("option")).to_have_count(2)
    for name in ("How it begins", "Rhythm, form and range", "Harmony and band", "Instruments", "Compare two pieces"):
        drawer(studio, name)
    studio.get_by_label("Begin with", exact=True).select_option("a MIDI file of mine")
    studio.get_by_label("MIDI file").wait_for()
    for width in (360, 900, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        serious = [
            (fault["id"], fault["nodes"][0]["html"][:200]) for fault in found if fault["impact"] in ("serious", "critical")
        ]
        assert (width, serious) == (width, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
