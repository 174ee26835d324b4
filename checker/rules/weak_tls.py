"""
Weak TLS.

What it checks
    Every HTTPS and TLS listener of the edge has a certificate and a security policy that offers TLS 1.2 and newer only.
    A certificate that ACM lists is not expired, revoked, failed or inactive. One from elsewhere is taken as it is.

Why it matters
    Old versions of TLS are broken in ways that are published; a client that can be talked down to them is not
    protected.

How to fix
    Use ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer policy, and a certificate of ACM.

References
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateSummary.html
"""

import re
from collections.abc import Iterator

from checker.graph.view import View
from checker.model.fact import NO, Answer, Fact, Known, Missing, Unknown, known_or
from checker.model.finding import Outcome, Severity, Step, Unsettled, Violation, require
from checker.model.record import Scope
from checker.resources.certificate import Certificate
from checker.rules.interface import rule
from checker.rules.subjects import EdgeListener, listeners

# The lowest version that a policy offers stands in its name, except in the two oldest.
_LOWEST = re.compile(r"ELBSecurityPolicy-(?:TLS13|TLS|FS)-1-([0-3])(?:-|$)")
_OLD = ("ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-FS-2018-06")


# A certificate that waits for its validation is not served yet by any listener that took it; these are, and useless.
# Source: https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html (Status)
NO_LONGER_GOOD = ("EXPIRED", "REVOKED", "FAILED", "INACTIVE", "VALIDATION_TIMED_OUT")


@rule("EDG003", subject=listeners("HTTPS", "TLS"), severity=Severity.MEDIUM, own=(Certificate,))
def check(edge: EdgeListener, view: View) -> Iterator[Outcome]:
    """Read the policy's name and the list of certificates."""
    listener, name = edge.listener, f"{edge.edge.owner.label}:{known_or(edge.listener.port, 0)}"
    policy = known_or(listener.policy, None) or "no policy"
    weak = Violation(
        message=f"{name} offers TLS older than 1.2 ({policy})",
        fix="Use ELBSecurityPolicy-TLS13-1-2-2021-06 or newer.",
        path=(Step(name, f"has the security policy {policy}", listener.origin),),
    )
    # A listener whose protocol is not known may have no use for TLS.
    plain = Answer(None, listener.protocol.missing) if listener.protocol.missing else NO
    seen = Step(name, f"has the security policy {policy}", listener.origin)
    yield from require(_modern(listener.policy) | plain, weak, seen)
    bare = Violation(f"{name} has no certificate", "Attach a certificate of ACM.")
    yield from require(listener.certificates.holds(bool) | plain, bare)
    for arn in known_or(listener.certificates, ()):
        yield from _valid(arn, name, listener.scope, view)


def _valid(arn: str, name: str, scope: Scope, view: View) -> Iterator[Outcome]:
    certificate = view.graph.index.get(Certificate, arn)
    if certificate is None:
        # A certificate of IAM is never listed by ACM.
        missing = view.graph.index.missing(Certificate, scope) if ":iam:" not in arn else ()
        if missing:
            yield Unsettled(f"whether the certificate {arn} of {name} is valid is not known", missing)
        return
    status = known_or(certificate.status, "not known")
    told = f"has a certificate for {certificate.label} whose status is {status}"
    violation = Violation(
        message=f"{name} {told}",
        fix="Renew the certificate, or attach one that is issued.",
        path=(Step(certificate.id, f"has the status {status}", certificate.origin),),
    )
    yield from require(
        ~certificate.status.holds(lambda state: state in NO_LONGER_GOOD),
        violation,
        Step(name, told, certificate.origin),
    )


def _modern(policy: Fact[str | None]) -> Answer:
    def judge(name: str | None) -> Fact[bool]:
        if name is None or name in _OLD:
            return Known(False)
        match = _LOWEST.match(name)
        if match:
            return Known(int(match[1]) >= 2)
        return Unknown(
            Missing(f"what the security policy {name} offers", "use a policy whose name tells its lowest version")
        )

    return policy.then(judge).is_(True)
