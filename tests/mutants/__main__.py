"""`python -m tests.mutants [lesson ...]`: the exercises, the wrong answers caught and the right variants accepted."""

import sys

from .answers import lessons
from .report import judge, table


def main(names):
    """Print a table a lesson; returns 1 if any answer was marked as it should not be."""
    chosen = [lesson for lesson in lessons() if not names or any(lesson.name.startswith(name) for name in names)]
    if not chosen:
        print(
            f"no lesson is called {' or '.join(names)}: there are {', '.join(lesson.name for lesson in lessons())}",
            file=sys.stderr,
        )
        return 2
    faulty = False
    for lesson in chosen:
        verdicts = judge(lesson)
        print(table(lesson, verdicts))
        faulty = faulty or any(verdict.fault for verdict in verdicts)
    return int(faulty)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
