"""Providers of AWS: the Region, account and default tags of what is made through them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.collect.pulumi.addresses import name_of, stack_of, type_of
from checker.collect.pulumi.registered import Registered
from checker.model.fact import Missing

AWS = "pulumi:providers:aws"
# What the engine calls a provider that no program made.
# Source: https://www.pulumi.com/docs/iac/concepts/resources/providers/#default-provider-configuration
_DEFAULT = re.compile(r"default(_\d+)*(_.*)?")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):role/.+")
_REGION = "region"
_NAMESPACE = "aws:"


@dataclass(frozen=True)
class Provider:
    """A configured provider; Region and account are empty where they are not known.

    `name` tells providers of unknown Regions apart, empty for the default one. `tags` is None where it adds none to
    what is made through it, and a `Missing` where it is not known what it adds.
    """

    name: str = ""
    region: str = ""
    account: str = ""
    tags: object = None


class Providers:
    """The providers of some stacks: those that their programs made, and the default ones.

    `config` has the configuration of the default ones under its full keys (`aws:region`).
    Source: https://www.pulumi.com/registry/packages/aws/installation-configuration/
    """

    def __init__(self, registered: Sequence[Registered], config: Mapping[str, str]) -> None:
        own = {key.removeprefix(_NAMESPACE): text for key, text in config.items() if key.startswith(_NAMESPACE)}
        self._default = _provider("", own)
        self._made = {one.urn: self._of(one, own) for one in registered if one.type == AWS}

    def of(self, reference: str) -> Provider:
        """Return the provider that a resource or a look-up names (`urn::id`), the default one where it names none."""
        urn, _, _ = reference.rpartition("::")
        found = self._made.get(urn) or self._made.get(reference)
        if found is not None:
            return found
        name = name_of(urn) if type_of(urn) == AWS else ""
        # A provider that is not there, in a part of a program, may be configured for any Region.
        return self._default if not name or _DEFAULT.fullmatch(name) else Provider(name)

    @staticmethod
    def _of(one: Registered, config: Mapping[str, object]) -> Provider:
        is_default = bool(_DEFAULT.fullmatch(one.name))
        # One that the program makes is configured by the program alone.
        found = {**config, **one.properties} if is_default else one.properties
        return _provider("" if is_default else "/".join((*stack_of(one.urn), one.name)), found)


def _provider(name: str, properties: Mapping[str, object]) -> Provider:
    tags = _structured(properties.get("defaultTags"))
    account = _role_account(properties)
    allowed = _structured(properties.get("allowedAccountIds"))
    if not account and isinstance(allowed, list) and len(allowed) == 1 and isinstance(allowed[0], str):
        account = allowed[0]
    region = properties.get(_REGION)
    return Provider(
        name,
        region if isinstance(region, str) else "",
        account if account.isdecimal() else "",
        tags.get("tags") if isinstance(tags, Mapping) else tags if isinstance(tags, Missing) else None,
    )


def _role_account(properties: Mapping[str, object]) -> str:
    """Return the account of the last role that is assumed on the way."""
    roles = _structured(properties.get("assumeRoles", properties.get("assumeRole")))
    last = roles[-1] if isinstance(roles, list) and roles else roles
    arn = last.get("roleArn") if isinstance(last, Mapping) else None
    found = _ROLE.fullmatch(arn) if isinstance(arn, str) else None
    return found["account"] if found else ""


def _structured(value: object) -> object:
    """Return a value that is no text: those of providers' inputs and of the configuration are told as JSON in texts.

    Source: https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/config_encoding.go
    """
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
