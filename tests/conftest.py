"""What all tests share."""

import os

import pytest


def missing_part(what, way_out):
    """A system part is absent: a failure in CI, where nothing may be skipped unseen, and a skip with its reason on a laptop."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is missing: {way_out}")
