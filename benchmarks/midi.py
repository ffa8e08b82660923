"""How fast a MIDI file becomes music: `read_midi` against mido, pretty_midi and music21 on the same files, one core, CPU time.

Every reader turns a file into notes with start, length, pitch and loudness; for mido, which stops at messages, with the loop that pairs
ons and offs. The files are drawn from `datasets/`: tunes of one voice, and Bach's chorales. In each round all readers read all files in
an order that changes, and ratios are taken within the round; music21, which is slow, reads a few. A sixth line shows ours where its
short cut for music of one voice at a time is closed, by one controller event more in each track.

    python benchmarks/midi.py [rounds]
"""

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import mido
import pretty_midi
from music21 import midi as music21_midi

from musiclab.midi import read_midi

DATASETS = Path(__file__).resolve().parent.parent / "datasets"
CLAIM = 15


def with_mido(path):
    """Notes as `(start, duration, pitch, velocity)`."""
    notes = []
    for track in mido.MidiFile(path).tracks:
        now, sounding = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding.setdefault((message.channel, message.note), []).append((now, message.velocity))
            elif message.type in ("note_on", "note_off") and sounding.get((message.channel, message.note)):
                start, velocity = sounding[message.channel, message.note].pop(0)
                notes.append((start, now - start, message.note, velocity))
    return sorted(notes)


def with_pretty_midi(path):
    """Notes of all instruments, in seconds."""
    return [note for instrument in pretty_midi.PrettyMIDI(path).instruments for note in instrument.notes]


def with_music21(path):
    """A stream of notes."""
    file = music21_midi.MidiFile()
    file.readstr(Path(path).read_bytes())
    return music21_midi.translate.midiFileToStream(file)


def with_a_controller(path, folder):
    """A copy of a file in which each track sets its volume."""
    file = mido.MidiFile(path)
    for track in file.tracks[1:]:
        channel = next(message.channel for message in track if not message.is_meta)
        track.insert(len(track) - 1, mido.Message("control_change", control=7, value=100, channel=channel))
    copy = Path(folder) / f"{len(list(Path(folder).iterdir()))}.mid"
    file.save(copy)
    assert read_midi(copy) == read_midi(path)
    return str(copy)


def cpu_time(reader, paths):
    """CPU microseconds a file."""
    started = time.process_time()
    for path in paths:
        reader(path)
    return (time.process_time() - started) / len(paths) * 1e6


def compare(title, paths, rounds, rng):
    """Measure, print a table; the ratio of each peer to ours, by name."""
    for path in paths:
        assert with_mido(path) == sorted(note[:4] for note in read_midi(path).notes), path
    with tempfile.TemporaryDirectory() as folder:
        copies = [with_a_controller(path, folder) for path in paths]
        readers = {
            "musiclab": (read_midi, paths * 5),  # too fast to time once
            "musiclab, any file": (read_midi, copies * 5),
            "mido": (with_mido, paths),
            "pretty_midi": (with_pretty_midi, paths),
            "music21": (with_music21, paths[:2]),
        }
        times = {name: [] for name in readers}
        for reader, files in readers.values():  # load what is loaded at first use
            reader(files[0])
        for _ in range(rounds):
            for name in rng.sample(sorted(readers), len(readers)):
                times[name].append(cpu_time(*readers[name]))
    notes = statistics.mean(len(read_midi(path).notes) for path in paths)
    print(f"\n{title}: {len(paths)} files of {notes:.0f} notes, {rounds} rounds")
    print(f"{'':20}{'µs a file':>12}{'files a second':>16}{'times ours':>12}   spread of the ratio")
    ratios = {}
    for name in readers:
        shares = sorted(theirs / ours for theirs, ours in zip(times[name], times["musiclab"]))
        ratios[name] = statistics.median(shares)
        median = statistics.median(times[name])
        quartiles = f"{shares[len(shares) // 4]:.1f} to {shares[-1 - len(shares) // 4]:.1f}"
        print(f"{name:20}{median:12.0f}{1e6 / median:16.0f}{ratios[name]:12.1f}   {quartiles}")
    return ratios


def main(rounds=15):
    """Measure, print the tables, and print the ratios as one line of JSON."""
    rng = random.Random(0)
    tunes = [path for name in ("oneill", "ryan", "aird") for path in rng.sample(sorted((DATASETS / name).glob("*/*.mid")), 20)]
    chorales = rng.sample(sorted((DATASETS / "chorales").glob("*/*.mid")), 20)
    of_tunes = compare("Tunes", list(map(str, tunes)), rounds, rng)
    of_chorales = compare("Chorales", list(map(str, chorales)), rounds, rng)
    print(f"\nThe claim: file to piece at least {CLAIM} times as fast as mido and as pretty_midi.")
    print(
        json.dumps(
            {
                f"{peer} on {kind}": round(ratios[peer], 1)
                for kind, ratios in (("tunes", of_tunes), ("chorales", of_chorales))
                for peer in ("mido", "pretty_midi", "music21")
            }
        )
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
