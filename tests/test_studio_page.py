"""The Studio's buttons, its list of pieces and its pages to share, through the object that a notebook shows."""

import re
import subprocess
import sys
import time
from html import unescape

import pytest

from musiclab import sound
from musiclab.studio import Studio
from musiclab.studio.takes import Networks

PATIENCE = 120
NETWORKS = Networks()


@pytest.fixture
def studio(monkeypatch):
    """A Studio with a first short piece on show."""
    monkeypatch.setattr("musiclab.studio.page.Networks", lambda path: NETWORKS)
    studio = Studio(first=False)
    studio.knobs.bars.value, studio.knobs.seed.value = 4, "1"
    return pressed(studio, "Generate")


def pressed(studio, *buttons):
    for button in buttons:
        studio.press(button)
        assert studio.wait(PATIENCE)
    return studio


def words(html):
    return unescape(re.sub("<[^>]*>", " ", html))


def test_a_studio_begins_with_a_piece_that_can_be_seen_and_used():
    studio = Studio()
    assert not studio.buttons["Stop"].disabled  # at once it says that it works
    assert studio.wait(PATIENCE)
    assert len(studio.piece.notes) > 30 and studio.card["settings"]["style"] == "reel"
    assert studio.player.piece.notes == studio.piece.notes and studio.player.picture.startswith("<svg")
    assert "application/vnd.jupyter.widget-view+json" in studio._repr_mimebundle_()


def test_again_is_another_piece_with_the_wishes_of_the_one_on_show(studio):
    first = studio.piece
    studio.knobs.style.value, studio.knobs.bars.value = "jig", 9
    again = pressed(studio, "Again").piece
    assert (again.style, again.meter, again.key) == (first.style, first.meter, first.key)
    assert studio.card["settings"]["bars"] == 4
    assert again.notes != first.notes
    assert pressed(studio, "Generate").piece.style == "jig"


def test_continue_keeps_what_is_there_and_adds_as_many_bars_as_the_knob_says(studio):
    first = studio.piece
    studio.knobs.bars.value, studio.knobs.style.value = 3, "jig"
    longer = pressed(studio, "Continue").piece
    assert longer.notes[: len(first.notes)] == first.notes and len(longer.bars) == len(first.bars) + 3
    assert (longer.style, longer.tempos) == (first.style, first.tempos)


def test_harmonise_and_arrange_take_the_tune_on_show_and_continue_keeps_the_band(studio):
    tune = studio.piece
    sung = pressed(studio, "Harmonise").piece
    assert len(sung.voices) == 4 and [n[:3] for n in sung.notes if n.voice == 0] == [n[:3] for n in tune.notes]
    assert "Part-writing" in studio.words.value
    studio.knobs.pattern.value = "strum"
    band = pressed(studio, "Arrange").piece
    assert [voice.name for voice in band.voices] == ["Soprano", "Guitar", "Bass", "Drums"]
    studio.knobs.pattern.value, studio.knobs.bars.value = "", 1
    assert [voice.name for voice in pressed(studio, "Continue").piece.voices] == ["Soprano", "Guitar", "Bass", "Drums"]
    assert len(studio.history.entries) == 4


def test_arrange_without_a_pattern_plays_whole_chords_and_a_chorale_is_not_harmonised_again(studio):
    assert "block arrangement" in pressed(studio, "Arrange").piece.title
    studio.knobs.pattern.value, studio.knobs.style.value = "", "chorale"
    pressed(studio, "Generate")
    assert studio.buttons["Harmonise"].disabled
    pressed(studio, "Undo")
    assert not studio.buttons["Harmonise"].disabled


def test_undo_goes_back_and_nothing_is_lost(studio):
    first = studio.piece
    second = pressed(studio, "Again").piece
    assert pressed(studio, "Undo").piece == first and studio.buttons["Undo"].disabled
    assert [label for label, _ in studio.compare.list.options] == [f"1 · {first.title}"]
    pressed(studio, "Undo")  # grey: nothing happens
    assert studio.piece == first and pressed(studio, "Again").piece != second


def test_a_piece_of_the_list_comes_back_and_undo_takes_back_the_choice(studio):
    first, second = studio.piece, pressed(studio, "Again").piece
    studio.compare.list.value = 1
    assert studio.piece == first == studio.player.piece and f"1 · {first.title}" in words(studio.status.value)
    assert pressed(studio, "Undo").piece == second and studio.compare.list.value == 2


def test_a_and_b_are_heard_one_after_the_other_and_stand_side_by_side(studio):
    pressed(studio, "Again", "Again")
    first, second, third = (entry.take.piece for entry in studio.history.entries)
    assert (studio.compare.a.value, studio.compare.b.value) == (2, 3)
    studio.compare.hear["A"].click()
    assert studio.player.piece.notes == second.notes
    studio.compare.hear["B"].click()
    assert studio.player.piece.notes == third.notes
    studio.compare.a.value = 1
    said = words(studio.compare.words.value)
    assert f"A: 1 · {first.title}" in said and f"B: 3 · {third.title}" in said and "Boldness (differs)" in said
    assert "Form" in said and "Longest copy" in said
    studio.compare.hear["A"].click()
    assert studio.player.piece.notes == first.notes and (studio.compare.a.value, studio.compare.b.value) == (1, 3)
    studio.compare.b.value = 1
    assert "two different ones" in studio.compare.words.value


def test_the_card_says_what_was_asked_and_how_much_was_copied_in_plain_words(studio):
    said = words(studio.words.value)
    copy = studio.card["originality"]
    assert f"At most {copy['longest_copy']} of {studio.card['notes']} notes in a row are also in a tune it learned from" in said
    assert copy["tune"] in said and "reel in 2/2, D major" in said and "seed 1" in said and "fiddle" in said
    studio.knobs.bars.value = 32
    assert "tunes by people share as many or more. That is as usual." in words(pressed(studio, "Generate").words.value)


def test_stop_ends_the_work_at_once_and_the_old_piece_stays(studio):
    first, took = studio.piece, []
    studio.knobs.bars.value, studio.knobs.harmony.value = 64, "chorale"
    for _ in range(3):  # a busy machine may be late once
        studio.press("Generate")
        time.sleep(0.3)  # it is in the middle of it now
        begun = time.monotonic()
        studio.press("Stop")
        took.append(time.monotonic() - begun)
        assert studio.piece == first and studio.buttons["Stop"].disabled and "Stopped." in studio.status.value
        assert studio.wait(PATIENCE) and studio.piece == first and len(studio.history.entries) == 1
    assert min(took) < 0.5


def test_the_newest_request_wins(studio):
    for style in ("jig", "slip jig", "hornpipe"):
        studio.knobs.style.value = style
        studio.press("Generate")
    assert studio.wait(PATIENCE)
    assert studio.piece.style == "hornpipe" and len(studio.history.entries) == 2


def test_progress_is_seen_at_once_grows_and_goes_away(studio):
    seen = []
    studio.progress.observe(lambda change: seen.append(change.new), "value")
    studio.knobs.bars.value, studio.knobs.harmony.value = 32, "chorale"
    begun = time.thread_time()  # of this thread alone: what else the machine does is not counted
    studio.press("Generate")
    assert time.thread_time() - begun < 0.3
    assert studio.progress.layout.visibility == "visible" and "Composing" in studio.status.value
    assert studio.wait(PATIENCE)
    *grown, rest = seen
    assert grown == sorted(grown) and len(grown) > 2 and rest == 0
    assert studio.progress.layout.visibility == "hidden" and "Ready" in studio.status.value


def test_what_cannot_be_drawn_is_said_and_is_no_piece_of_the_session(studio, monkeypatch):
    first = studio.piece

    def broken(piece, **_):
        raise RuntimeError("no ink")

    monkeypatch.setattr("musiclab.widgets.player.svg_pages", broken)
    pressed(studio, "Again")
    assert "no ink" in studio.status.value and 'role="alert"' in studio.status.value
    assert studio.piece == first and len(studio.history.entries) == 1


def test_the_page_to_share_is_one_file_with_score_sound_and_card_and_asks_nobody(studio):
    studio.player.mix = [place | {"volume": 1} for place in studio.player.mix]
    pressed(studio, "Share")
    name, content = studio.keeper.last
    page = content.decode()
    assert name == "reel-in-d-major-seed-1.html" and page.startswith("<!doctype html>")
    assert 'src="data:image/svg+xml;base64,' in page and re.search(r'<audio[^>]*src="data:audio/(mpeg|ogg);base64,', page)
    assert "Longest copy" in page and "<title>Reel in D major (seed 1)</title>" in page
    addresses = set(re.findall(r"https?://[^\s\"'`)<>]+", page))
    assert {address for address in addresses if not address.startswith("http://www.w3.org/")} == set()
    assert page.count("</script>") == page.count("<script")
    assert len(content) < 3_000_000 and "downloads" in studio.status.value


def test_the_page_to_share_sounds_as_it_is_mixed(studio, monkeypatch):
    heard = []
    render = sound.audio_bytes
    monkeypatch.setattr("musiclab.sound.audio_bytes", lambda piece, **wishes: heard.append(piece) or render(piece, **wishes))
    studio.player.mix = [place | {"volume": 7, "balance": 3} for place in studio.player.mix]
    pressed(studio, "Share")
    assert [voice.volume for voice in heard[-1].voices] == [7] and heard[-1].voices[0].balance == 3


def test_nothing_is_ever_printed(studio, capsys):
    pressed(studio, "Again", "Continue", "Arrange", "Undo", "Share")
    studio.knobs.form.value, studio.knobs.style.value = "not a form", "jig"
    pressed(studio, "Generate")
    studio.knobs.openings.take_file("x.mid", b"x")
    studio.press("Generate")
    studio.press("Stop")
    assert studio.wait(PATIENCE)
    assert capsys.readouterr() == ("", "")


def test_a_model_of_ones_own_writes_in_the_studio(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such file"):
        Studio(tmp_path / "mine.npz")
    from musiclab import lstm

    model = lstm.load()
    lstm.save(model, tmp_path / "mine.npz")
    studio = Studio(tmp_path / "mine.npz", first=False)
    studio.knobs.bars.value = 2
    assert pressed(studio, "Generate").card["model"]["file"] == "mine.npz"
    assert "unknown, for nothing says what this model learned from" in studio.words.value.lower()


def test_a_first_piece_needs_no_heavy_library():
    code = """
import sys, time
from musiclab.studio import Studio
studio = Studio()
assert studio.wait(60) and studio.piece
heavy = {"tensorflow", "keras", "music21", "sklearn", "scipy", "plotly", "symusic", "soundfile"}
print(sorted(heavy & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "[]\n")
