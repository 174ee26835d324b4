"""The account and Region of instances, from their ARNs and their neighbours where nothing else tells them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from checker.collect.terraform.instance import Instance
from checker.collect.terraform.references import references
from checker.collect.terraform.types import canonical, is_global

# Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:(?P<region>[a-z0-9-]*):(?P<account>\d{12})?:")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ZONE = re.compile(r"(?P<region>[a-z]{2}(-[a-z]+)+-\d)[a-z]")
_OWN = ("arn", "id")
_ZONES = ("availability_zone",)
_ROUNDS = 3


def settled(instances: Sequence[Instance]) -> tuple[Instance, ...]:
    """Return the instances, each with its account and Region as far as the input tells them.

    An instance tells them by its ARN, its zone or (from version 6 of the provider on) its attribute `region`; else what
    it names does; else they are those of all others, where these agree.
    """
    told = [_told(instance) for instance in instances]
    places: dict[str, tuple[str, str]] = {}
    for _ in range(_ROUNDS):
        places.update(
            (id_, place)
            for instance, place in zip(instances, told, strict=True)
            if place[1] and isinstance(id_ := instance.values.get("id"), str)
        )
        before = told
        told = [_with_neighbours(instance, place, places) for instance, place in zip(instances, told, strict=True)]
        if told == before:
            break
    account = _only(Counter(account for account, _ in told if account))
    region = _only(Counter(region for _, region in told if region))
    return tuple(
        replace(instance, account=own[0] or account, region=own[1] or region)
        if (own[0] or account, own[1] or region) != (instance.account, instance.region)
        else instance
        for instance, own in zip(instances, told, strict=True)
    )


def _told(instance: Instance) -> tuple[str, str]:
    account, region = instance.account, instance.region
    values = instance.values
    for key in _OWN:
        value = values.get(key)
        found = _ARN.match(value) if isinstance(value, str) else None
        if found:
            account = account or found["account"] or ""
            region = region or found["region"]
    if not account and isinstance(owner := values.get("owner_id"), str) and owner.isdigit() and not instance.is_data:
        account = owner
    own = values.get("region")
    if not region and isinstance(own, str) and _REGION.fullmatch(own):
        region = own
    for key in _ZONES:
        zone = values.get(key)
        found = _ZONE.fullmatch(zone) if isinstance(zone, str) else None
        if found and not region:
            region = found["region"]
    return account, region


def _with_neighbours(
    instance: Instance, own: tuple[str, str], places: Mapping[str, tuple[str, str]]
) -> tuple[str, str]:
    if own[1] or is_global(instance.type):
        return own
    for _, value in references(canonical(instance.type), instance.values):
        for name in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(name, str) and name in places:
                return own[0], places[name][1]
    return own


def _only(found: Counter[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
