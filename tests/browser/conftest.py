"""Chromium, and folders served to it, for the tests that look at pages."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from conftest import missing_part

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
PATIENCE = 60_000  # milliseconds: the machine may be busy


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, one for the tests of a file: two would not run in one Python."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        missing_part("chromium", "run `make test`, which installs it, or `python tools/system_parts.py browser`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    """An empty page; that nothing went wrong on it and nothing was asked of strangers is looked at in the end."""
    with quiet_page(browser) as page:
        yield page


@contextmanager
def quiet_page(browser):
    """The same, for as long as a `with` lasts."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    wrong = watched(page)
    yield page
    context.close()
    assert wrong == []


def watched(page):
    """A list that fills with what goes wrong on a page: errors in the console, exceptions, requests to other machines."""
    wrong = []
    page.on("console", lambda message: wrong.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"exception: {error}"))
    page.on("request", lambda request: wrong.append(f"request: {request.url[:200]}") if strange(request.url) else None)
    return wrong


def strange(url):
    """Whether an address is on another machine."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {"localhost", "127.0.0.1"}


class Quiet(SimpleHTTPRequestHandler):
    """Hands out files, without a line for each and without a browser keeping an old one."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript", ".sf3": "application/octet-stream"}

    def log_message(self, *_):
        pass

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


@pytest.fixture(scope="module")
def serve():
    """A function that serves a folder and returns its address, which ends in a slash."""
    servers = []

    def start(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://localhost:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class Lab:
    """A running JupyterLab with the course's settings, as students have it, on a folder of its own."""

    def __init__(self, folder, port):
        self.folder, self.address = folder, f"http://localhost:{port}"

    def notebook(self, *cells, name="notebook.ipynb"):
        """Write a notebook with code cells into the folder; returns its path."""
        import nbformat

        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = self.folder / name
        nbformat.write(made, path)
        return path

    def open(self, page, path):
        """Open a notebook of the folder on a page and wait until its kernel is ready."""
        name = path.relative_to(self.folder).as_posix()
        page.goto(f"{self.address}/lab/workspaces/{path.stem}/tree/{name}?reset")
        self.wait_until_idle(page)
        page.wait_for_function(
            """path => { const shown = window.jupyterapp?.shell.currentWidget; return shown?.context?.path === path
                && shown.context.isReady && shown.sessionContext.isReady && jupyterapp.commands.isEnabled('notebook:run-all-cells') }""",
            arg=name,
            timeout=2 * PATIENCE,
        )

    @staticmethod
    def wait_until_idle(page):
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=2 * PATIENCE)

    @staticmethod
    def run_all(page):
        """Run all cells and wait for the last to end."""
        page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")  # not to wait for it here
        prompt = page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")
        from playwright.sync_api import expect

        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=2 * PATIENCE)

    @staticmethod
    def save(page):
        page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(server, address, log):
    """Wait until a server answers at an address; if it ends instead, show what it said last."""
    for _ in range(600):
        try:
            urlopen(address, timeout=5).close()
            break
        except OSError:
            assert server.poll() is None, log.read_text()[-2000:]
            time.sleep(0.2)


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory):
    """`make lab` on a folder of its own, without a password; one server for all tests of a run."""
    place = tmp_path_factory.mktemp("lab")
    port = free_port()
    own = {
        name: str(place / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    options = ["--port", str(port), "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    command = [sys.executable, "-m", "musiclab.cli", "lab", "--folder", str(place / "work"), "--no-open", "--", *options]
    with open(place / "log.txt", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | own, cwd=place)
    lab = Lab(place / "work", port)
    try:
        wait_for(server, f"{lab.address}/api", place / "log.txt")
        yield lab
    finally:
        server.terminate()
        server.wait(timeout=60)
