"""Answers of imagined students, and the lessons they belong to."""

import inspect
import sys
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

sys.modules.setdefault("rfc3987_syntax", None)  # three seconds of grammar for jsonschema, which no notebook needs
import nbformat  # noqa: E402

REPOSITORY = Path(__file__).resolve().parents[2]


class Answer(NamedTuple):
    """What one student wrote into the solution cell of `function`; `says` is None for a right answer."""

    function: str
    name: str
    source: str
    says: str | None = None


class Lesson:
    """A lesson's notebook and the answers to it.

    Args:
        name: the folder's name, such as "01-sound-and-score".
    """

    def __init__(self, name):
        self.name, self.answers = name, []

    def __str__(self):
        return self.name

    def wrong(self, name, says):
        """Decorate a function, or call with a `(function name, source of the cell)` pair."""
        return lambda answer: self._add(answer, name, says)

    def right(self, name):
        """The same for an answer that must get full marks."""
        return lambda answer: self._add(answer, name, None)

    def _add(self, answer, name, says):
        if not isinstance(answer, tuple):
            lines, _ = inspect.getsourcelines(answer)
            first = next(i for i, line in enumerate(lines) if line.lstrip().startswith("def "))
            answer = (answer.__name__, "".join(lines[first:]))
        function, source = answer
        if any((function, name) == (other.function, other.name) for other in self.answers):
            raise ValueError(f"{self.name} has two answers called {name!r} for {function}: rename one")
        self.answers.append(Answer(function, name, dedent(source).strip(), says))

    @property
    def path(self):
        """The notebook with answers and hidden tests."""
        return REPOSITORY / "solutions" / self.name / f"{self.name}.ipynb"

    @property
    def released(self):
        """The notebook that students get."""
        return REPOSITORY / "lessons" / self.name / f"{self.name}.ipynb"

    def cells(self, released=False):
        """Cells of the notebook that carry nbgrader metadata, by grade id."""
        notebook = nbformat.read(self.released if released else self.path, as_version=4)
        return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}

    @property
    def points(self):
        """Points of each test cell, by grade id."""
        return {name: float(cell.metadata.nbgrader.points) for name, cell in self.cells().items() if is_test(cell)}

    @property
    def functions(self):
        """Names of the functions that the student writes, in order."""
        return [name for name, cell in self.cells().items() if is_answer(cell)]

    def tests_of(self, function):
        """Grade ids of the test cells of a function."""
        return [name for name in self.points if name.startswith(f"{function}_tests")]

    @property
    def blank(self):
        """Every solution cell as it is handed out."""
        cells = self.cells(released=True)
        return {function: cells[function].source for function in self.functions}


def is_answer(cell):
    """Is this a code cell that the student fills in?"""
    return cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution", False)


def is_test(cell):
    """Is this a locked cell that gives points by running?"""
    marked = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and marked.get("grade", False) and not marked.get("solution", False)


def lessons():
    """All lessons that have a file of answers, in order."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("lesson_*.py"))
    return [import_module(f".{name}", __package__).lesson for name in names]
