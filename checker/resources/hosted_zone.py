"""A zone of Route 53, with its records."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader


@dataclass(frozen=True)
class DnsRecord:
    """A record; `targets` are its values, or the one name that an alias stands for."""

    name: str
    type: str
    targets: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class HostedZone(Resource):
    """A zone; every name is in lower case and without the dot at its end; the records of private zones are not asked.

    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html
    """

    kind = "hosted_zone"

    zone: Fact[str]
    private: Fact[bool]
    records: Fact[tuple[DnsRecord, ...]]


def _from_api(reader: Reader) -> Iterator[HostedZone]:
    private = reader.flag("Config.PrivateZone", default=False)
    yield HostedZone(
        id=reader.must("Id").removeprefix("/hostedzone/"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("Name"),
        zone=reader.text("Name").map(_canonical),
        private=private,
        records=private.then(lambda is_private: _records(reader, is_private)),
    )


def _records(reader: Reader, is_private: bool) -> Fact[tuple[DnsRecord, ...]]:
    if reader.has("ResourceRecordSets"):
        return reader.each("ResourceRecordSets", _record)
    return Known(()) if is_private else reader.unknown("ResourceRecordSets")


def _record(reader: Reader) -> Fact[DnsRecord]:
    targets = (
        reader.text("AliasTarget.DNSName").map(lambda alias: (alias,))
        if reader.has("AliasTarget")
        else reader.texts("ResourceRecords", "Value")
    )
    return reader.text("Name").then(
        lambda name: reader.text("Type").then(
            lambda type_: targets.map(lambda found: DnsRecord(_canonical(name), type_, tuple(map(_target, found))))
        )
    )


def _canonical(name: str) -> str:
    # Route 53 writes unusual characters, the asterisk among them, as a backslash and three octal digits.
    # Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    return re.sub(r"\\([0-3][0-7]{2})", lambda code: chr(int(code[1], 8)), name).lower().removesuffix(".")


def _target(text: str) -> str:
    # The console puts `dualstack.` before the name of a load balancer; both names lead to the same one.
    name = _canonical(text)
    return name.removeprefix("dualstack.") if ".elb." in name else name


def _is_public(zone: Raw, seen: Seen) -> bool:
    config = zone.get("Config")
    return not (isinstance(config, Mapping) and config.get("PrivateZone") is True)


KIND = Kind(
    type=HostedZone,
    spellings={("aws-api", "HostedZone"): _from_api},
    calls=(
        ListCall(
            service="route53",
            operation="list_hosted_zones",
            type="HostedZone",
            result="HostedZones",
            page=("MaxItems", "100"),
            is_global=True,
        ),
        DetailCall(
            service="route53",
            operation="list_resource_record_sets",
            of="HostedZone",
            identity="Id",
            argument="HostedZoneId",
            result="ResourceRecordSets",
            into="ResourceRecordSets",
            page=("MaxItems", "300"),
            is_global=True,
            when=_is_public,
        ),
    ),
)
