"""The on-screen keyboard in JupyterLab: by mouse, by touch, by the computer's keys; recorded, and played back."""

import json

import pytest
from playwright.sync_api import expect

from browser.conftest import quiet_page
from browser.test_player_lab import run

pytestmark = pytest.mark.slow
expect.set_options(timeout=30_000)  # milliseconds: the machine may be busy

SHOW = "from musiclab.widgets import Keyboard\nkeyboard = Keyboard(tempo=100, meter='3/4', metronome=False)\nkeyboard"
SOUNDS = "musiclab.orchestra && musiclab.orchestra.then(players => players.levels()[0] > 1e-4)"
SILENT = "musiclab.orchestra.then(players => Math.max(...players.levels()) < 1e-4)"


@pytest.fixture(scope="module")
def page(browser, jupyterlab):
    """The page of a notebook with a keyboard, one for all tests."""
    with quiet_page(browser) as page:
        jupyterlab.open(page, jupyterlab.notebook(SHOW, "1 + 1", name="keyboard.ipynb"))
        yield page


@pytest.fixture
def keyboard(page, jupyterlab):
    """A keyboard as it is at first."""
    jupyterlab.run_all(page)
    host = page.locator(".musiclab-keyboard")
    host.get_by_role("button", name="C4", exact=True).wait_for()
    host.scroll_into_view_if_needed()
    return host


def notes(page):
    """The notes in Python: they come when the kernel has taken in what was told before."""
    for _ in range(20):
        if found := json.loads(run(page, "import json; print(json.dumps(keyboard.notes))")):
            break
    return found


def key(host, name):
    return host.get_by_role("button", name=name, exact=True)


def record(host):
    key(host, "Record").click()
    expect(host.get_by_role("status")).to_contain_text("Recording")


def stop(host):
    key(host, "Stop").click()
    expect(host.get_by_role("status")).to_contain_text("seconds.")


def test_keys_sound_under_the_mouse_and_a_glide_plays_them_all(page, keyboard):
    record(keyboard)
    box = key(keyboard, "E4").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 0.9 * box["height"])
    page.mouse.down()
    expect(key(keyboard, "E4")).to_have_class("key white down")
    page.wait_for_function(SOUNDS)
    page.mouse.move(box["x"] + 2.5 * box["width"], box["y"] + 0.9 * box["height"], steps=12)
    expect(key(keyboard, "G4")).to_have_class("key white down")
    expect(key(keyboard, "E4")).to_have_class("key white")
    page.mouse.up()
    expect(key(keyboard, "G4")).to_have_class("key white")
    stop(keyboard)
    played = notes(page)
    assert [note[2] for note in played] == [64, 65, 67]
    assert all(start < end for start, end, *_ in played) and played[0][3] > 90
    page.wait_for_function(SILENT)


def test_the_computers_keys_play_and_jupyterlab_takes_no_notice(page, keyboard):
    key(keyboard, "C4").focus()
    page.keyboard.press("Shift")  # of itself it plays nothing
    record(keyboard)
    for name in "awsddx":  # D D deletes a cell in JupyterLab's command mode, A adds one
        page.keyboard.press(name, delay=60)
    page.keyboard.press("a", delay=60)
    key(keyboard, "C5").focus()
    page.keyboard.press("ArrowRight")
    expect(key(keyboard, "C sharp 5")).to_be_focused()
    page.keyboard.press("Enter", delay=60)
    page.keyboard.press("Space", delay=60)
    stop(keyboard)
    assert [note[2] for note in notes(page)] == [60, 61, 62, 64, 64, 72, 73, 73]
    assert page.locator(".jp-CodeCell").count() == 2
    expect(keyboard.locator(".range")).to_have_text("C5 to C7")


def test_a_recording_becomes_a_piece_and_is_played_back(page, keyboard):
    key(keyboard, "C4").focus()
    record(keyboard)
    for name in "asdf":
        page.keyboard.press(name, delay=200)
    stop(keyboard)
    assert len(notes(page)) == 4
    assert "4 notes" in run(page, "print(keyboard.piece(key='C'))")
    expect(keyboard.get_by_role("status")).to_contain_text("4 notes")
    page.wait_for_function(SILENT)
    key(keyboard, "Play back").click()
    page.wait_for_function(SOUNDS)
    expect(key(keyboard, "Play back")).to_be_enabled()  # it has come to its end
    key(keyboard, "Clear").click()
    expect(keyboard.get_by_role("status")).to_contain_text("Nothing recorded yet")
    assert "ValueError" not in run(page, "print(keyboard.notes)") and notes(page) == []
    assert "press Record" in run(page, "keyboard.piece()")


def test_with_a_metronome_a_bar_is_counted_and_clicks_go_on(page, keyboard):
    key(keyboard, "Metronome").click()
    expect(key(keyboard, "Metronome")).to_have_attribute("aria-pressed", "true")
    record(keyboard)
    page.wait_for_function("musiclab.sounding?.playing && musiclab.sounding.metronome")
    key(keyboard, "D4").click()  # while it counts
    page.wait_for_function("musiclab.sounding.position > 1.2")
    key(keyboard, "G4").click()
    stop(keyboard)
    page.wait_for_function("!musiclab.sounding")
    ((start, _, pitch, _),) = notes(page)
    assert pitch == 67 and start > 1.2
    assert run(page, "print(keyboard.counted)") == "True\n"
    assert "3/4" in run(page, "print(keyboard.piece())")


def test_python_starts_and_stops_a_recording_and_hands_notes_over(page, keyboard):
    run(page, "keyboard.recording = True")
    expect(keyboard.get_by_role("status")).to_contain_text("Recording")
    run(page, "keyboard.recording = False")
    expect(keyboard.get_by_role("status")).to_contain_text("Nothing recorded")
    run(page, "keyboard.notes = [[0, 1, 60, 80]]")
    expect(keyboard.get_by_role("status")).to_contain_text("1 note, 1.0 seconds.")


def test_where_the_page_cannot_sound_it_records_all_the_same(browser, jupyterlab):
    with quiet_page(browser) as page:
        page.add_init_script("delete globalThis.AudioWorkletNode")
        jupyterlab.open(page, jupyterlab.notebook(SHOW.replace("False", "True"), name="silent.ipynb"))
        jupyterlab.run_all(page)
        host = page.locator(".musiclab-keyboard")
        record(host)
        page.wait_for_timeout(100)  # the metronome is not to come
        key(host, "C4").click()
        stop(host)
        assert len(notes(page)) == 1
        key(host, "Play back").click()
        expect(host.get_by_role("status")).to_contain_text("https or localhost")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_nobody_is_shut_out(page, keyboard, theme):
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})")
    page.wait_for_function(
        f"document.querySelector('.musiclab-keyboard').shadowRoot.querySelector('.player').dataset.theme === '{theme.split()[1].lower()}'"
    )
    found = Axe().run(page, context=".musiclab-keyboard").response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found if fault["impact"] in ("serious", "critical")] == []


def test_a_narrow_page_shows_one_octave(page, keyboard):
    keyboard.evaluate("host => (host.style.width = '340px')")
    expect(key(keyboard, "C5")).to_be_visible()
    expect(key(keyboard, "D5")).to_be_hidden()
    key(keyboard, "C4").focus()
    page.keyboard.press("End")
    expect(key(keyboard, "C5")).to_be_focused()
    assert keyboard.evaluate("host => host.scrollWidth <= 340")
