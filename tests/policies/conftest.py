"""A checkov in an environment of its own."""

import os
import shutil
from pathlib import Path

import pytest

IN_PLACE = Path(__file__).parents[2] / ".venv-checkov" / "bin" / "checkov"


@pytest.fixture(scope="session")
def checkov() -> str:
    """Return the command of a checkov that shares nothing with us."""
    found = os.environ.get("TIERPROOF_CHECKOV") or (str(IN_PLACE) if IN_PLACE.exists() else "")
    if not found or not shutil.which(found):
        pytest.skip("no checkov: run make checkov, or let TIERPROOF_CHECKOV name one")
    return found
