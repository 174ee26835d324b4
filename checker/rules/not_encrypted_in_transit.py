"""
Store that is not encrypted in transit.

What it checks
    Caches require TLS; database engines whose servers force TLS by default are not told to accept plain text. Where
    clients decide (MySQL, EFS), the rule does not apply.

Why it matters
    Sessions and passwords in plain text are read by whoever sees the wire.

How to fix
    Turn on in-transit encryption in mode `required`; set rds.force_ssl or require_secure_transport.

References
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Violation, require
from checker.rules.aspects import in_transit
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("DAT003", subject=members("cache", "table", "data", "files"), severity=Severity.MEDIUM)
def check(store: Member, view: View) -> Iterator[Outcome]:
    """Ask the table of what each kind of store must do."""
    answer = in_transit(store)
    if answer is None:
        yield NotApplicable(f"not asked of a {store.subject.kind.replace('_', ' ')}")
        return
    path = (Step(store.owner.label, "accepts plain connections", store.owner.origin),)
    violation = Violation(
        f"{store.owner.label} accepts plain connections",
        "Turn on in-transit encryption in mode `required`; set rds.force_ssl or require_secure_transport.",
        path,
    )
    yield from require(answer, violation, Step(store.owner.label, "requires TLS"))
