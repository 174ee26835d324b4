"""
DNS record that is missing.

What it checks
    A record of a public hosted zone, by alias or CNAME and over any number of names, ends at the load balancer. Chains
    that leave for a CDN or an accelerator are not followed, and zones may live in other accounts.

Why it matters
    Clients know the shop by its name; a name that does not end at the load balancer is a shop that is closed.

How to fix
    Add an alias record for the shop's name that targets the load balancer.

References
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.fact import Known, Missing, known_or, merge
from checker.model.finding import NotApplicable, Outcome, Seen, Severity, Step, Unsettled, Violation
from checker.resources.hosted_zone import DnsRecord, HostedZone
from checker.resources.load_balancer import LoadBalancer
from checker.rules.doors import needs_doors
from checker.rules.interface import rule
from checker.rules.subjects import members

# The types of record that lead from a name to an address or to another name.
LEADING = ("A", "AAAA", "CNAME")
# Names behind which a chain goes on out of sight.
RELAYS = (".cloudfront.net", ".awsglobalaccelerator.com")
ELSEWHERE = Missing("the hosted zone of the shop's name", "audit the account that owns the zone, or ignore EDG002")


@rule("EDG002", subject=members("edge"), severity=Severity.MEDIUM, own=(HostedZone,))
def check(edge: Member, view: View) -> Iterator[Outcome]:
    """Follow the names backwards from the load balancer."""
    balancer = edge.owner
    if not isinstance(balancer, LoadBalancer):
        return
    if needs_doors(edge, view):
        yield NotApplicable("clients come by the Network Load Balancer before it")
        return
    if not isinstance(balancer.dns_name, Known):
        yield Unsettled(f"the DNS name of {balancer.label} is not known", balancer.dns_name.missing)
        return
    listing = view.graph.index.all(HostedZone)
    zones = [zone for zone in listing.items if not zone.private.is_(True).is_yes]
    records = [record for zone in zones for record in known_or(zone.records, ()) if record.type in LEADING]
    found = _leading_to(balancer.dns_name.value, records)
    missing = merge(listing.missing, *((*zone.records.missing, *zone.more) for zone in zones))
    if found:
        yield Seen(Step(found.name, f"{found.type} leads to {balancer.label}"))
    elif missing:
        yield Unsettled(f"whether a name leads to {balancer.label} is not known", missing)
    elif not zones:
        yield Unsettled(f"no public hosted zone is in view that could lead to {balancer.label}", (ELSEWHERE,))
    elif any(target.endswith(RELAYS) for record in records for target in record.targets):
        relay = Missing("where the CDN or accelerator leads", "look up its origin by hand: it is not read")
        yield Unsettled(f"names lead to a CDN or an accelerator that may lead to {balancer.label}", (relay,))
    else:
        yield Violation(
            message=f"no DNS record leads to {balancer.label}",
            fix=f"Add an alias record that targets {balancer.dns_name.value}.",
            path=tuple(
                Step(zone.id, f"zone {known_or(zone.zone, '?')} has no record that leads there") for zone in zones[:5]
            ),
        )


def _leading_to(name: str, records: list[DnsRecord]) -> DnsRecord | None:
    """Return a record from which a chain of aliases and CNAMEs ends at a name."""
    goals = {name.lower()}
    found: DnsRecord | None = None
    grew = True
    while grew:
        grew = False
        for record in records:
            if record.name not in goals and goals & set(record.targets):
                goals.add(record.name)
                found, grew = record, True
    return found
