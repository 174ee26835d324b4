"""Every resource kind, found by looking into this folder."""

from functools import cache

import checker.resources
from checker._discover import declared
from checker.model.resource import Resource
from checker.resources.kind import Kind


@cache
def kinds() -> tuple[Kind[Resource], ...]:
    """Return the declared kinds in order of their files' names."""
    return tuple(kind for _, kind in declared(checker.resources, "KIND", Kind))
