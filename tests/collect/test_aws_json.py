"""Folders of AWS CLI output: which key is whose, where things are, what missing files and doubled things mean."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.app import read
from checker.errors import SourceError, UsageError
from checker.model.record import Collection, Gap, Record, Scope, Status
from checker.resources.catalog import kinds

ACCOUNT, REGION = "111122223333", "eu-west-1"
HERE = Scope(ACCOUNT, REGION)
LB = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/web/50dc6c495c0c9188"
OTHER_LB = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/net/raw/60dc6c495c0c9188"
LISTENER = f"{LB.replace(':loadbalancer/', ':listener/')}/f2f7dc8efc522ab2"
GROUP = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/web/73e2d6bc24d8a067"
VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": ACCOUNT}
SUBNET = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": f"{REGION}a"}
SECURITY_GROUP = {
    "GroupId": "sg-1",
    "GroupName": "web",
    "VpcId": "vpc-1",
    "OwnerId": ACCOUNT,
    "IpPermissions": [],
    "IpPermissionsEgress": [],
}
BALANCER = {
    "LoadBalancerArn": LB,
    "LoadBalancerName": "web",
    "VpcId": "vpc-1",
    "Type": "application",
    "Scheme": "internet-facing",
}
NETWORK_BALANCER = {**BALANCER, "LoadBalancerArn": OTHER_LB, "LoadBalancerName": "raw", "Type": "network"}
A_LISTENER = {"ListenerArn": LISTENER, "LoadBalancerArn": LB, "Port": 80, "Protocol": "HTTP", "DefaultActions": []}
A_GROUP = {"TargetGroupArn": GROUP, "TargetGroupName": "web", "Port": 80, "LoadBalancerArns": [LB], "TargetType": "ip"}
A_TABLE = {"TransitGatewayRouteTableId": "tgw-rtb-1", "TransitGatewayId": "tgw-1", "State": "available"}
GATEWAY = {
    "TransitGatewayId": "tgw-1",
    "TransitGatewayArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:transit-gateway/tgw-1",
    "State": "available",
}
STATIC = {
    "DestinationCidrBlock": "10.9.0.0/16",
    "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-9", "ResourceType": "vpc"}],
    "Type": "static",
    "State": "active",
}

Files = Mapping[str, object]


def write(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def collected(folder: Path, files: Files) -> Collection:
    return read([write(folder / "input", files)], None, kinds())


def of(collection: Collection, type_: str) -> list[Record]:
    return [record for record in collection.records if record.type == type_]


def one(collection: Collection, type_: str) -> Record:
    (record,) = of(collection, type_)
    return record


def gaps(collection: Collection, type_: str, scope: Scope | None = None) -> list[Gap]:
    return [gap for gap in collection.gaps if gap.type == type_ and scope in (None, gap.scope)]


def test_key_decides_and_name_does_not(tmp_path: Path) -> None:
    found = collected(tmp_path, {"subnets.json": {"Vpcs": [VPC]}, "x.json": {"Subnets": [SUBNET], "NatGateways": []}})

    assert one(found, "Vpc").raw["VpcId"] == "vpc-1"
    assert one(found, "Subnet").scope == HERE
    assert not gaps(found, "NatGateway")
    assert gaps(found, "RouteTable")


def test_single_file_can_be_named(tmp_path: Path) -> None:
    folder = write(tmp_path / REGION, {"all.txt": {"Vpcs": [VPC]}})

    found = read([folder / "all.txt"], "aws-json", kinds())

    assert one(found, "Vpc").scope == HERE


def test_origin_is_the_file(tmp_path: Path) -> None:
    found = collected(tmp_path, {"a.json": {"Vpcs": [VPC]}, "b.json": {"Subnets": [SUBNET]}})

    assert str(one(found, "Vpc").origin.file).endswith("a.json")
    assert str(one(found, "Subnet").origin.file).endswith("b.json")


def test_instances_are_taken_out_of_reservations(tmp_path: Path) -> None:
    instance = {"InstanceId": "i-1", "VpcId": "vpc-1", "Placement": {"AvailabilityZone": f"{REGION}b"}}
    found = collected(
        tmp_path, {"a.json": {"Reservations": [{"ReservationId": "r-1", "OwnerId": ACCOUNT, "Instances": [instance]}]}}
    )

    record = one(found, "Instance")
    assert (record.raw["InstanceId"], record.scope) == ("i-1", HERE)


@pytest.mark.parametrize(
    "folder", [f"accounts/{ACCOUNT}/{REGION}", f"aws_configs/accounts/{ACCOUNT}/{REGION}", f"{ACCOUNT}/{REGION}/ec2"]
)
def test_folders_tell_account_and_region(tmp_path: Path, folder: str) -> None:
    bare = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}
    found = collected(tmp_path, {f"{folder}/Vpcs.json": {"Vpcs": [bare]}, f"{folder}/n.json": {"NetworkAcls": []}})

    assert one(found, "Vpc").scope == HERE
    assert not gaps(found, "NetworkAcl")


def test_two_regions_by_folder_have_their_own_gaps(tmp_path: Path) -> None:
    found = collected(
        tmp_path,
        {
            f"{REGION}/a.json": {"Vpcs": [VPC], "RouteTables": []},
            "us-east-1/a.json": {"Vpcs": [{**VPC, "VpcId": "vpc-2"}]},
        },
    )

    assert {record.scope.region for record in of(found, "Vpc")} == {REGION, "us-east-1"}
    assert not gaps(found, "RouteTable", HERE)
    assert gaps(found, "RouteTable", Scope(ACCOUNT, "us-east-1"))


def test_one_file_may_hold_several_regions(tmp_path: Path) -> None:
    """A network that names neither zone nor ARN is where its subnets are."""
    far = {**SUBNET, "SubnetId": "subnet-2", "VpcId": "vpc-2", "AvailabilityZone": "us-east-1a"}
    found = collected(
        tmp_path,
        {
            "vpcs.json": {"Vpcs": [VPC, {**VPC, "VpcId": "vpc-2"}]},
            "subnets.json": {"Subnets": [SUBNET, far]},
            "tables.json": {"RouteTables": [{"RouteTableId": "rtb-2", "VpcId": "vpc-2", "Routes": []}]},
        },
    )

    scopes = {str(record.raw["VpcId"]): record.scope.region for record in of(found, "Vpc")}
    assert scopes == {"vpc-1": REGION, "vpc-2": "us-east-1"}
    assert one(found, "RouteTable").scope.region == "us-east-1"
    # The files are merged over Regions, so a listing of one Region's things says that the other has none.
    assert not gaps(found, "RouteTable")


def test_things_that_may_be_in_several_regions_are_a_gap_in_each(tmp_path: Path) -> None:
    found = collected(
        tmp_path,
        {
            f"{REGION}/v.json": {"Vpcs": [VPC]},
            "us-east-1/v.json": {"Vpcs": [{**VPC, "VpcId": "vpc-2"}]},
            "tables.json": {"TableNames": ["sessions"]},
        },
    )

    assert {gap.scope.region for gap in gaps(found, "Table")} == {REGION, "us-east-1"}
    assert {scope.region for scope in {record.scope for record in found.records}} == {REGION, "us-east-1"}


def test_accounts_without_folders_are_told_by_owners(tmp_path: Path) -> None:
    """A shared subnet is another account's, but it is this account's answer."""
    shared = {**SUBNET, "SubnetId": "subnet-9", "OwnerId": "999988887777"}
    found = collected(tmp_path, {"a.json": {"LoadBalancers": [BALANCER], "Subnets": [SUBNET, shared]}})

    assert {record.scope.account for record in found.records} == {ACCOUNT}


def test_several_keys_pages_and_concatenated_values(tmp_path: Path) -> None:
    second, third = {**SUBNET, "SubnetId": "subnet-2"}, {**SUBNET, "SubnetId": "subnet-3"}
    pages = json.dumps({"Subnets": [SUBNET], "NextToken": "x"}) + "\n" + json.dumps({"Subnets": [second]})
    found = collected(tmp_path, {"1.json": pages, "2.json": {"Subnets": [third]}})

    assert sorted(str(record.raw["SubnetId"]) for record in of(found, "Subnet")) == ["subnet-1", "subnet-2", "subnet-3"]
    assert not gaps(found, "Subnet")


def test_list_cut_short_is_a_gap(tmp_path: Path) -> None:
    found = collected(tmp_path, {"1.json": {"Subnets": [SUBNET], "NextToken": "x"}})

    (gap,) = gaps(found, "Subnet")
    assert "last page" in gap.error
    assert len(of(found, "Subnet")) == 1


def test_bare_list_is_told_by_its_shape(tmp_path: Path) -> None:
    found = collected(tmp_path, {"subnets.json": [SUBNET], "pages.json": [{"Vpcs": [VPC]}, {"NatGateways": []}]})

    assert one(found, "Subnet").raw == SUBNET
    assert one(found, "Vpc").raw == VPC
    assert not gaps(found, "NatGateway")


def test_key_of_another_service_is_not_taken(tmp_path: Path) -> None:
    """FSx has FileSystems too, Global Accelerator Listeners, and Auto Scaling LoadBalancers."""
    fsx = {
        "OwnerId": ACCOUNT,
        "FileSystemId": "fs-1",
        "FileSystemType": "LUSTRE",
        "Lifecycle": "AVAILABLE",
        "StorageCapacity": 1200,
        "VpcId": "vpc-1",
    }
    accelerator = {"ListenerArn": "arn:aws:globalaccelerator::1:x", "PortRanges": [], "ClientAffinity": "NONE"}
    found = collected(
        tmp_path,
        {
            "a.json": {"Vpcs": [VPC], "FileSystems": [fsx], "Listeners": [accelerator]},
            "b.json": {"LoadBalancers": [{"LoadBalancerName": "x", "State": "Added"}]},
        },
    )

    assert gaps(found, "FileSystem")
    assert gaps(found, "LoadBalancer")
    unread = {line.item.partition(" in ")[0] for line in found.coverage if (line.error or "").startswith("not read")}
    assert {"FileSystems", "Listeners", "LoadBalancers"} <= unread


@pytest.mark.parametrize(
    "files",
    [
        {"l.json": {"Listeners": [A_LISTENER]}},
        {"l.json": {"LoadBalancerListeners": [{"LoadBalancerArn": LB, "Listeners": [A_LISTENER]}]}},
        {"l.json": {LB: {"Listeners": [A_LISTENER]}}},
    ],
)
def test_listeners_of_a_balancer(tmp_path: Path, files: Files) -> None:
    found = collected(tmp_path, {"lb.json": {"LoadBalancers": [BALANCER]}, **files})

    assert one(found, "Listener").raw["ListenerArn"] == LISTENER
    assert not [gap for gap in gaps(found, "Listener") if gap.parent is None]


def test_balancer_without_listeners_in_any_file_is_a_gap(tmp_path: Path) -> None:
    balancers = {"lb.json": {"LoadBalancers": [BALANCER, NETWORK_BALANCER]}, "l.json": {"Listeners": [A_LISTENER]}}
    found = collected(tmp_path / "1", balancers)
    empty = collected(tmp_path / "2", {**balancers, "m.json": {"Listeners": []}})

    assert any(OTHER_LB in gap.error for gap in gaps(found, "Listener"))
    assert not [gap for gap in gaps(empty, "Listener") if gap.parent is None]


ATTRIBUTES = [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]


@pytest.mark.parametrize(
    "files",
    [
        {"a.json": {"LoadBalancerAttributes": [{"LoadBalancerArn": OTHER_LB, "Attributes": ATTRIBUTES}]}},
        {"a.json": {"LoadBalancerArn": OTHER_LB, "Attributes": ATTRIBUTES}},
        {"attributes-60dc6c495c0c9188.json": {"Attributes": ATTRIBUTES}},
        {"raw/attributes.json": {"Attributes": ATTRIBUTES}},
        {f"{OTHER_LB.replace(':', '_').replace('/', '_')}.json": {"Attributes": ATTRIBUTES}},
    ],
)
def test_detail_finds_its_parent(tmp_path: Path, files: Files) -> None:
    found = collected(tmp_path, {"lb.json": {"LoadBalancers": [BALANCER, NETWORK_BALANCER]}, **files})

    with_it = {
        record.raw["LoadBalancerName"]
        for record in of(found, "LoadBalancer")
        if record.raw.get("Attributes") == ATTRIBUTES
    }
    assert with_it == {"raw"}


def test_detail_without_a_parent_is_nobodys(tmp_path: Path) -> None:
    """Attributes of one of two target groups, or of a balancer: nothing says of which."""
    second = {**A_GROUP, "TargetGroupArn": f"{GROUP}9", "TargetGroupName": "api"}
    found = collected(
        tmp_path,
        {
            "t.json": {"TargetGroups": [A_GROUP, second]},
            "lb.json": {"LoadBalancers": [NETWORK_BALANCER]},
            "x.json": {"Attributes": ATTRIBUTES},
        },
    )

    assert all(not isinstance(record.raw.get("Attributes"), list) for record in found.records)
    assert any("of which resource" in (line.error or "") for line in found.coverage)
    assert "Attributes in x.json" in found.facts["not_read"]


@pytest.mark.parametrize("name", ["{}", "describe-target-group-attributes-{}", "target-group-attributes-web"])
def test_attributes_of_a_target_group_are_not_those_of_a_balancer_of_its_name(tmp_path: Path, name: str) -> None:
    """Both are called web, and both have Attributes."""
    balancer = {**NETWORK_BALANCER, "LoadBalancerName": "web", "LoadBalancerArn": OTHER_LB.replace("/raw/", "/web/")}
    file = name.format(GROUP.replace(":", "_").replace("/", "_"))
    found = collected(
        tmp_path,
        {
            "t.json": {"TargetGroups": [A_GROUP], "LoadBalancers": [balancer]},
            f"{file}.json": {"Attributes": [{"Key": "stickiness.enabled", "Value": "true"}]},
        },
    )

    assert one(found, "TargetGroup").raw["Attributes"] == [{"Key": "stickiness.enabled", "Value": "true"}]
    assert isinstance(one(found, "LoadBalancer").raw["Attributes"], Gap)


def test_attributes_that_could_be_of_two_of_one_name_are_nobodys(tmp_path: Path) -> None:
    balancer = {**NETWORK_BALANCER, "LoadBalancerName": "web", "LoadBalancerArn": OTHER_LB.replace("/raw/", "/web/")}
    found = collected(
        tmp_path,
        {"t.json": {"TargetGroups": [A_GROUP], "LoadBalancers": [balancer]}, "web.json": {"Attributes": ATTRIBUTES}},
    )

    assert all(not isinstance(record.raw.get("Attributes"), list) for record in found.records)


def test_parameters_that_the_customer_did_not_set_are_left_out(tmp_path: Path) -> None:
    database = {
        "DBInstanceIdentifier": "db",
        "DBInstanceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:db",
        "Engine": "mysql",
        "DBParameterGroups": [{"DBParameterGroupName": "mine"}],
    }
    parameters = [
        {"ParameterName": "require_secure_transport", "ParameterValue": "0", "Source": "engine-default"},
        {"ParameterName": "tls", "ParameterValue": "1", "Source": "user"},
    ]
    found = collected(
        tmp_path, {"d.json": {"DBInstances": [database]}, "db-parameters-mine.json": {"Parameters": parameters}}
    )

    assert one(found, "DBInstance").raw["Parameters"] == parameters[1:]


def test_rules_and_target_health_find_their_parents(tmp_path: Path) -> None:
    rule = {"RuleArn": LISTENER.replace(":listener/", ":listener-rule/") + "/abc", "Priority": "1", "Actions": []}
    health = [{"Target": {"Id": "10.0.0.5", "Port": 80}, "TargetHealth": {"State": "healthy"}}]
    found = collected(
        tmp_path,
        {
            "lb.json": {"LoadBalancers": [BALANCER], "TargetGroups": [A_GROUP]},
            "l.json": {"Listeners": [A_LISTENER]},
            "r.json": {"Rules": [rule]},
            "h.json": {"LoadBalancerTargetHealth": [{"TargetGroupArn": GROUP, "TargetHealthDescriptions": health}]},
        },
    )

    assert one(found, "Listener").raw["Rules"] == [rule]
    assert one(found, "TargetGroup").raw["TargetHealthDescriptions"] == health


def test_missing_detail_is_a_gap_in_its_record(tmp_path: Path) -> None:
    found = collected(tmp_path, {"lb.json": {"LoadBalancers": [NETWORK_BALANCER]}})

    gap = one(found, "LoadBalancer").raw["Attributes"]
    assert isinstance(gap, Gap)
    assert gap.parent == OTHER_LB
    assert "describe-load-balancer-attributes" in gap.supply


TRANSIT = {"t.json": {"TransitGateways": [GATEWAY], "TransitGatewayRouteTables": [A_TABLE]}, "v.json": {"Vpcs": [VPC]}}
PROPAGATION = {
    "TransitGatewayAttachmentId": "tgw-attach-1",
    "ResourceId": "vpc-1",
    "ResourceType": "vpc",
    "State": "enabled",
}


def searched(collection: Collection) -> object:
    return one(collection, "TransitGatewayRouteTable").raw["Search"]


@pytest.mark.parametrize("name", ["search-routes-tgw-rtb-1.json", "tgw-rtb-1/routes.json"])
def test_routes_of_a_table_by_file_name(tmp_path: Path, name: str) -> None:
    found = collected(tmp_path, {**TRANSIT, name: {"Routes": [STATIC], "AdditionalRoutesAvailable": False}})

    assert searched(found) == {"Routes": [STATIC], "AdditionalRoutesAvailable": False}


def test_propagated_routes_are_composed(tmp_path: Path) -> None:
    found = collected(
        tmp_path,
        {
            **TRANSIT,
            "s.json": {
                "TransitGatewayStaticRoutes": [
                    {"TransitGatewayRouteTableId": "tgw-rtb-1", "Routes": [STATIC], "AdditionalRoutesAvailable": False}
                ]
            },
            "p.json": {
                "TransitGatewayPropagations": [
                    {
                        "TransitGatewayRouteTableId": "tgw-rtb-1",
                        "TransitGatewayRouteTablePropagations": [
                            PROPAGATION,
                            {**PROPAGATION, "ResourceId": "vpc-7", "State": "disabled"},
                        ],
                    }
                ]
            },
        },
    )

    routes = searched(found)
    assert isinstance(routes, dict)
    assert [(route["DestinationCidrBlock"], route["Type"]) for route in routes["Routes"]] == [
        ("10.9.0.0/16", "static"),
        ("10.0.0.0/16", "propagated"),
    ]


@pytest.mark.parametrize("resource", [{"ResourceId": "vpc-9"}, {"ResourceType": "vpn", "ResourceId": "vpn-1"}])
def test_propagation_of_what_is_not_there_is_a_gap(tmp_path: Path, resource: Files) -> None:
    static = [{"TransitGatewayRouteTableId": "tgw-rtb-1", "Routes": [STATIC]}]
    spread = [
        {
            "TransitGatewayRouteTableId": "tgw-rtb-1",
            "TransitGatewayRouteTablePropagations": [{**PROPAGATION, **resource}],
        }
    ]
    found = collected(
        tmp_path,
        {**TRANSIT, "s.json": {"TransitGatewayStaticRoutes": static}, "p.json": {"TransitGatewayPropagations": spread}},
    )

    assert isinstance(searched(found), Gap)


def test_static_routes_alone_are_not_all_routes(tmp_path: Path) -> None:
    static = [{"TransitGatewayRouteTableId": "tgw-rtb-1", "Routes": [STATIC]}]
    found = collected(tmp_path, {**TRANSIT, "s.json": {"TransitGatewayStaticRoutes": static}})

    assert isinstance(searched(found), Gap)


def test_prefix_lists_with_their_blocks(tmp_path: Path) -> None:
    list_ = {"PrefixListId": "pl-1", "PrefixListName": f"com.amazonaws.{REGION}.s3", "Cidrs": ["52.94.28.0/23"]}
    found = collected(tmp_path, {f"{REGION}/p.json": {"PrefixLists": [list_]}, f"{REGION}/v.json": {"Vpcs": [VPC]}})

    assert one(found, "PrefixList").raw["Entries"] == [{"Cidr": "52.94.28.0/23"}]
    # The customer's own lists are told by describe-managed-prefix-lists alone.
    assert [gap.parent for gap in gaps(found, "PrefixList")] == [None]


def test_absent_files_that_mean_nothing(tmp_path: Path) -> None:
    """What no route and no interface names is not there; block public access is off unless switched on."""
    table = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [{"GatewayId": "local"}]}
    network = {"Vpcs": [VPC], "Subnets": [SUBNET], "SecurityGroups": [SECURITY_GROUP], "NetworkInterfaces": []}
    found = collected(tmp_path / "1", {"n.json": {**network, "RouteTables": [table]}})
    routed = {**table, "Routes": [{"GatewayId": "vpce-1"}, {"NatGatewayId": "nat-1"}, {"TransitGatewayId": "tgw-1"}]}
    named = collected(tmp_path / "2", {"n.json": {**network, "RouteTables": [routed]}})

    silent = ("VpcEndpoint", "NatGateway", "TransitGateway", "PrefixList", "SecurityGroupRule", "VpcBlockPublicAccess")
    assert [type_ for type_ in silent if gaps(found, type_)] == []
    assert [type_ for type_ in silent if gaps(named, type_)] == ["VpcEndpoint", "NatGateway", "TransitGateway"]


def test_identical_things_are_one(tmp_path: Path) -> None:
    group = {**SECURITY_GROUP, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}
    again = {**group, "Tags": list(reversed(group["Tags"]))}
    found = collected(
        tmp_path, {"a.json": {"SecurityGroups": [group]}, f"{ACCOUNT}/{REGION}/b.json": {"SecurityGroups": [again]}}
    )

    assert one(found, "SecurityGroup").raw["Tags"] == group["Tags"]


def test_things_told_differently_are_unknown_where_they_differ(tmp_path: Path) -> None:
    other = {**SECURITY_GROUP, "IpPermissions": [{"IpProtocol": "-1"}]}
    found = collected(
        tmp_path,
        {f"a/{REGION}/x.json": {"SecurityGroups": [SECURITY_GROUP]}, f"b/{REGION}/y.json": {"SecurityGroups": [other]}},
    )

    raw = one(found, "SecurityGroup").raw
    gap = raw["IpPermissions"]
    assert isinstance(gap, Gap)
    assert "x.json" in gap.error
    assert "y.json" in gap.error
    # What nobody asks for changes no verdict: the attribute is unknown, and nothing else of the scope is.
    assert gap not in found.gaps
    assert any(line.item == "IpPermissions of sg-1" for line in found.coverage)
    assert raw["GroupName"] == "web"


def test_several_paths_are_read_as_one(tmp_path: Path) -> None:
    one_ = write(tmp_path / "network", {"v.json": {"Vpcs": [VPC], "Subnets": [SUBNET]}})
    two = write(tmp_path / "data", {"d.json": {"NatGateways": []}})

    found = read([one_, two], None, kinds())

    assert not gaps(found, "Vpc")
    assert not gaps(found, "NatGateway")
    assert found.paths == (str(one_), str(two))


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    found = collected(
        tmp_path,
        {
            "v.json": {"Vpcs": [VPC], "DhcpOptions": []},
            "notes.txt": "hello",
            "empty.json": "",
            "n.json": {"Vpcs": "none"},
        },
    )

    told = {
        line.item.partition(" in ")[0].rpartition("/")[2]: line.error or "" for line in found.coverage if line.error
    }
    assert "no kind" in told["DhcpOptions"]
    assert "empty" in told["empty.json"]
    assert "neither a list nor an object" in told["Vpcs"]
    assert ".json" in told["notes.txt"]
    assert "DhcpOptions" in found.facts["not_read"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    found = collected(tmp_path, {"v.json": json.dumps({"Vpcs": [VPC]}).encode(encoding)})

    assert one(found, "Vpc").raw == VPC


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ('{"Vpcs": [\n  {"VpcId": }\n]}', "v.json:2:13", "not JSON"),
        ('{"Vpcs": [', "v.json:1:11", "not JSON"),
        (b"\xff\xfe\x00\x01\x02", "v.json", "not"),
        ('{"Vpcs": []} trailing', "v.json:1:14", "not JSON"),
    ],
)
def test_broken_file_is_named_with_its_place(tmp_path: Path, content: str | bytes, where: str, what: str) -> None:
    with pytest.raises(SourceError) as caught:
        collected(tmp_path, {"v.json": content, "s.json": {"Subnets": [SUBNET]}})

    assert caught.value.where.endswith(where)
    assert what in caught.value.what


def test_folder_with_broken_files_only_is_still_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"v\.json:1:1"):
        collected(tmp_path, {"v.json": "<html>"})


@pytest.mark.parametrize("files", [{}, {"readme.md": "hello"}, {"tsconfig.json": {"compilerOptions": {}}}])
def test_nothing_usable(tmp_path: Path, files: Files) -> None:
    (tmp_path / "input").mkdir()
    with pytest.raises(SourceError, match="nothing usable") as caught:
        collected(tmp_path, files)

    assert caught.value.exit_code == 3
    assert "SecurityGroups" in caught.value.hint


def test_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read([tmp_path / "gone"], None, kinds())


def test_unknown_source_gets_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean aws-json"):
        read([tmp_path], "aws_json", kinds())


def test_dangling_references_are_kept(tmp_path: Path) -> None:
    found = collected(tmp_path, {"s.json": {"Subnets": [SUBNET], "Vpcs": []}, "l.json": {"Listeners": [A_LISTENER]}})

    assert one(found, "Subnet").raw["VpcId"] == "vpc-1"


def test_ledger_names_calls_as_aws_does(tmp_path: Path) -> None:
    found = collected(tmp_path, {"v.json": {"Vpcs": [VPC]}})

    lines = {line.item: line for line in found.coverage}
    assert (lines["ec2:DescribeVpcs"].status, lines["ec2:DescribeVpcs"].count) == (Status.OK, 1)
    assert lines["rds:DescribeDBInstances"].status is Status.UNREADABLE
    assert {line.source for line in found.coverage} == {"aws-json"}


def test_documented_commands_are_those_of_the_kinds() -> None:
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    documented = {tuple(line.split()[1:3]) for line in page.splitlines() if line.startswith("aws ")}

    assert documented == {(call.service, call.operation.replace("_", "-")) for kind in kinds() for call in kind.calls}


@pytest.mark.parametrize(
    ("key", "item"),
    [
        ("TargetGroups", {"TargetGroupArn": ["x"], "LoadBalancerArns": ["arn:lb"]}),
        ("LoadBalancers", {"LoadBalancerArn": "arn:lb", "VpcId": [], "Scheme": "internet-facing"}),
        ("LaunchTemplateVersions", {"LaunchTemplateId": {}, "VersionNumber": 1}),
        ("CacheClusters", {"CacheClusterId": "c", "CacheSubnetGroupName": [], "Engine": "redis"}),
        ("ServerlessCaches", {"ServerlessCacheName": "c", "SubnetIds": [[]], "Engine": "redis"}),
    ],
)
def test_values_of_another_type_stop_nothing(tmp_path: Path, key: str, item: Mapping[str, object]) -> None:
    listener = {"ListenerArn": "arn:l", "LoadBalancerArn": "arn:lb", "Protocol": "HTTPS", "DefaultActions": []}
    files = {f"{REGION}/x.json": {key: [item], "Vpcs": [VPC]}, f"{REGION}/l.json": {"Listeners": [listener]}}

    assert one(collected(tmp_path, files), "Vpc").raw["VpcId"] == VPC["VpcId"]
