"""The stock nbgrader gives the full solution all points, the blank lesson none, and agrees with the quick harness."""

import sys

import nbformat
import pytest
from mutants import warm
from mutants.answers import lessons

from . import stock

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Object of type <Submitted")]  # nbgrader's, of its database

PEAK_MB, PEAK_MB_WITH_KERAS = 600, 1000  # the memory of a lesson's kernel
SAVED = 1_000_000  # bytes of a lesson with all its outputs: it is sent by mail, and GitHub shows it
WITH_KERAS = {"07", "08"}


def submissions_of(lesson):
    """Full, blank, another right way of everything, and a wrong answer to every other function."""
    full = {name: cell.source for name, cell in lesson.cells().items() if cell.metadata.nbgrader.solution}
    variants = {answer.function: answer.source for answer in lesson.answers if answer.says is None}  # the last of each
    wrong = {answer.function: answer.source for answer in reversed(lesson.answers) if answer.says is not None}  # the first
    wrong = {function: wrong[function] for function in lesson.functions[::2]}
    return {"full": full, "blank": {}, "variants": {**full, **variants}, "wrong": {**full, **wrong}}


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    return stock.Course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module", params=lessons(), ids=lambda lesson: lesson.name)
def marked(request, course):
    """A lesson, its submissions, and what nbgrader says of them.

    Who answers differently hands in the exercises alone: running a whole lesson again would tell no more.
    """
    lesson, marks = request.param, {}
    submissions, released = submissions_of(lesson), course.release(lesson)
    for student, answers in submissions.items():
        notebook = stock.filled_in(released, answers, plain=student in ("full", "blank"))
        marks[student] = course.mark(lesson, student, stock.measured(notebook) if student == "full" else notebook)
    return lesson, submissions, marks


def test_the_full_solution_gets_all_points(marked):
    lesson, _, marks = marked
    assert marks["full"].points == lesson.points
    assert all(score is None and waits for score, waits in marks["full"].manual.values())


def test_another_right_way_of_every_function_gets_all_points(marked):
    lesson, _, marks = marked
    assert marks["variants"].points == lesson.points


def test_the_blank_lesson_gets_no_point(marked):
    lesson, _, marks = marked
    assert marks["blank"].points == dict.fromkeys(lesson.points, 0)
    assert all(score == 0 for score, _ in marks["blank"].manual.values())


def test_a_wrong_answer_loses_marks_in_its_own_tests_only(marked):
    lesson, _, marks = marked
    lost = {test for test, points in lesson.points.items() if marks["wrong"].points[test] < points}
    for i, function in enumerate(lesson.functions):
        assert bool(lost & set(lesson.tests_of(function))) == (i % 2 == 0), function


def test_the_quick_harness_gives_the_same_marks(marked):
    lesson, submissions, marks = marked
    code = {
        student: {name: answers[name] for name in lesson.functions if name in answers} for student, answers in submissions.items()
    }
    code["blank"] = lesson.blank
    quick = warm.mark(lesson, code)
    for student in submissions:
        assert {test: mark.points for test, mark in quick[student].items()} == marks[student].points, student


def test_the_solution_runs_from_top_to_bottom_without_error_or_warning(marked):
    _, _, marks = marked
    for cell in marks["full"].notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", f"{cell.id}: {output.ename}: {output.evalue}"
            assert output.get("name") != "stderr", f"{cell.id}: {output.text}"


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from Linux's /proc")
def test_a_lesson_stays_within_its_memory(marked, record_property):
    lesson, _, marks = marked
    cost = stock.cost_of(marks["full"].notebook)
    record_property("cost", f"{lesson.name:<30} {cost.seconds:4.0f} s, {cost.peak_mb:4.0f} MB; slowest cell: {cost.slowest}")
    with_keras = lesson.name[:2] in WITH_KERAS
    assert cost.tensorflow <= with_keras, "only a lesson about Keras may import TensorFlow"
    assert cost.peak_mb < (PEAK_MB_WITH_KERAS if with_keras else PEAK_MB)


def test_a_saved_lesson_is_small_and_shows_its_scores_without_a_kernel(marked):
    lesson, _, marks = marked
    notebook = marks["full"].notebook
    assert len(nbformat.writes(notebook).encode()) < SAVED
    assert "anywidget" not in str(
        notebook.metadata.get("widgets")
    )  # the player leaves nothing of its own; number boxes are small
    pages = [
        output.data.get("text/html", "") for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output
    ]
    scores = [page for page in pages if 'class="musiclab-piece"' in page]
    assert scores and all('<img alt="Score of' in page and "<audio" not in page for page in scores)
