"""The API calls that list resources, as data: kinds declare them, the live source makes them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from checker.model.part import Part

Raw = Mapping[str, object]


class Seen(Protocol):
    """What has been listed so far in one account and Region (and what is global in the account)."""

    def raw(self, type: str) -> tuple[Raw, ...]:
        """Return the raw records of a type, details not merged."""

    def complete(self, type: str) -> bool:
        """Tell whether the listing of a type has no gap."""


@dataclass(frozen=True, kw_only=True)
class ListCall:
    """An API call that lists records of one type.

    `service` and `operation` are boto3's names; `result` is the JMESPath of the items in the whole answer (all pages
    merged); `page` is the parameter for the page size and its largest value. After the types named in `after` were
    listed, `when` says whether the answer could matter, and `each` gives the arguments of several calls where one is
    not enough (one for each parent, say); what could not matter is not asked. `optional` calls are younger than some
    Regions: an endpoint that does not know the operation has nothing of the type. `action` is the IAM action where it
    is not `service:Operation`.
    """

    service: str
    operation: str
    type: str
    result: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    page: tuple[str, int | str] | None = None
    is_global: bool = False
    optional: bool = False
    after: tuple[str, ...] = ()
    when: Callable[[Seen], bool] | None = None
    each: Callable[[Seen], Iterable[Mapping[str, object]]] | None = None
    action: str | None = None


@dataclass(frozen=True, kw_only=True)
class DetailCall:
    """An API call that completes records listed before: its answer is put into each parent's raw record under `into`.

    `of` is the parents' type, `identity` the JMESPath of a parent's id, `argument` the parameter that takes it; with
    `batch` > 1 that parameter takes a list, `match` names the field of a result item that tells its parent, and the
    value put into the parent is that item's own field `into`. A parent whose call fails has a `Gap` under `into`; one
    for which `when` says that the answer could not matter has no `into`.
    """

    service: str
    operation: str
    of: str
    identity: str
    argument: str
    result: str
    into: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    page: tuple[str, int | str] | None = None
    batch: int = 1
    match: str = ""
    is_global: bool = False
    optional: bool = False
    after: tuple[str, ...] = ()
    when: Callable[[Raw, Seen], bool] | None = None
    action: str | None = None


Call = ListCall | DetailCall


class Listed(Protocol):
    """Something that sources read, such as a resource kind."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """Return the calls that list it."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the records that complete those it is read from."""

    @property
    def open_ended(self) -> frozenset[str]:
        """Return the types of records that may stand for an unknown number of things."""

    @property
    def spellings(self) -> Mapping[tuple[str, str], object]:
        """Return what is read, by dialect and type of record."""
