"""The set-up: lock, conda files, Binder, make, system parts. What these tests hold is that it still installs tomorrow."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import missing_part
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
TEXT = {name: (ROOT / name).read_text() for name in ("requirements.lock", "requirements-gpu.lock")}
MACHINES = [
    {"sys_platform": s, "platform_machine": m, "os_name": o}
    for s, m, o in (
        ("linux", "x86_64", "posix"),
        ("linux", "aarch64", "posix"),
        ("darwin", "arm64", "posix"),
        ("win32", "AMD64", "nt"),
    )
]
PYTHONS = ["3.11", "3.12", "3.13"]

posix_only = pytest.mark.skipif(os.name == "nt", reason="make and shell scripts are for Linux and macOS")


def locked(name):
    """All pins of a lock, as requirements."""
    return [Requirement(line.rstrip(" \\")) for line in TEXT[name].splitlines() if re.match(r"[A-Za-z0-9]", line)]


def installed(pins, machine, python):
    """Name -> version of what a lock installs on a machine."""
    environment = machine | {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "extra": "",
    }
    wanted = [pin for pin in pins if not pin.marker or pin.marker.evaluate(environment)]
    names = [canonicalize_name(pin.name) for pin in wanted]
    assert len(names) == len(set(names)), f"two versions of one package on {machine}"
    return {name: str(pin.specifier).removeprefix("==") for name, pin in zip(names, wanted)}


def program(folder, name, text):
    """A small shell program in `folder`, to be found first on PATH."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


# --- locks and conda files ---------------------------------------------------


@pytest.mark.parametrize("name", TEXT)
def test_every_locked_package_has_its_hashes(name):
    blocks = re.split(r"^(?=[A-Za-z0-9])", TEXT[name], flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []


@pytest.mark.parametrize("name", [*TEXT, "environment.yml", "binder/environment.yml"])
def test_a_lock_names_no_server_and_no_folder_of_the_machine_that_made_it(name):
    assert (
        re.findall(
            r"https?://|file:|--index-url|--find-links|(?<![\w.])/(?:home|root|tmp|work|Users|opt)/", (ROOT / name).read_text()
        )
        == []
    )


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: f"{machine['sys_platform']}-{machine['platform_machine']}")
def test_the_lock_satisfies_pyproject(machine, python):
    found = installed(locked("requirements.lock"), machine, python)
    for line in PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate(machine | {"extra": ""}):
            assert wanted.name not in found
            continue
        version = found.get(canonicalize_name(wanted.name))
        assert version and wanted.specifier.contains(Version(version)), (
            f"the lock has {wanted.name} {version}, and pyproject wants {wanted}: run `make lock`"
        )


def test_tensorflow_is_the_small_build_on_linux_pcs_and_the_usual_one_elsewhere():
    for machine in MACHINES:
        pc = machine["platform_machine"] == "x86_64"
        names = installed(locked("requirements.lock"), machine, "3.12").keys()
        assert ("tensorflow-cpu" in names, "tensorflow" in names) == (pc, not pc)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_gpu_lock_is_the_same_but_for_tensorflow_and_nvidias_libraries(python):
    small, large = (installed(locked(name), MACHINES[0], python) for name in TEXT)
    assert large["tensorflow"] == small.pop("tensorflow-cpu")
    assert "tensorflow-cpu" not in large
    extra = large.keys() - small.keys()
    assert extra - {"tensorflow"} and all(name.startswith("nvidia-") for name in extra - {"tensorflow"})
    assert {name: large[name] for name in small} == small


def test_the_conda_files_are_as_locked():
    done = subprocess.run([sys.executable, ROOT / "tools" / "sync_env.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["environment.yml", "binder/environment.yml"])
def test_a_stale_conda_file_is_named_and_nothing_is_written(tmp_path, name):
    for file in ("tools/sync_env.py", "requirements.lock", "environment.yml", "binder/environment.yml"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    stale = (tmp_path / name).read_text().replace("numpy==", "numpy==0.")
    (tmp_path / name).write_text(stale)
    done = subprocess.run([sys.executable, tmp_path / "tools" / "sync_env.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} no longer") and "make lock" in done.stderr
    assert (tmp_path / name).read_text() == stale


def test_the_conda_files_hold_what_the_course_needs_and_no_developers_tools():
    runs = {canonicalize_name(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    develops = {"pytest", "hypothesis", "jupyter-repo2docker", "ruff", "uv", "playwright"}
    for name, last, without in (("environment.yml", ["-e ."], set()), ("binder/environment.yml", [], {"music21", "matplotlib"})):
        told = yaml.safe_load((ROOT / name).read_text())
        pip = told["dependencies"][-1]["pip"]
        assert [line for line in pip if line.startswith("-")] == last
        pins = [Requirement(line) for line in pip if not line.startswith("-")]
        assert all(re.fullmatch(r"==[^*]+", str(pin.specifier)) for pin in pins)
        names = {canonicalize_name(pin.name) for pin in pins}
        assert runs - without <= names and not names & (develops | without)


def test_the_conda_file_can_be_solved_on_windows_and_macos_too():
    told = yaml.safe_load((ROOT / "environment.yml").read_text())
    conda = [line for line in told["dependencies"] if isinstance(line, str)]
    assert [re.sub("=.*", "", line) for line in conda] == [
        "python",
        "pip",
    ]  # conda-forge has FluidSynth not for Windows, bubblewrap for Linux only


# --- Binder ------------------------------------------------------------------


def copy_of_repository(folder, *names):
    for name in names:
        source = ROOT / name
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        rubbish = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(source, folder / name, ignore=rubbish) if source.is_dir() else shutil.copy(source, folder / name)
    return folder


@posix_only
def test_repo2docker_makes_of_the_binder_folder_what_we_meant(tmp_path):
    copy = copy_of_repository(tmp_path / "course", "binder", "environment.yml", "README.md")
    command = [
        sys.executable,
        "-m",
        "repo2docker",
        "--no-build",
        "--debug",
        "--user-id",
        "1000",
        "--user-name",
        "jovyan",
        str(copy),
    ]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    dockerfile = done.stdout + done.stderr
    assert "conda environment for python=3.11" in dockerfile
    for line in (
        r"COPY .*binder/environment\.yml",
        r"env update .*binder/environment\.yml",
        r"RUN \./binder/postBuild",
        r"ENV R2D_ENTRYPOINT=.*binder/start",
    ):
        assert re.search(line, dockerfile), f"the Dockerfile has no line {line}"


def test_nothing_in_binders_file_spoils_its_cache():
    pip = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text())["dependencies"][-1]["pip"]
    assert not [line for line in pip if line.startswith("-")]


@posix_only
def test_postbuild_takes_the_answers_out_and_brings_the_lessons(tmp_path):
    copy = copy_of_repository(tmp_path / "course", "binder", "lessons", "musiclab", "solutions", "docs", "tests")
    (copy / ".git").mkdir()  # the history has the answers too
    python = 'case "$*" in "-m pip install --no-deps --no-cache-dir -e .") ;; *) echo "unexpected: $*" >&2; exit 9;; esac'
    program(tmp_path / "bin", "python", python)
    program(tmp_path / "bin", "musiclab", f'PYTHONPATH="{copy}" exec "{sys.executable}" -m musiclab.cli "$@"')
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [copy / "binder" / "postBuild"], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in copy.iterdir()} == {"binder", "lessons", "musiclab", "work"}
    assert (copy / "work" / "start.ipynb").read_bytes() == (copy / "lessons" / "start.ipynb").read_bytes()


@posix_only
def test_start_runs_what_binder_asks_for_in_the_students_folder_with_the_courses_settings(tmp_path):
    script = ROOT / "binder" / "start"
    assert script.read_text().rstrip().endswith('exec "$@"')
    script = ROOT / "binder" / "start"
    assert script.read_text().rstrip().endswith('exec "$@"')
    copy = copy_of_repository(tmp_path / "course", "binder", "musiclab/data/jupyter")
    (copy / "work").mkdir()
    theirs = {"JUPYTER_CONFIG_PATH": "/their/own", "JUPYTER_PATH": "/their/data", "BINDER_REF_URL": "there"}
    told = 'pwd -P; echo "$JUPYTER_CONFIG_PATH"; echo "$JUPYTER_PATH"; echo "$BINDER_REPO_URL$BINDER_REF_URL"; exit 7'

    def started(**more):
        command = [copy / "binder" / "start", "sh", "-c", told]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | theirs | more, capture_output=True, text=True)
        assert done.returncode == 7
        folder, settings, data, binder = done.stdout.splitlines()
        *ours, last = settings.split(os.pathsep)
        assert last == "/their/own" and all(list(Path(path).rglob("*.json")) for path in ours)
        return Path(folder), [Path(path).name for path in ours], data.split(os.pathsep), binder

    folder, ours, [data, *others], binder = started(BINDER_REPO_URL="here")
    assert folder == (copy / "work").resolve() and ours == ["binder", "student", "course"]
    assert (Path(data) / "labextensions" / "musiclab-keeper" / "package.json").exists() and others == ["/their/data"]
    assert binder == "here"  # the other would put a button into the toolbar that leads away from the course
    assert started() == (tmp_path.resolve(), ["student", "course"], ["/their/data"], "there")  # a hub keeps what students write


# --- make --------------------------------------------------------------------


def targets():
    return re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


@posix_only
def test_make_help_lists_every_command():
    listed = re.findall(
        r"^make ([a-z-]+) +\S",
        subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True).stdout,
        flags=re.MULTILINE,
    )
    assert sorted(listed) == sorted(targets())
    assert {"setup", "lab", "teach", "test", "check", "compose", "datasets", "models", "lessons", "lock", "help"} <= set(listed)


@posix_only
@pytest.mark.parametrize("name", targets())
def test_every_command_sets_up_what_it_needs_and_runs_what_is_there(tmp_path, name):
    copy = copy_of_repository(
        tmp_path / "a course", "Makefile", "requirements.lock", "requirements-gpu.lock", "pyproject.toml", "tools"
    )
    done = subprocess.run(["make", "-n", name], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ("uv pip sync" in done.stdout) == (name not in {"help", "clean"})
    for script in re.findall(r"python[\w.]* (tools/\S+)", done.stdout):
        assert (ROOT / script).is_file(), f"make {name} runs {script}, and there is none"


@posix_only
@pytest.mark.parametrize(
    "gpu, lock", [("", "requirements.lock"), ("GPU=1", "requirements-gpu.lock"), ("GPU=0", "requirements.lock")]
)
def test_gpu_1_takes_the_gpu_build(tmp_path, gpu, lock):
    copy = copy_of_repository(tmp_path, "Makefile", "requirements.lock", "requirements-gpu.lock", "pyproject.toml")
    assert (
        f"--require-hashes {lock}\n"
        in subprocess.run(["make", "-n", "setup", *filter(None, [gpu])], cwd=copy, capture_output=True, text=True).stdout
    )


@posix_only
def test_the_gpu_build_once_chosen_stays(tmp_path):
    copy = copy_of_repository(tmp_path, "Makefile", "requirements.lock", "requirements-gpu.lock", "pyproject.toml")
    (copy / ".venv").mkdir()
    (copy / ".venv" / ".ready-gpu").write_text(f"{copy}\n")
    assert "uv pip sync" not in subprocess.run(["make", "-n", "lab"], cwd=copy, capture_output=True, text=True).stdout


@posix_only
def test_the_python_once_chosen_stays_until_another_is_asked_for(tmp_path):
    copy = copy_of_repository(tmp_path, "Makefile", "requirements.lock", "pyproject.toml")
    (copy / ".venv").mkdir()
    program(copy / ".venv" / "bin", "python", "echo /opt/bin/python3.12")
    for asked, python in (([], "/opt/bin/python3.12"), (["PY=python3.13"], "python3.13")):
        told = subprocess.run(["make", "-n", "setup", *asked], cwd=copy, capture_output=True, text=True).stdout
        assert f"{python} -m venv --clear .venv" in told


@posix_only
def test_a_folder_that_was_moved_is_set_up_anew(tmp_path):
    copy = copy_of_repository(tmp_path, "Makefile", "requirements.lock", "pyproject.toml")
    (copy / ".venv").mkdir()
    for where, again in ((copy, False), ("/somewhere/else", True)):
        (copy / ".venv" / ".ready").write_text(f"{where}\n")
        assert ("uv pip sync" in subprocess.run(["make", "-n", "lab"], cwd=copy, capture_output=True, text=True).stdout) == again


@posix_only
@pytest.mark.parametrize("version", [(3, 10), (3, 14), (3, 6)])
def test_a_python_we_do_not_know_is_refused_in_one_line(tmp_path, version):
    copy = copy_of_repository(tmp_path, "Makefile", "requirements.lock", "requirements-gpu.lock", "pyproject.toml", "tools")
    pretend = f"import runpy, sys; sys.version_info = ({version[0]}, {version[1]}, 0); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    program(tmp_path, "old", f'exec "{sys.executable}" -c "{pretend}" "$@"')
    done = subprocess.run(["make", "setup", f"PY={tmp_path / 'old'}"], cwd=copy, capture_output=True, text=True)
    assert done.returncode != 0 and not (copy / ".venv").exists()
    assert "3.11, 3.12 or 3.13" in done.stderr and "{}.{}".format(*version) in done.stderr and "PY=" in done.stderr
    assert "Traceback" not in done.stderr


def test_ci_and_the_workflow_run_the_same_make_test():
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make test"
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())["jobs"]
    assert "make test" in [step.get("run") for step in jobs["test"]["steps"]]
    assert jobs["conda"]["strategy"]["matrix"]["file"] == ["environment.yml"]
    supported = PROJECT["project"]["requires-python"]
    assert all(
        Version(python) in Requirement(f"python{supported}").specifier for python in jobs["test"]["strategy"]["matrix"]["python"]
    )


@posix_only
def test_scripts_that_are_run_by_name_can_be_run():
    for name in (".ci/run", "binder/postBuild", "binder/start"):
        assert os.access(ROOT / name, os.X_OK), f"chmod +x {name}"


# --- system parts ------------------------------------------------------------


def system_parts(tmp_path, names, tools=(), **environment):
    """tools/system_parts.py on a machine that has nothing but `tools` (name, shell text) on its PATH, and no FluidSynth."""
    for name, text in tools:
        program(tmp_path / "bin", name, text)
    code = f"import ctypes.util, runpy, sys; ctypes.util.find_library = lambda name: None; sys.argv = ['system_parts.py', *{names!r}]; runpy.run_path({str(ROOT / 'tools' / 'system_parts.py')!r}, run_name='__main__')"
    told = {"PATH": str(tmp_path / "bin"), "MUSICLAB_LOG": str(tmp_path / "log")} | environment
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=told)


@pytest.fixture
def not_root(monkeypatch, tmp_path):
    """A sitecustomize that makes the script believe that it is an ordinary user's."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text("import os\nos.geteuid = lambda: 1000\n")
    return {"PYTHONPATH": str(tmp_path / "site")}


@pytest.mark.parametrize(
    "manager, environment, command",
    [
        ("apt-get", {}, "sudo apt-get install -y --no-install-recommends libfluidsynth3"),
        ("dnf", {}, "sudo dnf install fluidsynth-libs"),
        ("brew", {}, "brew install fluid-synth"),
        ("choco", {}, "choco install fluidsynth"),
        ("apt-get", {"CONDA_PREFIX": "/conda"}, "conda install -c conda-forge fluidsynth"),
        ("emerge", {}, "install libfluidsynth3 with your system's package manager"),
    ],
)
@posix_only
def test_where_a_password_is_needed_the_command_is_printed_and_the_course_starts(
    tmp_path, not_root, manager, environment, command
):
    done = system_parts(tmp_path, ["sound"], [(manager, "exit 0")], **not_root, **environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Note: pieces sound as plain tones. Way out: {command}\n", "")


@posix_only
def test_with_a_sudo_that_asks_nothing_it_is_installed(tmp_path, not_root):
    tools = [("sudo", 'shift; exec "$@"'), ("env", f'shift; exec {shutil.which("env")} "$@"'), ("true", "exit 0")]
    tools.append(
        (
            "apt-get",
            f'echo "$*" >> "$MUSICLAB_LOG"; case "$*" in *install*bubblewrap*) printf "#!/bin/sh\\n" > {tmp_path}/bin/bwrap; {shutil.which("chmod")} +x {tmp_path}/bin/bwrap;; esac',
        )
    )
    done = system_parts(tmp_path, ["sandbox"], tools, **not_root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Installing bubblewrap ...\n", "")
    update, install = (tmp_path / "log").read_text().splitlines()
    assert update.endswith("update") and install.endswith("install -y --no-install-recommends bubblewrap")


@posix_only
def test_an_installation_that_fails_says_why_and_the_course_starts(tmp_path, not_root):
    tools = [
        ("sudo", 'shift; exec "$@"'),
        ("env", f'shift; exec {shutil.which("env")} "$@"'),
        ("true", "exit 0"),
        ("apt-get", 'echo "E: no network" >&2; exit 100'),
    ]
    done = system_parts(tmp_path, ["sandbox"], tools, **not_root)
    assert done.returncode == 0
    assert "E: no network" in done.stderr
    assert "Note: handed-in notebooks cannot be marked in a sandbox" in done.stdout


def test_nothing_is_said_where_everything_is_there(tmp_path):
    done = system_parts(tmp_path, ["sandbox", "browser"], [("bwrap", "exit 0"), ("chromium", "exit 0")])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("part", ["sound", "sandbox", "browser", "node"])
def test_continuous_integration_has_all_parts(part):
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "system_parts.py", part],
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": os.environ["PATH"]},
    )
    if done.stdout.startswith("Note"):
        missing_part(part, done.stdout.strip())


# --- what is given away ------------------------------------------------------


@pytest.mark.slow
def test_a_wheel_carries_the_music_the_lessons_and_no_answers(tmp_path):
    copy = copy_of_repository(
        tmp_path / "course", "musiclab", "datasets", "lessons", "solutions", "pyproject.toml", "README.md", "LICENSE"
    )
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", tmp_path, copy]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shutil.rmtree(copy / "musiclab" / "widgets" / "js")  # its bundles are in the wheel, the sources are not
    for folder, inside in (
        ("musiclab", "musiclab"),
        ("datasets", "musiclab/data/datasets"),
        ("lessons", "musiclab/data/lessons"),
    ):
        files = {
            f"{inside}/{path.relative_to(copy / folder).as_posix()}" for path in (copy / folder).rglob("*") if path.is_file()
        }
        assert files - names == set(), f"pyproject.toml leaves files of {folder}/ out of the wheel"
    assert not [name for name in names if "solutions" in name]


def test_the_start_page_leads_to_every_lesson():
    cells = json.loads((ROOT / "solutions" / "start.ipynb").read_text())["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link}
    notebooks = {
        path.relative_to(ROOT / "solutions").as_posix()
        for path in (ROOT / "solutions").rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    }
    assert links == notebooks - {"start.ipynb"}


@pytest.mark.parametrize(
    "name",
    ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/hub.md", "docs/rooms.md", "docs/teaching.md", "benchmarks/README.md"],
)
def test_links_in_the_documents_lead_somewhere(name):
    page = ROOT / name
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
