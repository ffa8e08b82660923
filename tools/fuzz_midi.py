"""Read thousands of damaged MIDI files and see that each gives a sound piece or an error that helps.

    python tools/fuzz_midi.py --files 10000 --seed 0

Files that we wrote, and files as other programs write them, are cut, spliced and rewritten in places, each from the seed and its own
number, so that any failure can be had again with --first NUMBER --files 1. A second process reads them: it may crash, hang or take all
memory without harm to the first, which notes the number and goes on.
"""

import argparse
import random
import resource
import select
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

SECONDS, MEGABYTES = 2, 200
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from musiclab.midi import midi_bytes, read_midi  # noqa: E402
from musiclab.piece import DRUMS, Key, Meter, Note, Piece, Voice  # noqa: E402

# what breaks readers: events without end, long or empty ones, statuses that no file may hold, absurd times and lengths
TOKENS = [
    bytes.fromhex(token)
    for token in (
        "ff2f00 00ff2f00 ff5103 ff510307a120 00ff5103000000 00ff5100 00ff580402ff1808 00ff58020603 00ff59020900 00ff5902f801 00ff5900 "
        "00ff7fffffff7f 00ff01ffffffff 00f0ffffff7f 00f00443127f00f7 00f70101 00ff0600 00ff06 ffffff7f ffffffff 8080808000 ffff7f "
        "8100 00c0 00c040 00d040 20 00e00040 00b04000 00b0407f 00904064 00904000 00804000 904064 4064 00f1 00f8 00fe 00fd 00 7f 80 ff "
        "0000000000 ffffffffff 4d54726b 4d546864 4d54726b00000000 4d54726bffffffff 52494646"
    ).split()
] + [
    b"\x00\xff\x06%c%b" % (len(text), text)
    for text in (
        b"musiclab:pickup=9999999",
        b"musiclab:pickup=-1",
        b"musiclab:mode=locrian",
        b"musiclab:tracks=0 0 9",
        b"musiclab:",
    )
    + (b"musiclab:silent=1 500 x", b"musiclab:silent=x", b"musiclab:tracks=0 0", b"musiclab:fermata", b"musiclab:style=\xff\xfe")
]


@cache
def sources():
    """Whole files: some that we write, some as strangers write them."""
    rng = random.Random(0)
    voices = [Voice("Flöte", 73), Voice("", 40), Voice("Drums", DRUMS), Voice("silent", 5)]
    line = [Note(12 * i, 12, 60 + rng.randrange(12)) for i in range(60)]
    chords = [Note(24 * (i // 3), rng.choice([12, 30]), 50 + rng.randrange(9), i + 1, rng.randrange(3)) for i in range(60)]
    jig = Piece(line, voices[:1], meters=[(0, Meter(6, 8))], keys=[(0, Key("E", "dorian"))], pickup=12, style="jig")
    trio = Piece(chords, voices, [(0, 600_000), (96, 400_000)], fermatas=[48, 96], title="Für viele")
    tunes = sorted((ROOT / "datasets").glob("*/*/*.mid"))
    return [
        *map(midi_bytes, (jig, trio, Piece())),
        *(_stranger(line, ticks, channels) for ticks, channels in ((96, 1), (480, 3), (1024, 1))),
        *(path.read_bytes() for path in tunes[:: max(1, len(tunes) // 6)]),
    ]


def _stranger(line, ticks_per_quarter, n_channels):
    """A file of type 0 with running status and notes that end by velocity 0."""
    events = b"\x00\xff\x03\x05Piano\x00\xc0\x05\x00\xb0\x07\x64"
    for i, note in enumerate(line):
        length = divmod(ticks_per_quarter // 2, 128)
        events += b"\x00%c%c\x50%c%c%c\x00" % (0x90 | i % n_channels, note.pitch, 0x80 | length[0], length[1], note.pitch)
    events += b"\x00\xff\x2f\x00"
    return struct.pack(">4sIHHH4sI", b"MThd", 6, 0, 1, ticks_per_quarter, b"MTrk", len(events)) + events


def damaged(number, seed):
    """The bytes of a damaged file, always the same for a number and a seed."""
    rng = random.Random(f"{seed} {number}")
    files = sources()
    data = bytearray(rng.choice(files))
    if rng.random() < 0.05:
        data = bytearray(b"RIFF" + struct.pack("<I", len(data) + 12) + b"RMIDdata" + struct.pack("<I", len(data)) + data)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8, 30])):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(10)
        if kind == 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            data[at : at + 1] = bytes([data[at] ^ 1 << rng.randrange(8)]) if at < len(data) else b""
        elif kind == 2:
            data[at : at + rng.choice([0, 1, 4])] = rng.choice(TOKENS)
        elif kind == 3:
            del data[at : at + rng.choice([1, 2, 10, 1000])]
        elif kind == 4:
            data[at:at] = rng.randbytes(rng.choice([1, 4, 100]))
        elif kind == 5:
            other = rng.choice(files)
            data[at:] = other[rng.randrange(len(other)) :]
        elif kind == 6:
            data[at:at] = data[at : at + rng.choice([4, 8, 400])] * rng.choice([1, 2, 100])
        elif kind == 7:
            data[8 + 2 * (field := rng.randrange(3)) : 10 + 2 * field] = rng.choice(
                [bytes([0, rng.randrange(4)]), b"\0\0", b"\xff\xff", b"\xe7\x28", b"\x7f\xff", b"\0\1", rng.randbytes(2)]
            )
        elif kind == 8:
            chunks = [i for i in range(len(data)) if data[i : i + 4] in (b"MTrk", b"MThd")]
            if chunks:
                at = rng.choice(chunks) + 4
                data[at : at + 4] = struct.pack(">I", rng.choice([0, 1, 5, len(data), 2**31, 2**32 - 1, rng.randrange(1, 3000)]))
        else:
            tracks = [i for i in range(len(data)) if data[i : i + 4] == b"MTrk"]
            if tracks:  # new events with lengths that fit, so that the damage is deeper than the chunk
                at = rng.choice(tracks)
                body = data[at + 8 : at + 8 + int.from_bytes(data[at + 4 : at + 8])]
                for _ in range(rng.choice([1, 3])):
                    place = rng.randrange(len(body) + 1)
                    body[place : place + rng.choice([0, 1, 4])] = rng.choice(TOKENS)
                data[at + 4 : at + 8 + int.from_bytes(data[at + 4 : at + 8])] = struct.pack(">I", len(body)) + body
    return bytes(data)


def judge(path):
    """Read a file; the kind of outcome, or AssertionError for one that must not be."""
    started = time.perf_counter()
    try:
        piece = read_midi(path)
    except ValueError as error:
        assert str(path) in str(error) and ("; " in str(error) or ": " in str(error)), f"the message does not help: {error}"
        outcome = "refused"
    else:
        assert replace(piece) == piece, "the piece is not sound"  # replace checks every record
        assert read_midi(midi_bytes(piece)) == piece, "the piece changes when it is written and read"
        outcome = "read" if piece.notes else "read, no notes"
    assert time.perf_counter() - started < 2 * SECONDS, f"took {time.perf_counter() - started:.1f} s"
    return outcome


def work(first, last, seed):
    """Read files first to last - 1 and print each number before, each outcome after."""
    read_midi(midi_bytes(Piece([Note(0, 24, 60), Note(0, 24, 64)])))  # load what is loaded at first use
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.mid"
        for number in range(first, last):
            path.write_bytes(damaged(number, seed))
            print(number, "begun", flush=True)
            try:
                outcome = judge(path)
            except Exception as error:
                outcome = f"FAILED {type(error).__name__}: {error}".replace("\n", " ")
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            if grown > MEGABYTES:
                outcome, before = f"FAILED took {grown:.0f} MB", before + grown * 1024
            print(number, outcome, flush=True)


def fuzz(n_files, seed=0, first=0):
    """Read damaged files in a second process.

    Returns:
        a Counter of outcomes, and a list of `(number, what went wrong)`.
    """
    outcomes, failures, number, last = Counter(), [], first, first + n_files
    while number < last:
        command = [sys.executable, __file__, "--work", str(number), str(last), "--seed", str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as worker:
            while True:
                ready, _, _ = select.select([worker.stdout], [], [], 60 if number == first else 15 * SECONDS)
                line = worker.stdout.readline() if ready else ""
                if not line:
                    break
                at, _, outcome = line.strip().partition(" ")
                if outcome != "begun":
                    number = int(at) + 1
                    outcomes[outcome.split(" ")[0] if outcome.startswith("FAILED") else outcome] += 1
                    if outcome.startswith("FAILED"):
                        failures.append((int(at), outcome))
            if not ready:
                worker.kill()
            code = worker.wait()
        if number < last:
            failures.append((number, f"FAILED: the reader {'hung' if not ready else f'died with code {code}'}"))
            outcomes["FAILED"] += 1
            number += 1
    return outcomes, failures


def main():
    """Run from the command line; exit code 1 if a file failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=10_000, help="how many damaged files to read")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--work", type=int, nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        work(*args.work, args.seed)
        return 0
    outcomes, failures = fuzz(args.files, args.seed, args.first)
    for number, outcome in failures:
        print(f"file {number}: {outcome}")
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
