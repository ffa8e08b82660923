"""A Piece in a notebook: picture, sound and words, also where there is no kernel."""

import base64
import re
import subprocess
import sys

import pytest

from musiclab import show
from musiclab.piece import Key, Meter, Note, Piece

JIG = Piece(
    [Note(12 * i, 12, 67 + i) for i in range(6)],
    meters=[(0, Meter(6, 8))],
    keys=[(0, Key("G"))],
    title='The "Kesh" <1>',
    style="jig",
)


def decoded(html, kind):
    return base64.b64decode(re.search(f'src="data:{kind};base64,([^"]+)"', html)[1])


def test_a_piece_is_a_picture_a_sound_and_a_line_in_words():
    html = show.html(JIG)
    picture = decoded(html, r"image/svg\+xml").decode()
    assert picture.startswith("<svg ") and 'id="n5"' in picture
    assert len(decoded(html, "audio/(?:mpeg|ogg)")) > 1000
    words = "Score of The &quot;Kesh&quot; &lt;1&gt;: 1 bar, jig in 6/8, G major, one voice"
    assert f'alt="{words}"' in html and f"<figcaption>{words}" in html
    assert "<script" not in html and "http" not in re.sub('src="[^"]*"', "", html)


def test_a_long_piece_says_what_is_left_out(monkeypatch):
    from musiclab import sound

    asked = []
    monkeypatch.setattr(sound, "audio_bytes", lambda piece, max_seconds: (asked.append(max_seconds), (b"sound", "audio/mpeg"))[1])
    html = show.html(Piece([Note(24 * i, 24, 60 + i % 12) for i in range(4 * 200)]))
    shown = decoded(html, r"image/svg\+xml").decode().count('class="measure"')
    assert 20 < shown < 160
    assert f"{200 - shown} more bars not shown; the first 120 of 400 seconds to hear" in html
    assert asked == [120.0]


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

    output = nbformat.v4.new_output("execute_result", {"text/html": show.html(JIG), "text/plain": repr(JIG)}, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("piece", outputs=[output], execution_count=1)])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert re.search("<img alt=.Score of The", page) and re.search('<audio [^>]*controls[^>]*src="data:audio/', page)
