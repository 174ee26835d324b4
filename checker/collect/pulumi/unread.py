"""What stands in a stack and is not read: components that others expand, and resources of other providers of AWS.

A resource of a provider that has nothing to do with AWS (random, tls, docker) hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checker.collect.pulumi.registered import Reference, Registered, Text
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.pulumi.world import World
from checker.model.fact import Missing
from checker.model.record import ANYTHING, Coverage, Gap, Scope, Status

NOWHERE = Scope("", "")
_AWS, _NATIVE = "aws", "aws-native"
# The provider of Terraform's that does what `aws-native` does, and what a module of Terraform's made of AWS's.
# Source: https://www.pulumi.com/registry/packages/terraform-provider/
# Source: https://github.com/pulumi/pulumi-terraform-module (tokens such as `vpc:tf:aws_subnet`)
_CONTROL = "awscc"
_OF_A_MODULE = re.compile(r"[^:]+:tf:aws(cc)?_\w+")
# Packages whose components make resources of AWS.
# Source: https://www.pulumi.com/registry/ (the packages that depend on `aws` or `aws-native`)
_MAKERS = frozenset(
    {"awsx", "eks", "aws-apigateway", "aws-iam", "aws-quickstart-vpc", "aws-static-website", "lbrlabs-eks"}
)
# Services whose things stand in no network and hold nothing of a tier, as `aws-native` spells them.
# Source: https://www.pulumi.com/registry/packages/aws-native/api-docs/
_APART = frozenset(
    {
        *("athena", "backup", "budgets", "ce", "chatbot", "cloudtrail", "cloudwatch", "codecommit", "config"),
        *("cur", "detective", "ecr", "events", "glue", "guardduty", "inspector", "inspectorv2", "logs", "macie"),
        *("resourceexplorer2", "resourcegroups", "s3", "securityhub", "sns", "sqs", "ssm", "synthetics", "xray"),
    }
)


def of_strangers(world: World) -> tuple[tuple[Gap, ...], tuple[Coverage, ...]]:
    """Return a gap and a line for each resource that may hide others.

    What a gap hides can complete only what is given to one of them: it may come out of it again and into another.
    """
    hidden = [(one, why) for one in world.registered.values() if (why := _hides(one))]
    given = [_given(world, one) for one, _ in hidden]
    every = None if None in given else frozenset(text for some in given for text in some or ())
    gaps = [
        Gap(ANYTHING, NOWHERE, item := _item(one), Status.UNREADABLE, f"{item}: {why}", supply, given=every)
        for one, (why, supply) in hidden
    ]
    lines = [Coverage(one.origin.source, NOWHERE, _item(one), Status.UNREADABLE, 0, why) for one, (why, _) in hidden]
    return tuple(gaps), tuple(lines)


def _hides(one: Registered) -> tuple[str, str] | None:
    """Return why a resource may hide others, and what to do about it; None where it hides nothing."""
    package, module = _place(one.type)
    if one.is_remote and not one.is_custom:
        return "a component that its provider expands was not expanded", "check a preview of the stack, which does"
    if one.is_read or not one.is_custom:
        return None
    if package == _NATIVE and module not in _APART:
        return "resources of the provider aws-native are not read", "audit the account"
    if package in _MAKERS or package == _CONTROL:
        return f"resources of the provider {package} are not read", "audit the account"
    if _OF_A_MODULE.fullmatch(one.type):
        return "resources of a Terraform module are not read", "audit the account, or check the module's own plan"
    if package == _AWS and terraform_type(one.type) is None:
        return "a type that is not known", "update tierproof, or audit the account"
    return None


def _place(token: str) -> tuple[str, str]:
    """Return the package and the module of a token: `aws` and `ec2` of `aws:ec2/vpc:Vpc`."""
    package, _, rest = token.partition(":")
    return package, rest.partition(":")[0].partition("/")[0].lower()


def _item(one: Registered) -> str:
    return f"{one.type} {one.name}"


def _given(world: World, one: Registered) -> frozenset[str] | None:
    """Return all texts and symbols that a resource is given, None where some of it is not known."""
    found = {f"{world.called(one)}."}
    try:
        found.update(_texts(world.settled(dict(one.properties), one.name)))
    except _UnknownError:
        return None
    return frozenset(found)


class _UnknownError(Exception):
    """Something that is given is not known."""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, (Missing, Reference, Text)):
        raise _UnknownError
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
