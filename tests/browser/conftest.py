"""Chromium, and folders served to it, for the tests that look at pages."""

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

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
