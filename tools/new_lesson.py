"""Make the skeleton of a lesson: its notebook in solutions/, its answers in tests/mutants/, its page in docs/teaching.md.

    python tools/new_lesson.py 16-my-lesson

Whatever is left to the author says FILL IN, and the tests of the course fail until no place says so any more.
The exercise in it is the first one of lesson 1, whole: an example that can be released and marked, to be replaced.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]
MODEL, EXAMPLE = "01-sound-and-score", "midi_to_hz"

TITLE = """
# {number} · {title}

**You will build** FILL IN: what students write, and what they hear or see at the end.

**You need** FILL IN: the lessons before this one, and what else.

**Time** about 90 minutes.
"""

SETUP = """
import numpy as np

from musiclab import datasets

rng = np.random.default_rng({number})  # random numbers, the same ones each time
"""

FIRST = """
## 1 · FILL IN: what this part is about

FILL IN: begin with something heard. The exercise below is lesson 1's, to show the form: put your own in its place.
"""

SECOND = """
## 2 · FILL IN

FILL IN: what the first part leaves open.

**Predict:** FILL IN: a question to answer aloud before the next cell runs.
"""

QUESTION = """
**In words:** FILL IN.

### In your own words

FILL IN: a question that no program can mark, and how long the answer should be. A teacher reads it.
"""

GLOSSARY = """
### Words

| word | meaning |
|---|---|
| FILL IN | FILL IN |
"""

ANSWERS = '''
# ruff: noqa: F811
"""Answers to lesson {number}, wrong and right."""

from .answers import Lesson

lesson = Lesson("{name}")

# FILL IN: at least three wrong answers to each function, such as students really give, and two right ones written otherwise.
# `says` is a part of the message that names the broken law.


@lesson.wrong("eleven semitones", says="12 semitones")
def midi_to_hz(m):
    return 440 * 2 ** ((m - 69) / 11)


@lesson.right("counted from middle C")
def midi_to_hz(m):
    return 261.6256 * 2 ** ((m - 60) / 12)
'''

PAGE = """
## {number} · {title}

**Aims.** FILL IN: what students can do afterwards.

**Time.** 90 minutes: FILL IN. **Points.** 3 by tests (2 + 1), 3 for the written answer.

**Before class.** FILL IN.

### What students get wrong, and what the marking answers

| mistake | the message names |
|---|---|
| FILL IN | FILL IN |

### To discuss

- FILL IN

### Rubric of the written answer (3 points)

| points | for |
|---|---|
| 1 + 1 + 1 | FILL IN |

Language and length are not marked.
"""


def new_lesson(name, root=ROOT):
    """Write the skeleton of a lesson; nothing is overwritten.

    Args:
        name: two digits and words, such as "16-my-lesson".
        root: the repository.

    Returns:
        list of the files written or added to.

    Raises:
        ValueError: the name has another form, or its number is taken.
    """
    if not re.fullmatch(r"(?!00)[0-9]{2}(-[a-z0-9]+)+", name):
        raise ValueError(
            f"{name!r} is no name for a lesson: expected two digits and words in small letters, such as 16-my-lesson"
        )
    number, title = int(name[:2]), name[3:].replace("-", " ").capitalize()
    answers, page = root / "tests" / "mutants" / f"lesson_{name[:2]}.py", root / "docs" / "teaching.md"
    notebook, start = root / "solutions" / name / f"{name}.ipynb", root / "solutions" / "start.ipynb"
    taken = [path for folder in ("solutions", "lessons") for path in (root / folder).glob(f"{name[:2]}-*")]
    taken += [answers] if answers.exists() else []
    if taken:
        raise ValueError(f"the number {name[:2]} of {name} is taken by {taken[0].relative_to(root)}: choose another")
    cells = _cells(number, title, nbformat.read(root / "solutions" / MODEL / f"{MODEL}.ipynb", as_version=4).cells)
    pages = _in_order(page.read_text(), r"## (\d+) · .*(\n(?!## ).*)*", number, "\n\n" + _text(PAGE, number=number, title=title))
    links = nbformat.read(start, as_version=4)
    [table] = (cell for cell in links.cells if "\n| [1 · " in cell.source)
    row = f"\n| [{number} · {title}]({name}/{name}.ipynb) | FILL IN |"
    table.source = _in_order(table.source, r"\| \[(\d+) · .*", number, row)
    notebook.parent.mkdir()
    nbformat.write(new_notebook(cells=cells, metadata=links.metadata), notebook)
    answers.write_text(_text(ANSWERS, number=number, name=name) + "\n")
    page.write_text(pages)
    nbformat.write(links, start)
    return [notebook, answers, page, start]


def _cells(number, title, model):
    """The cells of the notebook, some of them as they are in the model lesson."""
    how_to = next(cell for cell in model if cell.id == "how-to")
    first = next(i for i, cell in enumerate(model) if cell.metadata.get("nbgrader", {}).get("grade_id") == EXAMPLE)
    tests = sum(cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith(f"{EXAMPLE}_tests") for cell in model)
    hear = "# FILL IN: what students hear or see of their own work\n"
    return [
        _words("title", TITLE, number=number, title=title),
        how_to,
        new_code_cell(_text(SETUP, number=number), id="setup", metadata=_marks("setup", locked=True)),
        _words("first", FIRST),
        new_code_cell('tune = datasets.load("jigs").train[0]\ntune', id="first-tune"),
        _words("first-words", "**In words:** FILL IN: what the score shows, for whoever cannot see it."),
        *model[first - 1 : first + 3 + tests],
        new_code_cell(hear + "midi_to_hz(np.array([note.pitch for note in tune.notes[:8]]))", id="first-heard"),
        _words("second", SECOND),
        new_code_cell(hear + "tune.transposed(2)", id="second-heard"),
        _words("second-words", "**In words:** FILL IN."),
        _words("third", "## 3 · FILL IN\n\nFILL IN: what the second part leaves open."),
        new_code_cell(hear + "tune.transposed(-2)", id="third-heard"),
        _words("question", QUESTION),
        _words("in-your-words", "FILL IN: a model answer, which only teachers see.", _marks("in_your_words", points=3)),
        _words("summary", "## Summary\n\n- FILL IN\n- FILL IN\n- FILL IN"),
        _words("glossary", GLOSSARY),
        _words("go-on", "## Go on\n\nNot marked, in any order:\n\n- FILL IN"),
        _words("sources", "## Sources\n\n- FILL IN: books, papers and collections that exist."),
    ]


def _text(text, **values):
    return text.strip("\n").format(**values)


def _words(cell_id, text, metadata=None, **values):
    return new_markdown_cell(_text(text, **values), id=cell_id, metadata=metadata or {})


def _marks(grade_id, locked=False, points=None):
    """nbgrader's marks of a locked cell, or of a written answer that is worth points."""
    marks = {"grade": points is not None, "grade_id": grade_id, "locked": locked, "schema_version": 3, "solution": not locked}
    return {"nbgrader": {**marks, "task": False, **({} if points is None else {"points": points})}}


def _in_order(text, block, number, new):
    """The text with `new` behind the last block, found by its number in the first group, that has a smaller number."""
    before = [match for match in re.finditer(f"^{block}", text, re.M) if int(match[1]) < number][-1]
    at = before.start() + len(before[0].rstrip("\n"))
    return text[:at] + new + text[at:]


def main(argv=None):
    """Make the lesson and say what to do next; returns the exit code."""
    parser = argparse.ArgumentParser(description="Make the skeleton of a lesson.")
    parser.add_argument("name", help="two digits and words, such as 16-my-lesson")
    name = parser.parse_args(argv).name
    if not name:
        print("which lesson? make new-lesson NAME=16-my-lesson", file=sys.stderr)
        return 1
    try:
        files = new_lesson(name)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(*(path.relative_to(ROOT) for path in files), sep="\n")
    print(
        f"Fill in what says FILL IN, then: make lessons; make marking-report ARGS={name[:2]}; make check. See docs/teaching.md."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
