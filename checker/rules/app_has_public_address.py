"""
App that has a public address.

What it checks
    No app instance has a public address now, and none gets one on launch: by the launch template, or by its subnets
    where the template leaves it to them.

Why it matters
    A public address is half of a way in that goes around the load balancer.

How to fix
    Set AssociatePublicIpAddress to false in the launch template, or turn off public addresses on launch for the
    subnets.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
"""

from collections.abc import Iterator

from checker.graph.index import values
from checker.graph.owners import declared
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.fact import Missing, any_of, merge
from checker.model.finding import Outcome, Seen, Severity, Step, Unsettled, Violation
from checker.resources.network_interface import NetworkInterface
from checker.resources.subnet import Subnet
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("APP003", subject=members("app"), severity=Severity.HIGH)
def check(app: Member, view: View) -> Iterator[Outcome]:
    """Look at each place where the app stands or may stand."""
    name = app.owner.label
    sites = view.graph.endpoints.sites(app.owner)
    if sites.missing:
        yield Unsettled(f"where {name} may stand is not known", sites.missing)
    shown: set[tuple[str, bool]] = set()
    for id, _ in sites.items:
        subnet = view.graph.index.get(Subnet, id)
        if subnet and subnet.cidrs.missing and (outcome := _declared(app, subnet, view)):
            shown.add((id, False))
            yield outcome
    for endpoint in app.endpoints:
        place, now = endpoint.place, bool(endpoint.interfaces)
        if place.public is None:
            yield Unsettled(f"whether {name} gets a public address in {place.subnet} is not known", place.missing)
        elif place.public and (place.subnet, now) not in shown:
            shown.add((place.subnet, now))
            when = (
                f"has a public address now ({', '.join(endpoint.interfaces[:3])})"
                if now
                else "gets a public address on launch"
            )
            yield _shown(app, place.subnet, when)
    hidden = _perhaps_its_own(app, view)
    if hidden:
        yield Unsettled(f"whether interfaces with public addresses are {name}'s is not known", hidden)
    if not shown:
        yield Seen(Step(name, "has private addresses only", app.owner.origin))


def _shown(app: Member, subnet: str, when: str) -> Violation:
    return Violation(
        message=f"{app.owner.label} {when} in {subnet}",
        fix="Set AssociatePublicIpAddress to false in the launch template and replace the instances.",
        path=(Step(subnet, f"{app.owner.label} {when}", app.owner.origin),),
    )


def _declared(app: Member, subnet: Subnet, view: View) -> Violation | Unsettled | None:
    """Return what is wrong in a subnet whose address block is not known: a launch asks its settings only."""
    ways = [way for way in declared(app.owner, view.graph.index) if subnet.id in values(way.subnets)]
    public = any_of(way.public(subnet).is_(True) for way in ways)
    if public.is_yes:
        return _shown(app, subnet.id, "gets a public address on launch")
    if public.is_unknown:
        return Unsettled(f"whether {app.owner.label} gets a public address in {subnet.id} is not known", public.missing)
    return None


def _perhaps_its_own(app: Member, view: View) -> tuple[Missing, ...]:
    """Return what is missing of interfaces nearby that have public addresses and may be its instances'."""
    vpcs = sorted({endpoint.place.vpc for endpoint in app.endpoints})
    return merge(
        *(
            owner.instance.missing
            for vpc in vpcs
            for alike in view.graph.endpoints.classes_inside(vpc)
            if alike.place.public
            # Interfaces of one class are in the same doubt.
            for owner in list(alike.members)[:1]
            if isinstance(owner, NetworkInterface)
        )
    )
