"""
Tier member in a public subnet.

What it checks
    The effective route table of every subnet in which a member of the app, cache, data or file tier may stand has no
    route to an internet gateway, for IPv4 or IPv6.

Why it matters
    In a public subnet one address or one rule is all that is missing to a database on the internet.

How to fix
    Move the member to private subnets, or associate the subnet with a table that routes to a NAT gateway or nowhere.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.mending_private import make_private
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.change import Change, told
from checker.model.fact import Answer, Known, any_of
from checker.model.finding import Outcome, Severity, Step, Unsettled, Violation, require
from checker.model.ids import prefixed
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("NET009", subject=members("app", "cache", "data", "files"), severity=Severity.MEDIUM)
def check(member: Member, view: View) -> Iterator[Outcome]:
    """Look for an internet gateway among the routes of each subnet."""
    sites = view.graph.endpoints.sites(member.owner)
    if sites.missing:
        yield Unsettled(f"where {member.owner.label} may stand is not known", sites.missing)
    mended: tuple[str, tuple[Change, ...]] | None = None
    for subnet, vpc in sites.items:
        legs = view.graph.routes.leading_out(subnet, vpc)
        if not isinstance(legs, Known):
            yield Unsettled(f"the routes of {subnet} are not known", legs.missing)
            continue
        public = any_of(leg.target.holds(lambda id: prefixed(id).startswith("igw-")) for leg in legs.value)
        table = view.graph.routes.table(subnet, vpc)
        name = table.value.id if isinstance(table, Known) else "its route table"
        ways = [f"{leg.destination} to {leg.target.value}" for leg in legs.value if isinstance(leg.target, Known)]
        violation = Violation(
            message=f"{member.owner.label} may stand in {subnet}, which is public",
            path=(Step(subnet, f"has route table {name}"), Step(name, f"sends {'; '.join(ways)}")),
        )
        if public.is_yes:
            mended = mended or _mended(member, view)
            violation = replace(violation, fix=mended[0], changes=mended[1])
        yield from require(
            ~public if not public.is_unknown else Answer(None, public.missing),
            violation,
            Step(subnet, f"has route table {name} without an internet gateway"),
        )


def _mended(member: Member, view: View) -> tuple[str, tuple[Change, ...]]:
    """Return what to change in words, and as values; where tables must stay as they are, the member has to move."""
    changes, left = make_private(member, view)
    move = f"Take {', '.join(left)} off {member.owner.label}." if left else ""
    return " ".join(part for part in (told(changes), move) if part), changes
