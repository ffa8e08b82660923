"""Every lesson has the shape that the course promises."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "solutions").glob("[0-9][0-9]-*/*.ipynb"))
lesson = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def marks(cell):
    return cell.metadata.get("nbgrader", {})


def is_answer(cell):
    return cell.cell_type == "code" and bool(marks(cell).get("solution"))


def is_test(cell):
    return cell.cell_type == "code" and bool(marks(cell).get("grade")) and not marks(cell).get("solution")


def functions_of(path):
    return [marks(cell)["grade_id"] for cell in cells_of(path) if is_answer(cell)]


def imports_of(source):
    """`(module, name)` of all that a piece of code imports; name is None for `import module`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)


@lesson
def test_folder_and_notebook_have_one_name(path):
    assert path.parent.name == path.stem


@lesson
def test_outputs_are_stripped_and_cells_keep_stable_ids(path):
    notebook = nbformat.read(path, as_version=4)
    way_out = f"run `nbstripout --keep-id {path.name}`"
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code"), way_out
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}, way_out
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", id) and not re.fullmatch(r"[0-9a-f]{8}", id) for id in ids), ids


@lesson
def test_a_lesson_opens_closes_and_is_divided_as_all_do(path):
    cells = cells_of(path)
    number = int(path.stem[:2])
    assert re.match(rf"# {number} · \S", cells[0].source)
    for promise in ("**You will build**", "**You need**", "**Time**"):
        assert promise in cells[0].source
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert 3 <= len(re.findall(r"^## \d · ", text, re.M)) <= 5
    assert re.findall(r"^## (Summary|Go on|Sources)$", text, re.M) == ["Summary", "Go on", "Sources"]
    summary = next(cell.source for cell in cells if cell.source.startswith("## Summary"))
    assert len(re.findall(r"^- ", summary, re.M)) == 3


@lesson
def test_cells_are_few_and_short(path):
    cells = cells_of(path)
    assert 40 <= len(cells) <= 70, f"{len(cells)} cells: a lesson has 40 to 70"
    for cell in cells:
        if cell.cell_type == "markdown":
            n_words = sum(bool(re.search(r"\w", word)) for word in cell.source.split())
            assert n_words <= 100, f"{cell.id} has {n_words} words"
        else:
            limit = 20 if marks(cell) else 15
            assert len(cell.source.splitlines()) <= limit, f"{cell.id} has {len(cell.source.splitlines())} lines"
            width, widest = max(map(len, cell.source.splitlines()), default=0), 110 if is_test(cell) else 88
            assert width <= widest, f"{cell.id} has a line of {width} characters: {widest} can be read on a small screen"


@lesson
def test_all_imports_are_in_the_locked_setup_cell(path):
    cells = [cell for cell in cells_of(path) if cell.cell_type == "code"]
    assert marks(cells[0])["grade_id"] == "setup" and marks(cells[0])["locked"]
    assert "import numpy as np" in cells[0].source and "rng = np.random.default_rng(" in cells[0].source
    for cell in cells[1:]:
        allowed = {"musiclab.probes"} if is_test(cell) else set()
        assert {module for module, _ in imports_of(cell.source)} <= allowed, cell.id


@lesson
def test_an_exercise_is_goal_answer_try_hints_and_tests(path):
    cells = cells_of(path)
    for i, cell in enumerate(cells):
        if not is_answer(cell):
            continue
        name, goal, try_it, hints = marks(cell)["grade_id"], cells[i - 1], cells[i + 1], cells[i + 2]
        assert goal.cell_type == "markdown" and goal.source.startswith("### Exercise") and "|---|" in goal.source, name
        assert try_it.cell_type == "code" and "# expected" in try_it.source and f"{name}(" in try_it.source, name
        assert hints.cell_type == "markdown" and hints.source.count("<details><summary>Hint ") == 2, name
        tests = [marks(test)["grade_id"] for test in cells if marks(test).get("grade_id", "").startswith(f"{name}_tests")]
        assert tests == [f"{name}_tests", *(f"{name}_tests_{k}" for k in range(2, len(tests) + 1))], tests
        assert [marks(test).get("grade_id") for test in cells[i + 3 : i + 3 + len(tests)]] == tests


@lesson
def test_an_answer_is_one_function_with_its_docstring_and_at_most_ten_lines_missing(path):
    for cell in filter(is_answer, cells_of(path)):
        [function] = ast.parse(cell.source).body
        assert function.name == marks(cell)["grade_id"] and ast.get_docstring(function)
        before, missing, after = re.split(r".*### (?:BEGIN|END) SOLUTION\n?", cell.source)
        assert len(missing.splitlines()) <= 10 and not after.strip(), function.name


@lesson
def test_tests_are_locked_quiet_partly_hidden_and_end_in_none(path):
    for cell in filter(is_test, cells_of(path)):
        name = marks(cell)["grade_id"]
        assert marks(cell)["locked"] and marks(cell)["points"] > 0, name
        [*imports, last] = ast.parse(cell.source).body
        assert all(isinstance(node, ast.ImportFrom) for node in imports), f"{name}: all tests stand in `with quiet():`"
        assert isinstance(last, ast.With) and ast.unparse(last.items[0]) == "quiet()", (
            f"{name}: all tests stand in `with quiet():`"
        )
        assert cell.source.count("### BEGIN HIDDEN TESTS") == cell.source.count("### END HIDDEN TESTS") == 1, name


@lesson
def test_tests_call_by_position(path):
    names = set(functions_of(path))
    for cell in filter(is_test, cells_of(path)):
        for call in (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)):
            assert not (isinstance(call.func, ast.Name) and call.func.id in names and call.keywords), marks(cell)["grade_id"]


def test_no_two_lessons_ask_for_the_same_function():
    asked = [name for path in SOURCES for name in functions_of(path)]
    assert len(set(asked)) == len(asked), {name for name in asked if asked.count(name) > 1}


@lesson
def test_nothing_is_left_to_fill_in(path):
    left = [cell.id for cell in cells_of(path) if "FILL IN" in cell.source]
    answers = ROOT / "tests" / "mutants" / f"lesson_{path.stem[:2]}.py"
    left += [answers.name] if answers.exists() and "FILL IN" in answers.read_text() else []
    left += ["docs/teaching.md"] if "FILL IN" in teaching_page(path) else []
    assert not left, f"FILL IN stands in {', '.join(left)}"


@lesson
def test_a_lesson_has_answers_of_imagined_students_and_a_page_for_the_teacher(path):
    assert (ROOT / "tests" / "mutants" / f"lesson_{path.stem[:2]}.py").exists()
    promised = ["**Aims.**", "**Time.**", "**Points.**", "**Before class.**", "### What students get wrong", "### To discuss"]
    missing = [heading for heading in promised if heading not in teaching_page(path)]
    assert not missing, f"docs/teaching.md has not, on the page under this lesson's title: {', '.join(missing)}"


def teaching_page(path):
    """The teacher's page of a lesson, under its title; "" if there is none."""
    title = cells_of(path)[0].source.splitlines()[0].removeprefix("# ")
    page = re.search(rf"^## {re.escape(title)}\n(?:(?!## ).*\n)*", (ROOT / "docs" / "teaching.md").read_text(), re.M)
    return page[0] if page else ""


@lesson
def test_what_a_lesson_asks_for_it_never_imports(path):
    asked, reached = set(functions_of(path)), set()
    for module, name in all_imports(path):
        if module.split(".")[0] == "musiclab" and module != "musiclab.probes":
            reach(module, name, reached)
    given_away = {name for _, name in reached} & asked
    assert not given_away, (
        f"what the lesson imports is, or calls, what it asks for: {given_away}; let the student's function go in"
    )


def source_of(module):
    """The source of one of our modules, None if there is no such module."""
    stem = ROOT.joinpath(*module.split("."))
    path = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
    return path.read_text() if path.exists() else None


def reach(module, name, reached):
    """Collect `(module, name)` of all functions and classes of ours that a name leads to; a whole module leads to all in it."""
    if (module, name) in reached:
        return
    reached.add((module, name))
    if name is not None and source_of(f"{module}.{name}") is not None:
        return reach(f"{module}.{name}", None, reached)
    if (source := source_of(module)) is None:
        return
    tree = ast.parse(source)
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for imported, original in imports_of(source):
        if imported.split(".")[0] == "musiclab" and original == name:
            reach(imported, original, reached)
    here = [defined[name]] if name in defined else [tree] if name is None else []
    used = {node.id for part in here for node in ast.walk(part) if isinstance(node, ast.Name)}
    if name is None:
        used |= defined.keys()
    for other in used & defined.keys():
        reach(module, other, reached)
    for imported, original in imports_of(source):
        if imported.split(".")[0] == "musiclab" and original in used:
            reach(imported, original, reached)


def test_reaching_follows_calls_across_modules():
    reached = set()
    reach("musiclab.rnn", "bptt", reached)
    names = {name for _, name in reached}
    assert {"bptt", "rnn_forward", "sigmoid"} <= names and not {"rnn_step", "train_until", "init_weights"} & names


def all_imports(path):
    return [pair for cell in cells_of(path) if cell.cell_type == "code" for pair in imports_of(cell.source)]


@lesson
def test_students_get_neither_answers_nor_hidden_tests(path):
    released = ROOT / "lessons" / path.parent.name / path.name
    text = "\n".join(cell.source for cell in cells_of(released))
    assert "HIDDEN TESTS" not in text and "SOLUTION" not in text
    for cell in cells_of(path):
        for secret in re.findall(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)\n *### END", cell.source, re.S):
            assert secret not in text, cell.id
    assert [cell.id for cell in cells_of(released)] == [cell.id for cell in cells_of(path)]


@pytest.mark.slow
def test_the_released_lessons_and_the_table_of_functions_are_up_to_date():
    command = [sys.executable, str(ROOT / "tools" / "make_lessons.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_stale_and_foreign_files_are_found_and_refused(tmp_path):
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import make_lessons
    finally:
        sys.path.pop(0)
    source = tmp_path / "solutions" / "01-a"
    source.mkdir(parents=True)
    (tmp_path / "solutions" / "start.md").write_text("begin here")
    notebook = nbformat.read(SOURCES[0], as_version=4)
    nbformat.write(notebook, source / "01-a.ipynb")
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        make_lessons.generate(tmp_path / "solutions", tmp_path / name)
    first = make_lessons.contents(tmp_path / "first")
    assert set(first) == {"start.md", "01-a/01-a.ipynb"} and first == make_lessons.contents(tmp_path / "second")
    answer = next(cell for cell in notebook.cells if is_answer(cell))
    answer.source = answer.source.replace("### END SOLUTION", "")
    nbformat.write(notebook, source / "01-a.ipynb")
    (tmp_path / "third").mkdir()
    with pytest.raises(ValueError, match="01-a could not be released: .*solution"):
        make_lessons.generate(tmp_path / "solutions", tmp_path / "third")
