"""The score player in JupyterLab, opened as `make lab` opens it."""

import json

import pytest
from playwright.sync_api import expect

from browser.seen import Seen

pytestmark = pytest.mark.slow

SHOW = "from musiclab import datasets\npiece = datasets.load('chorales').train[1]\npiece"


def test_a_piece_plays_and_no_key_does_harm(page, jupyterlab):
    jupyterlab.open(page, jupyterlab.notebook(SHOW, "1 + 1", name="plays.ipynb"))
    jupyterlab.run_all(page)
    seen = Seen(page)
    seen.host.scroll_into_view_if_needed()
    seen.host.locator(".score").click(position={"x": 300, "y": 5})
    page.keyboard.press("Space")
    seen.wait("player.playing && player.performance.live && player.performance.levels()[0] > 1e-4 && player.score.lit.size")
    for key in ("d", "d", "x", "a", "b", "m", "y", "l", "Enter"):
        page.keyboard.press(key)
    assert page.locator(".jp-CodeCell").count() == 2
    assert page.locator(".jp-Cell").count() == 2
    assert "jp-mod-commandMode" in page.locator(".jp-Notebook").get_attribute("class")
    assert seen.ask("player.settings.metronome") and seen.ask("player.loop !== null")
    seen.host.get_by_label("Speed", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    assert seen.ask("player.settings.rate") == 0.95
    assert page.locator(".jp-Notebook .jp-mod-active").count() == 1
    page.keyboard.press("Control+s")
    expect(page.locator("dialog, .jp-Dialog")).to_have_count(0)


def test_run_again_the_old_one_is_silent_and_gone(page, jupyterlab):
    jupyterlab.open(page, jupyterlab.notebook(SHOW, name="again.ipynb"))
    jupyterlab.run_all(page)
    seen = Seen(page)
    seen.play()
    page.evaluate("window.old = musiclab.playerOf(document.querySelector('.musiclab-player'))")
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function("old.performance === null && !musiclab.sounding")
    Seen(page).play()


def test_after_a_reload_it_plays_on_request(page, jupyterlab):
    path = jupyterlab.notebook(SHOW, name="reload.ipynb")
    jupyterlab.open(page, path)
    jupyterlab.run_all(page)
    Seen(page)
    jupyterlab.save(page)
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
    page.reload()
    jupyterlab.wait_until_idle(page)
    Seen(page).play()


def test_a_saved_notebook_shows_the_score_without_a_kernel_and_holds_no_sound(page, jupyterlab):
    path = jupyterlab.notebook(SHOW, "import musiclab.widgets\nmusiclab.widgets.ScorePlayer(piece)", name="saved.ipynb")
    jupyterlab.open(page, path)
    jupyterlab.run_all(page)
    Seen(page, 1)
    jupyterlab.save(page)
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
    saved = path.read_text()
    assert len(saved) < 400_000
    notebook = json.loads(saved)
    assert "widgets" not in notebook["metadata"]
    assert "audio/" not in saved and "soundfont" not in saved and "spessasynth" not in saved
    assert not [
        output for cell in notebook["cells"] for output in cell["outputs"] if output["output_type"] in ("stream", "error")
    ]

    notebook["metadata"]["kernelspec"] = {"name": "gone", "display_name": "Gone", "language": "python"}
    path.with_name("kernelless.ipynb").write_text(json.dumps(notebook))
    page.goto(f"{jupyterlab.address}/lab/workspaces/kernelless/tree/kernelless.ipynb?reset")
    no_kernel = page.get_by_role("button", name="No Kernel", exact=True)
    figure = page.locator("figure.musiclab-piece").first
    figure.wait_for()
    if no_kernel.is_visible():
        no_kernel.click()
    expect(figure.locator("img")).to_be_visible()
    expect(figure.locator("figcaption")).to_contain_text("Score of Christ lag in Todesbanden, BWV 4.8: 12 bars")
    assert figure.locator("img").evaluate("picture => picture.naturalWidth") > 500


def test_it_comes_while_the_cell_still_runs(page, jupyterlab):
    cell = (
        "from musiclab import datasets\npiece = datasets.load('chorales').train[1]\ndisplay(piece)\n"
        "import time\nwhile True:\n    time.sleep(0.1)"
    )
    jupyterlab.open(page, jupyterlab.notebook(cell, name="busy.ipynb"))
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    Seen(page).play()
    page.evaluate("window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    jupyterlab.wait_until_idle(page)


def test_a_restarted_kernel_brings_it_again(page, jupyterlab):
    jupyterlab.open(page, jupyterlab.notebook(SHOW, name="restarted.ipynb"))
    jupyterlab.run_all(page)
    Seen(page).play()
    page.evaluate("() => void window.jupyterapp.commands.execute('kernelmenu:restart-and-clear')")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".musiclab-player")).to_have_count(0)
    jupyterlab.wait_until_idle(page)
    jupyterlab.run_all(page)
    Seen(page).play()


def test_two_notebooks_share_one_orchestra(page, jupyterlab):
    jupyterlab.open(page, jupyterlab.notebook(SHOW, name="first.ipynb"))
    jupyterlab.run_all(page)
    first = Seen(page)
    first.play()
    page.evaluate("window.one = musiclab.orchestra")
    other = jupyterlab.notebook(SHOW, name="second.ipynb")
    page.evaluate(f"window.jupyterapp.commands.execute('docmanager:open', {{path: '{other.name}'}})")
    second = page.locator(".jp-NotebookPanel").nth(1)
    second.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    host = second.locator(".musiclab-player")
    host.locator(".score > svg").wait_for()
    host.get_by_role("button", name="Play", exact=True).click()
    expect(host.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.wait_for_function(
        "[...document.querySelectorAll('.musiclab-player')].filter(h => musiclab.playerOf(h).playing).length === 1"
    )
    assert page.evaluate("musiclab.orchestra === one && musiclab.stages.size") == 2


def test_where_the_browser_has_no_synthesiser_the_kernel_makes_the_sound(page, jupyterlab):
    page.add_init_script("delete globalThis.AudioWorkletNode")
    jupyterlab.open(page, jupyterlab.notebook(SHOW, name="element.ipynb"))
    jupyterlab.run_all(page)
    seen = Seen(page)
    seen.open("Mixer")
    seen.host.get_by_role("button", name="Play", exact=True).click()
    seen.wait("player.playing && player.position > 0.5 && player.score.lit.size")
    expect(seen.host.locator(".mixer .sentence")).to_contain_text("You hear the finished sound.")


def test_the_widget_shows_one_piece_after_another_and_tells_the_mix(page, jupyterlab):
    cells = [
        "from musiclab import datasets\nfrom musiclab.widgets import ScorePlayer\n"
        "player = ScorePlayer(datasets.load('chorales').train[1])\nplayer",
        "player.piece = datasets.load('reels').train[0]",
        "print(player.mix)",
    ]
    jupyterlab.open(page, jupyterlab.notebook(cells[0], name="widget.ipynb"))
    jupyterlab.run_all(page)
    seen = Seen(page)
    seen.play()
    run(page, cells[1])
    seen.wait("player.sheet.voices.length === 1 && !player.playing")
    assert seen.host.locator(".score > svg").get_attribute("aria-label").startswith("Score of ")
    seen.open("Mixer")
    seen.host.locator("[data-knob=space]").fill("99")
    seen.host.get_by_role("button", name="Mute", exact=False).first.click()
    page.wait_for_timeout(400)  # knobs wait a moment for the next turn
    output = run(page, cells[2])
    assert "'space': 99" in output and "'muted': True" in output
    run(page, "player.mix = [{'volume': 50, 'balance': 10, 'space': 1, 'muted': False}]")
    expect(seen.host.locator("[data-knob=volume]")).to_have_value("50")
    run(page, "player.piece = None")
    expect(seen.host).to_be_hidden()
    run(page, "player.piece = datasets.load('chorales').train[2]")
    seen.wait("player.sheet.voices.length === 4")
    expect(seen.host).to_be_visible()


def run(page, code):
    """Run code in the notebook's kernel, as another cell would, and give back what it prints."""
    return page.evaluate(
        """async code => { const panel = jupyterapp.shell.currentWidget, kernel = panel.sessionContext.session.kernel; let text = '';
        const future = kernel.requestExecute({code}); future.onIOPub = ({header, content}) => {
            if (header.msg_type === 'stream') text += content.text;
            if (header.msg_type === 'error') text += content.evalue; };
        await future.done; return text; }""",
        code,
    )


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_it_follows_the_theme_and_shuts_nobody_out(page, jupyterlab, theme):
    from axe_playwright_python.sync_playwright import Axe

    jupyterlab.open(page, jupyterlab.notebook(SHOW, name="theme.ipynb"))
    jupyterlab.run_all(page)
    seen = Seen(page)
    page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{theme}'}})")
    seen.wait(f"player.root.dataset.theme === '{theme.split()[1].lower()}'")
    seen.open("Mixer", "Piano roll", "Save", "Keys")
    found = Axe().run(page, context=".musiclab-piece").response["violations"]
    serious = [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found if fault["impact"] in ("serious", "critical")]
    assert serious == []
