"""Discovery by folder: a module declares one object under a known name, and no list names the modules."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def declared(package: ModuleType, name: str, kind: type[T]) -> Iterator[tuple[str, T]]:
    """Yield `(module name, object)` for each direct submodule that declares `name` as a `kind`, by module name."""
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        value = getattr(module, name, None)
        if isinstance(value, kind):
            yield info.name, value
