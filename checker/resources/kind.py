"""The declaration of a resource kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from checker.model.call import Call
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.reader import Reader

R = TypeVar("R", bound=Resource)
Parser = Callable[[Reader], Iterator[R]]


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[R]):
    """A kind of resource: its type, a parser for each `(dialect, record type)`, and the calls that list it.

    `parts` are the records that complete those it is read from. `open_ended` names the types of records whose parser
    itself reads a record that stands for an unknown number of things (`Reader.is_uncertain`).
    """

    type: type[R]
    spellings: Mapping[tuple[str, str], Parser[R]]
    calls: tuple[Call, ...] = ()
    parts: tuple[Part, ...] = ()
    open_ended: frozenset[str] = frozenset()
