"""A lesson with its outputs: run once, and kept until the lesson or what it runs on changes."""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from musiclab.atomic import atomic_write

ROOT = Path(__file__).resolve().parents[2]
RUNS_ON = ["musiclab/**/*.py", "musiclab/data/*", "datasets/**/*", "requirements.lock"]
RUNS_WITHOUT = {"widgets", "studio"}  # no lesson needs what these folders of the package hold
CACHE = ROOT / "build" / "executed"
LONGEST = 1200  # seconds a cell may take on a slow machine
SIDE_BY_SIDE = 2  # kernels at once; each needs up to 1 GB


def executed(paths, cache=CACHE):
    """Run notebooks, each in a copy of its folder; what has not changed since is taken from the cache.

    Returns:
        list of notebooks with their outputs, in order.

    Raises:
        CellExecutionError: a cell raised something (nbclient's error, which names the cell).
        ValueError: a cell wrote to stderr.
    """

    def run(path):
        return nbformat.reads(kept(path.stem, fingerprint(path), lambda: nbformat.writes(_run(path)), cache), as_version=4)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(run, map(Path, paths)))


def kept(name, version, make, cache=CACHE):
    """A text that takes long to make, from the cache if this version of it is there; an older version goes."""
    file = Path(cache) / f"{name}-{version}"
    if not file.exists():
        print(f"making {name}", flush=True)
        text = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        for old in file.parent.glob(f"{name}-{'[0-9a-f]' * len(version)}"):
            old.unlink()
        with atomic_write(file) as out:
            out.write(text.encode())
    return file.read_text(encoding="utf-8")


def fingerprint(path):
    """Short name of all that the outputs of a notebook depend on, or if it is a folder, of its files."""
    folder = path if path.is_dir() else path.parent if path.parent.name == path.stem else None
    files = [file for file in sorted(folder.iterdir()) if file.is_file()] if folder else [path]
    return hashlib.sha256((_ground() + _digest(files)).encode()).hexdigest()[:16]


@cache
def _ground():
    found = {file for pattern in RUNS_ON for file in ROOT.glob(pattern) if file.is_file()}
    return _digest(sorted(file for file in found if not RUNS_WITHOUT & set(file.relative_to(ROOT).parts)))


def _digest(files):
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _run(path):
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder, "lesson")  # some lessons write files
        ignored = shutil.ignore_patterns("*.ipynb", "[0-9][0-9]-*")
        shutil.copytree(path.parent, beside, ignore=ignored)
        encrypted = Config({"KernelManager": {"transport_encryption": "auto"}})  # else each kernel prints a warning
        client = NotebookClient(
            notebook,
            timeout=LONGEST,
            kernel_name="python3",
            resources={"metadata": {"path": str(beside)}},
            config=encrypted,
        )
        client.execute(env=os.environ | {"MUSICLAB_SOUND": "embed"})  # a page has no kernel to ask for it
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise ValueError(f"{path.name}, cell {cell.id} wrote to stderr: {output.text[:500]}")
    return notebook


def with_outputs(released, notebook):
    """The students' copy of a lesson with the outputs of the one with answers, cell by cell."""
    outputs = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    for cell in released.cells:
        if cell.cell_type == "code" and cell.id in outputs:
            cell.outputs, cell.execution_count = outputs[cell.id].outputs, outputs[cell.id].execution_count
    return released
