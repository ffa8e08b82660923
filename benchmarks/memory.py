"""How much memory `musiclab train` takes on a large folder: 5,000 tunes as MIDI files, one epoch, valid and test included.

    python benchmarks/memory.py [tunes]

The folder is made of the classroom's tunes and, where they do not suffice, of the same in other keys. The command runs as a user's would, in a
process of its own, to its end: files read, near-duplicates found, an epoch learned, valid and test read, melodies and card written.
Its peak is what the system kept of the largest resident set.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from musiclab import datasets
from musiclab.midi import write_midi

GOAL = 1.2  # GB
KEYS = (0, 2, -3, 5)  # semitones


def make_folder(folder, n):
    """So many tunes as MIDI files."""
    tunes = datasets.load("tunes").pieces
    for i in range(n):
        again, which = divmod(i, len(tunes))
        piece = tunes[which].transposed(KEYS[again])
        write_midi(piece, folder / f"{i:05}.mid")


def main(n=5000):
    """Make the folder, train, and print the peak."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "tunes")
        folder.mkdir()
        make_folder(folder, n)
        command = [
            Path(sys.executable).with_name("musiclab"),
            "train",
            folder,
            "--epochs",
            "1",
            "--out",
            Path(place, "tunes.npz"),
        ]
        began = time.perf_counter()
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | {"COLUMNS": "80"}
        )
        seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(done.stdout)
    print(*(line for line in done.stdout.splitlines() if "tunes to learn from" in line or "n-gram" in line), sep="\n")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss / 1e6 * (1.024 if sys.platform == "linux" else 1e-3)  # kibibytes, or bytes on macOS
    cpu = used.ru_utime + used.ru_stime
    print(
        f"\nmusiclab train on {n:,} files, one epoch: peak {peak:.2f} GB (goal: below {GOAL}); {cpu:.0f} CPU s, {seconds:.0f} s"
    )
    print(json.dumps({"peak_gb": round(peak, 3), "tunes": n}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
