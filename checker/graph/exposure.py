"""Who gets in besides those who may: the grants on a member's interfaces, minus what the blueprint allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from checker.graph.classes import EndpointClass, Holders
from checker.graph.graph import Graph
from checker.graph.passages import around
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.stack import Member
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Known, Missing, merge
from checker.model.finding import State, Step, Witness
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.instance import Instance
from checker.resources.network_interface import NetworkInterface
from checker.resources.security_group_rule import GroupPeer, SecurityGroupRule
from checker.resources.service import Service


@dataclass(frozen=True)
class Allowed:
    """Who may get in: owners (on any port; NET010 judges the ports), groups, and flows by address.

    `flows` are `(address, traffic)` pairs that the blueprint lists or excepts. `open` says why there may be more owners
    that may: anybody who is not one of them, as far as is known, may be one.
    """

    owners: frozenset[Resource] = frozenset()
    groups: dict[str, IntervalSet] = field(default_factory=dict)
    flows: FlowSet = NO_FLOWS
    guests: dict[Resource, IntervalSet] = field(default_factory=dict)
    open: tuple[Missing, ...] = ()

    def of(self, endpoint: Endpoint) -> IntervalSet:
        """Return the traffic that an endpoint may send."""
        if endpoint.owner in self.owners:
            return traffic.EVERYTHING
        worn = endpoint.place.groups or ()
        sets = [self.guests.get(endpoint.owner), *(self.groups.get(group) for group in worn)]
        by_address = self.flows.everywhere_in(endpoint.place.addresses)
        return IntervalSet.of(run for found in [*sets, by_address] if found for run in found.intervals)


@dataclass(frozen=True)
class Opening:
    """One way in that is not allowed: the rule that grants it, and whether somebody uses it now.

    `rule` is None where no rule is needed (an interface without groups). `source` is the endpoint that gets in, None
    for the internet or where nobody stands there today; `others` more get in just as it does. With `missing`, it is not
    settled that there is an opening at all.
    """

    target: Endpoint
    rule: SecurityGroupRule | None
    group: str
    traffic: IntervalSet
    addresses: IntervalSet
    state: State
    source: Endpoint | None = None
    steps: tuple[Step, ...] = ()
    missing: tuple[Missing, ...] = ()
    named: str | None = None
    flows: FlowSet = NO_FLOWS
    others: int = 0

    @property
    def witness(self) -> Witness:
        """Return one packet that uses the opening."""
        protocol, port, _ = next(iter(traffic.spans(self.traffic)))
        v6 = self.source.place.is_v6 if self.source else self.target.place.is_v6
        if not self.source and self.addresses and not self.addresses & (line.ALL_V6 if v6 else line.ALL_V4):
            v6 = not v6
        if self.source:
            sender = self.source.witness
        elif self.addresses:
            family = self.addresses & (line.ALL_V6 if v6 else line.ALL_V4)
            sender = line.witness(family or self.addresses)
        else:
            sender = f"any member of {self.named}"
        shown = port // 256 if protocol in (traffic.ICMP, traffic.ICMPV6) else port
        has_port = protocol in traffic.NAMES
        name = traffic.NAMES.get(protocol, str(protocol)) if self.traffic != traffic.EVERYTHING else "tcp"
        receiver = self.target.beside(sender) if self.source else self.target.witness
        return Witness(sender, receiver, name, shown if has_port else None, "ipv6" if v6 else "ipv4")


@dataclass(frozen=True, eq=False)
class _Sender:
    """Those whom one target cannot tell apart and who may send it the same; `source` is shown for them all.

    A sender of `classes` is one owner that people know by name, or many that nobody does.
    """

    source: Endpoint
    allowed: IntervalSet
    doubts: tuple[Missing, ...]
    holders: list[Holders]

    @property
    def others(self) -> int:
        """Return how many owners there are besides that of `source`. Cost: their number."""
        if len(self.holders) == 1:
            return self.holders[0].count - 1
        return len(frozenset().union(*(one.owners for one in self.holders))) - 1


class Exposure:
    """The openings of members of one stack; each class of endpoints is asked once, however many they are.

    Without `neighbours`, only what comes from addresses outside is looked for, and not who stands nearby.
    """

    def __init__(self, graph: Graph, *, neighbours: bool = True) -> None:
        self._graph = graph
        self._neighbours = neighbours

    def openings(
        self, member: Member, allowed: Allowed, *, ignore: IntervalSet = traffic.ICMP_ERRORS
    ) -> Iterator[Opening]:
        """Yield every opening of a member; those with `missing` are open questions. ICMP errors may always come in."""
        seen: set[object] = set()
        families = {endpoint.place.is_v6 for endpoint in member.endpoints}
        for target in member.endpoints:
            place = target.place
            alike = (
                self._graph.endpoints.as_target(place),
                (place.vpc, place.subnet, place.groups, place.public, place.filtered, place.missing, place.is_v6),
                target.standing,
            )
            if alike in seen:
                continue
            seen.add(alike)
            yield from self._into(target, allowed, ignore, families)

    def _into(self, target: Endpoint, allowed: Allowed, ignore: IntervalSet, families: set[bool]) -> Iterator[Opening]:
        place = target.place
        if place.groups is None:
            yield self._open_question(target, "", allowed, place.missing)
            return
        if not place.filtered:
            # Without security groups, such as a Network Load Balancer made so, whatever arrives gets in (semantics 46).
            family = line.ALL_V6 if place.is_v6 else line.ALL_V4
            yield from self._by_address(None, "", family, traffic.EVERYTHING - ignore, (), target, allowed)
        for group in place.groups:
            rules, gaps = self._graph.groups.rules(group)
            if gaps:
                yield self._open_question(target, group, allowed, gaps)
            for rule in rules:
                if not rule.ingress.is_(True).is_no:
                    yield from self._through(rule, group, target, allowed, ignore, families)

    @staticmethod
    def _open_question(
        target: Endpoint,
        group: str,
        allowed: Allowed,
        missing: tuple[Missing, ...],
        rule: SecurityGroupRule | None = None,
        passes: IntervalSet = traffic.EVERYTHING,
    ) -> Opening:
        """Return what a grant to a peer that is not known could let in: from anywhere, minus what is allowed."""
        flows = FlowSet.box(line.EVERYWHERE, passes) - allowed.flows
        return Opening(target, rule, group, passes, line.EVERYWHERE, State.LATENT, missing=missing, flows=flows)

    def _through(
        self,
        rule: SecurityGroupRule,
        group: str,
        target: Endpoint,
        allowed: Allowed,
        ignore: IntervalSet,
        families: set[bool],
    ) -> Iterator[Opening]:
        unsure = merge(rule.ingress.missing, rule.traffic.missing, rule.peer.missing)
        passes = (rule.traffic.value if isinstance(rule.traffic, Known) else traffic.EVERYTHING) - ignore
        if not passes:
            return
        if not isinstance(rule.peer, Known):
            yield self._open_question(target, group, allowed, unsure, rule, passes)
            return
        if isinstance(rule.peer.value, GroupPeer):
            yield from self._by_group(rule, group, rule.peer.value.id, passes, unsure, target, allowed)
            return
        reach = self._graph.groups.peer_addresses(rule.peer.value)
        if not isinstance(reach, Known):
            yield self._open_question(target, group, allowed, merge(unsure, reach.missing), rule, passes)
            return
        v6 = target.place.is_v6
        mine, other = (line.ALL_V6, line.ALL_V4) if v6 else (line.ALL_V4, line.ALL_V6)
        yield from self._by_address(rule, group, reach.value & mine, passes, unsure, target, allowed)
        if (not v6) not in families:
            # A grant to addresses of a family that the member has none of: open as soon as it gets one.
            left = FlowSet.box(reach.value & other, passes) - allowed.flows
            if left:
                yield Opening(
                    target, rule, group, left.traffic, left.addresses, State.LATENT, missing=unsure, flows=left
                )

    def _by_address(
        self,
        rule: SecurityGroupRule | None,
        group: str,
        addresses: IntervalSet,
        passes: IntervalSet,
        unsure: tuple[Missing, ...],
        target: Endpoint,
        allowed: Allowed,
    ) -> Iterator[Opening]:
        if not addresses:
            return
        place = target.place
        let_in = self._graph.reachability.unfiltered(place) & Bounds.exactly(FlowSet.box(addresses, passes))
        nobody = self._graph.empty_space(place.vpc) | Bounds.exactly(self._homes(allowed))
        harmless = Bounds.exactly(allowed.flows) | nobody.map(lambda known: FlowSet.box(known, traffic.EVERYTHING))
        if lost := merge(
            allowed.open,
            *(self._graph.endpoints.lost(owner) for owner in sorted(allowed.owners, key=lambda owner: owner.id)),
        ):
            # An allowed owner whose whereabouts are not known may stand on any address that is no public one.
            private = FlowSet.box(line.EVERYWHERE - line.INTERNET, traffic.EVERYTHING)
            harmless |= Bounds(NO_FLOWS, private, lost)
        left = let_in - harmless
        if self._neighbours:
            near = self._graph.endpoints.classes_near(place.vpc)
            seen = (one for one in near if one.place.addresses <= addresses or self._as_others(one, place, addresses))
            for sender in self._senders(seen, target, allowed):
                if self._opens(sender.source, target) and not _same(sender.source, target):
                    extra = passes - sender.allowed
                    if not sender.source.place.addresses <= addresses:
                        others = self._as_others(sender.source, place, addresses)
                        seen_at = IntervalSet.of(run for one in others for run in one.addresses.intervals)
                        extra -= allowed.flows.everywhere_in(seen_at)
                    if extra:
                        yield from self._from(sender, target, rule, group, extra, unsure)
        arrival = self._graph.reachability.from_internet(place)
        if self._neighbours and left.must and not (arrival.passes & left).must:
            # Networks behind a VPN are nobody's tier, and somebody may stand anywhere there (semantics 40).
            outside = self._graph.reachability.from_outside(place)
            arrival = outside if (outside.passes & left).must else arrival
        # Clients of a load balancer that is none of its own may come with their own addresses (semantics 47).
        beside, way = around(target, allowed.owners, self._graph)
        wild = (arrival.passes | Bounds.exactly(beside)) & left
        found = left.may if unsure else left.must
        open_ = left.may - left.must
        if wild.must and not unsure:
            sent, steps = wild.must, arrival.steps if (arrival.passes & left).must else way
            yield Opening(target, rule, group, sent.traffic, sent.addresses, State.REACHABLE, None, steps, flows=found)
        elif found:
            yield Opening(
                target, rule, group, found.traffic, found.addresses, State.LATENT, missing=unsure, flows=found
            )
        if open_ and not unsure and not wild.must:
            gaps = left.missing
            yield Opening(target, rule, group, open_.traffic, open_.addresses, State.LATENT, missing=gaps, flows=open_)
        elif not found and let_in.may and self._graph.endpoints.unseen():
            # Only allowed owners may stand there as far as is known, and not all that stands was seen.
            hidden = merge(unsure, self._graph.endpoints.unseen())
            yield Opening(target, rule, group, passes, addresses, State.LATENT, missing=hidden)

    def _senders(self, classes: Iterable[EndpointClass], target: Endpoint, allowed: Allowed) -> Iterable[_Sender]:
        """Return the members of some classes, those together that the target cannot tell apart.

        Owners that may come in, guests and the target itself are asked each by itself.
        """
        found: dict[object, _Sender] = {}
        named = {*allowed.owners, *allowed.guests, target.owner}
        for one in classes:
            for holders in one.split(named):
                source, place = holders.first, one.place
                may_send = allowed.of(source)
                nameless = isinstance(source.owner, NetworkInterface | Instance) and source.owner not in named
                alike = (
                    None if nameless else source.owner,
                    (place.vpc, place.subnet, place.groups, place.public, place.filtered, place.missing, place.is_v6),
                    (one.initiates, one.doubts, source.standing),
                    self._graph.endpoints.as_source(place),
                    self._granted(place, target.place),
                    may_send,
                )
                # The one that is shown for all does not depend on the order in which they were listed.
                known = found.get(alike)
                if known is None:
                    doubts = one.doubts if source.owner in named else merge(one.doubts, allowed.open)
                    found[alike] = _Sender(source, may_send, doubts, [holders])
                    continue
                known.holders.append(holders)
                if source.owner.id < known.source.owner.id:
                    found[alike] = replace(known, source=source)
        return found.values()

    def _granted(self, source: Place, target: Place) -> object:
        """Return what the target's groups make of a source's address; rules that name groups see only these."""
        if not target.filtered or target.groups is None:
            return None
        flows = self._graph.groups.filters(target.groups, ingress=True).by_address
        at = source.addresses.first
        return flows.must.at(at), flows.may.at(at)

    def _from(
        self,
        sender: _Sender,
        target: Endpoint,
        rule: SecurityGroupRule | None,
        group: str,
        extra: IntervalSet,
        unsure: tuple[Missing, ...],
    ) -> Iterator[Opening]:
        source = sender.source
        unsure = merge(unsure, sender.doubts)
        journey = self._graph.reachability.between(source.place, target.place)
        through = journey.passes & Bounds.exactly(extra)
        where = source.place.addresses
        if through.must and not unsure:
            yield Opening(
                target, rule, group, through.must, where, State.REACHABLE, source, journey.steps, others=sender.others
            )
        elif through.may:
            gaps = merge(unsure, through.missing)
            yield Opening(
                target, rule, group, through.may, where, State.LATENT, source, journey.steps, gaps, others=sender.others
            )

    def _by_group(
        self,
        rule: SecurityGroupRule,
        group: str,
        named: str,
        passes: IntervalSet,
        unsure: tuple[Missing, ...],
        target: Endpoint,
        allowed: Allowed,
    ) -> Iterator[Opening]:
        """Yield who gets in by wearing a named group; one that nobody who may come in wears is granted for nothing."""
        extra = passes - allowed.groups.get(named, traffic.NOTHING)
        if not extra:
            return
        wearers = self._senders(self._graph.endpoints.classes_wearing(named), target, allowed)
        own = [one for one in wearers if not extra - one.allowed or _same(one.source, target)]
        strangers = [one for one in wearers if one not in own and self._opens(one.source, target)]
        for sender in strangers:
            left = extra - sender.allowed
            found = list(self._from(sender, target, rule, group, left, unsure))
            gaps, nowhere = merge(unsure, sender.doubts), IntervalSet()
            latent = Opening(
                target, rule, group, left, nowhere, State.LATENT, sender.source, missing=gaps, named=named,
                others=sender.others,
            )  # fmt: skip
            yield from found or [latent]
        hidden = self._graph.groups.strangers(named)
        unclear = merge(hidden, self._may_wear(target, named, allowed), self._graph.endpoints.unseen())
        if not own and not strangers:
            gaps = merge(unsure, unclear, self._unknown_groups(allowed), allowed.open)
            yield Opening(target, rule, group, extra, IntervalSet(), State.LATENT, missing=gaps, named=named)
        elif not strangers and unclear:
            gaps = merge(unsure, unclear)
            yield Opening(target, rule, group, extra, IntervalSet(), State.LATENT, missing=gaps, named=named)

    def _may_wear(self, target: Endpoint, group: str, allowed: Allowed) -> tuple[Missing, ...]:
        """Return what is missing of strangers who may wear a group: it is not known where they stand, or in which."""
        unplaced = self._graph.endpoints.unplaced(target.owner.scope, group)
        ungrouped = self._graph.endpoints.ungrouped(target.place.vpc)
        return merge(
            *(self._graph.endpoints.lost(item) for item in unplaced if item not in allowed.owners),
            *(one.place.missing for one in ungrouped if any(owner not in allowed.owners for owner in one.members)),
        )

    def _unknown_groups(self, allowed: Allowed) -> tuple[Missing, ...]:
        """Return why an allowed owner may be the one that wears a group nobody else is seen to wear."""
        return merge(
            *(
                endpoint.place.missing
                for owner in sorted(allowed.owners, key=lambda owner: owner.id)
                for endpoint in self._graph.endpoints.of(owner)
                if endpoint.place.groups is None
            ),
            *(self._graph.endpoints.lost(owner) for owner in sorted(allowed.owners, key=lambda owner: owner.id)),
        )

    def _opens(self, source: Endpoint, target: Endpoint) -> bool:
        if source.initiates is Initiates.TARGETS:
            return source.owner in self._graph.balancing.balancers_of(target.owner)
        return source.initiates is Initiates.ANY

    def _as_others(self, one: EndpointClass | Endpoint, target: Place, addresses: IntervalSet) -> tuple[Place, ...]:
        """Return those of some addresses as whom a target may see what an endpoint sends (semantics 35)."""
        others = self._graph.reachability.seen_as(one.place, target) if one.initiates is Initiates.ANY else ()
        return tuple(other for other in others if other.addresses & addresses)

    def _homes(self, allowed: Allowed) -> IntervalSet:
        """Return the addresses that allowed owners stand on or may stand on."""
        return IntervalSet.of(
            run
            for owner in allowed.owners
            for endpoint in self._graph.endpoints.of(owner)
            for run in endpoint.place.addresses.intervals
        )


def _same(one: Endpoint, other: Endpoint) -> bool:
    """Tell whether two ends are one machine: of a group's instances, several may stand in one place."""
    return (
        one.owner is other.owner and one.place == other.place and not isinstance(one.owner, AutoScalingGroup | Service)
    )


def rank(openings: Iterable[Opening]) -> list[Opening]:
    """Return openings worst first: settled before open, reachable before latent, the internet before others.

    Of two alike, a stranger tells more than another member of the target's own owner.
    """
    return sorted(
        openings,
        key=lambda one: (
            bool(one.missing),
            one.state is State.LATENT,
            one.source is not None,
            -one.traffic.size,
            one.source is not None and one.source.owner is one.target.owner,
            one.rule.id if one.rule else "",
            one.target.place.subnet,
        ),
    )
