"""EC2 actions moto lacks: VPC Block Public Access, and listings that are empty in this AWS."""

from functools import cache
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.responses import EC2Response
from moto.moto_api._internal import mock_random

from checker.demo.emulator.patching import answer_empty, answers, store

NOTHING = {
    "describe_client_vpn_endpoints": "ClientVpnEndpoints",
    "describe_instance_connect_endpoints": "InstanceConnectEndpoints",
    "describe_stale_security_groups": "StaleSecurityGroupSet",
    "describe_transit_gateway_connects": "TransitGatewayConnects",
    "describe_vpc_endpoint_connections": "VpcEndpointConnections",
}


def _options(call: Any) -> dict[str, Any]:
    options: dict[str, Any] = store(call.ec2_backend, "block_public_access").setdefault(
        "options",
        {
            "AwsAccountId": call.current_account,
            "AwsRegion": call.region,
            "State": "default-state",
            "InternetGatewayBlockMode": "off",
            "LastUpdateTimestamp": utcnow(),
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        },
    )
    return options


@cache
def apply() -> None:
    """
    Add the actions of VPC Block Public Access; it starts switched off.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
    """
    answer_empty(EC2Response, NOTHING)

    @answers(EC2Response, "describe_vpc_block_public_access_options")
    def _(call: Any) -> object:
        return {"VpcBlockPublicAccessOptions": _options(call)}

    @answers(EC2Response, "modify_vpc_block_public_access_options")
    def _(call: Any) -> object:
        mode = call._get_param("InternetGatewayBlockMode")
        options = _options(call) | {"InternetGatewayBlockMode": mode, "State": "update-complete"}
        store(call.ec2_backend, "block_public_access")["options"] = options
        return {"VpcBlockPublicAccessOptions": options}

    @answers(EC2Response, "create_vpc_block_public_access_exclusion")
    def _(call: Any) -> object:
        vpc, subnet = call._get_param("VpcId"), call._get_param("SubnetId")
        target = f"vpc/{vpc}" if vpc else f"subnet/{subnet}"
        exclusion = {
            "ExclusionId": f"vpcbpa-exclude-{mock_random.get_random_hex(17)}",
            "InternetGatewayExclusionMode": call._get_param("InternetGatewayExclusionMode"),
            "ResourceArn": f"arn:aws:ec2:{call.region}:{call.current_account}:{target}",
            "State": "create-complete",
            "CreationTimestamp": utcnow(),
        }
        store(call.ec2_backend, "exclusions")[exclusion["ExclusionId"]] = exclusion
        return {"VpcBlockPublicAccessExclusion": exclusion}

    @answers(EC2Response, "delete_vpc_block_public_access_exclusion")
    def _(call: Any) -> object:
        exclusion = store(call.ec2_backend, "exclusions").pop(call._get_param("ExclusionId"), {})
        return {"VpcBlockPublicAccessExclusion": exclusion | {"State": "delete-complete"}}

    @answers(EC2Response, "describe_vpc_block_public_access_exclusions")
    def _(call: Any) -> object:
        wanted = call._get_param("ExclusionIds", [])
        known = store(call.ec2_backend, "exclusions").values()
        return {
            "VpcBlockPublicAccessExclusions": [each for each in known if each["ExclusionId"] in wanted or not wanted]
        }
