"""What every resource has, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from checker.model.fact import Fact, Known
from checker.model.record import Origin, Scope


@dataclass(frozen=True, eq=False, kw_only=True)
class Resource:
    """One resource; `id` is what other resources of its scope call it by.

    `belongs` names the fields that say what it is part of: one that keeps them from us could be part of anything.
    """

    kind: ClassVar[str] = "resource"
    belongs: ClassVar[tuple[str, ...]] = ()

    id: str
    scope: Scope
    origin: Origin
    name: str = ""
    arn: str | None = None
    tags: Fact[Mapping[str, str]] = field(default_factory=lambda: Known({}))

    @property
    def label(self) -> str:
        """Return the name people call it by, or its id."""
        return self.name or self.id

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name and self.name != self.id else self.id
