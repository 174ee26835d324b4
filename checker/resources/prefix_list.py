"""A prefix list: named blocks of addresses, the customer's or AWS's own."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader, joined, texts_at
from checker.resources.terraform import common, owner_of

ENTRY = "aws_ec2_managed_prefix_list_entry"
# Where each type of record names prefix lists.
NAMED_IN = {
    "SecurityGroupRule": ("PrefixListId",),
    "SecurityGroup": ("IpPermissions.PrefixListIds.PrefixListId", "IpPermissionsEgress.PrefixListIds.PrefixListId"),
    "RouteTable": ("Routes.DestinationPrefixListId",),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class PrefixList(Resource):
    """A list; `entries` are known only for those that a rule or a route names, `family` is `IPv4` or `IPv6`.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ManagedPrefixList.html
    """

    kind = "prefix_list"

    entries: Fact[tuple[Cidr, ...]]
    owner: Fact[str]
    family: Fact[str]


def _from_api(reader: Reader) -> Iterator[PrefixList]:
    yield PrefixList(
        id=reader.must("PrefixListId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("PrefixListName"),
        arn=reader.plain("PrefixListArn") or None,
        tags=reader.tags(),
        entries=reader.each("Entries", lambda item: item.cidr("Cidr"), default=REQUIRED),
        owner=reader.text("OwnerId"),
        family=reader.text("AddressFamily"),
    )


def _from_terraform(reader: Reader) -> Iterator[PrefixList]:
    yield PrefixList(
        **common(reader, "name"),
        entries=joined(reader.cidrs("entry", "cidr"), reader.cidrs(ENTRY, "cidr")),
        owner=owner_of(reader),
        family=reader.text("address_family"),
    )


def _lookup(reader: Reader, entries: Fact[tuple[Cidr, ...]]) -> PrefixList:
    # Source: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
    amazon = reader.plain("name").startswith("com.amazonaws.")
    return PrefixList(
        **common(reader, "name"),
        entries=entries,
        owner=Known("AWS") if amazon else reader.text("owner_id"),
        family=reader.text("address_family"),
    )


def _from_lookup(reader: Reader) -> Iterator[PrefixList]:
    yield _lookup(reader, reader.each("entries", lambda item: item.cidr("cidr"), default=REQUIRED))


def _from_old_lookup(reader: Reader) -> Iterator[PrefixList]:
    # A list that names no block was not read yet.
    blocks = reader.cidrs("cidr_blocks")
    yield _lookup(reader, blocks.then(lambda found: Known(found) if found else reader.unknown("cidr_blocks")))


def _is_named(raw: Raw, seen: Seen) -> bool:
    # The groups repeat the rules, so either listing tells of every rule.
    rules_listed = seen.complete("SecurityGroupRule") or seen.complete("SecurityGroup")
    if not rules_listed or not seen.complete("RouteTable"):
        return True
    return any(
        named == raw.get("PrefixListId")
        for type_, paths in NAMED_IN.items()
        for record in seen.raw(type_)
        for path in paths
        for named in texts_at(record, path)
    )


KIND = Kind(
    type=PrefixList,
    spellings={
        ("aws-api", "PrefixList"): _from_api,
        ("terraform", "aws_ec2_managed_prefix_list"): _from_terraform,
        ("terraform", "data.aws_ec2_managed_prefix_list"): _from_lookup,
        ("terraform", "data.aws_prefix_list"): _from_old_lookup,
    },
    parts=(Part(type=ENTRY, of="aws_ec2_managed_prefix_list", by="prefix_list_id"),),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_managed_prefix_lists",
            type="PrefixList",
            result="PrefixLists",
            page=("MaxResults", 100),
        ),
        DetailCall(
            service="ec2",
            operation="get_managed_prefix_list_entries",
            of="PrefixList",
            identity="PrefixListId",
            argument="PrefixListId",
            result="Entries",
            into="Entries",
            page=("MaxResults", 100),
            after=tuple(NAMED_IN),
            when=_is_named,
        ),
    ),
)
