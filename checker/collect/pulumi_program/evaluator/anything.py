"""An object that nobody knows: what a text that is not known would be, read as JSON."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping

from .spelling import Spelling


class Anything(Mapping[str, str]):
    """An object whose names are not known: each that is asked for is there, whether it has one differs by the run.

    It is no dict: the SDK takes dicts apart, and the parts are what is not known.
    """

    def __init__(self, spelling: Spelling, key: str) -> None:
        self._spelling = spelling
        self._key = key

    def __getitem__(self, name: object) -> str:
        return self._spelling.text(f"{self._key}.{name}", "value")

    def __iter__(self) -> Iterator[str]:
        return iter([self[f"name{n}"] for n in range(len(self))])

    def __len__(self) -> int:
        return self._spelling.length

    def __contains__(self, name: object) -> bool:
        return self._spelling.truth

    def get(self, name: object, default: object = None) -> object:  # type: ignore[override]  # of any names
        """Return a text for any name in the one run, what is given for none in the other."""
        return self[name] if self._spelling.truth else default


def read_placeholders(spelling: Spelling) -> None:
    """Let `json.loads` read a placeholder, such as a secret that a program keeps as JSON."""
    loads: Callable[..., object] = json.loads

    @functools.wraps(loads)
    def read(text: object, *args: object, **options: object) -> object:
        try:
            return loads(text, *args, **options)
        except ValueError:
            if isinstance(text, str) and spelling.marker in text and not text.lstrip().startswith(("{", "[")):
                return Anything(spelling, f"json|{text}")
            raise

    json.loads = read  # type: ignore[assignment]  # the same call
