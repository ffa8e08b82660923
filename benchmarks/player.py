"""How soon a new piece sounds in the browser, how smoothly its notes light up, and what the browser has to fetch for it.

    python benchmarks/player.py [rounds]

A reel is composed, shown and played, as the Studio does it, in Debian's Chromium: once by the synthesiser in the page, once, beside it, as a sound
file that the kernel renders first, which is what a notebook without our player does (`IPython.display.Audio`). Then 64 bars of chorales play while
their notes light up, and frames are counted; and the same while the page does nothing.
"""

import gzip
import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from base64 import b64encode
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

from musiclab import datasets, show
from musiclab.compose import compose
from musiclab.piece import Meter, Piece
from musiclab.sound import audio_bytes
from musiclab.widgets.stage import SOUND_FONT, STATIC

ASSETS = [STATIC / "player.js", STATIC / "synth.js", SOUND_FONT]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Music</title>
<main></main><script src="player.js"></script></html>"""
BARS, SECONDS = 64, 5
SHOW = """async (html) => {
  const begun = performance.now();
  const range = document.createRange();
  document.querySelector("main").replaceChildren(range.createContextualFragment(html));
  while (!document.querySelector(".musiclab-player")) await new Promise((look) => setTimeout(look));
  window.player = musiclab.playerOf(document.querySelector(".musiclab-player"));
  return (performance.now() - begun) / 1000;
}"""
PLAY = """async () => {
  const begun = performance.now();
  player.toggle();
  while (!(player.performance && Math.max(...player.performance.levels()) > 1e-4)) await new Promise((look) => setTimeout(look));
  const seconds = (performance.now() - begun) / 1000;
  player.performance.pause();
  while (Math.max(...player.performance.levels()) > 1e-7) await new Promise((look) => setTimeout(look));
  return seconds;
}"""
PLAY_FILE = """async (source) => {
  const begun = performance.now();
  const audio = new Audio(source);
  await audio.play();
  while (!audio.currentTime) await new Promise((look) => setTimeout(look));
  const seconds = (performance.now() - begun) / 1000;
  audio.pause();
  return seconds;
}"""
FRAMES = """async (seconds) => {
  const steps = [];
  let last = await new Promise(requestAnimationFrame);
  for (const end = last + seconds * 1000; last < end; ) {
    const now = await new Promise(requestAnimationFrame);
    steps.push(now - last);
    last = now;
  }
  return steps;
}"""


def timed(act, *given, **more):
    """What an act returns, and the seconds that it took."""
    start = time.perf_counter()
    return act(*given, **more), time.perf_counter() - start


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def chorales(bars):
    """So many bars of chorales, one after the other."""
    notes, start, voices = [], 0, None
    for piece in datasets.load("chorales").train:
        if piece.meters != ((0, Meter()),) or len(piece.voices) != 4 or piece.pickup:
            continue
        notes += [note._replace(start=note.start + start) for note in piece.notes]
        start += -(-piece.end // Meter().bar) * Meter().bar
        voices = voices or piece.voices
        if start >= bars * Meter().bar:
            break
    long = Piece(notes, voices, tempos=[(0, 600_000)], title=f"{bars} bars of chorales")
    return long.between(0, bars * Meter().bar)


def first_sound(browser, address, rounds):
    """Seconds from Generate to the first sound: ours by step, the first time on a page, and by a file that the kernel renders."""
    ours, fresh, by_file = [], [], []
    for seed in range(rounds + 1):
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto(address)
        for times, number in ((fresh, seed), (ours, seed + 1000)):
            (piece, _), writing = timed(compose, "reel", 16, seed=number)
            html, showing = timed(show.html, piece)
            times.append((writing, showing, page.evaluate(SHOW, html), page.evaluate(PLAY)))
        (sound, mime), rendering = timed(audio_bytes, piece)
        by_file.append(rendering + page.evaluate(PLAY_FILE, f"data:{mime};base64,{b64encode(sound).decode()}"))
        page.close()
    return ours[1:], fresh[1:], by_file[1:]  # the first round loads models and libraries


def frame_rates(browser, address, rounds):
    """Frames a second while the notes of the long piece light up, and while nothing moves; and the share of frames that came late."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(address)
    page.evaluate(SHOW, show.html(chorales(BARS)))
    lit, idle, late = [], [], []
    for _ in range(rounds):
        idle.append(rate(page.evaluate(FRAMES, SECONDS)))
        page.evaluate("player.toggle()")
        page.wait_for_function("player.playing && player.performance.levels()[0] > 1e-4")
        steps = page.evaluate(FRAMES, SECONDS)
        lit.append(rate(steps))
        late.append(sum(step > 40 for step in steps) / len(steps))
        page.evaluate("player.performance.pause()")
    return lit, idle, late


def rate(steps):
    return 1000 * len(steps) / sum(steps)


def line(name, values, unit="s"):
    return f"{name:46} {statistics.median(values):7.3f} {unit} ({min(values):.3f} - {max(values):.3f})"


def main(rounds):
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        for file in ASSETS:
            shutil.copy(file, folder)
        Path(folder, "page.html").write_text(PAGE)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        address = f"http://localhost:{server.server_port}/page.html"
        ours, fresh, by_file = first_sound(browser, address, rounds)
        lit, idle, late = frame_rates(browser, address, rounds)
        browser.close()
        server.shutdown()
    sound = [played for *_, played in ours]
    print("From Generate to the first sound, a reel of 16 bars")
    for i, name in enumerate(
        ("the network writes it", "score and sheet are made", "the page shows it", "Play to the first sound, in the page")
    ):
        print(line(name, [steps[i] for steps in ours]))
    print(line("all together", [sum(steps) for steps in ours]))
    print(line("Play to the first sound, the first on a page", [played for *_, played in fresh]))
    print(line("beside it: rendered by the kernel, then played", by_file))
    print(f"\nLighting up {BARS} bars of chorales")
    print(line("frames a second while it plays", lit, " "))
    print(line("frames a second while nothing moves", idle, " "))
    print(line("frames later than 40 ms", late, " "))
    print("\nWhat the browser is sent, once a page        raw  gzip -9 (kB)")
    sizes = {file.name: (file.stat().st_size, len(gzip.compress(file.read_bytes(), 9))) for file in ASSETS}
    for name, (raw, packed) in sizes.items():
        print(f"{name:40} {raw / 1000:7.0f} {packed / 1000:7.0f}")
    claims = {
        "seconds_from_generate_to_first_sound": statistics.median(map(sum, ours)),
        "seconds_from_play_to_first_sound": statistics.median(sound),
        "seconds_from_first_play_on_a_page": statistics.median(played for *_, played in fresh),
        "sound_sooner_than_rendered_by_the_kernel": statistics.median(f / s for f, s in zip(by_file, sound)),
        "frame_rate_lit_over_idle": statistics.median(a / b for a, b in zip(lit, idle)),
        "kilobytes_of_assets": sum(raw for raw, _ in sizes.values()) / 1000,
    }
    print(json.dumps({name: round(value, 3) for name, value in claims.items()}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
