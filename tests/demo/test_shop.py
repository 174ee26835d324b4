"""The documented shop is built with every choice, and is what the documentation says."""

from collections import Counter
from itertools import product
from typing import Any

import boto3
import pytest

from checker.demo.shop import ShopOptions, build

BASE = {
    "vpc", "igw", "rt.public", "rt.data", "sg.alb", "sg.app", "sg.db", "sgr.alb.http", "sgr.alb.https", "sgr.app",
    "sgr.db", "certificate", "alb", "tg", "listener.http", "listener.https", "zone", "db", "db.subnets", "role",
    "profile", "lt", "asg", "asg.policy",
    *(f"{kind}.{zone}" for zone in range(3) for kind in (
        "subnet.public", "subnet.app", "subnet.data", "nat", "eip", "rt.app")),
}  # fmt: skip
CACHE = {"cache", "cache.subnets", "sg.cache", "sgr.cache"}
TABLE = {"table", "table.arn", "vpce.dynamodb"}
FILES = {"fs", "sg.efs", "sgr.efs", "fsmt.0", "fsmt.1", "fsmt.2"}
IPV6 = {"eigw", "sgr.alb.http6", "sgr.alb.https6"}
ACLS = {"nacl.public", "nacl.app", "nacl.data"}


@pytest.mark.parametrize(("sessions", "database"), list(product(("cache", "table"), ("rds", "aurora"))))
@pytest.mark.parametrize("more", [False, True])
def test_keys_of_every_choice(session: boto3.Session, sessions: Any, database: Any, more: bool) -> None:
    options = ShopOptions(sessions=sessions, database=database, ipv6=more, custom_acls=more, files=not more)
    ids = build(session, "shop", options)
    wanted = BASE | (CACHE if sessions == "cache" else TABLE)
    wanted |= {"db.replica"} if database == "rds" else {"db.0", "db.1"}
    wanted |= IPV6 | ACLS if more else FILES

    assert set(ids) == wanted
    assert all(ids.values())


@pytest.mark.parametrize("zones", [2, 4])
def test_zones_are_a_choice(session: boto3.Session, zones: int) -> None:
    options = ShopOptions(zones=zones, sessions="table", database="aurora")
    ids = build(session, "shop", options)

    assert sum(key.startswith("subnet.data.") for key in ids) == zones


@pytest.mark.parametrize("zones", [1, 5])
def test_other_numbers_of_zones_are_refused(zones: int) -> None:
    with pytest.raises(ValueError, match="2 to 4 zones"):
        ShopOptions(zones=zones)


def test_two_shops_share_network_and_hosted_zone(session: boto3.Session) -> None:
    first = build(session, "one")
    second = build(session, "two", ShopOptions(vpc=first, zone_id=first["zone"], dns="second.example.com"))
    records = session.client("route53").list_resource_record_sets(HostedZoneId=first["zone"])["ResourceRecordSets"]

    assert (second["vpc"], second["nat.2"], second["zone"]) == (first["vpc"], first["nat.2"], first["zone"])
    assert second["sg.db"] != first["sg.db"]
    assert {each["Name"] for each in records if each["Type"] == "A"} == {"one.example.com.", "second.example.com."}


def test_tiers_are_routed_as_documented(session: boto3.Session) -> None:
    ids = build(session, "shop")
    tables = session.client("ec2").describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [ids["vpc"]]}])
    routes = {each["RouteTableId"]: each for each in tables["RouteTables"]}

    def default(table: str) -> list[str]:
        found = [each for each in routes[ids[table]]["Routes"] if each.get("DestinationCidrBlock") == "0.0.0.0/0"]
        return [each.get("NatGatewayId") or each.get("GatewayId") for each in found]

    assert default("rt.public") == [ids["igw"]]
    assert [default(f"rt.app.{zone}") for zone in range(3)] == [[ids[f"nat.{zone}"]] for zone in range(3)]
    assert default("rt.data") == []
    subnets = [each["SubnetId"] for each in routes[ids["rt.data"]]["Associations"]]
    assert sorted(subnets) == sorted(ids[f"subnet.data.{zone}"] for zone in range(3))


def test_data_tier_lets_in_the_application_by_group(session: boto3.Session) -> None:
    ids = build(session, "shop")
    rules = session.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[ids["sgr.db"]])
    (rule,) = rules["SecurityGroupRules"]

    assert (rule["GroupId"], rule["FromPort"], rule["ToPort"]) == (ids["sg.db"], 5432, 5432)
    assert rule["ReferencedGroupInfo"]["GroupId"] == ids["sg.app"]


def test_table_shop_reaches_dynamodb_through_its_endpoint(session: boto3.Session) -> None:
    ids = build(session, "shop", ShopOptions(sessions="table"))
    table, dynamodb = ids["table"], session.client("dynamodb")
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    read = dynamodb.describe_table(TableName=table)["Table"]
    endpoint = session.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[ids["vpce.dynamodb"]])["VpcEndpoints"][0]
    policy = session.client("iam").get_role_policy(RoleName=ids["role"], PolicyName="sessions")["PolicyDocument"]

    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
    assert read["DeletionProtectionEnabled"] is True
    assert read["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert read["SSEDescription"]["Status"] == "ENABLED"
    assert sorted(endpoint["RouteTableIds"]) == sorted(ids[f"rt.app.{zone}"] for zone in range(3))
    assert policy["Statement"][0]["Resource"] == ids["table.arn"]


def test_every_tier_has_its_interfaces(session: boto3.Session) -> None:
    ids = build(session, "shop")
    ours = [{"Name": "vpc-id", "Values": [ids["vpc"]]}]
    held = session.client("ec2").describe_network_interfaces(Filters=ours)["NetworkInterfaces"]
    of_group = Counter(group["GroupId"] for each in held for group in each["Groups"])

    assert of_group == {ids[f"sg.{tier}"]: 3 for tier in ("alb", "app", "cache", "db", "efs")}
    health = session.client("elbv2").describe_target_health(TargetGroupArn=ids["tg"])
    assert {each["TargetHealth"]["State"] for each in health["TargetHealthDescriptions"]} == {"healthy"}
