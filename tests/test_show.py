"""A Piece in a notebook: picture, sound and words, also where there is no kernel."""

import base64
import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from musiclab import show
from musiclab.piece import Key, Meter, Note, Piece
from musiclab.sheet import sheet

JIG = Piece(
    [Note(12 * i, 12, 67 + i) for i in range(6)],
    meters=[(0, Meter(6, 8))],
    keys=[(0, Key("G"))],
    title='The "Kesh" <1>',
    style="jig",
)


def decoded(html, kind):
    return base64.b64decode(re.search(f'src="data:{kind};base64,([^"]+)"', html)[1])


def told(html):
    """What the figure tells a player."""
    return json.loads(re.search('<script type="application/json">(.*?)</script>', html)[1])


def test_a_piece_is_a_picture_a_line_in_words_and_what_a_player_needs():
    html = show.html(JIG)
    picture = decoded(html, r"image/svg\+xml").decode()
    assert picture.startswith("<svg ") and 'id="n5"' in picture
    words = "Score of The &quot;Kesh&quot; &lt;1&gt;: 1 bar, jig in 6/8, G major, one voice"
    assert f'alt="{words}"' in html and f">{words}</figcaption>" in html
    assert told(html) == json.loads(json.dumps(sheet(JIG)))
    assert "http" not in re.sub('src="[^"]*"', "", html)


def test_no_title_ends_the_script_it_stands_in():
    html = show.html(replace(JIG, title="</script><script>alert(1)</script>"))
    assert html.count("</script>") == 2
    assert told(html)["title"] == "</script><script>alert(1)</script>"


def test_the_sound_lies_in_the_page_only_where_it_is_asked_for(monkeypatch):
    assert "<audio" not in show.html(JIG)
    assert len(decoded(show.html(JIG, sound=True), "audio/(?:mpeg|ogg)")) > 1000
    monkeypatch.setenv("MUSICLAB_SOUND", "embed")
    assert "<audio" in show.html(JIG) and "<audio" not in show.html(JIG, sound=False)


def test_a_lesson_full_of_pieces_stays_small():
    tune = Piece([Note(12 * i, 12, 60 + i % 12) for i in range(8 * 16)], title="Sixteen bars")
    chorale = Piece([Note(24 * i, 24, 50 + 5 * v, voice=v) for i in range(4 * 64) for v in range(4)])
    assert len(show.html(tune)) < 100_000
    assert len(show.html(chorale)) < 700_000


def test_a_long_piece_says_what_is_left_out(monkeypatch):
    from musiclab import sound

    asked = []
    monkeypatch.setattr(sound, "audio_bytes", lambda piece, max_seconds: (asked.append(max_seconds), (b"sound", "audio/mpeg"))[1])
    html = show.html(Piece([Note(24 * i, 24, 60 + i % 12) for i in range(4 * 200)]), sound=True)
    shown = decoded(html, r"image/svg\+xml").decode().count('class="measure"')
    assert shown == 160
    assert f"{200 - shown} more bars not shown; the first 120 of 400 seconds to hear" in html
    assert asked == [120.0]
    assert len(told(html)["notes"]) == 800  # the player plays on, without a picture


def test_a_piece_without_notes_can_be_shown():
    assert "0 notes" not in show.html(Piece()) and "<img" in show.html(Piece())


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    return InteractiveShell()


def test_ipython_shows_html_beside_the_plain_text(shell):
    assert show.register(shell)
    data, _ = shell.display_formatter.format(JIG)
    assert data["text/html"].startswith("<figure")
    assert data["text/plain"] == repr(JIG)


def test_importing_musiclab_inside_ipython_is_enough():
    code = (
        "import musiclab; from musiclab.piece import Piece; "
        "print(get_ipython().display_formatter.formatters['text/html'].lookup_by_type(Piece).__module__)"
    )
    done = subprocess.run([sys.executable, "-m", "IPython", "--no-banner", "-c", code], capture_output=True, text=True)
    assert done.stdout.strip().endswith("musiclab.show"), done.stderr


def test_outside_ipython_nothing_is_loaded():
    code = "import sys, musiclab; print(sorted(name for name in sys.modules if name.startswith(('musiclab.', 'IPython', 'numpy', 'verovio'))))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.slow
def test_a_saved_page_without_kernel_shows_and_plays_it(tmp_path):
    import nbformat
    from nbconvert import HTMLExporter

    output = nbformat.v4.new_output(
        "execute_result", {"text/html": show.html(JIG, sound=True), "text/plain": repr(JIG)}, execution_count=1
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("piece", outputs=[output], execution_count=1)])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert re.search("<img alt=.Score of The", page) and re.search('<audio [^>]*controls[^>]*src="data:audio/', page)


def test_a_player_that_cannot_come_says_so_below_the_picture(monkeypatch):
    from musiclab.widgets import stage

    def fails():
        raise OSError("no <room>")

    monkeypatch.setattr(stage, "set_stage", fails)
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    page = show.shown(JIG)
    assert page.startswith(show.html(JIG)) and "<p>The player could not come to this page (OSError: no &lt;room&gt;).</p>" in page
