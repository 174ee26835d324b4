"""The fewest additions that open the way from the internet to the edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.graph.flows import front
from checker.graph.hops import ANY_CLIENT
from checker.graph.mending import Remedy
from checker.graph.mending_blocks import blocks, supernet
from checker.graph.mending_routes import lead_to_internet
from checker.graph.mending_shut import Shut, opened, replies_to, rules_for
from checker.graph.place import Place
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import addresses as line
from checker.model.addresses import Cidr
from checker.model.change import Action, Change
from checker.model.fact import known_or
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.internet_gateway import InternetGateway
from checker.resources.prefix_list import PrefixList


def open_front(edge: Member, asked: Iterable[tuple[Place, FlowSet]], view: View) -> Remedy:
    """Return the fewest changes after which nodes of the edge answer what they are asked: flows by address."""
    shut = Shut(view)
    rules: dict[tuple[str, ...], FlowSet] = {}
    for place, needed in asked:
        reachability = view.graph.reachability
        worn = place.groups or ()
        if worn and (missing := needed - reachability.admitted_addresses(place).may):
            rules[worn] = rules[worn] | missing if worn in rules else missing
        if far := needed.addresses - reachability.gateway_addresses(place).may:
            shut.change(lead_to_internet(place, far, view), _unled(edge, place, view))
        shut.at_list(place, needed.addresses, needed.traffic, egress=False)
        shut.at_list(place, needed.addresses, replies_to(needed.traffic, ANY_CLIENT), egress=True)
    wanted = known_or(front(view.blueprint, view.graph), line.INTERNET)
    for worn, flows in rules.items():
        for change in _admissions(worn, flows, wanted, view):
            shut.done[change] = None
    return opened(shut, edge)


def _unled(edge: Member, place: Place, view: View) -> str:
    if place.public is False and not place.is_v6:
        return f"Give {edge.owner.label} a public address in {place.subnet}."
    gateways = view.graph.index.all(InternetGateway).items
    if any(item.vpcs.holds(lambda ids: place.vpc in ids).is_yes for item in gateways):
        return f"Exclude {place.vpc} from the block on public access to VPCs."
    return f"Attach an internet gateway to {place.vpc}, and lead the default route of its public subnets to it."


def _admissions(worn: tuple[str, ...], flows: FlowSet, wanted: IntervalSet, view: View) -> Iterator[Change]:
    by_traffic: dict[IntervalSet, IntervalSet] = {}
    for first, last, passes in flows.slabs:
        by_traffic[passes] = by_traffic.get(passes, IntervalSet()) | IntervalSet.span(first, last)
    for passes, where in by_traffic.items():
        for family, everywhere in ((line.ALL_V4, "0.0.0.0/0"), (line.ALL_V6, "::/0")):
            for peer in _front_peers(where & family, wanted & family, everywhere, view):
                for rule in rules_for(peer, passes, ingress=True):
                    yield Change(Action.ADD, worn[0], rule)


def _front_peers(where: IntervalSet, wanted: IntervalSet, everywhere: str, view: View) -> tuple[str, ...]:
    """Return the fewest peers for addresses of the front: everywhere, one block, a prefix list, or exact blocks."""
    if not where:
        return ()
    wide = supernet(where)
    if wide and Cidr.parse(wide).addresses & line.INTERNET <= wanted:
        world = Cidr.parse(everywhere).addresses & line.INTERNET
        return (everywhere,) if world <= Cidr.parse(wide).addresses else (wide,)
    for listed in view.graph.index.all(PrefixList).items:
        reach = IntervalSet.of(run for one in known_or(listed.entries, ()) for run in one.addresses.intervals)
        if where <= reach <= wanted:
            return (listed.id,)
    return blocks(where)
