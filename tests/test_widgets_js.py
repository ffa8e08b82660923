"""The JavaScript that ships with the package is what its sources make."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import missing_part

WIDGETS = Path(__file__).resolve().parents[1] / "musiclab" / "widgets"
SOURCES, SHIPPED = WIDGETS / "js", WIDGETS / "static"
BUILT = ["LICENCES.txt", "player.js", "synth.js"]


@pytest.mark.slow
def test_the_shipped_bundles_are_what_the_sources_make_wherever_they_are_built(tmp_path):
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        missing_part("Node", "run `make test`, which installs it, or `python tools/system_parts.py node`")
    sources = tmp_path / "elsewhere" / "js"
    shutil.copytree(SOURCES, sources, ignore=shutil.ignore_patterns("node_modules"))
    fetched = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=sources, capture_output=True, text=True)
    if re.search("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network", fetched.stderr):
        pytest.skip(f"npm's registry cannot be reached: {fetched.stderr[:200]}")
    assert fetched.returncode == 0, fetched.stderr
    built = subprocess.run([npm, "run", "build", "--", str(tmp_path / "static")], cwd=sources, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert sorted(path.name for path in (tmp_path / "static").iterdir()) == BUILT
    for name in BUILT:
        made, shipped = (tmp_path / "static" / name).read_bytes(), (SHIPPED / name).read_bytes()
        assert made == shipped, f"{name} is out of date: run `make widgets` and commit what it changes"


@pytest.mark.parametrize("name", ["player.js", "synth.js"])
def test_a_bundle_fetches_nothing_by_itself_and_names_no_folder_of_the_machine_that_built_it(name):
    text = (SHIPPED / name).read_text()
    assert not re.search(r"""["'`(]/(home|root|tmp|work|usr)/|file://|node_modules|sourceMappingURL|//cdn|unpkg|jsdelivr""", text)
    assert not re.search(r"""(import\(|import |from)["'`]""", text)


def test_every_dependency_is_pinned_to_one_version_and_its_content():
    lock = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    wanted = json.loads((SOURCES / "package.json").read_text())
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", version)
        for kind in ("dependencies", "devDependencies")
        for version in wanted[kind].values()
    )
    assert [path for path, package in lock.items() if path and not package.get("integrity")] == []


def test_the_licences_of_all_that_is_bundled_are_beside_the_bundles():
    lock = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    text = (SHIPPED / "LICENCES.txt").read_text()
    for path, package in lock.items():
        if path and not package.get("dev"):
            assert f"{path.removeprefix('node_modules/')} {package['version']}" in text
    assert "Apache License" in text and "Sean Barrett" in text
