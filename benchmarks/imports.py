"""How soon something happens: `import musiclab` beside `import numpy`, and a first piece from the shell beside `import keras` alone.

    python benchmarks/imports.py [rounds]

Every run is a fresh process, the commands take turns, and the first round (which fills the caches) is thrown away. Ratios are of CPU time
(user + system), which other work on the machine disturbs least; wall time stands beside it.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PYTHON = sys.executable
PIECE = ["compose", "--style", "reel", "--bars", "16", "--key", "G major", "--tempo", "112", "--seed", "1", "--out"]
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(command):
    """CPU and wall seconds of one process from its start to its end."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | ONE_CORE)
    wall, after = time.perf_counter() - start, os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system, wall


def timed(commands, rounds):
    """name -> (CPU seconds, wall seconds) of each round but the first."""
    times = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            times[name].append(run(command))
    return {name: list(zip(*runs[1:])) for name, runs in times.items()}


def table(times):
    """One line a command: medians, and from the fastest to the slowest."""
    width = max(map(len, times))
    lines = [f"{'':{width}}  CPU s (from - to)       wall s (from - to)"]
    for name, (cpu, wall) in times.items():
        cells = [f"{statistics.median(s):6.3f} ({min(s):6.3f} - {max(s):6.3f})" for s in (cpu, wall)]
        lines.append(f"{name:{width}}  {cells[0]}  {cells[1]}")
    return "\n".join(lines)


def ratio(times, above, below):
    """Median CPU time of one command over that of another, with the smallest and largest ratio of a round."""
    rounds = [a / b for a, b in zip(times[above][0], times[below][0])]
    return statistics.median(times[above][0]) / statistics.median(times[below][0]), min(rounds), max(rounds)


def main(rounds):
    light = {
        "python alone": [PYTHON, "-c", ""],
        "import numpy": [PYTHON, "-c", "import numpy"],
        "import musiclab": [PYTHON, "-c", "import musiclab"],
        "its light rooms": [PYTHON, "-c", "import musiclab.midi, musiclab.symbols, musiclab.generate"],
    }
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(PYTHON).with_name("musiclab"))
        heavy = {
            "import keras": [PYTHON, "-c", "import keras"],
            "musiclab compose": [program, *PIECE, str(Path(folder, "piece"))],
        }
        times = timed(light, 4 * rounds) | timed(heavy, rounds)
    print(table(times))
    door, soon = ratio(times, "import musiclab", "import numpy"), ratio(times, "import keras", "musiclab compose")
    print(f"\nimport musiclab takes {door[0]:.2f} times import numpy ({door[1]:.2f} - {door[2]:.2f})")
    print(
        f"a first piece from the shell is there {soon[0]:.1f} times sooner than import keras alone ({soon[1]:.1f} - {soon[2]:.1f})"
    )
    print(
        json.dumps(
            {"import_musiclab_over_import_numpy": round(door[0], 3), "first_piece_sooner_than_import_keras": round(soon[0], 2)}
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
