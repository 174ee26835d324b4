"""Answers of functions of providers (`aws.ec2.get_ami`): computed where they can be, made by their types where not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .answers import Answer
from .hints import properties_of
from .meanings import Meanings
from .policy_document import policy_document
from .spelling import Spelling
from .values import revealed


@dataclass(frozen=True)
class Found:
    """The answer of a look-up; `known` says that nothing in it was made up."""

    name: str
    answer: dict[str, object]
    issued: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    known: bool = False


class Lookups:
    """Answers look-ups of one run."""

    def __init__(self, spelling: Spelling, meanings: Meanings, zones: int) -> None:
        self._spelling = spelling
        self._meanings = meanings
        self._zones = zones

    def name(self, token: str, arguments: Mapping[str, object], provider: str) -> str:
        """Return what a look-up is called: the same for the same function, arguments and provider in every run."""
        spelled = self._meanings.spelled(json.dumps([arguments, provider], sort_keys=True, default=str))
        return f"{token}#{hashlib.sha256(spelled.encode()).hexdigest()[:10]}"

    def answer(
        self, token: str, arguments: Mapping[str, object], provider: str, region: str, result: type | None
    ) -> Found:
        """Return the answer for arguments by Pulumi's names.

        `region` is the one that the provider works in, empty if not known; `result` is the class that the SDK makes of
        the answer, None where it has none.
        """
        name = self.name(token, arguments, provider)
        given = {key: revealed(value) for key, value in arguments.items() if value is not None}
        made = Answer(self._spelling, name, token, "")
        known = _COMPUTED.get(token)
        answer = known(given, region) if known is not None else None
        if answer is not None:
            return Found(name, answer, known=True)
        special = _MADE.get(token)
        if special is not None:
            answer = special(self._spelling, made, region, self._zones)
        else:
            answer = _by_type(made, given, result)
        if region and "region" in answer and "region" not in given:
            answer["region"] = region
            made.issued = {text: path for text, path in made.issued.items() if path != "region"}
        return Found(name, answer, made.issued, made.numbers, known=False)


def _by_type(made: Answer, given: Mapping[str, object], result: type | None) -> dict[str, object]:
    if result is None:
        return {"id": made.text("id")}
    answer: dict[str, object] = {}
    for name, hint in properties_of(result).items():
        if name in given:
            # What was asked for is what is answered, except tags: those that were asked for are among them.
            answer[name] = given[name]
        elif not hint.optional:
            answer[name] = made.make(hint, name)
    return answer


def _zones(spelling: Spelling, made: Answer, region: str, count: int) -> dict[str, object]:
    """Zones as they are named; which of them there are is the account's own (the letters differ by account).

    As many in both runs: that every Region has so many is taken for granted, and the report says so.
    """
    place = region or made.text("region")
    # Letters that no Region has, so that none is what a program writes out.
    letters = ("ghijklmnop" if spelling.is_first else "zyxwvutsrq")[:count]
    names = [f"{place}{letter}" for letter in letters]
    ids = [made.text(f"zoneIds.{n}") for n in range(len(names))]
    for n, zone in enumerate(names):
        made.issued[zone] = f"names.{n}"
    return {"id": place, "names": names, "zoneIds": ids, "groupNames": [place], "region": place}


def _caller(spelling: Spelling, made: Answer, region: str, count: int) -> dict[str, object]:
    account = spelling.account()
    made.issued[account] = "accountId"
    return {"accountId": account, "id": account, "arn": made.text("arn"), "userId": made.text("userId")}


def _region(arguments: Mapping[str, object], region: str) -> dict[str, object] | None:
    place = arguments.get("name") or arguments.get("region") or arguments.get("id") or region
    if not isinstance(place, str) or not place:
        return None
    described = {"description": place, "endpoint": f"ec2.{place}.{_partition_of(place)[1]}"}
    return {"id": place, "name": place, "region": place, **described}


def _partition(_arguments: Mapping[str, object], region: str) -> dict[str, object] | None:
    if not region:
        return None
    partition, suffix, reverse = _partition_of(region)
    return {"id": partition, "partition": partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def _service_principal(arguments: Mapping[str, object], region: str) -> dict[str, object] | None:
    place, service = arguments.get("region") or region, arguments.get("serviceName")
    if not place or not service:
        return None
    suffix = "amazonaws.com"  # IAM takes this one for nearly every service, in every partition
    return {
        "id": f"{service}.{place}.{suffix}",
        "name": f"{service}.{suffix}",
        "serviceName": service,
        "suffix": suffix,
        "region": place,
    }


def _partition_of(region: str) -> tuple[str, str, str]:
    if region.startswith("cn-"):
        return "aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"
    if region.startswith("us-gov-"):
        return "aws-us-gov", "amazonaws.com", "com.amazonaws"
    return "aws", "amazonaws.com", "com.amazonaws"


def _arn(arguments: Mapping[str, object], _region: str) -> dict[str, object] | None:
    arn = arguments.get("arn")
    parts = arn.split(":", 5) if isinstance(arn, str) else []
    if len(parts) < 6:
        return None
    names = ("partition", "service", "region", "account", "resource")
    return {"id": arn, "arn": arn, **{name: parts[n + 1] for n, name in enumerate(names)}}


_COMPUTED: dict[str, Callable[[Mapping[str, object], str], dict[str, object] | None]] = {
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getServicePrincipal:getServicePrincipal": _service_principal,
    "aws:index/getArn:getArn": _arn,
    "aws:iam/getPolicyDocument:getPolicyDocument": policy_document,
}
_MADE: dict[str, Callable[[Spelling, Answer, str, int], dict[str, object]]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
}
