"""The names of the formats, for help: known without importing a single one."""

import pkgutil

import checker.report

SUFFIX = "_report"


def format_names() -> tuple[str, ...]:
    """Return the names of the formats in order, which are those of their files."""
    modules = sorted(info.name for info in pkgutil.iter_modules(checker.report.__path__))
    return tuple(name.removesuffix(SUFFIX) for name in modules if name.endswith(SUFFIX))
