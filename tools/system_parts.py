"""Look for the parts of the course that no Python package brings; install them where that needs no password, else say how.

    python tools/system_parts.py sound sandbox browser node

`make` calls it with the Python that it finds, before anything is installed: standard library only. The course starts without
these parts, saying what is off; only a Python that cannot make the environment (`python`) ends in exit code 1.
"""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

VERSIONS = (3, 11), (3, 13)  # oldest and newest Python, as in pyproject.toml


def brought(library):
    """The files of a library that conda or Homebrew has installed, which the system's own search may not know."""
    prefixes = filter(None, map(os.environ.get, ("CONDA_PREFIX", "HOMEBREW_PREFIX")))
    return (path for prefix in prefixes for path in Path(prefix, "lib").glob(library))


PARTS = {  # part -> (is it here?, what is off without it, its package by the manager that has it)
    "sound": (
        lambda: any(map(find_library, ("fluidsynth", "libfluidsynth-3"))) or any(brought("libfluidsynth*")),
        "pieces sound as plain tones",
        {
            "apt-get": "libfluidsynth3",
            "conda": "fluidsynth",
            "brew": "fluid-synth",
            "dnf": "fluidsynth-libs",
            "pacman": "fluidsynth",
            "choco": "fluidsynth",
        },
    ),
    "sandbox": (
        lambda: shutil.which("bwrap"),
        "handed-in notebooks cannot be marked in a sandbox",
        {"apt-get": "bubblewrap", "conda": "bubblewrap", "dnf": "bubblewrap", "pacman": "bubblewrap"},
    ),
    "browser": (
        lambda: any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        "the tests that look at pages are left out",
        {"apt-get": "chromium", "brew": "--cask chromium", "dnf": "chromium", "pacman": "chromium", "choco": "chromium"},
    ),
    "node": (
        lambda: all(map(shutil.which, ("node", "npm"))),
        "the widgets' JavaScript cannot be bundled again",
        {"apt-get": "npm", "conda": "nodejs", "brew": "node", "dnf": "nodejs-npm", "pacman": "npm", "choco": "nodejs"},
    ),
}
INSTALL = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "conda": "conda install -c conda-forge",
    "brew": "brew install",
    "dnf": "dnf install",
    "pacman": "pacman -S",
    "choco": "choco install",
}
AS_ROOT = {"apt-get", "dnf", "pacman"}


def main(names):
    if "python" in names:
        return check_python()
    missing = [name for name in names if not PARTS[name][0]()]
    if missing and can_install():
        packages = [PARTS[name][2]["apt-get"] for name in missing]
        print("Installing {} ...".format(", ".join(packages)), flush=True)
        apt_install(packages)
        missing = [name for name in missing if not PARTS[name][0]()]
    for name in missing:
        print(f"Note: {PARTS[name][1]}. Way out: {command(PARTS[name][2])}", flush=True)
    return 0


def check_python():
    """Whether this Python is one of ours and can make an environment; a line that says what to do if not."""
    version = sys.version_info[:2]
    if not VERSIONS[0] <= version <= VERSIONS[1]:
        found = "{}.{}".format(*version)
        print(
            f"musiclab needs Python 3.11, 3.12 or 3.13, and this is {found} ({sys.executable}). With another one: make setup PY=python3.12",
            file=sys.stderr,
        )
        return 1
    if not has_ensurepip():
        package = "python{}.{}-venv".format(*version)  # Debian and Ubuntu keep it apart
        if can_install():
            print(f"Installing {package} ...", flush=True)
            apt_install([package])
        if not has_ensurepip():
            print(f"This Python cannot make an environment. Way out: {command({'apt-get': package})}", file=sys.stderr)
            return 1
    return 0


def has_ensurepip():
    return subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL) == 0


def can_install():
    """Debian or Ubuntu, as root or with a sudo that asks nothing."""
    return bool(shutil.which("apt-get")) and become_root() is not None


def become_root():
    """What to write before a command so that root runs it: nothing, sudo, or None if that would ask for a password."""
    if getattr(os, "geteuid", lambda: None)() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.call(["sudo", "-n", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    ):
        return ["sudo", "-n"]
    return None


def apt_install(packages):
    """Install Debian packages without a question; where it fails, apt says why and the caller says the way out."""
    quiet = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=120",
        "-o",
        "Acquire::Retries=3",
    ]
    for action in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(become_root() + quiet + action, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)


def command(packages):
    """The command that installs a part with the package manager of this machine, or the packages' names."""
    managers = ["conda"] if os.environ.get("CONDA_PREFIX") else []
    managers += [name for name in ("apt-get", "dnf", "pacman", "brew", "choco") if shutil.which(name)]
    for manager in managers:
        if manager in packages:
            return "{}{} {}".format(
                "sudo " if manager in AS_ROOT and become_root() != [] else "", INSTALL[manager], packages[manager]
            )
    return f"install {packages['apt-get']} with your system's package manager"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
