"""Folders of AWS CLI output as people have them, with few files, and what AWS's documentation says of each flow.

Every answer is asked of `tierproof path`'s own way from files to verdict. The folders are made up here.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from checker.app import Choices, answer_in, ask, prepare, read
from checker.graph.query.answer import PathAnswer
from checker.graph.query.question import Question
from checker.resources.catalog import kinds

ACCOUNT, REGION = "111111111111", "eu-west-1"
ANY4, ANY6 = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
ALL: dict[str, Any] = {"IpProtocol": "-1", **ANY4}
TGW, PCX, VGW = "tgw-0a00000000000001", "pcx-0a00000000000001", "vgw-0a00000000000001"
IGW, NAT, VPCE, PL = "igw-0a00000000000001", "nat-0a00000000000001", "vpce-0a00000000000001", "pl-6da54004"
YES, NO, OPEN = "REACHABLE", "NOT_REACHABLE", "UNKNOWN"


def tcp(port: int, *peers: str) -> dict[str, Any]:
    """Return a permission for a port, from blocks, groups or prefix lists."""
    found: dict[str, Any] = defaultdict(list, {"IpProtocol": "tcp", "FromPort": port, "ToPort": port})
    for peer in peers:
        key = {"sg-": "UserIdGroupPairs", "pl-": "PrefixListIds"}.get(peer[:3])
        key = key or ("Ipv6Ranges" if ":" in peer else "IpRanges")
        name = {"UserIdGroupPairs": "GroupId", "PrefixListIds": "PrefixListId", "Ipv6Ranges": "CidrIpv6"}.get(key)
        found[key].append({name or "CidrIp": peer})
    return dict(found)


class Folder:
    """Answers of AWS in the making; `name` in an id is one hexadecimal digit, shared by what belongs together."""

    def __init__(self, account: str = ACCOUNT, region: str = REGION) -> None:
        self.account, self.region = account, region
        self.files: dict[str, list[Any]] = defaultdict(list)

    def vpc(self, name: str, *blocks: str, v6: str | None = None, routes: Sequence[tuple[str, str]] = ()) -> "Folder":
        """Add a VPC with a main table, a default network ACL that allows everything, and a subnet that is its block."""
        vpc, six = f"vpc-0{name}", [{"Ipv6CidrBlock": v6, "Ipv6CidrBlockState": {"State": "associated"}}] if v6 else []
        four = [{"CidrBlock": block, "CidrBlockState": {"State": "associated"}} for block in blocks]
        self.files["Vpcs"].append(
            {
                "VpcId": vpc, "CidrBlock": blocks[0], "OwnerId": self.account, "State": "available",
                "CidrBlockAssociationSet": four, "Ipv6CidrBlockAssociationSet": six,
            }
        )  # fmt: skip
        entries = [
            {"RuleNumber": number, "RuleAction": action, "Protocol": "-1", "Egress": egress, **at}
            for egress in (True, False)
            for number, action, at in (
                (32767, "deny", {"CidrBlock": "0.0.0.0/0"}),
                (100, "allow", {"CidrBlock": "0.0.0.0/0"}),
                (101, "allow", {"Ipv6CidrBlock": "::/0"}),
            )
        ]
        acl = {"NetworkAclId": f"acl-0{name}", "VpcId": vpc, "IsDefault": True, "Entries": entries, "Associations": []}
        self.files["NetworkAcls"].append({**acl, "OwnerId": self.account})
        self.table(f"{name}0", name, routes)
        return self.subnet(f"{name}1", name, blocks[0], v6)

    def table(self, id_: str, vpc: str, routes: Sequence[tuple[str, str]], *subnets: str) -> "Folder":
        """Add a route table: the VPC's main one, or that of `subnets`."""
        home = next(item for item in self.files["Vpcs"] if item["VpcId"] == f"vpc-0{vpc}")
        listed = [{"DestinationCidrBlock": item["CidrBlock"]} for item in home["CidrBlockAssociationSet"]]
        listed += [{"DestinationIpv6CidrBlock": item["Ipv6CidrBlock"]} for item in home["Ipv6CidrBlockAssociationSet"]]
        all_ = [{**route, "GatewayId": "local"} for route in listed] + list(map(_route, routes))
        joined = [{"Main": False, "SubnetId": f"subnet-0{subnet}"} for subnet in subnets] or [{"Main": True}]
        self.files["RouteTables"].append(
            {
                "RouteTableId": f"rtb-0{id_}", "VpcId": f"vpc-0{vpc}", "OwnerId": self.account,
                "Routes": [{"State": "active", **route} for route in all_],
                "Associations": [{"AssociationState": {"State": "associated"}, **one} for one in joined],
            }
        )  # fmt: skip
        return self

    def subnet(self, id_: str, vpc: str, block: str, v6: str | None = None, zone: str = "a") -> "Folder":
        """Add a subnet."""
        six = [{"Ipv6CidrBlock": v6.replace("/56", "/64"), "Ipv6CidrBlockState": {"State": "associated"}}] if v6 else []
        self.files["Subnets"].append(
            {
                "SubnetId": f"subnet-0{id_}", "VpcId": f"vpc-0{vpc}", "CidrBlock": block, "OwnerId": self.account,
                "AvailabilityZone": self.region + zone, "State": "available", "Ipv6CidrBlockAssociationSet": six,
            }
        )  # fmt: skip
        return self

    def host(
        self, name: str, subnet: str, address: str, *ingress: Any, egress: Sequence[Any] = (ALL,), **more: Any
    ) -> "Folder":
        """Add an instance with a group of its own called `sg-0NAME`; `public` and `v6` are further addresses."""
        vpc, group = f"vpc-0{subnet[:-1]}", {"GroupId": f"sg-0{name}", "GroupName": name}
        self.files["SecurityGroups"].append(
            {**group, "VpcId": vpc, "IpPermissions": ingress, "IpPermissionsEgress": egress, "OwnerId": self.account}
        )
        shown = {"Association": {"PublicIp": more["public"], "IpOwnerId": "amazon"}} if "public" in more else {}
        interface = {
            "NetworkInterfaceId": f"eni-0{name}", "SubnetId": f"subnet-0{subnet}", "VpcId": vpc, "Status": "in-use",
            "OwnerId": self.account, "Groups": [group], "PrivateIpAddress": address, "SourceDestCheck": True,
            "PrivateIpAddresses": [{"PrivateIpAddress": address, "Primary": True, **shown}], **shown,
            "Ipv6Addresses": [{"Ipv6Address": more["v6"]}] if "v6" in more else [], "InterfaceType": "interface",
            "Attachment": {"InstanceId": f"i-0{name}", "DeviceIndex": 0, "Status": "attached"},
        }  # fmt: skip
        instance = {
            "InstanceId": f"i-0{name}", "State": {"Name": "running"}, "VpcId": vpc, "SubnetId": f"subnet-0{subnet}",
            "NetworkInterfaces": [interface], "Tags": [{"Key": "Name", "Value": name}], "SecurityGroups": [group],
        }  # fmt: skip
        self.files["NetworkInterfaces"].append(interface)
        self.files["Reservations"].append(
            {"ReservationId": f"r-0{name}", "OwnerId": self.account, "Instances": [instance]}
        )
        return self

    def add(self, key: str, **item: Any) -> "Folder":
        """Add anything else under a top-level key."""
        self.files[key].append(item)
        return self

    def gateway(self, vpc: str) -> "Folder":
        """Add an internet gateway."""
        at = [{"VpcId": f"vpc-0{vpc}", "State": "available"}]
        return self.add("InternetGateways", InternetGatewayId=IGW, Attachments=at, OwnerId=self.account)

    def write(self, root: Path, *, nested: bool = False, without: Sequence[str] = ()) -> Path:
        """Write one file for each key."""
        folder = root / "accounts" / self.account / self.region if nested else root
        folder.mkdir(parents=True, exist_ok=True)
        for key, items in self.files.items():
            if key not in without:
                (folder / f"{key}.json").write_text(json.dumps({key: items}), encoding="utf-8")
        return root


def _route(route: tuple[str, str]) -> dict[str, str]:
    to, by = route
    key = "DestinationPrefixListId" if to.startswith("pl-") else "DestinationCidrBlock"
    key = "DestinationIpv6CidrBlock" if ":" in to else key
    targets = {"nat": "NatGatewayId", "tgw": "TransitGatewayId", "pcx": "VpcPeeringConnectionId"}
    return {key: to, targets.get(by.partition("-")[0], "GatewayId"): by, "Origin": "CreateRoute"}


def public() -> Folder:
    """A public subnet: `a` has a public address, `b` has none (semantics 30, 31)."""
    net = Folder().vpc("a", "10.0.0.0/16", routes=[("0.0.0.0/0", IGW)]).gateway("a")
    net.host("a", "a1", "10.0.0.10", tcp(22, "0.0.0.0/0"), tcp(80, "198.51.100.0/24"), public="54.1.1.10")
    return net.host("b", "a1", "10.0.0.11", tcp(22, "0.0.0.0/0"))


def translated() -> Folder:
    """A private subnet behind a NAT gateway (semantics 35); an ACL in file order would admit what it denies (17)."""
    net = Folder().vpc("a", "10.0.0.0/24", "10.0.1.0/24", routes=[("0.0.0.0/0", NAT)]).gateway("a")
    net.subnet("a2", "a", "10.0.1.0/24").table("a9", "a", [("0.0.0.0/0", IGW)], "a2")
    net.host("a", "a1", "10.0.0.10", tcp(22, "0.0.0.0/0"), egress=[tcp(443, "0.0.0.0/0")])
    at = {"NetworkInterfaceId": "eni-0f", "PrivateIp": "10.0.1.5", "PublicIp": "54.1.1.5", "AllocationId": "eipalloc-1"}
    net.add("NatGateways", NatGatewayId=NAT, VpcId="vpc-0a", SubnetId="subnet-0a2", State="available",
            NatGatewayAddresses=[at])  # fmt: skip
    net.files["NetworkAcls"][0]["Entries"].append(
        {"RuleNumber": 90, "RuleAction": "deny", "Protocol": "6", "Egress": False, "CidrBlock": "8.8.8.0/24"}
    )
    return net


def peered(second: Folder | None = None) -> tuple[Folder, Folder]:
    """Two VPCs joined by a peering, with routes on both sides; `c` stands in a block with no way back (36)."""
    one = Folder().vpc("a", "10.1.0.0/16", routes=[("10.2.0.0/15", PCX)])
    two = second or one
    two.vpc("b", "10.2.0.0/16", "10.3.0.0/16", routes=[("10.1.0.0/16", PCX)])
    two.subnet("b2", "b", "10.3.0.0/16").table("b9", "b", [], "b2")
    one.host("a", "a1", "10.1.0.10", tcp(22, "10.2.0.0/15"))
    two.host("b", "b1", "10.2.0.10", tcp(22, "10.1.0.0/16")).host("c", "b2", "10.3.0.10", tcp(22, "10.1.0.0/16"))
    sides = {
        "RequesterVpcInfo": _side(one, "vpc-0a", "10.1.0.0/16"),
        "AccepterVpcInfo": _side(two, "vpc-0b", "10.2.0.0/16", "10.3.0.0/16"),
    }
    for net in dict.fromkeys((one, two)):
        net.add("VpcPeeringConnections", VpcPeeringConnectionId=PCX, Status={"Code": "active"}, **sides)
    return one, two


def _side(net: Folder, vpc: str, *blocks: str) -> dict[str, Any]:
    told = {"VpcId": vpc, "OwnerId": net.account, "Region": net.region, "CidrBlock": blocks[0]}
    return {**told, "CidrBlockSet": [{"CidrBlock": block} for block in blocks]}


def transit() -> Folder:
    """Three VPCs on a transit gateway; the table of `c` knows `a` only, and one block of `c` is a black hole (38)."""
    net = Folder()
    blocks = {"a": "10.1.0.0/16", "b": "10.2.0.0/16", "c": "10.3.0.0/16"}
    reply = {"a": "bc", "b": "ac", "c": "ab"}
    for name, block in blocks.items():
        net.vpc(name, block, routes=[(blocks[other], TGW) for other in reply[name]])
        net.host(name, f"{name}1", block.replace("0.0/16", "0.10"), tcp(22, "10.0.0.0/8"))
        vpc, attachment, table = f"vpc-0{name}", f"tgw-attach-0{name}", "tgw-rtb-02" if name == "c" else "tgw-rtb-01"
        own = {"TransitGatewayAttachmentId": attachment, "TransitGatewayId": TGW, "State": "available"}
        net.add("TransitGatewayAttachments", **own, ResourceType="vpc", ResourceId=vpc, ResourceOwnerId=ACCOUNT,
                TransitGatewayOwnerId=ACCOUNT,
                Association={"TransitGatewayRouteTableId": table, "State": "associated"})  # fmt: skip
        net.add("TransitGatewayVpcAttachments", **own, VpcId=vpc, VpcOwnerId=ACCOUNT, SubnetIds=[f"subnet-0{name}1"],
                Options={"Ipv6Support": "disable"})  # fmt: skip
    net.add("TransitGateways", TransitGatewayId=TGW, OwnerId=ACCOUNT, State="available", Options={},
            TransitGatewayArn=f"arn:aws:ec2:{REGION}:{ACCOUNT}:transit-gateway/{TGW}")  # fmt: skip
    hole = {"DestinationCidrBlock": "10.3.128.0/17", "Type": "static", "State": "blackhole"}
    for table, spread, static in (("tgw-rtb-01", "abc", [hole]), ("tgw-rtb-02", "a", [])):
        net.add("TransitGatewayRouteTables", TransitGatewayRouteTableId=table, TransitGatewayId=TGW, State="available")
        net.add("TransitGatewayStaticRoutes", TransitGatewayRouteTableId=table, Routes=static)
        enabled = [{"TransitGatewayAttachmentId": f"tgw-attach-0{name}", "ResourceId": f"vpc-0{name}",
                    "ResourceType": "vpc", "State": "enabled"} for name in spread]  # fmt: skip
        net.add("TransitGatewayPropagations", TransitGatewayRouteTableId=table,
                TransitGatewayRouteTablePropagations=enabled)  # fmt: skip
    return net.host("d", "c1", "10.3.200.10", tcp(22, "10.0.0.0/8"))


def served() -> Folder:
    """A private subnet with a gateway endpoint to S3, whose list comes from describe-prefix-lists (14, 39)."""
    net = Folder().vpc("a", "10.0.0.0/16", routes=[(PL, VPCE)])
    net.host("a", "a1", "10.0.0.10").host("b", "a1", "10.0.0.11", egress=[tcp(443, PL)])
    net.add("VpcEndpoints", VpcEndpointId=VPCE, VpcEndpointType="Gateway", VpcId="vpc-0a", State="available",
            ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=["rtb-0a0"])  # fmt: skip
    return net.add("PrefixLists", PrefixListId=PL, PrefixListName=f"com.amazonaws.{REGION}.s3", Cidrs=["52.92.0.0/17"])


def joined() -> Folder:
    """A VPC with a VPN (semantics 40)."""
    net = Folder().vpc("a", "10.1.0.0/16", routes=[("192.168.0.0/16", VGW)])
    net.host("a", "a1", "10.1.0.10", tcp(22, "192.168.0.0/16"), egress=[tcp(443, "192.168.1.0/24")])
    at = [{"VpcId": "vpc-0a", "State": "attached"}]
    return net.add("VpnGateways", VpnGatewayId=VGW, State="available", Type="ipsec.1", VpcAttachments=at)


def both_families() -> Folder:
    """A subnet with an internet gateway for IPv6 only, for one of its two families (semantics 13, 27, 33)."""
    net = Folder().vpc("a", "10.0.0.0/16", v6="2a05:d018:0:100::/56", routes=[("::/0", IGW)]).gateway("a")
    return net.host(
        "a", "a1", "10.0.0.10", tcp(443, "::/0"), tcp(80, "0.0.0.0/0"),
        egress=[ALL, {"IpProtocol": "-1", **ANY6}], v6="2a05:d018:0:100::10",
    )  # fmt: skip


FLOWS = {
    public: [
        ("internet", "a", "tcp", "22", YES),
        ("internet", "54.1.1.10", "tcp", "22", YES),
        ("internet", "a", "tcp", "443", NO),
        ("internet", "a", "udp", "22", NO),
        ("198.51.100.7", "a", "tcp", "80", YES),
        ("203.0.113.7", "a", "tcp", "80", NO),
        ("internet", "b", "tcp", "22", NO),
        ("10.9.9.9", "a", "tcp", "22", NO),
        ("a", "8.8.8.8", "udp", "53", YES),
        ("b", "8.8.8.8", "udp", "53", NO),
        ("b", "a", "tcp", "22", YES),
        ("b", "a", "tcp", "80", NO),
        ("a", "10.0.0.99", "tcp", "22", NO),
    ],
    translated: [
        ("a", "internet", "tcp", "443", YES),
        ("a", "9.9.9.9", "tcp", "443", YES),
        ("a", "9.9.9.9", "tcp", "80", NO),
        ("a", "8.8.8.8", "tcp", "443", NO),
        ("internet", "a", "tcp", "22", NO),
        ("9.9.9.9", "a", "tcp", "22", NO),
    ],
    transit: [
        ("a", "b", "tcp", "22", YES),
        ("b", "a", "tcp", "22", YES),
        ("a", "b", "tcp", "80", NO),
        ("a", "c", "tcp", "22", YES),
        ("b", "c", "tcp", "22", NO),
        ("c", "b", "tcp", "22", NO),
        ("a", "d", "tcp", "22", NO),
        ("a", "10.9.0.1", "tcp", "22", NO),
        ("a", "internet", "tcp", "22", NO),
    ],
    served: [
        ("a", "52.92.1.1", "tcp", "443", YES),
        ("b", "52.92.1.1", "tcp", "443", YES),
        ("b", "52.92.1.1", "tcp", "80", NO),
        ("a", "52.92.1.1", "udp", "53", NO),
        ("a", "8.8.8.8", "tcp", "443", NO),
        ("internet", "a", "tcp", "443", NO),
    ],
    joined: [
        ("192.168.3.4", "a", "tcp", "22", YES),
        ("on-premises", "a", "tcp", "22", YES),
        ("172.16.0.1", "a", "tcp", "22", NO),
        ("a", "192.168.1.9", "tcp", "443", YES),
        ("a", "192.168.2.9", "tcp", "443", NO),
        ("internet", "a", "tcp", "22", NO),
    ],
    both_families: [
        ("internet", "a", "tcp", "443", YES),
        ("internet", "a", "tcp", "80", NO),
        ("2001:4860:4860::8888", "a", "tcp", "443", YES),
        ("a", "2001:4860:4860::8888", "tcp", "443", YES),
        ("a", "8.8.8.8", "tcp", "443", NO),
    ],
}
PEERED = [
    ("a", "b", "tcp", "22", YES),
    ("b", "a", "tcp", "22", YES),
    ("a", "b", "tcp", "80", NO),
    ("a", "10.2.0.10", "tcp", "22", YES),
    ("a", "c", "tcp", "22", NO),
    ("c", "a", "tcp", "22", NO),
    ("internet", "a", "tcp", "22", NO),
]


def wrong(folder: Path, flows: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield each flow that is answered otherwise than expected, with the answer."""
    seen, architecture = read([folder], None, kinds()), prepare(Choices()).blueprint
    for source, target, protocol, port, expected in flows:
        found = answer_in(seen, Question(source, target, port, protocol), architecture).answer
        assert isinstance(found, PathAnswer)
        if found.verdict.value != expected:
            yield source, target, protocol, port, expected, found.verdict.value


@pytest.mark.parametrize("made", FLOWS, ids=lambda made: made.__name__)
def test_flows(made: Any, tmp_path: Path) -> None:  # semantics 13, 17, 27, 30, 31, 33, 35, 38, 39, 40
    assert list(wrong(made().write(tmp_path), FLOWS[made])) == []


def test_flows_over_a_peering_of_one_account(tmp_path: Path) -> None:  # semantics 24, 36
    assert list(wrong(peered()[0].write(tmp_path), PEERED)) == []


def test_flows_over_a_peering_of_two_accounts_and_regions(tmp_path: Path) -> None:  # semantics 36
    for net in peered(Folder("222222222222", "us-east-1")):
        net.write(tmp_path, nested=True)

    assert list(wrong(tmp_path, PEERED)) == []


@pytest.mark.parametrize(
    ("without", "flows"),
    [
        # The route to a gateway that no file tells of is there; the group decides what it does not admit.
        ("InternetGateways", {"22": OPEN, "443": NO}),
        ("RouteTables", {"22": OPEN, "443": NO}),
        ("NetworkAcls", {"22": OPEN, "443": NO}),
        ("SecurityGroups", {"22": OPEN, "443": OPEN}),
        # The instance tells its interface itself, and the interface its subnet and VPC.
        ("NetworkInterfaces", {"22": YES, "443": NO}),
        ("Subnets", {"22": YES, "443": NO}),
    ],
)
def test_missing_files_leave_open_what_rests_on_them(  # semantics 55
    without: str, flows: dict[str, str], tmp_path: Path
) -> None:
    folder = public().write(tmp_path, without=[without])

    assert list(wrong(folder, [("internet", "a", "tcp", port, verdict) for port, verdict in flows.items()])) == []


def test_missing_propagations_leave_open_what_a_group_does_not_decide(tmp_path: Path) -> None:  # semantics 38, 55
    folder = transit().write(tmp_path, without=["TransitGatewayPropagations"])

    assert list(wrong(folder, [("a", "b", "tcp", "22", OPEN), ("a", "b", "tcp", "80", NO)])) == []


def test_missing_load_balancers_hide_nobody_where_no_interface_is_theirs(tmp_path: Path) -> None:
    folder = public().write(tmp_path)

    assert ask(Question(None, "b", "22", "tcp"), [folder], None).answer.missing == ()


def test_instances_tell_all_their_interfaces_where_no_file_does(tmp_path: Path) -> None:  # semantics 4, 5
    net = Folder().vpc("a", "10.0.0.0/24", "10.0.1.0/24").subnet("a2", "a", "10.0.1.0/24")
    net.host("a", "a1", "10.0.0.10", tcp(22, "sg-0c")).host("b", "a2", "10.0.1.10", tcp(443, "sg-0c"))
    net.host("c", "a1", "10.0.0.11")
    first, second, *_ = (item["Instances"][0] for item in net.files["Reservations"])
    first["NetworkInterfaces"] += second.pop("NetworkInterfaces")
    second["State"] = {"Name": "terminated"}
    folder = net.write(tmp_path, without=["NetworkInterfaces"])

    flows = [
        ("c", "a", "tcp", "22", YES),
        ("c", "a", "tcp", "443", YES),
        ("c", "eni-0b", "tcp", "22", NO),
        ("c", "10.0.1.10", "tcp", "443", YES),
        ("c", "10.0.0.10", "tcp", "443", NO),
    ]
    assert list(wrong(folder, flows)) == []


def test_block_public_access_is_taken_as_off_with_a_remark(tmp_path: Path) -> None:  # semantics 34
    def remarks(folder: Path, source: str) -> tuple[str, ...]:
        return ask(Question(source, "a", "22", "tcp"), [folder], None).answer.remarks

    silent = public().write(tmp_path / "silent")
    told = public().write(tmp_path / "told")
    options = {
        "InternetGatewayBlockMode": "off",
        "AwsAccountId": ACCOUNT,
        "AwsRegion": REGION,
        "State": "default-state",
    }
    (told / "bpa.json").write_text(json.dumps({"VpcBlockPublicAccessOptions": options}), encoding="utf-8")
    shut = public().write(tmp_path / "shut")
    shutting = {**options, "InternetGatewayBlockMode": "block-bidirectional", "State": "update-complete"}
    (shut / "bpa.json").write_text(json.dumps({"VpcBlockPublicAccessOptions": shutting}), encoding="utf-8")

    assert [remark for remark in remarks(silent, "internet") if "taken as off" in remark]
    assert not [remark for remark in remarks(silent, "b") if "taken as off" in remark]
    assert not [remark for remark in remarks(told, "internet") if "taken as off" in remark]
    assert list(wrong(told, [("internet", "a", "tcp", "22", YES)])) == []
    # Exclusions, of which no file tells, could leave it free.
    assert list(wrong(shut, [("internet", "a", "tcp", "22", OPEN), ("internet", "a", "tcp", "443", NO)])) == []
