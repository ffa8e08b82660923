"""Mark submissions of a lesson the stock way: nbgrader's own commands in a course of their own, the gradebook read afterwards."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).resolve().parents[2]


class Marked(NamedTuple):
    """What the gradebook says of one submission, and the notebook as it ran."""

    points: dict  # grade id of a test cell -> points
    manual: dict  # grade id of a written answer -> (points given automatically, waits for a teacher)
    notebook: nbformat.NotebookNode


def mark(lesson, submissions, course):
    """Mark with `nbgrader autograde`.

    Args:
        lesson: a `Lesson` of the mutants.
        submissions: student -> {grade id: source of that solution cell}; cells left out stay as they are handed out.
        course: an empty folder.

    Returns:
        student -> `Marked`.
    """
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(lesson.path.parent, course / "solutions" / lesson.name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    nbgrader(course, "generate_assignment", lesson.name)
    released = nbformat.read(course / "lessons" / lesson.name / lesson.path.name, as_version=4)
    for student, answers in submissions.items():
        folder = course / "gradebook" / "submitted" / student / lesson.name
        folder.mkdir(parents=True)
        for cell in released.cells:
            cell = cell if "nbgrader" in cell.metadata else None
            if cell and cell.metadata.nbgrader.grade_id in answers:
                cell["handed_out"], cell.source = cell.source, answers[cell.metadata.nbgrader.grade_id]
        originals = [cell.pop("handed_out", None) for cell in released.cells]
        nbformat.write(released, folder / lesson.path.name)
        for cell, original in zip(released.cells, originals):
            cell.source = cell.source if original is None else original
    nbgrader(course, "autograde", lesson.name)
    return {student: _read(lesson, course, student) for student in submissions}


def nbgrader(course, *arguments):
    """Run an nbgrader command in a course; RuntimeError with its words if it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic by name
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")


def _read(lesson, course, student):
    from nbgrader.api import Gradebook

    path = course / "gradebook" / "autograded" / student / lesson.name / lesson.path.name
    with Gradebook(f"sqlite:///{course / 'gradebook' / 'gradebook.db'}") as gradebook:
        grades = gradebook.find_submission_notebook(lesson.path.stem, lesson.name, student).grades
        points = {grade.name: grade.auto_score for grade in grades if grade.name in lesson.points}
        manual = {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in grades if grade.name not in points}
    return Marked(points, manual, nbformat.read(path, as_version=4))
