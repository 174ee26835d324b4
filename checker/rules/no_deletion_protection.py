"""
Store without deletion protection.

What it checks
    Databases that are written to and tables have deletion protection on.

Why it matters
    One wrong command or one wrong plan deletes the shop's orders.

How to fix
    Turn on deletion protection.

References
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Violation, require
from checker.rules.aspects import protected
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("DAT005", subject=members("cache", "table", "data", "files"), severity=Severity.MEDIUM)
def check(store: Member, view: View) -> Iterator[Outcome]:
    """Ask the table of what each kind of store must do."""
    answer = protected(store)
    if answer is None:
        yield NotApplicable(f"not asked of a {store.subject.kind.replace('_', ' ')}")
        return
    path = (Step(store.owner.label, "may be deleted by one call", store.owner.origin),)
    violation = Violation(f"{store.owner.label} may be deleted by one call", "Turn on deletion protection.", path)
    yield from require(answer, violation, Step(store.owner.label, "has deletion protection on"))
