"""The score player on a page without a kernel: what lights up, what sounds, and how it is steered."""

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.seen import Seen
from musiclab import datasets, show
from musiclab.midi import read_midi
from musiclab.musicxml import musicxml
from musiclab.piece import Meter, Note, Piece, Voice
from musiclab.score import timemap
from musiclab.widgets.stage import SOUND_FONT, STATIC

pytestmark = pytest.mark.slow

CHORALE = datasets.load("chorales").train[1]
TUNE = Piece([Note(24 * i, 24, 60 + (0, 4, 7, 4)[i % 4]) for i in range(64)], voices=[Voice("Flute", 73)], title="Sixteen bars")
LONG = Piece(
    [Note(24 * i, 24, pitch + i % 5, voice=v) for i in range(4 * 64) for v, pitch in enumerate((72, 65, 57, 48))],
    title="Sixty-four bars",
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Music</title>
<style>@media (prefers-color-scheme: dark) {{ html {{ color-scheme: dark; background: #111; color: #eee }} }}</style></head>
<body><main><h1>Music</h1>{figures}</main><script src="player.js"></script></body></html>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as `make site` makes one: pages, and beside them the player, the synthesiser and the sound font."""
    folder = tmp_path_factory.mktemp("pages")
    for part in (STATIC / "player.js", STATIC / "synth.js", SOUND_FONT):
        shutil.copy(part, folder)
    pages = {
        "one": [TUNE],
        "two": [CHORALE, TUNE],
        "long": [LONG],
    }
    for name, pieces in pages.items():
        (folder / f"{name}.html").write_text(PAGE.format(figures="".join(map(show.html, pieces))))
    (folder / "sound.html").write_text(PAGE.format(figures=show.html(TUNE, sound=True)))
    return folder


@pytest.fixture(scope="module")
def address(serve, folder):
    return serve(folder)


def sounding(piece, seconds):
    """The noteheads that the timemap has lit at a time."""
    now = set()
    for time, begin, end in timemap(piece):
        if time <= seconds:
            now = (now - set(end)) | set(begin)
    return now


def moments(piece, n):
    """Times spread over a piece, away from the moments at which something changes."""
    changes = [time for time, _, _ in timemap(piece)]
    gaps = [(a + b) / 2 for a, b in zip(changes, changes[1:]) if b - a > 0.05]
    return [gaps[i * (len(gaps) - 1) // (n - 1)] for i in range(n)]


def test_what_lights_up_is_what_the_timemap_says(page, address):
    page.goto(address + "two.html")
    seen = Seen(page)
    assert seen.lit() == set()
    for seconds in moments(CHORALE, 20):
        seen.go_to(seconds)
        assert seen.lit() == sounding(CHORALE, seconds), seconds


def test_the_right_notes_are_lit_while_it_plays(page, address):
    page.goto(address + "two.html")
    seen = Seen(page)
    seen.play()
    looks = seen.ask(
        "new Promise(done => { const looks = []; const look = () => { looks.push([player.row.at, [...player.score.lit]]);"
        " looks.length < 60 ? requestAnimationFrame(look) : done(looks); }; look(); })"
    )
    changes = [time for time, _, _ in timemap(CHORALE)]
    clear = [(at, lit) for at, lit in looks if min(abs(at - time) for time in changes) > 0.005]
    assert len({at for at, _ in clear}) > 10
    for at, lit in clear:
        assert set(lit) == sounding(CHORALE, at), at


def test_the_page_follows_the_music(page, address):
    page.goto(address + "long.html")
    seen = Seen(page)
    frame = seen.host.locator(".score")
    assert frame.evaluate("frame => frame.scrollHeight > 2 * frame.clientHeight && frame.scrollTop") == 0
    inside = (
        "(() => { const note = player.shadow.querySelector('.lit').getBoundingClientRect(),"
        " frame = player.score.frame.getBoundingClientRect(); return note.top >= frame.top && note.bottom <= frame.bottom; })()"
    )
    for seconds in (120.1, 60.1, 0.1):
        seen.go_to(seconds)
        seen.wait(inside)
    systems = seen.ask(
        "[...player.shadow.querySelectorAll('g.system')].map(system => system.querySelectorAll('g.measure').length)"
    )
    fold = 2.0 * sum(systems[:2])  # seconds at which the third system begins: four quarters a bar, 120 a minute
    seen.go_to(fold - 0.3)
    before = frame.evaluate("frame => frame.scrollTop")
    seen.play()
    seen.wait(f"player.position > {fold} && player.score.frame.scrollTop > {before + 50} && {inside}")


def test_a_click_on_a_note_goes_there_and_sounds_it(page, address):
    page.goto(address + "one.html")
    seen = Seen(page)
    page.mouse.click(*seen.middle("#n6 .notehead"))
    assert abs(seen.ask("player.position") - 3.0) < 0.01
    assert seen.lit() == {"n6"}
    seen.wait("player.performance && player.performance.levels()[0] > 1e-4")
    assert not seen.ask("player.playing")


def test_bars_are_repeated_by_shift_click_by_dragging_by_keys_and_by_numbers(page, address):
    page.goto(address + "one.html")
    seen = Seen(page)
    words = seen.host.locator(".looping")
    expect(words).to_be_hidden()
    page.keyboard.down("Shift")
    page.mouse.click(*seen.middle("#n9 .notehead"))
    expect(words).to_contain_text("Bar 3 repeats")
    page.mouse.click(*seen.middle("#n21 .notehead"))
    page.keyboard.up("Shift")
    expect(words).to_contain_text("Bars 3 to 6 repeat")
    assert seen.host.locator("rect.loop").count() == 4
    assert seen.ask("player.position") == 4.0  # it goes to where it repeats
    words.get_by_role("button", name="Stop").click()
    expect(words).to_be_hidden()
    assert seen.host.locator("rect.loop").count() == 0

    page.mouse.move(*seen.middle("#n17 .notehead"))
    page.mouse.down()
    page.mouse.move(*seen.middle("#n13 .notehead"), steps=4)
    page.mouse.up()
    expect(words).to_contain_text("Bars 4 to 5 repeat")
    seen.host.locator(".score").focus()
    page.keyboard.press("l")
    expect(words).to_be_hidden()
    page.keyboard.press("l")
    expect(words).to_contain_text("Bar 4 repeats")

    seen.open()
    seen.host.get_by_label("Repeat to bar").fill("16")
    page.keyboard.press("Enter")
    expect(words).to_contain_text("Bars 4 to 16 repeat")
    seen.host.get_by_label("Repeat from bar").fill("99")
    page.keyboard.press("Enter")
    expect(seen.host.locator(".problem")).to_have_text("There is no such bar: type numbers from 1 to 16.")


def test_what_repeats_comes_back(page, address):
    page.goto(address + "one.html")
    seen = Seen(page)
    seen.ask("player.loopBars(1, 1)")
    seen.go_to(3.7)
    seen.play()
    seen.wait("player.position < 3")
    positions = seen.ask(
        "new Promise(done => { const all = []; const look = () => { all.push(player.position);"
        " all.length < 150 ? setTimeout(look, 20) : done(all); }; look(); })"
    )
    assert 1.95 < min(positions) and max(positions) < 4.05
    assert any(after < before for before, after in zip(positions, positions[1:]))


def test_speed_is_the_speed_of_the_music(page, address):
    page.goto(address + "one.html")
    seen = Seen(page)
    speed = seen.host.get_by_label("Speed", exact=True)
    for percent in (200, 50):
        speed.fill(str(percent))
        expect(seen.host.locator(".percent")).to_have_text(f"{percent} %")
        if not seen.ask("player.playing"):
            seen.play()
        gone, passed = seen.ask(
            "new Promise(done => { const [at, t] = [player.position, performance.now()];"
            " setTimeout(() => done([player.position - at, (performance.now() - t) / 1000]), 1500); })"
        )
        assert gone / passed == pytest.approx(percent / 100, rel=0.1)
    seen.host.get_by_role("button", name="Back to full speed").click()
    assert seen.ask("player.performance.rate") == 1


def test_the_mixer_reaches_the_sound(page, address):
    page.goto(address + "two.html")
    seen = Seen(page)
    seen.open("Mixer")
    seen.play()
    with_all = seen.loudness()
    for voice in ("Alto", "Tenor", "Bass"):
        seen.host.get_by_role("button", name=f"Mute {voice}").click()
    assert seen.ask("player.mixer.voices.map(voice => voice.muted)") == [False, True, True, True]
    seen.host.get_by_label("Balance of Soprano").fill("0")
    seen.host.get_by_label("Space of Soprano").fill("0")
    seen.wait("(([left, right]) => left > 1e-3 && right < left / 30)(player.performance.levels())")
    seen.host.get_by_label("Volume of Soprano").fill("0")
    seen.wait(f"Math.max(...player.performance.levels()) < {with_all / 300}")
    seen.host.get_by_role("button", name="Bass alone").click()
    assert seen.ask("player.mixer.voices.map(voice => voice.muted)") == [True, True, True, True]  # it is muted as well
    seen.host.get_by_role("button", name="Mute Bass").click()
    assert seen.ask("player.mixer.voices.map(voice => voice.muted)") == [True, True, True, False]
    seen.wait(f"Math.max(...player.performance.levels()) > {with_all / 30}")


def test_starting_one_stops_the_other(page, address):
    page.goto(address + "two.html")
    first, second = Seen(page, 0), Seen(page, 1)
    first.play()
    second.play()
    assert not first.ask("player.playing")
    expect(first.host.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(second.host.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_the_keyboard_alone_suffices(page, address):
    page.goto(address + "two.html")
    seen = Seen(page)
    for _ in range(2):
        page.keyboard.press("Tab")
    assert seen.ask("player.shadow.activeElement.className") in ("score", "play")
    seen.host.locator(".score").focus()
    press = page.keyboard.press
    beats, bars = seen.ask("player.sheet.beats.map(beat => beat[0])"), seen.ask("player.sheet.bars.map(bar => bar[1])")
    press("ArrowRight")
    assert seen.ask("player.position") == beats[1]
    press("Shift+ArrowRight")
    assert seen.ask("player.position") == bars[2]
    press("Shift+ArrowLeft")
    press("ArrowLeft")
    assert seen.ask("player.position") == beats[0]
    press("m")
    press("c")
    assert seen.ask("[player.settings.metronome, player.settings.countIn]") == [True, True]
    press("c")
    press("2")
    press("Shift+Digit3")
    assert seen.ask("player.mixer.voices.map(voice => voice.muted)") == [True, True, False, True]
    press("-")
    assert seen.ask("player.settings.rate") == 0.95
    for key, part in (("x", ".mixer"), ("r", ".roll"), ("i", ".lights"), ("?", ".keys")):
        press(key)
        expect(seen.host.locator(part)).to_be_visible()
    press("w")
    expect(seen.host.get_by_role("status")).to_have_text(re.compile(r"^the pickup, 0:00 of 0:\d\d$"))
    press(" ")
    seen.wait("player.playing && player.performance.levels()[0] > 1e-4")
    press(" ")
    assert not seen.ask("player.playing")
    press("Escape")
    expect(seen.host.locator(".more")).to_be_hidden()


def test_keys_pressed_in_the_player_do_not_reach_the_page_but_shortcuts_do(page, address):
    page.goto(address + "one.html")
    seen = Seen(page)
    page.evaluate("() => { window.heard = []; document.addEventListener('keydown', event => heard.push(event.key), true); }")
    seen.host.locator(".score").focus()
    for key in ("d", "d", "x", "x", "Enter", "a", "Control+s", "Shift+Enter"):
        page.keyboard.press(key)
    assert page.evaluate("heard") == ["Control", "s", "Enter"]
    seen.open()
    seen.host.get_by_label("Repeat from bar").focus()
    page.keyboard.type("2")
    assert seen.host.get_by_label("Repeat from bar").input_value() == "2"  # and no voice is muted by it
    assert seen.ask("player.mixer.voices[0].muted") is False


def saved(page, button):
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_bytes(), download.value.suggested_filename


def test_files_to_take_home(page, address):
    page.goto(address + "two.html")
    seen = Seen(page)
    seen.open("Save", "Mixer")
    content, name = saved(page, seen.host.get_by_role("button", name="Save as MIDI"))
    assert name == "christ-lag-in-todesbanden-bwv-4-8.mid"
    assert read_midi(content).notes == CHORALE.notes
    seen.host.get_by_role("button", name="Mute Alto").click()
    seen.host.get_by_label("Balance of Bass").fill("10")
    content, _ = saved(page, seen.host.get_by_role("button", name="Save as MIDI"))
    assert [voice.volume for voice in read_midi(content).voices] == [100, 0, 100, 100]
    assert read_midi(content).voices[3].balance == 10
    content, name = saved(page, seen.host.get_by_role("button", name="Save as MusicXML"))
    assert content.decode() == musicxml(CHORALE) and name.endswith(".musicxml")
    content, name = saved(page, seen.host.get_by_role("button", name="Save as WAV"))
    assert content[:4] == b"RIFF" and len(content) > 44_100 * 4 * CHORALE.seconds(CHORALE.end)


def test_making_a_wav_file_can_be_cancelled(page, address):
    page.goto(address + "long.html")
    seen = Seen(page)
    seen.open("Save")
    seen.host.get_by_role("button", name="Save as WAV").click()
    seen.host.get_by_role("progressbar").wait_for()
    page.keyboard.press("Escape")
    expect(seen.host.get_by_role("progressbar")).to_be_hidden()
    expect(seen.host.get_by_role("button", name="Save as WAV")).to_be_enabled()
    expect(seen.host.locator(".more")).to_be_visible()


def test_play_says_what_it_waits_for_and_begins_when_it_can(page, address):
    held = []
    page.route("**/soundfont.sf3", lambda route: held.append(route))
    page.goto(address + "one.html")
    seen = Seen(page)
    seen.host.get_by_role("button", name="Play", exact=True).click()
    expect(seen.host.locator(".time")).to_have_text("The sound is on its way …")
    expect(seen.host.get_by_role("status")).to_have_text("The sound is on its way …")
    seen.host.get_by_role("button", name="Pause", exact=True).click()  # not wanted any more
    seen.host.get_by_role("button", name="Play", exact=True).click()
    held[0].continue_()
    seen.wait("player.playing && player.performance.levels()[0] > 1e-4")
    expect(seen.host.locator(".time")).to_have_text(re.compile(r"^0:\d\d / 0:32$"))


def test_without_a_synthesiser_the_finished_sound_plays_and_the_mixer_says_why(page, address):
    page.add_init_script("delete globalThis.AudioWorkletNode")
    page.goto(address + "sound.html")
    seen = Seen(page)
    seen.open("Mixer")
    seen.host.get_by_role("button", name="Play", exact=True).click()
    seen.wait("player.playing && player.position > 0.5")
    assert seen.lit()
    expect(seen.host.get_by_label("Volume of Flute")).to_be_disabled()
    expect(seen.host.locator(".mixer .sentence")).to_contain_text("You hear the finished sound.")
    seen.go_to(10.2)
    seen.wait("player.position > 10.3 && player.score.lit.has('n20')")


def test_from_a_file_the_finished_sound_plays(page, folder):
    page.goto((folder / "sound.html").as_uri())
    seen = Seen(page)
    seen.host.get_by_role("button", name="Play", exact=True).click()
    seen.wait("player.playing && player.position > 0.5")
    assert seen.lit()


def test_where_there_is_no_sound_at_all_a_sentence_says_so(page, folder):
    page.goto((folder / "one.html").as_uri())
    seen = Seen(page)
    seen.host.get_by_role("button", name="Play", exact=True).click()
    expect(seen.host.locator(".problem")).to_have_text("This page came without its sound, so it can be read but not heard.")
    expect(seen.host.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_lights_never_flash(browser, address, folder):
    """Fast repeated chords, very loud: the picture's brightness changes by less than a tenth, which counts as no flash."""
    notes = [Note(6 * i, 3, 60 + 4 * v, 127, v) for i in range(160) for v in range(4)]
    (folder / "fast.html").write_text(PAGE.format(figures=show.html(Piece(notes, tempos=[(0, 400_000)]))))
    page = browser.new_page()
    page.goto(address + "fast.html")
    seen = Seen(page)
    seen.open("Lights")
    seen.play()
    brightness = seen.ask(
        """new Promise(done => { const canvas = player.more.lights.canvas, small = document.createElement('canvas'), all = [];
        small.width = small.height = 16; const draw = small.getContext('2d', {willReadFrequently: true});
        const linear = x => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
        const look = () => { draw.drawImage(canvas, 0, 0, 16, 16); const {data} = draw.getImageData(0, 0, 16, 16); let sum = 0;
            for (let i = 0; i < data.length; i += 4)
                sum += 0.2126 * linear(data[i]) + 0.7152 * linear(data[i + 1]) + 0.0722 * linear(data[i + 2]);
            all.push(sum / 256); all.length < 120 ? requestAnimationFrame(look) : done(all); };
        look(); })"""
    )
    assert max(brightness) > 1.2 * min(brightness) or max(brightness) > 0.01  # something is there to be seen
    assert max(brightness) - min(brightness) < 0.1
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1400])
def test_nobody_is_shut_out(browser, address, theme, width):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address + "two.html")
    seen = Seen(page)
    assert seen.ask("player.root.dataset.theme") == theme
    seen.open("Mixer", "Piano roll", "Lights", "Save", "Keys")
    seen.ask("player.loopBars(1, 2)")
    found = Axe().run(page).response["violations"]
    serious = [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found if fault["impact"] in ("serious", "critical")]
    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_a_pickup_and_a_change_of_meter_have_their_beats(page, folder, address):
    piece = Piece([Note(12 * i, 12, 60 + i % 8) for i in range(26)], meters=[(0, Meter(4, 4)), (120, Meter(6, 8))], pickup=24)
    (folder / "meter.html").write_text(PAGE.format(figures=show.html(piece)))
    page.goto(address + "meter.html")
    seen = Seen(page)
    seen.host.locator(".score").focus()
    times = []
    for _ in range(8):
        page.keyboard.press("ArrowRight")
        times.append(seen.ask("player.position"))
    assert times == [0.5, 1.0, 1.5, 2.0, 2.5, 3.25, 4.0, 4.75]
    assert json.loads(seen.host.get_by_label("Position").get_attribute("max")) == 6.5


def test_a_player_that_the_page_took_away_lets_go_of_its_sound(page, address):
    page.goto(address + "two.html")
    first, second = Seen(page, 0), Seen(page, 1)
    first.play()
    page.evaluate("() => { window.old = musiclab.playerOf(document.querySelector('.musiclab-player')); }")
    page.evaluate("document.querySelector('figure').remove()")
    page.wait_for_function("old.performance === null && !musiclab.sounding")
    page.evaluate("document.body.append(old.host)")
    page.evaluate("old.hear()")
    page.evaluate("old.host.remove()")  # it does not play now: who plays next sees to it
    second.which = 0
    second.host = page.locator(".musiclab-player").first
    second.play()
    assert page.evaluate("old.performance") is None
