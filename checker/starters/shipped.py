"""Folders that ship with tierproof as data."""

from __future__ import annotations

from pathlib import Path

import checker
from checker.errors import ConfigurationError


def shipped(path: str) -> Path:
    """Return a shipped folder, such as `policies/crossguard`: inside the package if installed, beside it in a checkout.

    Raises:
        ConfigurationError: the installation is not whole.
    """
    package = Path(checker.__file__).parent
    for place in (package, package.parent):
        if (place / path).is_dir():
            return place / path
    raise ConfigurationError(f"{path} is missing", where=str(package), hint="install tierproof again")
