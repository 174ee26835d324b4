"""An EFS file system."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common

_GONE = ("deleting", "deleted", "error")


@dataclass(frozen=True, eq=False, kw_only=True)
class FileSystem(Resource):
    """A file system; `zone` is set for One Zone storage only, `mount_targets` counts them.

    Source: https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html
    """

    kind = "file_system"

    encrypted: Fact[bool]
    zone: Fact[str | None]
    mount_targets: Fact[int]
    active: Fact[bool]


def _from_api(reader: Reader) -> Iterator[FileSystem]:
    yield FileSystem(
        id=reader.must("FileSystemId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("Name"),
        arn=reader.plain("FileSystemArn") or None,
        tags=reader.tags(),
        encrypted=reader.flag("Encrypted", default=False),
        zone=reader.maybe("AvailabilityZoneName"),
        mount_targets=reader.number("NumberOfMountTargets"),
        active=reader.text("LifeCycleState", default="available").map(lambda state: state not in _GONE),
    )


def _from_terraform(reader: Reader) -> Iterator[FileSystem]:
    # EFS shows the tag `Name` as the name.
    told = common(reader)
    told["name"] = told["name"] or reader.settled("creation_token")
    yield FileSystem(
        **told,
        encrypted=reader.flag("encrypted", default=False),
        zone=reader.maybe("availability_zone_name"),
        mount_targets=_mount_targets(reader),
        active=Known(True),
    )


def _mount_targets(reader: Reader) -> Fact[int]:
    # The number that a state holds is from when the file system was made, before its mount targets were.
    return reader.each("aws_efs_mount_target", Known).then(
        lambda found: reader.number("number_of_mount_targets", default=0).map(lambda told: max(told, len(found)))
    )


KIND = Kind(
    type=FileSystem,
    spellings={
        ("aws-api", "FileSystem"): _from_api,
        ("terraform", "aws_efs_file_system"): _from_terraform,
        ("terraform", "data.aws_efs_file_system"): _from_terraform,
    },
    parts=(Part("aws_efs_mount_target", of="aws_efs_file_system", by="file_system_id"),),
    calls=(
        ListCall(
            service="efs",
            operation="describe_file_systems",
            type="FileSystem",
            result="FileSystems",
            page=("MaxItems", 100),
            action="elasticfilesystem:DescribeFileSystems",
        ),
    ),
)
