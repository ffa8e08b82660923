"""The house is built as docs/rooms.md draws it, and stays light at the door."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"keras", "tensorflow", "torch", "jax", "music21"}
IMPORTS_NOTHING_OF_OURS = {"key", "rnn", "generate"}
MAY_IMPORT_KERAS = {"hoisted"}
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "base", "core", "config", "misc", "tools", "lib", "stuff"}


def room(path):
    """The name a module has in the table: `musiclab/rnn/cell.py` is `rnn.cell`, and `musiclab/rnn/__init__.py` is `rnn`."""
    return ".".join(path.relative_to(ROOT / "musiclab").with_suffix("").parts).removesuffix(".__init__")


MODULES = {room(path): path for path in sorted((ROOT / "musiclab").rglob("*.py")) if path != ROOT / "musiclab" / "__init__.py"}


def arrows(path, top_level_only=False):
    """The full names of all that a module imports, wherever in it or only where it happens at once."""
    tree = ast.parse(path.read_text())
    if top_level_only:
        nodes = [
            node
            for statement in tree.body
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
            for node in ast.walk(statement)
        ]
    else:
        nodes = list(ast.walk(tree))
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inside = path.relative_to(ROOT).parent.parts
            start = (
                ".".join((*inside[: len(inside) - node.level + 1], *filter(None, [node.module]))) if node.level else node.module
            )
            names |= {f"{start}.{alias.name}" for alias in node.names}
    return names


def rooms_entered(path):
    """Which of our modules a module imports; of a package and a module in it, the module."""
    entered = set()
    for arrow in arrows(path):
        entered |= set(sorted((name for name in MODULES if f"{arrow}.".startswith(f"musiclab.{name}.")), key=len)[-1:])
    return entered


def drawn():
    """The table of docs/rooms.md: module -> the modules that it imports."""
    rows = re.findall(r"^\| `([a-z_.]+)` \|[^|]*\| ([^|]*) \|$", (ROOT / "docs" / "rooms.md").read_text(), flags=re.MULTILINE)
    return {name: set(filter(None, re.split(r"[, –]+", imports))) for name, imports in rows}


def test_the_table_of_rooms_names_every_module_and_no_other():
    missing, gone = MODULES.keys() - drawn().keys(), drawn().keys() - MODULES.keys()
    assert not missing, f"add a row to the table in docs/rooms.md for {', '.join(sorted(missing))}, or do without the module"
    assert not gone, f"docs/rooms.md has a row for {', '.join(sorted(gone))}, and there is no such module: take the row out"


@pytest.mark.parametrize("name", MODULES)
def test_a_room_imports_what_the_table_says(name):
    entered = rooms_entered(MODULES[name])
    assert drawn().get(name) == entered, f"its row in docs/rooms.md should end in | {', '.join(sorted(entered)) or '–'} |"


def test_no_two_rooms_import_each_other_not_even_by_a_detour():
    table, done = drawn(), set()
    while table:
        free = {name for name, entered in table.items() if entered <= done}
        assert free, f"a circle of imports runs through {', '.join(sorted(table))}"
        done |= free
        table = {name: entered for name, entered in table.items() if name not in free}


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.split(".")[0] in IMPORTS_NOTHING_OF_OURS))
def test_networks_and_the_record_of_music_import_nothing_of_ours(name):
    assert {entered for entered in rooms_entered(MODULES[name]) if entered.split(".")[0] != name.split(".")[0]} == set()


@pytest.mark.parametrize("name", MODULES)
def test_heavy_libraries_are_imported_inside_functions_and_keras_in_one_place(name):
    at_once = {arrow.split(".")[0] for arrow in arrows(MODULES[name], top_level_only=True)}
    anywhere = {arrow.split(".")[0] for arrow in arrows(MODULES[name])}
    assert not at_once & HEAVY, f"move the import of {at_once & HEAVY} into the function that needs it"
    assert name in MAY_IMPORT_KERAS or not anywhere & {"keras", "tensorflow"}, "only musiclab.hoisted imports Keras"


@pytest.mark.parametrize("name", MODULES)
def test_a_room_is_named_after_what_is_in_it(name):
    assert not MEANINGLESS & set(name.split(".")), f"{name} could hold anything: name it after its one idea"


def test_importing_loads_neither_tensorflow_nor_music21():
    rooms = ["musiclab", *(f"musiclab.{name}" for name in MODULES)]
    code = f"""
import importlib, json, sys
loads = {{}}
for name in {rooms!r}:
    importlib.import_module(name)
    loads[name] = sorted({HEAVY!r} & sys.modules.keys())
print(json.dumps(loads))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {name: heavy for name, heavy in json.loads(done.stdout).items() if heavy} == {}


def notebooks(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)


def test_notebooks_are_kept_without_output():
    assert notebooks("solutions")
    for path in [*notebooks("solutions"), *notebooks("lessons")]:
        for cell in json.loads(path.read_text())["cells"]:
            assert not cell.get("outputs") and not cell.get("execution_count"), (
                f"{path.relative_to(ROOT)} has output: run nbstripout --keep-id on it"
            )


def test_each_module_has_a_line_that_says_what_it_is():
    for path in MODULES.values():
        assert ast.get_docstring(ast.parse(path.read_text())), f"{path.relative_to(ROOT)} has no docstring"
