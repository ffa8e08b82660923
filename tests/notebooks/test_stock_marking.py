"""The stock nbgrader gives the full solution all points, the blank lesson none, and agrees with the quick harness."""

import pytest
from mutants import warm
from mutants.answers import lessons

from . import stock

pytestmark = pytest.mark.slow


def submissions_of(lesson):
    """Full, blank, another right way of everything, and one wrong answer to three of the functions."""
    full = {function: cell.source for function, cell in lesson.cells().items() if cell.metadata.nbgrader.solution}
    variants = {answer.function: answer.source for answer in lesson.answers if answer.says is None}  # the last of each
    functions = lesson.functions
    wrong = {}
    for function in (functions[0], functions[len(functions) // 2], functions[-1]):
        answer = next(answer for answer in lesson.answers if answer.function == function and answer.says is not None)
        wrong[f"wrong-{function}"] = {**full, function: answer.source}
    return {"full": full, "blank": {}, "variants": {**full, **variants}, **wrong}


@pytest.fixture(scope="module", params=lessons(), ids=lambda lesson: lesson.name)
def marked(request, tmp_path_factory):
    """A lesson, its submissions, and what nbgrader says of them."""
    lesson = request.param
    submissions = submissions_of(lesson)
    return lesson, submissions, stock.mark(lesson, submissions, tmp_path_factory.mktemp("course"))


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
    lesson, submissions, marks = marked
    for student in (name for name in submissions if name.startswith("wrong-")):
        lost = {test for test, points in lesson.points.items() if marks[student].points[test] < points}
        assert lost and lost <= set(lesson.tests_of(student.removeprefix("wrong-"))), student


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
