"""A role with the statements of its policies, as far as they say what an instance may do with a table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.dynamo_table import CACHE_TYPES, sessions_may_need_a_table
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect

Effect = Literal["Allow", "Deny"]


@dataclass(frozen=True)
class Statement:
    """One statement; actions are in lower case, since IAM does not tell their cases apart.

    With `conditions`, whether the statement applies is open; so it is for one that names what it leaves out
    (`NotResource`), which reads as one on every resource.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
    """

    effect: Effect
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Role(Resource):
    """A role; `profiles` are the ARNs of the instance profiles that hand it to instances.

    `statements` are those of its inline policies and of the default versions of its managed policies; they are unknown
    under a permissions boundary, which takes away from them.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html
    """

    kind = "role"

    profiles: Fact[tuple[str, ...]]
    statements: Fact[tuple[Statement, ...]]


def _from_api(reader: Reader) -> Iterator[Role]:
    if reader.whole("Roles").missing:
        raise ValueError("the roles of the account were not read")
    managed = {policy.plain("Arn"): policy for policy in reader.items("Policies")}
    for role in reader.items("Roles"):
        yield Role(
            id=role.must("RoleName"),
            scope=role.scope,
            origin=role.origin,
            name=role.plain("RoleName"),
            arn=role.plain("Arn") or None,
            tags=role.tags(),
            profiles=role.texts("InstanceProfileList", "Arn"),
            statements=_statements(role, reader, managed),
        )


def _statements(role: Reader, account: Reader, managed: Mapping[str, Reader]) -> Fact[tuple[Statement, ...]]:
    if role.has("PermissionsBoundary"):
        return role.unknown("PermissionsBoundary")

    def attached(item: Reader) -> Fact[tuple[Statement, ...]]:
        return item.text("PolicyArn").then(
            lambda arn: _default_version(managed[arn]) if arn in managed else _unlisted(account, arn)
        )

    inline = role.each("RolePolicyList", lambda policy: _document(policy, "PolicyDocument"))
    return collect([inline, role.each("AttachedManagedPolicies", attached)]).map(
        lambda both: tuple(statement for found in both for statements in found for statement in statements)
    )


def _unlisted(account: Reader, arn: str) -> Fact[tuple[Statement, ...]]:
    return account.whole("Policies").then(lambda _: account.unknown(f"Policies of {arn}"))


def _default_version(policy: Reader) -> Fact[tuple[Statement, ...]]:
    name = policy.plain("DefaultVersionId")
    for version in policy.items("PolicyVersionList"):
        if version.raw.get("IsDefaultVersion") is True or version.plain("VersionId") == name != "":
            return _document(version, "Document")
    return policy.whole("PolicyVersionList").then(lambda _: policy.unknown("PolicyVersionList"))


def _document(policy: Reader, path: str) -> Fact[tuple[Statement, ...]]:
    if not policy.has(path):
        return policy.unknown(path)
    return policy.whole(path).then(lambda _: policy.check(path, lambda: tuple(_parse(policy.raw[path]))))


def _parse(document: object) -> Iterator[Statement]:
    """Yield the statements of a policy: a mapping, its JSON text, or that text URL-encoded as IAM sends it."""
    if isinstance(document, str):
        document = json.loads(document if document.lstrip().startswith("{") else unquote(document))
    if not isinstance(document, Mapping):
        raise TypeError("not a policy document")
    statements: object = document.get("Statement")
    for statement in [statements] if isinstance(statements, Mapping) else _list(statements):
        yield _statement(statement)


def _statement(raw: object) -> Statement:
    if not isinstance(raw, Mapping):
        raise TypeError("not a statement")
    actions, not_actions = _texts(raw.get("Action")), _texts(raw.get("NotAction"))
    if not actions and not not_actions:
        raise ValueError("a statement without actions")
    excepts = raw.get("NotResource") is not None
    return Statement(
        effect=_effect(raw.get("Effect")),
        actions=tuple(action.lower() for action in actions),
        not_actions=tuple(action.lower() for action in not_actions),
        resources=("*",) if excepts else _texts(raw.get("Resource")),
        conditions=excepts or bool(raw.get("Condition")),
    )


def _effect(value: object) -> Effect:
    if value == "Allow":
        return "Allow"
    if value == "Deny":
        return "Deny"
    raise ValueError(f"no such effect: {value}")


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else _list(value)
    texts = tuple(item for item in found if isinstance(item, str))
    if len(texts) != len(found):
        raise TypeError("not a list of texts")
    return texts


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, (list, tuple)):
        raise TypeError("not a list")
    return value


def _tables_may_be_used(seen: Seen) -> bool:
    return (bool(seen.raw("Table")) or not seen.complete("Table")) and sessions_may_need_a_table(seen)


KIND = Kind(
    type=Role,
    spellings={("aws-api", "AccountAuthorization"): _from_api},
    calls=(
        ListCall(
            service="iam",
            operation="get_account_authorization_details",
            type="AccountAuthorization",
            result="[{Roles: RoleDetailList, Policies: Policies}]",
            arguments={"Filter": ["Role", "LocalManagedPolicy", "AWSManagedPolicy"]},
            page=("MaxItems", 1000),
            is_global=True,
            after=("Table", *CACHE_TYPES),
            when=_tables_may_be_used,
        ),
    ),
)
