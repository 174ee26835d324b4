"""A network interface: whatever has an address in a VPC."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader, collect, joined, present

# The lists of private addresses, with the field that holds one: a prefix is addresses that the interface may use.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
ADDRESSES = {
    "PrivateIpAddresses": "PrivateIpAddress",
    "Ipv6Addresses": "Ipv6Address",
    "Ipv4Prefixes": "Ipv4Prefix",
    "Ipv6Prefixes": "Ipv6Prefix",
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


KIND = Kind(
    type=NetworkInterface,
    spellings={("aws-api", "NetworkInterface"): _from_api},
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
