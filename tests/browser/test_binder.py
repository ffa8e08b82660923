"""On Binder a student's work survives: the browser keeps it, and the next Binder offers it again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from browser.conftest import PATIENCE, watched

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/OWNER/musiclab"
START = "start.ipynb"
KEPT = """text => new Promise((resolve) => {
  const request = indexedDB.open("jupyter-offlinenotebook");
  request.onsuccess = () => {
    const database = request.result;
    const answer = (found) => {
      database.close();
      resolve(found);
    };
    if (!database.objectStoreNames.contains("offlinenotebook")) return answer(false);
    const all = database.transaction("offlinenotebook").objectStore("offlinenotebook").getAll();
    all.onsuccess = () =>
      answer(all.result.some(({ pk, content }) => pk.includes("path:start.ipynb") && JSON.stringify(content).includes(text)));
  };
})"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Binder's start is a shell script")]


@pytest.fixture(scope="module")
def binder(tmp_path_factory):
    """JupyterLab as Binder starts it, in a copy of the course: (address, the student's folder)."""
    course = tmp_path_factory.mktemp("binder") / "course"
    shutil.copytree(ROOT / "binder", course / "binder")
    shutil.copytree(ROOT / "musiclab" / "data" / "jupyter", course / "musiclab" / "data" / "jupyter")
    (course / "work").mkdir()
    shutil.copy(ROOT / "lessons" / START, course / "work")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = {"HOME": str(course.parent), "JUPYTER_CONFIG_DIR": str(course.parent / "config"), "BINDER_REPO_URL": REPOSITORY}
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")} | home
    options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    options += ["--allow-root"] if os.geteuid() == 0 else []
    command = [course / "binder" / "start", sys.executable, "-m", "jupyterlab", *options]
    log = course.parent / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=ours, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    yield f"http://localhost:{port}/", course / "work"
    process.send_signal(signal.SIGTERM)
    process.wait(120)


@pytest.fixture
def student(browser):
    """An empty browser: its page, and what goes wrong on it."""
    context = browser.new_context()
    context.set_default_timeout(2 * PATIENCE)
    page = context.new_page()
    yield page, watched(page)
    context.close()


def opened(page, address):
    """Go to the course as Binder's address leads there; the server may still be starting."""
    for _ in range(120):
        try:
            page.goto(address)
            break
        except Exception:  # nobody listens yet
            page.wait_for_timeout(500)
    page.locator(".jp-Notebook h1").first.wait_for()


def write(page, text):
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(f"\n{text}")


def wait_until_kept(page, text):
    """Wait until the browser keeps a notebook with this text; `wait_for_function` takes a promise itself for a yes."""
    for _ in range(4 * PATIENCE // 1000):
        if page.evaluate(KEPT, text):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"the browser has not kept {text!r}")


def test_what_a_student_writes_is_kept_in_the_browser_and_offered_on_the_next_binder(binder, student):
    (page, wrong), (address, work) = student, binder
    opened(page, address)  # the start page opens by itself
    page.get_by_text("Binder forgets everything").wait_for()
    page.get_by_role("button", name="Download this notebook").wait_for()
    write(page, "# my own work")
    wait_until_kept(page, "# my own work")
    page.keyboard.press("Control+s")
    page.locator(".jp-mod-dirty").wait_for(state="detached")
    wrong_before_leaving = list(wrong)

    shutil.copy(ROOT / "lessons" / START, work)  # a new Binder has the course as it is published
    opened(page, address)
    assert page.get_by_text("# my own work").count() == 0
    write(page, "# begun anew")  # before the offer is read
    wait_until_kept(page, "# begun anew")
    page.get_by_role("button", name="Bring it back").click()
    page.locator(".jp-Notebook").get_by_text("# my own work").wait_for()
    assert wrong_before_leaving == wrong == []


def test_the_buttons_of_the_toolbar_save_and_restore(binder, student):
    (page, wrong), (address, work) = student, binder
    shutil.copy(ROOT / "lessons" / START, work)
    opened(page, address)
    write(page, "# saved by hand")
    page.get_by_title("Save to browser storage").click()
    page.get_by_text("Notebook saved to browser storage").wait_for()
    page.get_by_role("button", name="Ok", exact=True).click()
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    write(page, "# a mistake")
    wait_until_kept(page, "# a mistake")  # which is kept too, and not in the place of what was saved
    page.get_by_title("Restore from browser storage").click()
    page.get_by_role("button", name="OK", exact=True).click()
    page.locator(".jp-Notebook").get_by_text("# saved by hand").wait_for()
    leading_away = page.get_by_title("Visit Binder repository").count() + page.get_by_title("Link to this Binder").count()
    assert (leading_away, wrong) == (0, [])
