"""Mark submissions the stock way: what nbgrader's Formgrader calls, in a course of its own, the gradebook read afterwards."""

import copy
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parents[2]
MEASURE = """
import sys
peak = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(*peak[0].split()[1:2], *{"tensorflow"} & set(sys.modules))
"""


class Marked(NamedTuple):
    """What the gradebook says of one submission, and the notebook as it ran."""

    points: dict  # grade id of a test cell -> points
    manual: dict  # grade id of a written answer -> (points given automatically, waits for a teacher)
    notebook: nbformat.NotebookNode


class Cost(NamedTuple):
    """What a notebook needed from top to bottom."""

    seconds: float
    slowest: str  # id of the cell that took longest
    peak_mb: float  # memory of its kernel
    tensorflow: bool  # was it loaded?


class Course:
    """A course in an empty folder, with our configuration."""

    def __init__(self, folder):
        from nbgrader.apps import NbGraderAPI
        from traitlets.config import PyFileConfigLoader

        self.folder = folder
        shutil.copy(ROOT / "nbgrader_config.py", folder)
        self.config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
        self.nbgrader = NbGraderAPI(config=self.config)

    def release(self, lesson):
        """Take a lesson into the course; returns the notebook that students get."""
        ignored = shutil.ignore_patterns(".ipynb_checkpoints")
        shutil.copytree(lesson.path.parent, self.folder / "solutions" / lesson.name, ignore=ignored)
        path = os.environ["PATH"]
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])  # nbgrader calls alembic by name
        try:
            _succeeded(self.nbgrader.generate_assignment(lesson.name))
        finally:
            os.environ["PATH"] = path
        return nbformat.read(self.folder / "lessons" / lesson.name / lesson.path.name, as_version=4)

    def mark(self, lesson, student, notebook):
        """Hand in a student's notebook and mark it; returns `Marked`."""
        handed_in = self.folder / "gradebook" / "submitted" / student / lesson.name
        handed_in.mkdir(parents=True)
        nbformat.write(notebook, handed_in / lesson.path.name)
        _succeeded(self.nbgrader.autograde(lesson.name, student))
        with self.nbgrader.gradebook as gradebook:
            grades = gradebook.find_submission_notebook(lesson.path.stem, lesson.name, student).grades
            points = {grade.name: grade.auto_score for grade in grades if grade.name in lesson.points}
            manual = {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in grades if grade.name not in points}
        path = self.folder / "gradebook" / "autograded" / student / lesson.name / lesson.path.name
        return Marked(points, manual, nbformat.read(path, as_version=4))


def _succeeded(said):
    if not said["success"]:
        raise RuntimeError(f"nbgrader:\n{said.get('log')}\n{said.get('error')}")


def filled_in(released, answers, plain=True):
    """The students' notebook with these answers.

    Args:
        answers: grade id of a solution cell -> its source; the others stay as they are handed out.
        plain: False leaves out the code cells that nobody marks, as students do who hand in the exercises alone.
    """
    notebook = copy.deepcopy(released)
    if not plain:
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown" or "nbgrader" in cell.metadata]
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return notebook


def measured(notebook):
    """The notebook with a last cell that tells what it cost; `cost_of` reads it once the notebook has run."""
    notebook.cells.append(new_code_cell(MEASURE, id="cost-of-the-lesson"))
    return notebook


def cost_of(notebook):
    """The `Cost` of a measured notebook."""
    seconds = {}
    for cell in notebook.cells[:-1]:
        if at := cell.metadata.get("execution"):
            begin, end = (datetime.fromisoformat(at[event]) for event in ("iopub.status.busy", "iopub.status.idle"))
            seconds[cell.id] = (end - begin).total_seconds()
    [said] = notebook.cells[-1].outputs
    peak, *loaded = said.text.split()
    return Cost(sum(seconds.values()), max(seconds, key=seconds.get), int(peak) / 1024, bool(loaded))
