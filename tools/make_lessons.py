"""Make lessons/ from solutions/: the notebooks without their answers and hidden tests, other files as they are.

    python tools/make_lessons.py           write lessons/ and the table of functions in docs/teaching.md
    python tools/make_lessons.py --check   write nothing; say what is stale (exit code 1)

nbgrader does the work (`generate_assignment`), without its database, so that the same sources give the same bytes.
"""

import argparse
import ast
import logging
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
OWN = 16  # lessons from this number on are teachers' own
TABLE = ("<!-- functions: written by tools/make_lessons.py -->\n", "<!-- end of functions -->\n")


def generate(solutions, lessons):
    """Write the students' copies of all that is in `solutions` into the empty folder `lessons`.

    Raises:
        ValueError: nbgrader refuses a notebook; what it says is in the message.
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    for path in sorted(path for path in solutions.iterdir() if path.is_file()):
        shutil.copyfile(path, lessons / path.name)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    config.CourseDirectory.source_directory = str(solutions)
    config.CourseDirectory.release_directory = str(lessons)
    config.GenerateAssignment.no_database, config.SaveCells.enabled = True, False  # as `--no-db`
    for folder in sorted(path for path in solutions.iterdir() if path.is_dir() and any(path.glob("*.ipynb"))):
        config.CourseDirectory.assignment_id = folder.name
        said = []
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
        converter.log = logger = logging.Logger("nbgrader", logging.ERROR)
        logger.addHandler(_Listener(said))
        try:
            converter.start()
        except (Exception, SystemExit) as error:
            raise ValueError(f"{folder.name} could not be released: {'; '.join(said) or error}") from error


class _Listener(logging.Handler):
    def __init__(self, said):
        super().__init__()
        self.said = said

    def emit(self, record):
        self.said.append(record.getMessage().strip().splitlines()[-1])  # of a traceback, the error


def contents(folder):
    """Relative path -> bytes of every file that belongs to the course."""
    ignored = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not ignored & set(path.parts)
    }


def function_table(solutions, package):
    """The functions that students write, as a table in Markdown: function, module that has the reference, lesson, what it does.

    A teacher's own lesson is the reference of what it asks for, where the package has none.

    Raises:
        ValueError: no module of the package defines the function with the arguments that a lesson of the course gives it.
    """
    homes = {}
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0].removesuffix(".py")  # a package re-exports what its modules hold
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                for arguments in _spoken(node.args):
                    homes.setdefault((node.name, arguments), room)
    rows = ["| function | reference in | lesson | it returns |", "|---|---|---|---|"]
    for path in sorted(solutions.glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            marked = cell.metadata.get("nbgrader", {})
            if cell.cell_type != "code" or not marked.get("solution"):
                continue
            wanted = next(
                node
                for node in ast.parse(cell.source).body
                if isinstance(node, ast.FunctionDef) and node.name == marked["grade_id"]
            )
            arguments = ast.unparse(wanted.args)
            if (wanted.name, arguments) in homes:
                home = f"`{package.name}.{homes[wanted.name, arguments]}`"
            elif path.stem[:2].isdigit() and int(path.stem[:2]) >= OWN:
                home = "the lesson itself"
            else:
                raise ValueError(
                    f"{path.name}: no module of {package.name} defines {wanted.name}({arguments}); give it the same name and "
                    f"arguments, or number the lesson {OWN} or higher: a lesson of your own is its own reference"
                )
            line = ast.get_docstring(wanted).splitlines()[0]
            rows.append(f"| `{wanted.name}({arguments})` | {home} | {path.stem} | {line} |")
    return "\n".join(rows) + "\n"


def _spoken(arguments):
    """A reference's arguments, and the fewer ones with which a lesson can do: without those that stand after `*` and have a default,
    without the last ones that have a default, and with no defaults at all."""
    arguments = ast.parse(f"def f({ast.unparse(arguments)}): pass").body[0].args
    yield ast.unparse(arguments)
    if None not in arguments.kw_defaults:
        arguments.kwonlyargs, arguments.kw_defaults = [], []
        yield ast.unparse(arguments)
    defaults, arguments.defaults = arguments.defaults, []
    yield ast.unparse(arguments)
    for n_left in reversed(range(len(defaults))):
        arguments.args.pop()
        for arguments.defaults in (defaults[:n_left], []):
            yield ast.unparse(arguments)


def with_table(text, table):
    """The page with the table of functions put between its two marks."""
    before, after = text.split(TABLE[0])[0], text.split(TABLE[1])[1]
    return f"{before}{TABLE[0]}\n{table}\n{TABLE[1]}{after}"


def main(argv=None):
    """Write, or with --check compare; returns the exit code."""
    parser = argparse.ArgumentParser(description="Make lessons/ from solutions/.")
    parser.add_argument("--check", action="store_true", help="write nothing; say what is stale")
    check = parser.parse_args(argv).check
    solutions, lessons, page = ROOT / "solutions", ROOT / "lessons", ROOT / "docs" / "teaching.md"
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "lessons"
        fresh.mkdir()
        generate(solutions, fresh)
        new, old = contents(fresh), contents(lessons)
    text = page.read_text()
    new_text = with_table(text, function_table(solutions, ROOT / "musiclab"))
    stale = [f"lessons/{name}" for name in sorted(new.keys() | old.keys()) if new.get(name) != old.get(name)]
    stale += ["docs/teaching.md"] if text != new_text else []
    if check:
        for name in stale:
            print(f"{name} is stale: run `make lessons`")
        return 1 if stale else 0
    for name in old.keys() - new.keys():
        (lessons / name).unlink()
    for name, content in new.items():
        if old.get(name) != content:
            (lessons / name).parent.mkdir(parents=True, exist_ok=True)
            (lessons / name).write_bytes(content)
    page.write_text(new_text)
    print(f"lessons: {len(new)} files, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
