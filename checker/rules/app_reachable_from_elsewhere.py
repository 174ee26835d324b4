"""
App tier that is reachable from elsewhere.

What it checks
    Every packet that the member's security groups and network ACLs let in comes from the stack's own load balancers, or
    from what the blueprint lists. What is left is reachable where somebody stands who can send it (the internet, a
    bastion, a function), and latent where it is only granted: no initiator, route or address today.

Why it matters
    Whoever reaches the instances directly goes around TLS, the web firewall, the access log and the health checks.

How to fix
    Remove the rule named in the path or let it name the security group of the tier that needs it; list an exception
    under `allow` in the blueprint, with its reason, owner and last day.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
"""

from collections.abc import Iterator

from checker.graph.flows import front, unsure_of_clients
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import addresses as line
from checker.model.fact import known_or
from checker.model.finding import Outcome, Severity, Unsettled
from checker.rules.interface import rule
from checker.rules.openings import judge
from checker.rules.subjects import members


@rule("NET003", subject=members("app"), severity=Severity.HIGH)
def check(member: Member, view: View) -> Iterator[Outcome]:
    """Take what is granted, minus what the blueprint allows: what is left is the finding."""
    yield from judge(member, view)
    # Where a Network Load Balancer may hand on its clients' own addresses, a grant to these may be needed.
    missing = unsure_of_clients(view.stack, view.graph)
    clients = known_or(front(view.blueprint, view.graph), line.INTERNET)
    places = {endpoint.place for endpoint in member.endpoints} if missing else set()
    granted = (view.graph.reachability.admitted_addresses(place).may.within(clients) for place in places)
    if any(granted):
        yield Unsettled(f"whether clients come to {member.owner.label} with their own addresses is not known", missing)
