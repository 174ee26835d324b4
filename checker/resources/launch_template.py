"""One version of a launch template."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.call import ListCall, Raw, Seen
from checker.model.fact import Fact, Known, known_or
from checker.model.resource import Resource
from checker.model.symbol import Symbol
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect, joined, text_of
from checker.resources.terraform import common

_INTERFACES = "LaunchTemplateData.NetworkInterfaces"


@dataclass(frozen=True, eq=False, kw_only=True)
class LaunchTemplate(Resource):
    """One version; its id is `lt-1:3`, and `groups` and `group_names` (ids and names) are those of the first interface.

    `None` says that the template leaves a setting to the subnet, the image or the account. The latest version of a
    template is the one with the greatest number; one that an apply will number has the number 0 and is the only one.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html
    """

    kind = "launch_template"
    belongs = ("template", "version")

    template: Fact[str]
    template_name: Fact[str]
    version: Fact[int]
    is_default: Fact[bool]
    groups: Fact[tuple[str, ...]]
    group_names: Fact[tuple[str, ...]]
    associate_public: Fact[bool | None]
    ipv6_addresses: Fact[bool]
    imds: Fact[str | None]
    imds_endpoint: Fact[str | None]
    profile: Fact[str | None]


def _from_api(reader: Reader) -> Iterator[LaunchTemplate]:
    template, version = reader.must("LaunchTemplateId"), reader.number("VersionNumber")
    yield LaunchTemplate(
        id=f"{template}:{known_or(version, 0)}",
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("LaunchTemplateName"),
        template=reader.text("LaunchTemplateId"),
        template_name=reader.text("LaunchTemplateName"),
        version=version,
        is_default=reader.flag("DefaultVersion", default=False),
        groups=_groups(reader),
        group_names=reader.texts("LaunchTemplateData.SecurityGroups"),
        associate_public=reader.each(_INTERFACES, _associates).map(_any_of),
        ipv6_addresses=reader.each(_INTERFACES, _has_ipv6).map(any),
        imds=reader.maybe("LaunchTemplateData.MetadataOptions.HttpTokens"),
        imds_endpoint=reader.maybe("LaunchTemplateData.MetadataOptions.HttpEndpoint"),
        profile=_profile(reader),
    )


def _groups(reader: Reader) -> Fact[tuple[str, ...]]:
    # A template with interfaces names its groups there, and only there.
    return reader.texts("LaunchTemplateData.SecurityGroupIds").then(
        lambda direct: Known(direct) if direct else reader.each(_INTERFACES, _numbered).map(_of_first)
    )


def _numbered(interface: Reader) -> Fact[tuple[int, tuple[str, ...]]]:
    return interface.number("DeviceIndex", default=0).then(
        lambda index: interface.texts("Groups").map(lambda groups: (index, groups))
    )


def _of_first(numbered: tuple[tuple[int, tuple[str, ...]], ...]) -> tuple[str, ...]:
    return min(numbered, key=lambda pair: pair[0], default=(0, ()))[1]


def _associates(interface: Reader) -> Fact[bool | None]:
    return interface.maybe_flag("AssociatePublicIpAddress")


def _any_of(settings: tuple[bool | None, ...]) -> bool | None:
    return True if True in settings else False if False in settings else None


def _has_ipv6(interface: Reader) -> Fact[bool]:
    counts = collect(interface.number(f"{of}Count", default=0) for of in ("Ipv6Address", "Ipv6Prefix"))
    return counts.then(
        lambda numbers: interface.each("Ipv6Addresses", Known).then(
            lambda addresses: interface.each("Ipv6Prefixes", Known).map(
                lambda prefixes: any(numbers) or bool(addresses or prefixes)
            )
        )
    )


def _profile(reader: Reader) -> Fact[str | None]:
    return reader.maybe("LaunchTemplateData.IamInstanceProfile.Arn").then(
        lambda arn: Known(arn) if arn else reader.maybe("LaunchTemplateData.IamInstanceProfile.Name")
    )


_DECLARED_INTERFACES = "network_interfaces"


def _from_terraform(reader: Reader) -> Iterator[LaunchTemplate]:
    """Yield an `aws_launch_template`, which describes the latest version.

    A new template has one version, its default. In a template that is there already, the default version stays what it
    was unless it is told to follow.
    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_template
    """
    latest = known_or(reader.maybe_number("latest_version"), None)
    default = known_or(reader.maybe_number("default_version"), None)
    number = latest if latest is not None else int(isinstance(reader.raw.get("id"), Symbol))
    follows = reader.flag("update_default_version", default=False)
    yield LaunchTemplate(
        **common(reader, "name", id=f"{reader.must('id')}:{number}"),
        template=reader.id("id"),
        template_name=Known(reader.settled("name") or str(reader.must("id"))),
        version=Known(number),
        is_default=follows.map(lambda on: on or default in (None, number)),
        groups=_declared_groups(reader),
        group_names=reader.ids("security_group_names"),
        associate_public=reader.each(_DECLARED_INTERFACES, _declared_association).map(_any_of),
        ipv6_addresses=reader.each(_DECLARED_INTERFACES, _declared_ipv6).map(any),
        imds=reader.maybe("metadata_options.http_tokens"),
        imds_endpoint=reader.maybe("metadata_options.http_endpoint"),
        profile=reader.maybe_id("iam_instance_profile.arn").then(
            lambda arn: Known(arn) if arn else reader.maybe_id("iam_instance_profile.name")
        ),
    )


def _declared_groups(reader: Reader) -> Fact[tuple[str, ...]]:
    return reader.ids("vpc_security_group_ids").then(
        lambda direct: Known(direct) if direct else reader.each(_DECLARED_INTERFACES, _declared_device).map(_of_first)
    )


def _declared_device(interface: Reader) -> Fact[tuple[int, tuple[str, ...]]]:
    return interface.number("device_index", default=0).then(
        lambda index: interface.ids("security_groups").map(lambda groups: (index, groups))
    )


def _declared_association(interface: Reader) -> Fact[bool | None]:
    # The provider keeps this truth value as a text, which is empty where it is not set.
    field = "associate_public_ip_address"
    return Known(None) if interface.raw.get(field) == "" else interface.maybe_flag(field)


def _declared_ipv6(interface: Reader) -> Fact[bool]:
    counts = collect(interface.number(f"ipv6_{of}_count", default=0) for of in ("address", "prefix"))
    return counts.then(
        lambda numbers: joined(interface.ids("ipv6_addresses"), interface.ids("ipv6_prefixes")).map(
            lambda listed: any(numbers) or bool(listed)
        )
    )


def _specifications(raw: object) -> Iterator[Raw]:
    # A group names templates by itself, in its mixed instances policy and in that policy's overrides.
    for value in raw if isinstance(raw, (list, tuple)) else (raw,):
        if isinstance(value, Mapping):
            if "Version" in value:
                yield value
            for key in ("LaunchTemplate", "LaunchTemplateSpecification", "MixedInstancesPolicy", "Overrides"):
                yield from _specifications(value.get(key))


def _named_by_number(seen: Seen) -> Iterator[Mapping[str, object]]:
    have = {
        (text_of(raw, field), str(raw.get("VersionNumber")))
        for raw in seen.raw("LaunchTemplateVersion")
        for field in ("LaunchTemplateId", "LaunchTemplateName")
    }
    wanted: dict[tuple[str, str], set[str]] = {}
    for named in (named for group in seen.raw("AutoScalingGroup") for named in _specifications(group)):
        field = "LaunchTemplateId" if "LaunchTemplateId" in named else "LaunchTemplateName"
        template, version = named.get(field), str(named.get("Version"))
        if isinstance(template, str) and version.isdigit() and (template, version) not in have:
            wanted.setdefault((field, template), set()).add(version)
    for (field, template), versions in sorted(wanted.items()):
        yield {field: template, "Versions": sorted(versions, key=int)}


KIND = Kind(
    type=LaunchTemplate,
    # Two record types, so that no call waits for its own type.
    spellings={
        ("aws-api", "LaunchTemplateVersion"): _from_api,
        ("aws-api", "NumberedLaunchTemplateVersion"): _from_api,
        ("terraform", "aws_launch_template"): _from_terraform,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_launch_template_versions",
            type="LaunchTemplateVersion",
            result="LaunchTemplateVersions",
            arguments={"Versions": ["$Latest", "$Default"]},
            page=("MaxResults", 200),
        ),
        ListCall(
            service="ec2",
            operation="describe_launch_template_versions",
            type="NumberedLaunchTemplateVersion",
            result="LaunchTemplateVersions",
            page=("MaxResults", 200),
            after=("AutoScalingGroup", "LaunchTemplateVersion"),
            each=_named_by_number,
        ),
    ),
)
