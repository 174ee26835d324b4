"""What to change to mend a fault: rules, list entries, routes and associations, as values that can be applied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checker.model import traffic
from checker.model.intervals import IntervalSet


class Action(Enum):
    """What is done to a resource; a replacement counts as one change, as one call of AWS's API does it."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True)
class GroupRule:
    """A rule of a security group; `peer` is a block of addresses or the id of a group or prefix list."""

    ingress: bool
    traffic: IntervalSet
    peer: str

    def __str__(self) -> str:
        direction, preposition = ("ingress", "from") if self.ingress else ("egress", "to")
        return f"{direction} {traffic.describe(self.traffic)} {preposition} {self.peer}"


@dataclass(frozen=True)
class ListEntry:
    """An entry of a network ACL."""

    number: int
    egress: bool
    allow: bool
    traffic: IntervalSet
    block: str

    def __str__(self) -> str:
        direction, preposition = ("outbound", "to") if self.egress else ("inbound", "from")
        verb = "allow" if self.allow else "deny"
        return f"{direction} {self.number} {verb} {traffic.describe(self.traffic)} {preposition} {self.block}"


@dataclass(frozen=True)
class TableRoute:
    """A route of a route table; one that is not active drops its packets."""

    destination: str
    target: str
    active: bool = True

    def __str__(self) -> str:
        return f"route {self.destination} to {self.target or 'nothing'}" + ("" if self.active else " (black hole)")


@dataclass(frozen=True)
class Association:
    """The route table of a subnet, or one of those of a gateway endpoint."""

    table: str

    def __str__(self) -> str:
        return f"route table {self.table}"


Changed = GroupRule | ListEntry | TableRoute | Association


@dataclass(frozen=True)
class Change:
    """One change of one resource: `what` is added or removed, or takes the place of `old`; `rule` is the rule's id."""

    action: Action
    resource: str
    what: Changed
    old: Changed | None = None
    rule: str | None = None

    def __str__(self) -> str:
        if self.action is Action.ADD:
            return f"Add to {self.resource}: {self.what}."
        if self.action is Action.REMOVE:
            return f"Remove from {self.resource}: {self._named(self.what)}."
        return f"Replace in {self.resource}: {self._named(self.old)} by {self.what}."

    def _named(self, what: Changed | None) -> str:
        return f"{self.rule} ({what})" if self.rule else str(what)


def told(changes: tuple[Change, ...]) -> str:
    """Return changes as a sentence each."""
    return " ".join(map(str, changes))
