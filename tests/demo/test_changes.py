"""Changes written as data are made to a built shop."""

from typing import Any

import boto3
import pytest

from checker.demo.changes import apply
from tests.demo.conftest import Network


@pytest.fixture
def ids(network: Network) -> dict[str, str]:
    """Return the ids a change may refer to."""
    return {"vpc": network.vpc, "sg.db": network.group, "subnet.0": network.subnets[0]}


def opened(port: int) -> dict[str, Any]:
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    return {
        "service": "ec2", "call": "authorize_security_group_ingress",
        "with": {"GroupId": "${sg.db}", "IpPermissions": [permission]},
        "as": "sgr.open", "take": "SecurityGroupRules[0].SecurityGroupRuleId",
    }  # fmt: skip


def test_references_are_filled_in_at_any_depth(session: boto3.Session, ec2: Any, ids: dict[str, str]) -> None:
    tag = {
        "service": "ec2", "call": "create_tags",
        "with": {"Resources": ["${vpc}"], "Tags": [{"Key": "about", "Value": "of ${sg.db} in ${vpc}"}]},
    }  # fmt: skip
    apply(session, ids, [tag])

    assert ec2.describe_vpcs(VpcIds=[ids["vpc"]])["Vpcs"][0]["Tags"] == [
        {"Key": "about", "Value": f"of {ids['sg.db']} in {ids['vpc']}"}
    ]


def test_later_changes_use_what_earlier_ones_took(session: boto3.Session, ec2: Any, ids: dict[str, str]) -> None:
    close = {
        "service": "ec2", "call": "revoke_security_group_ingress",
        "with": {"GroupId": "${sg.db}", "SecurityGroupRuleIds": ["${sgr.open}"]},
    }  # fmt: skip
    known = apply(session, ids, [opened(22), opened(23) | {"as": "sgr.other"}, close])
    left = ec2.describe_security_groups(GroupIds=[ids["sg.db"]])["SecurityGroups"][0]["IpPermissions"]

    assert [each["FromPort"] for each in left] == [23]
    assert known["sgr.other"].startswith("sgr-")
    assert "sgr.open" not in ids


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"with": {"GroupId": "${sg.none}"}}, r"change 1 \(ec2.create_tags\): no id under 'sg.none'"),
        ({"wth": {}}, "unknown key wth"),
        ({"call": "create_tag"}, "ec2 has no call create_tag"),
        ({"service": "ecc2"}, "no AWS service ecc2"),
        ({"as": "x"}, "`as` and `take` go together"),
    ],
)
def test_mistakes_name_their_change(
    session: boto3.Session, ids: dict[str, str], change: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        apply(session, ids, [{"service": "ec2", "call": "create_tags"} | change])
