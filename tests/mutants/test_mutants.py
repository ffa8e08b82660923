"""Every wrong answer loses marks where it should and is told the law; every right variant gets them all."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from . import __main__ as report
from .answers import Lesson, lessons
from .report import judge, table, totals
from .warm import mark

LESSONS = {lesson.name: lesson for lesson in lessons()}


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_wrong_answers_are_caught_and_right_ones_accepted(name):
    verdicts = judge(LESSONS[name])
    assert not [verdict for verdict in verdicts if verdict.fault], "\n" + table(LESSONS[name], verdicts)


@pytest.mark.parametrize("name", LESSONS)
def test_every_function_has_wrong_answers_and_two_other_right_ones(name):
    lesson = LESSONS[name]
    for function in lesson.functions:
        mine = [answer for answer in lesson.answers if answer.function == function]
        assert sum(answer.says is not None for answer in mine) >= 3, f"{function} has too few wrong answers"
        assert sum(answer.says is None for answer in mine) >= 2, f"{function} has too few right variants"
    assert {answer.function for answer in lesson.answers} <= set(lesson.functions)


# The harness itself, on a lesson of two functions -----------------------------------------------------------------------


def marked_cell(source, grade_id, points=None, locked=False):
    solution = points is None and not locked
    marks = {"grade_id": grade_id, "grade": points is not None, "solution": solution, "locked": not solution}
    marks |= {"schema_version": 3, "task": False} | ({} if points is None else {"points": points})
    return new_code_cell(source, metadata={"nbgrader": marks})


class Small(Lesson):
    """A notebook in a temporary folder."""

    def __init__(self, path):
        super().__init__("small")
        self._path = path

    @property
    def path(self):
        return self._path


@pytest.fixture
def small(tmp_path):
    cells = [
        marked_cell("import os\nimport sys\n\nshared, where = [], os.getpid()", "setup", locked=True),
        marked_cell("def double(x):\n    return 2 * x", "double"),
        marked_cell("assert double(2) == 4, 'twice 2 is 4'", "double_tests", 2),
        new_code_cell("between, factor = 1, 2"),
        marked_cell("def half(x):\n    return x / 2", "half"),
        marked_cell("assert half(2) == 1, 'half of 2 is 1'", "half_tests", 1),
        marked_cell("shared.append(1)\nassert len(shared) == 1", "half_tests_2", 1),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "small.ipynb")
    return Small(tmp_path / "small.ipynb")


def points(marks):
    return [marks[name].points for name in ("double_tests", "half_tests", "half_tests_2")]


def test_submissions_are_marked_one_by_one_and_do_not_meet(small):
    marks = mark(
        small,
        {
            "full": {},
            "triple": {"double": "def double(x):\n    return 3 * x"},
            "meddler": {"half": "shared.append(0)\ndef half(x):\n    return x / 2"},
            "blank": {"double": "raise NotImplementedError()", "half": "raise NotImplementedError()"},
            "exits": {"half": "import os\nos._exit(1)"},
            "broken": {"half": "def half(x) return 1"},
        },
    )
    assert points(marks["full"]) == [2, 1, 1]
    assert points(marks["triple"]) == [0, 1, 1]
    assert marks["triple"]["double_tests"].message == "twice 2 is 4"
    assert points(marks["meddler"]) == [2, 1, 0]
    assert points(marks["blank"])[:2] == [0, 0] and "not defined" in marks["blank"]["double_tests"].message
    assert points(marks["exits"]) == [2, 0, 0] and "died" in marks["exits"]["half_tests"].message
    assert points(marks["broken"]) == [2, 0, 1]


def test_no_test_runs_in_the_process_that_forks(small):
    notebook = nbformat.read(small.path, as_version=4)
    notebook.cells.append(
        marked_cell("assert os.getpid() != where, 'where TensorFlow computes, nothing can fork'", "pid_tests", 1)
    )
    nbformat.write(notebook, small.path)
    assert mark(small, {"full": {}})["full"]["pid_tests"].points == 1


def test_a_test_that_needs_a_plain_cell_loses_its_mark(small):
    notebook = nbformat.read(small.path, as_version=4)
    notebook.cells.append(marked_cell("assert double(2) == 2 * factor", "factor_tests", 1))
    nbformat.write(notebook, small.path)
    assert "factor" in mark(small, {"full": {}})["full"]["factor_tests"].message


def test_stderr_in_a_test_costs_the_mark_as_it_does_in_nbgrader(small):
    noises = ("print('x', file=sys.stderr)", "import warnings; warnings.warn('x')", "import os; os.write(2, b'x')")
    marks = mark(small, {noise: {"half": f"def half(x):\n    {noise}\n    return x / 2"} for noise in (*noises, "print(x)")})
    for noise in noises:
        assert points(marks[noise]) == [2, 0, 1] and "x" in marks[noise]["half_tests"].message, noise
    assert points(marks["print(x)"]) == [2, 1, 1]


def test_an_endless_loop_is_stopped(small):
    marks = mark(small, {"endless": {"double": "def double(x):\n    while True:\n        pass"}}, timeout=1)
    assert points(marks["endless"]) == [0, 1, 1] and "longer than 1 s" in marks["endless"]["double_tests"].message


def test_an_answer_to_a_function_that_is_not_there_is_refused(small):
    with pytest.raises(RuntimeError, match="no solution cell has the grade id .*treble"):
        mark(small, {"treble": {"treble": "1"}})


def test_a_wrong_answer_that_passes_is_reported(small):
    @small.wrong("not wrong at all", says="twice")
    def double(x):
        return x + x

    @small.wrong("right mark, wrong reason", says="the law of doubling")
    def double(x):  # noqa: F811
        return 3 * x

    @small.right("not right at all")
    def half(x):
        return x

    verdicts = judge(small)
    faults = [verdict.fault for verdict in verdicts]
    assert "loses no marks" in faults[0] and "no message says" in faults[1] and "right, but loses marks" in faults[2]
    assert "| `double` | 2 | 0 of 2 | 0 of 0 |" in table(small, verdicts)
    assert totals([small], verdicts) == "2 exercises: wrong answers caught 0 of 2 (0 %), right variants accepted 0 of 1 (0 %)"


def test_the_report_ends_with_totals_and_fails_unless_all_is_caught_and_accepted(small, monkeypatch, capsys):
    monkeypatch.setattr(report, "lessons", lambda: [small])
    small.wrong("three times", says="twice")(("double", "def double(x):\n    return 3 * x"))
    small.right("added")(("double", "def double(x):\n    return x + x"))
    assert report.main([]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "2 exercises: wrong answers caught 1 of 1 (100 %), right variants accepted 1 of 1 (100 %)"
    small.right("three times again")(("double", "def double(x):\n    return 3 * x"))
    assert report.main(["small"]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "2 exercises: wrong answers caught 1 of 1 (100 %), right variants accepted 1 of 2 (50 %)"
    assert report.main(["small", "large"]) == 2
    assert capsys.readouterr().err == "no lesson is called large: there are small\n"
