"""Answers to questions about paths, as values that a report writes: nothing in them needs the graph any more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checker.model.fact import Missing
from checker.model.finding import Witness
from checker.model.intervals import IntervalSet
from checker.model.record import Coverage, Origin, Scope


class Reach(Enum):
    """The three words that a question about a path can be answered with."""

    REACHABLE = "REACHABLE"
    NOT_REACHABLE = "NOT_REACHABLE"
    UNKNOWN = "UNKNOWN"


# What the command ends with.
EXIT_CODES = {Reach.REACHABLE: 0, Reach.NOT_REACHABLE: 1, Reach.UNKNOWN: 4}


class Way(Enum):
    """The kinds of routes that are tried.

    `PRIVATE` stays on private networks, `INTERNET` uses public addresses, `OUTSIDE` comes over a VPN, Direct Connect or
    a transit gateway, `SERVICE` leads to a regional service of AWS and `BALANCER` is two connections, one behind the
    other.
    """

    PRIVATE = "private"
    INTERNET = "internet"
    OUTSIDE = "on-premises"
    SERVICE = "service"
    BALANCER = "load-balancer"


@dataclass(frozen=True)
class EndView:
    """One end of a question: what was asked for, and what it was taken to mean.

    `places` counts the classes of positions it has in the network; ends outside of every VPC have none.
    """

    asked: str
    kind: str
    id: str
    name: str
    scope: Scope | None
    places: int


@dataclass(frozen=True)
class Stop:
    """One hop of a route, judged for the route's packet: `passes` is None where that is not known.

    `code` is the explanation code of AWS's Reachability Analyzer and `change` what lets the packet through, both only
    where it does not pass.
    Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """

    kind: str
    resource: str
    fact: str
    passes: bool | None
    origin: Origin | None = None
    code: str | None = None
    change: str = ""


@dataclass(frozen=True)
class Admitted:
    """Traffic that gets from each of `sources` to each of `targets`."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    traffic: IntervalSet


@dataclass(frozen=True)
class Route:
    """One candidate route; places that are alike in everything told here are told together.

    `packet` is a witness where it passes, else one that gets farthest. A relayed route has one of `legs` for each of
    its connections, and no packet of its own.
    """

    way: Way
    verdict: Reach
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    traffic: IntervalSet
    packet: Witness | None = None
    hops: tuple[Stop, ...] = ()
    missing: tuple[Missing, ...] = ()
    through: str | None = None
    legs: tuple[Route, ...] = ()

    @property
    def relayed(self) -> bool:
        """Tell whether another takes the packets and sends its own."""
        return self.way is Way.BALANCER

    @property
    def obstacle(self) -> Stop | None:
        """Return the first hop that surely stops the packet."""
        if self.verdict is not Reach.NOT_REACHABLE:
            return None
        for leg in self.legs:
            if leg.obstacle:
                return leg.obstacle
        return next((hop for hop in self.hops if hop.passes is False), None)


@dataclass(frozen=True)
class PathAnswer:
    """The answer to "does `source` reach `target`": direct packets decide, relayed routes are told beside it.

    `allowed` is what surely gets through of what was asked, `possible` what could where facts are missing.
    """

    source: EndView
    target: EndView
    asked: IntervalSet
    verdict: Reach
    allowed: tuple[Admitted, ...]
    possible: tuple[Admitted, ...]
    routes: tuple[Route, ...]
    missing: tuple[Missing, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return what the command ends with."""
        return EXIT_CODES[self.verdict]

    @property
    def witness(self) -> Witness | None:
        """Return a packet that gets through."""
        return next((one.packet for one in self.routes if one.verdict is Reach.REACHABLE and not one.relayed), None)


@dataclass(frozen=True)
class Reached:
    """Those of a class that are reached, or reach, with the same traffic.

    `count` is how many owners `names` are cut from, `interfaces` how many of theirs are seen now. `address` is given
    for those outside of every VPC; `through` names the load balancer that relays.
    """

    verdict: Reach
    kind: str
    tier: str | None
    names: tuple[str, ...]
    count: int
    interfaces: int
    traffic: IntervalSet
    address: str | None = None
    through: str | None = None
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class ReachList:
    """The answer to "whom does it reach" or, if `inward`, "who reaches it"."""

    end: EndView
    inward: bool
    asked: IntervalSet
    entries: tuple[Reached, ...]
    missing: tuple[Missing, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return what the command ends with: 4 where somebody may be absent from the list, or in it for nothing."""
        open_ = self.missing or any(entry.verdict is Reach.UNKNOWN for entry in self.entries)
        return EXIT_CODES[Reach.UNKNOWN if open_ else Reach.REACHABLE]


@dataclass(frozen=True)
class PathReport:
    """An answer with what it was read from."""

    version: str
    source: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    paths: tuple[str, ...]
    collected_at: str | None
    answer: PathAnswer | ReachList
    coverage: tuple[Coverage, ...] = ()
