"""
Store that is not encrypted at rest.

What it checks
    Databases, caches and file systems have encryption at rest on; tables and serverless caches always have.

Why it matters
    A disk or a snapshot that goes astray is readable by whoever finds it.

How to fix
    Turn on encryption at rest; most stores must be made again from a snapshot for it.

References
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
    https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Violation, require
from checker.rules.aspects import at_rest
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("DAT002", subject=members("cache", "table", "data", "files"), severity=Severity.HIGH)
def check(store: Member, view: View) -> Iterator[Outcome]:
    """Ask the table of what each kind of store must do."""
    answer = at_rest(store)
    if answer is None:
        yield NotApplicable(f"not asked of a {store.subject.kind.replace('_', ' ')}")
        return
    path = (Step(store.owner.label, "is not encrypted at rest", store.owner.origin),)
    violation = Violation(
        f"{store.owner.label} is not encrypted at rest",
        "Turn on encryption at rest; most stores must be made again from a snapshot for it.",
        path,
    )
    yield from require(answer, violation, Step(store.owner.label, "is encrypted at rest"))
