"""The skeleton of a lesson can be released and marked, overwrites nothing, and is not taken for a finished lesson."""

import ast
import csv
import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from notebooks import stock

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import make_lessons  # noqa: E402
import new_lesson  # noqa: E402

NAME = "16-my-lesson"


def course_in(folder):
    """A copy of what a lesson is made of, with lesson 1 alone."""
    for part in (
        "docs",
        "tools",
        "tests/mutants",
        "tests/notebooks",
        "solutions/01-sound-and-score",
        "lessons/01-sound-and-score",
    ):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("lesson_0[2-9].py", "lesson_1*.py", "__pycache__")
        )
    for file in ("nbgrader_config.py", "pyproject.toml", "solutions/start.ipynb", "lessons/start.ipynb"):
        shutil.copy(ROOT / file, folder / file)
    for part in ("musiclab", "datasets"):
        (folder / part).symlink_to(ROOT / part)
    return folder


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.suffix in (".ipynb", ".py", ".md")
    }


def run(course, *arguments):
    """Run a Python program in a course; returns its exit code and what it printed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic by name
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *arguments], cwd=course, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A course with a new lesson that was made and released by the commands that a teacher uses."""
    course = course_in(tmp_path_factory.mktemp("course"))
    for command in (["tools/new_lesson.py", NAME], ["tools/make_lessons.py"]):
        code, said = run(course, *command)
        assert code == 0, said
    return course


@pytest.mark.parametrize(
    "name", ["my-lesson", "16", "16-", "1-my-lesson", "016-my-lesson", "16-My-Lesson", "16-a/b", "00-a", "16_a", ""]
)
def test_a_name_of_another_form_is_refused(course, name):
    before = contents(course)
    with pytest.raises(
        ValueError, match=f"^{name!r} is no name for a lesson: expected two digits and words in small letters, such as 16-"
    ):
        new_lesson.new_lesson(name, course)
    assert contents(course) == before


@pytest.mark.parametrize(
    "taken", ["solutions/16-other", "lessons/16-other", "tests/mutants/lesson_16.py", "solutions/16-my-lesson"]
)
def test_a_number_that_is_taken_is_refused(course, taken):
    (course / taken).write_text("mine") if taken.endswith(".py") else (course / taken).mkdir()
    before = contents(course)
    with pytest.raises(ValueError, match=f"^the number 16 of 16-my-lesson is taken by {taken}: choose another$"):
        new_lesson.new_lesson(NAME, course)
    assert contents(course) == before


def test_nothing_is_overwritten(course):
    before = contents(course)
    files = new_lesson.new_lesson(NAME, course)
    after = contents(course)
    new = {f"solutions/{NAME}/{NAME}.ipynb", "tests/mutants/lesson_16.py"}
    changed = {name for name in before if before[name] != after[name]}
    assert after.keys() - before.keys() == new and changed == {"docs/teaching.md", "solutions/start.ipynb"}
    assert {path.relative_to(course).as_posix() for path in files} == new | changed
    for name in changed:
        lines = difflib.ndiff(before[name].splitlines(), after[name].splitlines())
        assert {line[0] for line in lines} <= {" ", "+"}, name


def test_pages_and_links_stand_in_the_order_of_their_numbers(course):
    for name in ("16-b", "20-c", "12-a"):
        new_lesson.new_lesson(name, course)
    page = (course / "docs" / "teaching.md").read_text()
    numbers = [int(number) for number in re.findall(r"^## (\d+) · ", page, re.M)]
    assert numbers == sorted(numbers) and numbers[0] == 1 and {12, 16, 20} <= set(numbers)
    assert "\n\n\n" not in page and page.endswith("Language and length are not marked.\n")
    links = "\n".join(cell.source for cell in nbformat.read(course / "solutions" / "start.ipynb", as_version=4).cells)
    numbers = [int(number) for number in re.findall(r"^\| \[(\d+) · .*\) \| .* \|$", links, re.M)]
    assert (
        numbers == sorted(numbers)
        and {12, 16, 20} <= set(numbers)
        and "| [12 · A](12-a/12-a.ipynb) | FILL IN |\n| [16 · B]" in links
    )


def test_the_command_says_what_is_wrong_in_one_line(capsys):
    for name, said in [("", "which lesson? make new-lesson NAME=16-my-lesson\n"), ("x", "'x' is no name for a lesson: ")]:
        assert new_lesson.main([name]) == 1
        assert capsys.readouterr().err.startswith(said)


@pytest.mark.slow
def test_only_what_the_author_has_to_do_is_missing(released):
    tests = ["tests/notebooks/test_shape.py", "tests/mutants/test_mutants.py"]
    chosen = ["-k", "16-my-lesson or no_two_lessons", "-m", "not slow", "-q", "-rf", "--tb=line"]
    _, said = run(released, "-m", "pytest", *tests, *chosen)
    assert set(re.findall(r"FAILED tests/\w+/\w+.py::(\w+)", said)) == {
        "test_cells_are_few_and_short",
        "test_no_two_lessons_ask_for_the_same_function",
        "test_nothing_is_left_to_fill_in",
        "test_every_function_has_wrong_answers_and_two_other_right_ones",
    }, said
    assert (
        "cells: a lesson has 40 to 70" in said
        and "FILL IN stands in title, " in said
        and "lesson_16.py, docs/teaching.md" in said
    )


@pytest.mark.slow
def test_the_skeleton_is_marked_by_the_quick_harness(released):
    code, said = run(released, "-m", "tests.mutants", "16")
    assert code == 0 and "1 exercise: wrong answers caught 1 of 1 (100 %), right variants accepted 1 of 1 (100 %)" in said, said


@pytest.mark.slow
def test_the_skeleton_is_marked_by_the_commands_of_the_teaching_page(released):
    path = released / "solutions" / NAME / f"{NAME}.ipynb"
    full = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    wrong = (released / "tests" / "mutants" / "lesson_16.py").read_text().split("@lesson.wrong")[1]
    wrong = {"midi_to_hz": wrong[wrong.index("def ") :].split("\n\n")[0]}
    submissions = {"full": full, "blank": {}, "wrong": wrong}
    handed_out = nbformat.read(released / "lessons" / NAME / path.name, as_version=4)
    for student, answers in submissions.items():
        folder = released / "gradebook" / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(stock.filled_in(handed_out, answers), folder / path.name)
    for command in (["generate_assignment", NAME, "--force"], ["autograde", NAME], ["export"]):
        code, said = run(released, "-m", "nbgrader", *command)
        assert code == 0, said
    with open(released / "gradebook" / "grades.csv", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == NAME}
    assert scores == {"full": 3, "wrong": 0, "blank": 0}
    ran = nbformat.read(released / "gradebook" / "autograded" / "full" / NAME / path.name, as_version=4)
    outputs = [output for cell in ran.cells for output in cell.get("outputs", [])]
    assert outputs and not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


def test_a_lesson_of_ones_own_is_the_reference_of_its_functions(course):
    own = new_lesson.new_lesson(NAME, course)[0]
    own.write_text(own.read_text().replace("midi_to_hz", "loudest"))
    assert f"| `loudest(m)` | the lesson itself | {NAME} | " in make_lessons.function_table(
        course / "solutions", ROOT / "musiclab"
    )
    early = new_lesson.new_lesson("15-early", course)[0]
    early.write_text(early.read_text().replace("midi_to_hz", "loudest"))
    way_out = r"15-early.ipynb: no module of musiclab defines loudest\(m\).* or number the lesson 16 or higher"
    with pytest.raises(ValueError, match=way_out):
        make_lessons.function_table(course / "solutions", ROOT / "musiclab")


@pytest.mark.parametrize(
    "lesson", ["melody, model=None, rng=None, *, tries=8", "melody, model, rng", "melody, model=None", "melody"]
)
def test_a_lesson_may_do_with_fewer_arguments_than_the_reference(lesson):
    [function] = ast.parse("def harmonise(melody, model=None, rng=None, *, tries=8): pass").body
    assert lesson in make_lessons._spoken(function.args)


def test_an_argument_that_the_reference_needs_is_never_left_out():
    [function] = ast.parse("def f(melody, model=None, *, tries): pass").body
    assert all("melody" in spoken and "*, tries" in spoken for spoken in make_lessons._spoken(function.args))
