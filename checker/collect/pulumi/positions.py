"""Where in a program a resource was registered, as the engine writes it down.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go (ResourceV3, SourcePosition)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

_POSITION = re.compile(r"project:///(?P<file>[^#]+)#(?P<line>\d+)(?:,\d+)?")
# Where interpreters keep what was installed: no line of the program's own.
_INSTALLED = re.compile(r"(?:^|/)(?:\.\.|site-packages|node_modules|\.?venv)/")
_PROJECT = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


def place_of(positions: Iterable[str], beside: Path) -> tuple[str, int | None]:
    """Return the file and line of the first position inside the project; the file itself where there is none.

    A path is relative to the project; where the project stands beside the file `beside` it is one from here.
    """
    for position in positions:
        found = _POSITION.fullmatch(position)
        if found is not None and not _INSTALLED.search(found["file"]):
            file = unquote(found["file"])
            folder = beside.parent
            is_here = any((folder / name).is_file() for name in _PROJECT)
            return str(folder / file) if is_here else file, int(found["line"])
    return str(beside), None
