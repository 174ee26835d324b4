"""The Region's block on public access to VPCs."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class VpcPublicAccess(Resource):
    """The block of one account and Region; `mode` is `off`, `block-bidirectional` or `block-ingress`.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessOptions.html
    """

    kind = "vpc_public_access"

    mode: Fact[str]


def _from_api(reader: Reader) -> Iterator[VpcPublicAccess]:
    # While it changes, neither the old nor the new mode is sure to be in force.
    state = reader.text("State", default="default-state")
    yield VpcPublicAccess(
        id=reader.plain("AwsRegion", reader.scope.region),
        scope=reader.scope,
        origin=reader.origin,
        mode=state.then(
            lambda code: (
                reader.unknown(f"InternetGatewayBlockMode while State is {code}")
                if code == "update-in-progress"
                else reader.text("InternetGatewayBlockMode")
            )
        ),
    )


def _from_terraform(reader: Reader) -> Iterator[VpcPublicAccess]:
    told = common(reader)
    told["id"] = reader.plain("aws_region", reader.scope.region) or told["id"]
    yield VpcPublicAccess(**told, mode=reader.text("internet_gateway_block_mode"))


KIND = Kind(
    type=VpcPublicAccess,
    spellings={
        ("aws-api", "VpcBlockPublicAccess"): _from_api,
        ("terraform", "aws_vpc_block_public_access_options"): _from_terraform,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_vpc_block_public_access_options",
            type="VpcBlockPublicAccess",
            result="[VpcBlockPublicAccessOptions]",
            optional=True,
        ),
    ),
)
