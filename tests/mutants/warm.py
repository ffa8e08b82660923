"""Mark many answers to a lesson quickly, by nbgrader's own rule, without nbgrader's kernels.

One process runs the locked cells and the reference answers. When it comes to a solution cell it forks once for every answer
to that function; the fork runs the answer and every marked cell that follows, then reports. Tests run in forks only, so the one
process never computes with a library that does not survive a fork (TensorFlow). Plain cells are left out: a locked test that
needs one would be at the mercy of the student, and shows here as a lost mark.
"""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from .answers import REPOSITORY, is_answer, is_test


class Mark(NamedTuple):
    """Points of one test cell, and why they were lost ("" if they were not)."""

    points: float
    message: str = ""


def mark(lesson, submissions, timeout=60):
    """Marks of each submission.

    Args:
        lesson: a `Lesson`.
        submissions: name -> {function: source of its solution cell}; functions left out keep the reference answer.
        timeout: seconds a cell may take.

    Returns:
        name -> {grade id of a test cell: `Mark`}.
    """
    with tempfile.TemporaryDirectory() as folder:
        job, report = Path(folder, "job.json"), Path(folder, "report.json")
        job.write_text(json.dumps({"notebook": str(lesson.path), "submissions": submissions, "timeout": timeout}))
        command = [sys.executable, "-m", "tests.mutants.warm", job, report]
        paths = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)
        if done.returncode or not report.exists():
            raise RuntimeError(f"{lesson.name} could not be run:\n{done.stdout}\n{done.stderr}")
        marks = json.loads(report.read_text())
    return {name: {cell: Mark(*values) for cell, values in cells.items()} for name, cells in marks.items()}


class Worker:
    """Runs cells as a kernel would: IPython semantics, stderr seen at the level of the file, limited time."""

    def __init__(self, timeout):
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        config = Config()
        config.HistoryManager.enabled = False  # no thread, no database
        config.InteractiveShell.colors = "NoColor"
        config.DisplayFormatter.active_types = ["text/plain"]  # pictures and sounds of plain cells are not marked
        self.shell = InteractiveShell.instance(config=config)
        self.shell.showtraceback = self.shell.showsyntaxerror = lambda *_, **__: None  # dear, and nobody reads it
        self.timeout = timeout
        self.rule = nbgrader_rule()
        self.first_stderr = os.dup(2)
        self.listen()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def listen(self):
        """Send stderr to a file of this process's own."""
        self.stderr = tempfile.TemporaryFile()
        os.dup2(self.stderr.fileno(), 2)

    def run(self, source):
        """Run a cell; returns its outputs in notebook format."""
        from nbformat.v4 import new_output

        sys.stderr.flush()
        heard = os.fstat(self.stderr.fileno()).st_size
        signal.signal(signal.SIGALRM, self._too_long)
        signal.alarm(self.timeout)
        try:
            result = self.shell.run_cell(source)
        finally:
            signal.alarm(0)
        sys.stderr.flush()
        self.stderr.seek(heard)
        noise = self.stderr.read().decode(errors="replace")
        error = result.error_before_exec or result.error_in_exec
        outputs = [new_output("stream", name="stderr", text=noise)] if noise else []
        if result.result is not None:
            data = {"text/plain": self.shell.display_formatter.format(result.result)[0].get("text/plain", "")}
            outputs.append(new_output("execute_result", data=data, execution_count=1))
        if error is not None:
            outputs.append(new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[]))
        return outputs

    def grade(self, cell):
        """Run a test cell; returns `(points, message)` by nbgrader's own rule."""
        cell.outputs = self.run(cell.source)
        points, most = self.rule(cell)
        lost = [out.get("evalue") or out.get("text") or str(out.get("data")) for out in cell.outputs] if points < most else []
        return points, "; ".join(lost)

    def _too_long(self, *_):
        raise KeyboardInterrupt(f"the cell took longer than {self.timeout} s")  # `except Exception` does not stop it


def nbgrader_rule():
    """nbgrader's `determine_grade`, from its file: importing the package loads all its programs, for five seconds."""
    [folder] = importlib.util.find_spec("nbgrader").submodule_search_locations
    spec = importlib.util.spec_from_file_location("nbgrader_utils", Path(folder, "utils.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.determine_grade


def in_fork(worker, cells, answers):
    """Points and message of each test among these cells, with these answers in their solution cells."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        worker.listen()
        with os.fdopen(write, "w") as pipe:  # a line a test, so that a process that dies keeps what it had won
            for cell in cells:
                grade_id = cell.metadata.nbgrader.grade_id
                if is_test(cell):
                    print(json.dumps([grade_id, worker.grade(cell)]), file=pipe, flush=True)
                else:
                    worker.run(answers.get(grade_id, cell.source))
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        won = dict(json.loads(line) for line in pipe if line.endswith("\n"))
    os.waitpid(child, 0)
    tests = [cell.metadata.nbgrader.grade_id for cell in cells if is_test(cell)]
    return {test: won.get(test, (0.0, "the process died before this test ended")) for test in tests}


def main(job, report):
    """Do a job: read the notebook and the submissions, write the marks."""
    import nbformat

    job = json.loads(Path(job).read_text())
    cells = nbformat.read(job["notebook"], as_version=4).cells
    cells = [cell for cell in cells if cell.cell_type == "code" and "nbgrader" in cell.metadata]
    unknown = {name for answers in job["submissions"].values() for name in answers} - {
        cell.metadata.nbgrader.grade_id for cell in cells if is_answer(cell)
    }
    if unknown:
        raise SystemExit(f"no solution cell has the grade id {sorted(unknown)}")
    worker = Worker(job["timeout"])
    try:
        Path(report).write_text(json.dumps(mark_all(worker, cells, job["submissions"])))
    except BaseException:
        os.dup2(worker.first_stderr, 2)  # so that the traceback is seen
        raise


def mark_all(worker, cells, submissions):
    """Run the cells with the reference answers, forking at the first answer of each submission."""
    waiting, reference, results = dict(submissions), {}, {}
    for i, cell in enumerate(cells):
        if is_answer(cell):
            reference = reference or in_fork(worker, cells[i:], {})
            for name in [name for name, answers in waiting.items() if cell.metadata.nbgrader.grade_id in answers]:
                results[name] = {**reference, **in_fork(worker, cells[i:], waiting.pop(name))}
        if not is_test(cell):
            worker.run(cell.source)
    return {**results, **dict.fromkeys(waiting, reference)}  # nothing replaced: the reference answers' own marks


if __name__ == "__main__":
    main(*sys.argv[1:])
