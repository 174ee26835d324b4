"""
Weak TLS.

What it checks
    Every HTTPS and TLS listener of the edge has a certificate and a security policy that offers TLS 1.2 and newer only.

Why it matters
    Old versions of TLS are broken in ways that are published; a client that can be talked down to them is not protected.

How to fix
    Use ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer policy, and a certificate of ACM.

References
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
"""

import re
from collections.abc import Iterator

from checker.graph.view import View
from checker.model.fact import Answer, Fact, Known, Missing, Unknown, known_or
from checker.model.finding import Outcome, Severity, Step, Violation, require
from checker.rules.interface import rule
from checker.rules.subjects import EdgeListener, listeners

# The lowest version that a policy offers stands in its name, except in the two oldest.
_LOWEST = re.compile(r"ELBSecurityPolicy-(?:TLS13|TLS|FS)-1-([0-3])(?:-|$)")
_OLD = ("ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-FS-2018-06")


@rule("EDG003", subject=listeners("HTTPS", "TLS"), severity=Severity.MEDIUM)
def check(edge: EdgeListener, view: View) -> Iterator[Outcome]:
    """Read the policy's name and the list of certificates."""
    listener, name = edge.listener, f"{edge.edge.owner.label}:{known_or(edge.listener.port, 0)}"
    policy = known_or(listener.policy, None) or "no policy"
    weak = Violation(
        message=f"{name} offers TLS older than 1.2 ({policy})",
        fix="Use ELBSecurityPolicy-TLS13-1-2-2021-06 or newer.",
        path=(Step(name, f"has the security policy {policy}", listener.origin),),
    )
    yield from require(_modern(listener.policy), weak, Step(name, f"has the security policy {policy}", listener.origin))
    bare = Violation(f"{name} has no certificate", "Attach a certificate of ACM.")
    yield from require(listener.certificates.holds(bool), bare)


def _modern(policy: Fact[str | None]) -> Answer:
    def judge(name: str | None) -> Fact[bool]:
        if name is None or name in _OLD:
            return Known(False)
        match = _LOWEST.match(name)
        if match:
            return Known(int(match[1]) >= 2)
        return Unknown(Missing(f"what the security policy {name} offers", "use a policy whose name tells its lowest version"))

    return policy.then(judge).is_(True)
