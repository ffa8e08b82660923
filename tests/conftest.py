"""What all tests share."""

import os

import pytest
from hypothesis import settings

settings.register_profile("shared machine", deadline=None)  # a busy core is no fault of the code
settings.load_profile("shared machine")


def missing_part(what, way_out):
    """A system part is absent: a failure in CI, where nothing may be skipped unseen, and a skip with its reason on a laptop."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is missing: {way_out}")
