"""A zone of Route 53, with its records."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known, Missing, known_or, merge
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect
from checker.resources.terraform import common, each_value, mappings, resource_of


@dataclass(frozen=True)
class DnsRecord:
    """A record; `targets` are its values, or the one name that an alias stands for."""

    name: str
    type: str
    targets: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class HostedZone(Resource):
    """A zone; every name is in lower case and without the dot at its end; the records of private zones are not asked.

    `more` tells why there may be records besides `records`: a program seldom holds all of a zone's.
    Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html
    """

    kind = "hosted_zone"

    zone: Fact[str]
    private: Fact[bool]
    records: Fact[tuple[DnsRecord, ...]]
    more: tuple[Missing, ...] = ()


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


_RECORD = "aws_route53_record"
_LEADING = ("A", "AAAA", "CNAME")
# The names under which these are reached end so, whatever they will be.
_RELAYS = {
    "aws_cloudfront_distribution": ".cloudfront.net",
    "aws_globalaccelerator_accelerator": ".awsglobalaccelerator.com",
}


def _from_terraform(reader: Reader) -> Iterator[HostedZone]:
    """Yield an `aws_route53_zone`, or one that stands elsewhere, with the records that name it.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_zone
    """
    found = mappings(reader, _RECORD)
    zone = reader.text("name").map(_canonical)
    records = [_declared_record(item, known_or(zone, "")) for item in found.items]
    outside = reader.type.startswith("data.")
    others = reader.unknown("records").missing if outside else ()
    yield HostedZone(
        **common(reader, "name"),
        zone=zone,
        # A zone that is made with a VPC is private.
        private=reader.flag("private_zone") if outside else reader.each("vpc", Known).map(bool),
        records=Known(tuple(record.value for record in records if isinstance(record, Known) and record.value)),
        more=merge(found.missing, *(record.missing for record in records), others),
    )


def _declared_record(reader: Reader, zone: str) -> Fact[DnsRecord | None]:
    """Return a record, None for one of a type that leads nowhere and whose values are not known.

    A name is for display and to follow chains: equal ones are the same whether they are known or not.
    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route53_record
    """
    name = _canonical(known_or(reader.maybe_id("name"), None) or "")
    if zone and not name.endswith(zone):
        name = f"{name}.{zone}" if name else zone
    if reader.has("alias.name"):
        targets = collect([_end(reader, "alias.name")])
    else:
        targets = collect(_end(one, "records") for one in each_value(reader, "records"))

    def record(type_: str) -> Fact[DnsRecord | None]:
        if targets.missing and type_ not in _LEADING:
            return Known(None)
        return targets.map(lambda found: DnsRecord(name, type_, tuple(map(_target, found))))

    return reader.text("type").then(record)


def _end(reader: Reader, path: str) -> Fact[str]:
    """Return where a record leads: a name, or what some resource of the input will be called; no other symbol.

    Two resources never have the same name, while a variable may hold the name of any of them.
    """
    resource = resource_of(reader.plain(path))
    return reader.id(path).map(lambda name: name + _RELAYS.get(resource, "")) if resource else reader.text(path)


def _is_public(zone: Raw, seen: Seen) -> bool:
    config = zone.get("Config")
    return not (isinstance(config, Mapping) and config.get("PrivateZone") is True)


KIND = Kind(
    type=HostedZone,
    spellings={
        ("aws-api", "HostedZone"): _from_api,
        ("terraform", "aws_route53_zone"): _from_terraform,
        ("terraform", "data.aws_route53_zone"): _from_terraform,
    },
    parts=tuple(Part(type=_RECORD, of=of, by="zone_id") for of in ("aws_route53_zone", "data.aws_route53_zone")),
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
