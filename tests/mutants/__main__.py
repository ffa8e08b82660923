"""`python -m tests.mutants [lesson ...]`: the exercises, the wrong answers caught and the right variants accepted."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from .answers import lessons
from .report import judge, table, totals


def main(names):
    """Print a table a lesson and a line of totals; returns 1 if any answer was marked as it should not be."""
    everything = lessons()
    unknown = [name for name in names if not any(lesson.name.startswith(name) for lesson in everything)]
    if unknown or not everything:
        print(f"no lesson is called {' or '.join(unknown)}: there are {', '.join(map(str, everything))}", file=sys.stderr)
        return 2
    chosen = [lesson for lesson in everything if not names or lesson.name.startswith(tuple(names))]
    verdicts = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each lesson is marked in a process of its own
        for lesson, of_lesson in zip(chosen, pool.map(judge, chosen)):
            print(table(lesson, of_lesson), flush=True)
            verdicts += of_lesson
    print(totals(chosen, verdicts))
    return int(any(verdict.fault for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
