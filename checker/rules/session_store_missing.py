"""
Session store that is missing or does not hold.

What it checks
    The stack has a cache or a table for its sessions, the app's role may use the table, and the store survives the loss
    of a zone. Memcached never does. (That packets reach it is NET007.)

Why it matters
    Sessions kept on instances are gone with the instance: every scale-in empties carts.

How to fix
    Add a Multi-AZ Redis or Valkey cache, or a DynamoDB table with the role's right to read and write it.

References
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member, Stack
from checker.graph.tables import may_use, roles_of
from checker.graph.view import View
from checker.graph.zones import spans
from checker.model.fact import NO, Answer, Known, any_of, merge
from checker.model.finding import Outcome, Severity, Step, Unsettled, Violation, require
from checker.resources.dynamo_table import DynamoTable
from checker.resources.replication_group import ReplicationGroup
from checker.resources.serverless_cache import ServerlessCache
from checker.rules.interface import rule
from checker.rules.subjects import THE_STACK


@rule("SES002", subject=THE_STACK, severity=Severity.HIGH)
def check(stack: Stack, view: View) -> Iterator[Outcome]:
    """Look for one store that holds."""
    stores = [member for tier in view.blueprint.sessions.store for member in stack.tier(tier)]
    missing = merge(*(stack.open.get(tier, ()) for tier in view.blueprint.sessions.store))
    if not stores:
        lacking = Violation(f"{stack.name} has no store for sessions", "Add a Multi-AZ cache or a DynamoDB table.")
        # An app that was not seen may have a store that was not looked for.
        missing = merge(missing, stack.open.get("app", ()))
        yield Unsettled(lacking.message, missing) if missing else lacking
        return
    holds = any_of(_holds(member, view) for member in stores)
    names = ", ".join(member.owner.label for member in stores)
    why = "; ".join(_why_not(member, view) for member in stores)
    violation = Violation(
        message=f"no session store of {stack.name} holds: {why}",
        fix="Use a Redis or Valkey cache with Multi-AZ and failover, or let the app's role use the table.",
        path=tuple(Step(member.owner.label, _why_not(member, view), member.owner.origin) for member in stores),
    )
    # A store that was not seen may hold where those that were seen do not.
    yield from require(
        holds | (Answer(None, missing) if missing else NO), violation, Step(stack.name, f"keeps sessions in {names}")
    )


def _holds(member: Member, view: View) -> Answer:
    """Answer whether sessions in a store outlive a zone and may be written by the app."""
    owner = member.owner
    if isinstance(owner, DynamoTable):
        roles = roles_of([app.owner for app in view.stack.tier("app")], view.graph)
        if not isinstance(roles, Known):
            return Answer(None, roles.missing)
        return any_of(may_use(role, owner) for role in roles.value)
    if isinstance(owner, ReplicationGroup):
        apart = spans((member,), view.graph, 2)
        return (
            owner.multi_az.is_(True) & owner.failover.is_(True) & owner.replicas.holds(lambda count: count >= 1) & apart
        )
    if isinstance(owner, ServerlessCache):
        return owner.engine.holds(lambda engine: engine != "memcached")
    return NO


def _why_not(member: Member, view: View) -> str:
    owner = member.owner
    if isinstance(owner, DynamoTable):
        return f"the app's role may not use {owner.label}"
    if isinstance(owner, ReplicationGroup):
        return f"{owner.label} does not fail over to another zone"
    return f"{owner.label} keeps one copy only"
