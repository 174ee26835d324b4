"""A network interface: whatever has an address in a VPC."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known, Unknown, known_or
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, standing, subnet_of, vpc_of
from checker.resources.reader import REQUIRED, Reader, collect, joined, present
from checker.resources.terraform import attribute, common, mappings, owner_of

INTERFACE = "aws_network_interface"
WORN = "aws_network_interface_sg_attachment"
ATTACHED = "aws_network_interface_attachment"
EIP = "aws_eip"
EIP_ASSOCIATION = "aws_eip_association"

# The lists of private addresses, with the field that holds one: a prefix is addresses that the interface may use.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
ADDRESSES = {
    "PrivateIpAddresses": "PrivateIpAddress",
    "Ipv6Addresses": "Ipv6Address",
    "Ipv4Prefixes": "Ipv4Prefix",
    "Ipv6Prefixes": "Ipv6Prefix",
}


# The numbers of addresses that AWS is to choose, and the lists that have them once it did.
CHOSEN = {
    "private_ips_count": ("private_ips", "private_ip_list"),
    "ipv4_prefix_count": ("ipv4_prefixes",),
    "ipv6_address_count": ("ipv6_addresses", "ipv6_address_list"),
    "ipv6_prefix_count": ("ipv6_prefixes",),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class NetworkInterface(Resource):
    """An interface; `addresses` are its private IPv4 and its IPv6 ones, `public` the public IPv4 ones in front of them.

    `fronted` are the private addresses that a public one is in front of; where it names none, `public` is for all.
    `requester` is the service or account that made it, `type` and `description` tell what for.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
    """

    kind = "network_interface"
    belongs = ("vpc", "subnet", "addresses", "instance")

    vpc: Fact[str]
    subnet: Fact[str]
    zone: Fact[str]
    groups: Fact[tuple[str, ...]]
    addresses: Fact[tuple[Cidr, ...]]
    public: Fact[tuple[str, ...]]
    fronted: Fact[tuple[str, ...]]
    type: Fact[str]
    requester_managed: Fact[bool]
    requester: Fact[str]
    description: str
    instance: Fact[str | None]
    source_dest_check: Fact[bool]
    in_use: Fact[bool]
    owner: Fact[str]


def _addresses(reader: Reader) -> Fact[tuple[Cidr, ...]]:
    listed = joined(*(reader.cidrs(path, field) for path, field in ADDRESSES.items() if reader.has(path)))
    if reader.has("PrivateIpAddress") and not reader.has("PrivateIpAddresses"):
        return joined(collect([reader.cidr("PrivateIpAddress")]), listed)
    # An interface may have no address at all, as those for EFA only, but then its lists are there and empty.
    return listed if any(map(reader.has, ADDRESSES)) else reader.unknown("PrivateIpAddresses")


def _public(reader: Reader) -> Fact[tuple[str, ...]]:
    of_each = reader.each("PrivateIpAddresses", lambda item: item.maybe("Association.PublicIp"))
    return joined(present(collect([reader.maybe("Association.PublicIp")])), present(of_each))


def _fronted(reader: Reader) -> Fact[tuple[str, ...]]:
    """Return the private address of each entry that has a public one; the interface's own is the primary's."""

    def private(item: Reader) -> Fact[str | None]:
        return item.maybe("Association.PublicIp").then(
            lambda public: item.maybe("PrivateIpAddress") if public else Known(None)
        )

    primary = collect([private(reader)])
    return joined(present(primary), present(reader.each("PrivateIpAddresses", private)))


def _from_api(reader: Reader) -> Iterator[NetworkInterface]:
    yield NetworkInterface(
        id=reader.must("NetworkInterfaceId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag("TagSet"),
        tags=reader.tags("TagSet"),
        vpc=reader.text("VpcId"),
        subnet=reader.text("SubnetId"),
        zone=reader.text("AvailabilityZone"),
        # An interface without groups lets everything through, which an absent list does not say.
        groups=reader.each("Groups", lambda item: item.text("GroupId"), default=REQUIRED),
        addresses=_addresses(reader),
        public=_public(reader),
        fronted=_fronted(reader),
        type=reader.text("InterfaceType", default="interface"),
        requester_managed=reader.flag("RequesterManaged", default=False),
        requester=reader.text("RequesterId", default=""),
        description=reader.plain("Description"),
        instance=reader.maybe("Attachment.InstanceId"),
        source_dest_check=reader.flag("SourceDestCheck", default=True),
        # The other states are those of an interface that is, or is about to be, on something.
        in_use=reader.text("Status").map(lambda status: status != "available"),
        owner=reader.text("OwnerId"),
    )


def _is_chosen_later(reader: Reader, count: str, lists: tuple[str, ...]) -> bool:
    # The number of private addresses is of those besides the primary one.
    wanted = known_or(reader.maybe_number(count), None) or 0
    wanted += count == "private_ips_count" and wanted > 0
    return wanted > max(len(known_or(reader.texts(key), ())) for key in lists)


def _terraform_addresses(reader: Reader) -> Fact[tuple[Cidr, ...]]:
    """Return the addresses that are chosen; where the apply or AWS chooses any of them, they are not known.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_interface
    """
    if any(_is_chosen_later(reader, count, lists) for count, lists in CHOSEN.items()):
        return reader.unknown("addresses that the apply chooses")
    v4 = joined(*(reader.cidrs(key) for key in ("private_ips", "private_ip_list", "ipv4_prefixes")))
    v6 = joined(*(reader.cidrs(key) for key in ("ipv6_addresses", "ipv6_address_list", "ipv6_prefixes")))
    primary = present(
        collect([reader.maybe("private_ip").then(lambda text: reader.cidr("private_ip") if text else Known(None))])
    )
    # An interface has an IPv4 address always, but in a subnet for IPv6 alone.
    return joined(primary, v4, v6).then(lambda found: Known(found) if found else reader.unknown("private_ips"))


def _eips(reader: Reader) -> tuple[Reader, ...]:
    return (*mappings(reader, EIP).items, *mappings(reader, EIP_ASSOCIATION).items)


def _terraform_public(reader: Reader) -> Fact[tuple[str, ...]]:
    missing = (*mappings(reader, EIP).missing, *mappings(reader, EIP_ASSOCIATION).missing)
    if missing:
        return reader.unknown("public addresses")
    return Known(tuple(dict.fromkeys(attribute(one, "public_ip") for one in _eips(reader))))


def _terraform_fronted(reader: Reader) -> Fact[tuple[str, ...]]:
    """Return the private addresses that a public one names, or the primary one where it names none."""
    lost = _terraform_public(reader).missing
    if lost or not _eips(reader):
        return Unknown(*lost) if lost else Known(())
    own = known_or(reader.texts("private_ips"), ())
    primary = reader.settled("private_ip") or (own[0] if len(own) == 1 else "")
    named = present(
        collect(
            one.maybe(
                "associate_with_private_ip" if one.has("associate_with_private_ip") else "private_ip_address"
            ).map(lambda text: text or primary or None)
            for one in _eips(reader)
        )
    )
    # Of several addresses it is not known which is the primary one.
    return named if primary or len(own) <= 1 else reader.unknown("private_ip")


def _terraform_groups(reader: Reader) -> Fact[tuple[str, ...]]:
    """Return the groups that are worn, the VPC's default one where none is named."""
    return joined(groups_worn(reader, "security_groups", reader), reader.ids(WORN, "security_group_id"))


def _terraform_instance(reader: Reader) -> Fact[str | None]:
    attached = mappings(reader, ATTACHED)
    if attached.items:
        return attached.items[0].maybe_id("instance_id")
    return reader.each("attachment", lambda item: item.maybe_id("instance")).map(
        lambda found: next(filter(None, found), None)
    )


def _from_terraform(reader: Reader) -> Iterator[NetworkInterface]:
    subnet = reader.id("subnet_id")
    home = subnet_of(reader)
    yield NetworkInterface(
        **common(reader),
        vpc=vpc_of(reader),
        subnet=subnet,
        zone=home.text("availability_zone") if home else reader.unknown("availability_zone"),
        groups=_terraform_groups(reader),
        addresses=_terraform_addresses(reader),
        public=_terraform_public(reader),
        fronted=_terraform_fronted(reader),
        type=reader.text("interface_type", default="interface"),
        requester_managed=Known(False),
        requester=Known(""),
        description=reader.plain("description"),
        instance=_terraform_instance(reader),
        source_dest_check=reader.flag("source_dest_check", default=True),
        # Whatever it is on may be told by that thing alone.
        in_use=Known(True),
        owner=owner_of(reader),
    )


KIND = Kind(
    type=NetworkInterface,
    spellings={
        ("aws-api", "NetworkInterface"): _from_api,
        ("terraform", INTERFACE): _from_terraform,
    },
    parts=(
        *(Part(type=part, of=INTERFACE, by="network_interface_id") for part in (WORN, ATTACHED, EIP_ASSOCIATION)),
        Part(type=EIP, of=INTERFACE, by="network_interface"),
        *standing(INTERFACE, subnets=("subnet_id",)),
    ),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_network_interfaces",
            type="NetworkInterface",
            result="NetworkInterfaces",
            page=("MaxResults", 1000),
        ),
    ),
)
