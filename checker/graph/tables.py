"""Tables that hold sessions: which they are, and whether the app's role may use them."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from checker.graph.graph import Graph
from checker.graph.index import values
from checker.graph.owners import templates
from checker.graph.selectors import matches
from checker.model.blueprint import Blueprint
from checker.model.fact import YES, Answer, Fact, Known, Missing, Unknown, any_of, merge
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.dynamo_table import DynamoTable
from checker.resources.instance import Instance
from checker.resources.policy import Statement
from checker.resources.role import Role

# What a session store is asked for: to read a session and to write one, each in one of several ways.
READS = ("dynamodb:getitem", "dynamodb:query", "dynamodb:batchgetitem")
WRITES = ("dynamodb:putitem", "dynamodb:updateitem", "dynamodb:batchwriteitem")


def session_tables(
    graph: Graph, blueprint: Blueprint, apps: Iterable[Resource]
) -> tuple[tuple[DynamoTable, ...], tuple[Missing, ...]]:
    """Return the tables that hold an app's sessions, and why there may be others.

    Chosen by the blueprint's selector if it gives one, else as those that the app's role may use by name, else as the
    one table whose items expire.
    """
    owners = tuple(apps)
    scopes = {app.scope for app in owners}
    listed = [table for table in graph.index.all(DynamoTable).items if table.scope in scopes]
    gaps = merge(*(graph.index.missing(DynamoTable, scope) for scope in sorted(scopes)))
    spec = blueprint.tiers.get("table")
    if spec is None:
        return (), ()
    if any((spec.tag, spec.name, spec.id)):
        untold = merge(*(table.tags.missing for table in listed)) if spec.tag else ()
        return tuple(table for table in listed if matches(spec, table)), merge(gaps, untold)
    roles = roles_of(owners, graph)
    named = [table for table in listed if isinstance(roles, Known) and any(_names(role, table) for role in roles.value)]
    if named:
        return tuple(named), gaps
    expiring = [table for table in listed if table.ttl.is_(True).is_yes]
    if len(expiring) == 1:
        return tuple(expiring), gaps
    unknown = merge(*(table.ttl.missing for table in listed), roles.missing if listed else ())
    which = Missing(
        f"which of the tables {', '.join(sorted(table.label for table in expiring))} holds the sessions",
        "name it in the blueprint's table tier, by id or tag",
    )
    return (), merge(gaps, unknown, (which,) if expiring else ())


def roles_of(apps: Iterable[Resource], graph: Graph) -> Fact[tuple[Role, ...]]:
    """Return the roles that an app's instances run under; none where no profile is set."""
    found: dict[Role, None] = {}
    for app in apps:
        for profile in _profiles(app, graph):
            if not isinstance(profile, Known):
                return Unknown(*profile.missing)
            if profile.value is None:
                continue
            role = _role(profile.value, app.scope.account, graph)
            if role is None:
                lost = Missing(
                    f"the role of instance profile {profile.value}", "allow iam:GetAccountAuthorizationDetails"
                )
                return Unknown(*graph.index.missing(Role) or (lost,))
            found[role] = None
    return Known(tuple(found))


def _profiles(app: Resource, graph: Graph) -> Iterable[Fact[str | None]]:
    if isinstance(app, AutoScalingGroup):
        launched = templates(app, graph.index)
        return (
            [item.profile for item in launched.value] if isinstance(launched, Known) else [Unknown(*launched.missing)]
        )
    if isinstance(app, Instance):
        return [app.profile]
    # Tasks and functions run under a role of their own, which their interface does not tell.
    return [Unknown(Missing(f"the role of what runs behind {app.label}", "read the service that owns the interface"))]


def _role(profile: str, account: str, graph: Graph) -> Role | None:
    for role in graph.index.all(Role).items:
        if role.scope.account == account and any(
            arn == profile or arn.rpartition("/")[2] == profile for arn in values(role.profiles)
        ):
            return role
    return None


def may_use(role: Role, table: DynamoTable) -> Answer:
    """Answer whether a role's policies let it read and write a table's items.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """
    return role.statements.then(lambda statements: _judge(statements, table)).is_(True)


def _judge(statements: tuple[Statement, ...], table: DynamoTable) -> Fact[bool]:
    reads, writes = (any_of(_allows(statements, action, table) for action in ways) for ways in (READS, WRITES))
    both = reads & writes
    return Unknown(*both.missing) if both.value is None else Known(both.value)


def _allows(statements: tuple[Statement, ...], action: str, table: DynamoTable) -> Answer:
    """Answer whether statements allow one action: a denial outweighs, and without an allowance there is none."""
    open_ = Missing(f"whether the conditions of the role's policy hold for {table.label}", "review the policy by hand")
    hits = [item for item in statements if _covers(item, action) and _on(item, table)]

    def any_with(effect: str) -> Answer:
        return any_of(Answer(None, (open_,)) if item.conditions else YES for item in hits if item.effect == effect)

    return any_with("Allow") & ~any_with("Deny")


def _covers(statement: Statement, action: str) -> bool:
    if statement.not_actions:
        return not any(fnmatchcase(action, pattern) for pattern in statement.not_actions)
    return any(fnmatchcase(action, pattern) for pattern in statement.actions)


def _on(statement: Statement, table: DynamoTable) -> bool:
    return any(_matches(pattern, table) for pattern in statement.resources)


def _matches(pattern: str, table: DynamoTable) -> bool:
    # A table that is not made yet is called by the name of its ARN, which may hold brackets, and by the ARN to come. In
    # a program that does not tell its account or Region, the policy's word for them is taken.
    words = [*pattern.split(":"), *[""] * 5]
    told = f"arn:aws:dynamodb:{table.scope.region or words[3]}:{table.scope.account or words[4]}:table/{table.id}"
    return pattern == table.arn or any(fnmatchcase(arn, pattern) for arn in (table.arn or told, told))


def _names(role: Role, table: DynamoTable) -> bool:
    """Tell whether a role is let use this table by name, and not merely as one of all."""
    return any(
        item.effect == "Allow"
        and any(_covers(item, action) for action in (*READS, *WRITES))
        and any(
            (pattern == table.arn or pattern.endswith(f"/{table.id}")) and _matches(pattern, table)
            for pattern in item.resources
        )
        for item in (role.statements.value if isinstance(role.statements, Known) else ())
    )
