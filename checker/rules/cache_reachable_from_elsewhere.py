"""
Cache that is reachable from elsewhere.

What it checks
    Every packet that the member's security groups and network ACLs let in comes from the app tier of its stack and its
    own nodes, or from what the blueprint lists. What is left is reachable where somebody stands who can send it (the
    internet, a bastion, a function), and latent where it is only granted: no initiator, route or address today.

Why it matters
    Sessions are as good as passwords: who reads the cache is logged in as everybody.

How to fix
    Remove the rule named in the path or let it name the security group of the tier that needs it; list an exception
    under `allow` in the blueprint, with its reason, owner and last day.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import Outcome, Severity
from checker.rules.interface import rule
from checker.rules.openings import judge
from checker.rules.subjects import members


@rule("NET004", subject=members("cache"), severity=Severity.HIGH)
def check(member: Member, view: View) -> Iterator[Outcome]:
    """Take what is granted, minus what the blueprint allows: what is left is the finding."""
    yield from judge(member, view)
