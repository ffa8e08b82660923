"""The course on your desk: the lessons are brought into a work folder, never over what is yours, and JupyterLab opens there."""

import hashlib
import json
import os
import sys
from pathlib import Path

from musiclab.atomic import atomic_write

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent  # the cloned repository, where the package is used from one
SETTINGS = PACKAGE / "data" / "jupyter"  # what JupyterLab is told: `course` is for everyone, `student` hides the teacher's tools
MEMORY = ".musiclab"  # the folder inside work/ that remembers what was brought, and which tabs were open
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", ".DS_Store", ".gitkeep"}


def lessons_folder():
    """The lessons without answers: those of the cloned repository, else those inside the installed package.

    Raises:
        FileNotFoundError: there are none.
    """
    for folder in (CHECKOUT / "lessons", PACKAGE / "data" / "lessons"):
        if (folder / "start.ipynb").is_file():
            return folder
    raise FileNotFoundError(
        f"no start.ipynb in {CHECKOUT / 'lessons'}: get the whole repository, or write the lessons with `make lessons`"
    )


def bring_lessons(lessons, work):
    """Copy each file of `lessons` into `work`, unless the student has it; a newer version lands beside the student's own.

    Delete your copy and bring the lessons again to start one afresh.

    Args:
        lessons: folder with the files as we publish them, lessons in folders of their own.
        work: the student's folder, made if absent.

    Returns:
        list of str: what was done, a line each; empty if nothing was new.

    Raises:
        OSError: `work` is a file, or cannot be written to.

    >>> import tempfile
    >>> desk = Path(tempfile.mkdtemp())
    >>> _ = (desk / "lessons").mkdir(), (desk / "lessons" / "start.ipynb").write_text("one")
    >>> bring_lessons(desk / "lessons", desk / "work")
    ['1 file of the course copied into work']
    >>> _ = (desk / "work" / "start.ipynb").write_text("mine"), (desk / "lessons" / "start.ipynb").write_text("two")
    >>> bring_lessons(desk / "lessons", desk / "work")
    ['start.ipynb has a newer version: it lies beside yours as start.new.ipynb, and yours is as you left it']
    """
    lessons, work = Path(lessons), Path(work)
    if work.exists() and not work.is_dir():
        raise NotADirectoryError(f"{work} is a file; choose a folder with --folder")
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(f"cannot make the folder {work}: {error.strerror}; choose another folder with --folder") from error
    brought = _remembered(work)
    copied, lines = 0, []
    for source in sorted(path for path in lessons.rglob("*") if path.is_file()):
        name = source.relative_to(lessons)
        if LEFT_OUT.intersection(name.parts):
            continue
        if in_the_way := _in_the_way(work, name):
            line = (
                f"{in_the_way} of yours is no folder, and a folder of the course has that name: rename yours to get its lessons"
            )
            lines += [line] if line not in lines else []
            continue
        content = source.read_bytes()
        version = hashlib.sha256(content).hexdigest()
        if not os.path.lexists(work / name):  # a link that leads nowhere is the student's too
            _write(work / name, content)
            copied += 1
        elif brought.get(name.as_posix()) != version and content not in _versions(work / name):
            beside = _free_name(work / name)
            _write(beside, content)
            lines.append(
                f"{name.as_posix()} has a newer version: it lies beside yours as {beside.name}, and yours is as you left it"
            )
        brought[name.as_posix()] = version
    _write(work / MEMORY / "brought.json", json.dumps(brought, indent=1).encode())
    if copied:
        lines.insert(0, f"{copied} file{'s' if copied > 1 else ''} of the course copied into {work.name}")
    return lines


def _remembered(work):
    """Which version of each file was brought last; a memory that cannot be read is an empty one."""
    try:
        brought = json.loads((work / MEMORY / "brought.json").read_text())
    except (FileNotFoundError, ValueError):
        brought = None
    return brought if isinstance(brought, dict) else {}  # then ours lands beside yours once more than needed; nothing is lost


def _in_the_way(work, name):
    """What has the name of one of the folders that a file of the course lies in, and is no folder; None if nothing has."""
    folders = reversed(name.parents[:-1])
    return next((folder for folder in folders if os.path.lexists(work / folder) and not (work / folder).is_dir()), None)


def _versions(path):
    """The student's file and all newer versions that lie beside it."""
    return [file.read_bytes() for file in (path, *_beside(path)) if file.is_file()]


def _beside(path):
    return (file for file in path.parent.iterdir() if file.name.startswith(f"{path.stem}.new") and file.suffix == path.suffix)


def _free_name(path):
    names = {file.name for file in _beside(path)}
    candidates = (f"{path.stem}.new{number}{path.suffix}" for number in ("", *(f"-{n}" for n in range(2, len(names) + 3))))
    return path.with_name(next(name for name in candidates if name not in names))


def _write(path, content):
    """Write all of a file or nothing of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as file:
            file.write(content)
    except OSError as error:
        raise OSError(f"cannot write {path}: {error.strerror}; make room, or choose another folder with --folder") from error


def add_arguments(parser):
    parser.add_argument(
        "--folder", type=Path, help="the folder you work in (default: work/ in the repository, or in this folder)"
    )
    parser.add_argument("--no-open", action="store_true", help="print the address instead of opening a browser")
    parser.add_argument("--copy-only", action="store_true", help="bring the lessons into the folder, open nothing")
    parser.add_argument("--teach", action="store_true", help="open the repository itself, with nbgrader's formgrader")
    parser.add_argument(
        "jupyter", nargs="*", metavar="-- OPTIONS", help="everything after -- goes to JupyterLab, as in: -- --port 9000"
    )


def run(arguments):
    if arguments.teach:
        folder, page, settings = _repository(), "/lab", [SETTINGS / "course"]
        tabs = _teachers_desk(folder / "gradebook")
    else:
        lessons = lessons_folder()
        folder = arguments.folder or (CHECKOUT if lessons.parent == CHECKOUT else Path.cwd()) / "work"
        folder, page, settings = folder.resolve(), "/lab/tree/start.ipynb", [SETTINGS / "student", SETTINGS / "course"]
        tabs = folder / MEMORY / "tabs"
        for line in bring_lessons(lessons, folder):
            print(line)
        print(f"You work in {folder}; nothing there is ever overwritten.")
        if arguments.copy_only:
            return 0
    options = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url={page}", f"--LabApp.workspaces_dir={tabs}"]
    if arguments.no_open or not has_screen():
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # a container, mostly; the server listens on this machine only
    _open_jupyterlab(folder, settings, options + arguments.jupyter)


def _repository():
    """The cloned repository, which is what a teacher opens."""
    if not (CHECKOUT / "nbgrader_config.py").is_file():
        raise FileNotFoundError(
            f"no nbgrader_config.py in {CHECKOUT}: teaching needs the whole repository, so clone it and install from there"
        )
    return CHECKOUT


def _teachers_desk(gradebook):
    """Folders that nbgrader wants, and the formgrader as the first tab; returns where JupyterLab remembers the open tabs."""
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    (gradebook / "exchange").mkdir(parents=True, exist_ok=True)
    (gradebook / "tabs").mkdir(exist_ok=True)
    desk, tab = WorkspacesManager(str(gradebook / "tabs")), "nbgrader-formgrader:nbgrader-formgrader"
    if not desk.list_workspaces():  # afterwards it is as the teacher left it
        layout = {"main": {"current": tab, "dock": {"type": "tab-area", "currentIndex": 0, "widgets": [tab]}}}
        data = {"layout-restorer:data": layout, tab: {"data": {}}}
        desk.save("default", json.dumps({"data": data, "metadata": {"id": "default"}}))
    return gradebook / "tabs"


def has_screen():
    """Whether a browser opened here would be seen."""
    if "SSH_CONNECTION" in os.environ:
        return False
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_jupyterlab(folder, settings, options):
    """Run JupyterLab in this process until it is stopped, with the course's settings before the user's own."""
    from jupyterlab.labapp import main

    earlier = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([*map(str, settings), *([earlier] if earlier else [])])
    programs = str(Path(sys.executable).parent)  # nbgrader calls alembic by its name
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
    os.chdir(folder)
    print("JupyterLab starts. To stop it, press Ctrl+C here twice.", flush=True)
    main(options)
