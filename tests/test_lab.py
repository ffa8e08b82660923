"""`musiclab lab`: the lessons come to the student, and nothing of the student's is ever lost."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import missing_part
from hypothesis import given, settings
from hypothesis import strategies as st

from musiclab import lab
from musiclab.cli import main

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def lessons(tmp_path):
    """Two lessons as we publish them: a start page, and a lesson with a data file."""
    folder = tmp_path / "lessons"
    (folder / "01-sound").mkdir(parents=True)
    (folder / "start.ipynb").write_text("start")
    (folder / "01-sound" / "01-sound.ipynb").write_text("lesson one")
    (folder / "01-sound" / "tune.mid").write_bytes(b"MThd\0")
    return folder


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


def contents(folder):
    """All of the student's files, without what lies in hidden folders."""
    files = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {name: content for name, content in names.items() if not name.startswith(".")}


def test_the_first_time_everything_is_copied_data_files_too(lessons, work):
    assert lab.bring_lessons(lessons, work) == ["3 files of the course copied into work"]
    assert contents(work) == contents(lessons)


def test_the_second_time_nothing_happens(lessons, work):
    lab.bring_lessons(lessons, work)
    (work / "start.ipynb").write_text("mine")
    before = contents(work)
    assert lab.bring_lessons(lessons, work) == []
    assert contents(work) == before


def test_a_newer_version_lands_beside_the_students_with_a_line(lessons, work):
    lab.bring_lessons(lessons, work)
    (work / "01-sound" / "01-sound.ipynb").write_text("my answers")
    (lessons / "01-sound" / "01-sound.ipynb").write_text("lesson one, better")
    assert lab.bring_lessons(lessons, work) == [
        "01-sound/01-sound.ipynb has a newer version: it lies beside yours as 01-sound.new.ipynb, and yours is as you left it"
    ]
    assert (work / "01-sound" / "01-sound.ipynb").read_text() == "my answers"
    assert (work / "01-sound" / "01-sound.new.ipynb").read_text() == "lesson one, better"
    assert lab.bring_lessons(lessons, work) == []


def test_each_newer_version_gets_a_name_of_its_own(lessons, work):
    for version in ("one", "two", "three", "four"):
        (lessons / "start.ipynb").write_text(version)
        lab.bring_lessons(lessons, work)
    texts = {name: text for name, text in contents(work).items() if name.startswith("start")}
    assert texts == {
        "start.ipynb": b"one",
        "start.new.ipynb": b"two",
        "start.new-2.ipynb": b"three",
        "start.new-3.ipynb": b"four",
    }


def test_a_deleted_copy_comes_back_afresh(lessons, work):
    lab.bring_lessons(lessons, work)
    (work / "start.ipynb").unlink()
    lab.bring_lessons(lessons, work)
    assert (work / "start.ipynb").read_text() == "start"


def test_what_an_editor_leaves_behind_is_not_copied(lessons, work):
    for rubbish in (".ipynb_checkpoints/start-checkpoint.ipynb", "__pycache__/x.pyc", ".DS_Store"):
        (lessons / rubbish).parent.mkdir(exist_ok=True)
        (lessons / rubbish).write_text("rubbish")
    lab.bring_lessons(lessons, work)
    assert set(contents(work)) == {"start.ipynb", "01-sound/01-sound.ipynb", "01-sound/tune.mid"}


@pytest.mark.parametrize("memory", ["", "{", "[1, 2]", "3"])
def test_a_spoilt_memory_costs_a_copy_beside_at_most(lessons, work, memory):
    lab.bring_lessons(lessons, work)
    (work / "start.ipynb").write_text("mine")
    (work / ".musiclab" / "brought.json").write_text(memory)
    lab.bring_lessons(lessons, work)
    assert (work / "start.ipynb").read_text() == "mine"
    assert (work / "start.new.ipynb").read_text() == "start"
    assert lab.bring_lessons(lessons, work) == []


FILES = st.sampled_from(["start.ipynb", "a/a.ipynb", "a/tune.mid"])
TEXTS = st.sampled_from(["", "one", "two", "three"])
STEPS = st.one_of(
    st.tuples(st.just("publish"), FILES, TEXTS),
    st.tuples(st.just("write"), FILES, TEXTS),
    st.tuples(st.just("delete"), FILES, st.none()),
    st.tuples(st.just("bring"), st.none(), st.none()),
)


@given(st.lists(STEPS, max_size=12))
@settings(deadline=None)
def test_whatever_happens_the_students_files_stay_and_the_newest_lesson_arrives(steps):
    with tempfile.TemporaryDirectory() as desk:
        lessons, work = Path(desk, "lessons"), Path(desk, "work")
        seen = {}  # what was published when the lessons were last brought
        lessons.mkdir(), work.mkdir()
        for act, name, text in [*steps, ("bring", None, None)]:
            if act == "publish":
                (lessons / name).parent.mkdir(exist_ok=True)
                (lessons / name).write_text(text)
            elif act == "write":
                (work / name).parent.mkdir(exist_ok=True)
                (work / name).write_text(text)
            elif act == "delete":
                (work / name).unlink(missing_ok=True)
            else:
                before = contents(work)
                lab.bring_lessons(lessons, work)
                after = contents(work)
                assert before.items() <= after.items()
                for lesson, content in contents(lessons).items():
                    stem = lesson.rpartition(".")[0]
                    here = {after[file] for file in after if file == lesson or file.startswith(f"{stem}.new")}
                    assert content in here or seen.get(lesson) == content
                assert lab.bring_lessons(lessons, work) == []
                seen = contents(lessons)


def test_copy_only_opens_nothing_and_says_where_the_work_is(work, capsys):
    assert main(["lab", "--folder", str(work), "--copy-only"]) == 0
    assert str(work) in capsys.readouterr().out
    assert set(contents(lab.lessons_folder())) <= set(contents(work))


def test_no_lessons_anywhere_is_one_line_with_a_way_out(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(lab, "CHECKOUT", tmp_path)
    monkeypatch.setattr(lab, "PACKAGE", tmp_path)
    assert main(["lab"]) == 2
    assert "make lessons" in capsys.readouterr().err


def test_teaching_without_the_repository_is_one_line_with_a_way_out(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(lab, "CHECKOUT", tmp_path)
    assert main(["lab", "--teach"]) == 2
    assert "clone" in capsys.readouterr().err


def test_a_work_folder_that_cannot_be_written_is_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("not a folder")
    assert main(["lab", "--folder", str(tmp_path / "file"), "--copy-only"]) == 2
    assert capsys.readouterr().err == f"musiclab lab: {tmp_path / 'file'} is a file; choose a folder with --folder\n"
    assert main(["lab", "--folder", str(tmp_path / "file" / "work"), "--copy-only"]) == 2
    error = (
        f"musiclab lab: cannot make the folder {tmp_path / 'file' / 'work'}: Not a directory; choose another folder with --folder"
    )
    assert capsys.readouterr().err == f"{error}\n"


def test_a_full_disk_is_one_line_and_leaves_no_half_file(lessons, work, monkeypatch):
    def full(part, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=r"cannot write .*: No space left on device; make room, or choose another folder"):
        lab.bring_lessons(lessons, work)
    assert [path for path in work.rglob("*") if path.is_file()] == []


def test_a_students_file_that_ends_in_part_stays(lessons, work):
    work.mkdir()
    (work / "start.ipynb.part").write_text("mine")
    lab.bring_lessons(lessons, work)
    assert contents(work) == contents(lessons) | {"start.ipynb.part": b"mine"}


def test_a_link_that_leads_nowhere_stays_a_link_and_the_lesson_lies_beside_it(lessons, work):
    work.mkdir()
    (work / "start.ipynb").symlink_to("gone.ipynb")
    lab.bring_lessons(lessons, work)
    assert os.readlink(work / "start.ipynb") == "gone.ipynb"
    assert not (work / "gone.ipynb").exists()
    assert (work / "start.new.ipynb").read_text() == "start"
    assert lab.bring_lessons(lessons, work) == []


def test_a_folder_with_the_name_of_a_lesson_stays(lessons, work):
    (work / "start.ipynb").mkdir(parents=True)
    lab.bring_lessons(lessons, work)
    assert (work / "start.ipynb").is_dir()
    assert (work / "start.new.ipynb").read_text() == "start"


def test_a_file_with_the_name_of_a_lessons_folder_is_one_line_and_the_rest_arrives(lessons, work):
    work.mkdir()
    (work / "01-sound").write_text("mine")
    said = "01-sound of yours is no folder, and a folder of the course has that name: rename yours to get its lessons"
    assert lab.bring_lessons(lessons, work) == ["1 file of the course copied into work", said]
    assert contents(work) == {"01-sound": b"mine", "start.ipynb": b"start"}
    assert lab.bring_lessons(lessons, work) == [said]
    (work / "01-sound").unlink()
    lab.bring_lessons(lessons, work)
    assert contents(work) == contents(lessons)


def started(monkeypatch, *arguments):
    """The folder, settings and options with which JupyterLab would have been opened."""
    calls = []
    monkeypatch.setattr(lab, "_open_jupyterlab", lambda *call: calls.append(call))
    assert main(["lab", *arguments]) == 0
    return calls[0]


@pytest.mark.parametrize(
    "platform, environment, opens",
    [
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":10", "SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22"}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_browser_is_opened_only_where_somebody_sees_it(monkeypatch, work, platform, environment, opens):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert ("--no-browser" not in started(monkeypatch, "--folder", str(work))[2]) == opens
    assert "--no-browser" in started(monkeypatch, "--folder", str(work), "--no-open")[2]


def test_what_stands_after_two_dashes_goes_to_jupyterlab(monkeypatch, work):
    folder, _, options = started(monkeypatch, "--folder", str(work), "--", "--port", "9000", "--debug")
    assert folder == work
    assert options[-3:] == ["--port", "9000", "--debug"]
    assert "--LabApp.default_url=/lab/tree/start.ipynb" in options


def test_teaching_opens_the_repository_with_the_formgrader(monkeypatch, tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    monkeypatch.setattr(lab, "CHECKOUT", tmp_path)
    folder, settings, _ = started(monkeypatch, "--teach")
    assert folder == tmp_path
    assert [path.name for path in settings] == ["course"]
    (desk,) = (tmp_path / "gradebook" / "tabs").iterdir()
    assert "nbgrader-formgrader" in desk.read_text()


IN_CHECKOUT = """
import sys
from pathlib import Path
from musiclab import cli, lab
lab.CHECKOUT = Path(sys.argv[1])
sys.exit(cli.main(sys.argv[2:]))
"""


def server(tmp_path, *arguments, checkout=lab.CHECKOUT):
    """JupyterLab as a student starts it, with an empty home; returns the process, the address that it printed, and its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = {"HOME": str(tmp_path / "home"), "JUPYTER_CONFIG_DIR": str(tmp_path / "home" / "jupyter")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")} | home
    command = [sys.executable, "-c", IN_CHECKOUT, str(checkout), "lab", "--no-open", *arguments, "--", "--port", str(port)]
    log = tmp_path / "log.txt"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    for _ in range(600):
        found = re.search(r"http://\S*token=\w+", log.read_text())
        if found or process.poll() is not None:
            break
        time.sleep(0.1)
    assert found, f"no address was printed:\n{log.read_text()}"
    return process, found[0], log


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(120)  # a busy machine takes its time


@pytest.mark.slow
def test_the_address_is_printed_and_leads_to_the_start_page(tmp_path):
    process, address, log = server(tmp_path, "--folder", str(tmp_path / "work"))
    try:
        page = urllib.request.urlopen(address, timeout=60)
        assert page.url.partition("?")[0].endswith("/lab/tree/start.ipynb")
        told = json.loads(
            re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page.read().decode(), flags=re.DOTALL)[1]
        )
    finally:
        stop(process)
    assert told["news"] == {"disabled": True}
    off = set(told["disabledExtensions"])
    assert {"@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:assignment-list", "@jupyterlab/extensionmanager-extension"} <= off
    assert {"@voila-dashboards/jupyterlab-preview", "offlinenotebook"} <= off  # buttons that lead away, or help on Binder only
    assert "@jupyter/nbgrader:validate-assignment" not in off
    assert not re.search(r"^\[[WE] |Traceback|rror:", log.read_text(), flags=re.MULTILINE), log.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("who", ["student", "teacher"])
def test_a_browser_sees_the_first_page_no_question_and_nothing_from_outside(tmp_path, who):
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        missing_part("chromium", "run `make test`, which installs it, or `python tools/system_parts.py browser`")
    from playwright.sync_api import sync_playwright

    if who == "teacher":
        checkout = tmp_path / "checkout"  # a repository of its own, for nbgrader writes into it
        shutil.copytree(lab.CHECKOUT / "solutions", checkout / "solutions")
        shutil.copy(lab.CHECKOUT / "nbgrader_config.py", checkout)
        process, address, log = server(tmp_path, "--teach", checkout=checkout)
    else:
        process, address, log = server(tmp_path, "--folder", str(tmp_path / "work"))
    outside, errors = set(), []
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            page.on(
                "request",
                lambda request: (
                    None
                    if re.match(r"(data|blob|http://(localhost|127\.0\.0\.1)[:/]|ws://localhost)", request.url)
                    else outside.add(request.url)
                ),
            )
            page.on(
                "response",
                lambda response: errors.append(f"{response.status} {response.url}") if response.status >= 400 else None,
            )
            page.goto(address)
            if who == "student":
                page.wait_for_selector(".jp-Notebook h1", timeout=90_000)
                page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=90_000)
            else:
                page.frame_locator("iframe").get_by_text("Manage Assignments").first.wait_for(timeout=90_000)
            page.wait_for_timeout(2_000)  # time for a question to come up
            questions = page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()
            browser.close()
    finally:
        stop(process)
    assert (questions, outside, errors) == ([], set(), []), log.read_text()
