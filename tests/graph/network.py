"""Small networks in short words, read by the product's own parsers from records as the EC2 API gives them.

A rule is `in tcp 80-90 sg-b` or `out all 0.0.0.0/0`, an entry of an ACL `100 in allow tcp 80 0.0.0.0/0`, a route
`0.0.0.0/0 igw-a` (with `blackhole` or `propagated` behind it). `?` in place of a peer, traffic, action or target
makes it a fact that was not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from checker.graph.graph import Graph
from checker.graph.hops import ANY_CLIENT, Journey
from checker.graph.place import Endpoint, Place
from checker.model.fact import Missing
from checker.model.record import Collection, Gap, Origin, Record, Scope, Status
from checker.model.resource import Resource
from checker.resources.catalog import kinds
from checker.resources.inventory import Inventory, normalise
from checker.resources.kind import Kind
from checker.resources.network_interface import NetworkInterface

SCOPE, ELSEWHERE = Scope("111122223333", "eu-west-1"), Scope("111122223333", "us-west-2")
BLANK = Missing("a fact that the test took away", "put it back")
OPEN = ("in all 0.0.0.0/0", "out all 0.0.0.0/0")
EGRESS = "out all 0.0.0.0/0"
_ICMP = ("icmp", "icmpv6", "1", "58")
_NUMBERS = {"all": "-1", "tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}


@cache
def every_kind() -> tuple[Kind[Resource], ...]:
    """Return the product's kinds, found once."""
    return tuple(kinds())


class Network:
    """Records of one Region; every method adds one and returns the network."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.gaps: list[Gap] = []
        self.scope = SCOPE

    def add(self, type: str, /, **raw: object) -> Network:
        """Add one record as the API spells it, of the Region that `scope` now is."""
        self.records.append(Record("aws-api", type, self.scope, raw, Origin("test")))
        return self

    def elsewhere(self, type: str, /, **raw: object) -> Network:
        """Add one record of another Region."""
        self.records.append(Record("aws-api", type, ELSEWHERE, raw, Origin("test")))
        return self

    def hide(self, type: str, scope: Scope = SCOPE) -> Network:
        """Make the listing of a type incomplete: its call was denied."""
        self.gaps.append(Gap(type, scope, f"the listing of {type}", Status.DENIED, "AccessDenied", f"allow {type}"))
        return self

    def vpc(self, id: str, *cidrs: str) -> Network:
        """Add a VPC with its blocks, the primary one first."""
        v4 = [{"CidrBlock": block, "CidrBlockState": {"State": "associated"}} for block in cidrs if ":" not in block]
        v6 = [
            {"Ipv6CidrBlock": block, "Ipv6CidrBlockState": {"State": "associated"}} for block in cidrs if ":" in block
        ]
        return self.add(
            "Vpc",
            VpcId=id,
            CidrBlock=cidrs[0],
            CidrBlockAssociationSet=v4,
            Ipv6CidrBlockAssociationSet=v6,
            OwnerId=SCOPE.account,
        )

    def subnet(
        self, id: str, *cidrs: str, vpc: str = "vpc-a", zone: str = "eu-west-1a", public: bool = False
    ) -> Network:
        """Add a subnet of one block of either family, or of both."""
        v6 = [
            {"Ipv6CidrBlock": block, "Ipv6CidrBlockState": {"State": "associated"}} for block in cidrs if ":" in block
        ]
        return self.add(
            "Subnet", SubnetId=id, VpcId=vpc, AvailabilityZone=zone, MapPublicIpOnLaunch=public, OwnerId=SCOPE.account,
            CidrBlock=next((block for block in cidrs if ":" not in block), None), Ipv6CidrBlockAssociationSet=v6,
        )  # fmt: skip

    def group(self, id: str, *rules: str, vpc: str = "vpc-a", name: str = "") -> Network:
        """Add a security group and its rules."""
        self.add("SecurityGroup", GroupId=id, GroupName=name or id, VpcId=vpc)
        for number, rule in enumerate(rules):
            direction, *traffic, peer = rule.split()
            flags = {"in": False, "out": True, "?": BLANK}
            self.add(
                "SecurityGroupRule", SecurityGroupRuleId=f"sgr-{id}-{number}", GroupId=id, IsEgress=flags[direction],
                **_permission(traffic), **_peer(peer),
            )  # fmt: skip
        return self

    def acl(self, id: str, subnets: Iterable[str], *entries: str, vpc: str = "vpc-a", default: bool = False) -> Network:
        """Add a network ACL; the final denials are added as AWS has them."""
        final = (
            "32767 in deny all 0.0.0.0/0",
            "32767 out deny all 0.0.0.0/0",
            "32768 in deny all ::/0",
            "32768 out deny all ::/0",
        )
        return self.add(
            "NetworkAcl", NetworkAclId=id, VpcId=vpc, IsDefault=default,
            Associations=[{"SubnetId": subnet} for subnet in subnets],
            Entries=[_entry(entry) for entry in (*entries, *final)],
        )  # fmt: skip

    def table(
        self,
        id: str,
        subnets: Iterable[str],
        *routes: str,
        vpc: str = "vpc-a",
        main: bool = False,
        gateways: Iterable[str] = (),
    ) -> Network:
        """Add a route table, of subnets or of gateways; the local routes go without saying."""
        associations: list[Mapping[str, object]] = [{"SubnetId": subnet, "Main": False} for subnet in subnets]
        associations += [{"GatewayId": gateway, "Main": False} for gateway in gateways]
        if main:
            associations.append({"Main": True})
        return self.add(
            "RouteTable",
            RouteTableId=id,
            VpcId=vpc,
            Associations=associations,
            Routes=[_route(route) for route in routes],
        )

    def gateway(self, id: str = "igw-a", *vpcs: str) -> Network:
        """Add an internet gateway attached to VPCs; to `vpc-a` by default."""
        attachments = [{"VpcId": vpc, "State": "available"} for vpc in vpcs or ("vpc-a",) if vpc != "none"]
        return self.add("InternetGateway", InternetGatewayId=id, Attachments=attachments)

    def peering(
        self,
        id: str,
        one: tuple[str, str],
        two: tuple[str, str],
        status: object = "active",
        region: object = SCOPE.region,
    ) -> Network:
        """Add a peering of `(vpc, block)` and `(vpc, block)`; `region` is that of the second."""
        ends = [
            {"VpcId": vpc, "Region": there, "OwnerId": SCOPE.account, "CidrBlockSet": [{"CidrBlock": block}]}
            for (vpc, block), there in ((one, SCOPE.region), (two, region))
        ]
        return self.add(
            "VpcPeeringConnection",
            VpcPeeringConnectionId=id,
            Status={"Code": status},
            RequesterVpcInfo=ends[0],
            AccepterVpcInfo=ends[1],
        )

    def interface(
        self,
        id: str,
        subnet: str,
        *addresses: str,
        groups: Iterable[str] | None = (),
        public: str | None = None,
        vpc: str = "vpc-a",
        more: Mapping[str, object] | None = None,
    ) -> Network:
        """Add an interface in use; `groups` None were not seen, `more` is as the API spells it."""
        v4 = [{"PrivateIpAddress": address} for address in addresses if ":" not in address]
        first: dict[str, object] = {"Association": {"PublicIp": public}} if public else {}
        listed = [{**one, **(first if at == 0 else {})} for at, one in enumerate(v4)]
        worn = BLANK if groups is None else [{"GroupId": group} for group in groups]
        raw: dict[str, object] = {
            "NetworkInterfaceId": id, "SubnetId": subnet, "VpcId": vpc, "Groups": worn,
            "PrivateIpAddresses": listed, "Ipv6Addresses": [{"Ipv6Address": one} for one in addresses if ":" in one],
            "AvailabilityZone": "eu-west-1a", "Status": "in-use", "OwnerId": SCOPE.account, **first,
        }  # fmt: skip
        return self.add("NetworkInterface", **{**raw, **(more or {})})

    def prefix_list(self, id: str, *blocks: str, name: str = "") -> Network:
        """Add a prefix list; without blocks its entries were not seen."""
        entries: object = [{"Cidr": block} for block in blocks] if blocks else BLANK
        return self.add(
            "PrefixList",
            PrefixListId=id,
            PrefixListName=name or id,
            Entries=entries,
            OwnerId=SCOPE.account,
            AddressFamily="IPv4",
        )

    def inventory(self) -> Inventory:
        """Return the inventory of the records; one that the product cannot read is an error of the test."""
        inventory, unread = normalise(Collection("test", tuple(self.records), tuple(self.gaps)), every_kind())
        assert not unread, unread

        return inventory

    def graph(self) -> Graph:
        """Return the graph of the inventory."""
        return Graph(self.inventory())


def endpoint(graph: Graph, interface: str, *, v6: bool = False) -> Endpoint:
    """Return the endpoint that an interface, which nobody claims, is."""
    owner = graph.index.get(NetworkInterface, interface)
    assert owner is not None, interface

    return next(one for one in graph.endpoints.of(owner) if one.place.is_v6 is v6)


def place(graph: Graph, interface: str, *, v6: bool = False) -> Place:
    """Return the place of an interface."""
    return endpoint(graph, interface, v6=v6).place


def between(
    graph: Graph,
    source: str,
    target: str,
    clients: tuple[int, int] = ANY_CLIENT,
    *,
    every: bool = False,
    v6: bool = False,
) -> Journey:
    """Return the way from one interface to another."""
    return graph.reachability.between(place(graph, source, v6=v6), place(graph, target, v6=v6), clients, every=every)


def two_hosts(*ingress: str, subnet: str = "subnet-b", acls: bool = True) -> Network:
    """Return `eni-a` in `subnet-a`, which sends anything, and `eni-b` in `subnet`, whose `sg-b` has `ingress`."""
    net = Network().vpc("vpc-a", "10.0.0.0/16").subnet("subnet-a", "10.0.1.0/24").subnet("subnet-b", "10.0.2.0/24")
    net.table("rtb-a", [], main=True).gateway()
    if acls:
        net.acl(
            "acl-a", ["subnet-a", "subnet-b"], "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0", default=True
        )
    net.group("sg-a", EGRESS).group("sg-b", *ingress)
    net.interface("eni-a", "subnet-a", "10.0.1.10", groups=["sg-a"])
    return net.interface("eni-b", subnet, "10.0.2.10" if subnet == "subnet-b" else "10.0.1.20", groups=["sg-b"])


def _permission(words: list[str]) -> dict[str, object]:
    if words == ["?"]:
        return {"IpProtocol": BLANK}
    protocol = "-1" if words[0] == "all" else words[0]
    first, last = _pair(words)
    return {"IpProtocol": protocol, "FromPort": first, "ToPort": last}


def _pair(words: list[str]) -> tuple[int | None, int | None]:
    if len(words) < 2:
        return (-1, -1) if words[0] in _ICMP else (None, None)
    first, dash, last = words[1].replace("/", "-").partition("-")
    return int(first), int(last) if dash else (-1 if words[0] in _ICMP else int(first))


def _peer(text: str) -> dict[str, object]:
    if text == "?":
        return {"CidrIpv4": BLANK}
    if text.startswith("sg-"):
        return {"ReferencedGroupInfo": {"GroupId": text}}
    if text.startswith("pl-"):
        return {"PrefixListId": text}
    return {"CidrIpv6" if ":" in text else "CidrIpv4": text}


def _entry(text: str) -> dict[str, object]:
    number, direction, action, *traffic, peer = text.split()
    raw: dict[str, object] = {
        "RuleNumber": int(number),
        "Egress": direction == "out",
        "RuleAction": BLANK if action == "?" else action,
    }
    raw["Protocol"] = BLANK if traffic == ["?"] else _NUMBERS.get(traffic[0], traffic[0])
    first, last = _pair(traffic) if traffic != ["?"] else (None, None)
    if traffic[0] in _ICMP:
        raw["IcmpTypeCode"] = {"Type": first, "Code": last}
    elif first is not None:
        raw["PortRange"] = {"From": first, "To": last}
    raw["Ipv6CidrBlock" if ":" in peer else "CidrBlock"] = BLANK if peer == "?" else peer
    return raw


_TARGETS = {
    "pcx": "VpcPeeringConnectionId", "nat": "NatGatewayId", "eni": "NetworkInterfaceId", "tgw": "TransitGatewayId",
    "eigw": "EgressOnlyInternetGatewayId",
}  # fmt: skip


def _route(text: str) -> dict[str, object]:
    destination, target, *more = text.split()
    key = (
        "DestinationPrefixListId"
        if destination.startswith("pl-")
        else "DestinationIpv6CidrBlock"
        if ":" in destination
        else "DestinationCidrBlock"
    )
    return {
        key: BLANK if destination == "?" else destination,
        _TARGETS.get(target.partition("-")[0], "GatewayId"): BLANK if target == "?" else target,
        "State": "blackhole" if "blackhole" in more else "active",
        "Origin": "EnableVgwRoutePropagation" if "propagated" in more else "CreateRoute",
    }
