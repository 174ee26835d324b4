"""
Store without backups.

What it checks
    Databases that are written to keep automated backups for at least a day; tables have point-in-time recovery on.

Why it matters
    What is deleted by mistake is deleted on every replica at once.

How to fix
    Set a backup retention period, or turn on point-in-time recovery.

References
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Violation, require
from checker.rules.aspects import backed_up
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("DAT004", subject=members("cache", "table", "data", "files"), severity=Severity.HIGH)
def check(store: Member, view: View) -> Iterator[Outcome]:
    """Ask the table of what each kind of store must do."""
    answer = backed_up(store)
    if answer is None:
        yield NotApplicable(f"not asked of a {store.subject.kind.replace('_', ' ')}")
        return
    path = (Step(store.owner.label, "is not backed up", store.owner.origin),)
    violation = Violation(
        f"{store.owner.label} is not backed up",
        "Set a backup retention period, or turn on point-in-time recovery.",
        path,
    )
    yield from require(answer, violation, Step(store.owner.label, "is backed up"))
