"""The printed page: pictures that say what they show, with ids that sound when they should."""

import json
import re
from threading import Thread
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from test_musicxml import CASES, pieces

from musiclab.piece import Key, Meter, Note, Piece
from musiclab.score import describe, musicxml, svg_pages, timemap

TUNE = Piece(
    [Note(0, 12, 62), Note(12, 84, 67), Note(96, 48, 66), Note(144, 72, 67)],
    meters=[(0, Meter(6, 8))],
    keys=[(0, Key("G"))],
    tempos=[(0, 400_000), (96, 300_000)],
    pickup=12,
    title="A & B",
    style="jig",
)


@pytest.mark.parametrize("name", CASES)
def test_every_page_is_well_formed_and_carries_every_note(name):
    pages = svg_pages(CASES[name], prefix="x-")
    ids = [element.get("id") for page in pages for element in ElementTree.fromstring(page).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.match("x-|[0-9A-F]{4}-x-", name) for name in ids)
    for i in range(len(CASES[name].notes)):
        assert f"x-n{i}" in ids


def test_two_scores_on_a_page_share_no_id():
    a, b = (set(re.findall(r'id="([^"]+)"', svg_pages(TUNE, prefix=prefix)[0])) for prefix in ("a-", "b-"))
    assert a and not a & b


def test_the_picture_says_what_it_shows_and_takes_the_ink_of_the_page():
    [page] = svg_pages(TUNE)
    root = ElementTree.fromstring(page)
    assert root.get("role") == "img" and root.get("fill") == "currentColor"
    assert root.get("aria-label") == "Score of A & B: 3 bars, jig in 6/8, G major, one voice"
    assert root[0].tag.endswith("title") and root[0].text == root.get("aria-label")
    assert 'color="black"' not in page and "@font-face" not in page and "Leipzig" not in page
    assert len(page) < 30_000


def test_pages_have_the_size_that_was_asked_for():
    long = Piece([Note(24 * i, 24, 60 + i % 12) for i in range(400)])
    pages = svg_pages(long, width=600, height=500)
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        width, height = map(int, re.search(r'width="(\d+)px" height="(\d+)px"', page).groups())
        assert width == 600 and height <= 501
        assert f"Page {number} of {len(pages)}" in page
    [whole] = svg_pages(long, width=600)
    assert whole.count('class="measure"') == 100


def test_tunes_are_set_in_lines_of_four_or_eight_bars():
    reel = Piece(
        [Note(96 * bar + start, 12, 67 + start % 5) for bar in range(16) for start in (0, 12, 24, 36, 48, 72)],
        meters=[(0, Meter(2, 2))],
    )
    waltz = Piece([Note(24 * i, 24, 67 + i % 5) for i in range(3 * 16)], meters=[(0, Meter(3, 4))])
    systems = [
        [system.count('class="measure"') for system in svg_pages(piece)[0].split('class="system"')[1:]] for piece in (reel, waltz)
    ]
    assert systems == [[4] * 4, [8] * 2]


def test_a_picture_needs_few_letters_for_each_note():
    """A notebook holds its pictures, and is sent by mail; Verovio's own page has half as many letters again."""
    reel = Piece([Note(12 * i, 12, 60 + i % 13) for i in range(128)], meters=[(0, Meter(2, 2))])
    [page] = svg_pages(reel)
    assert len(page) < 300 * len(reel.notes)
    assert page.count("H") >= 16 and page.count('stroke-width="13"') == page.count('class="staff"') == 16  # five lines, one path
    assert "scale(0.72, 0.72)" not in page


def test_the_same_piece_gives_the_same_picture():
    assert svg_pages(TUNE) == svg_pages(TUNE)


@pytest.mark.parametrize(
    "sizes, said", [({"width": 0}, "width 0: expected"), ({"height": 9}, "height 9"), ({"scale": 0}, "scale 0")]
)
def test_sizes_out_of_range_are_refused(sizes, said):
    with pytest.raises(ValueError, match=said):
        svg_pages(TUNE, **sizes)


def test_noteheads_light_up_when_they_sound():
    assert timemap(TUNE) == [
        (0.0, ["n0"], []),
        (0.2, ["n1"], ["n0"]),
        (pytest.approx(1.4), ["n1-2"], ["n1"]),
        (pytest.approx(1.6), ["n2"], ["n1-2"]),
        (pytest.approx(1.9), ["n2-2"], ["n2"]),
        (pytest.approx(2.2), ["n3"], ["n2-2"]),
        (pytest.approx(2.35), ["n3-2"], ["n3"]),
        (pytest.approx(2.8), ["n3-3"], ["n3-2"]),
        (pytest.approx(3.1), [], ["n3-3"]),
    ]


@settings(max_examples=50)
@given(pieces())
def test_notes_light_up_exactly_while_they_sound(piece):
    on, off = {}, {}
    for seconds, begins, ends in timemap(piece, prefix="p"):
        for name in begins:
            on.setdefault(int(name.split("-")[0][2:]), seconds)
        for name in ends:
            off[int(name.split("-")[0][2:])] = seconds
    assert on == {i: piece.seconds(note.start) for i, note in enumerate(piece.notes)}
    assert off == {i: piece.seconds(note.end) for i, note in enumerate(piece.notes)}


@pytest.mark.parametrize("name", ["jig with pickup and complement", "quartet", "reel with triplets in cut time"])
def test_verovio_finds_the_same_times_without_a_warning(name, capfd):
    import verovio

    piece = CASES[name]
    verovio.enableLog(verovio.LOG_WARNING)
    toolkit = verovio.toolkit()
    toolkit.loadData(musicxml(piece))
    toolkit.renderToSVG(1)
    entries = json.loads(json.dumps(toolkit.renderToTimemap({"includeMeasures": False})))
    verovio.enableLog(verovio.LOG_OFF)
    found = {head: entry["tstamp"] / 1000 for entry in entries for head in entry.get("on", ())}
    for seconds, begins, _ in timemap(piece):
        for head in begins:
            assert found[head] == pytest.approx(seconds, abs=0.002)
    assert capfd.readouterr().err == ""


def test_drawing_says_nothing_on_stderr(capfd):
    for piece in CASES.values():
        svg_pages(piece)
    assert capfd.readouterr() == ("", "")


def test_the_score_in_words():
    changing = Piece(
        [Note(0, 200, 60)], voices=[()] * 14, meters=[(0, Meter()), (96, Meter(3, 4))], keys=[(0, Key("C")), (96, Key("G"))]
    )
    assert describe(changing) == "Score of an untitled piece: 3 bars, in 4/4 and 3/4, C major and G major, 14 voices"
    assert describe(Piece(title="Silence")) == "Score of Silence: 1 bar, in 4/4, one voice"


def test_a_score_is_drawn_in_any_thread():
    piece, pages = Piece([Note(0, 96, 60)]), []
    here = svg_pages(piece)
    for _ in range(2):  # Verovio knows its fonts in the first thread that loads it
        thread = Thread(target=lambda: pages.append(svg_pages(piece)))
        thread.start()
        thread.join()
    assert pages == [here, here]
