"""A lesson as `make site` writes it, looked at from the disk and from a server: it shows, plays and gives no answer away."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

from browser.seen import Seen

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

pytestmark = pytest.mark.slow
LESSON = "01-sound-and-score"
PAGE = f"students/{LESSON}/{LESSON}.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site with one light lesson."""
    import make_site

    folder = tmp_path_factory.mktemp("site")
    make_site.main([LESSON[:2], "--out", str(folder)])
    return folder


@pytest.fixture(params=["from the disk", "from a server"])
def address(request, site, serve):
    return f"file://{site}/" if request.param == "from the disk" else serve(site)


def test_score_sound_and_pictures_are_there_without_a_kernel(page, address):
    page.goto(address + PAGE)
    player = Seen(page)
    player.host.get_by_role("button", name="Play", exact=True).click()
    player.wait("player.position > 0.5")  # what comes out of a file on the disk, no page may listen to
    assert player.lit()
    player.host.get_by_role("button", name="Pause", exact=True).click()
    page.locator("details.outputs:has(.plot) summary").first.click()
    page.locator(".plot .main-svg").first.wait_for()
    assert page.locator("math").count() > 3


@pytest.mark.parametrize("width, scheme", [(1200, "light"), (360, "dark")])
@pytest.mark.parametrize("who", ["students", "teachers"])
def test_everybody_can_read_it(page, site, serve, width, scheme, who):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{serve(site)}{who}/{LESSON}/{LESSON}.html")
    Seen(page)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    faults = [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found if fault["impact"] in ("serious", "critical")]
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width  # nothing sticks out


def test_the_students_pages_have_no_answer_and_no_way_to_one(site):
    for path in [path for path in (site / "students").rglob("*") if path.suffix in {".html", ".ipynb"}]:
        text = path.read_text()
        assert "YOUR CODE HERE" in text and "HIDDEN TESTS" not in text and "BEGIN SOLUTION" not in text
        assert "teachers" not in re.findall(r'href="[^"]*"', text)
    solution = (ROOT / "solutions" / LESSON / f"{LESSON}.ipynb").read_text()
    answers = re.findall(
        r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", "\n".join(c.source for c in nbformat.reads(solution, 4).cells), re.S
    )
    page = re.sub(r"<[^>]*>", "", (site / PAGE).read_text())
    teachers = re.sub(r"<[^>]*>", "", (site / "teachers" / LESSON / f"{LESSON}.html").read_text())
    longest = [max(answer.splitlines(), key=len).strip() for answer in answers]
    assert all(line.split("(")[0] in teachers for line in longest) and not any(line in page for line in longest)


def test_a_page_asks_for_nothing_that_is_not_in_its_folder(site):
    for path in site.rglob("*.html"):
        for address in re.findall(r'(?:src|href)="([^"#]*)', path.read_text()):
            if address.startswith(("data:", "http://", "https://")):
                continue  # a link to read elsewhere; what is loaded is watched in the browser
            target = (path.parent / address).resolve()
            assert site in target.parents
            known = target.exists() or target.name in {"index.html", "gallery.html", "teaching.html"} or target.suffix == ".html"
            assert known, f"{path.name} leads to {address}"
