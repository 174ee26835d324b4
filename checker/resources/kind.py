"""The declaration of a resource kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from checker.model.call import Call
from checker.model.resource import Resource
from checker.resources.reader import Reader

R = TypeVar("R", bound=Resource)
Parser = Callable[[Reader], Iterator[R]]


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[R]):
    """A kind of resource: its type, a parser for each `(dialect, record type)`, and the calls that list it."""

    type: type[R]
    spellings: Mapping[tuple[str, str], Parser[R]]
    calls: tuple[Call, ...] = ()
