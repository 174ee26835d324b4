"""What the functions of providers that a program calls find, as far as the program and its configuration tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.collect.hcl.policies import document
from checker.collect.hcl.values import Value
from checker.collect.hcl.zones import Zones
from checker.collect.pulumi.providers import Provider
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_CHINA, _GOVERNMENT = "cn-", "us-gov-"


@dataclass(frozen=True)
class Asked:
    """A look-up with its arguments in Terraform's names and shapes, as those who answer it take it."""

    address: str
    type: str
    arguments: Mapping[str, object]
    provider: Provider

    @property
    def region(self) -> str:
        """Return the Region that it looks in, empty where that is not known."""
        own = self.arguments.get("region")
        if own is None:
            return self.provider.region
        return own if isinstance(own, str) and not isinstance(own, Symbol) else ""

    @property
    def provider_alias(self) -> str:
        """Return the name of its provider, empty for the default one."""
        return self.provider.name

    def given(self, name: str) -> Value:
        """Return what an argument was set to, None for nothing."""
        return self.arguments.get(name)  # type: ignore[return-value]  # what is settled are values


def answer(asked: Asked, name: str, zones: Zones) -> object:
    """Return an attribute that a look-up would find, None where nothing here tells it."""
    find = _FOUND.get(asked.type)
    if asked.type == "aws_availability_zones":
        return zones.attribute(asked, name)
    return find(asked, name) if find else None


def _document(asked: Asked, name: str) -> object:
    return document(asked, name)


def _region(asked: Asked, name: str) -> object:
    """Return what a Region is called, where the provider tells; the function may ask for another one by its name.

    Source: https://www.pulumi.com/registry/packages/aws/api-docs/getregion/
    """
    return asked.region or None if name in ("name", "region", "id") else None


def _caller(asked: Asked, name: str) -> object:
    """Return the account, where the provider tells.

    Source: https://www.pulumi.com/registry/packages/aws/api-docs/getcalleridentity/
    """
    return asked.provider.account or None if name in ("account_id", "id") else None


def _partition(asked: Asked, name: str) -> object:
    """Return the names of the partition that the Region belongs to.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    partition, suffix = "aws", "amazonaws.com"
    if asked.region.startswith(_CHINA):
        partition, suffix = "aws-cn", "amazonaws.com.cn"
    elif asked.region.startswith(_GOVERNMENT):
        partition = "aws-us-gov"
    found = {"partition": partition, "id": partition, "dns_suffix": suffix}
    return found.get(name)


_FOUND: Mapping[str, Callable[[Asked, str], object]] = {
    "aws_caller_identity": _caller,
    "aws_iam_policy_document": _document,
    "aws_partition": _partition,
    "aws_region": _region,
}


def item(found: object, path: tuple[str, ...], at: str) -> object:
    """Return what stands at a path of names and numbers inside a value; a block that stands alone is passed through."""
    for step in path:
        if isinstance(found, list) and not step.isdecimal() and len(found) == 1:
            found = found[0]
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return found if isinstance(found, Missing) else Missing(at, "check a preview, or audit the account")
    return found
