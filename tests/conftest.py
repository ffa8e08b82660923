"""What all tests share."""

import os
import re

import pytest
from hypothesis import settings

settings.register_profile("shared machine", deadline=None)  # a busy core is no fault of the code
settings.load_profile("shared machine")


def missing_part(what, way_out):
    """A system part is absent: a failure in CI, where nothing may be skipped unseen, and a skip with its reason on a laptop."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is missing: {way_out}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With `--dist loadfile`, the tests of a file stay together, but those of each lesson may go elsewhere: marking them takes long."""
    if config.getvalue("dist") == "loadfile":
        from xdist.scheduler import LoadFileScheduling

        class LoadFileOrLesson(LoadFileScheduling):
            def _split_scope(self, nodeid):
                lesson = re.search(r"\[\d\d-[a-z0-9-]+\]$", nodeid)
                return super()._split_scope(nodeid) + (lesson[0] if lesson else "")

        return LoadFileOrLesson(config, log)


def pytest_terminal_summary(terminalreporter):
    """What each lesson cost that was run from top to bottom."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    if costs := sorted(value for report in reports for name, value in report.user_properties if name == "cost"):
        terminalreporter.section("lessons, from top to bottom")
        terminalreporter.write_line("\n".join(costs))
