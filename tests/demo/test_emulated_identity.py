"""IAM: AWS's own policies can be attached in every account."""

import boto3
import pytest

MANAGED = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def test_a_role_can_have_a_policy_of_awss(session: boto3.Session) -> None:
    iam = session.client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="app", PolicyArn=MANAGED)
    attached = iam.list_attached_role_policies(RoleName="app")["AttachedPolicies"]
    version = iam.get_policy(PolicyArn=MANAGED)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=MANAGED, VersionId=version)["PolicyVersion"]["Document"]

    assert attached == [{"PolicyName": "AmazonSSMManagedInstanceCore", "PolicyArn": MANAGED}]
    allowed = {action for statement in document["Statement"] for action in statement["Action"]}
    assert "ssmmessages:OpenControlChannel" in allowed


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::aws:policy/NoSuchPolicy", "arn:aws:iam::123456789012:policy/AmazonSSMManagedInstanceCore"]
)
def test_a_policy_that_is_not_there_cannot_be_attached(session: boto3.Session, arn: str) -> None:
    iam = session.client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST)

    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.attach_role_policy(RoleName="app", PolicyArn=arn)
