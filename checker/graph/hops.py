"""Hops and journeys: the filters that packets meet on their way, in order, and what passes them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Answer, Missing, merge
from checker.model.finding import HopKind, Step
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet

# Client ports of balancers, NAT gateways, Lambda and the internet, and of Linux instances (semantics 18).
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-ephemeral-ports
ANY_CLIENT = (1024, 65535)
INSTANCE_CLIENT = (32768, 60999)

# Source: https://www.rfc-editor.org/rfc/rfc792 and https://www.rfc-editor.org/rfc/rfc4443
_ECHO_REPLY = {traffic.ICMP: 0, traffic.ICMPV6: 129}

NONE = Bounds.exactly(traffic.NOTHING)
ALL = Bounds.exactly(traffic.EVERYTHING)

S = TypeVar("S", IntervalSet, FlowSet)


@dataclass(frozen=True)
class Hop(Generic[S]):
    """One filter on the way: what it lets through, and the code of the obstacle that it is to all else.

    `passes` is a set of traffic between two places, or of flows by the address outside that packets go to or come from.
    Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """

    kind: HopKind
    resource: str
    tell: Callable[[], str]
    passes: Bounds[S]
    code: str | None = None

    @property
    def step(self) -> Step:
        """Return the hop in words; they are made when they are asked for, since most hops are never told."""
        return Step(self.resource, self.tell(), hop=self.kind)

    @property
    def obstructed(self) -> Step:
        """Return the hop in words as the obstacle that it is."""
        return replace(self.step, code=self.code)


@dataclass(frozen=True)
class Way(Generic[S]):
    """A way of packets: its hops in order, and what passes them all."""

    hops: tuple[Hop[S], ...]
    passes: Bounds[S]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the hops as steps of a path."""
        return tuple(hop.step for hop in self.hops)

    def towards(self, wanted: S) -> tuple[Step, ...]:
        """Return the hops as steps of a path; the first one that stops some of `wanted` has its code."""
        obstacle = self.obstacle(wanted)
        return tuple(hop.obstructed if hop is obstacle else hop.step for hop in self.hops)

    def obstacle(self, wanted: S) -> Hop[S] | None:
        """Return the first hop that surely stops some of `wanted`."""
        return next((hop for hop in self.hops if wanted - hop.passes.may), None)


@dataclass(frozen=True)
class Journey(Way[IntervalSet]):
    """The way from one place to another, and the traffic that passes."""

    @classmethod
    def over(cls, hops: Iterable[Hop[IntervalSet]]) -> Journey:
        """Return the journey over some hops."""
        every = tuple(hops)
        passes = ALL
        for hop in every:
            passes = passes & hop.passes
        return cls(every, passes)


@dataclass(frozen=True)
class Arrival(Way[FlowSet]):
    """The way between a place and addresses outside, and the flows by outside address that pass."""

    @classmethod
    def over(cls, hops: Iterable[Hop[FlowSet]], addresses: IntervalSet) -> Arrival:
        """Return what passes some hops, from or to some addresses."""
        every = tuple(hops)
        passes = Bounds.exactly(FlowSet.box(addresses, traffic.EVERYTHING))
        for hop in every:
            passes = passes & hop.passes
        return cls(every, passes)


def between(flows: Bounds[FlowSet], addresses: IntervalSet, lost: tuple[Missing, ...] = ()) -> Bounds[IntervalSet]:
    """Return what flows let through to or from one place: surely for each of its addresses, possibly for some.

    `lost` is what would tell which of them it is.
    """
    if flows.must is flows.may and len(found := flows.must.within(addresses).slabs) == 1:
        first, last, passes = found[0]
        if addresses.intervals == ((first, last),):
            return Bounds.exactly(passes)  # one part of the set holds them all, which is nearly always so
    must = flows.must.everywhere_in(addresses)
    may = flows.may.somewhere_in(addresses)
    return Bounds(must, must) if must == may else Bounds(must, may, flows.missing or lost)


def everywhere(passes: Bounds[IntervalSet]) -> Bounds[FlowSet]:
    """Return the flows of some traffic with any address."""
    return passes.map(lambda known: FlowSet.box(line.EVERYWHERE, known))


def either(sets: Iterable[Bounds[IntervalSet]], lost: Missing) -> Bounds[IntervalSet]:
    """Return what passes where one of several ways is taken and nobody knows which."""
    every = list(sets)
    if len(every) == 1:
        return every[0]
    must, may = traffic.EVERYTHING, traffic.NOTHING
    missing: tuple[Missing, ...] = ()
    for one in every:
        must, may = must & one.must, may | one.may
        missing += tuple(item for item in one.missing if item not in missing)
    return Bounds.exactly(must) if must == may else Bounds(must, may, missing or (lost,))


def on_any(ways: Iterable[tuple[IntervalSet, Bounds[FlowSet]]], lost: Missing) -> Bounds[FlowSet]:
    """Return the flows that pass by the ways to their addresses, where nobody knows which of several is taken."""
    must, may, stopped = NO_FLOWS, NO_FLOWS, NO_FLOWS
    missing: tuple[Missing, ...] = ()
    for addresses, passes in ways:
        must, may = must | passes.must, may | passes.may
        stopped |= FlowSet.box(addresses, traffic.EVERYTHING) - passes.must
        missing = merge(missing, passes.missing)
    must -= stopped
    return Bounds.exactly(must) if must == may else Bounds(must, may, missing or (lost,))


def where(answer: Answer) -> Bounds[IntervalSet]:
    """Return all traffic for yes, none for no."""
    if answer.is_unknown:
        return Bounds(traffic.NOTHING, traffic.EVERYTHING, answer.missing)
    return ALL if answer.is_yes else NONE


def answered(replies: IntervalSet, clients: tuple[int, int], *, every: bool) -> IntervalSet:
    """Return the traffic whose replies are among `replies`: for each protocol all of it or none (semantics 17, 18).

    What answers ICMP is the echo reply; its other messages are errors and notices, which have no answer.
    """
    if replies == traffic.EVERYTHING:
        return traffic.EVERYTHING
    passes = replies
    for protocol in (traffic.TCP, traffic.UDP, traffic.ICMP, traffic.ICMPV6):
        whole = traffic.ports(protocol)
        echo = _ECHO_REPLY.get(protocol)
        wanted = traffic.ports(protocol, *clients) if echo is None else traffic.icmp(protocol, echo, 0)
        there = not wanted - replies if every else bool(wanted & replies)
        passes = passes | whole if there else passes - whole
    return passes


def told(passes: Bounds[IntervalSet]) -> str:
    """Return in words what passes, at most where that is not settled."""
    return traffic.describe(passes.must if passes.exact else passes.may) + ("" if passes.exact else " at most")


def told_flows(flows: Bounds[FlowSet], addresses: IntervalSet) -> str:
    """Return in words what may pass to or from some of the addresses."""
    return traffic.describe(flows.may.within(addresses).traffic)
