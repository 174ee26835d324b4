"""The fewest additions that open the way of a flow which must work."""

from __future__ import annotations

from collections.abc import Iterable

from checker.graph.connections import Attempt
from checker.graph.flows import RequiredFlow
from checker.graph.hops import ANY_CLIENT, INSTANCE_CLIENT
from checker.graph.mending import Remedy
from checker.graph.mending_routes import lead_to, lead_to_service
from checker.graph.mending_shut import Shut, opened, replies_to, rules_for
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.view import View
from checker.model import addresses as line
from checker.model import traffic
from checker.model.change import Action, Change
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet
from checker.resources.dynamo_table import DynamoTable
from checker.resources.prefix_list import PrefixList
from checker.resources.vpc_endpoint import VpcEndpoint

_SERVICE = "dynamodb"


def open_flow(flow: RequiredFlow, failing: Iterable[Attempt], view: View) -> Remedy:
    """Return the fewest changes after which the tries of a required flow that fail get through."""
    shut = Shut(view)
    sources = {one.witness: one for one in (flow.source.endpoints if flow.source else ())}
    targets = {one.witness: one for one in flow.target.endpoints}
    for attempt in failing:
        wanted = attempt.wanted
        source = sources.get(attempt.sender) or _balancer(flow, attempt)
        target = targets.get(attempt.receiver)
        if source and isinstance(flow.target.owner, DynamoTable):
            _service(source.place, attempt, wanted, shut)
        elif source and target:
            _way(source, target, attempt, wanted, shut)
        elif obstacle := attempt.obstacle(wanted):
            left = traffic.describe(wanted - attempt.passes.may)
            shut.advice[f"Let {obstacle.resource} pass {left} from the clients' own addresses."] = None
    return opened(shut, flow.target)


def _balancer(flow: RequiredFlow, attempt: Attempt) -> Endpoint | None:
    """Return the node that hands on its clients' own addresses, where rules can name a group that it wears."""
    nodes = flow.source.endpoints if flow.source else ()
    return next((one for one in nodes if one.place.subnet == attempt.source and one.place.groups), None)


def _way(source: Endpoint, target: Endpoint, attempt: Attempt, wanted: IntervalSet, shut: Shut) -> None:
    """Note the gates that are shut between two places, of one VPC or of two that are peered."""
    here, there = source.place, target.place
    clients = INSTANCE_CLIENT if source.initiates is Initiates.ANY else ANY_CLIENT
    kinds = {hop.kind for hop in attempt.journey.hops if wanted - hop.passes.may}
    for hop in attempt.journey.hops:
        left = wanted - hop.passes.may
        if left and hop.kind is HopKind.EGRESS:
            shut.out[here.groups or ()][there] = left
        elif left and hop.kind is HopKind.INGRESS:
            shut.into.setdefault(there.groups or (), (there, {}))[1][here] = left
    if HopKind.ACL in kinds:
        shut.at_list(here, there.addresses, wanted, egress=True)
        shut.at_list(there, here.addresses, wanted, egress=False)
    if HopKind.REPLY in kinds:
        replies = replies_to(wanted, clients)
        shut.at_list(there, here.addresses, replies, egress=True)
        shut.at_list(here, there.addresses, replies, egress=False)
    if HopKind.ROUTE in kinds:
        for one, other in ((here, there), (there, here)):
            text = f"Lead packets of {one.subnet} to {other.subnet}: no route of its table alone can."
            shut.change(lead_to(one, other, shut.view), text)
    if HopKind.ADDRESS in kinds:
        shut.advice[f"Give {target.owner.label} an {here.family} address in {there.subnet}."] = None


def _service(source: Place, attempt: Attempt, wanted: IntervalSet, shut: Shut) -> None:
    """Note the gates that are shut between a place and a regional service."""
    kinds = {hop.kind for hop in attempt.journey.hops if wanted - hop.passes.may}
    index = shut.view.graph.index
    if HopKind.EGRESS in kinds:
        listed = [item.id for item in index.all(PrefixList).items if item.name.endswith(f".{_SERVICE}")]
        for group in (source.groups or ())[:1]:
            for rule in rules_for(listed[0] if listed else "0.0.0.0/0", wanted, ingress=False):
                shut.done[Change(Action.ADD, group, rule)] = None
    if HopKind.ROUTE in kinds:
        endpoint = next(
            (
                item.id
                for item in index.all(VpcEndpoint).items
                if item.vpc.is_(source.vpc).is_yes
                and item.type.is_("Gateway").is_yes
                and item.active.is_(True).is_yes
                and item.service.holds(lambda name: name.endswith(f".{_SERVICE}")).is_yes
            ),
            None,
        )
        shut.change(
            lead_to_service(source, shut.view, endpoint),
            f"Give {source.vpc} a gateway endpoint for {_SERVICE} and associate the table of {source.subnet} with it.",
        )
    if HopKind.ACL in kinds:
        shut.at_list(source, line.INTERNET_V4, wanted, egress=True)
    if HopKind.REPLY in kinds:
        shut.at_list(source, line.INTERNET_V4, replies_to(wanted, INSTANCE_CLIENT), egress=False)
