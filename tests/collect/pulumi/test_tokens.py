"""Tokens of Pulumi's AWS provider and the types of Terraform's that they stand for."""

from __future__ import annotations

import pytest

from checker.collect.pulumi.tokens import data_type, is_sure, terraform_type
from tests.collect.pulumi.samples import classes

# Source: https://www.pulumi.com/registry/packages/aws/api-docs/ and, for each type,
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs
TODAY = {
    "aws:acm/certificate:Certificate": "aws_acm_certificate",
    "aws:alb/loadBalancer:LoadBalancer": "aws_alb",
    "aws:autoscaling/group:Group": "aws_autoscaling_group",
    "aws:autoscaling/tag:Tag": "aws_autoscaling_group_tag",
    "aws:cfg/rule:Rule": "aws_config_config_rule",
    "aws:cloudtrail/trail:Trail": "aws_cloudtrail",
    "aws:ec2/managedPrefixList:ManagedPrefixList": "aws_ec2_managed_prefix_list",
    "aws:ec2/vpc:Vpc": "aws_vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "aws_vpc_endpoint",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "aws_ec2_transit_gateway_vpc_attachment",
    "aws:efs/mountTarget:MountTarget": "aws_efs_mount_target",
    "aws:elb/attachment:Attachment": "aws_elb_attachment",
    "aws:elb/loadBalancer:LoadBalancer": "aws_elb",
    "aws:lambda/function:Function": "aws_lambda_function",
    "aws:lb/listenerRule:ListenerRule": "aws_lb_listener_rule",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/instance:Instance": "aws_db_instance",
    "aws:rds/proxyTarget:ProxyTarget": "aws_db_proxy_target",
    "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
    "aws:s3/bucketObject:BucketObject": "aws_s3_bucket_object",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "aws_vpc_security_group_ingress_rule",
    "aws:wafregional/ipSet:IpSet": "aws_wafregional_ipset",
}
# Source: https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go (aliases, and the v6 and v7 migrations)
OLD = {
    "aws:applicationloadbalancing/listener:Listener": "aws_alb_listener",
    "aws:elasticloadbalancing/loadBalancer:LoadBalancer": "aws_elb",
    "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer": "aws_lb",
    "aws:elasticloadbalancingv2/targetGroupAttachment:TargetGroupAttachment": "aws_lb_target_group_attachment",
    "aws:opsworks/instance:Instance": "aws_opsworks_instance",
    "aws:s3/bucketV2:BucketV2": "aws_s3_bucket",
    "aws:s3/bucketVersioningV2:BucketVersioningV2": "aws_s3_bucket_versioning",
    "aws:simpledb/domain:Domain": "aws_simpledb_domain",
}
# Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#types
SHORT = {"aws:ec2:Vpc": "aws_vpc", "aws:lb:LoadBalancer": "aws_lb", "aws:rds:Instance": "aws_db_instance"}
# Source: https://www.pulumi.com/registry/packages/terraform-provider/
OF_ANOTHER_BRIDGE = {
    "aws:index/dbInstance:DbInstance": "aws_db_instance",
    "aws:index/instance:Instance": "aws_instance",
    "aws:index/lb:Lb": "aws_lb",
    "aws:index/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": "aws_vpc_ipv4_cidr_block_association",
}


@pytest.mark.parametrize(("token", "type_"), (TODAY | OLD | SHORT | OF_ANOTHER_BRIDGE).items())
def test_resources(token: str, type_: str) -> None:
    assert terraform_type(token) == type_
    assert is_sure(token)


@pytest.mark.parametrize(
    "token",
    [
        "pulumi:pulumi:Stack",
        "pulumi:providers:aws",
        "aws-native:ec2:VPC",
        "awsx:ec2:Vpc",
        "eks:index:Cluster",
        "random:index/randomPassword:RandomPassword",
        "my:component:Network",
        "aws:index/noSuchThing:NoSuchThing",
        "aws",
        "aws:",
        "",
    ],
)
def test_what_is_no_resource_of_aws_has_no_type(token: str) -> None:
    assert terraform_type(token) is None
    assert not is_sure(token)


def test_each_resource_of_the_sdk_has_a_type() -> None:
    tokens = set(classes())
    sure = {token for token in tokens if is_sure(token)}

    assert len(sure) > 1500
    assert all((terraform_type(token) or "").startswith("aws_") for token in tokens)


def test_two_tokens_of_the_sdk_are_one_type_only_where_one_is_the_others_old_name() -> None:
    by_type: dict[str | None, list[str]] = {}
    for token in sorted(classes()):
        by_type.setdefault(terraform_type(token), []).append(token)

    # S3's types had a second version beside the first until version 7.
    # Source: https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/
    doubled = [tokens for tokens in by_type.values() if len(tokens) > 1]
    assert len(doubled) > 5
    assert all(len(tokens) == 2 and tokens[0] == tokens[1].replace("V2", "") for tokens in doubled)


def test_the_type_of_a_young_resource_is_likely_but_not_sure() -> None:
    token = "aws:bedrock/agentcoreGateway:AgentcoreGateway"

    assert terraform_type(token) == "aws_bedrockagentcore_gateway"
    assert not is_sure(token)


# Source: https://www.pulumi.com/registry/packages/aws/api-docs/ec2/getsubnets/ and others
@pytest.mark.parametrize(
    ("token", "type_"),
    [
        ("aws:ec2/getSubnets:getSubnets", "aws_subnets"),
        ("aws:ec2/getAmi:getAmi", "aws_ami"),
        ("aws:ec2:getAmi", "aws_ami"),
        ("aws:ec2/getElasticIp:getElasticIp", "aws_eip"),
        ("aws:iam/getPolicyDocument:getPolicyDocument", "aws_iam_policy_document"),
        ("aws:index/getAvailabilityZones:getAvailabilityZones", "aws_availability_zones"),
        ("aws:index/getCallerIdentity:getCallerIdentity", "aws_caller_identity"),
        ("aws:lb/getLoadBalancer:getLoadBalancer", "aws_lb"),
        ("aws:elasticloadbalancingv2/getLoadBalancer:getLoadBalancer", "aws_lb"),
        ("aws:rds/getInstance:getInstance", "aws_db_instance"),
        ("aws:route53/getZone:getZone", "aws_route53_zone"),
        ("aws:ssm/getParameter:getParameter", "aws_ssm_parameter"),
        ("aws:index/getSubnet:getSubnet", "aws_subnet"),
        ("aws:index/arnParse:arnParse", None),
        ("awsx:ec2:getDefaultVpc", None),
        ("pulumi:pulumi:getResource", None),
    ],
)
def test_functions(token: str, type_: str | None) -> None:
    assert data_type(token) == type_
