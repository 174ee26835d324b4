"""What a source says will stand, before any rule reads it: the instances of every type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from checker.collect.source import Progress
from checker.collect.terraform.instance import Instance
from checker.model.record import Coverage, Gap


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The instances of an input, what of it could not be read, and its ledger.

    `stands` says that they stand already, as a state tells it; otherwise they are what a program asks for. `strange`
    are the types, each once for every resource, that have no name in Terraform and so are not among the instances.
    """

    instances: tuple[Instance, ...]
    gaps: tuple[Gap, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    stands: bool = False
    strange: tuple[str, ...] = ()


@runtime_checkable
class Declaring(Protocol):
    """A source that tells instances; what it ran for them it does not run again to collect."""

    def declared(self, progress: Progress) -> Declared:
        """Return what stands after the apply.

        Raises:
            SourceError: nothing at all could be read.
        """
