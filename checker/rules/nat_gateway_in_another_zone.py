"""
NAT gateway in another zone.

What it checks
    A default route from an app subnet to a zonal NAT gateway leads to one in the subnet's own zone. Regional gateways
    and subnets without such a route are not concerned.

Why it matters
    When the gateway's zone fails, instances in healthy zones lose their way out: packages, secrets, payment providers.

How to fix
    Give each zone a NAT gateway of its own and route to it, or use a regional NAT gateway.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.graph.index import values
from checker.graph.routes import Leg
from checker.graph.stack import subject_of
from checker.graph.view import View
from checker.model import addresses as line
from checker.model.fact import Answer, Known, Missing, all_of, known_or
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Unsettled, Violation, require
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.nat_gateway import NatGateway
from checker.resources.subnet import Subnet
from checker.rules.interface import SubjectKind, rule

DEFAULTS = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, eq=False)
class AppSubnet:
    """A subnet in which the app may stand."""

    subnet: Subnet
    vpc: str


def _app_subnets(view: View) -> Iterator[AppSubnet]:
    places = {site for app in view.stack.tier("app") for site in view.graph.endpoints.sites(app.owner).items}
    for id, vpc in sorted(places):
        subnet = view.graph.index.get(Subnet, id)
        if subnet:
            yield AppSubnet(subnet, vpc)


APP_SUBNETS: SubjectKind[AppSubnet] = SubjectKind(_app_subnets, lambda one: subject_of(one.subnet))


@rule("AZ006", subject=APP_SUBNETS, severity=Severity.MEDIUM)
def check(app: AppSubnet, view: View) -> Iterator[Outcome]:
    """Compare the zone of the subnet with that of the gateway behind its default route."""
    id = app.subnet.id
    legs = view.graph.routes.leading_out(id, app.vpc)
    if not isinstance(legs, Known):
        yield Unsettled(f"the routes of {id} are not known", legs.missing)
        return
    defaults = [leg.target for leg in _defaults(legs.value)]
    unknown = [target for target in defaults if not isinstance(target, Known)]
    if unknown:
        yield Unsettled(f"the default route of {id} is not known", unknown[0].missing)
        return
    gateways = [
        target.value for target in defaults if isinstance(target, Known) and prefixed(target.value).startswith("nat-")
    ]
    if not gateways:
        yield NotApplicable("no default route to a NAT gateway")
    for gateway in gateways:
        here = view.graph.zone(id)
        violation = Violation(
            message=f"{id} in {known_or(here, '?')} leaves through {gateway}, which stands in another zone",
            fix=f"Route {id} to a NAT gateway in {known_or(here, 'its own zone')}.",
            path=(Step(id, f"sends its default route to {gateway}"), Step(gateway, "stands in another zone")),
        )
        near = _near(gateway, app, view)
        if near.is_unknown:
            violation = replace(
                violation, message=f"whether {id} leaves through {gateway} in its own zone is not known"
            )
            violation = replace(violation, path=violation.path[:1])
        yield from require(near, violation, Step(id, f"leaves through {gateway} in its own zone"))


def _defaults(legs: tuple[Leg, ...]) -> Iterator[Leg]:
    """Yield the default routes, and parts through NAT gateways that together take all the internet."""
    rest = [leg for leg in legs if leg.destination not in DEFAULTS]
    parts = [leg for leg in rest if not leg.target.holds(lambda id: prefixed(id).startswith("nat-")).is_no]
    together = IntervalSet.of(run for leg in parts for run in leg.addresses.intervals)
    whole = [family for family in (line.INTERNET_V4, line.INTERNET_V6) if family <= together]
    yield from (leg for leg in legs if leg.destination in DEFAULTS)
    yield from (leg for leg in parts if any(leg.addresses & family for family in whole))


def _near(id: str, app: AppSubnet, view: View) -> Answer:
    gateway = view.graph.index.get(NatGateway, id)
    if gateway is None:
        lost = Missing(f"the zone of {id}", "allow ec2:DescribeNatGateways")
        return Answer(None, view.graph.index.missing(NatGateway) or (lost,))
    zonal = gateway.zonal.is_(True)
    if gateway.subnet.missing:
        return ~zonal | Answer(None, gateway.subnet.missing)
    homes = values(gateway.subnet)
    if zonal.is_no or not homes:
        return ~zonal if not homes else Answer.of(True)
    mine, theirs = view.graph.zone(app.subnet.id), view.graph.zone(homes[0])
    same = mine.then(lambda zone: theirs.map(lambda other: zone == other)).is_(True)
    return ~zonal | all_of([same])
