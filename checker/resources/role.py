"""A role with the statements of its policies, as far as they say what an instance may do with a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.dynamo_table import CACHE_TYPES, sessions_may_need_a_table
from checker.resources.kind import Kind
from checker.resources.policy import Statement, statements
from checker.resources.reader import Reader, collect, present
from checker.resources.terraform import common


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
    return policy.whole(path).then(lambda _: policy.check(path, lambda: tuple(statements(policy.raw[path]))))


_PROFILE = "aws_iam_instance_profile"
_INLINE = "aws_iam_role_policy"
_POLICY = "aws_iam_policy"
# The records that attach managed policies to a role: the field that names the role, and that which names policies.
_ATTACHMENTS = {
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns"),
}
# Managed policies of AWS that say nothing of tables, among those that are given to instances.
# Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
_WITHOUT_TABLES = frozenset(
    {
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonElasticFileSystemClientReadWriteAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonSSMManagedInstanceCore",
        "AmazonSSMPatchAssociation",
        "AWSXRayDaemonWriteAccess",
        "CloudWatchAgentServerPolicy",
    }
)
_WHOLE = {
    "AmazonDynamoDBFullAccess": "dynamodb:*",
    "AdministratorAccess": "*",
}
_MANAGED_BY_AWS = ":iam::aws:policy/"


def _from_terraform(reader: Reader) -> Iterator[Role]:
    """Yield an `aws_iam_role` with the profiles that hold it and the policies that are its own or attached to it.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
    """
    yield Role(
        **common(reader, "name"),
        profiles=reader.each(_PROFILE, _declared_names).map(lambda names: tuple(one for both in names for one in both)),
        statements=_declared_statements(reader),
    )


def _declared_names(profile: Reader) -> Fact[tuple[str, ...]]:
    """Return what a launch template may call a profile by: its name or its ARN."""
    return present(collect(profile.maybe_id(field) for field in ("id", "name", "arn"))).map(
        lambda names: tuple(dict.fromkeys(names))
    )


def _declared_statements(role: Reader) -> Fact[tuple[Statement, ...]]:
    if role.maybe_id("permissions_boundary").is_(None).is_yes:
        return _flat(
            role.each("inline_policy", _declared_document),
            role.each(_INLINE, _declared_document),
            _declared_managed(role, "managed_policy_arns"),
            *(_flatter(role, type_, field) for type_, (_, field) in _ATTACHMENTS.items()),
        )
    return role.unknown("permissions_boundary")


def _flat(*parts: Fact[tuple[tuple[Statement, ...], ...]]) -> Fact[tuple[Statement, ...]]:
    return collect(parts).map(lambda found: tuple(one for part in found for document in part for one in document))


def _flatter(role: Reader, type_: str, field: str) -> Fact[tuple[tuple[Statement, ...], ...]]:
    attached = role.each(type_, lambda item: _declared_managed(item, field))
    return attached.map(lambda lists: tuple(document for documents in lists for document in documents))


def _declared_managed(item: Reader, field: str) -> Fact[tuple[tuple[Statement, ...], ...]]:
    """Return the documents of the managed policies that a field names, whose records are parts of its own."""
    arns = item.ids(field) if field.endswith("s") else item.maybe_id(field).map(lambda arn: (arn,) if arn else ())
    known = {policy.plain("id"): policy for policy in item.items(_POLICY)}

    def document(arn: str) -> Fact[tuple[Statement, ...]]:
        if arn in known:
            return _declared_document(known[arn])
        name = arn.rpartition("/")[2] if _MANAGED_BY_AWS in arn else ""
        if name in _WITHOUT_TABLES:
            return Known(())
        if name in _WHOLE:
            return Known((Statement("Allow", (_WHOLE[name],), resources=("*",)),))
        return item.unknown(f"{field} {arn}")

    return arns.then(lambda names: collect(map(document, names)))


def _declared_document(item: Reader) -> Fact[tuple[Statement, ...]]:
    text = item.id("policy") if item.has("policy") else Known("")
    # An empty block says that a role has no policies of its own.
    return text.then(
        lambda found: item.check("policy", lambda: tuple(statements(item.raw["policy"]))) if found else Known(())
    )


def _tables_may_be_used(seen: Seen) -> bool:
    return (bool(seen.raw("Table")) or not seen.complete("Table")) and sessions_may_need_a_table(seen)


KIND = Kind(
    type=Role,
    spellings={
        ("aws-api", "AccountAuthorization"): _from_api,
        ("terraform", "aws_iam_role"): _from_terraform,
    },
    parts=(
        Part(type=_PROFILE, of="aws_iam_role", by="role"),
        Part(type=_INLINE, of="aws_iam_role", by="role"),
        *(Part(type=type_, of="aws_iam_role", by=role) for type_, (role, _) in _ATTACHMENTS.items()),
        Part(type=_POLICY, of="aws_iam_role", by="id", to="managed_policy_arns"),
        *(Part(type=_POLICY, of=type_, by="id", to=policy) for type_, (_, policy) in _ATTACHMENTS.items()),
    ),
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
