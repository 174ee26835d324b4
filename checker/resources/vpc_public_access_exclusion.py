"""A VPC or subnet that is excluded from the Region's block on public access."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common

IN_FORCE = ("create-complete", "update-in-progress", "update-complete", "update-failed")
NOT_IN_FORCE = ("create-failed", "delete-complete", "disable-complete")


@dataclass(frozen=True, eq=False, kw_only=True)
class VpcPublicAccessExclusion(Resource):
    """An exclusion; `resource` is the id of the VPC or subnet, `mode` is `allow-bidirectional` or `allow-egress`.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessExclusion.html
    """

    kind = "vpc_public_access_exclusion"

    resource: Fact[str]
    mode: Fact[str]
    active: Fact[bool]


def _active(reader: Reader, state: str) -> Fact[bool]:
    if state in IN_FORCE or state in NOT_IN_FORCE:
        return Known(state in IN_FORCE)
    return reader.unknown(f"whether it is in force while State is {state}")


def _mode(reader: Reader, state: str) -> Fact[str]:
    if state == "update-in-progress":
        return reader.unknown(f"InternetGatewayExclusionMode while State is {state}")
    return reader.text("InternetGatewayExclusionMode")


def _from_api(reader: Reader) -> Iterator[VpcPublicAccessExclusion]:
    state = reader.text("State")
    yield VpcPublicAccessExclusion(
        id=reader.must("ExclusionId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        resource=reader.text("ResourceArn").map(lambda arn: arn.rpartition("/")[2]),
        mode=state.then(lambda code: _mode(reader, code)),
        active=state.then(lambda code: _active(reader, code)),
    )


def _from_terraform(reader: Reader) -> Iterator[VpcPublicAccessExclusion]:
    key = "vpc_id" if not reader.maybe_id("vpc_id").is_(None).is_yes else "subnet_id"
    yield VpcPublicAccessExclusion(
        **common(reader),
        resource=reader.id(key),
        mode=reader.text("internet_gateway_exclusion_mode"),
        active=Known(True),
    )


def _is_blocked(seen: Seen) -> bool:
    if not seen.complete("VpcBlockPublicAccess"):
        return True
    return any(raw.get("InternetGatewayBlockMode") != "off" for raw in seen.raw("VpcBlockPublicAccess"))


KIND = Kind(
    type=VpcPublicAccessExclusion,
    spellings={
        ("aws-api", "VpcBlockPublicAccessExclusion"): _from_api,
        ("terraform", "aws_vpc_block_public_access_exclusion"): _from_terraform,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_vpc_block_public_access_exclusions",
            type="VpcBlockPublicAccessExclusion",
            result="VpcBlockPublicAccessExclusions",
            page=("MaxResults", 1000),
            optional=True,
            after=("VpcBlockPublicAccess",),
            when=_is_blocked,
        ),
    ),
)
