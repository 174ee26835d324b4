"""A mount target: the address of a file system in one subnet."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, standing
from checker.resources.reader import Reader
from checker.resources.terraform import common

# EFS writes both ids into the description of the network interface that it makes for a mount target.
_DESCRIPTION = re.compile(r"EFS mount target for (fs-[0-9a-f]+) \((fsmt-[0-9a-f]+)\)")
_GONE = ("deleting", "deleted", "error")


@dataclass(frozen=True, eq=False, kw_only=True)
class MountTarget(Resource):
    """A mount target; `groups` is `None` where only its network interface tells them.

    Source: https://docs.aws.amazon.com/efs/latest/ug/API_MountTargetDescription.html
    """

    kind = "mount_target"
    belongs = ("file_system",)

    file_system: Fact[str]
    subnet: Fact[str]
    interface: Fact[str | None]
    address: Fact[str]
    groups: Fact[tuple[str, ...] | None]


def _from_api(reader: Reader) -> Iterator[MountTarget]:
    if reader.plain("LifeCycleState") in _GONE:
        return
    yield MountTarget(
        id=reader.must("MountTargetId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("MountTargetId"),
        file_system=reader.text("FileSystemId"),
        subnet=reader.text("SubnetId"),
        interface=reader.maybe("NetworkInterfaceId"),
        address=reader.text("IpAddress" if reader.has("IpAddress") else "Ipv6Address"),
        groups=reader.texts("SecurityGroups") if reader.has("SecurityGroups") else Known(None),
    )


def _from_interface(reader: Reader) -> Iterator[MountTarget]:
    if not (found := _DESCRIPTION.search(reader.plain("Description"))):
        return
    yield MountTarget(
        id=found[2],
        scope=reader.scope,
        origin=reader.origin,
        name=found[2],
        file_system=Known(found[1]),
        subnet=reader.text("SubnetId"),
        interface=reader.text("NetworkInterfaceId"),
        address=_address(reader),
        groups=reader.texts("Groups", "GroupId"),
    )


def _from_terraform(reader: Reader) -> Iterator[MountTarget]:
    yield MountTarget(
        **common(reader),
        file_system=reader.id("file_system_id"),
        subnet=reader.id("subnet_id"),
        interface=reader.maybe_id("network_interface_id"),
        address=reader.text("ip_address"),
        groups=groups_worn(reader, "security_groups", reader).map(lambda groups: groups),
    )


def _address(reader: Reader) -> Fact[str]:
    if reader.has("PrivateIpAddress"):
        return reader.text("PrivateIpAddress")
    return reader.texts("Ipv6Addresses", "Ipv6Address").then(
        lambda found: Known(found[0]) if found else reader.unknown("PrivateIpAddress")
    )


def _hidden(seen: Seen) -> Iterator[Mapping[str, object]]:
    """Yield the arguments for each file system that has more mount targets than network interfaces show."""
    shown: dict[str, set[str]] = defaultdict(set)
    for interface in seen.raw("NetworkInterface"):
        if found := _DESCRIPTION.search(str(interface.get("Description", ""))):
            shown[found[1]].add(found[2])
    for system in seen.raw("FileSystem"):
        name, count = system.get("FileSystemId"), system.get("NumberOfMountTargets")
        if isinstance(name, str) and (not isinstance(count, int) or count > len(shown[name])):
            yield {"FileSystemId": name}


KIND = Kind(
    type=MountTarget,
    spellings={
        ("aws-api", "MountTarget"): _from_api,
        ("aws-api", "NetworkInterface"): _from_interface,
        ("terraform", "aws_efs_mount_target"): _from_terraform,
    },
    parts=standing("aws_efs_mount_target", subnets=("subnet_id",)),
    calls=(
        ListCall(
            service="efs",
            operation="describe_mount_targets",
            type="MountTarget",
            result="MountTargets",
            page=("MaxItems", 100),
            after=("FileSystem", "NetworkInterface"),
            each=_hidden,
            action="elasticfilesystem:DescribeMountTargets",
        ),
    ),
)
