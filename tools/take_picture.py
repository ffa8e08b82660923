"""Takes docs/picture.png, the picture in the README: lesson 1 in JupyterLab, with the score player at work.

python tools/take_picture.py
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "picture.png"
LESSON = "01-sound-and-score/01-sound-and-score.ipynb"
SIZE = {"width": 1280, "height": 800}
PATIENCE = 180_000  # milliseconds
CELLS = 2  # setup, and the tune that is shown


def main():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "musiclab.cli", "lab", "--no-open", "--folder", f"{folder}/work", "--"]
        command += ["--port=0", "--LabApp.expose_app_in_browser=True"]
        lab = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            address = next(found[0] for line in lab.stdout if (found := re.search(r"http://\S*token=\w+", line)))
            take(address.replace("start.ipynb", LESSON))
        finally:
            lab.terminate()
            lab.wait(60)


def take(address):
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as play:
        page = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"]).new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
        code = page.locator(".jp-CodeCell")
        for i in range(CELLS):
            code.nth(i).locator(".cm-content").click()
            page.keyboard.press("Shift+Enter")
        page.locator(".musiclab-player .score > svg").wait_for()
        page.get_by_role("button", name="Play", exact=True).first.click()
        page.locator(".musiclab-player .lit").first.wait_for()
        page.locator(".musiclab-player").first.evaluate("player => player.closest('.jp-Cell').scrollIntoView()")
        page.wait_for_timeout(3000)  # some notes in
        page.screenshot(path=PICTURE)
        page.get_by_role("button", name="Pause", exact=True).first.click()


if __name__ == "__main__":
    main()
