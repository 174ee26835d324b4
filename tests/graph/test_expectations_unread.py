"""What lies behind a network that was read only in part: open, where it is not decided, and never denied."""

from pathlib import Path

from tests.graph.test_expectations_folders import (
    IGW,
    NO,
    OPEN,
    PL,
    VPCE,
    YES,
    Folder,
    peered,
    served,
    tcp,
    transit,
    wrong,
)


def test_peer_whose_account_was_not_read_is_open(tmp_path: Path) -> None:  # semantics 36, 55
    near, _ = peered(Folder("222222222222", "us-east-1"))
    folder = near.write(tmp_path, nested=True)

    flows = [
        ("a", "10.2.0.10", "tcp", "22", OPEN),
        ("10.2.0.10", "a", "tcp", "22", OPEN),
        ("10.2.0.10", "a", "tcp", "80", NO),
        ("a", "10.99.0.1", "tcp", "22", NO),
    ]
    assert list(wrong(folder, flows)) == []


def test_network_behind_a_transit_gateway_that_was_not_read_is_open(tmp_path: Path) -> None:  # semantics 38, 55
    net = transit()
    for key in ("Vpcs", "Subnets", "RouteTables", "NetworkAcls", "SecurityGroups", "NetworkInterfaces"):
        net.files[key] = [item for item in net.files[key] if item["VpcId"] != "vpc-0b"]
    net.files["Reservations"] = [
        item for item in net.files["Reservations"] if item["Instances"][0]["InstanceId"] != "i-0b"
    ]
    net.files["TransitGatewayPropagations"], net.files["TransitGatewayStaticRoutes"] = [], []
    routes = [
        {
            "DestinationCidrBlock": f"10.{number}.0.0/16",
            "Type": "propagated",
            "State": "active",
            "TransitGatewayAttachments": [
                {
                    "ResourceType": "vpc",
                    "ResourceId": f"vpc-0{name}",
                    "TransitGatewayAttachmentId": f"tgw-attach-0{name}",
                }
            ],
        }
        for number, name in ((1, "a"), (2, "b"), (3, "c"))
    ]
    for table in ("tgw-rtb-01", "tgw-rtb-02"):
        net.add("TransitGatewayRoutes", TransitGatewayRouteTableId=table, Routes=routes)
    folder = net.write(tmp_path, without=["TransitGatewayPropagations", "TransitGatewayStaticRoutes"])

    flows = [
        ("a", "10.2.0.10", "tcp", "22", OPEN),
        ("10.2.0.10", "a", "tcp", "22", OPEN),
        ("10.2.0.10", "a", "tcp", "80", NO),
        ("a", "c", "tcp", "22", YES),
    ]
    assert list(wrong(folder, flows)) == []


def test_service_list_that_was_not_read_is_open_for_public_addresses_only(tmp_path: Path) -> None:  # semantics 14, 39
    folder = served().write(tmp_path, without=["PrefixLists"])

    flows = [
        ("a", "52.92.1.1", "tcp", "443", OPEN),
        ("a", "internet", "tcp", "443", NO),
        ("a", "10.99.0.1", "tcp", "443", NO),
        ("internet", "a", "tcp", "443", NO),
    ]
    assert list(wrong(folder, flows)) == []


def test_gateway_endpoint_is_no_way_to_or_from_the_internet(tmp_path: Path) -> None:  # semantics 30, 39
    private = served().write(tmp_path / "private")
    net = Folder().vpc("a", "10.0.0.0/16", routes=[(PL, VPCE), ("0.0.0.0/0", IGW)]).gateway("a")
    net.host("a", "a1", "10.0.0.10", tcp(443, "0.0.0.0/0"), public="54.1.1.10")
    net.files["VpcEndpoints"], net.files["PrefixLists"] = served().files["VpcEndpoints"], served().files["PrefixLists"]
    public = net.write(tmp_path / "public")

    assert list(wrong(private, [("a", "internet", "tcp", "443", NO)])) == []
    # Its answers to the service's own addresses go into the endpoint, whoever sends from there.
    flows = [
        ("internet", "a", "tcp", "443", YES),
        ("52.92.1.1", "a", "tcp", "443", NO),
        ("a", "internet", "tcp", "1", YES),
    ]
    assert list(wrong(public, flows)) == []
