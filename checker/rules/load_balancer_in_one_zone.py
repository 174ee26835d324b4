"""
Load balancer in one zone.

What it checks
    The edge has nodes in subnets of at least as many Availability Zones as the blueprint asks for.

Why it matters
    A zone that fails takes every node with it that stands in it.

How to fix
    Add a subnet in another zone to the load balancer.

References
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import Outcome, Severity
from checker.rules.interface import rule
from checker.rules.spread import spread
from checker.rules.subjects import members


@rule("AZ001", subject=members("edge"), severity=Severity.HIGH)
def check(edge: Member, view: View) -> Iterator[Outcome]:
    """Count the zones of the load balancer's subnets."""
    yield from spread(edge, view, what="has nodes", fix="Add a public subnet in another zone to the load balancer.")
