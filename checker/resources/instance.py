"""A virtual machine."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from checker.model.call import ListCall
from checker.model.fact import Fact, Known, known_or
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, standing, subnet_of, vpc_of
from checker.resources.reader import Reader
from checker.resources.terraform import common

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


# An elastic address is given to an instance by itself or by an association.
_ADDRESSES = {"aws_eip": "instance", "aws_eip_association": "instance_id"}


def _from_terraform(reader: Reader) -> Iterator[Instance]:
    """Yield an `aws_instance`, which runs unless a state says otherwise.

    What a launch template gives it, the record does not tell.
    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance
    """
    state = known_or(reader.text("instance_state"), "running")
    if state in GONE:
        return
    subnet = subnet_of(reader)
    interfaces = reader.ids("network_interface", "network_interface_id")
    if not reader.raw.get("network_interface"):
        # A reference to the interface that comes with it gives this symbol.
        own = reader.plain("primary_network_interface_id") or f"{reader.must('id')}.primary_network_interface_id"
        interfaces = Known((str(own),))
    yield Instance(
        **common(reader),
        vpc=vpc_of(reader),
        subnet=reader.id("subnet_id"),
        zone=_told_by(reader, subnet, "availability_zone"),
        groups=_declared_groups(reader),
        interfaces=interfaces,
        state=Known(state),
        group_name=Known(None),
        imds=_or_template(reader, "metadata_options.http_tokens"),
        profile=_or_template(reader, "iam_instance_profile"),
        public=_declared_public(reader, subnet),
        imds_endpoint=_or_template(reader, "metadata_options.http_endpoint"),
    )


def _told_by(reader: Reader, subnet: Reader | None, field: str) -> Fact[str]:
    own = reader.text(field)
    return own if isinstance(own, Known) or subnet is None else subnet.text(field)


def _or_template(reader: Reader, path: str) -> Fact[str | None]:
    if reader.raw.get("launch_template") and not reader.has(path):
        return reader.unknown(path)
    return reader.maybe_id(path)


def _declared_groups(reader: Reader) -> Fact[tuple[str, ...]]:
    # Without a subnet `security_groups` are names in the default VPC, which are not looked up.
    if reader.ids("vpc_security_group_ids").is_(()).is_yes and reader.has("security_groups"):
        return reader.ids("security_groups") if reader.has("subnet_id") else reader.unknown("security_groups")
    template = reader.raw.get("launch_template") or reader.raw.get("network_interface")
    return groups_worn(reader, "vpc_security_group_ids", None if template else reader)


def _declared_public(reader: Reader, subnet: Reader | None) -> Fact[str | None]:
    """Return its public address, or the symbol of it; the subnet decides where the instance does not.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    address = reader.plain("public_ip") or f"{reader.must('id')}.public_ip"
    fixed = [reader.each(type_, Known) for type_ in _ADDRESSES]
    if any(isinstance(found, Known) and found.value for found in fixed):
        return Known(address)
    own = reader.maybe_flag("associate_public_ip_address")
    if reader.raw.get("network_interface") or (reader.raw.get("launch_template") and own.is_(None).is_yes):
        own = reader.unknown("associate_public_ip_address")
    decided = own.then(
        lambda told: (
            Known(told)
            if told is not None
            else subnet.flag("map_public_ip_on_launch", default=False)
            if subnet
            else reader.unknown("associate_public_ip_address")
        )
    )
    more = next((found for found in fixed if found.missing), Known(()))
    return decided.then(lambda public: Known(address) if public else more.map(lambda _: None))


KIND = Kind(
    type=Instance,
    spellings={
        ("aws-api", "Instance"): _from_api,
        ("terraform", "aws_instance"): _from_terraform,
    },
    parts=(
        *(Part(type=type_, of="aws_instance", by=by) for type_, by in _ADDRESSES.items()),
        *standing("aws_instance", subnets=("subnet_id",), groups=("vpc_security_group_ids",)),
    ),
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
