"""A virtual machine."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader

# An instance in one of these states has no network any more and stays listed for an hour.
GONE = ("shutting-down", "terminated")
# Only Auto Scaling can set tags with this prefix.
# Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
GROUP_TAG = "aws:autoscaling:groupName"


@dataclass(frozen=True, eq=False, kw_only=True)
class Instance(Resource):
    """An instance that is not terminated; `group_name` is its Auto Scaling group, `groups` are its security groups.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
    """

    kind = "instance"

    vpc: Fact[str]
    subnet: Fact[str]
    zone: Fact[str]
    groups: Fact[tuple[str, ...]]
    interfaces: Fact[tuple[str, ...]]
    state: Fact[str]
    group_name: Fact[str | None]
    imds: Fact[str | None]
    profile: Fact[str | None]
    public: Fact[str | None]
    imds_endpoint: Fact[str | None] = field(default_factory=lambda: Known(None))


def _from_api(reader: Reader) -> Iterator[Instance]:
    state = reader.text("State.Name")
    if state.holds(lambda name: name in GONE).is_yes:
        return
    tags = reader.tags()
    yield Instance(
        id=reader.must("InstanceId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=tags,
        vpc=reader.text("VpcId"),
        subnet=reader.text("SubnetId"),
        zone=reader.text("Placement.AvailabilityZone"),
        groups=reader.texts("SecurityGroups", "GroupId"),
        interfaces=reader.texts("NetworkInterfaces", "NetworkInterfaceId"),
        state=state,
        group_name=tags.map(lambda found: found.get(GROUP_TAG)),
        imds=reader.maybe("MetadataOptions.HttpTokens"),
        profile=reader.maybe("IamInstanceProfile.Arn"),
        public=reader.maybe("PublicIpAddress"),
        imds_endpoint=reader.maybe("MetadataOptions.HttpEndpoint"),
    )


KIND = Kind(
    type=Instance,
    spellings={("aws-api", "Instance"): _from_api},
    calls=(
        ListCall(
            service="ec2",
            operation="describe_instances",
            type="Instance",
            result="Reservations[].Instances[]",
            page=("MaxResults", 1000),
        ),
    ),
)
